"""Home pages: a row of the people's database for each person, with views of their own goals, check-ins and reviews."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from connectors.notion.client import Api
from connectors.notion.databases import Databases, settled
from connectors.notion.document import quoted
from connectors.notion.layout import CHECK_INS, GOALS, PEOPLE, REVIEWS, title_of
from connectors.notion.rows import Page, Rows
from connectors.notion.values import people, text, title
from connectors.workspace import Home

VIEWS: Mapping[str, str] = {GOALS: "Goals", CHECK_INS: "Check-ins", REVIEWS: "Reviews"}
"""What a home shows: a view of each database with the rows of this person only."""
WELCOME = "Your goals, check-ins and reviews. What stands here is seen by you, your manager and HR only."


class Homes:
    """The homes of one workspace."""

    def __init__(self, api: Api, databases: Databases, rows: Rows, settle: float) -> None:
        self._api, self._databases, self._rows, self._settle = api, databases, rows, settle
        self._lock = threading.Lock()
        self._standing: dict[str, str] | None = None

    def has(self, home: Home) -> bool:
        """Whether the home is complete."""
        return home.owner_id in self._databases.layout.homes

    def prepare(self) -> None:
        """Make the databases that homes show, and learn which homes stand already."""
        for database in (PEOPLE, *VIEWS):
            self._databases.ensure(database)
        self._known()

    def ensure(self, home: Home, employee: str, shared: Sequence[str]) -> str:
        """The page of *home*, made if need be, with its views. A run that was stopped half-way is carried on."""
        id_ = self._known().get(home.owner_id, "")
        views = 0
        if id_:
            views = self._views(id_)
        else:
            id_ = self._page(home, employee, shared).id
            self._known()[home.owner_id] = id_
        for number, database in enumerate(VIEWS):
            if number >= views:
                self._view(id_, database, employee, number)
        self._databases.layout.homes[home.owner_id] = id_
        return id_

    def _known(self) -> dict[str, str]:
        with self._lock:
            if self._standing is None:
                pages = () if PEOPLE in self._databases.fresh else self._rows.all(PEOPLE)
                self._standing = {page.key: page.id for page in pages}
            return self._standing

    def _page(self, home: Home, employee: str, shared: Sequence[str]) -> Page:
        known = self._databases.ensure(PEOPLE)
        values = {
            "Name": title(home.owner_name),
            "Key": text(home.owner_id),
            "Employee": people([employee]),
            "Shared with": people(shared or [employee]),
        }
        call: dict[str, Any] = {
            "parent": {"type": "data_source_id", "data_source_id": known.source},
            "properties": {known.properties[name]: value for name, value in values.items() if name in known.properties},
            "markdown": quoted(WELCOME),
        }

        def look() -> Page | None:
            return next(self._rows.with_key(PEOPLE, "Key", [home.owner_id]), None)

        make = partial(self._made, call)
        return settled(self._api, self._settle, make, look, self._rows.one)

    def _made(self, call: dict[str, Any]) -> Page:
        return self._rows.page(self._api.make("pages", call), PEOPLE)

    def _view(self, page: str, database: str, employee: str, before: int) -> None:
        """One view more. A view has no key: that it is there is told by how many there are."""
        known = self._databases.ensure(database)
        call = {
            "data_source_id": known.source,
            "name": VIEWS.get(database, title_of(database)),
            "type": "table",
            "create_database": {"parent": {"type": "page_id", "page_id": page}},
            "filter": {"property": known.properties["Employee"], "people": {"contains": employee}},
            "sorts": [{"timestamp": "created_time", "direction": "descending"}],
        }

        def look() -> dict[str, Any] | None:
            return {} if self._views(page) > before else None

        settled(self._api, self._settle, partial(self._api.make, "views", call), look)

    def _views(self, page: str) -> int:
        children = self._api.listed(f"blocks/{page}/children")
        return sum(child.get("type") == "child_database" for child in children)
