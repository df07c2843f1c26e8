"""Rows of databases: all of them, the changed ones, single ones by key; and what a row tells about itself.

A query gives at most 10,000 rows and says so (Notion API reference, query a data source): what is beyond is fetched by the
time of creation, which never changes, so that no row moves between two windows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.notion.client import PAGE, Api, Refused
from connectors.notion.databases import Databases
from connectors.notion.layout import GOALS, RIGHTS, Database
from connectors.notion.members import Members
from connectors.notion.values import MOST_SHOWN, Json, by_id, user_ids, words
from connectors.workspace import WorkspaceError

MOST_KEYS = 100
"""Conditions that one filter takes."""
_CREATED = [{"timestamp": "created_time", "direction": "ascending"}]
_EDITED = [{"timestamp": "last_edited_time", "direction": "ascending"}]
_UNSEEN = frozenset({"created_time", "created_by", "last_edited_time", "last_edited_by", "button", "verification"})
"""Types of properties in which nobody writes."""


@dataclass(frozen=True)
class Page:
    """A row as a query or a single read gives it."""

    id: str
    database: str
    edited: str
    """To the minute, as Notion gives it."""
    created: str
    edited_by: str
    values: Mapping[str, tuple[str, Json]]
    """Every property by its id: the name that it has now, and its value."""
    known: Database

    def own(self, name: str) -> str:
        """The words of the property that we call *name*, "" when people took it away."""
        found = self.values.get(self.known.properties.get(name, ""))
        return words(found[1]) if found else ""

    def people(self, name: str) -> tuple[str, ...]:
        """The users in the property that we call *name*; only the first 25 of more."""
        found = self.values.get(self.known.properties.get(name, ""))
        return user_ids(found[1]) if found else ()

    @property
    def key(self) -> str:
        """The logical key; in the goals database, the key of the row."""
        return self.own("Key")

    @property
    def beside(self) -> tuple[tuple[str, str], ...]:
        """What stands in properties that are none of ours: name and words."""
        ours = set(self.known.properties.values())
        others = ((name, words(value)) for id_, (name, value) in self.values.items() if id_ not in ours and _is_typed(value))
        return tuple(sorted((name, text) for name, text in others if text.strip()))


def _is_typed(value: Mapping[str, Any]) -> bool:
    return value.get("type") not in _UNSEEN


class Rows:
    """Reads rows of the databases of one workspace."""

    def __init__(self, api: Api, databases: Databases, members: Members) -> None:
        self._api, self._databases, self._members = api, databases, members

    def page(self, data: Mapping[str, Any], key: str) -> Page:
        """A row as a value; *key* is the database in which it stands. Who stands in it is known from then on."""
        values = by_id(data)
        for _, value in values.values():
            self._members.meet(value.get("people") or ())
        return Page(
            id=str(data["id"]),
            database=key,
            edited=str(data.get("last_edited_time", "")),
            created=str(data.get("created_time", "")),
            edited_by=str((data.get("last_edited_by") or {}).get("id", "")),
            values=values,
            known=self._databases.layout.databases[key],
        )

    def one(self, id_: str) -> Page | None:
        """The row of that id, or None when it is gone, in the trash, or in none of our databases."""
        try:
            data = self._api.get(f"pages/{id_}")
        except Refused as refusal:
            if refusal.is_missing or refusal.status == 400:
                return None
            raise
        key = self.database_in(data)
        return self.page(data, key) if key and not data.get("in_trash") and not data.get("is_archived") else None

    def database_in(self, data: Mapping[str, Any]) -> str:
        """The key of the database in which a page stands, "" for another place."""
        parent = data.get("parent") or {}
        source = parent.get("data_source_id")
        known = self._databases.layout.databases
        return next((key for key, one in known.items() if source and one.source == source), "")

    def all(self, key: str) -> Iterator[Page]:
        """Every row of a database, the oldest first. Raises WorkspaceError when the database is gone."""
        seen: set[str] = set()
        since = ""
        while True:
            last, capped = "", False
            for data, incomplete in self._pages(key, _CREATED, _since("created_time", since)):
                capped = capped or incomplete
                last = str(data.get("created_time", ""))
                if data["id"] not in seen:
                    seen.add(data["id"])
                    yield self.page(data, key)
            if not capped:
                return
            if last <= since:
                raise WorkspaceError(f"More than 10,000 rows of one database were made in the same minute ({last}).")
            since = last

    def changed(self, key: str, since: datetime) -> Iterator[Page]:
        """Rows that were edited *since* then, to the minute. Falls back to all rows where too many were."""
        wanted = _since("last_edited_time", minute(since))
        found = []
        for data, incomplete in self._pages(key, _EDITED, wanted):
            if incomplete:
                yield from (page for page in self.all(key) if page.edited >= minute(since))
                return
            found.append(self.page(data, key))
        yield from found

    def with_key(self, database: str, property_: str, keys: Sequence[str]) -> Iterator[Page]:
        """Rows in which the property that we call *property_* says one of *keys*."""
        known = self._databases.layout.databases[database]
        id_ = known.properties[property_]
        for start in range(0, len(keys), MOST_KEYS):
            some = keys[start : start + MOST_KEYS]
            wanted = [{"property": id_, "rich_text": {"equals": one}} for one in some]
            for data, _ in self._pages(database, _CREATED, wanted[0] if len(wanted) == 1 else {"or": wanted}):
                yield self.page(data, database)

    def unclaimed(self, employee: str) -> Iterator[Page]:
        """Goals that people added without the key of a sheet, by the employee in them."""
        own = self._databases.layout.databases[GOALS].properties
        wanted = [
            {"property": own["Sheet"], "rich_text": {"is_empty": True}},
            {"property": own["Employee"], "people": {"contains": employee}},
        ]
        for data, _ in self._pages(GOALS, _CREATED, {"and": wanted}):
            yield self.page(data, GOALS)

    def about(self, database: str, employee: str) -> Iterator[Page]:
        """Rows of which somebody is the employee."""
        id_ = self._databases.layout.databases[database].properties["Employee"]
        for data, _ in self._pages(database, _CREATED, {"property": id_, "people": {"contains": employee}}):
            yield self.page(data, database)

    def rights(self, page: Page) -> dict[str, frozenset[str]]:
        """The users in the properties that give access, all of them: a query shows only the first 25."""
        return {name: self._everybody(page, name) for name in RIGHTS if name in page.known.properties}

    def _everybody(self, page: Page, name: str) -> frozenset[str]:
        shown = page.people(name)
        if len(shown) < MOST_SHOWN:
            return frozenset(shown)
        items = self._api.listed(f"pages/{page.id}/properties/{page.known.properties[name]}")
        return frozenset(str(item["people"]["id"]) for item in items if item.get("people"))

    def _pages(self, key: str, sorts: list[Json], wanted: Json | None) -> Iterator[tuple[Json, bool]]:
        """The rows of one query, each with whether Notion left some out. Cursors are passed on as they are."""
        source = self._databases.layout.databases[key].source
        body: Json = {"sorts": sorts, "page_size": PAGE} | ({"filter": wanted} if wanted else {})
        while True:
            try:
                answer = self._api.ask(f"data_sources/{source}/query", body)
            except Refused as refusal:
                raise self._databases.gone(key, refusal) from refusal
            incomplete = (answer.get("request_status") or {}).get("type") == "incomplete"
            for data in answer.get("results", ()):
                yield data, incomplete
            if not answer.get("has_more") or not answer.get("next_cursor"):
                return
            body = body | {"start_cursor": answer["next_cursor"]}


def minute(moment: datetime) -> str:
    """*moment* without its seconds, as Notion compares it."""
    return moment.astimezone(UTC).replace(second=0, microsecond=0).strftime("%Y-%m-%dT%H:%M:00.000Z")


def minutes_before(moment: datetime, minutes: int) -> datetime:
    """That many whole minutes before the minute of *moment*."""
    return moment.replace(second=0, microsecond=0) - timedelta(minutes=minutes)


def _since(timestamp: str, moment: str) -> Json | None:
    return {"timestamp": timestamp, timestamp: {"on_or_after": moment}} if moment else None
