"""Ids, cursors and times as Notion writes them."""

from __future__ import annotations

import random
import re
import string
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from urllib.parse import quote, unquote
from uuid import UUID

_UUID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}", re.IGNORECASE)
#: What property ids are made of: four signs from ":" to "~", as recorded.
_PROPERTY_SIGNS = [sign for sign in map(chr, range(ord(":"), ord("~") + 1)) if sign != "%"]
_CURSOR = re.compile(r"s:([0-9a-f-]{36}):([0-9a-f-]{36})")


class Ids:
    """New ids, repeatable from a seed. Not safe between threads: its owner locks."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - ids of a rehearsal, no secrets
        self._workspace = self._hex(9)

    def content(self) -> str:
        """For pages, blocks, comments: begins with what the workspace's ids have in common, as Notion's do."""
        space = self._workspace
        variant = f"{self._random.choice('89ab')}{self._hex(3)}"
        return f"3{self._hex(2)}{space[:5]}-{space[5:]}-81{self._hex(2)}-{variant}-{self._hex(12)}"

    def random(self) -> str:
        """For databases, options, requests: a random uuid."""
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def property(self, taken: set[str]) -> str:
        """For a property of a data source that has *taken*: four signs, not encoded."""
        while (new := "".join(self._random.choices(_PROPERTY_SIGNS, k=4))) in taken:
            continue
        return new

    def token(self, prefix: str) -> str:
        """A secret of the rehearsal."""
        return prefix + "".join(self._random.choices(string.ascii_letters + string.digits, k=46))

    def colour(self, colours: tuple[str, ...]) -> str:
        """One of *colours*, for a new option."""
        return self._random.choice(colours)

    def _hex(self, length: int) -> str:
        return f"{self._random.getrandbits(4 * length):0{length}x}"


def as_id(text: object) -> str | None:
    """The id that *text* is, with or without dashes, in the form with dashes; None if it is none."""
    if not isinstance(text, str) or not _UUID.fullmatch(text):
        return None
    plain = text.replace("-", "").lower()
    return f"{plain[:8]}-{plain[8:12]}-{plain[12:16]}-{plain[16:20]}-{plain[20:]}"


@cache
def encoded(property_id: str) -> str:
    """A property id as answers show it: ``W[Y[`` is ``W%5BY%5B``."""
    return quote(property_id, safe="~_-.!*'()")


def decoded(property_id: str) -> str:
    """The inverse of `encoded`; an id that is not encoded stays as it is."""
    return unquote(property_id)


def cursor(at: str, position: int, of: str) -> str:
    """An opaque cursor: the result goes on with the item *at*, which was number *position*, of the question *of*."""
    return f"s:{at}:{UUID(hex=_mark(of) + f'{position:012x}')}"


def position(text: object, items: list[str], of: str) -> int | None:
    """Where in *items* the cursor *text* goes on; None if it is no cursor of this question.

    By the item itself; if that has vanished meanwhile, by its former number.
    """
    found = _CURSOR.fullmatch(text) if isinstance(text, str) else None
    if not found:
        return None
    mark = found[2].replace("-", "")
    if mark[:20] != _mark(of):
        return None
    place = int(mark[20:], 16)
    if place < len(items) and items[place] == found[1]:
        return place
    try:
        return items.index(found[1])
    except ValueError:
        return min(place, len(items))


def _mark(question: str) -> str:
    return sha256(question.encode()).hexdigest()[:20]


def to_minute(moment: datetime) -> datetime:
    """*moment* as Notion keeps it for pages, blocks, data sources and comments: rounded down to the minute."""
    return moment.replace(second=0, microsecond=0)


def coarse(moment: datetime) -> str:
    """``2026-03-02T09:00:00.000Z``: minutes, whatever is shown so."""
    return f"{moment.isoformat()[:16]}:00.000Z"


def fine(moment: datetime) -> str:
    """``2026-03-02T09:00:07.123+00:00``, as databases and views have it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def url(record_id: str, title: str = "") -> str:
    """The address in Notion's app; for people, never to be parsed."""
    slug = re.sub(r"[^A-Za-z0-9]+", "-", title).strip("-")
    plain = record_id.replace("-", "")
    return f"https://app.notion.com/p/{slug}-{plain}" if slug else f"https://app.notion.com/p/{plain}"
