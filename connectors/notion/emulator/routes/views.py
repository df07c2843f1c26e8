"""Views: https://developers.notion.com/guides/data-apis/working-with-views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint

from connectors.notion.emulator import checks, content, query
from connectors.notion.emulator.asking import Asking, Begin, Paths
from connectors.notion.emulator.errors import MISSING, failed, invalid, not_implemented
from connectors.notion.emulator.events import Event
from connectors.notion.emulator.filters import planned, sorted_rows
from connectors.notion.emulator.ids import fine
from connectors.notion.emulator.model import Database, DataSource, Page, Parent, View
from connectors.notion.emulator.rich_text import text

TYPES = ("table", "board", "list", "calendar", "timeline", "gallery", "form", "chart", "map", "dashboard")
#: What a configuration of a type cannot do without.
_NEEDS = {"board": "group_by", "calendar": "date_property_id", "timeline": "date_property_id"}
_SETTINGS = ("filter", "sorts", "quick_filters", "configuration")
_CREATE = {"data_source_id", "name", "type", "database_id", "view_id", "create_database", "position", "placement", *_SETTINGS}
#: How long the result of a view's query is kept.
KEPT = timedelta(minutes=15)


@dataclass(frozen=True)
class Result:
    """The rows that a view showed when it was asked."""

    view_id: str
    expires: datetime
    ids: list[str]
    capped: bool


def blueprint(begin: Begin) -> Blueprint:
    """The paths of views."""
    paths = Paths("views", begin)
    paths.path("POST", "/views", "create")(_create)
    paths.path("GET", "/views", "list")(_listed)

    @paths.path("GET", "/views/<view_id>", "retrieve")
    def retrieve(asking: Asking, view_id: str) -> Any:
        return asking.shapes.view(_view(asking, view_id))

    paths.path("PATCH", "/views/<view_id>", "update")(_update)

    @paths.path("DELETE", "/views/<view_id>", "delete")
    def delete(asking: Asking, view_id: str) -> Any:
        view = _view(asking, view_id)
        if len(asking.store.views_of(view.database_id)) == 1:
            raise invalid("The last view of a database cannot be deleted.")
        asking.store.drop_view(view)
        asking.store.hear(_event(asking, "view.deleted", view))
        return asking.shapes.partial_view(view)

    paths.path("POST", "/views/<view_id>/queries", "queries.create")(_query)
    paths.path("GET", "/views/<view_id>/queries/<query_id>", "queries.results")(_results)

    @paths.path("DELETE", "/views/<view_id>/queries/<query_id>", "queries.delete")
    def forget(asking: Asking, view_id: str, query_id: str) -> Any:
        found = asking.store.results.pop(asking.an_id(query_id, "query_id"), None)
        return {"object": "view_query", "id": asking.an_id(query_id, "query_id"), "deleted": found is not None}

    return paths.blueprint


def _view(asking: Asking, view_id: str) -> View:
    wanted = asking.an_id(view_id, "view_id")
    view = asking.store.views.get(wanted)
    if view is None or not asking.store.visible(asking.store.databases[view.database_id]):
        raise asking.missing("view", wanted)
    return view


def _event(asking: Asking, word: str, view: View, **data: Any) -> Event:
    return Event(word, view.id, "view", asking.by, {"id": view.database_id, "type": "database"}, data)


def _create(asking: Asking) -> Any:
    body, store = asking.body, asking.store
    checks.only(body, _CREATE)
    source = asking.source(checks.an_id(body.get("data_source_id", MISSING), "data_source_id"))
    name = checks.a_string(body.get("name", MISSING), "name")
    kind = checks.one_of(body.get("type", MISSING), "type", TYPES)
    places = [key for key in ("database_id", "view_id", "create_database") if body.get(key) is not None]
    if len(places) != 1:
        raise invalid(
            "body failed validation: exactly one of body.database_id, body.view_id, body.create_database should be defined."
        )
    settings = _settings(asking, source, kind, {"configuration": {"type": kind}})
    if places[0] == "view_id":
        raise not_implemented("widgets of dashboards")
    database = (
        _linked(asking, source)
        if places[0] == "create_database"
        else asking.database(checks.an_id(body["database_id"], "database_id"))
    )
    content.editable(store, database)
    view = View(store.ids.content(), database.id, source.id, name, kind, settings, store.fine_stamp(asking.by))
    store.put(view)
    _positioned(asking, view)
    store.hear(_event(asking, "view.created", view, view_type=kind))
    return asking.shapes.view(view)


def _linked(asking: Asking, source: DataSource) -> Database:
    """A new database on another page that only shows *source*."""
    store = asking.store
    order = checks.an_object(asking.body["create_database"], "create_database")
    parent = checks.an_object(order.get("parent", MISSING), "create_database.parent")
    page = asking.page(checks.an_id(parent.get("page_id", MISSING), "create_database.parent.page_id"))
    content.editable(store, page)
    shown = store.databases[source.database_id]
    database = Database(
        store.ids.content(), Parent("page_id", page.id), (), store.fine_stamp(asking.by), is_inline=True, linked=source.id
    )
    database = replace(database, title=shown.title or (text("Untitled"),))
    place = None
    if order.get("position") is not None:
        position = checks.an_object(order["position"], "create_database.position")
        if position.get("type") == "after_block":
            after = checks.an_id(position.get("block_id", MISSING), "create_database.position.block_id")
            place = content.place_after(store, page.id, after)
        elif position.get("type") == "start":
            place = 0
    store.put(database)
    siblings = store.children[page.id]
    siblings.insert(len(siblings) if place is None else place, database.id)
    content.touched(store, page, asking.by)
    return database


def _settings(asking: Asking, source: DataSource, kind: str, before: Mapping[str, Any]) -> dict[str, Any]:
    """Filter, sorts and configuration as the request wants them; each must fit the data source."""
    body, settings = asking.body, dict(before)
    now = asking.store.clock.now()
    if "filter" in body:
        planned(body["filter"], source, now)
        settings["filter"] = body["filter"]
    if "sorts" in body:
        sorted_rows([], body["sorts"], source)
        settings["sorts"] = body["sorts"]
    if "quick_filters" in body:
        settings["quick_filters"] = body["quick_filters"]
    if body.get("configuration") is not None:
        configuration = checks.an_object(body["configuration"], "configuration")
        checks.one_of(configuration.get("type", MISSING), "configuration.type", (kind,))
        settings["configuration"] = dict(configuration)
    needed = _NEEDS.get(kind)
    if needed and needed not in settings["configuration"]:
        raise failed(f"configuration.{needed}", "defined")
    return settings


def _positioned(asking: Asking, view: View) -> None:
    """The order of views is that of the store; `position` puts a new one elsewhere."""
    given = asking.body.get("position")
    if given is None or asking.body.get("database_id") is None:
        return
    position = checks.an_object(given, "position")
    kind = checks.one_of(position.get("type", MISSING), "position.type", ("start", "end", "after_view"))
    siblings = [each for each in asking.store.views_of(view.database_id) if each.id != view.id]
    place = len(siblings) if kind == "end" else 0
    if kind == "after_view":
        after = checks.an_id(position.get("view_id", MISSING), "position.view_id")
        place = next((number + 1 for number, each in enumerate(siblings) if each.id == after), -1)
        if place < 0:
            raise asking.missing("view", after)
    siblings.insert(place, view)
    for each in siblings:
        asking.store.drop_view(each)
    for each in siblings:
        asking.store.put(each)


def _listed(asking: Asking) -> Any:
    wanted = asking.query
    if ("database_id" in wanted) == ("data_source_id" in wanted):
        raise invalid("query failed validation: exactly one of query.database_id, query.data_source_id should be defined.")
    if "database_id" in wanted:
        views = asking.store.views_of(asking.database(wanted["database_id"]).id)
    else:
        source = asking.source(wanted["data_source_id"])
        views = [view for view in asking.store.views.values() if view.source_id == source.id]
    of = f"views{wanted.get('database_id')}{wanted.get('data_source_id')}"
    part = asking.part(views, [view.id for view in views], of, wanted, "query")
    return asking.listed(part, "view", [{"object": "view", "id": view.id} for view in part.items])


def _update(asking: Asking, view_id: str) -> Any:
    view, body, store = _view(asking, view_id), asking.body, asking.store
    checks.only(body, {"name", *_SETTINGS})
    name = view.name if body.get("name") is None else checks.a_string(body["name"], "name")
    settings = _settings(asking, store.sources[view.source_id], view.type, view.settings)
    changed = replace(view, name=name, settings=settings, stamp=store.edited(view.stamp, asking.by, fine=True))
    store.put(changed)
    fields = [key for key in ("name", "filter", "sorts", "configuration") if key in body]
    store.hear(_event(asking, "view.updated", changed, updated_fields=fields))
    return asking.shapes.view(changed)


# ---------------------------------------------------------------- what a view shows


def _query(asking: Asking, view_id: str) -> Any:
    view, store = _view(asking, view_id), asking.store
    body = {key: view.settings.get(key) for key in ("filter", "sorts")}
    pages: list[Page] = query.found(store, store.sources[view.source_id], body, asking.staleness())
    ids = [page.id for page in pages[: query.MAX_RESULTS]]
    result = Result(view.id, store.clock.now() + KEPT, ids, len(pages) > query.MAX_RESULTS)
    query_id = store.ids.random()
    store.results[query_id] = result
    part = asking.part(ids, ids, query_id, asking.body)
    return {
        "object": "view_query",
        "id": query_id,
        "view_id": view.id,
        "expires_at": fine(result.expires),
        "total_count": len(ids),
        "results": [{"object": "page", "id": page_id} for page_id in part.items],
        "next_cursor": part.next_cursor,
        "has_more": part.next_cursor is not None,
        **_capped(result),
    }


def _results(asking: Asking, view_id: str, query_id: str) -> Any:
    wanted = asking.an_id(query_id, "query_id")
    result = asking.store.results.get(wanted)
    if result is None or result.view_id != _view(asking, view_id).id or result.expires <= asking.store.clock.now():
        raise asking.missing("view_query", wanted)
    part = asking.part(result.ids, result.ids, wanted, asking.query, "query")
    return asking.listed(part, "page", [{"object": "page", "id": page_id} for page_id in part.items], **_capped(result))


def _capped(result: Result) -> dict[str, Any]:
    status = {"type": "incomplete", "incomplete_reason": "query_result_limit_reached"}
    return {"request_status": status} if result.capped else {}
