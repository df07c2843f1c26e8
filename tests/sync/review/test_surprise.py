"""What would be news to the reader of a review, and what was never raised."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from sync.access import Directory, Viewer
from sync.decisions import Decision, DecisionKind
from sync.records import Entry, EntryKind, Visibility
from sync.review.surprise import Claim, Knowledge, Standing, judge, unraised
from tests.sync.review.making import NOW, PEOPLE, TODAY, note, private

READER = Viewer("ada", Directory(PEOPLE))


def decision(kind: DecisionKind, subject: str, other: str = "", day: date | None = None) -> Decision:
    """One by Ben."""
    return Decision("2026-h1", "ada", "ben", kind, subject, NOW, other, day)


def knows(
    *entries: Entry, decisions: tuple[Decision, ...] = (), lineage: dict[str, tuple[Entry, ...]] | None = None
) -> Knowledge:
    """What Ada may know."""
    return Knowledge(READER, Viewer("ben", READER.directory), entries, lineage or {}, decisions, TODAY)


def standing(known: Knowledge, *rests_on: Entry) -> Standing:
    """What a point that rests on these entries is to Ada on TODAY."""
    (judged,) = judge([Claim("c", "Speak up earlier", rests_on)], known, TODAY)
    return judged.standing


@pytest.mark.parametrize(
    ("day", "by", "wanted"),
    [
        (date(2026, 5, 27), "ben", Standing.KNOWN),
        (date(2026, 5, 28), "ben", Standing.NEW),
        (date(2026, 6, 9), "ada", Standing.NEW),
        (date(2026, 5, 20), "ada", Standing.KNOWN),
    ],
)
def test_fourteen_days_are_the_notice(day: date, by: str, wanted: Standing) -> None:
    """Counted from the day on which the entry could be seen."""
    one = note("Speak up earlier.", day, by)
    assert standing(knows(one), one) is wanted


def test_what_was_dated_back_or_is_private_gives_no_notice() -> None:
    """A day that somebody typed is not the day on which it could be read."""
    back = replace(note("Speak up.", date(2026, 3, 1), "ben"), recorded_at=datetime(2026, 6, 9, tzinfo=UTC))
    assert standing(knows(back), back) is Standing.NEW
    hidden = private("Speak up.")
    assert standing(knows(hidden), hidden) is Standing.NEW
    assert standing(knows()) is Standing.NEW


def test_an_edit_does_not_make_an_old_note_new() -> None:
    """It counts from the day of its first words, as long as those could be seen."""
    old = note("Speak up earlyer.", date(2026, 4, 1), "ben")
    new = replace(note("Speak up earlier.", date(2026, 6, 9), "ben"), supersedes=old.id)
    assert standing(knows(new, lineage={new.id: (old,)}), new) is Standing.KNOWN
    secret = replace(old, visibility=Visibility.MANAGER_PRIVATE)
    assert standing(knows(new, lineage={new.id: (secret,)}), new) is Standing.NEW


def test_likeness_suggests_and_never_decides() -> None:
    """An entry in almost the same words leaves the point new, and stands beside it."""
    alike = note("You could speak up earlier about dates that slip.", date(2026, 4, 1), "ben")
    (judged,) = judge([Claim("c", "Speak earlier about slipping dates", ())], knows(alike), TODAY)
    assert (judged.standing, judged.suggestions) == (Standing.NEW, (alike,))
    linked = knows(alike, decisions=(decision(DecisionKind.LINK, "c", alike.id),))
    assert standing(linked) is Standing.KNOWN


def test_a_private_note_of_the_reader_is_suggested_to_nobody_else() -> None:
    """What Ada keeps to herself reads like the point; neither list that Ben looks at says a word of it."""
    secret = note("I should speak up earlier about slipping dates.", date(2026, 4, 1), visibility=Visibility.AUTHOR_PRIVATE)
    (judged,) = judge([Claim("c", "Speak up earlier about slipping dates", ())], knows(secret), TODAY)
    assert judged.suggestions == ()
    (point,) = unraised([private("She should speak up earlier about slipping dates.")], knows(secret))
    assert point.suggestions == ()


def test_private_points_wait_until_they_are_raised() -> None:
    """What stands under “to raise”, what is growth and what reads like it; each way of settling takes one off the list."""
    raise_it = replace(private("The tone in mails.", date(2026, 3, 2)), anchor="to-raise")
    growth = replace(private("Peers wait for answers.", date(2026, 3, 3)), kind=EntryKind.PEER_FEEDBACK, anchor="growth")
    reads_so = private("She should speak up earlier.", date(2026, 3, 4))
    plain = private("Lunch with her team.", date(2026, 3, 5))
    found = unraised([plain, reads_so, growth, raise_it], knows())
    assert [one.entry for one in found] == [raise_it, growth, reads_so]
    shared = note("We talked about the tone.", date(2026, 4, 1), "ben")
    settled = (
        decision(DecisionKind.LINK, raise_it.id, shared.id),
        decision(DecisionKind.SETTLED, growth.id),
        decision(DecisionKind.DISCUSSED, reads_so.id, day=TODAY),
    )
    assert unraised([raise_it, growth, reads_so], knows(shared, decisions=settled)) == ()
    unseen = (decision(DecisionKind.LINK, raise_it.id, reads_so.id),)
    assert [one.entry for one in unraised([raise_it], knows(reads_so, decisions=unseen))] == [raise_it]


def test_a_decision_holds_for_a_point_that_was_edited_since() -> None:
    """Its former id still means it."""
    old = replace(private("The tone."), anchor="to-raise")
    new = replace(private("The tone in mails."), anchor="to-raise", supersedes=old.id)
    marked = knows(decisions=(decision(DecisionKind.SETTLED, old.id),), lineage={new.id: (old,)})
    assert unraised([new], marked) == ()
