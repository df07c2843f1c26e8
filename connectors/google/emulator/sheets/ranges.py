"""A1 notation and grid ranges."""

from __future__ import annotations

import re
from dataclasses import dataclass

from connectors.google.emulator.errors import GoogleError, Json, bad_request
from connectors.google.emulator.sheets.book import Book, Sheet

_CELL = re.compile(r"\$?([A-Za-z]{1,3})?\$?([0-9]+)?")
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True)
class Area:
    """A rectangle of one tab, from 0, the ends not included. An end of None reaches as far as the grid."""

    sheet: Sheet
    top: int = 0
    bottom: int | None = None
    left: int = 0
    right: int | None = None

    @property
    def rows(self) -> range:
        """Its rows inside the grid."""
        return range(self.top, min(self.sheet.rows, self.sheet.rows if self.bottom is None else self.bottom))

    @property
    def columns(self) -> range:
        """Its columns inside the grid."""
        return range(self.left, min(self.sheet.columns, self.sheet.columns if self.right is None else self.right))

    @property
    def single(self) -> bool:
        """Whether it is one cell."""
        return self.bottom == self.top + 1 and self.right == self.left + 1

    def a1(self) -> str:
        """As Sheets writes it, inside the grid: ``Sheet1!A1:Z1000``."""
        rows, columns = self.rows, self.columns
        return f"{quoted(self.sheet.title)}!{a1(rows.start, rows.stop, columns.start, columns.stop)}"

    def grid_range(self) -> Json:
        """As JSON."""
        found: Json = {"sheetId": self.sheet.id}
        ends = {
            "startRowIndex": self.top,
            "endRowIndex": self.bottom,
            "startColumnIndex": self.left,
            "endColumnIndex": self.right,
        }
        return found | {name: value for name, value in ends.items() if value is not None}


def letters(column: int) -> str:
    """The name of a column from 0."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_number(name: str) -> int:
    """The number of a column, from 0."""
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def a1(top: int, bottom: int, left: int, right: int) -> str:
    """``A1:B2``; one cell is ``A1``."""
    first, last = f"{letters(left)}{top + 1}", f"{letters(right - 1)}{bottom}"
    return first if first == last else f"{first}:{last}"


def quoted(title: str) -> str:
    """A tab's title as it stands before the exclamation mark."""
    if _PLAIN.fullmatch(title) and not re.fullmatch(r"[A-Za-z]{1,3}[0-9]+", title):
        return title
    return "'" + title.replace("'", "''") + "'"


def unparsable(text: str) -> GoogleError:
    """400 for a range that cannot be read."""
    return bad_request(f"Unable to parse range: {text}")


def read_a1(text: str, book: Book) -> Area:
    """The area that *text* means: with or without a tab, a tab alone, or a named range. Raises 400."""
    title, mark, cells = _split(text)
    if mark:
        sheet = book.titled(title)
        if sheet is None:
            raise unparsable(text)
        area = _cells(cells, sheet) or _named(cells, book)
        if area is None or area.sheet is not sheet:
            raise unparsable(text)
        return _inside(area, text)
    if not text.startswith("'"):
        area = _cells(text, book.sheets[0])
        if area is not None and area.left < 18278:
            return _inside(area, text)
        area = _named(text, book)
        if area is not None:
            return area
    sheet = book.titled(title)
    if sheet is None:
        raise unparsable(text)
    return Area(sheet)


def _named(name: str, book: Book) -> Area | None:
    """The named range called *name*; case does not matter."""
    for named in book.names.values():
        if named["name"].lower() == name.lower():
            return from_grid(named["range"], book)
    return None


def _split(text: str) -> tuple[str, bool, str]:
    """Tab, whether an exclamation mark follows, and the rest."""
    if text.startswith("'"):
        found = re.fullmatch(r"'((?:[^']|'')*)'(?:!(.*))?", text, re.DOTALL)
        if not found:
            return text, False, ""
        return found[1].replace("''", "'"), found[2] is not None, found[2] or ""
    title, mark, cells = text.rpartition("!")
    return (title, True, cells) if mark else (text, False, "")


def _cells(text: str, sheet: Sheet) -> Area | None:
    """``A1``, ``A1:B2``, ``A:B``, ``1:2``, ``A2:B`` on *sheet*; None if it is none of them."""
    first, colon, last = text.partition(":")
    one = _CELL.fullmatch(first)
    other = _CELL.fullmatch(last) if colon else one
    if not one or not other or not text or not (one[1] or one[2]) or not (other[1] or other[2]):
        return None
    if not colon and not (one[1] and one[2]):
        return None
    if (one[2] == "0") or (other[2] == "0"):
        return None
    rows = sorted(int(each) - 1 for each in (one[2], other[2]) if each)
    columns = sorted(column_number(each) for each in (one[1], other[1]) if each)
    return Area(
        sheet,
        rows[0] if rows else 0,
        rows[-1] + 1 if len(rows) == 2 or (rows and not colon) else None,
        columns[0] if columns else 0,
        columns[-1] + 1 if len(columns) == 2 or (columns and not colon) else None,
    )


def _inside(area: Area, text: str) -> Area:
    """*area* unless it begins outside the grid."""
    sheet = area.sheet
    if area.top >= sheet.rows or area.left >= sheet.columns:
        shown = a1(area.top, area.bottom or area.top + 1, area.left, area.right or area.left + 1)
        raise bad_request(
            f"Range ({quoted(sheet.title)}!{shown}) exceeds grid limits. Max rows: {sheet.rows}, max columns: {sheet.columns}"
        )
    return area


def from_grid(given: Json, book: Book) -> Area:
    """The area of a `GridRange`. Raises 400 for a tab that is not there."""
    ident = int(given.get("sheetId") or 0)
    sheet = book.sheet(ident)
    if sheet is None:
        raise bad_request(f"No grid with id: {ident}")

    def end(name: str) -> int | None:
        return None if given.get(name) is None else int(given[name])

    top, left = end("startRowIndex") or 0, end("startColumnIndex") or 0
    bottom, right = end("endRowIndex"), end("endColumnIndex")
    for low, high, what in ((top, bottom, "Row"), (left, right, "Column")):
        if high is not None and high <= low:
            raise bad_request(f"end{what}Index[{high}] must be after start{what}Index[{low}]")
    return Area(sheet, top, bottom, left, right)
