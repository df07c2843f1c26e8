"""A folder of Office files as a workspace."""
