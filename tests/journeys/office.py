"""A company's installation in a folder, worked on as the command line does it, with a clock and with sudden ends."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from addon.company import Company
from addon.people.importing import import_goals
from addon.provisioning.planning import approved_plan, carry_out, keep, make_plan
from addon.settings import Settings
from addon.setup.commands import found
from connectors.folder.workspace import FolderWorkspace
from connectors.people.csv_file import GoalRow
from sync.provision.plan import Plan
from sync.provision.run import Outcome
from sync.pull.apply import PullReport, Run, pull
from sync.records import ActionItem, Artifact, ArtifactState, CadenceRule, Cycle, Draft, Entry, Person, Reporting
from sync.review import service
from sync.store import Store
from sync.store.queries import artifacts, cycles, ledger, people
from templates.loader import built_in, load, load_sources
from templates.shapes import Kind
from tests.journeys.acting import key_of, oddities, office_files

PACK = load(built_in("standard"))
CYCLE = Cycle(
    id="2026-h1",
    label="2026-h1",
    start=date(2026, 1, 1),
    end=date(2026, 6, 30),
    review_on=date(2026, 6, 16),
    opened_on=date(2026, 1, 1),
    pack_name="standard",
    pack_version=PACK.version,
    cadences=(CadenceRule("company", "", "monthly", date(2026, 1, 1)),),
)
BOSS = Person("boss", "Greta Olsen", "greta@example.org", role="team lead", team="Product")
BEN = Person("ben", "Ben Ahmadi", "ben@example.org", role="engineer", team="Product", reporting=(Reporting("boss"),))
ADA = Person("ada", "Ada Brandt", "ada@example.org", role="engineer", team="Product", reporting=(Reporting("ben"),))
ADMIN = Person("admin", "Ida Lund", "ida@example.org", access="admin", takes_part=False)
GOALS = tuple(GoalRow(line, "ada@example.org", f"Goal {line}", start=0.0, target=10.0, now=1.0) for line in (1, 2, 3))


class Killed(BaseException):
    """The process ends here; nothing of the program's own may catch it."""


def nothing(name: str) -> None:
    """A checkpoint at which nothing happens."""


def dying_at(number: int) -> Callable[[str], None]:
    """A checkpoint that ends the process when it is reached for the *number*-th time, counted from 0."""
    left = iter(range(number))

    def checkpoint(name: str) -> None:
        if next(left, None) is None:
            raise Killed(name)

    return checkpoint


