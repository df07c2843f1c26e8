"""Cells of a goal sheet as values: numbers, shares, yes and no, days. What cannot be read stays text, never zero."""

from __future__ import annotations

import re
from datetime import date

from connectors.workspace import Cell
from sync.pull.wording import leading_day

YES = frozenset({"x", "✓", "✔", "☑", "✅", "yes", "y", "true", "wahr", "ja", "done", "erledigt", "oui", "si", "sí", "1", "ok"})
NO = frozenset({"no", "n", "false", "falsch", "nein", "non", "0", "☐", "✗", "✘", "not yet", "noch nicht"})
BLANK = Cell("")
_NUMBER = re.compile(r"([+-]?)(\d{1,3}(?:[ \u00a0\u202f'’]\d{3})+|\d+)(?:([.,])(\d+))?\s*(%?)")


def ticked(cell: Cell) -> bool:
    """Whether a "done" cell says that it is done."""
    return cell.text.strip().casefold() in YES


def amount_of(cell: Cell, *, yes_no: bool = False) -> float | None:
    """The number in *cell*, None when there is none or it can be read in two ways (``1,234``)."""
    if cell.number is not None:
        return cell.number
    text = cell.text.strip()
    if yes_no and text.casefold() in YES | NO:
        return 1.0 if text.casefold() in YES else 0.0
    found = _NUMBER.fullmatch(text)
    if found is None or (found[3] and len(found[4]) == 3):
        return None
    digits = re.sub(r"\D", "", found[2])
    return float(f"{found[1]}{digits}.{found[4] or 0}")


def share_of(cell: Cell) -> float | None:
    """The share in *cell*: 0.25 for ``25 %``, for 0.25 and for a plain 25."""
    amount = amount_of(cell)
    if amount is None:
        return None
    return amount / 100 if cell.percent or "%" in cell.text or amount > 1 else amount


def day_in(cell: Cell) -> date | None:
    """The day in *cell*, None when there is none."""
    return cell.day or leading_day(cell.text)


def as_text(cell: Cell) -> str:
    """What a person sees; a day in one way of writing, so that its format alone is no change."""
    return cell.day.isoformat() if cell.day else cell.text.strip()
