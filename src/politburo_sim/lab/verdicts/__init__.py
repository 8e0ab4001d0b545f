"""From effects to verdicts: can the rules say yes and no, and what do they say."""
