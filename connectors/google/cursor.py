"""What a cursor of the Google workspace holds: where the log of changes went on, and every file as it was last seen. Pure."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.workspace import WorkspaceError

_FORMAT = 1


@dataclass(frozen=True)
class Seen:
    """A file as it was last seen. *drive_version* is Drive's number, which grows with every change whatever it was."""

    version: str
    drive_version: str
    modified: str
    key: str
    name: str
    parent: str
    owner: str
    mime: str
    headings: Mapping[str, str] = field(default_factory=dict)
    """Of a document: what each heading said when it was first read, by its id."""


@dataclass(frozen=True)
class State:
    """All files as they were when the log of changes ended at *token*."""

    token: str = ""
    files: Mapping[str, Seen] = field(default_factory=dict)


def pack(state: State) -> str:
    """The cursor that holds *state*."""
    files = {
        id_: [
            one.version,
            one.drive_version,
            one.modified,
            one.key,
            one.name,
            one.parent,
            one.owner,
            one.mime,
            dict(one.headings),
        ]
        for id_, one in state.files.items()
    }
    text = json.dumps([_FORMAT, state.token, files], separators=(",", ":"), ensure_ascii=False)
    return base64.b64encode(zlib.compress(text.encode(), 1)).decode()


def unpack(cursor: str) -> State:
    """The state in *cursor*; an empty one for "". Raises WorkspaceError when it is none of ours."""
    if not cursor:
        return State()
    try:
        format_, token, files = json.loads(zlib.decompress(base64.b64decode(cursor, validate=True)))
        if format_ != _FORMAT:
            raise ValueError(format_)
        return State(str(token), {str(id_): _seen(one) for id_, one in files.items()})
    except (ValueError, TypeError, AttributeError, binascii.Error, zlib.error) as error:
        raise WorkspaceError(
            "The cursor of Google is damaged or of another version of this program; clear it, and everything is read once."
        ) from error


def _texts(one: Seen) -> tuple[str, ...]:
    return one.version, one.drive_version, one.modified, one.key, one.name, one.parent, one.owner, one.mime


def _seen(values: list[Any]) -> Seen:
    version, drive_version, modified, key, name, parent, owner, mime, headings = values
    return Seen(version, drive_version, modified, key, name, parent, owner, mime, dict(headings))
