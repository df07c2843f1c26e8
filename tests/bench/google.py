"""Google beside what it allows: calls and quota units beside their floors, and virtual minutes under the quotas.

Everything waits on one virtual clock: the limiter, the emulator's windows, and the time that each call takes. What passes on
the wall meanwhile is this machine's work, the emulator's included, and is shown apart.
"""

from __future__ import annotations

import io
import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from flask import Flask
from google.oauth2.credentials import Credentials
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse
from werkzeug.test import Client

from addon.company import Company, open_store
from addon.connections.google_opening import open_google
from addon.connections.sealing import sealed
from addon.evidence.commands import run_sync
from addon.provisioning.planning import approved_plan, carry_out
from addon.settings import Settings
from connectors.emulator.app import DROP, Emulator
from connectors.emulator.clock import VirtualClock
from connectors.google.emulator.app import create_emulator, provider_of
from connectors.google.emulator.seed import ANYBODY
from connectors.google.emulator.store import Principal
from connectors.google.layout import SHEET
from connectors.google.quotas import DOCS_READ, DRIVE, SHEETS_READ, cost_of
from connectors.google.workspace import BATCH, GoogleWorkspace
from sync.store.queries import artifacts, connections, cycles, ledger, people
from tests.bench.company import CYCLE, FIRST, PACK, persons, provision
from tests.bench.notion import CONCURRENCY, FIXED, LATENCY, MOST_CALLS, MOST_WALL, SIZES, WINDOW, goals_of
from tests.bench.table import Row, timed

__all__ = ["SIZES", "Rehearsal", "google"]
ROOT = "0ABenchSharedDrivePVA"
PAGE = 1000
CHANGED = 0.01
"""Share of the documents that people change before the sync that is measured."""
FASTER = 5
"""How many times faster sheets are read than with one read of Sheets a file."""


class InProcess(HTTPAdapter):
    """Calls *app* without a socket. A dropped connection raises what a cut one does."""

    def __init__(self, app: Flask) -> None:
        super().__init__()
        self._client = Client(app)
        self._clock = app.extensions["emulator"].clock

    def send(self, request: requests.PreparedRequest, *given: Any, **more: Any) -> requests.Response:
        """The answer."""
        path = "/" + str(request.url).partition("://")[2].partition("/")[2]
        body = request.body.encode() if isinstance(request.body, str) else request.body or b""
        answer = self._client.open(
            path, method=str(request.method), data=body, headers=list(request.headers.items()), base_url="http://127.0.0.1"
        )
        if drop := answer.request.environ.get(DROP):
            if drop[0] == "timeout":
                self._clock.sleep(drop[1])
                raise requests.exceptions.ReadTimeout("timed out")
            raise requests.exceptions.ConnectionError("Connection reset by peer")
        raw = HTTPResponse(
            body=io.BytesIO(answer.get_data()), status=answer.status_code, headers=dict(answer.headers), preload_content=False
        )
        return self.build_response(request, raw)


@dataclass
class Measured:
    """One run: calls by operation and virtual seconds."""

    calls: Counter[str]
    seconds: float

    @property
    def total(self) -> int:
        """All calls."""
        return self.calls.total()

    def units(self, quota: str = DRIVE.name) -> int:
        """Units used of one quota."""
        return sum(units(operation, quota) * count for operation, count in self.calls.items())


def units(operation: str, quota: str) -> int:
    """What one call takes of *quota*."""
    of, cost = cost_of(operation)
    return cost if of is not None and of.name == quota else 0


