"""A scenario file becomes a world."""
