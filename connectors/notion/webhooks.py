"""Notices of Notion, verified on their raw bytes and read: subscriptions, and buttons of databases. Pure.

A subscription signs with the token of its handshake: https://developers.notion.com/reference/webhooks. Notices are gathered
by Notion, come in any order and more than once, and name pages, never what stands there. A button's webhook is not signed:
a secret stands in a header that HR sets beside it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.hooks import Event, Handshake, Heard, Press, Refusal, among, equal, header
from connectors.notion.layout import GOALS, PEOPLE

SIGNATURE = "X-Notion-Signature"
SECRET, ACTION = "X-Throughline-Secret", "X-Throughline-Action"
OF_PAGES = frozenset(
    {
        "page.created",
        "page.content_updated",
        "page.properties_updated",
        "page.moved",
        "page.deleted",
        "page.undeleted",
    }
)
"""Events after which a page may read otherwise. Comments are not read, locks say nothing, views show the same rows."""
OF_SOURCES = frozenset({"data_source.content_updated"})
_LONGEST_ID = 120


@dataclass(frozen=True)
class Known:
    """What a notice is judged by: trusted *secrets*, our own *bot*, and the database that each data source is."""

    secrets: tuple[str, ...] = ()
    bot: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)


def heard(raw: bytes, headers: Mapping[str, str], known: Known) -> Heard:
    """What a notice of a subscription says."""
    signature = header(headers, SIGNATURE)
    if not among(signature, [signed(secret, raw) for secret in known.secrets]):
        return _handshake(raw, signature)
    data = _json(raw)
    if data is None:
        return Refusal.BROKEN
    return _handshake(raw, signature) if "verification_token" in data else _event(data, known)


def pressed(raw: bytes, headers: Mapping[str, str], known: Known) -> Heard:
    """What a button's webhook says; *known* holds the secrets of buttons."""
    if not among(header(headers, SECRET), known.secrets):
        return Refusal.FORGED
    data = _json(raw)
    row = data.get("data") if data else None
    if data is None or not isinstance(row, dict):
        return Refusal.BROKEN
    page = _id(row.get("id"))
    source = data.get("source")
    told = _id(source.get("event_id")) if isinstance(source, dict) else ""
    database = known.sources.get(_source_of(row.get("parent")), "")
    ref = f"{database}/{page}" if page and database and database not in (PEOPLE, GOALS) else ""
    return Press(f"press:{told or hashlib.sha256(raw).hexdigest()}", header(headers, ACTION).strip(), page, ref)


def signed(secret: str, raw: bytes) -> str:
    """The signature of *raw* with *secret*."""
    return f"sha256={hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()}"


def _handshake(raw: bytes, signature: str) -> Heard:
    """The first request of a subscription brings the token by which it is signed itself."""
    data = _json(raw)
    token = data.get("verification_token") if data else None
    if not isinstance(token, str) or not token or (data or {}).keys() != {"verification_token"}:
        return Refusal.FORGED
    return Handshake(token) if not signature or equal(signature, signed(token, raw)) else Refusal.FORGED


def _event(data: Mapping[str, Any], known: Known) -> Event:
    id_ = f"notion:{_id(data.get('id'))}"
    entity, about, kind = data.get("entity"), data.get("data"), data.get("type")
    authors = data.get("authors")
    if id_ == "notion:" or not isinstance(entity, dict) or not isinstance(about, dict) or _only(authors, known.bot):
        return Event(id_, matters=False)
    if kind in OF_SOURCES:
        return Event(id_, matters=known.sources.get(_id(entity.get("id")), PEOPLE) != PEOPLE)
    database = known.sources.get(_source_of(about.get("parent")), "") if kind in OF_PAGES else ""
    page = _id(entity.get("id"))
    if not database or database == PEOPLE or not page:
        return Event(id_, matters=False)
    return Event(id_, () if database == GOALS else (f"{database}/{page}",))


def _only(authors: object, bot: str) -> bool:
    """Whether nobody but our own bot did it; gathered events may have several authors."""
    ids = [one.get("id") for one in authors if isinstance(one, dict)] if isinstance(authors, list) else []
    return bool(bot) and bool(ids) and all(one == bot for one in ids)


def _source_of(parent: object) -> str:
    """The data source of a row's parent, as either kind of notice tells it."""
    if not isinstance(parent, dict):
        return ""
    return _id(parent.get("data_source_id")) or _id(parent.get("id"))


def _id(value: object) -> str:
    return value if isinstance(value, str) and len(value) <= _LONGEST_ID else ""


def _json(raw: bytes) -> dict[str, Any] | None:
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None
