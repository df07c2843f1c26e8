"""Chance that is the same every time: each decision has its own dice, so that a new one changes no other."""

from __future__ import annotations

from random import Random


def dice(*what: object) -> Random:
    """The dice for one decision, named by *what*; the process-wide ones are never touched."""
    return Random("/".join(map(str, what)))  # noqa: S311 - a story, not a secret
