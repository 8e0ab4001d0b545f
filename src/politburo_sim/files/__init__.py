"""Text in, what is wrong with it out."""
