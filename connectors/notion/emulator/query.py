"""The rows of a data source that a query finds. https://developers.notion.com/reference/query-a-data-source."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from connectors.notion.emulator.filters import Plan, planned, sorted_rows
from connectors.notion.emulator.model import DataSource, Page
from connectors.notion.emulator.store import Store

#: A query finds no more rows than this, and says so in `request_status`.
MAX_RESULTS = 10_000
#: How many results of a data source are kept until a row changes.
_KEPT = 50


def question(source: DataSource, body: Mapping[str, Any]) -> str:
    """What a query asks, apart from which part of the answer it wants."""
    asked = {key: body.get(key) for key in ("filter", "sorts", "is_archived", "in_trash", "archived")}
    return f"{source.id}{json.dumps(asked, sort_keys=True)}"


def found(store: Store, source: DataSource, body: Mapping[str, Any], staleness: float = 0.0) -> list[Page]:
    """Every row that the query *body* finds, in its order; *staleness* seconds old. Raises `NotionError`."""
    rows = store.rows[source.id]
    now = store.clock.now()
    key = f"{question(source, body)}{now.date()}"
    kept = rows.results.get(key)
    if kept and kept[0] == rows.version and not staleness:
        return kept[1]
    plan = planned(body.get("filter"), source, now)
    pages = list(_candidates(store, source, plan))
    if staleness:
        pages = _as_it_was(pages, store.as_it_was(staleness), source)
    result = sorted_rows(_passing(pages, plan, body), body.get("sorts"), source)
    if not staleness:
        while len(rows.results) >= _KEPT:
            rows.results.pop(next(iter(rows.results)))
        rows.results[key] = (rows.version, result)
    return result


def _candidates(store: Store, source: DataSource, plan: Plan) -> Sequence[Page]:
    """The rows among which the plan's results are: those of the shortest lookup, else all."""
    rows = store.rows[source.id]
    if not plan.lookups:
        return list(rows.all())
    found = [[page for key in keys for page in rows.having(column, kind, key)] for column, kind, keys in plan.lookups]
    return list({page.id: page for page in min(found, key=len)}.values())


def _as_it_was(pages: Sequence[Page], was: Mapping[str, Page | None], source: DataSource) -> list[Page]:
    """*pages* and what else there was, each as it was."""
    now = [page for page in pages if page.id not in was]
    before = [page for page in was.values() if page is not None and page.parent.id == source.id]
    return [*now, *before]


def _passing(pages: Sequence[Page], plan: Plan, body: Mapping[str, Any]) -> list[Page]:
    archived = bool(body.get("is_archived"))
    trashed = bool(body.get("in_trash"))
    return [page for page in pages if page.in_trash == trashed and page.is_archived == archived and plan.test(page)]
