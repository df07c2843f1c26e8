"""What should stand in the workspace today, decided from the directory, the cycle and its pack alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta

from connectors.workspace import Grants, Home
from sync.records import Artifact, Cycle, Leave, Pair, Person
from sync.schedule import check_in_days, quarterly_days, review_window
from templates.shapes import Kind, Pack, Place, Role, Template, Writer

LEAD_DAYS = 7
"""How many days ahead check-ins and joiners are prepared."""


@dataclass(frozen=True)
class Wanted:
    """One artifact that should stand, and why."""

    key: str
    kind: Kind
    title: str
    home: Home
    grants: Grants
    person_id: str
    """About whom; "" for the company's own."""
    other_id: str
    """The manager of a manager's document, the giver of feedback, otherwise ""."""
    due: date | None
    quarterly: bool
    """Whether this check-in is the quarterly goal check-in."""
    reason: str


def wanted(
    directory: Sequence[Person],
    leave: Iterable[Leave],
    pairs: Iterable[Pair],
    cycle: Cycle,
    pack: Pack,
    today: date,
    lead_days: int = LEAD_DAYS,
    submitted: Set[str] = frozenset(),
) -> tuple[Wanted, ...]:
    """Everything that should stand on *today*, company first, then person by person in the order of *directory*.

    *pairs* are this cycle's; *submitted* are the keys of self reviews whose manager may read them. Past check-ins are
    included, so that days missed by downtime are made up for. A coming one is wanted *lead_days* ahead, but not before
    the one before it is over, so that it carries on what was agreed there. A person who left is wanted nothing for:
    what was made for them stays recorded. A locked or not yet opened cycle wants nothing.
    """
    if cycle.locked or today < cycle.opened_on:
        return ()
    company = _Company(directory, leave, pairs, cycle, pack, today, today + timedelta(days=lead_days))
    requests = (request for request in company.requests() if request.kind in pack.templates)
    return tuple(company.wanted(request, submitted) for request in requests)


@dataclass(frozen=True)
class _Request:
    """An artifact of *kind* and the people it concerns."""

    kind: Kind
    reason: str
    person: Person | None = None
    manager: Person | None = None
    other: Person | None = None
    role: Role | None = None
    due: date | None = None
    quarterly: bool = False

    def key(self, cycle_id: str) -> str:
        subject = self.person.id if self.person else "company"
        if self.person is None and self.role is not None:
            last = self.role.key
        else:
            last = str(self.due or (self.other.id if self.other else ""))
        return "/".join(part for part in (cycle_id, subject, self.kind.value, last) if part)


