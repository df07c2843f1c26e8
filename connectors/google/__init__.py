"""Google Workspace: Drive, Sheets and Docs as a place to work."""
