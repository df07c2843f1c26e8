"""Links that sign one person in, once, for a while: for the first admin, and for companies without an identity provider."""

from __future__ import annotations

import secrets
from datetime import timedelta

from addon.company import Company
from sync.records import Person
from sync.store.queries import reviews, sessions

LASTS = timedelta(hours=24)


def make_link(here: Company, person: Person, lasts: timedelta = LASTS) -> str:
    """A fresh link for *person*. Only its hash is stored."""
    token = secrets.token_urlsafe(24)
    with here.store.write() as tx:
        sessions.add_link(tx, token, person.id, here.real_now + lasts)
        reviews.note(tx, here.now, "command line", "signin-link", person.id)
    return f"{here.settings.public_url}/signin/link/{token}"
