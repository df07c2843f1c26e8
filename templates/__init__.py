"""Floor 1: what a company provisions. Shapes, packs and the loader that validates them."""
