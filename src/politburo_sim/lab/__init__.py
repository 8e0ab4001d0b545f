"""The laboratory: many runs, and what is made of them."""
