"""Floor 4: what people and platforms talk to. Pages and the command line."""
