"""Records as Notion's answers show them, field by field and in Notion's order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any

from connectors.notion.emulator import formulas, schema
from connectors.notion.emulator.ids import coarse, encoded, fine, url
from connectors.notion.emulator.model import (
    Block,
    Comment,
    Database,
    DataSource,
    Page,
    Parent,
    Property,
    Stamp,
    User,
    View,
)
from connectors.notion.emulator.rich_text import plain
from connectors.notion.emulator.rollups import rolled_up
from connectors.notion.emulator.store import Store

#: The first version that says only `in_trash`.
WITHOUT_ARCHIVED = "2026-03-11"
#: How many references an answer with a page shows; the rest comes from the property's own endpoint.
MAX_REFERENCES = 25


class Shapes:
    """Answers of one version about one workspace. *email* says whether the connection may see addresses."""

    def __init__(self, store: Store, version: str, email: bool = True) -> None:
        self._store, self._version, self._email = store, version, email
        # An answer may show the same users and columns a hundred times over.
        self._users: dict[str, dict[str, Any]] = {}
        self._columns: dict[str, list[tuple[Property, str]]] = {}

    # ------------------------------------------------------------ small things

    def partial(self, user_id: str) -> dict[str, Any]:
        """``{"object": "user", "id": …}``."""
        return {"object": "user", "id": user_id}

    def user(self, user: User) -> dict[str, Any]:
        """A person or bot in full."""
        shown: dict[str, Any] = {"object": "user", "id": user.id, "name": user.name, "avatar_url": user.avatar_url}
        if user.type == "person":
            person = {"email": user.email, "email_verified": True} if self._email and user.email else {}
            return {**shown, "type": "person", "person": person}
        workspace = self._store.workspace
        bot = {
            "owner": {"type": "workspace", "workspace": True},
            "workspace_name": workspace.name,
            "workspace_id": workspace.id,
            "workspace_limits": {"max_file_upload_size_in_bytes": workspace.max_upload},
        }
        return {**shown, "type": "bot", "bot": bot}

    def user_of(self, user_id: str) -> dict[str, Any]:
        """The user of that id, in full if it is known."""
        if user_id not in self._users:
            user = self._store.users.get(user_id)
            self._users[user_id] = self.user(user) if user else self.partial(user_id)
        return self._users[user_id]

    def parent(self, parent: Parent) -> dict[str, Any]:
        """Where something stands; a row's parent carries the ids of data source and database."""
        if parent.kind == "workspace":
            return {"type": "workspace", "workspace": True}
        if parent.kind == "data_source_id":
            source = self._store.sources.get(parent.id)
            database = source.database_id if source else ""
            return {"type": "data_source_id", "data_source_id": parent.id, "database_id": database}
        return {"type": parent.kind, parent.kind: parent.id}

    def _archived(self, in_trash: bool) -> dict[str, Any]:
        return {} if self._version >= WITHOUT_ARCHIVED else {"archived": in_trash}

    def _stamped(self, stamp: Stamp) -> dict[str, Any]:
        return {
            "created_time": coarse(stamp.created),
            "last_edited_time": coarse(stamp.edited),
            "created_by": self.partial(stamp.created_by),
            "last_edited_by": self.partial(stamp.edited_by),
        }

    # ------------------------------------------------------------ pages

    def page(self, page: Page, only: Collection[str] | None = None) -> dict[str, Any]:
        """A page with its properties, or those of the ids *only*."""
        return {
            "object": "page",
            "id": page.id,
            **self._stamped(page.stamp),
            "cover": page.cover,
            "icon": page.icon,
            "parent": self.parent(page.parent),
            "in_trash": page.in_trash,
            "is_archived": page.is_archived,
            "is_locked": page.is_locked,
            "properties": self.properties(page, only),
            "url": url(page.id, self.title(page)),
            "public_url": None,
            **self._archived(page.in_trash),
        }

    def title(self, page: Page) -> str:
        """The words of a page's title."""
        return plain(page.values.get("title") or ())

    def properties(self, page: Page, only: Collection[str] | None = None) -> dict[str, Any]:
        """A page's properties by name."""
        source = self._store.sources.get(page.parent.id) if page.parent.kind == "data_source_id" else None
        if source is None:
            return {"title": {"id": "title", "type": "title", "title": list(page.values.get("title") or ())}}
        columns = self._columns.get(source.id)
        if columns is None:
            columns = [(column, encoded(column.id)) for column in schema.ordered(source.schema)]
            self._columns[source.id] = columns
        return {
            column.name: {"id": shown_id, "type": column.type, **self.value(column, page, source)}
            for column, shown_id in columns
            if only is None or column.id in only
        }

    def value(self, column: Property, page: Page, source: DataSource) -> dict[str, Any]:
        """What stands in *column* of *page*: ``{type: value}``, at most 25 references."""
        value = self.whole(column, page, source)
        if column.type == "relation":
            return {"relation": value[:MAX_REFERENCES], "has_more": len(value) > MAX_REFERENCES}
        if column.type == "people":
            return {"people": value[:MAX_REFERENCES]}
        if column.type in ("title", "rich_text"):
            return {column.type: _first_mentions(value)}
        return {column.type: value}

    def whole(self, column: Property, page: Page, source: DataSource) -> Any:
        """All of what stands in *column* of *page*."""
        show = _VALUES.get(column.type)
        if show is not None:
            return show(self, column, page.values.get(column.id))
        if column.type == "rollup":
            return rolled_up(self._store, column, page, source, self.value)
        if column.type == "formula":
            return formulas.result(str(column.config.get("expression", "")), partial(self._in_formula, page, source))
        return _COMPUTED[column.type](self, page)

    def _in_formula(self, page: Page, source: DataSource, name: str) -> formulas.Value | None:
        """A property of *page* as formulas of it see it; None for types that they are not computed with."""
        column = source.find(name)
        if column is None or column.type not in _IN_FORMULAS:
            return None
        value = self.whole(column, page, source)
        if column.type in ("title", "rich_text"):
            value = plain(value)
        elif column.type in ("select", "status"):
            value = value["name"] if value else None
        return _IN_FORMULAS[column.type], value

    # ------------------------------------------------------------ blocks

    def block(self, content: Block | Page | Database) -> dict[str, Any]:
        """A block; a page or database as the block that stands for it."""
        if isinstance(content, Block):
            kind, payload = content.type, dict(content.payload)
            inside = self._store.has_inside(content.id)
        elif isinstance(content, Page):
            kind, payload = "child_page", {"title": self.title(content)}
            inside = self._store.has_inside(content.id)
        else:
            kind, payload, inside = "child_database", {"title": plain(content.title)}, False
        return {
            "object": "block",
            "id": content.id,
            "parent": self.parent(content.parent),
            **self._stamped(content.stamp),
            "has_children": inside,
            "in_trash": content.in_trash,
            "type": kind,
            kind: payload,
            **self._archived(content.in_trash),
        }

    # ------------------------------------------------------------ databases and data sources

    def database(self, database: Database) -> dict[str, Any]:
        """A database with the names of its data sources."""
        sources = self._store.sources_of(database.id)
        linked = self._store.sources.get(database.linked)
        listed = [*sources, linked] if linked else sources
        return {
            "object": "database",
            "id": database.id,
            "title": list(database.title),
            "description": list(database.description),
            "parent": self.parent(database.parent),
            "is_inline": database.is_inline,
            "in_trash": database.in_trash,
            "is_locked": database.is_locked,
            "created_time": fine(database.stamp.created),
            "last_edited_time": fine(database.stamp.edited),
            "data_sources": [{"id": source.id, "name": plain(source.title)} for source in listed if not source.in_trash],
            "icon": database.icon,
            "cover": database.cover,
            "url": url(database.id),
            "public_url": None,
            **self._archived(database.in_trash),
        }

    def source(self, source: DataSource) -> dict[str, Any]:
        """A data source with its schema."""
        database = self._store.databases[source.database_id]
        in_trash = source.in_trash or database.in_trash
        return {
            "object": "data_source",
            "id": source.id,
            "cover": database.cover,
            "icon": source.icon,
            "created_time": coarse(source.stamp.created),
            "created_by": self.partial(source.stamp.created_by),
            "last_edited_by": self.partial(source.stamp.edited_by),
            "last_edited_time": coarse(source.stamp.edited),
            "title": list(source.title),
            "description": list(database.description),
            "is_inline": database.is_inline,
            "properties": schema.shown(source, self._store.sources),
            "parent": {"type": "database_id", "database_id": database.id},
            "database_parent": self.parent(database.parent),
            "url": url(database.id),
            "public_url": None,
            "in_trash": in_trash,
            **self._archived(in_trash),
        }

    # ------------------------------------------------------------ views and comments

    def view(self, view: View) -> dict[str, Any]:
        """A view in full."""
        return {
            "object": "view",
            "id": view.id,
            "parent": {"type": "database_id", "database_id": view.database_id},
            "data_source_id": view.source_id,
            "name": view.name,
            "type": view.type,
            "created_time": fine(view.stamp.created),
            "created_by": self.partial(view.stamp.created_by),
            "last_edited_time": fine(view.stamp.edited),
            "last_edited_by": self.partial(view.stamp.edited_by),
            "url": f"{url(view.database_id)}?v={view.id.replace('-', '')}",
            "filter": view.settings.get("filter"),
            "sorts": view.settings.get("sorts"),
            "quick_filters": view.settings.get("quick_filters"),
            "configuration": view.settings.get("configuration"),
        }

    def partial_view(self, view: View) -> dict[str, Any]:
        """A view that is deleted."""
        parent = {"type": "database_id", "database_id": view.database_id}
        return {"object": "view", "id": view.id, "parent": parent, "type": view.type}

    def comment(self, comment: Comment) -> dict[str, Any]:
        """A comment in full."""
        return {
            "object": "comment",
            "id": comment.id,
            "parent": self.parent(comment.parent),
            "discussion_id": comment.discussion_id,
            "created_time": coarse(comment.stamp.created),
            "last_edited_time": coarse(comment.stamp.edited),
            "created_by": self.partial(comment.stamp.created_by),
            "rich_text": list(comment.rich_text),
            "display_name": dict(comment.display),
        }

    # ------------------------------------------------------------ stored values

    def option(self, column: Property, option_id: str | None) -> dict[str, Any] | None:
        """An option as a row shows it; None if it was deleted meanwhile."""
        for option in column.config["options"]:
            if option["id"] == option_id:
                return {"id": option["id"], "name": option["name"], "color": option["color"]}
        return None


