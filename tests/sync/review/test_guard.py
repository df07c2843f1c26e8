"""Every mutation of a draft or of its sources is caught."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.records import Draft, EntryKind, Statement, StatementKind, Visibility
from sync.review.guard import stale, violations
from sync.review.material import Material
from tests.sync.review.making import NOTES, TODAY, drafted, material, note


def test_a_draft_as_composed_has_no_violation() -> None:
    """Unsupported sentences: none."""
    for writer in ("ben", "ada"):
        assert violations(drafted(material(), writer), material(), TODAY) == ()
        assert stale(drafted(material(), writer), material(), TODAY) == ()


def changed(draft: Draft, old: str, new: str) -> Draft:
    """The draft with *old* replaced in its first statement that has it."""
    index = next(n for n, one in enumerate(draft.statements) if old in one.text)
    one = draft.statements[index]
    return replace(
        draft,
        statements=(
            *draft.statements[:index],
            replace(one, text=one.text.replace(old, new, 1)),
            *draft.statements[index + 1 :],
        ),
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("12 bugs", "13 bugs"),
        ("3 days early", "2 days early"),
        ("113 %", "131 %"),
        ("to 3.5 %", "to 4.5 %"),
        ("on 1 June", "on 2 June"),
        ("target of 4 %", "target of 5 %"),
        ("slipped in", "advanced in"),
        ("did not miss", "did miss"),
        ("Ben Cole (manager)", "Dana Roth (manager)"),
        ("Ben Cole (manager)", "Ben Cole"),
        ("9 March", "9 April"),
        ("agreed on 20 April", "agreed on 21 April"),
        ("recognition of", "feedback of"),
        ("still open", "done with"),
        ("From the values", "From the good values"),
        ("“", "„"),
    ],
)
def test_a_changed_number_name_date_negation_or_frame_is_caught(old: str, new: str) -> None:
    """One sentence differs, one violation is found."""
    found = violations(changed(drafted(material()), old, new), material(), TODAY)
    assert len(found) == 1
    assert new in found[0].statement.text


def without(entry_id: str) -> Material:
    """The material after a source was deleted."""
    whole = material()
    return replace(whole, entries=tuple(one for one in whole.entries if one.id != entry_id))


def test_a_deleted_source_makes_its_sentences_stale() -> None:
    """And no other."""
    draft = drafted(material())
    for statement in draft.statements:
        for citation in statement.citations:
            found = {one.statement for one in stale(draft, without(citation.entry_id), TODAY)}
            resting = {one for one in draft.statements if citation in one.citations}
            assert resting <= found
            assert found == resting or any(one.kind is StatementKind.FIGURE for one in found)


def test_a_source_edited_after_drafting_makes_its_sentence_stale() -> None:
    """Also when the id stayed the same, and when a newer entry took its place."""
    draft, whole = drafted(material()), material()
    old = next(one for one in whole.entries if "did not miss" in one.text)
    edited = replace(old, text="She did miss a deadline this month.")
    same_id = replace(whole, entries=tuple(edited if one is old else one for one in whole.entries))
    newer = replace(whole, entries=(*whole.entries, replace(edited, id="new", supersedes=old.id)))
    for now in (same_id, newer):
        (found,) = stale(draft, now, TODAY)
        assert "did not miss" in found.statement.text
        assert violations(draft, now, TODAY) == (found,)


def test_a_source_that_became_private_makes_its_sentence_stale() -> None:
    """What both sides could see yesterday may be hidden today."""
    whole = material()
    old = next(one for one in whole.entries if one.by == "dana")
    now = replace(
        whole,
        entries=tuple(replace(one, visibility=Visibility.MANAGER_PRIVATE) if one is old else one for one in whole.entries),
    )
    (found,) = stale(drafted(whole), now, TODAY)
    assert found.reason.startswith("its source is not visible to both")


def test_a_new_value_makes_the_figures_stale() -> None:
    """A cited number that differs from the sheet's (rule E9)."""
    whole = material()
    now = replace(whole, goals=(replace(whole.goals[0], now=3.0),))
    assert [one.statement.kind for one in stale(drafted(whole), now, TODAY)] == [StatementKind.FIGURE]


def test_a_closed_action_is_no_longer_open() -> None:
    """The sentence that says so is stale."""
    whole = material()
    (found,) = stale(drafted(whole), replace(whole, actions=(replace(whole.actions[0], closed_on=TODAY),)), TODAY)
    assert found.reason == "the action is no longer open"


def test_what_was_never_supported_is_caught() -> None:
    """An invented sentence, a quotation without a source, one of another kind, one quoted twice, a rating."""
    draft, whole = drafted(material()), material()
    quoted = next(one for one in draft.statements if one.kind is StatementKind.QUOTATION)
    agenda = next(one for one in NOTES if one.kind is EntryKind.AGENDA)
    bad = [
        Statement("patterns", "", "A great year.", StatementKind.CONNECTIVE),
        replace(quoted, citations=()),
        replace(quoted, heading="A born leader"),
        replace(quoted, section="rating"),
        Statement(
            "patterns",
            quoted.heading,
            "“Talk about the budget”",
            StatementKind.QUOTATION,
            (replace(quoted.citations[0], entry_id=agenda.id, hash=agenda.hash),),
        ),
    ]
    for statement in bad:
        assert statement in {one.statement for one in violations(replace(draft, statements=(statement,)), whole, TODAY)}, (
            statement
        )
    assert len(violations(replace(draft, statements=(quoted, quoted)), whole, TODAY)) == 2


words = st.sampled_from(
    ["delivered", "not", "on time", "bug", "12", "3.5 %", "Ben", "“quoted”", "kein", "pünktlich", "\n", "late"]
)
random_notes = st.lists(
    st.builds(
        lambda some, day, by, kind: note(" ".join(some), day, by, kind=kind),
        st.lists(words, min_size=1, max_size=8),
        st.dates(date(2025, 12, 1), date(2026, 7, 30)),
        st.sampled_from(["ada", "ben", "dana", ""]),
        st.sampled_from([one for one in EntryKind if one not in (EntryKind.GOAL, EntryKind.GOAL_VALUE)]),
    ),
    max_size=25,
    unique_by=lambda one: one.id,
)


@given(random_notes, st.sampled_from(["ben", "ada"]))
def test_whatever_people_wrote_every_sentence_of_the_draft_is_supported(found, writer) -> None:
    """Quotation marks, line breaks and notes by nobody included."""
    whole = material(found)
    assert violations(drafted(whole, writer), whole, TODAY) == ()
