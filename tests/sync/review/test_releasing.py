"""Showing a review to its subject: once, checked, in a new document."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, replace
from datetime import date, timedelta

import pytest

from connectors.workspace import Document, Pending
from sync.decisions import DecisionKind
from sync.records import Artifact, Entry, EntryKind, Visibility
from sync.review.service import (
    Refused,
    Released,
    ReviewError,
)
from sync.store.queries import artifacts, reviews
from templates.shapes import Kind, Place
from tests.sync.review.acting import (
    KEY,
    OWN_WORDS,
    add,
    content_at,
    decided,
    draft,
    fill,
    rated,
    retype,
    retyped,
    section,
    show,
)
from tests.sync.review.making import CYCLE, NOTES, NOW, TODAY, note, private


def test_a_finished_review_is_shown_in_a_new_document(store, desk, workspace, ref) -> None:
    """The manager's words and the kept sentences, sources numbered anew; the private document stays as it was."""
    fill(desk, workspace, draft(desk))
    workspace.type_into(ref, "summary", OWN_WORDS)
    workspace.type_into(ref, "questions", "Does she want the lead role?")
    before = content_at(workspace, ref)
    done = show(desk, workspace)
    assert isinstance(done, Released)
    assert not done.already
    assert section(content_at(workspace, done.ref), "rating") == (), "the scale that was provisioned is nobody's rating"
    assert done.ref.startswith("reviews/Ada Brandt - ada/")
    shown = content_at(workspace, done.ref)
    assert section(shown, "summary") == (OWN_WORDS,)
    assert section(shown, "patterns") == section(before, "patterns")
    assert len(section(shown, "sources")) == len(section(before, "sources"))
    assert "lead role" not in repr(shown)
    assert workspace.grants_of(done.ref).writers == ()
    assert workspace.grants_of(done.ref).readers == ("ada@example.com", "ben@example.com", "hr@example.com")
    assert content_at(workspace, ref) == before
    with store.read() as tx:
        assert reviews.releases(tx, CYCLE.id)["ada"] == done.release
        recorded = artifacts.get(tx, "2026-h1/ada/released-review")
        assert recorded is not None
        assert (recorded.kind, recorded.place) == (Kind.RELEASED_REVIEW, Place.REVIEWS)
        assert [line[2] for line in reviews.trail(tx)][-2:] == ["release-begun", "release"]


def test_a_second_release_changes_nothing(desk, workspace, ref) -> None:
    """It says that the review was released already."""
    workspace.type_into(ref, "summary", OWN_WORDS)
    first = show(desk, workspace)
    workspace.type_into(ref, "summary", "One more thing.")
    second = show(desk, workspace)
    assert isinstance(first, Released)
    assert second == replace(first, already=True)
    assert len(workspace.refs) == 2


def test_a_release_that_was_cut_off_is_taken_up_again(store, desk, workspace, ref) -> None:
    """The document was made and the program died: the same text is adopted, another one is not."""
    workspace.type_into(ref, "summary", OWN_WORDS)
    first = show(desk, workspace)
    with store.write() as tx:
        tx.exec_driver_sql("DELETE FROM release")
    again = show(desk, workspace)
    assert isinstance(first, Released)
    assert isinstance(again, Released)
    assert again.ref == first.ref
    with store.write() as tx:
        tx.exec_driver_sql("DELETE FROM release")
    workspace.type_into(ref, "summary", "Something else.")
    with pytest.raises(ReviewError, match="cut off"):
        show(desk, workspace)


@pytest.mark.parametrize("by", ["ada", "cem", "dana", "eve", "hr"])
def test_only_the_manager_of_this_person_releases(desk, workspace, ref, by: str) -> None:
    """Nobody else, whatever they are."""
    workspace.type_into(ref, "summary", OWN_WORDS)
    with pytest.raises(ReviewError, match="may not release"):
        show(desk, workspace, by)
    assert workspace.refs == (ref,)


def test_an_unwritten_or_missing_review_is_not_released(store, desk, workspace, ref) -> None:
    """The first is refused with the reason, the second says what makes the document."""
    done = show(desk, workspace)
    assert isinstance(done, Refused)
    assert done.refusals[0].reason.startswith("the review is empty")
    with store.write() as tx:
        artifacts.forget(tx, KEY)
    with pytest.raises(ReviewError, match="has no review document by Ben Cole"):
        show(desk, workspace)


