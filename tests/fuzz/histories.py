"""Draws histories of edits from a fixed seed, lives through them, and shrinks one that fails to what matters."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, note, seed, settings
from hypothesis import strategies as st

from tests.fuzz.house import Builder, House

Edit = TypeVar("Edit")
Days = list[list[Edit]]
"""What is done before each sync."""


def fuzz(
    builder: Builder, edits: st.SearchStrategy[Edit], live_through: Callable[[House, Days[Edit]], None], number: int, count: int
) -> int:
    """Live through *count* histories drawn from the seed *number*, each in a house of its own; returns the edits made.

    A failure names the seed and the smallest history that fails.
    """
    made: list[int] = []

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    @given(st.lists(st.lists(edits, min_size=1, max_size=6), min_size=1, max_size=2))
    def histories(days: Days[Edit]) -> None:
        note(f"seed {number}")
        made.append(sum(map(len, days)))
        with builder.house() as house:
            live_through(house, days)

    histories()
    return sum(made)
