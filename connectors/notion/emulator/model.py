"""What a Notion workspace consists of. Records never change: an edit is a new record in the same place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal

from connectors.notion.emulator.ids import decoded

RichText = Sequence[Mapping[str, Any]]
NOTHING: Mapping[str, Any] = MappingProxyType({})

ParentKind = Literal["workspace", "page_id", "block_id", "database_id", "data_source_id"]


@dataclass(frozen=True, slots=True)
class Parent:
    """Where something stands. *id* is "" for the workspace."""

    kind: ParentKind
    id: str = ""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who made and last edited something, and when."""

    created: datetime
    created_by: str
    edited: datetime
    edited_by: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page or row. *values* are by property id, in the stored form that `values` describes.

    *shared* says whether the connection was added to a page of the workspace; elsewhere it follows the parent.
    """

    id: str
    parent: Parent
    values: Mapping[str, Any]
    stamp: Stamp
    icon: Mapping[str, Any] | None = None
    cover: Mapping[str, Any] | None = None
    in_trash: bool = False
    is_archived: bool = False
    is_locked: bool = False
    shared: bool = True


@dataclass(frozen=True, slots=True)
class Block:
    """A block. *payload* is what answers show under the block's type."""

    id: str
    parent: Parent
    type: str
    payload: Mapping[str, Any]
    stamp: Stamp
    in_trash: bool = False


@dataclass(frozen=True, slots=True)
class Database:
    """A container of data sources. *linked* is the data source that a linked database only shows."""

    id: str
    parent: Parent
    title: RichText
    stamp: Stamp
    description: RichText = ()
    icon: Mapping[str, Any] | None = None
    cover: Mapping[str, Any] | None = None
    is_inline: bool = False
    in_trash: bool = False
    is_locked: bool = False
    linked: str = ""


@dataclass(frozen=True, slots=True)
class Property:
    """A column. *config* is what answers show under the type, with ids of options and relations as stored."""

    id: str
    name: str
    type: str
    config: Mapping[str, Any] = field(default_factory=dict)
    description: str | None = None


@dataclass(frozen=True, slots=True)
class DataSource:
    """A table. *schema* is by property id."""

    id: str
    database_id: str
    title: RichText
    schema: Mapping[str, Property]
    stamp: Stamp
    icon: Mapping[str, Any] | None = None
    in_trash: bool = False

    def find(self, reference: str) -> Property | None:
        """The property of that name or id (encoded or not)."""
        for column in self.schema.values():
            if column.name == reference:
                return column
        from_id = self.schema.get(reference)
        if from_id is None and "%" in reference:
            from_id = self.schema.get(decoded(reference))
        return from_id

    def of_type(self, kind: str) -> Property | None:
        """The first property of that type."""
        return next((column for column in self.schema.values() if column.type == kind), None)


@dataclass(frozen=True, slots=True)
class View:
    """A view of a data source, standing in a database. *settings* are filter, sorts, quick_filters, configuration."""

    id: str
    database_id: str
    source_id: str
    name: str
    type: str
    settings: Mapping[str, Any]
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment of a discussion. *display* is ``{"type", "resolved_name"}``."""

    id: str
    parent: Parent
    discussion_id: str
    rich_text: RichText
    stamp: Stamp
    display: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class User:
    """A member, guest or bot. Guests are not listed."""

    id: str
    name: str
    type: Literal["person", "bot"] = "person"
    email: str = ""
    guest: bool = False
    avatar_url: str | None = None


@dataclass(frozen=True, slots=True)
class Workspace:
    """The workspace and the connection that talks to it."""

    id: str
    name: str = "Rehearsal"
    connection: str = "Throughline"
    integration_id: str = ""
    tokens: frozenset[str] = frozenset()
    capabilities: frozenset[str] = field(
        default_factory=lambda: frozenset(
            {"read_content", "update_content", "insert_content", "read_comments", "insert_comments", "read_user_with_email"}
        )
    )
    max_upload: int = 0
