"""The rule book: one mechanism a file, written once, used by both drivers."""
