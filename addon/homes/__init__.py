"""What a home page in the workspace says: the next check-in, how much is open, where everything is."""
