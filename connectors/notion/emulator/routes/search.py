"""Search by title: https://developers.notion.com/reference/post-search. Like Notion's it is an index that may lag."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint

from connectors.notion.emulator import checks
from connectors.notion.emulator.asking import Asking, Begin, Paths
from connectors.notion.emulator.errors import failed
from connectors.notion.emulator.model import DataSource, Page
from connectors.notion.emulator.rich_text import plain

_KEYS = {"query", "sort", "filter", "start_cursor", "page_size"}


def blueprint(begin: Begin) -> Blueprint:
    """The path of search."""
    paths = Paths("search", begin)

    @paths.path("POST", "/search", "search")
    def search(asking: Asking) -> Any:
        body = asking.body
        checks.only(body, _KEYS)
        found = _sorted(_found(asking), body.get("sort"))
        of = json.dumps([body.get("query"), body.get("filter"), body.get("sort")], sort_keys=True)
        part = asking.part(found, [record.id for record in found], of, body)
        shapes = asking.shapes
        shown = [shapes.page(each) if isinstance(each, Page) else shapes.source(each) for each in part.items]
        return asking.listed(part, "page_or_data_source", shown)

    return paths.blueprint


def _found(asking: Asking) -> list[Page | DataSource]:
    words = checks.a_string(asking.body.get("query") or "", "query").casefold()
    filters = checks.an_object(asking.body.get("filter") or {}, "filter")
    if "value" in filters or "property" in filters:
        checks.one_of(filters.get("property"), "filter.property", ("object",))
        checks.one_of(filters.get("value"), "filter.value", ("page", "data_source"))
    trashed = bool(filters.get("in_trash", False))
    store, kind = asking.store, filters.get("value")
    found: list[Page | DataSource] = []
    if kind != "data_source":
        found += [page for page in _pages(asking) if words in asking.shapes.title(page).casefold()]
    if kind != "page":
        found += [source for source in store.sources.values() if words in plain(source.title).casefold()]
    return [each for each in found if store.visible(each) and store.trashed(each) == trashed]


def _pages(asking: Asking) -> list[Page]:
    staleness = asking.staleness()
    was = asking.store.as_it_was(staleness) if staleness else {}
    now = [page for page in asking.store.pages.values() if page.id not in was]
    return [*now, *(page for page in was.values() if page is not None)]


def _sorted(found: list[Page | DataSource], sort: Any) -> list[Page | DataSource]:
    order = checks.an_object(sort or {"timestamp": "last_edited_time", "direction": "descending"}, "sort")
    if order.get("property") == "relevance":
        order = {"timestamp": "last_edited_time"}
    if order.get("timestamp") != "last_edited_time":
        raise failed("sort.timestamp", '`"last_edited_time"`', order.get("timestamp"))
    direction = checks.one_of(order.get("direction", "descending"), "sort.direction", ("ascending", "descending"))
    return sorted(found, key=lambda each: (each.stamp.edited, each.id), reverse=direction == "descending")
