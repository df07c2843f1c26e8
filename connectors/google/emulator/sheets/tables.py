"""Where `values.append` finds a table: https://developers.google.com/workspace/sheets/api/guides/values#append_values."""

from __future__ import annotations

from connectors.google.emulator.sheets.ranges import Area


def last_table(area: Area) -> Area | None:
    """The last group of neighbouring filled cells that reaches into *area*; None if there is none."""
    filled = {(row, column) for row, column, _ in area.sheet.filled()}
    rows, columns = area.rows, area.columns
    found: list[tuple[int, int, int, int]] = []
    while filled:
        group = _group(filled, next(iter(filled)))
        if any(row in rows and column in columns for row, column in group):
            found.append(_box(group))
    if not found:
        return None
    top, bottom, left, right = max(found, key=lambda box: (box[1], box[3]))
    return Area(area.sheet, top, bottom, left, right)


def _group(filled: set[tuple[int, int]], start: tuple[int, int]) -> set[tuple[int, int]]:
    """Take out of *filled* what hangs together with *start*, corners included."""
    filled.discard(start)
    group, pending = {start}, [start]
    while pending:
        row, column = pending.pop()
        for down in (-1, 0, 1):
            for right in (-1, 0, 1):
                place = (row + down, column + right)
                if place in filled:
                    filled.discard(place)
                    group.add(place)
                    pending.append(place)
    return group


def _box(group: set[tuple[int, int]]) -> tuple[int, int, int, int]:
    rows, columns = [row for row, _ in group], [column for _, column in group]
    return min(rows), max(rows) + 1, min(columns), max(columns) + 1
