"""What an upload is before it becomes a document: paragraphs and tables, whatever kind of file they came in."""

from __future__ import annotations

from dataclasses import dataclass, field

from connectors.google.emulator.errors import Json

BULLETS, NUMBERS, CHECKS = "BULLET_DISC_CIRCLE_SQUARE", "NUMBERED_DECIMAL_ALPHA_ROMAN", "BULLET_CHECKBOX"


@dataclass
class Para:
    """A paragraph to be: text with its style, piece by piece. *preset* makes it an item of the list numbered *list*."""

    style: str = "NORMAL_TEXT"
    runs: list[tuple[str, Json]] = field(default_factory=list)
    preset: str = ""
    level: int = 0
    list: int = 0


@dataclass
class Grid:
    """A table to be: rows of cells of paragraphs."""

    rows: list[list[list[Para]]]


Block = Para | Grid
