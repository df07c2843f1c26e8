"""How much of the period and the criteria the evidence covers."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from sync.review.coverage import _at_least, cover, month_names
from tests.sync.review.making import CYCLE, NOTES, drafted, material, note


def covered(*notes):
    """What a draft of these notes covers."""
    whole = material(notes)
    return cover(drafted(whole), notes, whole.criteria, CYCLE.start, CYCLE.end)


def test_every_month_is_told_with_what_was_quoted() -> None:
    """Empty ones, too; a criterion says whether a rating would rest on enough."""
    found = covered(*NOTES)
    assert [one.name for one in found.months] == list(month_names(CYCLE.start, CYCLE.end))
    assert sum(one.noted for one in found.months) == len(NOTES)
    assert all(one.quoted <= one.noted for one in found.months)
    support = {one.criterion.key: (one.entries, one.enough) for one in found.criteria}
    assert support["learning"] == (2, False)
    assert found.remarks == ()


def test_empty_months_one_observer_and_late_entries_are_remarked() -> None:
    """Each in a sentence."""
    late = [note(f"Shipped part {day}.", date(2026, 6, day)) for day in range(1, 9)]
    said = " ".join(covered(*late).remarks)
    assert "Nothing was noted in 5 of 6 months" in said
    assert "8 of 8 entries are from the last third" in said
    assert "A single observer" in said


def test_few_entries_are_not_tested_for_recency() -> None:
    """Five of five late ones may be chance."""
    late = [note(f"Shipped part {day}.", date(2026, 6, day)) for day in range(1, 6)]
    assert "last third" not in " ".join(covered(*late).remarks)


@given(st.integers(1, 60))
def test_the_binomial_tail_is_a_probability(of: int) -> None:
    """It falls from 1 with each hit."""
    tail = [_at_least(hits, of) for hits in range(of + 1)]
    assert abs(tail[0] - 1) < 1e-9
    assert tail == sorted(tail, reverse=True)
