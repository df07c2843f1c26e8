"""Everything goes wrong now and then, and nothing is made twice, missing or lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from addon.evidence.commands import run_sync
from addon.provisioning.planning import carry_out, keep, make_plan
from addon.terminal import BadInput
from connectors.emulator.faults import Fault
from connectors.workspace import WorkspaceError
from sync.store.queries import artifacts, ledger
from tests.bench.notion import Rehearsal
from tests.connectors.notion.standing import each_exactly_once

SHARE = 0.05
KINDS = ("429", "529", "500", "503", "503_after_commit", "timeout", "timeout_after_commit", "reset", "reset_after_commit")
STALE = 4.0
"""Seconds that queries lag behind; less than the time that the connector gives Notion to settle."""
WORDS = "Shipped number"


def _storm(rehearsal: Rehearsal, seed: int) -> None:
    """Each kind of fault meets a share of all calls, and reads are always a little old."""
    for number, kind in enumerate(KINDS):
        seconds = 70.0 if kind == "429" else 2.0  # the limit of a workspace may ask for more than a minute
        rehearsal.emulator.faults.arm(Fault(kind, probability=SHARE, seed=seed + number, seconds=seconds))
    rehearsal.emulator.faults.arm(Fault("stale_reads", operation="data_sources.query", seconds=STALE))


def _until_done(work: object, tries: int = 12) -> None:
    """As somebody would who is told to try again."""
    for _ in range(tries):
        try:
            assert callable(work)
            if work():
                return
        except (WorkspaceError, BadInput):
            continue
    raise AssertionError("it does not converge")


def weather(folder: Path, people: int, seed: int) -> None:
    """Provision and sync *people* in a storm; then see what stands and what was read."""
    rehearsal = Rehearsal(folder, people)
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
    each_exactly_once(rehearsal)
    with company.store.read() as tx:
        assert artifacts.open_intents(tx, "notion") == {}
        refs = [one.ref for one in artifacts.all_artifacts(tx, "notion") if "goal-sheet" not in one.ref]
    rehearsal.clock.advance(600)
    typed = refs[::3]
    for number, ref in enumerate(typed):
        rehearsal.types(ref, f"{WORDS} {number:05}.")
    _storm(rehearsal, seed + 100)

    def sync() -> bool:
        rehearsal.reopen()
        report = run_sync(company)
        return not report.failed and not report.still_failing

    _until_done(sync)
    rehearsal.emulator.faults.clear()
    rehearsal.clock.advance(24 * 3600)
    assert run_sync(company).unlinked == ()
    with company.store.read() as tx:
        keys_read = [one.key for one in artifacts.all_artifacts(tx, "notion")]
        found = [entry.text for entries in ledger.of_artifacts(tx, keys_read).values() for entry in entries]
    numbers = sorted(int(match[1]) for text in found if (match := re.fullmatch(rf"{WORDS} (\d+)\.", text)))
    assert numbers == list(range(len(typed)))
    company.close()


def test_a_storm_over_thirty_people(tmp_path: Path) -> None:
    """Five in a hundred of every fault, old reads throughout: exactly one row for each, every word once."""
    weather(tmp_path, 30, 1)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1, 4))
def test_a_storm_over_five_hundred_people(tmp_path: Path, seed: int) -> None:
    """The same at the size of a company."""
    weather(tmp_path, 500, 1000 * seed)
