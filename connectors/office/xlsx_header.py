"""Which row of a sheet is the header of its table, and which columns it had when it is gone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from connectors.office.package import custom_values
from connectors.office.xlsx_book import Book, Grid, RawCell
from connectors.office.xlsx_master import OWN_TEXT, digest
from templates.shapes import Column, ColumnType, TableShape

_KEY = re.compile(r"(?=.*[0-9])[A-Za-z0-9_-]{1,40}")
_FIGURES = (ColumnType.AMOUNT, ColumnType.PERCENT, ColumnType.DATE)


def find_header(book: Book, grid: Grid, shape: TableShape | None, claims: Mapping[str, tuple[int, int]]) -> tuple[int, int]:
    """The row of the header, 0 when it was deleted, and the first row of the table.

    *claims* are the cells that defined names say are the header's. Titles decide before them, for names stay where they
    were when a sort takes the header for a row, and some programs leave them there when its row is deleted.
    """
    claimed = Counter(row for row, _ in claims.values()).most_common(1)[0][0] if claims else 0
    if shape is None:
        row = claimed or _first_wide_row(grid)
        return row, row
    looks = _Looks(shape, {key: column for key, (_, column) in claims.items()} or _in_order(grid, shape))
    if claimed and looks.is_header(grid.get(claimed, {})):
        return claimed, claimed
    own = OwnText.of(book, shape)
    matches, best = best_row(grid, shape)
    if matches >= 2 and (matches > 2 or not looks.is_goal(grid[best])):
        between = [raw.text for row, cells in grid.items() if claimed <= row < best for raw in cells.values()]
        sorted_in = claimed in grid and best > claimed and not any(text in own for text in between)
        return best, claimed if claimed and sorted_in else best
    if claimed and not looks.is_goal(grid.get(claimed, {})) and not _is_own(grid.get(claimed, {}), own):
        return claimed, claimed
    return _by_looks(grid, looks, own)


def _by_looks(grid: Grid, looks: _Looks, own: OwnText) -> tuple[int, int]:
    """Without names and titles: the table begins with the rows that touch its first goal; the topmost may be a header."""
    top = goal = next((row for row, cells in sorted(grid.items()) if looks.is_goal(cells)), max(grid, default=0) + 1)
    while top - 1 in grid and not _is_own(grid[top - 1], own):
        top -= 1
    return (top, top) if top < goal and looks.is_wide(grid[top]) else (0, top)


def _first_wide_row(grid: Grid) -> int:
    return next((number for number, cells in sorted(grid.items()) if len(cells) > 1), min(grid, default=1))


def _is_own(cells: Mapping[int, RawCell], own: OwnText) -> bool:
    return any(raw.text in own for raw in cells.values())


@dataclass(frozen=True)
class _Looks:
    """How rows of a sheet look, its *columns* standing where they are thought to be."""

    shape: TableShape
    columns: Mapping[str, int]

    def is_header(self, cells: Mapping[int, RawCell]) -> bool:
        """Whether a title of the table stands in it; a single one may be a word of a goal."""
        matches = _matches(cells, column_titles(self.shape))
        return matches > 2 or (matches > 0 and not self.is_goal(cells))

    def is_wide(self, cells: Mapping[int, RawCell]) -> bool:
        """Whether at least half of the columns hold something, as only a header of other titles does."""
        return not self.is_goal(cells) and 2 * len(cells) >= len(self.shape.columns) and len(cells) > 1

    def is_goal(self, cells: Mapping[int, RawCell]) -> bool:
        """Whether it is a row below the header, whatever stands there: a formula, a figure, a choice, a key tell."""
        return any(
            _is_value(cells[self.columns[column.key]], column)
            for column in self.shape.columns
            if self.columns.get(column.key) in cells
        )


def _is_value(raw: RawCell, column: Column) -> bool:
    text = raw.text.strip()
    if column.type is ColumnType.PROGRESS:
        return raw.formula
    if column.type in _FIGURES:
        return raw.number is not None or raw.formula
    if column.type is ColumnType.KEY:
        return bool(_KEY.fullmatch(text))
    return column.type is ColumnType.CHOICE and text in column.choices


# ---------------------------------------------------------------- titles


def plain_title(text: str) -> str:
    """A title as titles are compared."""
    return " ".join(text.split()).casefold()


def column_titles(shape: TableShape | None) -> dict[str, str]:
    """Column keys by title; a title of today beats a former one."""
    columns = shape.columns if shape else ()
    former = {plain_title(title): column.key for column in columns for title in column.former_titles}
    return former | {plain_title(column.title): column.key for column in columns}


def best_row(grid: Grid, shape: TableShape | None) -> tuple[int, int]:
    """How many titles of *shape* stand in the row that has most of them, and which row that is; one match is chance."""
    titles = column_titles(shape)
    wanted = min(2, len(shape.columns)) if shape else 1
    counts = [(_matches(cells, titles), -row) for row, cells in grid.items()]
    count, row = max(counts, default=(0, 0))
    return (count, -row) if count >= wanted else (0, 0)


def _matches(cells: Mapping[int, RawCell], titles: Mapping[str, str]) -> int:
    return sum(plain_title(cell.text) in titles for cell in cells.values() if len(cell.text) < 200)


# ---------------------------------------------------------------- columns without a header


def without_header(grid: Grid, shape: TableShape, claims: Mapping[str, int], top: int) -> dict[int, str]:
    """Which column holds which key: as the names say, or the guidance that stood above the header; the rest in order."""
    known = {column: key for key, column in claims.items()} or dict(_by_guidance(grid, shape, top))
    return known | _between(known, shape)


def _in_order(grid: Grid, shape: TableShape) -> dict[str, int]:
    """Where the columns are when nothing but the guidance and their order tells."""
    known = dict(_by_guidance(grid, shape, max(grid, default=0) + 1))
    return {key: column for column, key in (known | _between(known, shape)).items()}


def _by_guidance(grid: Grid, shape: TableShape, top: int) -> Iterator[tuple[int, str]]:
    helps = Counter(column.help for column in shape.columns)
    keys = {column.help: column.key for column in shape.columns if column.help and helps[column.help] == 1}
    rows = [{at: keys[raw.text] for at, raw in cells.items() if raw.text in keys} for row, cells in grid.items() if row < top]
    found = max(rows, key=len, default={})
    taken: set[str] = set()
    for column, key in sorted(found.items()):
        if key not in taken:
            taken.add(key)
            yield column, key


def _between(known: Mapping[int, str], shape: TableShape) -> dict[int, str]:
    """The other columns in the template's order, where between two known ones is room for exactly those missing there."""
    position = {key: column for column, key in known.items()}
    guessed: dict[int, str] = {}
    run: list[str] = []
    left = 0
    for key in (*(column.key for column in shape.columns), None):
        if key is not None and key not in position:
            run.append(key)
            continue
        right = left + len(run) + 1 if key is None else position[key]
        if right - left - 1 == len(run):
            guessed |= dict(zip(range(left + 1, right), run, strict=True))
        run, left = [], right
    return guessed


# ---------------------------------------------------------------- what this program wrote itself


@dataclass(frozen=True)
class OwnText:
    """What this program itself wrote above the table."""

    digests: frozenset[str]
    texts: frozenset[str]

    @staticmethod
    def of(book: Book, shape: TableShape | None) -> OwnText:
        """As the file's properties and the *shape* tell it."""
        digests = " ".join(value for name, value in custom_values(book.package).items() if name.startswith(OWN_TEXT))
        texts = {shape.intro, *(column.help for column in shape.columns)} - {""} if shape else set()
        return OwnText(frozenset(digests.split()), frozenset(texts))

    def __contains__(self, text: str) -> bool:
        return text in self.texts or digest(text) in self.digests
