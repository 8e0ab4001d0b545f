"""Other ruling bodies: courses, forecasts that are frozen before they are scored, signs."""
