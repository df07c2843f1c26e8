"""`kill -9` at every write point of apply, sync, drafting into documents and release: the next run makes it good."""

from __future__ import annotations

import multiprocessing
import re
import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from addon.people.importing import import_goals
from connectors.people.csv_file import GoalRow
from sync.review.service import Released
from templates.shapes import Kind
from tests.journeys import acting, victim
from tests.journeys.office import CYCLE, Office, office_in
from tests.sync.pull.conservation import assert_ledger_conserves

SAMPLE = 6
FEBRUARY, REVIEW = date(2026, 2, 2), date(2026, 6, 10)
#: A clean process that has everything imported and forks for each kill; a fork of the test's own would carry its threads.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.journeys.victim", "addon.cli"])


@dataclass(frozen=True)
class Scene:
    """Where a verb begins: a home, a day; and how it looks when the verb was never disturbed."""

    verb: str
    home: Path
    today: date
    settled: tuple[object, ...]
    points: tuple[str, ...]


def killed(verb: str, home: Path, today: date, number: int) -> list[str] | None:
    """Run *verb* in a process of its own; None when it was killed, else the write points that it passed."""
    here, there = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=victim.run, args=(verb, str(home), str(today), number, there))
    process.start()
    there.close()
    try:
        points: list[str] = here.recv()
    except EOFError:
        points = []
    here.close()
    process.join()
    assert process.exitcode == (0 if points else -signal.SIGKILL), process.exitcode
    process.close()
    return points or None


# ---------------------------------------------------------------- the scenes


def first_apply(office: Office) -> None:
    """Nothing is provisioned yet."""


def later_apply(office: Office) -> None:
    """Sheets stand, people wrote, new goals were imported, and the next check-ins are due."""
    office.apply()
    acting.write(office.file("ada", Kind.CHECK_IN, "2026-01-01"), "wins", "The release went out on time.")
    acting.set_goal(office.file("ada", Kind.GOAL_SHEET), "Goal 2", {"Comment": "Two customers said so."})
    office.sync()
    office.today = FEBRUARY
    import_goals(
        office.company(), [GoalRow(2, f"{who}@example.org", "A new goal", target=5.0) for who in ("ada", "ben")], CYCLE
    )


def people_wrote(office: Office) -> None:
    """In documents, in sheets, in a copy; a file was moved and one deleted."""
    office.apply()
    office.sync()
    check_in = office.file("ada", Kind.CHECK_IN, "2026-01-01")
    acting.write(check_in, "wins", "The release went out on time.", "Nobody had to work late.", by="Ada Brandt")
    acting.fill_row(check_in, "actions", {"Action": "Ask support for numbers", "Who": "Ada"})
    acting.under_own_heading(check_in, "By the way", "The office is too cold.")
    acting.write(office.file("ben", Kind.QUICK_NOTES), "notes", "2026-01-03 helped with the migration.")
    acting.write(office.file("ada", Kind.MANAGER_NOTES, "ben"), "notes", "Ada seems tired.")
    sheet = office.file("ada", Kind.GOAL_SHEET)
    acting.set_goal(sheet, "Goal 1", {"Now": 4.0, "Comment": "Half-way."})
    acting.sort_goals(sheet)
    copy = acting.free_copy_name(check_in)
    shutil.copy(check_in, copy)
    acting.write(copy, "blockers", "Written in the copy only.")
    office.file("ben", Kind.GOAL_SHEET).rename(sheet.with_name("Ben's goals.xlsx"))
    office.file("boss", Kind.QUICK_NOTES).unlink()


def review_time(office: Office) -> None:
    """Evidence enough for drafts; the review documents stand and are empty."""
    office.apply()
    office.sync()
    for number, month in enumerate(("2026-02-02", "2026-03-02", "2026-04-01", "2026-05-01")):
        office.today = date.fromisoformat(month)
        office.apply()
        path = office.file("ada", Kind.CHECK_IN, month)
        acting.write(path, "wins", f"Helped the team ship release {number} on time.", by="Ada Brandt")
        acting.write(path, "feedback", f"You explained step {number} clearly to the customer.", by="Ben Ahmadi")
        acting.set_goal(office.file("ada", Kind.GOAL_SHEET), "Goal 1", {"Now": 2.0 + number})
        office.sync()
    office.today = REVIEW
    office.apply()
    office.sync()


