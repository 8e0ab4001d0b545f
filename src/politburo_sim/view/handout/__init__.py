"""A history to hand out: one file with all months of it, read without a server or a network."""
