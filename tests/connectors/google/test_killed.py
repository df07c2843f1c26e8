"""`kill -9` while a call to Google is under way: the next run makes it good."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from addon.company import Company
from addon.connections.google_commands import connect_google
from addon.settings import load
from connectors.emulator.clock import RealClock
from connectors.emulator.serving import served
from connectors.google.emulator.app import create_emulator
from connectors.google.layout import FOLDER_KEY, KEY
from tests.connectors.google import victim
from tests.connectors.google.house import DOMAIN, DRIVE, House, email, seed
from tests.journeys.desk import Desk

DAY = "2026-02-02"
PEOPLE = {email(name): name.title() for name in ("hr", "ada", "bo")}
LIST = "id,name,email,manager_email,team,role,work_mode,access\n" + "".join(
    f"{number},{name},{address},{'' if name == 'Hr' else email('hr')},Team,engineer,office,{'hr' if name == 'Hr' else 'none'}\n"
    for number, (address, name) in enumerate(PEOPLE.items(), 1)
)
#: A clean process that has everything imported and forks for each kill.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.connectors.google.victim", "addon.cli", "connectors.google.workspace"])


@dataclass
class Reaper:
    """The emulator, which kills the process that calls it at a call of that *number*: before carrying it out, or *after*."""

    app: Flask
    number: int
    after: bool
    pid: int = 0
    calls: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def extensions(self) -> dict[str, Any]:
        """Those of the application."""
        return self.app.extensions

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer, unless there is nobody left to be answered."""
        with self._lock:
            self.calls += bool(self.pid)
            now = bool(self.pid) and self.calls == self.number
            if now and not self.after:
                self._kill()
        if now and not self.after:
            start_response("204 NO CONTENT", [])
            return []
        answer = list(self.app(environ, start_response))
        if now:
            self._kill()
        return answer

    def _kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)


@contextmanager
def _company(folder: Path, number: int, after: bool) -> Iterator[tuple[Desk, House, Reaper]]:
    """Three people, connected to a Google that kills at a call."""
    app = create_emulator(clock=RealClock(), seed=seed(PEOPLE))
    reaper = Reaper(app, number, after)
    with served(reaper) as url:
        house = House(app, url, None)
        desk = Desk(folder, DAY)
        desk.ok("init", "--organisation", "Acme", "--admin-name", "Admin", "--admin-email", "admin@example.org")
        desk.ok("people", "import", desk.csv("people.csv", LIST))
        desk.ok("cycle", "create", "2026-h1", "--start", "2026-01-01", "--end", "2026-06-30")
        company = Company(load(folder, {}))
        connect_google(company, house.key_file(), DRIVE, {"domain": DOMAIN, "quota": "off", "api": url, "settle": 0.2})
        company.close()
        yield desk, house, reaper


def _outcome(desk: Desk, reaper: Reaper, commands: Sequence[Sequence[str]]) -> int:
    """How the process ended that did *commands*, 0 or the signal's number below it."""
    process = PROCESSES.Process(target=victim.run, args=(str(desk.home), DAY, commands))
    process.start()
    reaper.pid = process.pid or 0
    process.join()
    reaper.pid = 0
    return int(process.exitcode or 0)


def _standing(house: House) -> Counter[str]:
    """The keys of everything in the drive outside of the bin, whatever our side believes."""
    found: Counter[str] = Counter()
    for file in house.google.world.files.values():
        if file.drive == DRIVE and file.id != DRIVE and not file.trashed:
            own = next(iter(file.app_properties.values()), {})
            found[own.get(KEY) or own.get(FOLDER_KEY) or file.name] += 1
    return found


def _killed_at(folder: Path, number: int, after: bool) -> bool:
    """Kill the program at its call of that *number*, run it again, and look. Whether it came that far at all."""
    with _company(folder, number, after) as (desk, house, reaper):
        planned = desk.json("plan")
        ended = _outcome(desk, reaper, [("apply", "--plan", planned["hash"]), ("sync",)])
        assert ended in (0, -signal.SIGKILL), ended
        desk.ok("apply", "--plan", desk.json("plan")["hash"])
        assert {kind for kind, count in desk.json("plan")["counts"].items() if count} == {"unchanged"}
        standing = _standing(house)
        assert set(standing.values()) == {1}, standing
        assert "Access is as it should be" in desk.ok("audit")
        notes = next(one for one in house.google.world.documents if house.google.world.files[one].name == "Notes – Ada")
        house.person(email("hr")).types(notes, "What happened", "2026-02-01 Finished the move")
        desk.ok("sync")
        assert desk.texts(email("ada")) == ["2026-02-01 Finished the move"]
        return ended != 0


@pytest.mark.parametrize(("number", "after"), [(12, True), (31, False)], ids=["after a call", "before a call"])
def test_killed_at_a_call_and_run_again(tmp_path: Path, number: int, after: bool) -> None:
    """Whatever was under way: exactly one of each, shared with whom it is for, and every word read once."""
    assert _killed_at(tmp_path, number, after)


@pytest.mark.soak
@pytest.mark.parametrize("after", [False, True], ids=["before the call", "after the call"])
def test_killed_at_every_call(tmp_path: Path, after: bool) -> None:
    """The whole sweep, sign-in, listing, folders, grants, files and reading included."""
    number = 1
    while _killed_at(tmp_path / str(number), number, after):
        number += 1
    assert number > 30
