"""Who has access to the workspace who should not: looked at, kept, shown to HR."""
