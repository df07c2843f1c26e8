"""What notices are judged by, out of the store: secrets unsealed, our own bot, which data source is which database."""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import TYPE_CHECKING

from addon.company import Company
from addon.connections.sealing import opened
from addon.terminal import BadInput
from sync.store.queries import connections, hooks

if TYPE_CHECKING:
    from connectors.google import webhooks as google
    from connectors.notion import webhooks as notion

log = logging.getLogger("throughline.hooks")


def of_notion(company: Company, hook: str) -> notion.Known:
    """By what notices of a subscription, or of a button, are judged."""
    from connectors.notion.webhooks import Known

    with company.store.read() as tx:
        kept = hooks.secrets_of(tx, hook)
        found = connections.get(tx, "notion")
    secrets = [_unsealed(company, one.secret) for one in kept if one.trusted]
    sources = _sources(found.layout) if found else {}
    return Known(tuple(filter(None, secrets)), str(found.settings.get("bot", "")) if found else "", sources)


def of_drive(company: Company, channel_id: str) -> google.Known:
    """By what a notice of that channel is judged."""
    from connectors.google.webhooks import Channel, Known

    with company.store.read() as tx:
        found = hooks.channel_of(tx, channel_id[:64])
    token = _unsealed(company, found.secret) if found else ""
    return Known({channel_id: Channel(token, found.resource)} if found and token else {})


def owner_of_home(company: Company, page: str) -> str:
    """The person whose home in Notion that page is, "" for another page."""
    from connectors.notion.layout import Layout

    with company.store.read() as tx:
        found = connections.get(tx, "notion")
    homes = Layout.loaded(found.layout).homes if found else {}
    return next((person for person, id_ in homes.items() if id_ == page), "")


@lru_cache(maxsize=2)
def _sources(layout: str) -> dict[str, str]:
    """Every id by which a notice may name a database, to our name for it."""
    from connectors.notion.layout import Layout

    databases = Layout.loaded(layout).databases
    return {id_: key for key, one in databases.items() for id_ in (one.id, one.source)}


def _unsealed(company: Company, data: bytes) -> str:
    """The secret; "" where the installation's key is another one, so that it proves nothing."""
    try:
        return opened(company.settings, data)
    except BadInput:
        log.error("a secret of a hook was sealed with another key")
        return ""
