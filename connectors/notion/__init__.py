"""Notion as a place to work."""
