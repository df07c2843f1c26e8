"""Columns: what a request may say about a data source's properties, and how answers show them.

https://developers.notion.com/reference/property-object.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from connectors.notion.emulator.checks import MAX_ITEMS, a_list, a_string, an_id, an_object, one_of
from connectors.notion.emulator.errors import MISSING, failed, invalid
from connectors.notion.emulator.ids import Ids, encoded
from connectors.notion.emulator.model import NOTHING, DataSource, Property
from connectors.notion.emulator.rich_text import OPTION_COLOURS

MAX_DESCRIPTION = 280

#: Types whose configuration is an empty object.
BARE = frozenset(
    {
        "title",
        "rich_text",
        "date",
        "people",
        "files",
        "checkbox",
        "url",
        "email",
        "phone_number",
        "created_time",
        "created_by",
        "last_edited_time",
        "last_edited_by",
        "place",
        "button",
        "verification",
    }
)
TYPES = BARE | {"number", "select", "multi_select", "status", "formula", "relation", "rollup", "unique_id"}

#: The groups of a status property, in order, and the options that it has unless told.
GROUPS = (("To-do", "gray"), ("In progress", "blue"), ("Complete", "green"))
_DEFAULT_OPTIONS = (("Not started", "default", 0), ("In progress", "blue", 1), ("Done", "green", 2))

FUNCTIONS = (
    "count",
    "count_values",
    "empty",
    "not_empty",
    "unique",
    "show_unique",
    "percent_empty",
    "percent_not_empty",
    "sum",
    "average",
    "median",
    "min",
    "max",
    "range",
    "earliest_date",
    "latest_date",
    "date_range",
    "checked",
    "unchecked",
    "percent_checked",
    "percent_unchecked",
    "count_per_group",
    "percent_per_group",
    "show_original",
)


def kind_of(given: Mapping[str, Any], path: str) -> str:
    """The type that a property's configuration names or carries."""
    kind = given.get("type") or next((key for key in given if key in TYPES), None)
    if kind not in TYPES:
        raise failed(f"{path}.type", "a property type", given.get("type", MISSING))
    return str(kind)


def new_property(name: str, given: Any, path: str, ids: Ids, taken: set[str]) -> Property:
    """The property *name* that a request describes; a relation keeps the target's id as given."""
    config = an_object(given, path)
    kind = kind_of(config, path)
    property_id = "title" if kind == "title" else ids.property(taken)
    detail = an_object(config.get(kind, {}), f"{path}.{kind}")
    return Property(property_id, name, kind, _config(kind, detail, f"{path}.{kind}", ids, None), _description(config, path))


def changed_property(column: Property, given: Mapping[str, Any], path: str, ids: Ids) -> Property:
    """*column* after a request changed its name, description, options or type."""
    name = a_string(given["name"], f"{path}.name") if given.get("name") is not None else column.name
    changed = replace(column, name=name)
    if "description" in given:
        changed = replace(changed, description=_description(given, path))
    carried = [key for key in given if key in TYPES]
    if not carried and "type" not in given:
        return changed
    kind = kind_of(given, path)
    if (kind == "title") != (column.type == "title"):
        raise invalid(f"Cannot change the type of the property {column.name}: a data source has exactly one title.")
    detail = an_object(given.get(kind, {}), f"{path}.{kind}")
    former = column if kind == column.type else None
    return replace(changed, type=kind, config=_config(kind, detail, f"{path}.{kind}", ids, former))


def _description(given: Mapping[str, Any], path: str) -> str | None:
    value = given.get("description")
    return None if value is None else a_string(value, f"{path}.description", MAX_DESCRIPTION)


def _config(kind: str, detail: Mapping[str, Any], path: str, ids: Ids, former: Property | None) -> Mapping[str, Any]:
    before = former.config if former else NOTHING
    if kind in ("select", "multi_select"):
        if former and "options" not in detail:
            return before
        return {"options": options(detail.get("options", []), f"{path}.options", ids, before.get("options", ()))}
    if kind == "status":
        return _status(detail, path, ids, before)
    if kind == "number":
        return {"format": a_string(detail.get("format", before.get("format", "number")), f"{path}.format")}
    if kind == "formula":
        return {"expression": a_string(detail.get("expression", before.get("expression", "")), f"{path}.expression")}
    if kind == "unique_id":
        return {"prefix": detail.get("prefix", before.get("prefix"))}
    if kind == "relation":
        return _relation(detail, path)
    if kind == "rollup":
        one_of(detail.get("function"), f"{path}.function", FUNCTIONS)
        return dict(detail)
    return NOTHING


