"""What lies ahead of one month of one history: odds, forks, turning points."""
