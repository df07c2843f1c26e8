"""Platforms on this machine, to rehearse a rollout before a real workspace sees it."""
