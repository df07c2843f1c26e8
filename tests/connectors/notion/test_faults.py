"""Everything goes wrong now and then, and nothing is made twice, missing or lost."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from addon.evidence.commands import run_sync
from addon.provisioning.planning import carry_out, keep, make_plan
from addon.terminal import BadInput
from connectors.emulator.faults import Fault
from connectors.notion.client import VERSION
from connectors.notion.emulator.provider import ACTING
from connectors.workspace import WorkspaceError
from sync.store.queries import artifacts, ledger
from tests.bench.notion import GOALS_EACH, TOKEN, Rehearsal

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


def _everything(rehearsal: Rehearsal) -> list[dict[str, object]]:
    """All rows that stand in the emulated workspace, whatever our side believes."""
    rehearsal.emulator.faults.clear()
    client, found = rehearsal.app.test_client(), []
    headers = {"Authorization": f"Bearer {TOKEN}", "Notion-Version": VERSION, ACTING: "p1@example.org"}
    for one in rehearsal.company.workspace.databases.layout.databases.values():  # type: ignore[attr-defined]
        cursor = None
        while True:
            body = {"page_size": 100} | ({"start_cursor": cursor} if cursor else {})
            answer = client.post(f"/v1/data_sources/{one.source}/query", json=body, headers=headers).get_json()
            found += answer["results"]
            cursor = answer["next_cursor"]
            if not cursor:
                break
    return found


def _each_exactly_once(rehearsal: Rehearsal, people: int) -> list[dict[str, object]]:
    """A row for each artifact, goal and home: none is missing, none there twice. All rows."""
    pages = _everything(rehearsal)
    keys = Counter((_text(page, "Sheet"), _text(page, "Key"), str(page["parent"])) for page in pages)
    assert [key for key, count in keys.items() if count != 1] == []
    assert len(pages) == rehearsal.rows().total() + people * (GOALS_EACH + 1)
    return pages


def _text(page: dict[str, object], name: str) -> str:
    value = page["properties"].get(name) or {"rich_text": []}  # type: ignore[attr-defined]
    return "".join(piece["plain_text"] for piece in value.get("rich_text", ()))


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
    _each_exactly_once(rehearsal, people)
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


# ---------------------------------------------------------------- killed anywhere


class Killed(BaseException):
    """The process is gone: nothing of ours runs any more, not even what clears up."""


def _killed_at(folder: Path, number: int, after: bool) -> bool:
    """Kill the program at its call of that *number*, run it again, and look. Whether it came that far at all."""
    rehearsal = Rehearsal(folder, 3)
    company = rehearsal.company
    transport = rehearsal.company.workspace.api._client.client._transport  # type: ignore[attr-defined]
    handle, calls = transport.handle_request, 0

    def handled(request: object) -> object:
        nonlocal calls
        calls += 1
        if calls == number and not after:
            raise Killed
        answer = handle(request)
        if calls == number:
            raise Killed
        return answer

    transport.handle_request = handled
    rehearsal.company.workspace._crew.size = 1  # type: ignore[attr-defined]
    planned = make_plan(company)
    keep(company, planned)
    died = False
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
    pages = _each_exactly_once(rehearsal, 3)
    homes = {page["id"] for page in pages if not _text(page, "Home") and not _text(page, "Sheet")}
    for home in homes:
        assert rehearsal.views_on(str(home)) == 3
    run_sync(company)
    company.close()
    return died


@pytest.mark.parametrize("number", [9, 30, 55])
@pytest.mark.parametrize("after", [False, True], ids=["before the call", "after the call"])
def test_killed_at_a_call_and_run_again(tmp_path: Path, number: int, after: bool) -> None:
    """Whatever was under way: exactly one row for each, and homes with all their views."""
    assert _killed_at(tmp_path, number, after)


@pytest.mark.soak
@pytest.mark.parametrize("after", [False, True], ids=["before the call", "after the call"])
def test_killed_at_every_call(tmp_path: Path, after: bool) -> None:
    """The whole sweep, up to a number of calls that a run does not reach."""
    number = 1
    while _killed_at(tmp_path / str(number), number, after):
        number += 1
    assert number > 50
