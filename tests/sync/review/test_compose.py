"""What a draft says, and what it leaves out."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from sync.records import Entry, EntryKind, Reporting, StatementKind, Visibility
from sync.review.compose import headings
from sync.review.sources import blocks
from sync.review.wording import LONGEST_QUOTATION, excerpt, spoken
from tests.sync.review.making import ADA, NOTES, POINTS, TODAY, drafted, goal, material, note, private, texts


def told(points=(), **changes) -> list[str]:
    """What a draft says about one goal."""
    one, entries, values = goal("g1", points, **changes)
    return texts(drafted(material(entries, goals=(one,), values={"g1": values}, actions=())), "outcomes")[1:]


def test_a_quotation_is_dated_attributed_and_verbatim() -> None:
    """Day, author with their role, and the very words in quotation marks."""
    said = texts(drafted(material()), "patterns")
    assert "“She did not miss a deadline this month.” – Ben Cole (manager), 9 March" in said
    assert "“Finished the migration on time.” – Dana Roth, feedback of 13 April" in said


def test_a_goal_is_told_with_start_now_target_share_and_course() -> None:
    """Figures come from values only; less can be more."""
    assert texts(drafted(material()), "outcomes")[1:] == [
        "“Reduce churn g1”: slipped in March and recovered by May; from 8 % to 3.5 % on 1 June, past the target of 4 % "
        "(113 % of the way)."
    ]


def test_a_stale_value_is_unknown() -> None:
    """A value that nobody touched for long says nothing about today."""
    assert told([(date(2026, 2, 2), 6.0)]) == ["“Reduce churn g1”: unknown; the last value was 6 % on 2 February."]


def test_a_removed_goal_is_named() -> None:
    """What was taken out of the sheet is not hushed up."""
    assert told([(date(2026, 5, 4), 6.0)], removed=True) == [
        "“Reduce churn g1”: taken out of the goal sheet; the last value was 6 % on 4 May."
    ]


def test_a_yes_no_goal_is_reached_or_not() -> None:
    """No share of the way between yes and no."""
    assert told([(date(2026, 6, 1), 1.0)], unit="yes/no", start=0.0, target=1.0) == [
        "“Reduce churn g1”: reached; the last value was yes on 1 June."
    ]


def test_a_goal_without_a_target_has_no_share() -> None:
    """Missing is never zero."""
    (said,) = told([(date(2026, 6, 1), 5.0)], target=None)
    assert said == "“Reduce churn g1”: 5 % on 1 June; target is missing, so the progress is unknown."


def test_a_goal_behind_its_start_says_so() -> None:
    """Going the wrong way is not nought per cent of something."""
    assert told([(date(2026, 6, 1), 9.5)])[0].endswith("further from the target of 4 % than at the start.")


def test_a_goal_without_values_is_a_gap() -> None:
    """Nothing is said about it but what would fill it."""
    one, entries, _ = goal("g1")
    draft = drafted(material(entries, goals=(one,), values={}, actions=()))
    assert texts(draft, "outcomes") == []
    assert draft.gaps[0].heading == "Reduce churn g1"
    assert "no value has been entered" in draft.gaps[0].reason


def test_a_long_course_tells_the_large_moves() -> None:
    """Small ups and downs are left out."""
    values = [8, 7, 7.2, 7.1, 7.3, 5, 9, 8.9, 9.1, 4]
    days = [date(2026, 1 + n // 2, 1 + 14 * (n % 2)) for n in range(len(values))]
    (said,) = told(list(zip(days, map(float, values), strict=True)))
    assert said.endswith("which is the target.")
    assert said.startswith(
        "“Reduce churn g1”: slipped and recovered in March and slipped and recovered in May; from 8 % to 4 % on 15 May"
    )


def test_a_development_goal_that_is_open_belongs_to_growth() -> None:
    """With its due day, beside the figures under outcomes."""
    one, entries, values = goal("g1", [(date(2026, 6, 1), 6.0)], category="development", due=date(2026, 6, 30))
    draft = drafted(material(entries, goals=(one,), values={"g1": values}, actions=()))
    assert texts(draft, "growth")[1:] == ["The development goal “Reduce churn g1” is still open, due 30 June."]


def test_growth_blockers_and_open_actions_stand_under_growth() -> None:
    """A closed action does not."""
    said = texts(drafted(material()), "growth")[1:]
    assert said == [
        "“Wants to lead a workshop.” – Ada, 23 March",
        "“Waiting for access to the data.” – Ada, 20 April",
        "“Book the workshop room” – agreed on 20 April",
    ]
    closed = replace(material().actions[0], closed_on=TODAY)
    assert "Book the workshop room" not in " ".join(texts(drafted(material(actions=(closed,)))))


def test_agenda_and_what_touches_no_criterion_are_not_quoted() -> None:
    """The second is listed as unused."""
    draft = drafted(material())
    said = " ".join(texts(draft))
    assert "budget" not in said
    assert "Lunch" not in said
    lunch = next(one for one in NOTES if one.text == "Lunch was fine.")
    assert lunch.id in draft.unused


def test_nothing_is_quoted_twice_and_what_is_not_quoted_is_unused() -> None:
    """Every note is either cited or listed, once."""
    draft = drafted(material())
    cited = [one.citations[0].entry_id for one in draft.statements if one.kind is StatementKind.QUOTATION]
    assert len(cited) == len(set(cited))
    assert not set(cited) & set(draft.unused)
    assert draft.coverage.entries == sum(draft.coverage.months.values()) == 10


def test_excluding_a_note_removes_every_sentence_that_rests_on_it() -> None:
    """Figures too."""
    whole = drafted(material())
    for citation in {one.citations[0].entry_id for one in whole.statements if one.citations}:
        less = drafted(material(), excluded=[citation])
        assert citation not in {one.entry_id for statement in less.statements for one in statement.citations}
        assert citation not in less.unused


def test_other_periods_and_other_people_stay_out() -> None:
    """The day before the cycle and a note about somebody else."""
    strays = (note("delivered early", date(2025, 12, 31)), replace(note("delivered it", date(2026, 3, 3)), about="cem"))
    assert drafted(material((*NOTES, *strays))) == drafted(material())


def test_replaced_and_withdrawn_notes_stay_out() -> None:
    """Should the caller hand them in, nothing is quoted that no longer stands."""
    old = note("Delivered nothing at all.", date(2026, 6, 2))
    new = note("Delivered it.", date(2026, 6, 2), supersedes=old.id)
    gone = note("Delivered once.", date(2026, 6, 3), withdrawn=True)
    said = " ".join(texts(drafted(material((*NOTES, old, new, gone)))))
    assert "nothing at all" not in said
    assert "once" not in said


def test_a_change_of_manager_splits_the_draft_by_period() -> None:
    """Each heading says whose time it was, and the colleague's role is that of the day."""
    person = replace(ADA, reporting=(Reporting("ben", None, date(2026, 3, 31)), Reporting("dana", date(2026, 4, 1))))
    draft = drafted(material(person=person), writer="dana")
    found = {one.heading for one in draft.statements if one.section == "patterns" and one.heading}
    assert "Delivers what was agreed (1 January to 31 March, with Ben Cole as manager)" in found
    assert "Delivers what was agreed (1 April to 30 June, with Dana Roth as manager)" in found
    assert "“Finished the migration on time.” – Dana Roth (manager), feedback of 13 April" in texts(draft)
    assert found <= headings(material(person=person))


