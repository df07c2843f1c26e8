"""Drafting reviews for a whole company, and for ten times as many: the time may grow as the company does, no faster.

Run as a program, it drafts everybody's review in the home folder given and prints what it took, so that the peak of
memory is of drafting alone.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from addon.company import Company, open_store
from addon.reviews.drafting import in_batches, make_drafts
from addon.settings import Settings
from sync.records import Entry, EntryKind, Figure, Goal, GoalValue, Person, Visibility
from sync.review import service
from sync.store.queries import cycles, ledger, people
from tests.bench.company import CYCLE, PACK, persons
from tests.bench.table import Row, Time, timed

ENTRIES = 60
"""About each person."""
MOST_GROWTH = 11.0
MOST_MEGABYTES = 400.0
TODAY = date(2026, 6, 10)
_GOALS, _POINTS, _PRIVATE = 5, 4, 4
_PEOPLE_AT_ONCE = 100
_SENTENCES = (
    "Shipped the import two days before the deadline.",
    "The customer asked for a call and got the answer on the same day.",
    "Helped the new colleague through the first release.",
    "Found the root cause of the defect and wrote a test for it.",
    "The handover to support was late by a week.",
    "Explained the plan so that everybody knew what to do next.",
    "Lunch with the other office.",
    "Took on the open question about prices and brought back a proposal.",
)
_KINDS = (EntryKind.NOTE, EntryKind.WIN, EntryKind.FEEDBACK, EntryKind.GROWTH, EntryKind.BLOCKER, EntryKind.RECOGNITION)


def drafting(folder: Path, size: int) -> Iterator[Row]:
    """*size* drafts, and ten times as many."""
    few, _ = _measured(folder / "few", size)
    many, megabytes = _measured(folder / "many", 10 * size)
    yield Row("drafts", f"{size:,} drafts from {size * ENTRIES:,} entries", few.wall, "s", note=str(few))
    yield Row(
        "drafts",
        f"{10 * size:,} drafts from {10 * size * ENTRIES:,} entries, in times of the former",
        many.wall / few.wall,
        "×",
        MOST_GROWTH,
        f"{many}; in CPU time {many.cpu / few.cpu:.3g} ×",
    )
    yield Row("drafts", "peak memory of the same", megabytes, "MB", MOST_MEGABYTES)


def _measured(home: Path, size: int) -> tuple[Time, float]:
    """Time and peak memory (MB) of drafting for *size* people, in a process of its own."""
    fill(_company(home), size)
    command = [sys.executable, "-m", "tests.bench.drafting", str(home)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], check=True, capture_output=True, text=True)
    found = json.loads(done.stdout)
    assert found["drafts"] == size
    return Time(found["wall"], found["cpu"]), found["megabytes"]


def _company(home: Path) -> Company:
    return Company(Settings(home, f"sqlite:///{home / 'throughline.db'}", home / "workspace", home / "private", today=TODAY))


def fill(company: Company, size: int) -> None:
    """A ledger of *size* people with sixty entries each."""
    store = open_store(company.settings)
    staff = list(persons(size))
    with store.write() as tx:
        people.save(tx, staff)
        cycles.create(tx, CYCLE, PACK.sources)
    members = [person for person in staff if person.takes_part]
    for at in range(0, size, _PEOPLE_AT_ONCE):
        some = members[at : at + _PEOPLE_AT_ONCE]
        with store.write() as tx:
            ledger.save_goals(tx, [goal for person in some for goal in _goals(person)])
            entries = [entry for person in some for entry in _entries(person)]
            ledger.append(tx, entries)
            points = [(entry, entry.figure) for entry in entries]
            ledger.add_goal_values(tx, [GoalValue(f.goal_id, e.happened_on, f.value, e.id) for e, f in points if f])
    store.close()


def _goals(person: Person) -> Iterator[Goal]:
    for number in range(_GOALS):
        yield Goal(
            f"{person.id}-{number}",
            person.id,
            CYCLE.id,
            f"{CYCLE.id}/{person.id}/goal-sheet",
            f"g{number}",
            f"Bring the time to answer in area {number} down",
            number,
            start=20.0,
            target=10.0,
            now=20.0 - 2 * (_POINTS - 1),
            unit="number",
            status="on track",
            updated=_day(_POINTS - 1, _POINTS),
        )


def _entries(person: Person) -> Iterator[Entry]:
    """Goals with their values, notes over the half-year by person and manager, some of them the manager's own."""
    for number in range(_GOALS):
        base = _entry(person, f"goal{number}", f"Bring the time to answer in area {number} down", CYCLE.start)
        base = replace(
            base, kind=EntryKind.GOAL, artifact_key=f"{CYCLE.id}/{person.id}/goal-sheet", anchor=f"row:g{number}/goal"
        )
        yield base
        for point in range(_POINTS):
            value = 20.0 - 2 * point
            yield replace(
                base,
                id=f"{base.id}-{point}",
                kind=EntryKind.GOAL_VALUE,
                text=f"{value:g}",
                anchor=f"row:g{number}/now",
                happened_on=_day(point, _POINTS),
                figure=Figure(f"{person.id}-{number}", "now", value, "number"),
            )
    notes = ENTRIES - _GOALS * (1 + _POINTS)
    for number in range(notes):
        text = f"{_SENTENCES[number % len(_SENTENCES)]} ({number})"
        note = _entry(person, f"note{number}", text, _day(number, notes))
        own = replace(note, kind=_KINDS[number % len(_KINDS)], by=person.id if number % 3 else person.reporting[0].manager_id)
        if number < notes - _PRIVATE:
            yield own
        else:
            yield replace(
                note,
                kind=EntryKind.MANAGER_NOTE,
                by=person.reporting[0].manager_id,
                visibility=Visibility.MANAGER_PRIVATE,
                artifact_key=f"{CYCLE.id}/{person.id}/manager-notes/{person.reporting[0].manager_id}",
            )


def _entry(person: Person, id_: str, text: str, day: date) -> Entry:
    return Entry(
        f"{person.id}-{id_}",
        person.id,
        person.id,
        EntryKind.NOTE,
        text,
        Visibility.SHARED,
        day,
        datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
        f"{CYCLE.id}/{person.id}/check-in/{day:%Y-%m}-01",
        "notes",
        "Notes",
    )


def _day(number: int, count: int) -> date:
    """Day *number* of *count* spread over the cycle until today."""
    return CYCLE.start + timedelta(days=number * (TODAY - CYCLE.start).days // count)


def peak_megabytes() -> float:
    """The most memory that this process held. Linux tells it for the program alone; elsewhere its parent's may be in it."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    except (OSError, StopIteration):
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1024**2


def draft_all(home: Path) -> dict[str, float]:
    """Draft everybody's review, as `throughline draft --all` does."""
    company = _company(home)
    desk = service.open_desk(company.store, CYCLE.id)
    staff = [one for one in company.people if one.active(company.today) and one.takes_part]

    def everybody() -> int:
        made = [len(make_drafts(company, desk, some)[0]) for some in in_batches(staff)]
        return sum(made)

    count, took = timed(everybody)
    return {"wall": took.wall, "cpu": took.cpu, "megabytes": peak_megabytes(), "drafts": count}


if __name__ == "__main__":
    print(json.dumps(draft_all(Path(sys.argv[1]))))
