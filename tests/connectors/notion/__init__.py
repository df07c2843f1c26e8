"""Notion, from the wire up."""
