"""A company of any size whose plan gives exactly three files a person, in a home of its own on the disk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

from addon.company import Company, open_store
from addon.provisioning.planning import carry_out, keep, make_plan
from addon.settings import Settings
from sync.provision.contents import Content
from sync.provision.plan import Create
from sync.records import CadenceRule, Cycle, Goal, Person, Reporting
from sync.store.queries import cycles, ledger, people
from templates.loader import built_in, load
from templates.shapes import Kind, Pack
from tests.bench.table import Time, timed

THREE = (Kind.GOAL_SHEET, Kind.CHECK_IN, Kind.QUICK_NOTES)
"""What is made for each person: a workbook and two documents."""
GOALS = 20
"""Rows of each goal sheet, and of the goals table in each check-in."""
FIRST = date(2026, 1, 1)
PACK = load(built_in("standard"))
CYCLE = Cycle(
    "2026-h1",
    "2026 H1",
    FIRST,
    date(2026, 6, 30),
    date(2026, 6, 22),
    FIRST,
    PACK.name,
    PACK.version,
    (CadenceRule("company", "", "monthly", FIRST),),
)
_FIRST_NAMES = ("Ada", "Ben", "Cem", "Dana", "Eva", "Finn", "Gül", "Hanna", "Iris", "Jonas", "Kim", "Léa", "Mia")
_LAST_NAMES = ("Adler", "Brandt", "Çelik", "Dietz", "Ebert", "Funk", "Groß", "Horn", "Ito", "Jansen", "Koch")
_ROLES = ("Software engineer", "Account executive", "Support agent", "Assistant")
_TEAM = 8


class ThreeFiles(Company):
    """An installation whose pack has the three kinds only; it is read from the cycle like any other."""

    def pack(self, cycle: Cycle) -> Pack:
        """The frozen pack without the other kinds."""
        whole = super().pack(cycle)
        return replace(whole, templates={kind: whole.templates[kind] for kind in THREE})


@dataclass
class Ground:
    """What the rows are measured on: made when the first of them asks for it."""

    folder: Path
    size: int
    """How many people."""
    sample: int
    """For how many of them the libraries do the same."""
    plan: str = ""
    """The hash of the plan that made the files."""

    @cached_property
    def company(self) -> ThreeFiles:
        """People, a cycle and imported goals; nothing provisioned yet."""
        home = self.folder / "home"
        made = ThreeFiles(
            Settings(home, f"sqlite:///{home / 'throughline.db'}", home / "workspace", home / "private", today=FIRST)
        )
        store = open_store(made.settings)
        fill(made, self.size)
        store.close()
        return made

    @cached_property
    def contents(self) -> list[tuple[str, Content]]:
        """Title and content of every file of the sampled people."""
        planned = make_plan(self.company)
        survey = planned.survey.with_row_keys(lambda: "g2345678")
        wishes = [step.wanted for step in planned.plan.steps if isinstance(step, Create)]
        chosen = set(sorted({one.person_id for one in wishes})[: self.sample])
        return [(one.title, survey.content(one)) for one in wishes if one.person_id in chosen]

    @cached_property
    def provisioned(self) -> Time:
        """How long planning and applying took; afterwards every file stands."""
        company, _ = self.company, self.contents  # what is to be made is known only before it is
        (self.plan, outcomes), took = timed(lambda: provision(company))
        made = sum(result == "created" for result in outcomes)
        if made != len(THREE) * self.size or len(outcomes) != made:
            raise AssertionError(f"{made} files were made of {len(THREE) * self.size}; {len(outcomes)} outcomes in all")
        return took


def provision(company: Company) -> tuple[str, list[str]]:
    """Plan, keep the plan, apply it: the plan's hash and what became of each step."""
    planned = make_plan(company)
    keep(company, planned)
    return planned.plan.hash, [outcome.result for outcome in carry_out(company, planned.cycle.id, planned.plan)]


def fill(company: Company, count: int) -> None:
    """People with goals, and the cycle."""
    staff = list(persons(count))
    with company.store.write() as tx:
        people.save(tx, staff)
        cycles.create(tx, CYCLE, PACK.sources)
        ledger.save_goals(tx, [goal for person in staff if person.takes_part for goal in _goals(person)])


def persons(count: int) -> Iterator[Person]:
    """*count* people, eight to a manager, and above them an owner who takes no part."""
    yield Person("owner", "Olga Owner", "owner@example.org", takes_part=False)
    for number in range(count):
        manager = "owner" if number == 0 else person_id((number - 1) // _TEAM)
        first, last = _FIRST_NAMES[number % len(_FIRST_NAMES)], _LAST_NAMES[number // 13 % len(_LAST_NAMES)]
        yield Person(
            person_id(number),
            f"{first} {last} {number}",
            f"p{number}@example.org",
            role=_ROLES[number % len(_ROLES)],
            team=f"Team {number // _TEAM}",
            start=date(2020, 1, 1),
            reporting=(Reporting(manager),),
        )


def person_id(number: int) -> str:
    """The id of the person of that number."""
    return f"p{number:07}"


def goal_title(number: int) -> str:
    """The title of a person's goal of that number."""
    return f"{number + 1:02} Reduce the time from order to delivery in region {number}"


def _goals(person: Person) -> Iterator[Goal]:
    for number in range(GOALS):
        yield Goal(
            f"{person.id}-{number}",
            person.id,
            CYCLE.id,
            "",
            "",
            goal_title(number),
            number,
            start=float(10 + number),
            target=float(4 + number % 3),
            now=float(9 + number) if number % 4 else None,
            unit=("number", "%", "currency")[number % 3],
            due=FIRST + timedelta(days=30 + 7 * number),
            status=("not started", "on track", "at risk")[number % 3],
            category=("performance", "development")[number % 2],
            updated=FIRST,
            written=False,
            extra={"measure": f"Median of all orders in region {number}, from the monthly report", "comment": "Agreed."},
        )