def review_finished(office: Office) -> None:
    """The draft stands in the review document and Ben wrote his summary."""
    review_time(office)
    office.push()
    acting.write(office.file("ada", Kind.MANAGER_REVIEW, "ben"), "summary", "A steady half-year, thank you.", by="Ben Ahmadi")
    office.sync()


def again(office: Office, verb: str) -> None:
    """What a person or a scheduler runs next, after a kill or not."""
    if verb == "release":
        assert isinstance(office.release("ada", "ben"), Released)
    elif verb == "push":
        office.push()
    office.apply()
    office.sync()
    if verb == "apply":
        office.apply()


def state(office: Office) -> tuple[object, ...]:
    """All that has to come out the same: files with key, place and words; the ledger; goals' rows; actions; nothing to do."""
    names = sorted((acting.key_of(path), str(path.relative_to(office.home))) for path in office.files())
    words = {str(path.relative_to(office.home)): _settled(acting.words_in(path)) for path in office.files()}
    ledger = sorted((one.about, one.by, one.kind, one.text, one.anchor, str(one.happened_on)) for one in office.entries())
    actions = [(one.text, one.origin_key, one.closed_on) for one in office.actions("ada")]
    linked = sorted((key, one.ref) for key, one in office.recorded().items())
    return names, words, ledger, actions, linked


def _settled(words: str) -> str:
    """Without the keys that each run draws for new rows."""
    return re.sub(r"\b[ga][0-9a-z]{5,8}\b", "KEY", words)


SCENES: dict[str, tuple[str, Callable[[Office], None]]] = {
    "the first apply": ("apply", first_apply),
    "a later apply": ("apply", later_apply),
    "a sync": ("sync", people_wrote),
    "drafts into documents": ("push", review_time),
    "a release": ("release", review_finished),
}


@pytest.fixture(scope="module", params=list(SCENES))
def scene(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A verb's beginning, its write points, and the undisturbed outcome."""
    verb, prepare = SCENES[request.param]
    base = tmp_path_factory.mktemp("scene")
    office = office_in(base / "start")
    prepare(office)
    office.close()
    whole = office_in(base / "whole", base / "start", office.today)
    points = killed(verb, whole.home, whole.today, 10**6)
    assert points
    again(whole, verb)
    settled = state(whole)
    whole.close()
    return Scene(verb, base / "start", office.today, settled, tuple(points))


def converges(scene: Scene, home: Path, number: int) -> None:
    """Killed at that point and run again, all is as if nothing had happened."""
    office = office_in(home, scene.home, scene.today)
    assert killed(scene.verb, home, scene.today, number) is None, "it was not killed"
    again(office, scene.verb)
    where = f"killed at {number}, {scene.points[number]}"
    assert office.left_behind() == [], where
    assert state(office) == scene.settled, where
    assert office.plan().writing == (), where
    assert office.sync().quiet, where
    assert_ledger_conserves(office.store, "folder")
    office.close()
    shutil.rmtree(home)


def spread(count: int, sample: int) -> Iterator[int]:
    """*sample* numbers below *count*, evenly, the first and the last among them."""
    yield from sorted({round(step * (count - 1) / max(1, sample - 1)) for step in range(min(sample, count))})


def test_a_kill_at_any_write_point_is_made_good(scene: Scene, tmp_path: Path) -> None:
    """One artifact per key, no torn file, no temporary file, no entry twice, none missing, nothing left to do."""
    for number in spread(len(scene.points), SAMPLE):
        converges(scene, tmp_path / str(number), number)


@pytest.mark.soak
def test_a_kill_at_every_write_point_is_made_good(scene: Scene, tmp_path: Path) -> None:
    """The same at all of them."""
    for number in range(len(scene.points)):
        converges(scene, tmp_path / str(number), number)
