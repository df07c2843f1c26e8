"""`throughline serve`, `web` and `worker` as real processes: started, asked, killed at random moments, ended."""

from __future__ import annotations

import random
import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from addon.company import Company
from addon.jobs.asking import ask
from addon.people.importing import import_goals
from addon.provisioning.planning import keep, make_plan
from addon.settings import Settings
from connectors.people.csv_file import GoalRow
from sync import engine
from sync.jobs import Job, State
from sync.store.queries import jobs, ledger
from templates.shapes import Kind
from tests.journeys import acting
from tests.journeys.office import ADA, BEN, BOSS, CYCLE, Office, office_in
from tests.journeys.served import Process, ended, started, wait_for

SIGNALS = (signal.SIGHUP, signal.SIGTERM, signal.SIGKILL)
WORKERS = (ADA, BEN)


@pytest.fixture(scope="module")
def provisioned_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company of three, provisioned and read once."""
    office = office_in(tmp_path_factory.mktemp("served") / "home")
    office.apply()
    office.sync()
    office.close()
    return office.home


@pytest.fixture
def office(provisioned_office: Path, tmp_path: Path) -> Iterator[Office]:
    """A copy of it."""
    copy = office_in(tmp_path / "home", provisioned_office, date(2026, 1, 1))
    yield copy
    copy.close()
    engine.let_go()


def a_round(office: Office, number: int) -> list[str]:
    """Something new to provision, to read and to draft; the ids of the jobs that do it."""
    company = office.company()
    import_goals(company, [GoalRow(2, one.email, f"New goal {number}", target=5.0) for one in WORKERS], CYCLE)
    planned = make_plan(company, CYCLE.id)
    keep(company, planned)
    acting.write(office.file("ada", Kind.QUICK_NOTES), "notes", f"2026-01-03 helped with migration {number}.")
    return [
        ask(company, Job.APPLY, planned.plan.hash),
        ask(company, Job.SYNC),
        ask(company, Job.DRAFT, CYCLE.id),
    ]


def nothing_twice(office: Office, rounds: int) -> None:
    """After a last look: each goal and each note once, one file for each key, nothing left to do."""
    office.apply()
    office.sync()
    with office.store.read() as tx:
        goals = Counter((one.person_id, one.title) for one in ledger.goals(tx, CYCLE.id) if not one.removed)
    for number in range(rounds):
        for one in WORKERS:
            assert goals[one.id, f"New goal {number}"] == 1, (one.id, number)
    told = Counter(one.text for one in office.entries() if "helped with migration" in one.text)
    assert set(told.values()) == {1}, told
    said = "\n".join(told)
    assert all(f"migration {number}." in said for number in range(rounds)), said
    assert office.left_behind() == []
    assert set(Counter(acting.key_of(path) for path in office.files()).values()) == {1}
    assert office.plan().writing == ()
    assert office.sync().quiet


def survives(office: Office, rounds: int, seed: int) -> None:
    """In each round jobs are asked for, then web server and worker get the next signal at a random moment."""
    dice = random.Random(seed)
    company = office.company()
    with started("serve", office.settings) as process:
        wait_for(process.is_ready, 30, "it is ready")
        asked: list[str] = []
        for number in range(rounds):
            asked += a_round(office, number)
            for child in dice.sample(("web", "worker"), 2):
                wait_for(lambda: True, 1, "")
                pause(dice)
                process.hit(child, SIGNALS[number % len(SIGNALS)])
        found = ended(company, list(dict.fromkeys(asked)))
        wait_for(process.is_ready, 60, "it is ready again")
    assert {one.state for one in found} == {State.DONE}, [(one.id, one.message) for one in found]
    nothing_twice(office, rounds)


def pause(dice: random.Random) -> None:
    """Up to a second and a half, in which any of the jobs may be under way."""
    import time

    time.sleep(dice.uniform(0.0, 1.5))


def test_every_job_ends_and_nothing_is_done_twice_whatever_is_killed(office: Office) -> None:
    """HUP, TERM and -9 of the web server and of the worker, twice each, at random moments."""
    survives(office, rounds=2 * len(SIGNALS), seed=7)


@pytest.mark.soak
def test_every_job_ends_after_twenty_of_each_kill(office: Office) -> None:
    """The same, twenty times each."""
    survives(office, rounds=20 * len(SIGNALS), seed=20)
