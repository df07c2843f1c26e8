"""What changed since the last look: a query for each database, and the bodies of those rows only that may have changed.

Notion's times are whole minutes and rounded down, so each look goes back two minutes before the last one and compares
contents. Rows in the trash simply vanish from queries: once a day all ids are asked for, and what lacks is looked up one
by one before it counts as gone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from connectors.crew import Crew, sound
from connectors.notion.bodies import Comment, Reader, Reading, Unreadable, body_of
from connectors.notion.client import Api, Refused
from connectors.notion.cursor import Seen, State, pack, unpack
from connectors.notion.databases import Databases
from connectors.notion.document import version_of
from connectors.notion.goals import Goal, goal_of, sheet_version, slim
from connectors.notion.layout import GOALS, PEOPLE, kind_of, place_of
from connectors.notion.rows import Page, Rows, minute, minutes_before
from connectors.workspace import Changed, Changes, Failed, Vanished
from templates.shapes import Kind

OVERLAP = 2
"""Minutes that each look goes back before the last one."""
SWEEP = timedelta(days=1)
"""How far apart all ids are asked for."""


@dataclass(frozen=True)
class Looked:
    """An artifact as a look found it. *goals* is None for a document."""

    key: str
    version: str
    body: str
    beside: tuple[tuple[str, str], ...]
    edited: str
    edited_by: str
    goals: tuple[Goal, ...] | None = None
    comments: tuple[Comment, ...] = ()


def look_of(page: Page, read: Reading) -> Looked:
    """A document as its row and page show it."""
    version = version_of(read.body, page.beside, *read.comments)
    return Looked(page.key, version, read.body, page.beside, page.edited, page.edited_by, comments=read.comments)


def is_sheet(database: str) -> bool:
    """Whether what stands there is a table with rows of its own."""
    return kind_of(database) == Kind.GOAL_SHEET


def ref_of(database: str, id_: str) -> str:
    """The address that the engine knows: place, kind and page id."""
    return f"{database}/{id_}"


@dataclass
class _Finding:
    """A look in the making."""

    before: State
    pages: dict[str, Seen]
    goals: dict[str, Goal]
    named: Collection[str] = ()
    """Ids that are looked at whatever the cursor says."""
    changed: list[Changed] = field(default_factory=list)
    vanished: list[Vanished] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)
    bodies: dict[str, str] = field(default_factory=dict)
    rows: dict[str, Page] = field(default_factory=dict)
    touched: dict[tuple[str, str], Page | None] = field(default_factory=dict)
    """Sheet key and employee of goals that changed, to the one that changed last; None for one that is gone."""


class Watch:
    """Looks for changes and keeps what it read until somebody asks for it, so that nothing is read twice."""

    def __init__(self, api: Api, databases: Databases, rows: Rows, crew: Crew, reader: Reader) -> None:
        self._api, self._databases, self._rows, self._crew, self._reader = api, databases, rows, crew, reader
        self.looked: dict[str, Looked] = {}
        self.discarded: set[str] = set()
        """Ids that we put into the trash ourselves."""

    def changes(self, cursor: str, named: Collection[str] = ()) -> Changes:
        """See `Workspace.changes` and `LooksWhereTold`; *named* are page ids."""
        self.looked.clear()
        before, start = unpack(cursor), self._api.clock.now()
        full = before.swept is None or before.at is None or start - before.swept >= SWEEP
        since = minutes_before(before.at, OVERLAP) if before.at else None
        found = _Finding(before, dict(before.pages), dict(before.goals), named)
        for page in self._returned(None if full else since):
            found.rows[page.id] = page
        known = (*before.pages, *before.goals) if full else ()
        self._missing(found, dict.fromkeys((*known, *named)))
        self._drop(found, [id_ for id_ in self.discarded if id_ in found.pages or id_ in found.goals])
        self._read(found, [page for page in found.rows.values() if page.id in named or _may_differ(page, before, since)])
        self._sheets(found)
        state = State(start, start if full else before.swept, found.pages, found.goals)
        return Changes(tuple(found.changed), tuple(found.vanished), tuple(found.failed), pack(state))

    def _returned(self, since: datetime | None) -> Iterable[Page]:
        databases = [key for key in self._databases.layout.databases if key != PEOPLE]
        tasks = [partial(self._ask, key, since) for key in databases]
        return [page for pages in sound(self._crew.all(tasks)) for page in pages if page.id not in self.discarded]

    def _ask(self, key: str, since: datetime | None) -> list[Page]:
        return list(self._rows.all(key) if since is None else self._rows.changed(key, since))

    # ------------------------------------------------------------ what is gone

    def _missing(self, found: _Finding, wanted: Iterable[str]) -> None:
        """What no query shows is looked up: only what is in the trash or elsewhere is gone."""
        lost = [id_ for id_ in wanted if id_ not in found.rows]
        standing = sound(self._crew.all([partial(self._rows.one, id_) for id_ in lost]))
        for page in standing:
            if page is not None:
                found.rows[page.id] = page
        self._drop(found, [id_ for id_, page in zip(lost, standing, strict=True) if page is None])

    def _drop(self, found: _Finding, ids: Iterable[str]) -> None:
        for id_ in ids:
            if goal := found.goals.pop(id_, None):
                _touch(found, goal, None)
            elif seen := found.pages.pop(id_, None):
                found.vanished.append(Vanished(ref_of(seen.database, id_)))

    # ------------------------------------------------------------ what is new

    def _read(self, found: _Finding, candidates: list[Page]) -> None:
        readings = self._crew.all([partial(self._one, page) for page in candidates])
        for page, read in zip(candidates, readings, strict=True):
            if isinstance(read, Unreadable | Refused):
                self._unreadable(found, page, read)
            elif isinstance(read, Exception):
                raise read
            elif page.database == GOALS:
                self._goal(found, page, read.body)
            elif is_sheet(page.database):
                found.bodies[page.id] = read.body
            else:
                looked = look_of(page, read)
                self._note(found, page.id, _seen(page, looked.version), looked)

    def _one(self, page: Page) -> Reading:
        if page.database == GOALS or is_sheet(page.database):
            return Reading(body_of(self._api, page.id))
        return self._reader.read(page.id)

    def _unreadable(self, found: _Finding, page: Page, problem: Exception) -> None:
        """Nothing is concluded from it; the next full look tries again."""
        known = found.pages.get(page.id)
        if isinstance(problem, Refused) and problem.is_missing:
            return
        found.failed.append(Failed(ref_of(page.database, page.id), str(problem)))
        if known is not None:
            found.pages[page.id] = replace(known, edited="")

    def _goal(self, found: _Finding, page: Page, body: str) -> None:
        goal, before = slim(goal_of(page, body)), found.goals.get(page.id)
        found.goals[page.id] = goal
        if before is None or before.sign != goal.sign or (before.sheet, before.employee) != (goal.sheet, goal.employee):
            if before is not None:
                _touch(found, before, page)
            _touch(found, goal, page)

    def _note(self, found: _Finding, id_: str, seen: Seen, looked: Looked) -> None:
        """Record a row as it stands now; it is a change when it is new, moved or reads otherwise."""
        before = found.before.pages.get(id_)
        found.pages[id_] = seen
        ref = ref_of(seen.database, id_)
        moved = before is not None and before.database != seen.database
        if before is not None and moved and place_of(before.database) != place_of(seen.database):
            found.vanished.append(Vanished(ref_of(before.database, id_)))
            moved, before = False, None
        if before is None or before.version != seen.version or moved:
            former = ref_of(before.database, id_) if before is not None and moved else ""
            found.changed.append(Changed(ref, former))
            self.looked[ref] = looked
        elif id_ in found.named:
            self.looked[ref] = looked

    # ------------------------------------------------------------ sheets

    def _sheets(self, found: _Finding) -> None:
        """Sheets whose page or goals may differ, put together anew."""
        for id_ in found.bodies:
            page = found.rows[id_]
            found.pages[id_] = replace(_seen(page, ""), body=found.bodies[id_], beside=page.beside)
        sheets = {id_: seen for id_, seen in found.pages.items() if is_sheet(seen.database)}
        newest = _newest(sheets)
        goals: dict[str, list[Goal]] = {}
        for goal in found.goals.values():
            goals.setdefault(goal.sheet or newest.get(goal.employee, ""), []).append(goal)
        touched = {key or newest.get(employee, ""): page for (key, employee), page in found.touched.items()}
        for id_, seen in sheets.items():
            if id_ in found.bodies or seen.key in touched:
                self._sheet(found, id_, seen, tuple(goals.get(seen.key, ())), touched.get(seen.key))

    def _sheet(self, found: _Finding, id_: str, seen: Seen, goals: tuple[Goal, ...], last: Page | None) -> None:
        version = sheet_version(seen.body, seen.beside, goals)
        page = last or found.rows.get(id_)
        edited, by = (page.edited, page.edited_by) if page else (seen.edited, "")
        looked = Looked(seen.key, version, seen.body, seen.beside, edited, by, goals)
        self._note(found, id_, replace(seen, version=version), looked)


def _seen(page: Page, version: str) -> Seen:
    employees = page.people("Employee")
    return Seen(page.database, page.edited, version, page.key, employees[0] if employees else "", page.created)


def _may_differ(page: Page, before: State, since: datetime | None) -> bool:
    """Whether a row may read otherwise than when it was last seen."""
    known = before.goals.get(page.id) if page.database == GOALS else before.pages.get(page.id)
    if known is None or known.edited != page.edited or since is None or page.edited >= minute(since):
        return True
    return isinstance(known, Seen) and known.database != page.database


def _newest(sheets: Mapping[str, Seen]) -> dict[str, str]:
    """The key of the newest sheet of each employee."""
    newest: dict[str, str] = {}
    for seen in sorted(sheets.values(), key=lambda one: (one.created, one.key)):
        if seen.employee:
            newest[seen.employee] = seen.key
    return newest


def _touch(found: _Finding, goal: Goal, page: Page | None) -> None:
    place = goal.sheet, goal.employee
    known = found.touched.get(place)
    if known is None or (page is not None and page.edited >= known.edited):
        found.touched[place] = page
