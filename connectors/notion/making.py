"""New rows: one call each with their body, in the place and with the people that they are for, and never twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from connectors.crew import Crew
from connectors.notion.client import Api, Refused
from connectors.notion.databases import Databases, settled
from connectors.notion.document import markdown_of, quoted, version_of
from connectors.notion.goals import goal_of, sheet_version, slim
from connectors.notion.homes import Homes
from connectors.notion.layout import GOALS, TITLE, Database, database_of, is_open
from connectors.notion.looking import ref_of
from connectors.notion.members import Members
from connectors.notion.rows import Page, Rows
from connectors.notion.values import Json, given, people, text, title
from connectors.workspace import Created, Failed, Home, NewItem, NewRow, TableContent
from templates.shapes import Place, TableShape


@dataclass
class Standing:
    """What stands in one database, as far as this object knows: page ids by key, and by home and title."""

    by_key: dict[str, str] = field(default_factory=dict)
    by_name: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    def add(self, key: str, home: str, name: str, id_: str) -> None:
        """Note a row."""
        self.by_key[key] = id_
        self.by_name[home, name] = key, id_

    def forget(self, id_: str) -> None:
        """It is gone."""
        self.by_key = {key: one for key, one in self.by_key.items() if one != id_}
        self.by_name = {name: one for name, one in self.by_name.items() if one[1] != id_}


class Register:
    """What stands where, asked for once for each database."""

    def __init__(self, databases: Databases, rows: Rows) -> None:
        self._databases, self._rows = databases, rows
        self._known: dict[str, Standing] = {}

    def of(self, database: str) -> Standing:
        """What stands in *database*."""
        if database not in self._known:
            self._known[database] = Standing()
            if database not in self._databases.fresh:
                self.note(database, self._rows.all(database))
        return self._known[database]

    def note(self, database: str, pages: Iterable[Page]) -> None:
        """Every row of *database*, asked for elsewhere."""
        standing = self._known[database] = Standing()
        for page in pages:
            standing.add(page.key, page.own("Home"), page.own("Name"), page.id)


@dataclass(frozen=True)
class Order:
    """An item that can be made now: where, and for which users."""

    item: NewItem
    database: str
    employee: str
    writers: tuple[str, ...]
    readers: tuple[str, ...]

    @property
    def is_sheet(self) -> bool:
        """Whether its content is a table."""
        return isinstance(self.item.content, TableContent)


class Maker:
    """Makes rows."""

    def __init__(
        self,
        api: Api,
        databases: Databases,
        rows: Rows,
        members: Members,
        crew: Crew,
        settle: float,
        confirmed: Callable[[], Iterable[str]],
    ) -> None:
        self._api, self._databases, self._rows = api, databases, rows
        self._members, self._crew, self._settle, self._confirmed = members, crew, settle, confirmed
        self.register = Register(databases, rows)
        self._homes = Homes(api, databases, rows, settle)

    # ------------------------------------------------------------ orders

    def order(self, item: NewItem) -> Order | Failed:
        """Who is to see *item*, or why it cannot be made."""
        database = database_of(item.home, item.kind)
        if not is_open(database) and item.kind not in set(self._confirmed()):
            return Failed(item.key, unconfirmed(item.kind))
        employee, strangers = self._members.ids([item.about] if item.about else [])
        writers, missing = self._members.ids(item.grants.writers)
        readers, _ = self._members.ids(item.grants.readers)
        if absent := sorted({*strangers, *missing}):
            return Failed(
                item.key,
                f"{', '.join(absent)} cannot be found among the members of the Notion workspace (guests are not listed). "
                "It is made by the first apply after they have become members.",
            )
        return Order(item, database, employee[0] if employee else "", tuple(writers), tuple(readers))

    def make(self, orders: Sequence[Order]) -> list[Created | Failed | Exception]:
        """Make them all: first the homes and the goals that they need, then the rows themselves."""
        owners = {one.item.home.owner_id: one for one in orders if _has_home(one) and not self._homes.has(one.item.home)}
        self._prepare(orders, bool(owners))
        homes = [partial(self._home, one) for one in owners.values()]
        written = self._written([one for one in orders if one.is_sheet])
        goals = [(one, row, number) for one in orders if one.is_sheet for number, row in enumerate(_rows(one))]
        goals = [goal for goal in goals if (goal[0].item.key, goal[1].key) not in written]
        tasks: list[Callable[[], Page | str]] = [*homes, *(partial(self._goal, *goal) for goal in goals)]
        done = self._crew.all(tasks)
        problems = _problems([*owners.values()], done[: len(homes)], orders)
        made: dict[str, list[Page]] = {}
        for (one, _, _), result in zip(goals, done[len(homes) :], strict=True):
            if isinstance(result, Page):
                made.setdefault(one.item.key, []).append(result)
            elif isinstance(result, Exception):
                problems.setdefault(one.item.key, result)
        for (sheet, _), page in written.items():
            made.setdefault(sheet, []).append(page)
        if owners:
            self._databases.save()
        return self._crew.all([partial(self._whole, one, made.get(one.item.key, []), problems) for one in orders])

    def _prepare(self, orders: Sequence[Order], homes: bool) -> None:
        """What all of them need, before several threads ask for it at once."""
        if homes:
            self._homes.prepare()
        for database in dict.fromkeys(one.database for one in orders):
            self._databases.ensure(database)
        for shape in dict.fromkeys(one.item.content.shape for one in orders if _rows(one)):
            if isinstance(shape, TableShape):
                self._databases.columns(shape.columns)

    def _written(self, sheets: Sequence[Order]) -> dict[tuple[str, str], Page]:
        """The goals that a stopped run made for sheets that do not stand yet."""
        filled = [one.item.key for one in sheets if _rows(one)]
        if not filled:
            return {}
        self._databases.ensure(GOALS)
        if GOALS in self._databases.fresh:
            return {}
        return {(page.own("Sheet"), page.key): page for page in self._rows.with_key(GOALS, "Sheet", filled)}

    # ------------------------------------------------------------ one of each

    def _home(self, one: Order) -> str:
        return self._homes.ensure(one.item.home, one.employee, one.writers)

    def _whole(self, one: Order, goals: Sequence[Page], problems: Mapping[str, Exception]) -> Created | Failed:
        """The row itself, last: it is what says that all of it is there."""
        if problem := problems.get(one.item.key):
            raise problem
        known = self._databases.ensure(one.database)
        body = _body(one)
        page = self.row(one.database, one.item.key, partial(self._properties, one, known), body, [("Key", one.item.key)])
        self.register.of(one.database).add(one.item.key, home_text(one.item.home), one.item.title, page.id)
        if one.is_sheet:
            version = sheet_version(body, page.beside, [slim(goal_of(goal, "")) for goal in goals])
        else:
            version = version_of(body, page.beside)
        return Created(one.item.key, ref_of(one.database, page.id), version)

    def _properties(self, one: Order, known: Database) -> Json:
        item = one.item
        values = {
            "Name": title(item.title),
            "Key": text(item.key),
            "Home": text(home_text(item.home)),
            "About": text(" · ".join(f"{label}: {value}" for label, value in item.content.facts)),
            "Employee": people([one.employee] if one.employee else []),
            "Shared with": people(one.writers),
            "Shown to": people(user for user in one.readers if user not in one.writers),
        }
        return {known.properties[name]: value for name, value in values.items() if name in known.properties}

    def _goal(self, one: Order, row: NewRow, number: int) -> Page:
        shape = one.item.content.shape
        assert isinstance(shape, TableShape)
        return self.goal(shape, row, number, one.item.key, one.employee, one.writers, one.readers)

    def goal(
        self,
        shape: TableShape,
        row: NewRow,
        number: int,
        sheet: str,
        employee: str,
        writers: Sequence[str],
        readers: Sequence[str],
    ) -> Page:
        """A row of a sheet. Raises Unfit when a column cannot hold a value."""
        columns = self._databases.columns(shape.columns)
        cells = goal_cells(shape, columns, row)

        def properties() -> Json:
            own = self._databases.ensure(GOALS).properties
            values = {
                "Key": text(row.key),
                "Sheet": text(sheet),
                "Order": {"number": number},
                "Employee": people([employee] if employee else []),
                "Shared with": people(writers),
                "Shown to": people(user for user in readers if user not in writers),
            }
            return cells | {own[name]: value for name, value in values.items() if name in own}

        where = [("Sheet", sheet), ("Key", row.key)] if row.key else []
        return self.row(GOALS, f"{sheet} {row.key}", properties, "", where)

    def row(
        self,
        database: str,
        name: str,
        properties: Callable[[], Json],
        body: str,
        where: Sequence[tuple[str, str]],
    ) -> Page:
        """A new row, exactly one, with its body in the same call. *where* tells what it is found again by.

        Properties that people deleted are made again once. Raises Refused and WorkspaceError.
        """
        known = self._databases.ensure(database)

        def make() -> Page:
            call: dict[str, Any] = {"parent": {"type": "data_source_id", "data_source_id": known.source}}
            call |= {"properties": properties()} | ({"markdown": body} if body else {})
            return self._rows.page(self._api.make("pages", call), database)

        def look() -> Page | None:
            found = self._rows.with_key(database, *_first(where)) if where else iter(())
            return next((page for page in found if all(page.own(own) == value for own, value in where)), None)

        try:
            return settled(self._api, self._settle, make, look, self._rows.one)
        except Refused as refusal:
            if refusal.is_missing or refusal.is_in_trash:
                raise self._databases.gone(database, refusal) from refusal
            if refusal.status != 400 or not self._databases.mend(database):
                raise
            return settled(self._api, self._settle, make, look, self._rows.one)


def _first(where: Sequence[tuple[str, str]]) -> tuple[str, list[str]]:
    return where[0][0], [where[0][1]]


def goal_cells(shape: TableShape, columns: Mapping[str, str], row: NewRow) -> Json:
    """The properties for the cells of *row*; a column that the sheet does not have is left out. Raises Unfit."""
    found: Json = {}
    for key, value in row.cells.items():
        column = shape.column(key)
        if column is not None and key in columns and value is not None:
            found[columns[key]] = given(value, column, is_title=columns[key] == TITLE)
    return found


def unconfirmed(kind: str) -> str:
    """Why a kind is not provisioned yet."""
    return (
        f"Nobody has confirmed yet who may open the database of the kind {kind}. Set its access rule in Notion (`throughline "
        f"doctor` says which), then: throughline confirm-access {kind}"
    )


def home_text(home: Home) -> str:
    """Whose place it is, as the row says it."""
    owner = (f"{home.owner_name} - {home.owner_id}",) if home.owner_id else ()
    return " / ".join((home.place.value, *owner, *home.inner))


def _has_home(one: Order) -> bool:
    """Only people who are known to Notion have a home; what is private stands on nobody's."""
    return bool(one.employee and one.item.home.owner_id) and one.item.home.place in (Place.WORKING, Place.REVIEWS)


def _rows(one: Order) -> tuple[NewRow, ...]:
    return one.item.content.rows if isinstance(one.item.content, TableContent) else ()


def _body(one: Order) -> str:
    content = one.item.content
    if isinstance(content, TableContent):
        return quoted(content.shape.intro) if content.shape.intro else ""
    return markdown_of(content)


def _problems(owners: Sequence[Order], results: Sequence[object], orders: Sequence[Order]) -> dict[str, Exception]:
    """Items whose home could not be made, by key."""
    failed = {
        one.item.home.owner_id: result for one, result in zip(owners, results, strict=True) if isinstance(result, Exception)
    }
    return {
        one.item.key: failed[one.item.home.owner_id] for one in orders if one.item.home.owner_id in failed and _has_home(one)
    }
