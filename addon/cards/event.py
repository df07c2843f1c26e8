"""What Google sends: one event, read leniently. What is missing or of another type is as if it were empty. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

DRIVE_FILE = "https://www.googleapis.com/auth/drive.file"
EMAIL = "https://www.googleapis.com/auth/userinfo.email"

LONGEST_VALUE = 200
"""Characters of a parameter: they are ids of our own."""
LONGEST_INPUT = 8000
MOST_GUESTS = 50


class Host(StrEnum):
    """The application that the sidebar stands in."""

    DOCS = "DOCS"
    SHEETS = "SHEETS"
    SLIDES = "SLIDES"
    DRIVE = "DRIVE"
    CALENDAR = "CALENDAR"
    OTHER = ""


EDITORS = frozenset({Host.DOCS, Host.SHEETS, Host.SLIDES})


@dataclass(frozen=True)
class Event:
    """One call of Google's."""

    host: Host = Host.OTHER
    document_id: str = ""
    """The file that is open or selected; "" as long as the person did not let us know it."""
    link: str = ""
    """The address that a preview is asked for."""
    guests: tuple[str, ...] = ()
    """The addresses of everybody who takes part in a meeting, in small letters."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    scopes: frozenset[str] = frozenset()
    user_token: str = field(default="", repr=False)

    def parameter(self, name: str) -> str:
        """What a button carries under *name*, "" for nothing."""
        return self.parameters.get(name, "")

    def input(self, name: str) -> str:
        """What was typed or chosen in the field *name*, "" for nothing."""
        return self.inputs.get(name, "")


def event_of(body: object) -> Event:
    """The event in *body*, whatever that is."""
    whole = _table(body)
    common, authorization = _table(whole.get("commonEventObject")), _table(whole.get("authorizationEventObject"))
    host = _host(_text(common.get("hostApp")))
    file = _file(whole, host)
    inputs = {name: _input(value) for name, value in _table(common.get("formInputs")).items()}
    return Event(
        host=host,
        document_id=_text(file.get("id"))[:LONGEST_VALUE],
        link=_text(_table(_table(whole.get(host.value.lower())).get("matchedUrl")).get("url")),
        guests=_guests(_table(whole.get("calendar"))),
        parameters={name: _text(value)[:LONGEST_VALUE] for name, value in _table(common.get("parameters")).items()},
        inputs=inputs,
        scopes=frozenset(_text(one) for one in _list(authorization.get("authorizedScopes"))),
        user_token=_text(authorization.get("userIdToken")),
    )


def _host(name: str) -> Host:
    return Host(name) if name in set(Host) else Host.OTHER


def _file(whole: Mapping[str, Any], host: Host) -> Mapping[str, Any]:
    """The open document, or what is selected in Drive."""
    if host is Host.DRIVE:
        drive = _table(whole.get("drive"))
        return _table(drive.get("activeCursorItem")) or _table(next(iter(_list(drive.get("selectedItems"))), None))
    return _table(whole.get(host.value.lower())) if host in EDITORS else {}


def _guests(meeting: Mapping[str, Any]) -> tuple[str, ...]:
    """Everybody but rooms, each once."""
    those = [_table(one) for one in _list(meeting.get("attendees"))[:MOST_GUESTS]]
    found = [_text(one.get("email")).strip().lower() for one in those if one.get("resource") is not True]
    found.append(_text(_table(meeting.get("organizer")).get("email")).strip().lower())
    return tuple(dict.fromkeys(one for one in found if one))


def _input(value: object) -> str:
    """The first value of a field; a day or time is none that we ask for."""
    values = _list(_table(_table(value).get("stringInputs")).get("value"))
    return _text(next(iter(values), ""))[:LONGEST_INPUT]


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