@dataclass
class Office:
    """One installation. Every verb is a process of its own: it opens the company anew."""

    home: Path
    today: date = CYCLE.start
    _store: Store | None = None
    database: str = ""
    """Its address; "" is the file in the home folder."""

    # ------------------------------------------------------------ a process

    @property
    def address(self) -> str:
        """Of the database."""
        return self.database or f"sqlite:///{self.home / 'throughline.db'}"

    @property
    def settings(self) -> Settings:
        """Of this home, on this day."""
        return Settings(self.home, self.address, *self.roots, today=self.today)

    @property
    def store(self) -> Store:
        """The database, opened once for speed, the way every command opens it."""
        if self._store is None:
            self._store = Company(self.settings).store
        return self._store

    def close(self) -> None:
        """Give the database back."""
        if self._store is not None:
            self._store.close()
            self._store = None

    @property
    def roots(self) -> tuple[Path, Path]:
        """The shared and the private root."""
        return self.home / "workspace", self.home / "private"

    def company(self, checkpoint: Callable[[str], None] = nothing) -> Company:
        """The company as a new process opens it."""
        company = Company(self.settings)
        company.store = self.store
        company.workspace = FolderWorkspace(*self.roots, fsync=False, checkpoint=checkpoint)
        company.workspace.prepare()
        return company

    # ------------------------------------------------------------ the program

    def plan(self) -> Plan:
        """A fresh plan."""
        return make_plan(self.company(), CYCLE.id).plan

    def apply(self, checkpoint: Callable[[str], None] = nothing) -> list[Outcome]:
        """Plan and apply."""
        company = self.company(checkpoint)
        planned = make_plan(company, CYCLE.id)
        keep(company, planned)
        cycle_id, approved = approved_plan(company, planned.plan.hash)
        return list(carry_out(company, cycle_id, approved, checkpoint))

    def sync(self, checkpoint: Callable[[str], None] = nothing, *, accept_vanished: bool = False) -> PullReport:
        """Read back what people wrote."""
        company = self.company(checkpoint)

        with company.store.read() as tx:
            sources = cycles.pack_sources(tx, CYCLE.id)
        run = Run(
            company.store,
            company.workspace,
            "folder",
            company.holder,
            lambda cycle_id: load_sources("standard", sources),
            lambda: company.now,
            self.today,
            checkpoint,
        )
        return pull(run, accept_vanished=accept_vanished)

    def draft(self) -> list[Draft]:
        """A draft for everybody who works here and has a manager."""
        company = self.company()
        desk = service.open_desk(company.store, CYCLE.id)
        made = []
        for person in company.people:
            manager = person.manager_at(self.today)
            boss = next((one for one in company.people if one.id == manager), None)
            if person.takes_part and person.active(self.today) and boss is not None and boss.active(self.today):
                writer = service.writer_for(desk, person.id, self.today)
                made.append(service.make_draft(desk, person.id, writer, person.id, now=company.now, today=self.today))
        return made

    def push(self, checkpoint: Callable[[str], None] = nothing) -> list[str]:
        """Draft, and write the drafts into the managers' review documents; returns what became of each."""
        drafts = self.draft()
        company = self.company(checkpoint)
        desk = service.open_desk(company.store, CYCLE.id)
        filled = service.fill_review_documents(
            desk, company.workspace, "folder", drafts, holder=company.holder, now=lambda: company.now
        )
        return [one.result for one in filled]

    def release(self, person: str, by: str, checkpoint: Callable[[str], None] = nothing) -> service.Released | service.Refused:
        """Show the finished review to its subject."""
        company = self.company(checkpoint)
        desk = service.open_desk(company.store, CYCLE.id)
        return service.release(
            desk, company.workspace, "folder", person, by, holder=company.holder, now=lambda: company.now, today=self.today
        )

    # ------------------------------------------------------------ what there is

    def recorded(self) -> dict[str, Artifact]:
        """The artifacts that are linked, by key."""
        with self.store.read() as tx:
            found = artifacts.all_artifacts(tx, "folder")
        return {one.key: one for one in found if one.state is ArtifactState.LINKED}

    def path(self, ref: str) -> Path:
        """Where a ref stands."""
        root, _, rest = ref.partition("/")
        return {"shared": self.roots[0], "private": self.roots[1]}[root] / rest

    def file(self, person: str, kind: Kind, last: str = "") -> Path:
        """The file of a person's artifact."""
        key = "/".join(part for part in (CYCLE.id, person, kind.value, last) if part)
        return self.path(self.recorded()[key].ref)

    def files(self) -> list[Path]:
        """Every Office file."""
        return office_files(*self.roots)

    def standing(self) -> Counter[str]:
        """How many files carry each key. Fails when one is torn."""
        return Counter(filter(None, map(key_of, self.files())))

    def entries(self) -> list[Entry]:
        """The current entries of the ledger: neither superseded nor withdrawn."""
        with self.store.read() as tx:
            return [entry for person in people.everyone(tx) for entry in ledger.about(tx, person.id)]

    def actions(self, person: str) -> tuple[ActionItem, ...]:
        """A person's actions."""
        with self.store.read() as tx:
            return ledger.actions(tx, CYCLE.id, person)

    def left_behind(self) -> list[Path]:
        """Temporary files and the like."""
        return oddities(*self.roots)


@cache
def blank() -> Path:
    """A home with the company in it, nothing provisioned, made once and copied for every run."""
    home = Path(tempfile.mkdtemp()) / "home"
    office = Office(home)
    settle(office)
    office.close()
    return home


def settle(office: Office) -> None:
    """Put the company into its database."""
    found(office.settings, "Acme", ADMIN)
    company = office.company()
    with company.store.write() as tx:
        people.save(tx, [BOSS, BEN, ADA])
        cycles.create(tx, CYCLE, PACK.sources)
    import_goals(company, GOALS, CYCLE)


def office_in(home: Path, start: Path | None = None, today: date = CYCLE.start) -> Office:
    """A copy of the blank company, or of *start*, in *home*."""
    shutil.copytree(start or blank(), home, dirs_exist_ok=True)
    return Office(home, today)
