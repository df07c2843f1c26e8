"""What a platform's notice comes to once it was verified: an event, a handshake, a press of a button, or a refusal. Pure."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Refusal(StrEnum):
    """Why a notice is not heard."""

    FORGED = "forged"
    """Nothing proves that the platform sent it."""
    BROKEN = "broken"
    """It was proven, and cannot be read."""


@dataclass(frozen=True)
class Event:
    """Something happened. *id* is the same whenever the same notice is sent again.

    *refs* are the artifacts that it names; *matters* is whether there may be something to read at all.
    """

    id: str
    refs: tuple[str, ...] = ()
    matters: bool = True


@dataclass(frozen=True)
class Handshake:
    """The platform shows the *token* that will prove its notices, once somebody has confirmed it there."""

    token: str


@dataclass(frozen=True)
class Press:
    """Somebody pressed a button beside the row of *page*; *action* is what it is for, *ref* its artifact, if it has one."""

    id: str
    action: str
    page: str
    ref: str = ""


Heard = Event | Handshake | Press | Refusal


def header(headers: Mapping[str, str], name: str) -> str:
    """The header of that name, whatever its letters; "" when it is not there."""
    wanted = name.lower()
    return next((value for key, value in headers.items() if key.lower() == wanted), "")


def equal(given: str, expected: str) -> bool:
    """Whether both say the same, in a time that tells nothing about where they differ."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode("utf-8", "replace"))


def among(given: str, expected: Iterable[str]) -> bool:
    """Whether *given* is one of *expected*; each is compared, whatever came of the one before."""
    return bool(sum([equal(given, one) for one in expected])) and bool(given)
