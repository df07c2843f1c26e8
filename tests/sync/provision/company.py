"""A small company with a cycle, in a real store and a workspace in memory."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from connectors.memory import MemoryWorkspace
from connectors.workspace import Workspace
from sync.provision.apply import apply
from sync.provision.plan import Plan
from sync.provision.run import Outcome
from sync.provision.survey import Survey, draw_up, look
from sync.records import ArtifactState, CadenceRule, Cycle, Goal, Person, Reporting
from sync.store.database import Store
from sync.store.queries import artifacts, cycles, ledger, people
from templates.loader import built_in, load

PACK = load(built_in("standard"))
START = date(2026, 1, 1)
CYCLE = Cycle(
    "2026-h1",
    "2026 H1",
    START,
    date(2026, 6, 30),
    date(2026, 6, 22),
    START,
    "standard",
    PACK.version,
    (CadenceRule("company", "", "monthly", START),),
)
BOSS = Person("boss", "Bea Boss", "bea@example.org", role="general", team="Sales")
ADA = Person("ada", "Ada Brandt", "ada@example.org", role="engineer", team="Sales", reporting=(Reporting("boss"),))
BEN = Person("ben", "Ben Adler", "ben@example.org", role="engineer", team="Support", reporting=(Reporting("boss"),))
HANNA = Person("hanna", "Hanna Rau", "hanna@example.org", access="hr", reporting=(Reporting("boss"),))
COMPANY = (BOSS, ADA, BEN, HANNA)


def goal(number: int, person: str = "ada", **changes: object) -> Goal:
    """An imported goal that is in no sheet yet."""
    one = Goal(f"goal{number}", person, CYCLE.id, "", "", f"Goal {number}", number, 0.0, 10.0, None, written=False)
    return replace(one, **changes)  # type: ignore[arg-type]


@dataclass
class World:
    """Store, workspace and clock of one test."""

    store: Store
    workspace: Workspace
    today: date = START
    moment: datetime = datetime(2026, 1, 1, 8, tzinfo=UTC)
    slept: list[float] = field(default_factory=list)
    sleep: Callable[[float], None] | None = None
    keys: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def now(self) -> datetime:
        """A second later every time."""
        self.moment += timedelta(seconds=1)
        return self.moment

    def look(self) -> Survey:
        """What is seen today, with the cycle as the store has it."""
        with self.store.read() as tx:
            cycle = cycles.get(tx, CYCLE.id)
        assert cycle is not None
        return look(self.store, self.workspace, cycle, PACK, self.today)

    def plan(self) -> Plan:
        """A fresh plan."""
        return draw_up(self.look())

    def apply(self, approved: Plan | None = None, checkpoint: Callable[[str], None] = lambda name: None) -> list[Outcome]:
        """Approve what is planned, unless given, and do it."""
        seen = self.look()
        return self.apply_seen(seen, draw_up(seen), approved, checkpoint)

    def apply_seen(
        self,
        seen: Survey,
        fresh: Plan,
        approved: Plan | None = None,
        checkpoint: Callable[[str], None] = lambda name: None,
    ) -> list[Outcome]:
        """The same with what was seen before."""
        outcomes = apply(
            self.store,
            self.workspace,
            approved or fresh,
            fresh,
            seen,
            holder="test",
            now=self.now,
            new_key=lambda: f"g{next(self.keys)}",
            settle_seconds=30,
            sleep=self.sleep or self.slept.append,
            checkpoint=checkpoint,
        )
        return list(outcomes)

    def recorded(self) -> dict[str, str]:
        """Key to ref of everything recorded, without what is unlinked."""
        with self.store.read() as tx:
            found = artifacts.all_artifacts(tx, self.workspace.capabilities.name)
        return {one.key: one.ref for one in found if one.state is ArtifactState.LINKED}

    def intents(self) -> list[str]:
        """The keys of open intents."""
        with self.store.read() as tx:
            return list(artifacts.open_intents(tx, self.workspace.capabilities.name))

    def goals(self) -> tuple[Goal, ...]:
        """All goals."""
        with self.store.read() as tx:
            return ledger.goals(tx, CYCLE.id)

    def add(self, *goals: Goal) -> None:
        """Import goals."""
        with self.store.write() as tx:
            ledger.save_goals(tx, goals)

    def save(self, *persons: Person) -> None:
        """Change the directory."""
        with self.store.write() as tx:
            people.save(tx, persons)


def world(folder: Path, workspace: Workspace | None = None, company: tuple[Person, ...] = COMPANY) -> World:
    """A company in a new database in *folder*, nothing provisioned yet."""
    made = World(Store.open(f"sqlite:///{folder / 'throughline.db'}"), workspace or MemoryWorkspace())
    made.save(*company)
    with made.store.write() as tx:
        cycles.create(tx, CYCLE, PACK.sources)
    return made