def test_a_copied_private_note_is_refused_with_the_sentence(store, desk, workspace, ref) -> None:
    """Also one that was edited since, and one about somebody else in the team."""
    old = private("I doubt that she will stay with us until the summer.")
    new = replace(private("I was wrong about her plans for the summer."), supersedes=old.id)
    other = note("Cem told me about his illness last Monday evening.", date(2026, 5, 4), "cem", about="cem")
    with store.write() as tx:
        notes = Artifact(old.artifact_key, Kind.MANAGER_NOTES, CYCLE.id, "ada", "ben", None, Place.PRIVATE, "Notes", "r", "v")
        artifacts.record(tx, "memory", [(notes, {})])
    add(store, old, new, other)
    for words in (
        "I doubt that she will stay",
        "Wrong about her plans for the summer",
        "told me about his illness last Monday",
    ):
        workspace.type_into(ref, "growth", f"Good. {words}! Next.")
    workspace.type_into(ref, "summary", OWN_WORDS)
    done = show(desk, workspace)
    assert isinstance(done, Refused)
    assert len(done.refusals) == 3
    assert all("Good" not in one.sentence for one in done.refusals)
    assert workspace.refs == (ref,)


def test_the_reason_of_a_rating_is_checked_too(store, desk, workspace, ref) -> None:
    """A cell of the rating is text that the employee reads."""
    add(store, private("I doubt that she will stay with us until the summer."))
    workspace.type_into(ref, "summary", OWN_WORDS)
    rated(workspace, ref, "I doubt that she will stay with us")
    assert isinstance(show(desk, workspace), Refused)


def test_a_rating_that_a_person_chose_is_shown_and_none_is_made_up(desk, workspace, ref) -> None:
    """The row arrives as it was filled in."""
    workspace.type_into(ref, "summary", OWN_WORDS)
    rated(workspace, ref, "For the dates kept.")
    done = show(desk, workspace)
    assert isinstance(done, Released)
    (rating,) = [part for part in content_at(workspace, done.ref).parts if part.section == "rating"]
    assert [{key: cell.text for key, cell in row.cells.items()} for row in rating.rows] == [
        {"point": "Fully", "reason": "For the dates kept."}
    ]


def test_a_sentence_whose_source_changed_is_refused_until_it_is_corrected(store, desk, workspace, ref) -> None:
    """Even when a newer draft was made after the document was filled."""
    fill(desk, workspace, draft(desk))
    old = NOTES[2]
    add(store, replace(old, id="new", text="She missed a deadline this month, once.", supersedes=old.id))
    draft(desk, now=NOW + timedelta(hours=1))
    workspace.type_into(ref, "summary", OWN_WORDS)
    done = show(desk, workspace)
    assert isinstance(done, Refused)
    assert [one.sentence for one in done.refusals] == [
        "“She did not miss a deadline this month.” – Ben Cole (manager), 9 March"
    ]


def test_text_under_a_heading_of_the_writers_own_is_released_with_the_section_above(desk, workspace, ref) -> None:
    """Nothing that a person wrote for the review is lost on the way."""
    workspace.type_into(ref, "summary", OWN_WORDS)
    workspace.type_into(ref, "Outlook", "Next year you lead the portal.")
    retyped(workspace, ref, lambda document: replace(document, parts=(*document.parts[:-2], *document.parts[:-3:-1])))
    done = show(desk, workspace)
    assert isinstance(done, Released)
    assert section(content_at(workspace, done.ref), "summary") == (OWN_WORDS, "Outlook", "Next year you lead the portal.")


def test_no_private_word_reaches_the_draft_the_store_or_the_released_document(store, desk, workspace, ref) -> None:
    """Every private entry is a random token; it is nowhere that the employee can look."""
    token = f"qx{secrets.token_hex(8)}"
    kinds = [
        EntryKind.MANAGER_NOTE,
        EntryKind.PEER_FEEDBACK,
        EntryKind.NOTE,
        EntryKind.GROWTH,
        EntryKind.BLOCKER,
        EntryKind.ACTION,
    ]
    for number, kind in enumerate(kinds):
        for seen in (Visibility.MANAGER_PRIVATE, Visibility.AUTHOR_PRIVATE):
            add(
                store, note(f"delivered late {token}{number}", date(2026, 4, 6), "ben", kind=kind, visibility=seen, place=token)
            )
    made = draft(desk)
    own = draft(desk, "ada")
    fill(desk, workspace, made)
    workspace.type_into(ref, "summary", OWN_WORDS)
    done = show(desk, workspace)
    assert isinstance(done, Released)
    looked_at = [json.dumps(asdict(one), default=str) for one in (made, own)]
    looked_at += [repr(content_at(workspace, done.ref)), repr(content_at(workspace, ref)), repr(done)]
    assert not any(token in text for text in looked_at)
    assert own.for_you == ()


