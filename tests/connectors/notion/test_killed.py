"""`kill -9` at any call to Notion: the next run makes it good, and there is exactly one of everything."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
from collections import Counter
from pathlib import Path

import pytest

from addon.company import WORKSPACE_SETTING, free_leases
from addon.connections.sealing import sealed
from addon.evidence.commands import run_sync
from addon.provisioning.planning import make_plan
from connectors.emulator.serving import served
from connectors.notion.emulator.seed import ROOT_PAGE
from sync.store.queries import artifacts, connections, ledger, people
from tests.bench.notion import TOKEN, VIEWS, Rehearsal
from tests.connectors.notion import victim
from tests.connectors.notion.standing import each_exactly_once, text_in

PEOPLE = 3
WORDS = "We shipped on Monday"
SAMPLE = (("apply", 9, False), ("apply", 30, True), ("apply", 60, False), ("sync", 14, True))
"""Verb, number of the call, and whether the kill comes after its answer."""
#: A clean process that has everything imported and forks for each kill; a fork of the test's own would carry its threads.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.connectors.notion.victim", "addon.connections.opening"])

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")


def _connected(rehearsal: Rehearsal, url: str) -> None:
    """The connection as another process finds it: the emulator at its address, and nothing to wait for."""
    company = rehearsal.company
    settings = {"parent": ROOT_PAGE, "plan": "off", "api": url, "settle": 0.05, "concurrency": 4}
    with company.store.write() as tx:
        known = connections.get(tx, "notion")
        layout = known.layout if known else ""
        connections.save(tx, connections.Connected("notion", sealed(company.settings, TOKEN), settings, layout, company.now))
        people.set_setting(tx, WORKSPACE_SETTING, "notion")


def _killed(rehearsal: Rehearsal, verb: str, number: int, after: bool) -> bool:
    """Run *verb* in a process of its own; whether it lived long enough to be killed at that call."""
    here, there = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=victim.run, args=(verb, rehearsal.company.settings, number, after, there))
    process.start()
    there.close()
    try:
        calls: int | None = here.recv()
    except EOFError:
        calls = None
    here.close()
    process.join()
    assert process.exitcode == (-signal.SIGKILL if calls is None else 0), process.exitcode
    process.close()
    free_leases(rehearsal.company.store)  # as every command does that opens the database
    return calls is None


def converges(folder: Path, verb: str, number: int, after: bool) -> bool:
    """Kill *verb* at its call of that *number*, run it again, and look. Whether it came that far at all."""
    rehearsal = Rehearsal(folder, PEOPLE)
    company = rehearsal.company
    typed = 0
    if verb == "sync":
        rehearsal.provision()
        rehearsal.clock.advance(600)
        typed = rehearsal.people_type(0.5).total()
    with served(rehearsal.app) as url:
        _connected(rehearsal, url)
        died = _killed(rehearsal, verb, number, after)
        rehearsal.reopen()
        victim.provision(company)
        assert make_plan(company).plan.writing == ()
        run_sync(company)
    pages = each_exactly_once(rehearsal)
    homes = [page for page in pages if not text_in(page, "Home") and not text_in(page, "Sheet")]
    assert len(homes) == PEOPLE
    assert {rehearsal.views_on(page["id"]) for page in homes} == {VIEWS}
    assert _readings(rehearsal) == typed
    company.close()
    return died


def _readings(rehearsal: Rehearsal) -> int:
    """How many documents have the typed words in the ledger, each of them once."""
    with rehearsal.company.store.read() as tx:
        assert artifacts.open_intents(tx, "notion") == {}
        known = [one.key for one in artifacts.all_artifacts(tx, "notion")]
        entries = ledger.of_artifacts(tx, known)
    found = Counter(key for key, own in entries.items() for entry in own if re.fullmatch(WORDS, entry.text))
    assert set(found.values()) <= {1}
    return found.total()


@pytest.mark.parametrize(("verb", "number", "after"), SAMPLE)
def test_killed_at_a_call_and_run_again(tmp_path: Path, verb: str, number: int, after: bool) -> None:
    """Whatever was under way: one row for each artifact, goal and home, homes with all their views, every word once."""
    assert converges(tmp_path, verb, number, after), "it was not killed"


@pytest.mark.soak
@pytest.mark.parametrize("after", [False, True], ids=["before the call", "after its answer"])
@pytest.mark.parametrize(("verb", "fewest"), [("apply", 60), ("sync", 14)])
def test_killed_at_every_call(tmp_path: Path, verb: str, fewest: int, after: bool) -> None:
    """The whole sweep, up to a number of calls that a run does not reach."""
    number = 1
    while converges(tmp_path / str(number), verb, number, after):
        number += 1
    assert number > fewest