class _Company:
    """The directory with its look-ups, for one day."""

    def __init__(
        self,
        directory: Sequence[Person],
        leave: Iterable[Leave],
        pairs: Iterable[Pair],
        cycle: Cycle,
        pack: Pack,
        today: date,
        horizon: date,
    ) -> None:
        self.people = {person.id: person for person in directory}
        self.cycle, self.pack, self.today, self.horizon = cycle, pack, today, horizon
        self.hr = tuple(sorted(person.email for person in directory if person.access == "hr" and person.active(today)))
        self.roles = {name: pack.role_for(name) for name in {person.role for person in directory}}
        self.leave: dict[str, list[Leave]] = defaultdict(list)
        for spell in leave:
            self.leave[spell.person_id].append(spell)
        self.givers: dict[str, list[str]] = defaultdict(list)
        for pair in pairs:
            self.givers[pair.person_id].append(pair.giver_id)

    # ------------------------------------------------------------ who gets what

    def requests(self) -> Iterator[_Request]:
        members = [person for person in self.people.values() if self._takes_part(person)]
        roles = {role.key: role for role in (self.roles[person.role] for person in members)}
        for key in sorted(roles):
            yield _Request(Kind.ROLE_EXPECTATIONS, f"the role {roles[key].title} is in use", role=roles[key])
        for person in members:
            yield from self._own(person)
            yield from self._check_ins(person)
            yield from self._managers(person)
            yield from self._for_review(person)

    def _takes_part(self, person: Person) -> bool:
        begins = (person.start or date.min) <= min(self.horizon, self.cycle.end)
        return person.takes_part and begins and (person.end is None or person.end >= max(self.today, self.cycle.start))

    def _own(self, person: Person) -> Iterator[_Request]:
        manager = self._manager(person, self.today)
        reason = f"{person.name} takes part in {self.cycle.label}"
        yield _Request(Kind.GOAL_SHEET, reason, person, manager)
        yield _Request(Kind.QUICK_NOTES, reason, person, manager)

    def _check_ins(self, person: Person) -> Iterator[_Request]:
        days = check_in_days(self.cycle, person, self.leave.get(person.id, ()), self.cycle.end)
        quarterly = quarterly_days(days)
        for before, day in zip((date.min, *days), days, strict=False):
            manager = self._manager(person, day)
            if day <= self.horizon and before < self.today and manager is not None:
                reason = f"{person.name} and {manager.name} meet on {day}"
                yield _Request(Kind.CHECK_IN, reason, person, manager, due=day, quarterly=day in quarterly)

    def _managers(self, person: Person) -> Iterator[_Request]:
        if manager := self._manager(person, self.today):
            yield _Request(Kind.MANAGER_NOTES, f"{manager.name} manages {person.name}", person, manager, manager)

    def _for_review(self, person: Person) -> Iterator[_Request]:
        since, moment = review_window(self.cycle)
        if self.today < since or (person.start or date.min) > min(self.today, moment):
            return
        reason = f"the review of {moment} is prepared from {since} on"
        manager, reviewer = self._manager(person, self.today), self._manager(person, min(self.today, moment))
        yield _Request(Kind.SELF_REVIEW, reason, person, manager)
        if reviewer is not None:
            yield _Request(Kind.MANAGER_REVIEW, reason, person, reviewer, reviewer)
        for giver in filter(None, map(self.people.get, sorted(set(self.givers.get(person.id, ())) - {person.id}))):
            if giver.active(self.today):
                asked = f"{giver.name} was asked for feedback about {person.name}"
                yield _Request(Kind.PEER_FEEDBACK, asked, person, manager, giver)

    def _manager(self, person: Person, day: date) -> Person | None:
        """The manager on *day*, when they work here on it."""
        manager = self.people.get(person.manager_at(day))
        return manager if manager is not None and manager.active(day) else None

    # ------------------------------------------------------------ how it looks

    def wanted(self, request: _Request, submitted: Set[str]) -> Wanted:
        template = self.pack.templates[request.kind]
        key = request.key(self.cycle.id)
        private = request.kind is Kind.SELF_REVIEW and key not in submitted
        return Wanted(
            key=key,
            kind=request.kind,
            title=self._title(template, request),
            home=self._home(template.place, request),
            grants=self._grants(template, request, without=Writer.MANAGER if private else None),
            person_id=request.person.id if request.person else "",
            other_id=request.other.id if request.other else "",
            due=request.due,
            quarterly=request.quarterly,
            reason=request.reason,
        )

    def _title(self, template: Template, request: _Request) -> str:
        role = request.role or (self.roles[request.person.role] if request.person else None)
        words = {
            "{person}": request.person.name if request.person else "",
            "{manager}": request.manager.name if request.manager else "",
            "{giver}": request.other.name if request.other else "",
            "{role}": role.title if role else "",
            "{date}": str(request.due or ""),
            "{cycle}": self.cycle.label,
        }
        title = template.title
        for placeholder, word in words.items():
            title = title.replace(placeholder, word)
        return " ".join(title.split())

    def _home(self, place: Place, request: _Request) -> Home:
        """A private folder belongs to the one who writes in it and has a folder for each person written about."""
        person, other = request.person, request.other
        if person is None or place is Place.COMPANY:
            return Home(Place.COMPANY, inner=(self.cycle.label,))
        if other is not None and owner_of(place, person.id, other.id) == other.id:
            return Home(place, other.id, other.name, (f"{person.name} - {person.id}", self.cycle.label))
        return Home(place, person.id, person.name, (self.cycle.label,))

    def _grants(self, template: Template, request: _Request, without: Writer | None) -> Grants:
        who = {
            Writer.EMPLOYEE: self._address(request.person),
            Writer.MANAGER: self._address(request.manager),
            Writer.GIVER: self._address(request.other),
            Writer.HR: self.hr,
            Writer.ANYONE: ("*",),
            Writer.EVERYONE: ("*",),
        }
        writers = {address for writer in template.writers if writer is not without for address in who.get(writer, ())}
        readers = {address for reader in template.readers if reader is not without for address in who.get(reader, ())}
        return Grants(tuple(sorted(writers)), tuple(sorted(readers - writers)))

    def _address(self, person: Person | None) -> tuple[str, ...]:
        """Nobody who has left keeps access to what others still use."""
        return (person.email,) if person is not None and (person.end is None or self.today <= person.end) else ()


def owner_of(place: Place, person_id: str, other_id: str) -> str:
    """Whose folder a document about one person belongs in; *other_id* is who else it is for. "" for the company's."""
    if place is Place.COMPANY:
        return ""
    return other_id if place is Place.PRIVATE and other_id else person_id


def home_of(artifact: Artifact) -> Home:
    """Whose folder a recorded document belongs in, by the owner's id."""
    return Home(artifact.place, owner_of(artifact.place, artifact.person_id, artifact.other_id))
