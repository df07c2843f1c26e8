"""Access as rows say it, beside access as it is meant to be. What the rule of a database makes of it, Notion's API hides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from connectors.notion.layout import RIGHTS, title_of
from connectors.notion.looking import ref_of
from connectors.notion.members import Members
from connectors.notion.rows import Page, Rows
from connectors.workspace import Drift, Grants


def drifts(rows: Rows, members: Members, database: str, grants: Mapping[str, Grants]) -> Iterator[Drift]:
    """What differs in *database* between the access properties and *grants*, which are by ref."""
    for page in rows.all(database):
        ref = ref_of(database, page.id)
        if ref in grants:
            yield from _of_row(rows, members, page, ref, grants[ref])


def _of_row(rows: Rows, members: Members, page: Page, ref: str, wanted: Grants) -> Iterator[Drift]:
    real = rows.rights(page)
    meant = {"Shared with": set(wanted.writers), "Shown to": set(wanted.readers) - set(wanted.writers)}
    for name in RIGHTS:
        if name not in page.known.properties or page.known.properties[name] not in page.values:
            yield _drift(ref, f"The property “{name}” of “{title_of(page.database)}” is gone; the next apply makes it anew.")
            continue
        ids, strangers = members.ids(sorted(meant[name]))
        for one in sorted(real[name] - set(ids)):
            yield _drift(ref, f"{_who(members, one)} was added to “{name}” by a person and should not be there.")
        for one in sorted(set(ids) - real[name]):
            yield _drift(ref, f"{_who(members, one)} is missing in “{name}” and should be there.")
        for email in strangers:
            yield _drift(ref, f"{email} should be in “{name}” and is no member of the Notion workspace.")


def _drift(ref: str, reason: str) -> Drift:
    return Drift(ref, reason, certain=False)


def _who(members: Members, user: str) -> str:
    return members.author(user) or members.name_of(user) or user
