"""Databases: https://developers.notion.com/reference/database."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint

from connectors.notion.emulator import checks, content, tables
from connectors.notion.emulator.asking import Asking, Begin, Paths
from connectors.notion.emulator.errors import MISSING
from connectors.notion.emulator.events import Event
from connectors.notion.emulator.model import Database

_CREATE = {"parent", "title", "description", "is_inline", "initial_data_source", "icon", "cover"}
_UPDATE = {"parent", "title", "description", "is_inline", "icon", "cover", "in_trash", "archived", "is_locked"}


def blueprint(begin: Begin) -> Blueprint:
    """The paths of databases."""
    paths = Paths("databases", begin)
    paths.path("POST", "/databases", "create")(_create)

    @paths.path("GET", "/databases/<database_id>", "retrieve")
    def retrieve(asking: Asking, database_id: str) -> Any:
        return asking.shapes.database(asking.database(database_id))

    paths.path("PATCH", "/databases/<database_id>", "update")(_update)
    return paths.blueprint


def _create(asking: Asking) -> Any:
    body, store = asking.body, asking.store
    checks.only(body, _CREATE)
    parent = tables.parent_of_database(asking, body.get("parent", MISSING))
    database = Database(
        id=store.ids.random(),
        parent=parent,
        title=asking.rich_text(body.get("title") or [], "title"),
        stamp=store.fine_stamp(asking.by),
        description=asking.rich_text(body.get("description") or [], "description"),
        icon=asking.icon(body.get("icon"), "icon"),
        cover=asking.cover(body.get("cover"), "cover"),
        is_inline=checks.a_bool(body.get("is_inline") or False, "is_inline"),
    )
    initial = checks.an_object(body.get("initial_data_source") or {}, "initial_data_source")
    given = initial.get("properties") or {"Name": {"title": {}}}
    store.put(database)
    try:
        source = tables.new_source(
            asking,
            database,
            given,
            "initial_data_source.properties",
            store.ids.random(),
            asking.rich_text(initial["title"], "initial_data_source.title") if initial.get("title") else database.title,
            icon=asking.icon(initial.get("icon"), "initial_data_source.icon"),
        )
    except Exception:
        del store.databases[database.id]
        raise
    tables.default_view(asking, database, source)
    if parent.id:
        store.children[parent.id].append(database.id)
        above = store.content(parent.id)
        if above is not None:
            content.touched(store, above, asking.by)
    store.hear(Event("database.created", database.id, "database", asking.by, content.told_parent(store, database)))
    return asking.shapes.database(database)


def _update(asking: Asking, database_id: str) -> Any:
    database, body, store = asking.database(database_id), asking.body, asking.store
    checks.only(body, _UPDATE)
    trash = asking.trash(body)
    if trash is not None and trash != database.in_trash:
        content.set_trashed(store, database, trash, asking.by)
        database = store.databases[database.id]
    changes: dict[str, Any] = {}
    for key in ("title", "description"):
        if body.get(key) is not None:
            changes[key] = asking.rich_text(body[key], key)
    for key in ("is_inline", "is_locked"):
        if body.get(key) is not None:
            changes[key] = checks.a_bool(body[key], key)
    if "icon" in body:
        changes["icon"] = asking.icon(body["icon"], "icon")
    if "cover" in body:
        changes["cover"] = asking.cover(body["cover"], "cover")
    if changes or body.get("parent"):
        content.editable(store, database)
        database = replace(database, **changes, stamp=store.edited(database.stamp, asking.by, fine=True))
        store.put(database)
        _retitled(asking, database, "title" in changes)
    if body.get("parent"):
        database = _moved(asking, database)
    return asking.shapes.database(database)


def _retitled(asking: Asking, database: Database, retitled: bool) -> None:
    """The only data source of a database is called like it."""
    sources = asking.store.sources_of(database.id)
    if retitled and len(sources) == 1:
        asking.store.put(replace(sources[0], title=database.title, stamp=asking.store.edited(sources[0].stamp, asking.by)))


def _moved(asking: Asking, database: Database) -> Database:
    store = asking.store
    parent = tables.parent_of_database(asking, asking.body["parent"])
    if database.parent.id and database.id in store.children[database.parent.id]:
        store.children[database.parent.id].remove(database.id)
    if parent.id:
        store.children[parent.id].append(database.id)
    moved = replace(database, parent=parent)
    store.put(moved)
    store.hear(Event("database.moved", moved.id, "database", asking.by, content.told_parent(store, moved)))
    return moved
