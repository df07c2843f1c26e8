"""Notion beside what it allows: calls beside their floor, and virtual minutes under the Business plan's limit.

Everything waits on one virtual clock: the limiter, the emulator's window, and the time that each call takes. What passes on
the wall meanwhile is this machine's work, the emulator's included, and is shown apart.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from addon.company import Company, open_store
from addon.connections.opening import open_notion
from addon.connections.rules import confirmable
from addon.connections.sealing import sealed
from addon.evidence.commands import run_sync
from addon.provisioning.planning import approved_plan, carry_out
from addon.settings import Settings
from connectors.emulator.app import Emulator
from connectors.emulator.clock import VirtualClock
from connectors.emulator.serving import InProcess
from connectors.limiter import MemoryLimiter, always
from connectors.notion.client import PLANS, VERSION
from connectors.notion.emulator.provider import ACTING, create_app
from connectors.notion.emulator.seed import ROOT_PAGE, Seed
from connectors.notion.workspace import BATCH, NotionWorkspace
from sync.records import Goal, Person
from sync.store.queries import artifacts, connections, cycles, ledger, people
from tests.bench.company import CYCLE, FIRST, PACK, persons, provision
from tests.bench.table import Row, timed

SIZES = (50, 500, 5000)
GOALS_EACH = 3
LATENCY = 0.1
"""Virtual seconds that each call takes."""
CONCURRENCY = 64
PER_WINDOW, WINDOW = 600, 60.0
FIXED = 30
"""Calls that do not depend on how many people there are, at most."""
VIEWS = 3
EDITED = 0.01
"""Share of the documents that people change before the sync that is measured."""
MOST_CALLS, MOST_WALL = 1.02, 1.05
TOKEN, PEOPLES_TOKEN = "ntn_bench", "ntn_people"
"""What people do themselves counts for none of our limits."""
_AS_A_PERSON = {"Authorization": f"Bearer {PEOPLES_TOKEN}", "Notion-Version": VERSION}


@dataclass
class Measured:
    """One run: calls by operation and virtual seconds."""

    calls: Counter[str]
    seconds: float

    @property
    def total(self) -> int:
        """All calls."""
        return self.calls.total()


class Rehearsal:
    """A company of any size in an emulated Notion, on a virtual clock."""

    def __init__(self, folder: Path, size: int, plan: str = "business") -> None:
        self.size = size
        self.clock = VirtualClock()
        #: One process, so that its quota need not stand in the database.
        self.limiter = MemoryLimiter(always(*PLANS[plan]), self.clock)
        staff = [one for one in persons(size) if one.takes_part]
        seed = Seed(
            {
                "people": [{"name": one.name, "email": one.email} for one in [*staff, *persons(0)]],
                "pages": [{"id": ROOT_PAGE, "title": "Throughline"}],
                "tokens": [TOKEN, PEOPLES_TOKEN],
            }
        )
        self.app = create_app(self.clock, plan=plan, seed=seed, latency=LATENCY)
        self.emulator: Emulator = self.app.extensions["emulator"]
        home = folder / f"notion-{size}"
        self.company = Company(
            Settings(home, f"sqlite:///{home / 'throughline.db'}", home / "workspace", home / "private", today=FIRST)
        )
        open_store(self.company.settings).close()
        self._fill(staff, plan)
        self.hash = ""
        self.made = Measured(Counter(), 0.0)

    def _fill(self, staff: list[Person], plan: str) -> None:
        with self.company.store.write() as tx:
            people.save(tx, [*persons(0), *staff])
            cycles.create(tx, CYCLE, PACK.sources)
            ledger.save_goals(tx, [goal for one in staff for goal in goals_of(one)])
            settings = {"parent": ROOT_PAGE, "plan": plan, "settle": 10.0, "concurrency": CONCURRENCY}
            secret = sealed(self.company.settings, TOKEN)
            connections.save(tx, connections.Connected("notion", secret, settings, "", self.company.now))
            for kind in confirmable():
                connections.confirm(tx, "notion", connections.Confirmation(kind, "the bench", self.company.now))
        self.company.__dict__["workspace_name"] = "notion"
        self.reopen()

    def reopen(self) -> NotionWorkspace:
        """The workspace as a process that was just started sees it."""
        http = httpx.Client(transport=InProcess(self.app))
        workspace = open_notion(self.company, self.clock, http, self.limiter)
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

    def rows(self) -> Counter[str]:
        """How many artifacts stand in each database."""
        with self.company.store.read() as tx:
            refs = [one.ref for one in artifacts.all_artifacts(tx, "notion")]
        return Counter(ref.rpartition("/")[0] for ref in refs)

    def people_type(self, share: float) -> Counter[str]:
        """People type into a *share* of their documents; how many in each database."""
        emails = {one.id: one.email for one in self.company.people}
        with self.company.store.read() as tx:
            known = [one for one in artifacts.all_artifacts(tx, "notion") if one.person_id and "goal-sheet" not in one.ref]
        chosen = known[:: round(1 / share)]
        for one in chosen:
            self.types(one.ref, "We shipped on Monday", emails[one.person_id])
        return Counter(one.ref.rpartition("/")[0] for one in chosen)

    def types(self, ref: str, text: str, email: str = "p1@example.org") -> None:
        """Somebody types a paragraph at the end of a page."""
        body = {"children": [{"paragraph": {"rich_text": [{"text": {"content": text}}]}}]}
        headers = {**_AS_A_PERSON, ACTING: email}
        answer = self.app.test_client().patch(f"/v1/blocks/{_id(ref)}/children", json=body, headers=headers)
        assert answer.status_code == 200, answer.get_data()

    def views_on(self, page: str) -> int:
        """How many linked databases stand on a page."""
        answer = self.app.test_client().get(f"/v1/blocks/{page}/children", headers=_AS_A_PERSON).get_json()
        return sum(one["type"] == "child_database" for one in answer["results"])


def _id(ref: str) -> str:
    return ref.rpartition("/")[2]


# ---------------------------------------------------------------- floors


def provisioning_floor(size: int, rows: Counter[str]) -> int:
    """One call a row, goals and homes included, one a view, and the fixed ones."""
    return rows.total() + GOALS_EACH * size + size + VIEWS * size + FIXED


def asking_floor(rows: Counter[str]) -> int:
    """A query gives a hundred rows."""
    return sum(math.ceil(count / 100) for count in rows.values())


def sync_floor(databases: int, changed: Counter[str]) -> int:
    """The queries, one more for each database, and the body of each changed row."""
    return sum(math.ceil(count / 100) for count in changed.values()) + databases + changed.total()


def wall_floor(calls: int, chain: float) -> float:
    """Virtual seconds: whole windows but the last, and the longest chain of calls that wait for each other in that one."""
    return WINDOW * (math.ceil(calls / PER_WINDOW) - 1) + chain


def provisioning_chain(calls: int, steps: int) -> float:
    """What has to be done one after the other in the last window.

    Databases are made one by one. The engine notes its intents before each batch of 50 and the outcome after it; in a batch
    a home waits for its row and three views, then come the rows. No more calls than hands are under way at a time.
    """
    fixed = FIXED if calls <= PER_WINDOW else 0
    batches = math.ceil(min(calls, PER_WINDOW) / (calls / math.ceil(steps / BATCH)))
    return LATENCY * (fixed + 5 * batches)


def asking_chain(rows: Counter[str]) -> float:
    """The parts of one database's answer wait for each other; databases are asked at a time."""
    return LATENCY * max(math.ceil(count / 100) for count in rows.values())


