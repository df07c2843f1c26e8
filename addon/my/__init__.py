"""What is about oneself: today, goals, what is known, notes, the own review."""
