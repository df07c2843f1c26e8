"""Many files are read by several processes, and nobody sees a difference but in the time."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from connectors.folder.reading import CHUNK, Wanted, read_all
from connectors.workspace import Failed, Snapshot
from tests.connectors.folder_verbs import at, folder, made
from tests.connectors.samples import CHECK_IN, GOALS, check_in, sheet

FILES = 5 * CHUNK


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Wanted]]:
    """A folder of sheets and check-ins: one cut off, one missing, one asked for as what it is not, one outside."""
    base = tmp_path_factory.mktemp("many")
    items = [
        sheet(f"c/p{n}/goal-sheet", f"Goals {n}") if n % 2 else check_in(f"c/p{n}/check-in", f"Talk {n}") for n in range(FILES)
    ]
    refs = made(folder(base), *items)
    at(base, refs[3]).write_bytes(at(base, refs[3]).read_bytes()[:400])
    at(base, refs[21]).unlink()
    found: list[Wanted] = [(ref, GOALS if n % 2 else CHECK_IN) for n, ref in enumerate(refs)]
    found[30] = (refs[30], GOALS)
    found[31] = ("shared/../elsewhere.xlsx", GOALS)
    return base, found


def roots(base: Path) -> dict[str, Path]:
    """The two roots of the folder."""
    return {"shared": base / "team", "private": base / "managers"}


def test_many_files_are_read_as_few_are(wanted: tuple[Path, list[Wanted]]) -> None:
    """In their order, the same snapshots and the same sentences for what cannot be read."""
    base, those = wanted
    few = list(read_all(those, roots(base), many=FILES + 1))
    assert list(read_all(those, roots(base), many=FILES, processes=2)) == few
    assert [number for number, one in enumerate(few) if isinstance(one, Failed)] == [3, 21, 30, 31]


def test_a_reader_that_is_killed_costs_no_file(wanted: tuple[Path, list[Wanted]]) -> None:
    """What it leaves unread is read here."""
    base, those = wanted
    reading = read_all(those, roots(base), many=1, processes=2)
    first = next(reading)
    for number in readers():
        os.kill(number, signal.SIGKILL)
    found = [first, *reading]
    assert [one.subject if isinstance(one, Failed) else one.ref for one in found] == [ref for ref, _ in those]
    assert sum(isinstance(one, Snapshot) for one in found) == FILES - 4
    assert readers() == []


def test_readers_end_with_whoever_stops_early(wanted: tuple[Path, list[Wanted]]) -> None:
    """Nothing is left running once nobody wants more."""
    base, those = wanted
    reading = read_all(those, roots(base), many=1, processes=2)
    next(reading)
    assert len(readers()) == 2
    reading.close()  # type: ignore[attr-defined]
    assert readers() == []


def readers() -> list[int]:
    """The processes that read for this one."""
    found = []
    for number in filter(str.isdigit, os.listdir("/proc")):
        try:
            status, command = Path(f"/proc/{number}/stat").read_text(), Path(f"/proc/{number}/cmdline").read_text()
        except OSError:
            continue
        if int(status.rpartition(")")[2].split()[1]) == os.getpid() and "connectors.folder.reading" in command:
            found.append(int(number))
    return found
