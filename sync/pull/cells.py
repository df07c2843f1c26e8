"""Cells of a goal sheet as values: numbers, shares, yes and no, days. What cannot be read stays text, never zero.

Per cent. A figure is *marked* when its cell is formatted as per cent or its text says so; a marked figure is what people
see, 72 for 72 %. In a row whose unit is per cent, one that is not marked is taken as it stands: 72 is 72 %, and 0.72 is
0.72 %. Where that is doubtful, because a hundred times as much would fit the row's other figures, it is still taken as it
stands, and said (`doubtful`). In a row with another unit, such as EUR, a marked figure beside unmarked ones is none of
that unit: it stays text. When all figures of a row are marked, or the row names no unit, they count as they are seen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from connectors.office import xlsx_typed
from connectors.workspace import Cell
from sync.pull.wording import leading_day

YES = frozenset({"x", "✓", "✔", "☑", "✅", "yes", "y", "true", "wahr", "ja", "done", "erledigt", "oui", "si", "sí", "1", "ok"})
NO = frozenset({"no", "n", "false", "falsch", "nein", "non", "0", "☐", "✗", "✘", "not yet", "noch nicht"})
BLANK = Cell("")
FIGURES = ("start", "target", "now")
PERCENT_UNITS = frozenset({"%", "percent", "per cent", "prozent", "pct", "pour cent", "por ciento", "por cento", "procent"})

_TWO_NUMBERS = re.compile(r"[^\d]*\d{1,3}[.,]\d{3}[^\d]*")


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
    found = xlsx_typed.number_in(text)
    return found[0] if found else None


def is_marked(cell: Cell) -> bool:
    """Whether the cell itself says that its number is a percentage."""
    found = None if cell.percent else xlsx_typed.number_in(cell.text.strip())
    return cell.percent or (found is not None and found[1])


def figures_of(cells: Mapping[str, Cell], unit: str, *, yes_no: bool) -> Mapping[str, float | None]:
    """Start, target and now of a row in its *unit*; None for what is missing or not in that unit."""
    marked = {name for name in FIGURES if name in cells and is_marked(cells[name])}
    plain = {name for name in FIGURES if name in cells and cells[name].text.strip()} - marked
    foreign = marked if plain and unit and not yes_no and unit.casefold() not in PERCENT_UNITS else set()
    return {name: None if name in foreign or name not in cells else amount_of(cells[name], yes_no=yes_no) for name in FIGURES}


def doubtful(cells: Mapping[str, Cell], figures: Mapping[str, float | None], unit: str) -> tuple[str, ...]:
    """The columns whose unmarked figure, such as 0.72 beside a target of 80 %, may be a share: a hundred times as much."""
    marked = {name for name in FIGURES if name in cells and is_marked(cells[name])}
    if not marked and unit.casefold() not in PERCENT_UNITS:
        return ()
    found = []
    for name, figure in figures.items():
        others = [abs(other) for one, other in figures.items() if one != name and other is not None]
        if figure is not None and name not in marked and 0 < figure <= 1 < max(others, default=0):
            fits = figure * 100 <= 1.5 * max(others)
            found += [name] if fits else []
    return tuple(found)


def why_no_number(cell: Cell, unit: str) -> str:
    """Why the text of *cell* counts as no number, for people."""
    if cell.formula and cell.text.startswith("="):
        return f"{_short(cell)} is a formula that was saved without its value"
    if is_marked(cell):
        return f"{_short(cell)} is not in {unit!r} as the other figures of the row are"
    if _TWO_NUMBERS.fullmatch(cell.text.strip()):
        return f"{_short(cell)} may be a thousand and more or a little, so it cannot be read as a number"
    return f"{_short(cell)} cannot be read as a number"


def why_no_day(cell: Cell, _unit: str = "") -> str:
    """Why the text of *cell* counts as no day, for people."""
    readings = " or ".join(day.isoformat() for day in xlsx_typed.days_in(cell.text))
    return f"{_short(cell)} cannot be read as a date" + (
        f", for it may be {readings}; write the year first" if readings else ""
    )


def _short(cell: Cell) -> str:
    text = cell.text.strip()
    return repr(text if len(text) <= 60 else text[:59] + "…")


def share_of(cell: Cell) -> float | None:
    """The share in *cell*: 0.25 for ``25 %``, for 0.25 and for a plain 25."""
    amount = amount_of(cell)
    if amount is None:
        return None
    return amount / 100 if is_marked(cell) or amount > 1 else amount


def day_in(cell: Cell) -> date | None:
    """The day in *cell*, None when there is none."""
    return cell.day or xlsx_typed.day_in(cell.text) or leading_day(cell.text)


def as_text(cell: Cell) -> str:
    """What a person sees; a day in one way of writing, so that its format alone is no change."""
    return cell.day.isoformat() if cell.day else cell.text.strip()
