"""Drive v3."""