def _relation(detail: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    target = an_id(detail.get("data_source_id", MISSING), f"{path}.data_source_id")
    form = "dual_property" if "dual_property" in detail or detail.get("type") == "dual_property" else "single_property"
    return {"data_source_id": target, "type": form, form: dict(detail.get(form) or {})}


def options(given: Any, path: str, ids: Ids, before: Iterable[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """The options that a request lists; those that it knows by id or name keep id and colour."""
    known = list(before)
    made: list[Mapping[str, Any]] = []
    for number, each in enumerate(a_list(given, path)):
        option = an_object(each, f"{path}[{number}]")
        name, option_id = option.get("name"), option.get("id")
        if name is None and option_id is None:
            raise failed(f"{path}[{number}].name", "defined")
        same = next((old for old in known if (option_id is not None and old["id"] == option_id) or (name == old["name"])), None)
        made.append(_option(option, same, ids, f"{path}[{number}]"))
    if len({option["name"] for option in made}) < len(made):
        raise invalid("Cannot create options with duplicate names.")
    return made


def _option(given: Mapping[str, Any], same: Mapping[str, Any] | None, ids: Ids, path: str) -> Mapping[str, Any]:
    name = a_string(given.get("name", same["name"] if same else MISSING), f"{path}.name", MAX_ITEMS)
    if "," in name:
        raise invalid(f"Invalid select option, commas not allowed: {name}")
    colour = given.get("color") or (same["color"] if same else "default")
    return {
        "id": same["id"] if same else str(given.get("id") or ids.random()),
        "name": name,
        "color": one_of(colour, f"{path}.color", OPTION_COLOURS),
        "description": given.get("description", same["description"] if same else None),
    }


def _status(detail: Mapping[str, Any], path: str, ids: Ids, before: Mapping[str, Any]) -> Mapping[str, Any]:
    """Options with their groups; an option says its group by name, else it is one of the first."""
    groups = before.get("groups") or [
        {"id": ids.random(), "name": name, "color": colour, "option_ids": []} for name, colour in GROUPS
    ]
    made: list[tuple[Mapping[str, Any], str]]
    if "options" not in detail:
        if before:
            return before
        made = [
            ({"id": ids.random(), "name": name, "color": colour, "description": None}, GROUPS[group][0])
            for name, colour, group in _DEFAULT_OPTIONS
        ]
    else:
        given = detail["options"]
        listed = options(given, f"{path}.options", ids, before.get("options", ()))
        made = [
            (option, each.get("group") or _group_of(option["id"], groups)) for option, each in zip(listed, given, strict=True)
        ]
    return {
        "options": [option for option, _ in made],
        "groups": [{**group, "option_ids": [each["id"] for each, name in made if name == group["name"]]} for group in groups],
    }


def _group_of(option_id: str, groups: Iterable[Mapping[str, Any]]) -> str:
    return next((str(group["name"]) for group in groups if option_id in group["option_ids"]), GROUPS[0][0])


def with_option(column: Property, name: str, ids: Ids) -> Property:
    """*column* with one more option, as a row that uses it makes it."""
    path = f"properties.{column.name}"
    made = _option({"name": name, "color": ids.colour(OPTION_COLOURS)}, None, ids, path)
    return replace(column, config={**column.config, "options": [*column.config["options"], made]})


def ordered(schema: Mapping[str, Property]) -> list[Property]:
    """The properties as answers list them: by id, the title last."""
    return sorted(schema.values(), key=lambda column: (column.id == "title", column.id))


def shown(source: DataSource, sources: Mapping[str, DataSource]) -> dict[str, Any]:
    """The schema of *source* as answers show it."""
    return {column.name: _shown(column, source, sources) for column in ordered(source.schema)}


def _shown(column: Property, source: DataSource, sources: Mapping[str, DataSource]) -> dict[str, Any]:
    config: Any = dict(column.config)
    if column.type == "relation":
        config = _relation_shown(column, sources)
    elif column.type == "rollup":
        config = _rollup_shown(column, source, sources)
    return {
        "id": encoded(column.id),
        "name": column.name,
        "description": column.description,
        "type": column.type,
        column.type: config,
    }


def _relation_shown(column: Property, sources: Mapping[str, DataSource]) -> dict[str, Any]:
    config = column.config
    target = sources[config["data_source_id"]]
    shown: dict[str, Any] = {"database_id": target.database_id, "data_source_id": target.id, "type": config["type"]}
    if config["type"] == "single_property":
        return {**shown, "single_property": {}}
    twin = target.schema.get(config["dual_property"]["synced_property_id"])
    return {
        **shown,
        "dual_property": {
            "synced_property_name": twin.name if twin else "",
            "synced_property_id": encoded(twin.id) if twin else "",
        },
    }


def rollup_parts(
    column: Property, source: DataSource, sources: Mapping[str, DataSource]
) -> tuple[Property, DataSource, Property] | None:
    """The relation of a rollup, where it leads, and the property there; None if one of them has gone."""
    config = column.config
    relation = source.find(str(config.get("relation_property_id") or config.get("relation_property_name")))
    target = sources.get(relation.config["data_source_id"]) if relation and relation.type == "relation" else None
    wanted = target.find(str(config.get("rollup_property_id") or config.get("rollup_property_name"))) if target else None
    return (relation, target, wanted) if relation and target and wanted else None


def _rollup_shown(column: Property, source: DataSource, sources: Mapping[str, DataSource]) -> dict[str, Any]:
    parts = rollup_parts(column, source, sources)
    return {
        "rollup_property_name": parts[2].name if parts else "",
        "relation_property_name": parts[0].name if parts else "",
        "rollup_property_id": parts[2].id if parts else "",
        "relation_property_id": parts[0].id if parts else "",
        "function": column.config["function"],
    }
