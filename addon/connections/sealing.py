"""Secrets of connections, sealed with the installation's key, which lies apart from the database. Never printed or logged."""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken

from addon.keys import fernet_key
from addon.settings import Settings
from addon.terminal import BadInput

PURPOSE = "connections"


def sealed(settings: Settings, secret: str) -> bytes:
    """*secret*, readable with this installation's key only. Raises BadInput."""
    return Fernet(fernet_key(settings, PURPOSE)).encrypt(secret.encode())


def opened(settings: Settings, data: bytes) -> str:
    """The secret that `sealed` was given. Raises BadInput when the key is another one or is missing."""
    try:
        return Fernet(fernet_key(settings, PURPOSE)).decrypt(data).decode()
    except InvalidToken as error:
        raise BadInput(
            "the token of the connection was stored with another key: bring that key back (THROUGHLINE_KEY, or the file "
            f"{settings.home / 'key'}), or connect again with `throughline connect`"
        ) from error
