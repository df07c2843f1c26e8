"""Everything goes wrong now and then, and nothing is made twice, missing or lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from addon.evidence.commands import run_sync
from addon.provisioning.planning import carry_out, keep, make_plan
from addon.terminal import BadInput
from connectors.emulator.faults import Fault
from connectors.google.emulator.app import provider_of
from connectors.google.emulator.store import File
from connectors.google.layout import FOLDER, FOLDER_KEY, KEY
from connectors.workspace import Grants, WorkspaceError
from sync.store.queries import artifacts, ledger
from tests.bench.google import ROOT, InProcess, Rehearsal

SHARE = 0.05
KINDS = ("429", "500", "503", "503_after_commit", "timeout", "timeout_after_commit", "reset", "reset_after_commit")
STALE = 4.0
"""Seconds that searches lag behind; less than the time that the connector gives Drive to settle."""
WORDS = "Shipped number"


def _storm(rehearsal: Rehearsal, seed: int) -> None:
    """Each kind of fault meets a share of all calls, two of them as Drive's 403, and searches are always a little old."""
    faults = rehearsal.emulator.faults
    for number, kind in enumerate(KINDS):
        faults.arm(Fault(kind, probability=SHARE, seed=seed + number, seconds=2.0))
    for number, reason in enumerate(("userRateLimitExceeded", "sharingRateLimitExceeded")):
        faults.arm(Fault("429", probability=SHARE / 2, seed=seed + 50 + number, reason=reason))
    faults.arm(Fault("stale_reads", operation="drive.files.list", seconds=STALE))


def _until_done(work: Callable[[], bool], tries: int = 12) -> None:
    """As somebody would who is told to try again."""
    for _ in range(tries):
        try:
            if work():
                return
        except (WorkspaceError, BadInput):
            continue
    raise AssertionError("it does not converge")


def _standing(rehearsal: Rehearsal) -> list[File]:
    """Everything in the emulated drive outside of the bin, whatever our side believes."""
    world = provider_of(rehearsal.app).world
    return [file for file in world.files.values() if file.drive == ROOT and file.id != ROOT and not file.trashed]


def _own(file: File, name: str) -> str:
    return next((pairs[name] for pairs in file.app_properties.values() if name in pairs), "")


def _each_exactly_once(rehearsal: Rehearsal) -> None:
    """A file for each artifact, a folder for each place: none is missing, none there twice; and every folder is shared."""
    files = _standing(rehearsal)
    keys = Counter(_own(file, KEY) or _own(file, FOLDER_KEY) for file in files)
    assert [key for key, count in keys.items() if count != 1] == []
    assert sum(file.mime != FOLDER for file in files) == len(rehearsal.refs())
    homes = [file for file in files if _own(file, FOLDER_KEY).startswith("home/")]
    assert [file.name for file in homes if not file.permissions] == []


def weather(folder: Path, people: int, seed: int) -> None:
    """Provision and sync *people* in a storm; then see what stands and what was read."""
    rehearsal = Rehearsal(folder, people, quota=False)
    company = rehearsal.company
    _storm(rehearsal, seed)

    def provision() -> bool:
        rehearsal.reopen()
        planned = make_plan(company)
        if not planned.plan.writing:
            return True
        keep(company, planned)
        list(carry_out(company, planned.cycle.id, planned.plan))
        return False

    _until_done(provision)
    assert rehearsal.emulator.faults.shown()[3]["struck"] > 0
    rehearsal.emulator.faults.clear()
    _each_exactly_once(rehearsal)
    with company.store.read() as tx:
        assert artifacts.open_intents(tx, "google") == {}
    rehearsal.clock.advance(600)
    typed = rehearsal.people_type(0.34, f"{WORDS} {{number:05}}.")
    _storm(rehearsal, seed + 100)

    def sync() -> bool:
        rehearsal.reopen()
        report = run_sync(company)
        return not report.failed and not report.still_failing

    _until_done(sync)
    rehearsal.emulator.faults.clear()
    assert run_sync(company).unlinked == ()
    with company.store.read() as tx:
        keys_read = [one.key for one in artifacts.all_artifacts(tx, "google")]
        found = [entry.text for entries in ledger.of_artifacts(tx, keys_read).values() for entry in entries]
    numbers = sorted(int(match[1]) for text in found if (match := re.fullmatch(rf"{WORDS} (\d+)\.", text)))
    assert numbers == list(range(typed))
    company.close()


def test_a_storm_over_eight_people(tmp_path: Path) -> None:
    """Five in a hundred of every fault, old searches throughout: exactly one of each, every word once."""
    weather(tmp_path, 8, 1)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1, 4))
def test_a_storm_over_a_hundred_people(tmp_path: Path, seed: int) -> None:
    """The same at the size of a company."""
    weather(tmp_path, 100, 1000 * seed)


# ---------------------------------------------------------------- killed anywhere


class Killed(BaseException):
    """The process is gone: nothing of ours runs any more, not even what clears up."""


def _killed_at(folder: Path, number: int, after: bool, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Kill the program at its call of that *number*, run it again, and look. Whether it came that far at all."""
    rehearsal = Rehearsal(folder, 3, quota=False)
    company = rehearsal.company
    real, calls = InProcess.send, 0

    def sent(self: InProcess, request: requests.PreparedRequest, *given: object, **more: object) -> requests.Response:
        nonlocal calls
        calls += 1
        if calls == number and not after:
            raise Killed
        answer = real(self, request, *given, **more)
        if calls == number:
            raise Killed
        return answer

    rehearsal.company.workspace._crew.size = 1  # type: ignore[attr-defined]
    planned = make_plan(company)
    keep(company, planned)
    died = False
    with monkeypatch.context() as patched:
        patched.setattr(InProcess, "send", sent)
        try:
            list(carry_out(company, planned.cycle.id, planned.plan))
            run_sync(company)
        except Killed:
            died = True
    rehearsal.reopen()
    again = make_plan(company)
    keep(company, again)
    list(carry_out(company, again.cycle.id, again.plan))
    assert make_plan(company).plan.writing == ()
    _each_exactly_once(rehearsal)
    assert [drift.reason for drift in company.workspace.audit(_meant(rehearsal))] == []
    run_sync(company)
    company.close()
    return died


def _meant(rehearsal: Rehearsal) -> dict[str, Grants]:
    with rehearsal.company.store.read() as tx:
        known = artifacts.all_artifacts(tx, "google")
    return {one.ref: Grants(one.writers, one.readers) for one in known}


@pytest.mark.parametrize(("number", "after"), [(3, False), (16, True), (40, False)], ids=["before 3", "after 16", "before 40"])
def test_killed_at_a_call_and_run_again(tmp_path: Path, number: int, after: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was under way: exactly one of each, shared with whom it is for."""
    assert _killed_at(tmp_path, number, after, monkeypatch)


@pytest.mark.soak
@pytest.mark.parametrize("after", [False, True], ids=["before the call", "after the call"])
def test_killed_at_every_call(tmp_path: Path, after: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole sweep, up to a number of calls that a run does not reach."""
    number = 1
    while _killed_at(tmp_path / str(number), number, after, monkeypatch):
        number += 1
    assert number > 30
