"""Cells of a goal sheet as values: numbers, shares, yes and no, days. What cannot be read stays text, never zero.

Per cent. A figure is *marked* when its cell is formatted as per cent or its text says so; a marked figure is what people
see, 72 for 72 %. In a row whose unit is per cent, or that names no unit and has a marked figure, the others are read so:

* Above 1 in size they are whole per cents: 72 is 72 %.
* Between 0 and 1 they are shares, 0.72 for 72 %, when the row counts in whole per cents: its target is above 1, or
  without a target its start, or without both its last value; and a hundred times as much fits the row, being at most twice
  its largest other figure. So 0.8 beside 5 and 2 stays 0.8 %. Whoever is read so is told (`shares`).
* All else stays as it was typed, and where a hundred times as much would fit, or the target itself is at most 1, that is
  told, too (`doubtful`). Typing the sign, 72 % or 0.72 %, ends every doubt.

In a row with another unit, such as EUR, a marked figure beside unmarked ones is none of that unit: it stays text. When all
figures of such a row are marked, they count as they are seen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from connectors.office import xlsx_typed
from connectors.workspace import Cell
from sync.pull.wording import leading_day

YES = frozenset({"x", "✓", "✔", "☑", "✅", "yes", "y", "true", "wahr", "ja", "done", "erledigt", "oui", "si", "sí", "1", "ok"})
NO = frozenset({"no", "n", "false", "falsch", "nein", "non", "0", "☐", "✗", "✘", "not yet", "noch nicht"})
BLANK = Cell("")
FIGURES = ("start", "target", "now")
_PERCENT_UNITS = frozenset(
    {
        "percent", "per cent", "percentage", "pct", "prozent", "pour cent", "pourcent", "pourcentage", "por ciento",
        "porcentaje", "por cento", "porcentagem", "per cento", "percento", "percentuale", "procent", "procenten", "prosent",
        "パーセント", "百分比",
    }
)  # fmt: skip
_PERCENT_SIGNS = frozenset("%٪％")
_FITS = 2
"""How many times the largest other figure of its row a share may be when it is read as whole per cents."""

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


def is_percent(unit: str) -> bool:
    """Whether a row of that *unit* counts per cent: ``%``, ``% of calls``, ``Prozent``."""
    return unit.strip().casefold() in _PERCENT_UNITS or not _PERCENT_SIGNS.isdisjoint(unit)


@dataclass(frozen=True)
class Figures:
    """Start, target and now of a row in its unit; None for what is missing or not in that unit.

    *shares* are the columns in which 0.72 is read as 72 %; *doubtful* those in which it may have been meant so.
    """

    values: Mapping[str, float | None]
    shares: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()


def figures_of(cells: Mapping[str, Cell], unit: str, *, yes_no: bool, last: float | None = None) -> Figures:
    """The figures of a row; *last* is the value of `now` that was read before, None when there is none."""
    marked = {name for name in FIGURES if name in cells and is_marked(cells[name])}
    plain = {name for name in FIGURES if name in cells and cells[name].text.strip()} - marked
    foreign = marked if plain and unit and not yes_no and not is_percent(unit) else set()
    values = {name: None if name in foreign or name not in cells else amount_of(cells[name], yes_no=yes_no) for name in FIGURES}
    return _in_percents(values, marked, last) if is_percent(unit) or (marked and not unit) else Figures(values)


def _in_percents(values: Mapping[str, float | None], marked: set[str], last: float | None) -> Figures:
    """The figures of a row that counts per cent. See the top of this module for the rule."""
    measure = next((abs(one) for one in (values["target"], values["start"], last) if one is not None), 0.0)
    small = {name: one for name, one in values.items() if name not in marked and one is not None and 0 < abs(one) <= 1}
    fitting = [name for name, one in small.items() if _fits(100 * abs(one), _others(values, name, last))]
    shares = tuple(name for name in fitting if measure > 1 and abs(small[name]) < 1)
    doubtful = tuple(name for name in fitting if name not in shares)
    if "target" in small and all(abs(one) <= 1 for one in values.values() if one is not None):
        doubtful = ("target",)
    read = {name: round(100 * small[name], 10) for name in shares}
    return Figures({**values, **read}, shares, doubtful)


def _others(values: Mapping[str, float | None], name: str, last: float | None) -> list[float]:
    return [abs(one) for other, one in (*values.items(), ("last", last)) if other != name and one is not None]


def _fits(figure: float, others: list[float]) -> bool:
    return max(others, default=0) > 1 and figure <= _FITS * max(others)


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
