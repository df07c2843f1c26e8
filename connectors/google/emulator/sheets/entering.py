"""What a cell holds after something was entered into it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from connectors.google.emulator.errors import Json
from connectors.google.emulator.sheets.book import Cell, Entered, number_of
from connectors.google.emulator.sheets.values import typed


class NoValue(ValueError):
    """An object or a list where a cell needs one value; the text is how Google shows it."""


def entered(value: Any, option: str, cell: Cell, locale: str) -> Cell | None:
    """*cell* with *value* in it; None if null leaves it as it is. Raises `NoValue`."""
    if value is None:
        return None
    form: Json | None = None
    found: Entered
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        if not isinstance(value, bool):
            raise NoValue(_proto(value))
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


def _proto(value: Any, depth: int = 0) -> str:
    """A JSON value in the text form of protocol buffers, as it stands in Google's refusals."""
    pad = "  " * depth
    if isinstance(value, dict):
        lines = [f"{pad}struct_value {{\n"]
        for name, each in value.items():
            lines.append(f"{pad}  fields {{\n{pad}    key: {json.dumps(name)}\n")
            lines.append(f"{pad}    value {{\n{_proto(each, depth + 3)}{pad}    }}\n{pad}  }}\n")
        return "".join(lines) + f"{pad}}}\n"
    if isinstance(value, list):
        inner = "".join(f"{pad}  values {{\n{_proto(each, depth + 2)}{pad}  }}\n" for each in value)
        return f"{pad}list_value {{\n{inner}{pad}}}\n"
    if isinstance(value, bool):
        return f"{pad}bool_value: {json.dumps(value)}\n"
    if value is None:
        return f"{pad}null_value: NULL_VALUE\n"
    return f"{pad}string_value: {json.dumps(value)}\n" if isinstance(value, str) else f"{pad}number_value: {float(value)}\n"