def sync_chain(changed: Counter[str]) -> float:
    """The parts of the longest answer, then the bodies, as many at a time as there are hands."""
    parts = max((math.ceil(count / 100) for count in changed.values()), default=0)
    return LATENCY * (max(1, parts) + math.ceil(changed.total() / CONCURRENCY))


# ---------------------------------------------------------------- the rows of the table


def notion(folder: Path, sizes: tuple[int, ...]) -> Iterator[Row]:
    """Provisioning, applying again, and syncs, for each size of company."""
    for size in sizes:
        yield from _of_a_company(Rehearsal(folder, size))


def _of_a_company(rehearsal: Rehearsal) -> Iterator[Row]:
    """The life of a company: provisioned, applied again, read whole once, then what 1 % wrote, then nothing."""
    who = f"{rehearsal.size:,} people"
    made, took = timed(rehearsal.provision)
    rows = rehearsal.rows()
    chain = provisioning_chain(made.total, rows.total())
    yield from _beside(f"provision {who}", made, provisioning_floor(rehearsal.size, rows), chain, str(took))
    rehearsal.clock.advance(600)  # here and below: each run begins with a window that nothing has used yet, as its floor does
    again, took = timed(rehearsal.again)
    assert set(again.calls) <= {"data_sources.query", "users.list"}, again.calls
    yield from _beside(f"apply again, {who}", again, asking_floor(rows), asking_chain(rows), str(took))
    rehearsal.clock.advance(600)
    rehearsal.sync()
    rehearsal.clock.advance(600)
    changed = rehearsal.people_type(EDITED)
    databases = len(rows) + 2
    read, took = timed(rehearsal.sync)
    what = f"sync {who}, {changed.total():,} rows changed"
    yield from _beside(what, read, sync_floor(databases, changed), sync_chain(changed), str(took))
    rehearsal.clock.advance(600)
    rehearsal.sync()  # what was edited in the minute of the last look is read once more
    rehearsal.clock.advance(600)
    quiet, took = timed(rehearsal.sync)
    nothing: Counter[str] = Counter()
    yield from _beside(f"sync {who}, nothing changed", quiet, sync_floor(databases, nothing), sync_chain(nothing), str(took))


def _beside(what: str, run: Measured, floor: int, chain: float, took: str) -> Iterator[Row]:
    """The calls and the virtual time of *run* beside their floors."""
    note = f"{run.total:,} calls, floor {floor:,}; {took} on this machine, the emulator's work included"
    yield Row("notion", f"calls to {what}", run.total / floor, "× floor", MOST_CALLS, note)
    ideal = wall_floor(run.total, chain)
    note = f"{run.seconds:,.1f} virtual s, floor {ideal:,.1f}"
    yield Row("notion", f"virtual time to {what}", run.seconds / ideal, "× floor", MOST_WALL, note)


def goals_of(person: Person) -> Iterator[Goal]:
    """The goals that somebody has before the cycle begins."""
    for number in range(GOALS_EACH):
        yield Goal(
            f"{person.id}-{number}",
            person.id,
            CYCLE.id,
            "",
            "",
            f"{number + 1:02} Reduce the time from order to delivery",
            number,
            start=float(10 + number),
            target=4.0,
            unit="number",
            written=False,
        )
