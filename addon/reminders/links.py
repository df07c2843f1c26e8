"""Addresses that hold a secret: they are made anew from the installation's key, so that no database holds one."""

from __future__ import annotations

import base64
import hashlib
import hmac

from addon.keys import derived
from addon.settings import Settings

CALENDAR, NO_MORE = "calendar", "no-more"


def token(settings: Settings, purpose: str, person_id: str, generation: int) -> str:
    """What only the person and this installation can know."""
    words = f"{person_id}:{generation}".encode()
    digest = hmac.digest(derived(settings, f"link:{purpose}"), words, hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:24]).decode()


def fits(settings: Settings, purpose: str, person_id: str, generation: int, given: str) -> bool:
    """Whether *given* is that token."""
    return hmac.compare_digest(token(settings, purpose, person_id, generation).encode(), given.encode())


def calendar_address(settings: Settings, person_id: str, generation: int) -> str:
    """Of the person's calendar feed."""
    return f"{settings.public_url}/calendar/{person_id}/{token(settings, CALENDAR, person_id, generation)}.ics"


def no_more_address(settings: Settings, person_id: str, generation: int) -> str:
    """Where the person ends reminders."""
    return f"{settings.public_url}/reminders/{person_id}/{token(settings, NO_MORE, person_id, generation)}"
