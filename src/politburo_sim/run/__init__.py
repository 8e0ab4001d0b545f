"""I live it: the Mesa model, its members, and the compiled engine."""
