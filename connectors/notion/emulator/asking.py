"""What every path needs: who asks, for which version, about what; and lists in parts."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from flask import Blueprint, Response, g, request

from connectors.notion.emulator import checks
from connectors.notion.emulator.blocks import Draft, drafts
from connectors.notion.emulator.errors import MISSING, NotionError, failed, invalid
from connectors.notion.emulator.ids import as_id, cursor, position, url
from connectors.notion.emulator.model import Block, Database, DataSource, Page, Property, RichText, User
from connectors.notion.emulator.rich_text import normalised, plain
from connectors.notion.emulator.shapes import Shapes
from connectors.notion.emulator.store import Store

Record = TypeVar("Record", Page, Block, Database, DataSource)


@dataclass(frozen=True)
class Asking:
    """The current request: who asks (*by*, a user's id), for which *version*, with what *body* and *query*."""

    store: Store
    by: str
    version: str
    body: Mapping[str, Any]
    query: Mapping[str, str]
    shapes: Shapes
    staleness: Callable[[], float]

    # ------------------------------------------------------------ finding

    def page(self, page_id: str) -> Page:
        """The page of that id. Raises 404."""
        return self._found(self.store.pages, page_id, "page", "page_id")

    def block(self, block_id: str) -> Block | Page | Database:
        """The block of that id, or the page or database that it stands for. Raises 404."""
        wanted = self.an_id(block_id, "block_id")
        record = self.store.content(wanted)
        if record is None or not self.store.visible(record):
            raise self.missing("block", wanted)
        return record

    def database(self, database_id: str) -> Database:
        """The database of that id. Raises 404."""
        return self._found(self.store.databases, database_id, "database", "database_id")

    def source(self, source_id: str) -> DataSource:
        """The data source of that id. Raises 404."""
        return self._found(self.store.sources, source_id, "data_source", "data_source_id")

    def _found(self, table: Mapping[str, Record], record_id: str, what: str, key: str) -> Record:
        wanted = self.an_id(record_id, key)
        record = table.get(wanted)
        if record is None or not self.store.visible(record):
            raise self.missing(what, wanted)
        return record

    def an_id(self, text: str, key: str) -> str:
        """The id that a part of the path is. Raises 400."""
        found = as_id(text)
        if found is None:
            raise failed(key, "a valid uuid", text, where="path")
        return found

    def missing(self, what: str, record_id: str) -> NotionError:
        """404 for a thing of that id."""
        workspace = self.store.workspace
        return checks.not_found(what, record_id, workspace.connection, workspace.integration_id)

    # ------------------------------------------------------------ reading the body

    def rich_text(self, value: Any, path: str) -> RichText:
        """The rich text of a request as it is kept."""
        return normalised(value, path, self.resolve)

    def drafts(self, value: Any, path: str, holder: str = "page") -> list[Draft]:
        """The blocks that a request describes."""
        return drafts(value, path, self.resolve, self.file, holder)

    def resolve(self, kind: str, target_id: str) -> tuple[Mapping[str, Any], str, str | None] | None:
        """What a mention names."""
        if kind == "user":
            user = self.store.users.get(target_id)
            return (self.shapes.user(user), f"@{user.name}", None) if user else None
        if kind == "page":
            page = self.store.pages.get(target_id)
            return ({"id": page.id}, self.shapes.title(page) or "Untitled", url(page.id)) if page else None
        if kind == "database":
            database = self.store.databases.get(target_id)
            return ({"id": database.id}, plain(database.title) or "Untitled", url(database.id)) if database else None
        source = self.store.sources.get(target_id)
        return ({"id": source.id}, plain(source.title) or "Untitled", url(source.database_id)) if source else None

    def file(self, value: Any, path: str) -> dict[str, Any]:
        """A file as answers show it; only external ones, for uploads are not implemented."""
        given = checks.an_object(value, path)
        kind = given.get("type") or next((key for key in ("external", "file_upload", "file") if key in given), "external")
        if kind == "file" and isinstance(given.get("file"), dict):
            shown = {"type": "file", "file": dict(given["file"])}
        elif kind == "external":
            link = checks.an_object(given.get("external", MISSING), f"{path}.external")
            address = checks.a_string(link.get("url", MISSING), f"{path}.external.url", checks.MAX_URL)
            shown = {"type": "external", "external": {"url": address}}
        else:
            raise invalid(f"body.{path}: the emulator keeps external files only, not {kind}.")
        return {"name": given["name"], **shown} if "name" in given else shown

    def icon(self, value: Any, path: str) -> Mapping[str, Any] | None:
        """An icon as answers show it."""
        if value is None:
            return None
        given = checks.an_object(value, path)
        kind = given.get("type") or next((key for key in ("emoji", "external", "custom_emoji", "icon") if key in given), "")
        if kind == "emoji":
            return {"type": "emoji", "emoji": checks.a_string(given.get("emoji", MISSING), f"{path}.emoji")}
        if kind in ("custom_emoji", "icon"):
            return {"type": kind, kind: dict(checks.an_object(given.get(kind, MISSING), f"{path}.{kind}"))}
        return self.file(given, path)

    def cover(self, value: Any, path: str) -> Mapping[str, Any] | None:
        """A cover as answers show it."""
        return None if value is None else self.file(value, path)

    def trash(self, body: Mapping[str, Any]) -> bool | None:
        """Whether the body asks to trash (or restore) something: ``in_trash``, before 2026-03-11 ``archived`` too."""
        if "archived" in body and self.version >= "2026-03-11":
            raise failed("archived", "not present", body["archived"])
        for key in ("in_trash", "archived"):
            if body.get(key) is not None:
                return checks.a_bool(body[key], key)
        return None

    # ------------------------------------------------------------ lists

    def part(self, items: Sequence[Any], ids: list[str], of: str, source: Mapping[str, Any], where: str = "body") -> Part:
        """The part of *items* that page_size and start_cursor of *source* ask for."""
        size = checks.page_size(source.get("page_size"), where)
        start = 0
        if source.get("start_cursor") is not None:
            found = position(source["start_cursor"], ids, of)
            if found is None:
                raise invalid(f"The start_cursor provided is invalid: {source['start_cursor']}")
            start = found
        end = start + size
        more = end < len(items)
        return Part(items[start:end], cursor(ids[end], end, of) if more else None)

    def listed(self, part: Part, kind: str, shown: Sequence[Mapping[str, Any]], **more: Any) -> dict[str, Any]:
        """The envelope of a list."""
        return {
            "object": "list",
            "results": list(shown),
            "next_cursor": part.next_cursor,
            "has_more": part.next_cursor is not None,
            "type": kind,
            kind: more.pop("detail", {}),
            **more,
        }

    def only_properties(self, source: DataSource | None) -> set[str] | None:
        """The ids of the properties that `filter_properties` names; None if it names none."""
        names = request.args.getlist("filter_properties") + request.args.getlist("filter_properties[]")
        if not names or source is None:
            return None
        found: set[str] = set()
        for name in names:
            column: Property | None = source.find(name)
            if column is None:
                raise invalid(f"Could not find property with name or id: {name}")
            found.add(column.id)
        return found

    def user(self, user_id: str) -> User | None:
        """The user of that id."""
        return self.store.users.get(user_id)


@dataclass(frozen=True)
class Part:
    """Some items of a list and the cursor of the next."""

    items: Sequence[Any]
    next_cursor: str | None


View = Callable[..., Any]
Begin = Callable[[], Asking]


class Paths:
    """A blueprint whose views take an `Asking` and return JSON, with or without a status."""

    def __init__(self, name: str, begin: Begin) -> None:
        self.blueprint = Blueprint(name, __name__, url_prefix="/v1")
        self._begin = begin

    def path(self, method: str, rule: str, name: str, request_id: bool = True) -> Callable[[View], View]:
        """Register a view as the operation *name* of this kind of object."""

        def register(view: View) -> View:
            @wraps(view)
            def answer(**parts: str) -> Response:
                asking = self._begin()
                with asking.store.lock:
                    result = view(asking, **parts)
                body, status = result if isinstance(result, tuple) else (result, 200)
                return as_json(body, status, request_id)

            self.blueprint.add_url_rule(rule, endpoint=name.replace(".", "-"), view_func=answer, methods=[method])
            return view

        return register


def as_json(body: Mapping[str, Any], status: int = 200, request_id: bool = True) -> Response:
    """An answer; its request id is the last field."""
    whole = {**body, "request_id": g.request_id} if request_id else body
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return Response(text, status, content_type="application/json; charset=utf-8")


def _plain(value: Any) -> Any:
    """Read-only mappings as JSON."""
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is no JSON")
