"""Reports: figures and one self-contained page for each result."""
