"""Notion's paths, a module for each kind of object."""
