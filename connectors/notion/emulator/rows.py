"""Pages and rows: made, changed, moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from connectors.notion.emulator import content, schema, values
from connectors.notion.emulator.asking import Asking
from connectors.notion.emulator.checks import an_object
from connectors.notion.emulator.errors import invalid
from connectors.notion.emulator.events import Event
from connectors.notion.emulator.ids import encoded
from connectors.notion.emulator.model import DataSource, Page, Parent, Property


def surroundings(asking: Asking) -> values.Surroundings:
    """What the values of this request may refer to."""
    return values.Surroundings(
        resolve=asking.resolve,
        option=lambda column, name: _option(asking, column, name),
        user=lambda user_id: user_id in asking.store.users,
        related=lambda column, page_id: _related(asking, column, page_id),
        file=asking.file,
    )


def _option(asking: Asking, column: Property, name: str) -> str:
    """The id of an option, made if the property does not have it."""
    store = asking.store
    for source in store.sources.values():
        if source.schema.get(column.id) is column:
            return _new_option(asking, source, column, name)
    for source in store.sources.values():
        current = source.schema.get(column.id)
        if current is not None and current.name == column.name and current.type == column.type:
            known = next((option for option in current.config["options"] if option["name"] == name), None)
            return str(known["id"]) if known else _new_option(asking, source, current, name)
    raise invalid(f"The property {column.name} has gone.")


def _new_option(asking: Asking, source: DataSource, column: Property, name: str) -> str:
    grown = schema.with_option(column, name, asking.store.ids)
    asking.store.put(replace(source, schema={**source.schema, column.id: grown}))
    return str(grown.config["options"][-1]["id"])


def _related(asking: Asking, column: Property, page_id: str) -> None:
    page = asking.store.pages.get(page_id)
    if page is None or not asking.store.visible(page):
        raise asking.missing("page", page_id)
    if page.parent != Parent("data_source_id", column.config["data_source_id"]):
        raise invalid(f"{column.name} relates to another data source than the one that the page {page_id} stands in.")


def parsed_values(asking: Asking, source: DataSource | None, given: Any) -> dict[str, Any]:
    """The stored values of the properties that a request names, by property id."""
    properties = an_object(given or {}, "properties")
    around = surroundings(asking)
    if source is None:
        return _title_only(properties, around)
    columns = {reference: source.find(reference) for reference in properties}
    _require_fitting(columns, properties)
    found: dict[str, Any] = {}
    for reference, column in columns.items():
        if column is not None:
            found[column.id] = values.parsed(column, properties[reference], f"properties.{reference}", around)
    return found


def _require_fitting(columns: Mapping[str, Property | None], properties: Mapping[str, Any]) -> None:
    """Every property must exist and be of the type that is given; all that are not are named at once."""
    wrong = [
        f"{reference} is not a property that exists." if column is None else values.misfit(column, properties[reference])
        for reference, column in columns.items()
    ]
    if any(wrong):
        raise invalid(" ".join(filter(None, wrong)))


def _title_only(properties: Mapping[str, Any], around: values.Surroundings) -> dict[str, Any]:
    """A page that is no row has a title and nothing else."""
    title = Property("title", "title", "title")
    for reference in properties:
        if reference != "title":
            raise invalid(f"{reference} is not a property that exists.")
    return {key: values.parsed(title, each, f"properties.{key}", around) for key, each in properties.items()}


def new_page(asking: Asking, parent: Parent, given: Any, **more: Any) -> Page:
    """Make a page or row with the values that a request gives."""
    store = asking.store
    source = store.sources[parent.id] if parent.kind == "data_source_id" else None
    stored = parsed_values(asking, source, given)
    if source is not None:
        source = store.sources[source.id]
        filled = {column.id: values.empty(column) for column in source.schema.values()}
        stored = {**filled, **stored}
        number = source.of_type("unique_id")
        if number:
            stored[number.id] = store.next_number(source.id)
    page = Page(store.ids.content(), parent, stored, store.stamp(asking.by), **more)
    store.put_page(page)
    if source is not None:
        synced(asking, source, page, {})
    content.tell_rows(store, page, asking.by)
    store.hear(Event("page.created", page.id, "page", asking.by, content.told_parent(store, page)))
    return page


def changed_values(asking: Asking, page: Page, given: Any) -> Page:
    """*page* with the values that a request gives."""
    store = asking.store
    source = store.sources.get(page.parent.id) if page.parent.kind == "data_source_id" else None
    stored = parsed_values(asking, source, given)
    changed = replace(page, values={**page.values, **stored}, stamp=store.edited(page.stamp, asking.by))
    store.put_page(changed)
    if source is not None:
        synced(asking, store.sources[source.id], changed, page.values)
    updated = {"updated_properties": [encoded(property_id) for property_id in stored]}
    parent = content.told_parent(store, changed)
    store.hear(Event("page.properties_updated", page.id, "page", asking.by, parent, updated))
    return store.pages[page.id]


def synced(asking: Asking, source: DataSource, page: Page, before: Mapping[str, Any]) -> None:
    """Keep the other side of two-way relations in step."""
    for column in source.schema.values():
        if column.type != "relation" or column.config["type"] != "dual_property":
            continue
        twin = column.config["dual_property"].get("synced_property_id")
        old, new = set(before.get(column.id) or ()), set(page.values.get(column.id) or ())
        for page_id in old ^ new:
            other = asking.store.pages.get(page_id)
            if other is None or twin is None:
                continue
            there = [each for each in other.values.get(twin) or () if each != page.id]
            there += [page.id] if page_id in new else []
            asking.store.put_page(replace(other, values={**other.values, twin: tuple(there)}))
