"""Which notes are quoted."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sync.review.select import month_of, sample, select, told_once, touches
from templates.shapes import Criterion
from tests.sync.review.making import note

DELIVERY = Criterion("delivery", "Delivers", ("Keeps dates.",), ("deliver", "on time", "1:1", "größe"))
QUALITY = Criterion("quality", "Quality", ("Checks work.",), ("bug", "test"))

days = st.dates(date(2026, 1, 1), date(2026, 6, 30))
notes = st.lists(
    st.builds(
        lambda number, day, by: note(f"delivered {number}", day, by),
        st.integers(0, 10_000),
        days,
        st.sampled_from(["ada", "ben", "dana"]),
    ),
    max_size=40,
    unique_by=lambda one: one.text,
)


@given(notes, st.integers(1, 12))
def test_each_month_gives_equally_many_while_it_has_any(found, limit) -> None:
    """Quotas differ by one at most, unless a month has no more to give (rule E4)."""
    picked = sample(found, limit, Counter())
    given_by, held = Counter(map(month_of, picked)), Counter(map(month_of, found))
    assert len(picked) == min(limit, len(found))
    for month, count in held.items():
        most = max(given_by.values(), default=0)
        assert given_by[month] >= most - 1 or given_by[month] == count


@given(notes, st.randoms())
def test_the_choice_does_not_depend_on_the_order_of_the_notes(found, random) -> None:
    """The same notes give the same draft."""
    shuffled = list(found)
    random.shuffle(shuffled)
    assert select(shuffled, (DELIVERY, QUALITY), 2) == select(found, (DELIVERY, QUALITY), 2)


def test_recent_weeks_do_not_drown_the_rest() -> None:
    """Twenty notes of June leave room for the single ones of January and March."""
    june = [note(f"delivered {n}", date(2026, 6, 1) + timedelta(days=n)) for n in range(20)]
    early = [note("delivered the plan", date(2026, 1, 8)), note("delivered the report", date(2026, 3, 8))]
    (theme,) = select([*june, *early], (DELIVERY,), 2).themes
    assert [month_of(one) for one in theme.entries] == ["2026-01", "2026-03", "2026-06"]
    assert theme.entries[-1] == june[-1], "inside a month the newest comes first"


def test_inside_a_month_another_author_comes_before_a_newer_note() -> None:
    """Several observers are worth more than several remarks by one (rule E5)."""
    found = [
        note("delivered a", date(2026, 5, 3), "dana"),
        note("delivered b", date(2026, 5, 20), "ben"),
        note("delivered c", date(2026, 5, 28), "ben"),
    ]
    assert {one.by for one in sample(found, 2, Counter())} == {"ben", "dana"}


def test_signals_are_beginnings_of_words_in_any_case() -> None:
    """A signal inside a word does not count; several words, figures and other alphabets do."""
    assert touches("DELIVERED it", DELIVERY)
    assert touches("Was on  time again", DELIVERY)
    assert touches("In our 1:1 we agreed", DELIVERY)
    assert touches("Die GRÖSSE stimmt", DELIVERY)
    assert not touches("Undelivered mail, latest news", DELIVERY)
    assert not touches("anything", Criterion("k", "t", ()))


def test_a_criterion_with_too_little_stays_blank_with_the_reason() -> None:
    """The gap says how much there is, how much is needed and what would fill it."""
    (gap,) = select([note("Fixed a bug", date(2026, 2, 2))], (QUALITY,), 2).gaps
    assert (
        gap.reason == "Left blank: 1 note touches it, and 2 are needed. What would fill it: a dated example of “Checks work.”"
    )


def test_no_note_is_chosen_for_two_criteria() -> None:
    """The criterion with less to choose from goes first."""
    both = [note(f"delivered a test {n}", date(2026, n, 2)) for n in (1, 2)]
    delivery = [note(f"delivered {n}", date(2026, n, 9)) for n in (1, 2, 3)]
    chosen = select([*both, *delivery], (DELIVERY, QUALITY), 2)
    ids = [entry.id for theme in chosen.themes for entry in theme.entries]
    assert len(ids) == len(set(ids)) == 5
    assert [theme.criterion.key for theme in chosen.themes] == ["delivery", "quality"]


def test_a_sentence_copied_along_is_told_once() -> None:
    """The same words in two check-ins are one sentence, of the first day."""
    first, again = note("Delivered  it", date(2026, 1, 2)), note("delivered it", date(2026, 3, 2))
    assert told_once([again, first]) == (first,)