def test_a_private_token_that_was_typed_into_the_review_stops_the_release(store, desk, workspace, ref) -> None:
    """One word of a private note of one word."""
    token = f"qx{secrets.token_hex(8)}"
    add(store, private(token))
    workspace.type_into(ref, "summary", f"{OWN_WORDS} As I noted, {token}.")
    done = show(desk, workspace)
    assert isinstance(done, Refused)
    assert [one.sentence for one in done.refusals] == [f"As I noted, {token}."]


def test_figures_and_titles_of_a_teammates_goals_are_no_secret(store, desk, workspace, ref) -> None:
    """Values, dates and titles recur from sheet to sheet; what a teammate wrote beside them does not."""
    cell = {"about": "cem", "kind": EntryKind.GOAL, "anchor": "row:g1/goal", "artifact_key": "2026-h1/cem/goal-sheet"}
    title = "Bring the crash rate of the app below one percent"
    add(
        store,
        note(title, date(2026, 2, 3), "cem", **cell),
        note("2026-06-02 and on track since then", date(2026, 2, 3), "cem", **{**cell, "kind": EntryKind.GOAL_VALUE}),
    )
    workspace.type_into(ref, "summary", f"{title}: 2026-06-02 and on track since then.")
    assert isinstance(show(desk, workspace), Released)


def test_a_teammates_comment_on_a_goal_stays_a_secret(store, desk, workspace, ref) -> None:
    """It is written for two people, and a review of somebody else is not for both."""
    words = "Waiting for the doctor before we plan anything for this one"
    comment = {"about": "cem", "kind": EntryKind.GOAL, "anchor": "row:g1/comment", "artifact_key": "2026-h1/cem/goal-sheet"}
    add(store, note(words, date(2026, 2, 3), "cem", **comment))
    workspace.type_into(ref, "summary", f"{words}.")
    refused = show(desk, workspace)
    assert isinstance(refused, Refused)


# ---------------------------------------------------------------- no news


POINT = "Speak up earlier when a date is in danger."


def written(store, desk, workspace, ref, line: str) -> Entry:
    """A finished review with *line* under growth, read by a sync."""
    fill(desk, workspace, draft(desk))
    workspace.type_into(ref, "growth", line)
    workspace.type_into(ref, "summary", OWN_WORDS)
    entry = note(line, TODAY, "ben", kind=EntryKind.REVIEW_TEXT, visibility=Visibility.MANAGER_PRIVATE, artifact_key=KEY)
    entry = replace(entry, anchor="growth", place="Growth")
    add(store, entry)
    return entry


def test_a_growth_point_that_is_news_stops_the_release_until_it_is_marked(store, desk, workspace, ref) -> None:
    """As discussed it says so to its reader; undone, it is news again."""
    entry = written(store, desk, workspace, ref, POINT)
    done = show(desk, workspace)
    assert isinstance(done, Refused)
    assert [one.sentence for one in done.refusals] == [POINT]
    assert entry.id in done.refusals[0].reason
    decided(desk, DecisionKind.DISCUSSED, entry.id, day=date(2026, 6, 8))
    shown = show(desk, workspace)
    assert isinstance(shown, Released)
    assert f"{POINT} (new, discussed on 8 June)" in section(content_at(workspace, shown.ref), "growth")


def test_a_growth_point_under_summary_is_news_as_well(desk, workspace, ref) -> None:
    """What reads like one is judged wherever it stands; praise is not."""
    point = "You missed two handovers in May and should announce them."
    workspace.type_into(ref, "summary", f"{OWN_WORDS}\n{point}")
    done = show(desk, workspace)
    assert isinstance(done, Refused)
    assert [one.sentence for one in done.refusals] == [point]
    retype(workspace, ref, "summary", {point: (f"{point} (new, discussed on 8 June)",)})
    assert isinstance(show(desk, workspace), Released)


