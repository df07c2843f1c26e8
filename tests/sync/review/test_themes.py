"""Which criterion a note belongs to."""

from __future__ import annotations

from datetime import date

from sync.review.select import select
from sync.review.themes import belongs, touches
from templates.shapes import Criterion
from tests.sync.review.making import PACK, note

DELIVERY = Criterion("delivery", "Delivers", ("Keeps dates.",), ("deliver", "deadline"))
ODD = Criterion("odd", "Odd", (), ("zeppelin",))


def test_words_for_the_same_thing_point_to_a_criterion_that_means_it() -> None:
    """A company's own criterion is understood by two of its signals."""
    assert touches("Went live 3 days early", DELIVERY)
    assert touches("Rechtzeitig umgestellt", DELIVERY)
    assert not touches("Went live 3 days early", ODD)
    assert touches("Painted a zeppelin", ODD)


def test_a_note_belongs_where_it_points_most() -> None:
    """A faint hint elsewhere does not count."""
    found = belongs(["Delivered the portal before the deadline, a customer was there."], PACK.criteria)
    assert max(found, key=lambda key: found[key]) == "delivery"


def test_a_criterion_borrows_what_another_can_spare() -> None:
    """Better two criteria with examples than one with many and one blank."""
    quality = Criterion("quality", "Quality", ("Checks work.",), ("bug", "test"))
    both = [note(f"Delivered a test before the deadline {n}", date(2026, n, 3)) for n in range(1, 5)]
    chosen = select(both, (DELIVERY, quality), 2)
    assert [len(theme.entries) for theme in chosen.themes] == [2, 2]
    assert select(both[:3], (DELIVERY, quality), 2).gaps[0].heading == "Quality"
