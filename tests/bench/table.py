"""Measured rows beside their floors, and the stopwatch they come from."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from rich.console import Console
from rich.markup import escape
from rich.table import Table

T = TypeVar("T")


@dataclass(frozen=True)
class Time:
    """Seconds on the wall and seconds of work of this process; the difference is waiting, or others on the same cores."""

    wall: float
    cpu: float

    def __str__(self) -> str:
        return f"{_seconds(self.wall)} ({_seconds(self.cpu)} CPU)"


@dataclass(frozen=True)
class Row:
    """One figure. *most* is its floor in the same unit, None where there is none; *note* stands behind the figure."""

    name: str
    measured: str
    figure: float
    unit: str
    most: float | None = None
    note: str = ""

    @property
    def is_over(self) -> bool:
        """Whether the floor is missed."""
        return self.most is not None and self.figure > self.most


def timed(work: Callable[[], T]) -> tuple[T, Time]:
    """What *work* returns, and how long it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, Time(time.perf_counter() - wall, time.process_time() - cpu)


def best(times: Iterable[Time]) -> Time:
    """The quickest: what others did on the same cores only ever adds."""
    return min(times, key=lambda one: one.wall)


def show(rows: Iterable[Row]) -> None:
    """Print *rows* as one table, as wide as it needs to be."""
    table = Table("name", "what was measured", "figure", "floor", "", show_edge=False, pad_edge=False)
    for row in rows:
        floor = "" if row.most is None else f"≤ {_amount(row.most, row.unit)}"
        verdict = "" if row.most is None else "[red]over[/]" if row.is_over else "[green]ok[/]"
        figure = _amount(row.figure, row.unit) + (f"\n{row.note}" if row.note else "")
        table.add_row(row.name, escape(row.measured), escape(figure), floor, verdict)
    console = Console(highlight=False)
    Console(highlight=False, width=console.width if console.is_terminal else 180).print(table)


def _amount(value: float, unit: str) -> str:
    if unit == "s":
        return _seconds(value)
    return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"


def _seconds(value: float) -> str:
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2f} s"