def test_a_growth_point_that_is_moved_to_the_next_period_is_left_out(store, desk, workspace, ref) -> None:
    """The manager's document keeps it."""
    entry = written(store, desk, workspace, ref, POINT)
    decided(desk, DecisionKind.LATER, entry.id)
    shown = show(desk, workspace)
    assert isinstance(shown, Released)
    assert POINT not in section(content_at(workspace, shown.ref), "growth")
    assert POINT in section(content_at(workspace, ref), "growth")


@pytest.mark.parametrize("told", ["(new, discussed on 8 June)", "(neu, besprochen am 8. Juni)"])
def test_a_growth_point_may_say_itself_that_it_is_new(store, desk, workspace, ref, told: str) -> None:
    """In the document, in English or German."""
    written(store, desk, workspace, ref, f"{POINT} {told}")
    assert isinstance(show(desk, workspace), Released)


def test_a_growth_point_that_rests_on_an_older_note_is_no_news(store, desk, workspace, ref) -> None:
    """By the number of its source, or by the id that its writer named; a note of last week is too young."""
    young = note("A date was in danger and nobody knew.", date(2026, 6, 4), "ben")
    add(store, young)
    entry = written(store, desk, workspace, ref, POINT)
    decided(desk, DecisionKind.LINK, entry.id, other=young.id)
    assert isinstance(show(desk, workspace), Refused)
    decided(desk, DecisionKind.LINK, entry.id, other=NOTES[4].id)
    assert isinstance(show(desk, workspace), Released)


def test_a_growth_point_with_the_number_of_an_older_source_is_no_news(store, desk, workspace, ref) -> None:
    """The number points into the document's own list."""
    written(store, desk, workspace, ref, f"{POINT} [2]")
    assert isinstance(show(desk, workspace), Released)


def test_only_the_writer_decides_about_a_point_that_exists(store, desk, workspace, ref) -> None:
    """Nobody else, no other id, and no day to come."""
    entry = written(store, desk, workspace, ref, POINT)
    with pytest.raises(ReviewError, match="may not write"):
        decided(desk, DecisionKind.LATER, entry.id, by="dana")
    with pytest.raises(ReviewError, match="no entry about Ada Brandt"):
        decided(desk, DecisionKind.LATER, "nothing")
    with pytest.raises(ReviewError, match="still to come"):
        decided(desk, DecisionKind.DISCUSSED, entry.id, day=date(2026, 7, 1))


# ---------------------------------------------------------------- corrections


def test_a_correction_is_a_new_version_beside_the_former_one(store, desk, workspace, ref) -> None:
    """Both stay, with the reason and a line in the audit trail; unchanged text makes no version."""
    fill(desk, workspace, draft(desk))
    workspace.type_into(ref, "summary", OWN_WORDS)
    with pytest.raises(ReviewError, match="nothing was released"):
        show(desk, workspace, correction="too early")
    first = show(desk, workspace)
    assert isinstance(first, Released)
    same = show(desk, workspace, correction="nothing new")
    assert isinstance(same, Released)
    assert same.already
    workspace.type_into(ref, "summary", "The export was yours, too.")
    second = show(desk, workspace, correction="the export was missing")
    assert isinstance(second, Released)
    assert (second.release.version, second.already) == (2, False)
    assert second.ref != first.ref
    assert "The export was yours, too." in section(content_at(workspace, second.ref), "summary")
    assert "The export was yours, too." not in section(content_at(workspace, first.ref), "summary")
    with store.read() as tx:
        versions = reviews.all_releases(tx, CYCLE.id)["ada"]
        trail = [line[2] for line in reviews.trail(tx)]
    assert [(one.version, one.reason) for one in versions] == [(1, ""), (2, "the export was missing")]
    assert trail.count("correct") == 1
    with pytest.raises(ReviewError, match="may not correct"):
        show(desk, workspace, by="dana", correction="not mine")


def test_a_tracked_change_inside_a_sentence_stops_the_release(desk, workspace, ref) -> None:
    """Nobody knows yet what the writer means to say."""
    fill(desk, workspace, draft(desk))
    workspace.type_into(ref, "summary", OWN_WORDS)

    def undecided(document: Document) -> Document:
        parts = (
            replace(part, pending=(Pending("A tracked word", 0, ("", "Ada")),)) if part.section == "summary" else part
            for part in document.parts
        )
        return replace(document, parts=tuple(parts))

    retyped(workspace, ref, undecided)
    done = show(desk, workspace)
    assert isinstance(done, Refused)
    assert [(one.sentence, "tracked change" in one.reason) for one in done.refusals] == [(OWN_WORDS, True)]
