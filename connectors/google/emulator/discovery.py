"""Google's own description of its APIs, from the discovery documents inside google-api-python-client.

It routes every call, names its operation, and checks what is asked: an unknown or ill-typed name in a body is refused by
Sheets and Docs in Google's words. The tests check every answer with the same documents.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import unquote

from connectors.google.emulator.errors import Json
from connectors.google.emulator.fields import Mask

#: The documents that the emulator speaks, by file name.
DOCUMENTS = ("drive.v3", "sheets.v4", "docs.v1", "admin.directory_v1")
#: Where each API's paths begin.
_PREFIXES = {"drive.v3": "drive/v3/", "sheets.v4": "", "docs.v1": "", "admin.directory_v1": ""}


@cache
def document(name: str) -> Json:
    """The discovery document *name*, such as ``drive.v3``."""
    place = files("googleapiclient") / "discovery_cache" / "documents" / f"{name}.json"
    loaded: Json = json.loads(place.read_text(encoding="utf-8"))
    return loaded


@dataclass(frozen=True)
class Method:
    """One method of one API. *id* is Google's name for it, such as ``drive.files.list``."""

    id: str
    api: str
    verb: str
    path: str
    request: str
    response: str
    parameters: Mapping[str, Json]
    uploads: bool = False

    @property
    def common(self) -> Mapping[str, Json]:
        """Parameters that every method of the API takes."""
        found: Mapping[str, Json] = document(self.api)["parameters"]
        return found


@dataclass(frozen=True)
class Match:
    """A method and what stood in its path."""

    method: Method
    path: Mapping[str, str]
    upload: bool = False


def _methods(api: str) -> Iterator[Method]:
    pending = [document(api)]
    while pending:
        resource = pending.pop()
        pending.extend(resource.get("resources", {}).values())
        for described in resource.get("methods", {}).values():
            yield Method(
                id=described["id"],
                api=api,
                verb=described["httpMethod"],
                path=_PREFIXES[api] + described["path"],
                request=described.get("request", {}).get("$ref", ""),
                response=described.get("response", {}).get("$ref", ""),
                parameters=described.get("parameters", {}),
                uploads=bool(described.get("supportsMediaUpload")),
            )


@cache
def methods() -> dict[str, Method]:
    """Every method of every API, by id."""
    return {method.id: method for api in DOCUMENTS for method in _methods(api)}


def _pattern(path: str) -> re.Pattern[str]:
    """*path* as an expression. A value reaches to the next slash or, where the template goes on with ``:``, to that."""
    parts = re.split(r"\{\+?(\w+)\}", path)
    text = "".join(
        re.escape(part) if index % 2 == 0 else f"(?P<{part}>{'[^/]+?' if parts[index + 1][:1] == ':' else '[^/:]+|[^/]+'})"
        for index, part in enumerate(parts)
    )
    return re.compile(f"^{text}$")


@cache
def _routes() -> dict[tuple[str, str], list[tuple[re.Pattern[str], Method]]]:
    """Method and first two path segments to candidates, the most literal first."""
    table: dict[tuple[str, str], list[tuple[re.Pattern[str], Method]]] = {}
    ordered = sorted(methods().values(), key=lambda method: (method.path.count("{"), -len(method.path)))
    for method in ordered:
        table.setdefault((method.verb, _stem(method.path)), []).append((_pattern(method.path), method))
    return table


def _stem(path: str) -> str:
    return "/".join(path.split("/")[:2]).split(":")[0]


def match(verb: str, raw_path: str) -> Match | None:
    """The method that *verb* and *raw_path* (still percent-encoded, without the leading slash) mean, or None."""
    path, upload = raw_path, False
    for prefix in ("resumable/upload/", "upload/"):
        if path.startswith(prefix):
            path, upload = path[len(prefix) :], True
    for pattern, method in _routes().get((verb, _stem(path)), []):
        found = pattern.match(path)
        if found and (method.uploads or not upload):
            return Match(method, {name: unquote(value) for name, value in found.groupdict().items()}, upload)
    return None


# ---------------------------------------------------------------- checking


@dataclass(frozen=True)
class Violation:
    """Something a schema does not allow, and where: ``requests[0].addSheet``."""

    where: str
    why: str


_JSON_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "object": (dict,),
    "array": (list,),
}


#: Bodies that are one field of the request message, by the schema of the body; any other body is the message itself.
_FIELD_OF_BODY = {"ValueRange": "data", "Spreadsheet": "spreadsheet", "Document": "document"}
#: Fields of which a message has only one, by schema: the name of the choice, and the fields (None for all of them).
_CHOICES: dict[tuple[str, str], tuple[str, frozenset[str] | None]] = {
    ("sheets.v4", "Request"): ("kind", None),
    ("sheets.v4", "ExtendedValue"): ("value", None),
    ("sheets.v4", "ConditionalFormatRule"): ("rule", frozenset({"booleanRule", "gradientRule"})),
    ("docs.v1", "Request"): ("request", None),
}
#: Enumerations that are named otherwise than the field that holds them.
_ENUMS = {"majorDimension": "Dimension", "shiftDimension": "Dimension", "dimension": "Dimension"}


