"""Two people with goal sheets and check-ins in a real folder and a real database, and what their ledgers say of them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import cast

from connectors.folder.workspace import FolderWorkspace
from connectors.workspace import Bullet, Created, DocumentContent, Home, NewItem, NewRow, Paragraph, Rows, TableContent, as_read
from sync.pull.apply import PullReport, Run, pull
from sync.pull.serial import to_json
from sync.records import Artifact, Entry, Goal, Person, Reporting
from sync.store import Store
from sync.store.queries import artifacts, cycles, ledger, people
from templates.shapes import DocumentShape, Kind, TableShape
from tests.sync.pull.world import ADA, BOB, CYCLE, NOW, artifact, standard

CHECK_IN = cast(DocumentShape, standard().templates[Kind.CHECK_IN].shape)
GOAL_SHEET = cast(TableShape, standard().templates[Kind.GOAL_SHEET].shape)
CY = Person("cyr00001", "Cyra Doe", "cyra@example.org", reporting=(Reporting(BOB.id),))
GOALS = (
    NewRow(
        "g1", {"goal": "Halve the waiting time", "measure": "median days", "unit": "number", "start": 6, "target": 3, "now": 5}
    ),
    NewRow("g2", {"goal": "Answer first calls", "unit": "%", "start": 58, "target": 80, "now": 72, "status": "on track"}),
    NewRow("g3", {"goal": "Speak Spanish", "category": "learning", "due": date(2026, 6, 1), "comment": "B1 in May"}),
    NewRow("g4", {"goal": "Win three partners", "unit": "number", "start": 0, "target": 3, "now": 1}),
)
SECTIONS: Mapping[str, tuple[Paragraph | Bullet | Rows, ...]] = {
    "agenda": (Bullet("The move to Bergen"), Paragraph("Holiday cover")),
    "goals": (Rows((NewRow("g1", {"goal": "Halve the waiting time", "target": "3", "last": "5"}),)),),
    "actions": (Rows((NewRow("a1", {"action": "Share the draft", "owner": "Ada", "due": date(2026, 3, 9)}),)),),
}


@dataclass
class House:
    """A folder, a store, and a clock that goes on a minute with every look at it."""

    base: Path
    store: Store
    workspace: FolderWorkspace
    now: datetime = NOW
    name: str = "folder"

    def clock(self) -> datetime:
        """Later than ever before."""
        self.now += timedelta(minutes=1)
        return self.now

    def path(self, ref: str) -> Path:
        """Where the file of *ref* is."""
        root, _, rest = ref.partition("/")
        return self.base / {"shared": "team", "private": "managers"}[root] / rest

    def sync(self) -> PullReport:
        """One pull, as `throughline sync` does it."""
        return pull(Run(self.store, self.workspace, self.name, "test", lambda _: standard(), self.clock, self.now.date()))

    def about(self, person: Person = ADA) -> tuple[Entry, ...]:
        """The current entries about *person*."""
        with self.store.read() as tx:
            return ledger.about(tx, person.id)

    def goals(self, person: Person = ADA) -> tuple[Goal, ...]:
        """The goals of *person*."""
        with self.store.read() as tx:
            return ledger.goals(tx, CYCLE.id, person.id)

    def heard(self, person: Person = ADA) -> str:
        """Every word that the ledger has about *person*: entries with their anchors, and actions, as they stand."""
        with self.store.read() as tx:
            actions = ledger.actions(tx, CYCLE.id, person.id)
        return "\n".join([*(f"{one.anchor}\n{one.text}" for one in self.about(person)), *(repr(action) for action in actions)])

    def provision(self, one: Artifact, content: TableContent | DocumentContent, owner: Person) -> str:
        """Make a file and record it; returns its ref."""
        home = Home(one.place, owner.id, owner.name)
        made = next(iter(self.workspace.create([NewItem(one.key, one.kind.value, one.title, home, content)])))
        assert isinstance(made, Created), made
        with self.store.write() as tx:
            artifacts.record(tx, self.name, [(replace(one, ref=made.ref, version=made.version), to_json(as_read(content)))])
        return made.ref


def check_in_of(person: Person, due: date = date(2026, 3, 2)) -> Artifact:
    """A check-in of *person*."""
    return artifact(Kind.CHECK_IN, str(due), due=due, person=person)


def goal_sheet_of(person: Person) -> Artifact:
    """The goal sheet of *person*."""
    return artifact(Kind.GOAL_SHEET, person=person)


def furnish(house: House) -> None:
    """A check-in and a goal sheet each for Ada and Cyra."""
    for person in (ADA, CY):
        facts = (("Employee", person.name),)
        house.provision(check_in_of(person), DocumentContent(CHECK_IN, SECTIONS, facts), person)
        house.provision(goal_sheet_of(person), TableContent(GOAL_SHEET, GOALS, facts), person)
    house.sync()


@contextmanager
def opened(base: Path) -> Iterator[House]:
    """The house that stands in *base*, made when there is none."""
    base.mkdir(exist_ok=True)
    is_new = not (base / "t.db").exists()
    store = Store.open(f"sqlite:///{base}/t.db")
    try:
        if is_new:
            with store.write() as tx:
                people.save(tx, [ADA, BOB, CY])
                cycles.create(tx, CYCLE, standard().sources)
        yield House(base, store, FolderWorkspace(base / "team", base / "managers", fsync=False))
    finally:
        store.close()


class Builder:
    """Builds one house, then gives out copies of it: each fuzzed history begins in the same rooms."""

    def __init__(self, base: Path) -> None:
        self._base, self._count = base, 0
        with opened(base / "model") as house:
            house.workspace.prepare()
            furnish(house)

    @contextmanager
    def house(self) -> Iterator[House]:
        """A house of one's own, gone afterwards."""
        self._count += 1
        base = self._base / f"copy{self._count}"
        shutil.copytree(self._base / "model", base)
        try:
            with opened(base) as house:
                yield house
        finally:
            shutil.rmtree(base)


def ref_of(house: House, one: Artifact) -> str:
    """Where *one* stands."""
    with house.store.read() as tx:
        return next(found.ref for found in artifacts.all_artifacts(tx, house.name) if found.key == one.key)
