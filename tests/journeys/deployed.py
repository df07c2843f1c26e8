"""The program as a platform starts it: by the platform's own file, on a machine whose disks cannot be written."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import yaml

from tests.journeys.served import Process, end, free_port

TREE = Path(__file__).parents[2]
#: A machine of its own: the tree where it is, `/opt/throughline` as docs/deploy-linux.md makes it, and nothing can be written
#: but $STATE, which is also the service's own folder, and /tmp, as App Engine and the units have it.
MACHINE = """
set -e
mount --make-rprivate /
mount -t tmpfs none /opt && mkdir /opt/throughline && ln -s "$PREFIX" /opt/throughline/.venv && mount -o remount,bind,ro /opt
mount --bind /tmp /tmp && mount --bind "$STATE" "$STATE"
mount -t tmpfs none /var/lib && mkdir /var/lib/throughline && mount --bind "$STATE" /var/lib/throughline
mount -o remount,bind,ro /var/lib
mount --bind "$TREE" "$TREE" && mount -o remount,bind,ro "$TREE"
mount -o remount,bind,ro /
cd "$TREE"
unset PREFIX STATE TREE
exec "$@"
"""


def _apart() -> list[str]:
    return ["unshare", *(() if os.geteuid() == 0 else ("--user", "--map-root-user")), "--mount"]


@cache
def can_make_machines() -> bool:
    """Whether this user may give a process disks of its own. Linux, as root or with user namespaces."""
    if sys.platform != "linux" or shutil.which("unshare") is None:
        return False
    with TemporaryDirectory() as state:
        return on_machine(Path(state), ["true"], {}, Path(state) / "log").wait(30) == 0


def on_machine(state: Path, words: list[str], environment: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
    """A process on such a machine, with that environment and no other."""
    ours = {"PREFIX": sys.prefix, "STATE": str(state), "TREE": str(TREE)}
    given = {"PATH": f"{Path(sys.executable).parent}:/usr/sbin:/usr/bin:/sbin:/bin", **environment, **ours}
    with log.open("wb") as into:
        return subprocess.Popen(
            [*_apart(), "sh", "-c", MACHINE, "sh", *words], env=given, stdout=into, stderr=into, start_new_session=True
        )


@dataclass(frozen=True)
class Entry:
    """How one process is started: a line for a shell, and what its file puts into the environment."""

    line: str
    environment: Mapping[str, str]


def app_engine(file: str) -> Entry:
    """What App Engine does with *file*: it replaces a shell by the entrypoint."""
    read = yaml.safe_load((TREE / file).read_text("utf-8"))
    return Entry(f"exec {read['entrypoint']}", read["env_variables"])


def systemd(name: str) -> Entry:
    """What systemd does with the unit of that name."""
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read_string((TREE / "docs/systemd" / name).read_text("utf-8"))
    service = unit["Service"]
    return Entry(f"exec {service['ExecStart']}", dict([service["Environment"].split("=", 1)]))


@contextmanager
def running(entry: Entry, state: Path, given: Mapping[str, str], name: str) -> Iterator[Process]:
    """A process of that entry, told its port as platforms do; ended with SIGTERM."""
    port = free_port()
    log = state / f"{name}.log"
    process = on_machine(state, ["sh", "-c", entry.line], {**entry.environment, "PORT": str(port), **given}, log)
    try:
        yield Process(process, port, log)
    finally:
        end(process)


def fails(entry: Entry, state: Path, given: Mapping[str, str]) -> str:
    """What it says as it ends at once with exit code 2."""
    log = state / "failed.log"
    process = on_machine(state, ["sh", "-c", entry.line], {**entry.environment, **given}, log)
    assert process.wait(60) == 2, log.read_text()
    return log.read_text()


def browser(process: Process) -> httpx.Client:
    """One without a window, at the port of a process."""
    return httpx.Client(base_url=f"http://127.0.0.1:{process.port}", timeout=30, trust_env=False)


@dataclass(frozen=True)
class Visitor:
    """Somebody with a browser."""

    web: httpx.Client

    def form(self, path: str, page: str) -> httpx.Response:
        """Press the button of a form on *page*."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.web.get(page).text)
        assert found is not None, page
        return self.web.post(path, data={"csrf_token": found[1]})

    def sign_in(self, link: str) -> None:
        """Use a link."""
        path = httpx.URL(link.strip()).path
        assert self.form(path, path).status_code == 303