class Rehearsal:
    """A company of any size in an emulated Google Workspace, on a virtual clock."""

    def __init__(self, folder: Path, size: int, quota: bool = True) -> None:
        self.size, self.clock = size, VirtualClock()
        staff = [one for one in persons(size) if one.takes_part]
        everybody = {one.email: one.name for one in [*staff, *persons(0)]}
        seed = {
            "domain": "example.org",
            "people": [{"email": email, "name": name} for email, name in everybody.items()],
            "drives": [{"id": ROOT, "name": "Throughline", "members": {ANYBODY: "organizer"}}],
        }
        self.app = create_emulator(quota, seed, self.clock, LATENCY)
        self.emulator: Emulator = self.app.extensions["emulator"]
        home = folder / f"google-{size}"
        self.company = Company(
            Settings(home, f"sqlite:///{home / 'throughline.db'}", home / "workspace", home / "private", today=FIRST)
        )
        open_store(self.company.settings).close()
        with self.company.store.write() as tx:
            people.save(tx, [*persons(0), *staff])
            cycles.create(tx, CYCLE, PACK.sources)
            ledger.save_goals(tx, [goal for one in staff for goal in goals_of(one)])
            settings = {
                "root": ROOT,
                "is_drive": True,
                "me": ANYBODY,
                "domain": "example.org",
                "quota": "on" if quota else "off",
                "settle": 10.0,
                "concurrency": CONCURRENCY,
            }
            secret = sealed(self.company.settings, "{}")
            connections.save(tx, connections.Connected("google", secret, settings, "", self.company.now))
        self.company.__dict__["workspace_name"] = "google"
        self.reopen()
        self.hash = ""
        self.made = Measured(Counter(), 0.0)

    def reopen(self) -> GoogleWorkspace:
        """The workspace as a process that was just started sees it."""
        signed = Credentials(token="of-the-bench")  # type: ignore[no-untyped-call]
        workspace = open_google(self.company, self.clock, lambda: InProcess(self.app), signed)
        self.company.__dict__["workspace"] = workspace
        return workspace

    def measured(self, work: Callable[[], object]) -> Measured:
        """What *work* takes."""
        self.emulator.calls.clear()
        began = self.clock.monotonic()
        work()
        return Measured(Counter(self.emulator.calls.counts()), self.clock.monotonic() - began)

    def provision(self) -> Measured:
        """Plan and apply."""

        def work() -> None:
            self.hash, outcomes = provision(self.company)
            assert set(outcomes) == {"created"}, Counter(outcomes)

        return self.measured(work)

    def again(self) -> Measured:
        """Apply the same plan in a process of its own."""
        self.reopen()

        def work() -> None:
            outcomes = [one.result for one in carry_out(self.company, *approved_plan(self.company, self.hash))]
            assert set(outcomes) == {"unchanged"}, Counter(outcomes)

        return self.measured(work)

    def sync(self) -> Measured:
        """Read back what changed."""
        self.reopen()
        return self.measured(lambda: run_sync(self.company))

    def read_sheets(self) -> Measured:
        """Read every sheet in a process of its own."""
        workspace, world = self.reopen(), provider_of(self.app).world
        sheets = [(ref, None) for ref in self.refs() if ref in world.spreadsheets]
        return self.measured(lambda: list(workspace.read(sheets)))

    def refs(self) -> list[str]:
        """Every artifact's file."""
        with self.company.store.read() as tx:
            return [one.ref for one in artifacts.all_artifacts(tx, "google")]

    def counts(self) -> Counter[str]:
        """Files, folders and grants that stand in the drive, by what each took to make."""
        world = provider_of(self.app).world
        files = [file for file in world.files.values() if file.drive == ROOT and file.id != ROOT]
        found = Counter("folders" if file.mime.endswith("folder") else "files" for file in files)
        found["sheets"] = sum(file.mime == SHEET for file in files)
        found["grants"] = sum(len(file.permissions) for file in files)
        return found

    def _path(self, ref: str) -> list[str]:
        """The names of the folders around a file."""
        world = provider_of(self.app).world
        return [file.name for file in world.lineage(world.files[ref])]

    def people_type(self, share: float, text: str = "We shipped on Monday") -> int:
        """People type *text*, with its {number}, into a *share* of the documents; how many."""
        google = provider_of(self.app)
        token = google.tokens.give(Principal(ANYBODY))["access_token"]
        own = [ref for ref in self.refs() if ref in google.world.documents and "Company" not in self._path(ref)]
        chosen = own[:: round(1 / share)]
        client = self.app.test_client()
        for number, ref in enumerate(chosen):
            words = text.format(number=number)
            body = {"requests": [{"insertText": {"endOfSegmentLocation": {}, "text": f"\n{words}"}}]}
            headers = {"Authorization": f"Bearer {token}"}
            answer = client.post(f"/v1/documents/{ref}:batchUpdate", json=body, headers=headers)
            assert answer.status_code == 200, answer.get_data()
            self.clock.advance(1.5)  # so that people's own quota is not what is measured
        return len(chosen)


# ---------------------------------------------------------------- floors


def provisioning_floor(counts: Counter[str]) -> int:
    """One call a file with its content, one a folder, one a grant, and the fixed ones."""
    return counts["files"] + counts["folders"] + counts["grants"] + FIXED


def asking_floor(counts: Counter[str]) -> int:
    """A list gives a thousand files."""
    return math.ceil((counts["files"] + counts["folders"]) / PAGE)


