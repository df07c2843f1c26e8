"""The story: the same people, goals and words every time, and everybody different."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest

from addon.demo import files, reviewing
from addon.demo import handwriting_docx as page
from addon.demo.calendar import FIRST_DAY, LAST_DAY, ROUNDS
from addon.demo.cast import FEWEST, JOINS, MOVES, Pace, cast
from addon.demo.story import Edit, Story
from addon.demo.words import FOLDER, words
from connectors.people.csv_file import read_goals, read_leave, read_pairs, read_people
from templates.shapes import Kind


def _told(people: int) -> tuple[Story, list[Edit]]:
    story = Story(cast(people))
    edits = [edit for step in range(len(ROUNDS)) for edit in (*story.own(step), *story.others(step))]
    return story, [*edits, *reviewing.self_reviews(story), *reviewing.peer_feedback(story)]


def _lines(edits: list[Edit]) -> Iterator[str]:
    for edit in edits:
        for stroke in edit.strokes:
            if isinstance(stroke, page.Type):
                yield from stroke.lines


def test_the_same_number_of_people_gives_the_same_story() -> None:
    """Names, goals, days and every word: told twice, the story is one."""
    assert cast(50) == cast(50)
    assert _told(30)[1] == _told(30)[1]


@pytest.mark.parametrize("people", [FEWEST, 9, 12, 50, 333, 2000])
def test_a_company_of_any_size_is_whole(people: int) -> None:
    """As many people as asked for, all with names and addresses of their own, one at the top, all others below."""
    company = cast(people)
    assert len({one.email for one in company.members}) == len({one.name for one in company.members}) == people
    assert [one.role for one in company.members if not one.manager] == ["Managing Director"]
    leads = {one.email for one in company.members if one.leads}
    assert all(one.manager in leads for one in company.members if one.manager)
    assert {"leadership", "hr", "admin"} <= {one.access for one in company.members}


def test_the_parts_are_played() -> None:
    """A joiner, a leaver, a changed manager, somebody on leave, a sorter, a stale goal, thin and rich writers."""
    company = cast(50)
    assert [one.start for one in company.members if one.joins_later] == [JOINS]
    assert [one.end for one in company.members if one.end] == [date(2026, 4, 17)]
    (moved,) = (one for one in company.members if one.later_manager)
    assert moved.manager_on(FIRST_DAY) != moved.manager_on(MOVES)
    assert len({company.away, company.sorter, company.stale} - {""}) == 3
    assert {one.pace for one in company.members} == set(Pace)
    assert {one.work_mode for one in company.members} == {"office", "hybrid", "remote"}
    assert any(one.german for one in company.members)


@pytest.mark.parametrize("people", [FEWEST, 12, 50])
def test_the_lists_can_be_imported(people: int) -> None:
    """Each CSV of the story is read without a problem."""
    story = Story(cast(people))
    for day in (FIRST_DAY, LAST_DAY):
        assert not read_people(files.people_csv(story.cast, day), "people.csv").problems
    assert not read_goals(files.goals_csv(story), "goals.csv").problems
    if story.cast.away:
        assert not read_leave(files.leave_csv(story.cast), "leave.csv").problems
    assert not read_pairs(files.pairs_csv(reviewing.pairs(story)), "pairs.csv").problems


def test_people_read_differently() -> None:
    """Of fifty people hardly two write the same line; gaps are all filled."""
    lines = Counter(_lines(_told(50)[1]))
    long = {line: count for line, count in lines.items() if len(line.split()) > 7}
    assert len(long) > 500
    assert sum(count > 1 for count in long.values()) < 0.02 * len(long)
    assert not [line for line in lines if any(sign in line for sign in "{}[]|")]


def test_figures_move_in_many_ways() -> None:
    """Some goals fall, some rise, some slip and recover, some are passed, some end far away, some are yes or no."""
    story = Story(cast(50))
    aims = [aim for some in story.aims.values() for aim in some]
    assert {aim.path for aim in aims} == {"steady", "early", "over", "slips and recovers", "late", "misses"}
    assert any(aim.target < aim.start for aim in aims)
    assert any(aim.target > aim.start for aim in aims)
    assert {"%", "number", "currency", "yes/no"} == {aim.unit for aim in aims}
    assert all(aim.value(step) >= 0 for aim in aims for step in range(6))


def test_private_notes_are_words_of_their_own() -> None:
    """What managers note in private is said nowhere else."""
    edits = _told(50)[1]
    private = set(_lines([edit for edit in edits if edit.kind is Kind.MANAGER_NOTES]))
    shared = set(_lines([edit for edit in edits if edit.kind is not Kind.MANAGER_NOTES]))
    assert len(private) > 20
    assert not private & shared


def test_nobody_writes_about_the_future_or_after_leaving() -> None:
    """Each edit lies in the story, by somebody who works there that day, and nobody mentions themself as a colleague."""
    for edit in _told(50)[1]:
        assert FIRST_DAY <= edit.at.date() <= LAST_DAY
        assert edit.by.here(edit.at.date())


def test_every_file_of_words_is_used() -> None:
    """The files of words are all whole: departments have every kind of sentence that people of theirs write."""
    kinds = {"wins", "blockers", "growth", "agenda", "notes", "actions", "goals"}
    for name in ("engineering", "sales", "support", "operations", "marketing", "leading"):
        assert kinds <= words(name).keys(), name
    assert {path.stem for path in FOLDER.glob("*.yaml")} == {
        *("engineering", "sales", "support", "operations", "marketing", "leading"),
        *("german", "managers", "reviews", "company"),
    }
