"""What the record says about the rules: the record as a file, and the votes by themselves."""
