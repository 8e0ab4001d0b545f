"""I tell it: what a run leaves behind, and its chronicle."""
