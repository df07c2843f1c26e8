"""A company that is served: the console and its worker as real processes, which may be killed at any moment."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from addon.company import Company
from addon.settings import Settings
from sync.jobs import Record
from sync.store.queries import jobs

ENDED_WITHIN = 120.0
BUSY = 4.0
"""So many times as long as here may it take on a machine that does other things."""


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def wait_for(is_so: Callable[[], Any], seconds: float, what: str) -> None:
    """Until *is_so*; fails with *what* after so many seconds, and more on a busy machine."""
    end = time.monotonic() + seconds * BUSY
    while not is_so():
        assert time.monotonic() < end, f"{what}: not within {seconds * BUSY:g} s"
        time.sleep(0.1)


@dataclass
class Process:
    """One of the program's own processes."""

    running: subprocess.Popen[bytes]
    port: int
    log: Path

    def children(self) -> dict[str, int]:
        """The process ids of the web server and the worker."""
        names = {}
        for number in Path(f"/proc/{self.running.pid}/task/{self.running.pid}/children").read_text().split():
            try:
                command = Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if len(command) > 2:
                names[command[-2].decode()] = int(number)
        return names

    def hit(self, child: str, number: signal.Signals) -> None:
        """Send a signal to the web server or to the worker, once it is there."""
        wait_for(lambda: child in self.children(), 60, f"{child} is started")
        os.kill(self.children()[child], number)

    def get(self, path: str) -> tuple[int, dict[str, Any]]:
        """What the console answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def is_ready(self) -> bool:
        """Whether everything is there."""
        try:
            return self.get("/readyz")[0] == 200
        except OSError:
            return False

    def lines(self) -> list[dict[str, Any]]:
        """What it logged."""
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines() if line.startswith("{")]


@contextmanager
def started(command: str, settings: Settings, *options: str, port: int = 0) -> Iterator[Process]:
    """`throughline serve`, `worker` or `web` of a home; ended with SIGTERM."""
    port, log = port or free_port(), settings.home / f"{command}-{free_port()}.log"
    given = {"THROUGHLINE_PORT": str(port), "THROUGHLINE_DATABASE_URL": settings.database_url}
    if settings.today:
        given["THROUGHLINE_TODAY"] = str(settings.today)
    with log.open("wb") as into:
        running = subprocess.Popen(
            [sys.executable, "-m", "addon", "--home", str(settings.home), command, *options],
            env={**os.environ, **given},
            stdout=into,
            stderr=into,
            start_new_session=True,
        )
        try:
            yield Process(running, port, log)
        finally:
            end(running)


def end(running: subprocess.Popen[bytes]) -> None:
    """Tell the leader of a session to end; when it does not, end all of it."""
    running.terminate()
    try:
        running.wait(60)
    finally:
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)


def ended(company: Company, ids: list[str]) -> list[Record]:
    """Those jobs, once all of them have ended."""
    found: list[Record | None] = []

    def all_ended() -> bool:
        with company.store.read() as tx:
            found[:] = [jobs.get(tx, job_id) for job_id in ids]
        return all(one is not None and one.state.has_ended for one in found)

    wait_for(all_ended, ENDED_WITHIN, "every job ends")
    return [one for one in found if one is not None]
