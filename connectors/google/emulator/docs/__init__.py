"""Docs v1."""