#: What the types of properties are in formulas.
_IN_FORMULAS: Mapping[str, str] = {
    **dict.fromkeys(("title", "rich_text", "select", "status", "url", "email", "phone_number"), "string"),
    "number": "number",
    "checkbox": "boolean",
    "date": "date",
}
_COMPUTED: dict[str, Callable[[Shapes, Page], Any]] = {
    "created_time": lambda shapes, page: coarse(page.stamp.created),
    "last_edited_time": lambda shapes, page: coarse(page.stamp.edited),
    "created_by": lambda shapes, page: shapes.user_of(page.stamp.created_by),
    "last_edited_by": lambda shapes, page: shapes.user_of(page.stamp.edited_by),
    "button": lambda shapes, page: {},
}


def _first_mentions(parts: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """*parts* up to the 25th mention."""
    shown, mentions = [], 0
    for part in parts:
        mentions += part["type"] == "mention"
        if mentions > MAX_REFERENCES:
            break
        shown.append(part)
    return shown


def _options(shapes: Shapes, column: Property, value: Sequence[str] | None) -> list[dict[str, Any]]:
    found = (shapes.option(column, option_id) for option_id in value or ())
    return [option for option in found if option]


def _as_is(shapes: Shapes, column: Property, value: Any) -> Any:
    return value


_VALUES: dict[str, Callable[[Shapes, Property, Any], Any]] = {
    "title": lambda shapes, column, value: list(value or ()),
    "rich_text": lambda shapes, column, value: list(value or ()),
    "files": lambda shapes, column, value: list(value or ()),
    "select": lambda shapes, column, value: shapes.option(column, value),
    "status": lambda shapes, column, value: shapes.option(column, value),
    "multi_select": _options,
    "people": lambda shapes, column, value: [shapes.user_of(user_id) for user_id in value or ()],
    "relation": lambda shapes, column, value: [{"id": page_id} for page_id in value or ()],
    "number": _as_is,
    "date": _as_is,
    "url": _as_is,
    "email": _as_is,
    "phone_number": _as_is,
    "place": _as_is,
    "verification": lambda shapes, column, value: value or {"state": "unverified", "verified_by": None, "date": None},
    "checkbox": lambda shapes, column, value: bool(value),
    "unique_id": lambda shapes, column, value: {"prefix": column.config.get("prefix"), "number": value},
}
