"""What a cell holds after something was entered into it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from connectors.google.emulator.errors import Json, bad_request
from connectors.google.emulator.sheets.book import Cell, Entered, number_of
from connectors.google.emulator.sheets.values import typed


def entered(value: Any, option: str, cell: Cell, locale: str) -> Cell | None:
    """*cell* with *value* in it; None if null leaves it as it is."""
    if value is None:
        return None
    form: Json | None = None
    found: Entered
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        if not isinstance(value, bool):
            raise bad_request(f"Invalid values: {type(value).__name__} is no value of a cell")
        found = value
    elif isinstance(value, str):
        found, form = typed(value, locale) if option == "USER_ENTERED" else (value, None)
        found = None if found == "" else found
    else:
        found = number_of(value)
    kept = (cell.format or {}).get("numberFormat") or {}
    if form is not None and kept.get("type") != form["type"]:
        return replace(cell, value=found, format={**(cell.format or {}), "numberFormat": form})
    return replace(cell, value=found)
