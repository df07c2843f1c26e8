"""The key of an installation: what cookies are signed and tokens encrypted with. It never lies in the database.

`THROUGHLINE_KEY` (or `THROUGHLINE_KEY_FILE`) where the machine keeps its secrets elsewhere, else the file `key` in the home
folder, readable by its owner alone and made at the first need.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from addon.settings import Settings
from addon.terminal import BadInput

FILE = "key"


def new_key() -> str:
    """A fresh one."""
    return secrets.token_urlsafe(32)


def master_key(settings: Settings) -> str:
    """The key as text. Raises BadInput when there is none and none can be made."""
    if settings.key:
        return settings.key
    path = settings.home / FILE
    try:
        return _read(path) or _made(path)
    except OSError as error:
        raise BadInput(
            f"the key in {path} can be neither read nor made: {error.strerror}; set THROUGHLINE_KEY to 43 letters and digits "
            "(`throughline key` prints a fresh one)"
        ) from error


def derived(settings: Settings, purpose: str) -> bytes:
    """32 bytes for one *purpose*: knowing one says nothing about another."""
    return hmac.digest(master_key(settings).encode(), purpose.encode(), hashlib.sha256)


def fernet_key(settings: Settings, purpose: str) -> bytes:
    """The same as `cryptography.fernet` takes it."""
    return base64.urlsafe_b64encode(derived(settings, purpose))


def _read(path: Path) -> str:
    try:
        return path.read_text("ascii").strip()
    except FileNotFoundError:
        return ""


def _made(path: Path) -> str:
    """A fresh key at *path*. Of two processes that make one at the same moment, one wins and both use it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read(path)
    with os.fdopen(descriptor, "w") as file:
        file.write(new_key() + "\n")
    return _read(path)
