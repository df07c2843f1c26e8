"""A small company with a memory workspace, for tests of the pull."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from connectors.memory import MemoryWorkspace
from connectors.workspace import (
    Block,
    Created,
    Document,
    DocumentContent,
    Home,
    NewItem,
    NewRow,
    Row,
    Snapshot,
    Table,
    TableContent,
    as_read,
)
from sync.pull.apply import PullReport, Run, pull
from sync.pull.intents import Context
from sync.pull.serial import to_json
from sync.records import ActionItem, Artifact, Cycle, Entry, Goal, GoalValue, Person, Reporting
from sync.store import Store
from sync.store.queries import artifacts, cycles, ledger, people
from templates.loader import built_in, load
from templates.shapes import DocumentShape, Kind, Pack, TableShape

BOB = Person("bob00001", "Bob Chen", "bob@example.org")
ADA = Person("ada00001", "Ada Brandt", "ada@example.org", former_emails=("a.old@example.org",), reporting=(Reporting(BOB.id),))
CYCLE = Cycle(
    "2026-h1", "First half of 2026", date(2026, 1, 1), date(2026, 6, 30), date(2026, 6, 15), date(2026, 1, 1), "standard", "v"
)
TODAY = date(2026, 3, 10)
NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


@cache
def standard() -> Pack:
    """The built-in pack."""
    return load(built_in("standard"))


def context(today: date = TODAY, **more: object) -> Context:
    """Ada's context on *today*."""
    names = {"ada@example.org": ADA.id, "ada brandt": ADA.id, "bob@example.org": BOB.id, "bob chen": BOB.id}
    base = Context(NOW, today, CYCLE.start, CYCLE.end, names, BOB.id)
    return replace(base, **more)  # type: ignore[arg-type]


def artifact(kind: Kind, last: str = "", other: str = "", due: date | None = None, person: Person = ADA) -> Artifact:
    """An artifact about *person*, not yet made."""
    template = standard().templates[kind]
    key = "/".join(part for part in (CYCLE.id, person.id, kind.value, last) if part)
    return Artifact(key, kind, CYCLE.id, person.id, other, due, template.place, f"{template.title} {last}", "", "")


def check_in(due: date = date(2026, 3, 2), person: Person = ADA) -> Artifact:
    """A check-in on *due*."""
    return artifact(Kind.CHECK_IN, str(due), due=due, person=person)


def shape_of(one: Artifact) -> TableShape | DocumentShape:
    """What the pack says of its kind."""
    return standard().templates[one.kind].shape


def snapshot(content: Table | Document, by: str = "") -> Snapshot:
    """A read of that content."""
    return Snapshot("ref", "key", str(hash(repr(content))), content, by)


@dataclass
class World:
    """A store, a memory workspace, and a clock that goes on a minute with every look at it."""

    store: Store
    workspace: MemoryWorkspace = field(default_factory=MemoryWorkspace)
    now: datetime = NOW
    checkpoint: Callable[[str], None] = lambda point: None

    def clock(self) -> datetime:
        """Later than ever before."""
        self.now += timedelta(minutes=1)
        return self.now

    def provision(
        self, one: Artifact, rows: Sequence[NewRow] = (), sections: Mapping[str, tuple[Block, ...]] | None = None
    ) -> str:
        """Make and record an artifact; returns its ref."""
        shape = shape_of(one)
        content: TableContent | DocumentContent
        if isinstance(shape, TableShape):
            content = TableContent(shape, tuple(rows))
        else:
            content = DocumentContent(shape, sections or {})
        home = Home(one.place, one.person_id, one.person_id)
        made = next(iter(self.workspace.create([NewItem(one.key, one.kind.value, one.title, home, content)])))
        assert isinstance(made, Created), made
        with self.store.write() as tx:
            artifacts.record(tx, "memory", [(replace(one, ref=made.ref, version=made.version), to_json(as_read(content)))])
        return made.ref

    def type_row(self, ref: str, section: str, row: Row) -> None:
        """Type a row, perhaps without a key, into the table of a section."""
        standing = self.workspace._standing[ref]
        assert isinstance(standing.content, Document)
        parts = tuple(
            replace(part, rows=(*part.rows, row)) if part.section == section else part for part in standing.content.parts
        )
        self.workspace._standing[ref] = replace(standing, content=replace(standing.content, parts=parts))

    def run(self, workspace: object = None) -> Run:
        """The run that `pull` takes."""
        place = workspace or self.workspace
        return Run(self.store, place, "memory", "test", lambda _: standard(), self.clock, self.now.date(), self.checkpoint)  # type: ignore[arg-type]

    def pull(self, *, accept_vanished: bool = False) -> PullReport:
        """One pull."""
        return pull(self.run(), accept_vanished=accept_vanished)

    def about(self, person: Person = ADA) -> tuple[Entry, ...]:
        """The current entries."""
        with self.store.read() as tx:
            return ledger.about(tx, person.id)

    def goals(self) -> tuple[Goal, ...]:
        """Ada's goals."""
        with self.store.read() as tx:
            return ledger.goals(tx, CYCLE.id, ADA.id)

    def values(self) -> dict[str, list[GoalValue]]:
        """Their history."""
        with self.store.read() as tx:
            return ledger.goal_values(tx, CYCLE.id, ADA.id)

    def actions(self) -> tuple[ActionItem, ...]:
        """Ada's actions."""
        with self.store.read() as tx:
            return ledger.actions(tx, CYCLE.id, ADA.id)


def open_world(folder: Path) -> Iterator[World]:
    """A world with Ada, Bob and a cycle, closed in the end."""
    store = Store.open(f"sqlite:///{folder}/t.db")
    with store.write() as tx:
        people.save(tx, [ADA, BOB])
        cycles.create(tx, CYCLE, standard().sources)
    yield World(store)
    store.close()