def test_one_manager_needs_no_period_beside_each_heading() -> None:
    """Days before the first manager is known split nothing that a reader would care for."""
    person = replace(ADA, reporting=(Reporting("ben", date(2026, 1, 5)),))
    found = {one.heading for one in drafted(material(person=person)).statements if one.section == "patterns" and one.heading}
    assert "Delivers what was agreed" in found
    assert not any("as manager" in heading for heading in found)


def test_the_self_draft_rests_on_what_the_employee_may_see() -> None:
    """Writer and reader are one; nothing of the manager's, nothing quoted back from the self review."""
    own = note("Delivered my best.", date(2026, 6, 1), kind=EntryKind.SELF_REVIEW, visibility=Visibility.AUTHOR_PRIVATE)
    draft = drafted(material((*NOTES, own, private("Delivered little, I think."))), writer="ada")
    said = " ".join(texts(draft))
    assert "Delivered my best" not in said
    assert "Delivered little" not in said
    assert draft.for_you == ()


def test_one_observer_is_named_as_one() -> None:
    """A draft out of a single author's notes says so."""
    mine = [one for one in NOTES if one.by == "ada"]
    assert any(gap.reason.startswith("A single observer") for gap in drafted(material(mine)).gaps)
    assert not any(gap.reason.startswith("A single observer") for gap in drafted(material()).gaps)