def check(api: str, schema: str, value: Any) -> list[Violation]:
    """What in *value* does not fit the schema named *schema*, in the words and with the paths of Google's own parser."""
    return list(_Checker(api).look({"$ref": schema}, value, _FIELD_OF_BODY.get(schema, "")))


@dataclass(frozen=True)
class _Checker:
    """Holds values against the schemas of one API."""

    api: str

    def look(self, schema: Mapping[str, Any], value: Any, where: str, owner: str = "", field: str = "") -> Iterator[Violation]:
        """What does not fit in *value*, which is *field* of the message *owner*."""
        name = schema.get("$ref", "")
        described = document(self.api)["schemas"][name] if name else schema
        kind = described.get("type", "any")
        if value is None or kind == "any":
            return
        if kind == "array" and isinstance(value, list):
            for number, each in enumerate(value):
                yield from self.look(described["items"], each, f"{where}[{number}]", owner, field)
        elif isinstance(value, list) and kind == "object":
            yield from _unknown_name(where.rpartition(".")[0], field, "Proto field is not repeating, cannot start list.")
        elif not _fits(kind, described.get("format", ""), value) or value not in described.get("enum", (value,)):
            shown = json.dumps(value, ensure_ascii=False)[:200]
            yield Violation(where, f"Invalid value at '{where}' ({self._type(schema, owner, field)}), {shown}")
        elif kind == "object":
            yield from self._members(described, value, where, name)

    def _members(self, described: Mapping[str, Any], value: Json, where: str, name: str) -> Iterator[Violation]:
        known, free = described.get("properties", {}), described.get("additionalProperties")
        yield from self._choice(value, where, name)
        for field, each in value.items():
            inner = f"{where}.{_snake(field)}" if where else _snake(field)
            found = known.get(field, free)
            if found is None:
                yield from _unknown_name(where, field, "Cannot find field.")
            else:
                yield from self.look(found, each, inner, name, field)

    def _choice(self, value: Json, where: str, name: str) -> Iterator[Violation]:
        choice, fields = _CHOICES.get((self.api, name), ("", frozenset()))
        given = [field for field, each in value.items() if each is not None and (fields is None or field in fields)]
        for field in given[1:]:
            why = f"Invalid value at '{where}' (oneof), oneof field '{choice}' is already set. Cannot set '{field}'"
            yield Violation(where, why)

    def _type(self, schema: Mapping[str, Any], owner: str, field: str) -> str:
        """What Google calls the type: ``TYPE_INT32``, or the name of a message or an enumeration."""
        package = f"type.googleapis.com/google.apps.{self.api}"
        kind, form = schema.get("type", ""), schema.get("format", "")
        if kind == "array":
            inner = schema["items"]
            return _LIST if inner.get("type") == "array" else self._type(inner, owner, field)
        if "$ref" in schema:
            return f"{package}.{schema['$ref']}"
        if "enum" in schema:
            return f"{package}.{_ENUMS.get(field) or f'{owner}.{field[:1].upper()}{field[1:]}'}"
        return _WELL_KNOWN.get(form) or "TYPE_" + (form or {"boolean": "bool"}.get(kind, kind)).upper()


_LIST = "type.googleapis.com/google.protobuf.ListValue"
_WELL_KNOWN = {
    "google-fieldmask": "type.googleapis.com/google.protobuf.FieldMask",
    "google-datetime": "type.googleapis.com/google.protobuf.Timestamp",
    "byte": "TYPE_BYTES",
}


def _snake(name: str) -> str:
    """A field as it is called in paths: ``sheet_id``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _unknown_name(where: str, name: str, why: str) -> Iterator[Violation]:
    """*name* is not known *where* it stands."""
    at = f" at '{where}'" if where else ""
    yield Violation(where, f'Invalid JSON payload received. Unknown name "{name}"{at}: {why}')


def _fits(kind: str, form: str, value: Any) -> bool:
    """Whether *value* is of the JSON type. Integers may also come as whole floats or, 64-bit ones, as strings."""
    if isinstance(value, bool):
        return kind == "boolean"
    if kind in ("integer", "number") and isinstance(value, str):
        return bool(re.fullmatch(r"-?\d+(\.0+)?", value)) if kind == "integer" else _is_number(value)
    if kind == "integer" and isinstance(value, float):
        return value.is_integer()
    if kind == "string" and form in ("int64", "uint64") and isinstance(value, int):
        return True
    return isinstance(value, _JSON_TYPES[kind])


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def unknown_path(api: str, schema: str, mask: Mask, path: tuple[str, ...] = ()) -> str:
    """The first path of *mask* that an answer of type *schema* does not have; "" if it has them all."""
    return _unknown(document(api)["schemas"], {"$ref": schema}, mask, path)


def _unknown(schemas: Mapping[str, Json], schema: Mapping[str, Any], mask: Mask, path: tuple[str, ...]) -> str:
    while "$ref" in schema or schema.get("type") == "array":
        schema = schemas[schema["$ref"]] if "$ref" in schema else schema["items"]
    known, free = schema.get("properties", {}), schema.get("additionalProperties")
    for name, inner in mask.items():
        described = known.get(name, free)
        if name == "*":
            continue
        if described is None:
            return ".".join((*path, name))
        found = _unknown(schemas, described, inner, (*path, name)) if inner else ""
        if found:
            return found
    return ""
