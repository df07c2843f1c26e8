"""References inside formulas, when formulas are copied and when rows and columns come and go."""

from __future__ import annotations

import re

from connectors.google.emulator.sheets.ranges import column_number, letters

_REFERENCE = re.compile(r"""("(?:[^"]|"")*")|((?:'(?:[^']|'')+'!|[A-Za-z_][\w.]*!)?)(\$?)([A-Za-z]{1,3})(\$?)(\d+)(?![\w(])""")


def moved(text: str, down: int, right: int) -> str:
    """A formula as it reads after it was copied *down* rows and *right* columns; ``$`` holds a reference."""

    def shift(found: re.Match[str]) -> str:
        if found[1]:
            return found[1]
        column = column_number(found[4]) + (0 if found[3] else right)
        row = int(found[6]) + (0 if found[5] else down)
        return _reference(found, row, column)

    return _REFERENCE.sub(shift, text)


def _reference(found: re.Match[str], row: int, column: int) -> str:
    return "#REF!" if row < 1 or column < 0 else f"{found[2]}{found[3]}{letters(column)}{found[5]}{row}"


def reflowed(text: str, here: bool, title: str, dimension: str, start: int, count: int) -> str:
    """A formula after *count* rows or columns were put in at *start*, or taken away if negative, on the tab *title*."""

    def shift(found: re.Match[str]) -> str:
        if found[1]:
            return found[1]
        tab = found[2][:-1].strip("'").replace("''", "'").lower()
        if tab != title.lower() if tab else not here:
            return found[0]
        row, column = int(found[6]) - 1, column_number(found[4])
        place = row if dimension == "ROWS" else column
        if count < 0 and start <= place < start - count:
            return "#REF!"
        by = count if place >= start else 0
        return _reference(found, row + 1 + (by if dimension == "ROWS" else 0), column + (by if dimension == "COLUMNS" else 0))

    return _REFERENCE.sub(shift, text)