def test_an_empty_record_gives_an_empty_draft_with_reasons() -> None:
    """Nothing is said where nothing is known."""
    draft = drafted(material((), goals=(), values={}, actions=()))
    assert draft.statements == ()
    assert len(draft.gaps) == len(material().criteria) + 1
    assert draft.coverage.entries == 0


def test_the_rating_is_never_in_a_draft() -> None:
    """No statement stands outside the sections of a draft, and no word of the scale comes from the program."""
    draft = drafted(material())
    assert {one.section for one in draft.statements} <= {"outcomes", "patterns", "growth", "questions"}
    assert not any(point.label in " ".join(texts(draft)) for point in material().pack.scale)


def test_a_long_note_is_quoted_by_its_first_sentences_and_the_cut_is_shown() -> None:
    """The words stay verbatim, and nobody takes a part for the whole."""
    long = note("Delivered it. " * 60, date(2026, 6, 1))
    words, cut = excerpt(long)
    assert cut
    assert words in long.text
    assert len(words) <= LONGEST_QUOTATION + 14
    assert words.endswith(".")


@given(st.text(max_size=600))
def test_an_excerpt_is_always_a_part_of_the_note(text: str) -> None:
    """Whatever people type, as a person would read it."""
    one = note(text, date(2026, 3, 2))
    said, (words, cut) = spoken(one), excerpt(one)
    assert words in said
    assert cut or words == said or said.startswith(("2026-03-02", "02.03.2026", "2.3.2026"))


# ---------------------------------------------------------------- privacy

hidden_kinds = st.sampled_from([one for one in EntryKind if one not in (EntryKind.GOAL, EntryKind.GOAL_VALUE)])
hidden_notes = st.lists(
    st.builds(
        lambda kind, seen, by, day, number: (kind, seen, by, day, number),
        hidden_kinds,
        st.sampled_from([Visibility.MANAGER_PRIVATE, Visibility.AUTHOR_PRIVATE]),
        st.sampled_from(["ben", "dana", ""]),
        st.dates(date(2026, 1, 1), date(2026, 6, 30)),
        st.integers(0, 10**9),
    ),
    min_size=1,
    max_size=12,
)


@given(hidden_notes, st.sampled_from(["ben", "ada"]))
def test_no_trace_of_a_private_note_is_in_a_draft(found, writer) -> None:
    """Each private note is a random token beside signals of a criterion; the token is nowhere, and nothing counts it."""
    secret: list[Entry] = [
        note(
            f"delivered on time qx{number}zk",
            day,
            by,
            kind=kind,
            visibility=seen,
            anchor=f"qx{number}zk",
            place=f"qx{number}zk",
        )
        for kind, seen, by, day, number in found
    ]
    plain, draft = drafted(material(), writer), drafted(material((*NOTES, *secret)), writer)
    entries = {one.id: one for one in material((*NOTES, *secret)).entries}
    exported = json.dumps(asdict(draft), default=str) + repr(blocks(draft, entries, {}, material().voice))
    assert "qx" not in exported
    assert replace(draft, for_you=()) == replace(plain, for_you=())


def test_what_only_the_writer_may_see_is_listed_for_them_by_id() -> None:
    """The manager finds the note again; the draft for the employee does not name it."""
    secret = private("Delivered late again.")
    assert drafted(material((*NOTES, secret))).for_you == (secret.id,)
    assert drafted(material((*NOTES, secret)), writer="ada").for_you == ()


def test_a_goal_that_rests_on_something_private_is_not_even_named() -> None:
    """No figure, no gap, no title."""
    one, entries, values = goal("g1", POINTS, title="qxsecret")
    hidden = [replace(entry, visibility=Visibility.MANAGER_PRIVATE, by="ben") for entry in entries]
    draft = drafted(material(hidden, goals=(one,), values={"g1": values}, actions=()))
    assert "qxsecret" not in json.dumps(asdict(draft), default=str)
