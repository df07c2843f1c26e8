"""Who sees and does what: the one function through which every page, command, export, draft and release goes.

It decides on the *relation* of the viewer to the person whom a thing is about, on the day in question, never on a title:
"a manager of someone" is no permission. What is not allowed below is refused. Pure: the directory and the day are arguments.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from sync.records import Entry, EntryKind, Person, Visibility
from templates.shapes import Kind

# ---------------------------------------------------------------- the words


class Action(StrEnum):
    """What a viewer wants to do with a subject."""

    READ = "read"
    WRITE = "write"
    DRAFT = "draft"
    """Have a review drafted in which one is the writer."""
    RELEASE = "release"
    """Show a finished review to the person whom it is about."""
    CORRECT = "correct"
    """Show a corrected version of a review that was released; the former one stays."""
    PROVISION = "provision"
    """Plan and apply artifacts, open cycles, propose joiners and leavers; see names and states, never content."""
    ADMINISTER = "administer"
    """Settings, keys and connections; reads nothing that people wrote."""
    AGGREGATE = "aggregate"
    """Figures over many people, without a name."""
    HAND_OVER = "hand-over"
    """Take out or erase everything about somebody who left and asks, or whose time is over; each time is audited."""
    UNBIND = "unbind"
    """Let another account of the identity provider sign somebody in; not for who runs that provider, the admin."""


class Phase(StrEnum):
    """How far a document is. What has no phases (a check-in, a goal sheet) stays in DRAFT."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CALIBRATION = "calibration"
    RELEASED = "released"
    """Shown to the person it is about. Peer feedback gets here only where the pack lets the person read it."""


class Relation(StrEnum):
    """What the viewer is to the person a thing is about, closest first."""

    SELF = "self"
    AUTHOR = "author"
    """Wrote it: the giver of feedback, the manager whose document it is."""
    MANAGER = "manager"
    FORMER_MANAGER = "former-manager"
    SKIP_LEVEL = "skip-level"
    HR = "hr"
    LEADERSHIP = "leadership"
    ADMIN = "admin"
    STRANGER = "stranger"


@dataclass(frozen=True)
class Paper:
    """A document or sheet as access sees it."""

    kind: Kind
    about: str
    """A person's id; "" for the company's own."""
    by: str = ""
    """The manager of a manager's document, the giver of feedback, the writer of a released review, otherwise ""."""
    phase: Phase = Phase.DRAFT
    on: date | None = None
    """The day of a check-in."""


@dataclass(frozen=True)
class Company:
    """The organisation as a whole: what PROVISION, ADMINISTER and AGGREGATE are about."""


Subject = Paper | Entry | Company


