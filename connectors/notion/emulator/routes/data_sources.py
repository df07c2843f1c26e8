"""Data sources: https://developers.notion.com/reference/data-source."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint

from connectors.notion.emulator import checks, content, query, tables
from connectors.notion.emulator.asking import Asking, Begin, Paths
from connectors.notion.emulator.errors import MISSING, invalid
from connectors.notion.emulator.events import Event

_QUERY = {"filter", "sorts", "start_cursor", "page_size", "in_trash", "is_archived", "result_type"}
_CREATE = {"parent", "properties", "title", "icon"}
_UPDATE = {"title", "description", "icon", "properties", "in_trash", "archived", "parent"}


def blueprint(begin: Begin) -> Blueprint:
    """The paths of data sources."""
    paths = Paths("data_sources", begin)

    @paths.path("POST", "/data_sources", "create")
    def create(asking: Asking) -> Any:
        body, store = asking.body, asking.store
        checks.only(body, _CREATE)
        parent = checks.an_object(body.get("parent", MISSING), "parent")
        database = asking.database(checks.an_id(parent.get("database_id", MISSING), "parent.database_id"))
        content.editable(store, database)
        title = asking.rich_text(body.get("title") or [], "title")
        icon = asking.icon(body.get("icon"), "icon")
        source = tables.new_source(
            asking, database, body.get("properties", MISSING), "properties", store.ids.content(), title, icon=icon
        )
        tables.default_view(asking, database, source)
        return asking.shapes.source(source)

    @paths.path("GET", "/data_sources/<source_id>", "retrieve")
    def retrieve(asking: Asking, source_id: str) -> Any:
        return asking.shapes.source(asking.source(source_id))

    paths.path("PATCH", "/data_sources/<source_id>", "update")(_update)
    paths.path("POST", "/data_sources/<source_id>/query", "query")(_query)

    @paths.path("GET", "/data_sources/<source_id>/templates", "list_templates", request_id=False)
    def templates(asking: Asking, source_id: str) -> Any:
        asking.source(source_id)
        return {"templates": [], "has_more": False, "next_cursor": None}

    return paths.blueprint


def _update(asking: Asking, source_id: str) -> Any:
    source, body, store = asking.source(source_id), asking.body, asking.store
    checks.only(body, _UPDATE)
    trash = asking.trash(body)
    changes: dict[str, Any] = {}
    if trash is not None and trash != source.in_trash:
        changes["in_trash"] = trash
    elif set(body) - {"in_trash", "archived"}:
        content.editable(store, source)
    if body.get("title") is not None:
        changes["title"] = asking.rich_text(body["title"], "title")
    if "icon" in body:
        changes["icon"] = asking.icon(body["icon"], "icon")
    if body.get("parent"):
        target = checks.an_object(body["parent"], "parent").get("database_id", MISSING)
        changes["database_id"] = asking.database(checks.an_id(target, "parent.database_id")).id
    if changes:
        source = replace(source, **changes, stamp=store.edited(source.stamp, asking.by))
        store.put(source)
    if "in_trash" in changes:
        word = "data_source.deleted" if source.in_trash else "data_source.undeleted"
        store.hear(Event(word, source.id, "data_source", asking.by, content.told_parent(store, source)))
    if body.get("properties"):
        source = tables.change_schema(asking, source, body["properties"])
    return asking.shapes.source(source)


def _query(asking: Asking, source_id: str) -> Any:
    source, body = asking.source(source_id), asking.body
    checks.only(body, _QUERY | ({"archived"} if asking.version < "2026-03-11" else set()))
    if asking.store.trashed(source):
        raise invalid(f"The data source {source.id} is in the trash and cannot be queried.")
    only = asking.only_properties(source)
    pages = query.found(asking.store, source, body, asking.staleness())
    capped = len(pages) > query.MAX_RESULTS
    pages = pages[: query.MAX_RESULTS]
    part = asking.part(pages, [page.id for page in pages], query.question(source, body), body)
    status = {"request_status": {"type": "incomplete", "incomplete_reason": "query_result_limit_reached"}} if capped else {}
    shown = [asking.shapes.page(page, only) for page in part.items]
    return asking.listed(part, "page_or_data_source", shown, **status)
