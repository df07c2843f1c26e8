"""Databases and data sources: made and changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from connectors.notion.emulator import content, schema
from connectors.notion.emulator.asking import Asking
from connectors.notion.emulator.checks import an_id, an_object
from connectors.notion.emulator.errors import MISSING, invalid
from connectors.notion.emulator.events import Event
from connectors.notion.emulator.ids import encoded
from connectors.notion.emulator.model import Database, DataSource, Parent, Property, View
from connectors.notion.emulator.values import empty


def new_source(
    asking: Asking, database: Database, given: Any, path: str, source_id: str, title: Any, **more: Any
) -> DataSource:
    """Make a data source in *database* with the properties that a request gives."""
    store = asking.store
    columns: dict[str, Property] = {}
    for name, each in an_object(given, path).items():
        made = schema.new_property(name, each, f"{path}.{name}", store.ids, set(columns))
        columns[made.id] = made
    titles = [column for column in columns.values() if column.type == "title"]
    if len(titles) != 1 or sum(_kind(each) == "title" for each in given.values()) != 1:
        raise invalid("Title property is required exactly once: a data source has one property of the type title.")
    source = DataSource(source_id, database.id, title, columns, store.stamp(asking.by), **more)
    store.put(source)
    for column in columns.values():
        _checked(asking, source, column)
    store.hear(Event("data_source.created", source.id, "data_source", asking.by, content.told_parent(store, source)))
    return store.sources[source.id]


def _kind(given: Any) -> str:
    return schema.kind_of(given, "properties") if isinstance(given, dict) else ""


def default_view(asking: Asking, database: Database, source: DataSource) -> View:
    """The table that every new data source has."""
    settings = {"configuration": {"type": "table"}}
    store = asking.store
    stamp = store.fine_stamp(asking.by)
    view = View(store.ids.random(), database.id, source.id, "Default view", "table", settings, stamp)
    store.put(view)
    return view


def _checked(asking: Asking, source: DataSource, column: Property) -> None:
    """What *column* refers to must exist; the other side of a new two-way relation is made."""
    if column.type == "relation":
        target = asking.source(str(column.config["data_source_id"]))
        if column.config["type"] == "dual_property" and not _has_twin(asking, source, column):
            _make_twin(asking, source, column, target)
    if column.type == "rollup" and schema.rollup_parts(column, asking.store.sources[source.id], asking.store.sources) is None:
        raise invalid(f"{column.name}: the rollup names a relation or property that does not exist.")


def _has_twin(asking: Asking, source: DataSource, column: Property) -> bool:
    target = asking.store.sources[str(column.config["data_source_id"])]
    return str(column.config["dual_property"].get("synced_property_id", "")) in target.schema


def _make_twin(asking: Asking, source: DataSource, column: Property, target: DataSource) -> None:
    """The property on the other side, and each side's knowledge of the other."""
    store = asking.store
    target = store.sources[target.id]
    twin_id = store.ids.property(set(target.schema) | set(source.schema))
    title = "".join(part["plain_text"] for part in source.title)
    name = column.config["dual_property"].get("synced_property_name") or f"Related to {title} ({column.name})"
    twin_config = {"data_source_id": source.id, "type": "dual_property", "dual_property": {"synced_property_id": column.id}}
    twin = Property(twin_id, name, "relation", twin_config)
    _put_column(asking, target, twin)
    own = replace(column, config={**column.config, "dual_property": {"synced_property_id": twin_id}})
    _put_column(asking, store.sources[source.id], own)


def _put_column(asking: Asking, source: DataSource, column: Property) -> None:
    """Put *column* into *source*; rows get an empty value in a new one."""
    store = asking.store
    new = column.id not in source.schema
    retyped = not new and source.schema[column.id].type != column.type
    store.put(replace(source, schema={**source.schema, column.id: column}, stamp=store.edited(source.stamp, asking.by)))
    if not new and not retyped:
        return
    for page in list(store.rows[source.id].all()):
        value = store.next_number(source.id) if column.type == "unique_id" else empty(column)
        store.put_page(replace(page, values={**page.values, column.id: value}))


def change_schema(asking: Asking, source: DataSource, given: Any) -> DataSource:
    """Make, change, rename and delete properties as a request says."""
    store = asking.store
    told: list[dict[str, Any]] = []
    for reference, each in an_object(given, "properties").items():
        source = store.sources[source.id]
        column = source.find(reference)
        if each is None:
            told.append(_dropped(asking, source, column, reference))
        elif column is None:
            told.append(_added(asking, source, reference, each))
        else:
            told.append(_changed(asking, source, column, an_object(each, f"properties.{reference}")))
    parent = content.told_parent(store, source)
    data = {"updated_properties": told}
    store.hear(Event("data_source.schema_updated", source.id, "data_source", asking.by, parent, data))
    return store.sources[source.id]


def _told(column: Property, action: str) -> dict[str, Any]:
    return {"id": encoded(column.id), "name": column.name, "action": action}


def _added(asking: Asking, source: DataSource, name: str, given: Any) -> dict[str, Any]:
    column = schema.new_property(name, given, f"properties.{name}", asking.store.ids, set(source.schema))
    if column.type == "title":
        raise invalid("Cannot create new title property.")
    _put_column(asking, source, column)
    _checked(asking, asking.store.sources[source.id], column)
    return _told(column, "created")


def _changed(asking: Asking, source: DataSource, column: Property, given: Mapping[str, Any]) -> dict[str, Any]:
    changed = schema.changed_property(column, given, f"properties.{column.name}", asking.store.ids)
    if any(other.name == changed.name and other.id != column.id for other in source.schema.values()):
        raise invalid(f"A property named {changed.name} exists already.")
    _put_column(asking, source, changed)
    _checked(asking, asking.store.sources[source.id], changed)
    return _told(changed, "updated")


def _dropped(asking: Asking, source: DataSource, column: Property | None, reference: str) -> dict[str, Any]:
    if column is None:
        raise invalid(f"Could not find property with name or id: {reference}")
    if column.type == "title":
        raise invalid("Cannot delete title property.")
    left = {key: value for key, value in source.schema.items() if key != column.id}
    asking.store.put(replace(source, schema=left, stamp=asking.store.edited(source.stamp, asking.by)))
    return _told(column, "deleted")


def parent_of_database(asking: Asking, given: Any) -> Parent:
    """Where a database is to stand."""
    parent = an_object(given, "parent")
    if parent.get("type") == "workspace" or parent.get("workspace") is True:
        return Parent("workspace")
    kind = "block_id" if "block_id" in parent else "page_id"
    target = an_id(parent.get(kind, MISSING), f"parent.{kind}")
    above = asking.page(target) if kind == "page_id" else asking.block(target)
    content.editable(asking.store, above)
    return Parent("page_id" if kind == "page_id" else "block_id", above.id)
