"""Floor 2: one Workspace contract, and the places a company already works in behind it."""
