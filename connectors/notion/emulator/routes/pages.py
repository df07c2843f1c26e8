"""Pages: https://developers.notion.com/reference/page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, request

from connectors.notion.emulator import checks, content, rows
from connectors.notion.emulator.asking import Asking, Begin, Paths
from connectors.notion.emulator.errors import MISSING, failed, failed_all, invalid, not_implemented
from connectors.notion.emulator.events import Event
from connectors.notion.emulator.ids import as_id, encoded
from connectors.notion.emulator.markdown import reading
from connectors.notion.emulator.model import DataSource, Page, Parent, Property
from connectors.notion.emulator.routes import markdown, tasks
from connectors.notion.emulator.values import empty

_CREATE = {
    "parent",
    "properties",
    "icon",
    "cover",
    "children",
    "content",
    "markdown",
    "allow_async",
    "template",
    "position",
}
_PARENTS = ("page_id", "database_id", "data_source_id")
#: Types whose items come in parts.
_IN_PARTS = frozenset({"title", "rich_text", "relation", "people"})


def blueprint(begin: Begin) -> Blueprint:
    """The paths of pages."""
    paths = Paths("pages", begin)
    paths.path("POST", "/pages", "create")(_create)

    @paths.path("GET", "/pages/<page_id>", "retrieve")
    def retrieve(asking: Asking, page_id: str) -> Any:
        page = asking.page(page_id)
        return asking.shapes.page(page, asking.only_properties(_source(asking, page)))

    paths.path("PATCH", "/pages/<page_id>", "update")(_update)
    paths.path("POST", "/pages/<page_id>/move", "move")(_move)
    paths.path("GET", "/pages/<page_id>/properties/<path:property_id>", "properties.retrieve")(_property)
    paths.path("GET", "/pages/<page_id>/markdown", "markdown.retrieve")(markdown.retrieve)
    paths.path("PATCH", "/pages/<page_id>/markdown", "markdown.update")(markdown.update)
    return paths.blueprint


def _source(asking: Asking, page: Page) -> DataSource | None:
    return asking.store.sources.get(page.parent.id) if page.parent.kind == "data_source_id" else None


# ---------------------------------------------------------------- create


def _create(asking: Asking) -> Any:
    body = asking.body
    checks.only(body, _CREATE)
    parent = _parent(asking, body.get("parent", MISSING if "markdown" not in body else {"workspace": True}))
    given = [key for key in ("markdown", "children", "content") if body.get(key) is not None]
    if len(given) > 1:
        raise failed(given[0], "not present", body[given[0]])
    if body.get("template") is not None and dict(body["template"]).get("type") != "none":
        raise not_implemented("pages from templates")
    properties = dict(checks.an_object(body.get("properties") or {}, "properties"))
    drafts = _drafts(asking, given[0] if given else "", parent, properties)
    looks = {"icon": asking.icon(body.get("icon"), "icon"), "cover": asking.cover(body.get("cover"), "cover")}
    place = _place(asking, parent)
    page = rows.new_page(asking, parent, properties, **looks)
    if parent.kind in ("page_id", "block_id"):
        siblings = asking.store.children[parent.id]
        siblings.insert(len(siblings) if place is None else place, page.id)
        above = asking.store.content(parent.id)
        if above is not None:
            content.touched(asking.store, above, asking.by)
    content.insert(asking.store, page, drafts, asking.by)
    shown = asking.shapes.page(page, asking.only_properties(_source(asking, page)))
    if body.get("allow_async"):
        return tasks.accepted(asking, "POST /v1/pages", shown)
    return shown


def _drafts(asking: Asking, key: str, parent: Parent, properties: dict[str, Any]) -> list[Any]:
    """The blocks of a new page. Without a title, a first heading 1 of its Markdown becomes the title."""
    if key != "markdown":
        return asking.drafts(asking.body[key], key) if key else []
    drafts = reading.blocks(checks.a_string(asking.body["markdown"], "markdown"), asking.resolve)
    source = asking.store.sources.get(parent.id) if parent.kind == "data_source_id" else None
    title = source.of_type("title") if source else None
    names = {"title", title.name if title else "title"}
    if drafts and drafts[0].type == "heading_1" and not names & set(properties):
        properties["title"] = {"title": [_requested(part) for part in drafts.pop(0).payload["rich_text"]]}
    return drafts


def _requested(part: Mapping[str, Any]) -> dict[str, Any]:
    """Rich text of an answer as a request would say it."""
    return {key: part[key] for key in ("type", part["type"], "annotations")}


def _parent(asking: Asking, given: Any) -> Parent:
    """Where a page is to stand. Raises 404 if that does not exist."""
    parent = checks.an_object(given, "parent")
    kind = parent.get("type") or next(
        (key for key in ("page_id", "data_source_id", "database_id", "block_id") if key in parent), ""
    )
    if kind == "workspace" or (not kind and parent.get("workspace") is True):
        return Parent("workspace")
    target = as_id(parent.get(kind)) if kind in (*_PARENTS, "block_id") else None
    if target is None:
        problems = ((f"parent.{key}", "a valid uuid", parent.get(key, MISSING)) for key in _PARENTS)
        raise failed_all([*problems, ("parent.workspace", "true", parent.get("workspace", MISSING))])
    if kind == "database_id":
        return _only_source(asking, target)
    if kind == "data_source_id":
        source = asking.source(target)
        content.editable(asking.store, source)
        return Parent("data_source_id", source.id)
    above = asking.page(target) if kind == "page_id" else asking.block(target)
    content.editable(asking.store, above)
    return Parent("page_id" if isinstance(above, Page) else "block_id", above.id)


def _only_source(asking: Asking, database_id: str) -> Parent:
    """A database stands for its data source if it has just one."""
    database = asking.database(database_id)
    sources = [source for source in asking.store.sources_of(database.id) if not source.in_trash]
    if len(sources) != 1:
        raise invalid(
            f"Databases with multiple data sources are not supported in this API version: {database.id}.",
            error_type="multiple_data_sources_for_database",
            database_id=database.id,
            child_data_source_ids=[source.id for source in sources],
            minimum_api_version="2025-09-03",
        )
    content.editable(asking.store, sources[0])
    return Parent("data_source_id", sources[0].id)


def _place(asking: Asking, parent: Parent) -> int | None:
    given = asking.body.get("position")
    if given is None:
        return None
    position = checks.an_object(given, "position")
    kind = checks.one_of(position.get("type", MISSING), "position.type", ("after_block", "page_start", "page_end"))
    if kind != "after_block":
        return 0 if kind == "page_start" else None
    target = checks.an_object(position.get("after_block", MISSING), "position.after_block")
    return content.place_after(asking.store, parent.id, checks.an_id(target.get("id", MISSING), "position.after_block.id"))


# ---------------------------------------------------------------- update


def _update(asking: Asking, page_id: str) -> Any:
    page, body, store = asking.page(page_id), asking.body, asking.store
    trash = asking.trash(body)
    if trash is not None and trash != page.in_trash:
        page = _page(content.set_trashed(store, page, trash, asking.by))
    rest = {key for key in body if key not in ("in_trash", "archived")}
    if rest:
        content.editable(store, page)
    if body.get("template") is not None:
        raise not_implemented("templates")
    if body.get("erase_content"):
        for each in store.inside(page.id):
            content.set_trashed(store, each, True, asking.by)
    if body.get("properties"):
        page = rows.changed_values(asking, page, body["properties"])
    page = _looks(asking, page)
    return asking.shapes.page(page, asking.only_properties(_source(asking, page)))


def _page(record: Any) -> Page:
    assert isinstance(record, Page)
    return record


def _looks(asking: Asking, page: Page) -> Page:
    """Icon, cover, lock and archive of *page* as the request wants them."""
    body = asking.body
    changes: dict[str, Any] = {}
    if "icon" in body:
        changes["icon"] = asking.icon(body["icon"], "icon")
    if "cover" in body:
        changes["cover"] = asking.cover(body["cover"], "cover")
    for key in ("is_locked", "is_archived"):
        if body.get(key) is not None:
            changes[key] = checks.a_bool(body[key], key)
    if not changes:
        return page
    changed = replace(page, **changes, stamp=asking.store.edited(page.stamp, asking.by))
    asking.store.put_page(changed)
    if changed.is_locked != page.is_locked:
        word = "page.locked" if changed.is_locked else "page.unlocked"
        asking.store.hear(Event(word, page.id, "page", asking.by, content.told_parent(asking.store, page)))
    return changed


def _move(asking: Asking, page_id: str) -> Any:
    page, store = asking.page(page_id), asking.store
    content.editable(store, page)
    parent = _parent(asking, asking.body.get("parent", MISSING))
    target = store.sources.get(parent.id) if parent.kind == "data_source_id" else store.content(parent.id)
    if target is not None and page in store.line(target):
        raise invalid("A page cannot be moved into itself.")
    if page.parent.id in store.children and page.id in store.children[page.parent.id]:
        store.children[page.parent.id].remove(page.id)
    if parent.kind in ("page_id", "block_id"):
        store.children[parent.id].append(page.id)
    moved = replace(page, parent=parent, values=_carried(store, page, parent), stamp=store.edited(page.stamp, asking.by))
    store.put_page(moved)
    store.hear(Event("page.moved", page.id, "page", asking.by, content.told_parent(store, moved)))
    return asking.shapes.page(moved)


def _carried(store: Any, page: Page, parent: Parent) -> dict[str, Any]:
    """What a moved page keeps: its title, and what stands in columns of the same name and type."""
    kept: dict[str, Any] = {"title": page.values.get("title") or ()}
    before, after = store.sources.get(page.parent.id), store.sources.get(parent.id)
    if after is None:
        return kept
    filled = {column.id: empty(column) for column in after.schema.values()}
    for column in after.schema.values():
        twin = before.find(column.name) if before else None
        if (
            twin
            and twin.type == column.type
            and column.type not in ("select", "status", "multi_select", "relation", "unique_id")
        ):
            filled[column.id] = page.values.get(twin.id)
    return {**filled, **kept}


# ---------------------------------------------------------------- property items


def _property(asking: Asking, page_id: str, property_id: str) -> Any:
    page = asking.page(page_id)
    source = _source(asking, page)
    column = source.find(property_id) if source else Property("title", "title", "title") if property_id == "title" else None
    if column is None:
        raise asking.missing("property", property_id)
    if source is None or column.type == "title":
        whole: Any = list(page.values.get("title") or ())
    else:
        whole = asking.shapes.whole(column, page, source)
    item = {"object": "property_item", "type": column.type, "id": encoded(column.id)}
    if column.type not in _IN_PARTS:
        return {**item, column.type: whole}
    marks = [f"{page.id[:24]}{number:012x}" for number in range(len(whole))]
    part = asking.part(whole, marks, f"{page.id}{column.id}", asking.query, "query")
    address = f"{request.host_url}v1/pages/{page.id}/properties/{encoded(column.id)}?start_cursor={part.next_cursor}"
    detail: dict[str, Any] = {
        "id": encoded(column.id),
        "next_url": address if part.next_cursor else None,
        "type": column.type,
        column.type: {},
    }
    return asking.listed(part, "property_item", [{**item, column.type: each} for each in part.items], detail=detail)
