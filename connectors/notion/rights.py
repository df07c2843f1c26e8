"""Who is meant to have access, kept in the people properties of rows. What the rule of a database makes of it, Notion hides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from connectors.notion.client import Api
from connectors.notion.databases import Databases
from connectors.notion.layout import GOALS, PEOPLE
from connectors.notion.looking import is_sheet
from connectors.notion.members import Members
from connectors.notion.rows import Page, Rows
from connectors.notion.values import people
from connectors.workspace import Grants


class Rights:
    """Writes the properties that give access, on rows that were made earlier."""

    def __init__(self, api: Api, databases: Databases, rows: Rows, members: Members) -> None:
        self._api, self._databases, self._rows, self._members = api, databases, rows, members

    def give(self, page: Page, grants: Grants) -> tuple[bool, Sequence[str]]:
        """Whether anything had to be written, and the addresses that no member has. Raises Refused.

        A goal sheet takes along its goals and the home of its employee.
        """
        writers, missing = self._members.ids(grants.writers)
        readers, absent = self._members.ids(grants.readers)
        wanted = {"Shared with": writers, "Shown to": [one for one in readers if one not in writers]}
        changed = [self._set(one, wanted) for one in (page, *self._along(page))]
        return any(changed), sorted({*missing, *absent})

    def _along(self, page: Page) -> Iterator[Page]:
        if not is_sheet(page.database):
            return
        if self._databases.known(GOALS) is not None:
            yield from self._rows.with_key(GOALS, "Sheet", [page.key])
        employees = page.people("Employee")
        if employees and self._databases.known(PEOPLE) is not None:
            yield from self._rows.about(PEOPLE, employees[0])

    def _set(self, page: Page, wanted: Mapping[str, Sequence[str]]) -> bool:
        wanted = {name: ids for name, ids in wanted.items() if page.database != PEOPLE or name == "Shared with"}
        if any(page.known.properties.get(name) not in page.values for name in wanted):
            self._databases.mend(page.database)
        own = self._databases.ensure(page.database).properties
        real = self._rows.rights(page)
        changed = {own[name]: people(ids) for name, ids in wanted.items() if name in own and set(ids) != real.get(name, set())}
        if changed:
            self._api.change(f"pages/{page.id}", {"properties": changed})
        return bool(changed)
