"""What a cursor of the Notion workspace holds: every row as it was last seen. Pure."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connectors.notion.goals import Goal, packed, unpacked
from connectors.workspace import WorkspaceError

_FORMAT = 1


@dataclass(frozen=True)
class Seen:
    """A row as it was last seen. *body* and *beside* are kept of goal sheets only: their goals change without them."""

    database: str
    edited: str
    version: str
    key: str
    employee: str
    created: str
    body: str = ""
    beside: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class State:
    """All rows as they were *at* a moment; *swept* is when all of them were last asked for."""

    at: datetime | None = None
    swept: datetime | None = None
    pages: Mapping[str, Seen] = field(default_factory=dict)
    goals: Mapping[str, Goal] = field(default_factory=dict)


def pack(state: State) -> str:
    """The cursor that holds *state*."""
    pages = {
        id_: [one.database, one.edited, one.version, one.key, one.employee, one.created, one.body, [*map(list, one.beside)]]
        for id_, one in state.pages.items()
    }
    goals = {id_: packed(goal) for id_, goal in state.goals.items()}
    moments = [moment.isoformat() if moment else "" for moment in (state.at, state.swept)]
    text = json.dumps([_FORMAT, *moments, pages, goals], separators=(",", ":"), ensure_ascii=False)
    return base64.b64encode(zlib.compress(text.encode(), 1)).decode()


def unpack(cursor: str) -> State:
    """The state in *cursor*; an empty one for "". Raises WorkspaceError when it is none of ours."""
    if not cursor:
        return State()
    try:
        version, at, swept, pages, goals = json.loads(zlib.decompress(base64.b64decode(cursor, validate=True)))
        if version != _FORMAT:
            raise ValueError(version)
        return State(
            at=datetime.fromisoformat(at) if at else None,
            swept=datetime.fromisoformat(swept) if swept else None,
            pages={id_: _seen(one) for id_, one in pages.items()},
            goals={id_: unpacked(id_, one) for id_, one in goals.items()},
        )
    except (ValueError, TypeError, IndexError, AttributeError, binascii.Error, zlib.error) as error:
        raise WorkspaceError(
            "The cursor of Notion is damaged or of another version of this program; clear it, and everything is read once."
        ) from error


def _seen(values: list[Any]) -> Seen:
    database, edited, version, key, employee, created, body, beside = values
    return Seen(database, edited, version, key, employee, created, body, tuple((name, text) for name, text in beside))
