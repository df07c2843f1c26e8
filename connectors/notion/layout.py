"""Which database holds what, as it is remembered between runs: ids of databases, data sources and properties.

Ids stay when people rename things. What is not remembered any more is found again below the parent page, by the line
that each database's description carries.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from connectors.workspace import Home
from templates.shapes import Kind, Place

PEOPLE = "home/people"
GOALS = "working/goal"
SHEETS = f"{Place.WORKING}/{Kind.GOAL_SHEET}"
CHECK_INS = f"{Place.WORKING}/{Kind.CHECK_IN}"
REVIEWS = f"{Place.REVIEWS}/{Kind.RELEASED_REVIEW}"
TITLES = {
    "people": "People",
    "goal": "Goals",
    Kind.ROLE_EXPECTATIONS: "Role expectations",
    Kind.GOAL_SHEET: "Goal sheets",
    Kind.CHECK_IN: "Check-ins",
    Kind.QUICK_NOTES: "Quick notes",
    Kind.SELF_REVIEW: "Self reviews",
    Kind.PEER_FEEDBACK: "Peer feedback",
    Kind.MANAGER_NOTES: "Manager notes",
    Kind.MANAGER_REVIEW: "Manager reviews",
    Kind.RELEASED_REVIEW: "Reviews",
}
OPEN = frozenset({Kind.ROLE_EXPECTATIONS, Kind.GOAL_SHEET, Kind.CHECK_IN, Kind.QUICK_NOTES})
"""Kinds that are provisioned before anybody confirmed the access rule of their database."""

TITLE = "title"
"""The id of every title property."""
COMMON: Mapping[str, Mapping[str, Any]] = {
    "Name": {"title": {}},
    "Key": {"rich_text": {}},
    "Home": {"rich_text": {}},
    "About": {"rich_text": {}},
    "Employee": {"people": {}},
    "Shared with": {"people": {}},
    "Shown to": {"people": {}},
}
RIGHTS = ("Shared with", "Shown to")


def database_of(home: Home, kind: str) -> str:
    """The database in which an artifact of *kind* stands."""
    return f"{home.place}/{kind}"


def kind_of(database: str) -> str:
    """The kind of what stands in *database*."""
    return database.partition("/")[2]


def place_of(database: str) -> str:
    """The place of what stands in *database*."""
    return database.partition("/")[0]


def title_of(database: str) -> str:
    """What people see as the name of a new database."""
    kind = kind_of(database)
    title = TITLES.get(kind, kind.replace("-", " ").capitalize())
    usual = place_of(database) != Place.PRIVATE or kind in (Kind.MANAGER_NOTES, Kind.MANAGER_REVIEW, Kind.PEER_FEEDBACK)
    return title if usual else f"{title} (private)"


def marker_of(database: str) -> str:
    """The line by which a database is found again."""
    return f"throughline:{database}"


def is_open(database: str) -> bool:
    """Whether it may be filled before anybody confirmed its access rule."""
    return (kind_of(database) in OPEN and place_of(database) != Place.PRIVATE) or database in (PEOPLE, GOALS)


@dataclass
class Database:
    """A database: its own id, its data source's, and the id of each property that we made, by our name for it."""

    id: str
    source: str
    properties: dict[str, str]


@dataclass
class Layout:
    """What is remembered. *homes* are the pages of people whose views are complete, by person id."""

    databases: dict[str, Database] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def dumped(self) -> str:
        """As JSON."""
        with self.lock:
            databases = {key: [one.id, one.source, dict(one.properties)] for key, one in self.databases.items()}
            return json.dumps({"databases": databases, "homes": dict(self.homes)}, separators=(",", ":"))

    @classmethod
    def loaded(cls, text: str) -> Layout:
        """The layout that `dumped` gave; an empty one for ""."""
        data = json.loads(text) if text else {}
        databases = {key: Database(one[0], one[1], dict(one[2])) for key, one in data.get("databases", {}).items()}
        return cls(databases, dict(data.get("homes", {})))


class Keeper(Protocol):
    """Keeps the layout between runs."""

    def load(self) -> str:
        """What was saved last, "" when nothing was."""

    def save(self, text: str) -> None:
        """Keep *text*."""


class Forgetful:
    """Keeps the layout as long as the object lives."""

    def __init__(self) -> None:
        self._text = ""

    def load(self) -> str:
        """What was saved last."""
        return self._text

    def save(self, text: str) -> None:
        """Keep it."""
        self._text = text