def wall_floor(used: int, per_minute: int, chain: float) -> float:
    """Virtual seconds: whole windows but the last, and what has to be done one after the other in that one."""
    return WINDOW * (math.ceil(used / per_minute) - 1) + chain


def provisioning_chain(used: int, steps: int) -> float:
    """The engine notes its intents before each batch of 50 and the outcome after it; in a batch come three levels of folders,
    two grants of a folder, and the files."""
    batches = math.ceil(steps / BATCH)
    last = min(used, DRIVE.per_user) / max(used, 1)
    return LATENCY * (FIXED / 10 + 6 * math.ceil(batches * last))


# ---------------------------------------------------------------- the rows of the table


def google(folder: Path, sizes: tuple[int, ...]) -> Iterator[Row]:
    """Provisioning, applying again, a full read, and a sync after people wrote, for each size of company."""
    for size in sizes:
        rehearsal = Rehearsal(folder, size)
        made, took = timed(rehearsal.provision)
        counts = rehearsal.counts()
        yield from _provisioned(size, made, counts, took)
        again = rehearsal.again()
        floor = asking_floor(counts)
        assert not {"drive.files.create", "drive.files.update", "drive.permissions.create"} & set(again.calls), again.calls
        note = f"{again.total:,} calls, no write among them; floor {floor:,}; {again.units():,} units"
        yield Row("google", f"calls to apply again, {size:,} people", again.total / floor, "× floor", MOST_CALLS, note)
        rehearsal.clock.advance(600)
        read = rehearsal.sync()
        yield from _read(size, read, counts)
        rehearsal.clock.advance(600)
        if counts["sheets"] > SHEETS_READ.per_user:
            yield _sheets(size, rehearsal.read_sheets(), counts)
        rehearsal.clock.advance(600)
        changed = rehearsal.people_type(CHANGED)
        rehearsal.clock.advance(600)
        sync = rehearsal.sync()
        floor = math.ceil(max(changed, 1) / PAGE) + changed
        note = f"{sync.total:,} calls for {changed:,} changed documents, floor {floor:,}; {sync.seconds:,.1f} virtual s"
        yield Row("google", f"calls to sync 1 % changed, {size:,} people", sync.total / floor, "× floor", MOST_CALLS, note)


def _provisioned(size: int, made: Measured, counts: Counter[str], took: str) -> Iterator[Row]:
    floor = provisioning_floor(counts)
    note = (
        f"{made.total:,} calls, floor {floor:,}; {made.units():,} units; {took} on this machine, the emulator's work included"
    )
    yield Row("google", f"calls to provision {size:,} people", made.total / floor, "× floor", MOST_CALLS, note)
    ideal = wall_floor(made.units(), DRIVE.per_user, provisioning_chain(made.units(), counts["files"]))
    note = f"{made.seconds:,.1f} virtual s, floor {ideal:,.1f}"
    yield Row("google", f"virtual time to provision {size:,} people", made.seconds / ideal, "× floor", MOST_WALL, note)


def _read(size: int, read: Measured, counts: Counter[str]) -> Iterator[Row]:
    floor = counts["files"] + asking_floor(counts) + 1
    note = f"{read.total:,} calls, floor {floor:,}; {read.units():,} units, {read.units(DOCS_READ.name):,} reads of Docs"
    yield Row("google", f"calls to read everything, {size:,} people", read.total / floor, "× floor", MOST_CALLS, note)
    documents = counts["files"] - counts["sheets"]
    chain = LATENCY * (2 + asking_floor(counts) + math.ceil(min(documents, DOCS_READ.per_user) / CONCURRENCY))
    ideal = wall_floor(max(documents, 1), DOCS_READ.per_user, chain)
    note = f"{read.seconds:,.1f} virtual s, floor {ideal:,.1f}: Docs allows {DOCS_READ.per_user} reads a minute"
    yield Row("google", f"virtual time to read everything, {size:,} people", read.seconds / ideal, "× floor", MOST_WALL, note)


def _sheets(size: int, read: Measured, counts: Counter[str]) -> Row:
    """Beside what one call of Sheets for each file would take with the same identity."""
    calls, each = counts["sheets"], SHEETS_READ.per_user
    one_by_one = WINDOW * (math.ceil(calls / each) - 1) + LATENCY * math.ceil((calls % each or each) / CONCURRENCY)
    note = f"{calls:,} sheets in {read.seconds:,.1f} virtual s; one read of Sheets a file takes {one_by_one:,.1f}"
    return Row("google", f"reading sheets, {size:,} people", read.seconds / max(one_by_one, 0.1), "× Sheets", 1 / FASTER, note)
