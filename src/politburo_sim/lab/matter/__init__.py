"""Did it matter? Worlds with the same luck and one difference."""