@dataclass(frozen=True, eq=False)
class Directory:
    """Everybody, by id. Compared by identity: one instance per import of the directory."""

    people: tuple[Person, ...]
    _by_id: Mapping[str, Person] = field(init=False, repr=False)
    _ever_managed: Mapping[str, tuple[Person, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {person.id: person for person in self.people})
        managed: dict[str, dict[str, Person]] = {}
        for person in self.people:
            for line in person.reporting:
                managed.setdefault(line.manager_id, {})[person.id] = person
        object.__setattr__(self, "_ever_managed", {one: tuple(those.values()) for one, those in managed.items()})

    def person(self, person_id: str) -> Person | None:
        """The person of that id, or None."""
        return self._by_id.get(person_id)

    def name(self, person_id: str) -> str:
        """The person's name, "" when nobody has that id."""
        person = self._by_id.get(person_id)
        return person.name if person else ""

    def manager_at(self, person_id: str, day: date) -> str:
        """The id of the person's manager on *day*, "" when there is none."""
        person = self._by_id.get(person_id)
        return person.manager_at(day) if person else ""

    def reports_at(self, manager_id: str, day: date) -> tuple[Person, ...]:
        """Those whom *manager_id* manages on *day*."""
        ever = self._ever_managed.get(manager_id, ())
        return tuple(person for person in ever if person.manager_at(day) == manager_id and person.active(day))

    def around(self, person_id: str) -> tuple[Person, ...]:
        """The person, everybody they ever managed, and everybody who ever managed one of these."""
        those = [person for person in (self.person(person_id), *self._ever_managed.get(person_id, ())) if person]
        above = [self.person(line.manager_id) for person in those for line in person.reporting]
        return tuple({one.id: one for one in (*those, *above) if one}.values())


@dataclass(frozen=True)
class Viewer:
    """Somebody who looks or acts, and the directory that says what they are to others."""

    person_id: str
    directory: Directory


# ---------------------------------------------------------------- the tables

_SELF, _AUTHOR, _MANAGER, _HR = Relation.SELF, Relation.AUTHOR, Relation.MANAGER, Relation.HR
_DRAFT, _SUBMITTED, _CALIBRATION, _RELEASED = Phase.DRAFT, Phase.SUBMITTED, Phase.CALIBRATION, Phase.RELEASED
_UNTIL_CALIBRATION = frozenset({_DRAFT, _SUBMITTED})
_UNTIL_RELEASE = frozenset({_DRAFT, _SUBMITTED, _CALIBRATION})
_ONCE_SUBMITTED = frozenset({_SUBMITTED, _CALIBRATION, _RELEASED})
_ALWAYS = frozenset(Phase)

_Rights = Mapping[Relation, frozenset[Phase]]

# HR stands here only with peer feedback, a manager review at calibration and a released review: a goal sheet or a
# check-in belongs to the person and the manager.
_READ: Mapping[Kind, _Rights] = {
    Kind.GOAL_SHEET: {_SELF: _ALWAYS, _MANAGER: _ALWAYS},
    Kind.CHECK_IN: {_SELF: _ALWAYS, _MANAGER: _ALWAYS, Relation.FORMER_MANAGER: _ALWAYS},
    Kind.QUICK_NOTES: {_SELF: _ALWAYS, _MANAGER: _ALWAYS},
    Kind.SELF_REVIEW: {_SELF: _ALWAYS, _MANAGER: _ONCE_SUBMITTED},
    Kind.PEER_FEEDBACK: {
        _AUTHOR: _ALWAYS,
        _MANAGER: _ONCE_SUBMITTED,
        _HR: _ONCE_SUBMITTED,
        _SELF: frozenset({_RELEASED}),
    },
    Kind.MANAGER_NOTES: {_AUTHOR: _ALWAYS},
    Kind.MANAGER_REVIEW: {_AUTHOR: _ALWAYS, _HR: frozenset({_CALIBRATION})},
    Kind.RELEASED_REVIEW: dict.fromkeys((_SELF, _AUTHOR, _MANAGER, _HR), frozenset({_RELEASED})),
}

_WRITE: Mapping[Kind, _Rights] = {
    Kind.GOAL_SHEET: {_SELF: _ALWAYS, _MANAGER: _ALWAYS},
    Kind.CHECK_IN: {_SELF: _ALWAYS, _MANAGER: _ALWAYS},
    Kind.QUICK_NOTES: {_SELF: _ALWAYS},
    Kind.SELF_REVIEW: {_SELF: _UNTIL_CALIBRATION},
    Kind.PEER_FEEDBACK: {_AUTHOR: _UNTIL_CALIBRATION},
    Kind.MANAGER_NOTES: {_MANAGER: _ALWAYS},
    Kind.MANAGER_REVIEW: {_MANAGER: _UNTIL_RELEASE},
}

_PAPER_RIGHTS: Mapping[Action, Mapping[Kind, _Rights]] = {
    Action.READ: _READ,
    Action.WRITE: _WRITE,
    Action.DRAFT: {
        Kind.SELF_REVIEW: {_SELF: _ALWAYS},
        Kind.MANAGER_REVIEW: {_MANAGER: _ALWAYS},
    },
    Action.RELEASE: {Kind.MANAGER_REVIEW: {_MANAGER: _UNTIL_RELEASE}},
    Action.CORRECT: {Kind.MANAGER_REVIEW: {_MANAGER: frozenset({_RELEASED})}},
}

_COMPANY_RIGHTS: Mapping[Action, frozenset[str]] = {
    Action.PROVISION: frozenset({"hr", "admin"}),
    Action.ADMINISTER: frozenset({"admin"}),
    Action.AGGREGATE: frozenset({"hr", "leadership"}),
    Action.HAND_OVER: frozenset({"hr"}),
    Action.UNBIND: frozenset({"hr"}),
}

_OWNED_BY_ITS_MANAGER = frozenset({Kind.MANAGER_NOTES, Kind.MANAGER_REVIEW})
_GIVEN = frozenset({EntryKind.PEER_FEEDBACK, EntryKind.FEEDBACK, EntryKind.RECOGNITION})
_READ_BY_HR = frozenset({EntryKind.PEER_FEEDBACK})


# ---------------------------------------------------------------- the function


def can(viewer: Viewer, action: Action, subject: Subject, at: date) -> bool:
    """Whether *viewer* may do *action* with *subject* on the day *at*.

    Somebody who does not work here that day may do nothing. What is about somebody who left may be read by those who
    could read it before, and changed by nobody.
    """
    person = viewer.directory.person(viewer.person_id)
    if person is None or not person.active(at):
        return False
    match subject:
        case Company():
            return person.access in _COMPANY_RIGHTS.get(action, frozenset())
        case Paper():
            return _can_with_paper(viewer, person, action, subject, at)
        case Entry():
            return action is Action.READ and _reads(viewer, subject, relations(viewer, subject.about, at))


def relations(viewer: Viewer, about: str, at: date) -> frozenset[Relation]:
    """Everything *viewer* is to the person *about* on the day *at*; never AUTHOR, which a subject decides.

    Towards oneself one is nothing but SELF: HR does not read the peer feedback about themself.
    """
    if viewer.person_id == about:
        return frozenset({Relation.SELF})
    person = viewer.directory.person(viewer.person_id)
    if person is None or not person.active(at):
        return frozenset({Relation.STRANGER})
    found = set(_lines(viewer, about, at))
    if person.access in (Relation.HR, Relation.LEADERSHIP, Relation.ADMIN):
        found.add(Relation(person.access))
    return frozenset(found or {Relation.STRANGER})


def relation(viewer: Viewer, about: str, at: date) -> Relation:
    """The closest of `relations`: the word for an audit row."""
    found = relations(viewer, about, at)
    return next(one for one in Relation if one in found)


def visible(viewer: Viewer, entries: Iterable[Entry], at: date) -> tuple[Entry, ...]:
    """Those of *entries* that *viewer* may read on the day *at*, in their order."""
    person = viewer.directory.person(viewer.person_id)
    if person is None or not person.active(at):
        return ()
    known: dict[str, frozenset[Relation]] = {}
    kept = []
    for entry in entries:
        held = known.get(entry.about)
        if held is None:
            held = known[entry.about] = relations(viewer, entry.about, at)
        if _reads(viewer, entry, held):
            kept.append(entry)
    return tuple(kept)


def both_may_see(writer: Viewer, reader: Viewer, entries: Iterable[Entry], at: date) -> tuple[Entry, ...]:
    """What a draft by *writer* for *reader* may rest on."""
    return visible(reader, visible(writer, entries, at), at)


# ---------------------------------------------------------------- how it decides


def _lines(viewer: Viewer, about: str, at: date) -> Iterable[Relation]:
    """What reporting lines make of the viewer."""
    directory, me = viewer.directory, viewer.person_id
    person = directory.person(about)
    if person is None:
        return
    manager = person.manager_at(at)
    if manager == me:
        yield Relation.MANAGER
    elif any(line.manager_id == me for line in person.reporting if line.since is None or line.since <= at):
        yield Relation.FORMER_MANAGER
    if me in _above(directory, manager, at):
        yield Relation.SKIP_LEVEL


def _above(directory: Directory, person_id: str, at: date) -> set[str]:
    """Everybody above *person_id*, who is not among them; a loop in the directory ends the walk."""
    found: set[str] = set()
    upper = directory.manager_at(person_id, at)
    while upper and upper not in found and upper != person_id:
        found.add(upper)
        upper = directory.manager_at(upper, at)
    return found


def _can_with_paper(viewer: Viewer, person: Person, action: Action, paper: Paper, at: date) -> bool:
    if paper.kind is Kind.ROLE_EXPECTATIONS:
        return action is Action.READ or (action is Action.WRITE and person.access == "hr")
    about = viewer.directory.person(paper.about)
    if about is None or (action is not Action.READ and about.end is not None and at > about.end):
        return False
    rights = _PAPER_RIGHTS.get(action, {}).get(paper.kind, {})
    return any(paper.phase in rights.get(one, frozenset()) for one in _held(viewer, paper, about, at))


def _held(viewer: Viewer, paper: Paper, about: Person, at: date) -> set[Relation]:
    """The relations that count for *paper*."""
    held = set(relations(viewer, paper.about, at))
    mine = paper.by == viewer.person_id
    if mine and Relation.SELF not in held:
        held.add(Relation.AUTHOR)
    if paper.kind in _OWNED_BY_ITS_MANAGER and not mine:
        held.discard(Relation.MANAGER)
    # A former manager keeps the meetings they sat in: nothing that was written for their successor.
    if Relation.FORMER_MANAGER in held and (paper.on is None or about.manager_at(paper.on) != viewer.person_id):
        held.discard(Relation.FORMER_MANAGER)
    return held


def _reads(viewer: Viewer, entry: Entry, held: frozenset[Relation]) -> bool:
    """Whether *viewer*, being *held* to the person it is about, may read *entry*."""
    if entry.by == viewer.person_id:
        return True
    match entry.visibility:
        case Visibility.AUTHOR_PRIVATE:
            return False
        case Visibility.MANAGER_PRIVATE:
            return _reads_private(viewer, entry, held)
        case Visibility.SHARED:
            return _reads_shared(viewer, entry, held)


def _reads_shared(viewer: Viewer, entry: Entry, held: frozenset[Relation]) -> bool:
    if Relation.SELF in held or Relation.MANAGER in held:
        return True
    # They sat in that conversation; what was shared after they handed over was meant for somebody else.
    if Relation.FORMER_MANAGER in held and _managed_then(viewer, entry):
        return True
    return Relation.HR in held and entry.kind in _READ_BY_HR


def _reads_private(viewer: Viewer, entry: Entry, held: frozenset[Relation]) -> bool:
    """What others told the manager goes with the post; what a manager noted for themself stays theirs."""
    if entry.kind in _GIVEN or entry.by == entry.about:
        return Relation.MANAGER in held or (Relation.HR in held and entry.kind in _READ_BY_HR)
    # Nobody is known to have written it: then it is read by the one whose document it is, whoever managed that day.
    return not entry.by and Relation.SELF not in held and entry.artifact_key.rpartition("/")[2] == viewer.person_id


def _managed_then(viewer: Viewer, entry: Entry) -> bool:
    return viewer.directory.manager_at(entry.about, entry.happened_on) == viewer.person_id
