"""Other ruling bodies: their records, and the course of any body in one form."""
