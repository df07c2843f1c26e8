"""A person, a manager, a pack and a half-year of notes to make drafts from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime

from sync.access import Directory
from sync.records import (
    ActionItem,
    Cycle,
    Draft,
    Entry,
    EntryKind,
    Figure,
    Goal,
    GoalValue,
    Person,
    Reporting,
    Visibility,
    fingerprint,
)
from sync.review.compose import compose
from sync.review.material import Material
from templates.loader import built_in, load

CYCLE = Cycle(
    "2026-h1", "First half 2026", date(2026, 1, 1), date(2026, 6, 30), date(2026, 6, 15), date(2025, 12, 20), "standard", "v"
)
NOW = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)
TODAY = date(2026, 6, 10)
PACK = load(built_in("standard"))
ADA = Person("ada", "Ada Brandt", "ada@example.com", role="Engineer", reporting=(Reporting("ben"),))
BEN = Person("ben", "Ben Cole", "ben@example.com", reporting=(Reporting("eve"),))
PEOPLE = (
    ADA,
    BEN,
    Person("cem", "Cem Aydin", "cem@example.com", reporting=(Reporting("ben"),)),
    Person("dana", "Dana Roth", "dana@example.com", reporting=(Reporting("eve"),)),
    Person("eve", "Eve Lang", "eve@example.com"),
    Person("hr", "Hanna Reus", "hr@example.com", access="hr"),
)
SHEET = "2026-h1/ada/goal-sheet"


def note(text: str, on: date, by: str = "ada", **changes: object) -> Entry:
    """A shared note about Ada."""
    key = f"2026-h1/ada/check-in/{on}"
    made = Entry(
        fingerprint(text, on, by, sorted(changes)),
        "ada",
        by,
        EntryKind.NOTE,
        text,
        Visibility.SHARED,
        on,
        datetime(on.year, on.month, on.day, 12, tzinfo=UTC),
        key,
        "notes",
        "Notes",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def private(text: str, on: date = date(2026, 4, 8)) -> Entry:
    """A note that Ben keeps to himself."""
    key = "2026-h1/ada/manager-notes/ben"
    return note(text, on, "ben", kind=EntryKind.MANAGER_NOTE, visibility=Visibility.MANAGER_PRIVATE, artifact_key=key)


def goal(
    goal_id: str = "g1", points: Iterable[tuple[date, float]] = (), **changes: object
) -> tuple[Goal, list[Entry], list[GoalValue]]:
    """A goal (churn from 8 to 4 %), the entries of its sheet, and its history."""
    title = str(changes.get("title", f"Reduce churn {goal_id}"))
    entries = [note(title, date(2026, 1, 5), kind=EntryKind.GOAL, artifact_key=SHEET, anchor=f"row:{goal_id}/goal")]
    values = []
    for day, value in points:
        figure = Figure(goal_id, "now", value, "%")
        entry = note(
            f"{value:g}", day, kind=EntryKind.GOAL_VALUE, artifact_key=SHEET, anchor=f"row:{goal_id}/now", figure=figure
        )
        entry = replace(entry, id=fingerprint(goal_id, day, value))
        entries.append(entry)
        values.append(GoalValue(goal_id, day, value, entry.id))
    made = Goal(
        goal_id,
        "ada",
        "2026-h1",
        SHEET,
        goal_id,
        title,
        0,
        start=8.0,
        target=4.0,
        now=values[-1].value if values else None,
        unit="%",
        updated=values[-1].day if values else None,
    )
    return replace(made, **changes), entries, values  # type: ignore[arg-type]


NOTES = (
    note("Shipped the import before the deadline, 3 days early.", date(2026, 1, 12)),
    note("2026-02-09: Delivered the export; it is not late any more.", date(2026, 2, 9)),
    note("She did not miss a deadline this month.", date(2026, 3, 9), "ben"),
    note("Finished the migration on time.", date(2026, 4, 13), "dana", kind=EntryKind.FEEDBACK),
    note("Launch of the portal slipped by a week.", date(2026, 5, 11)),
    note("Fixed 12 bugs in billing and added a test for each.", date(2026, 2, 23), kind=EntryKind.WIN),
    note("The review of the schema found a root cause.", date(2026, 5, 25), "dana", kind=EntryKind.RECOGNITION),
    note("Wants to lead a workshop.", date(2026, 3, 23), kind=EntryKind.GROWTH, anchor="growth", place="Growth"),
    note("Waiting for access to the data.", date(2026, 4, 20), kind=EntryKind.BLOCKER, anchor="blockers", place="Blockers"),
    note("Book the workshop room", date(2026, 4, 20), kind=EntryKind.ACTION, anchor="row:a1/action", place="row 1 of Actions"),
    note("Talk about the budget", date(2026, 4, 20), kind=EntryKind.AGENDA, anchor="agenda"),
    note("Lunch was fine.", date(2026, 4, 27)),
)
ACTION = ActionItem(
    "a1", "ada", "2026-h1", "Book the workshop room", "Ada", "", date(2026, 4, 20), "2026-h1/ada/check-in/2026-04-20"
)
POINTS = ((date(2026, 1, 5), 8.0), (date(2026, 3, 2), 9.0), (date(2026, 5, 4), 6.0), (date(2026, 6, 1), 3.5))


def material(notes: Iterable[Entry] = NOTES, person: Person = ADA, **changes: object) -> Material:
    """Ada's half-year, with one goal and one open action."""
    one, entries, values = goal("g1", POINTS)
    people = tuple(person if other.id == person.id else other for other in PEOPLE)
    given = {"goals": (one,), "values": {"g1": values}, "actions": (ACTION,), **changes}
    return Material(person, CYCLE, PACK, Directory(people), (*notes, *entries), **given)  # type: ignore[arg-type]


def drafted(given: Material, writer: str = "ben", excluded: Iterable[str] = ()) -> Draft:
    """A draft about Ada, for her to read."""
    return compose(given, writer, "ada", draft_id="d1", made_at=NOW, today=TODAY, excluded=frozenset(excluded))


def texts(draft: Draft, section: str = "") -> list[str]:
    """The sentences of a draft, or of one section."""
    return [statement.text for statement in draft.statements if section in ("", statement.section)]
