"""The keys that Google signs with: fetched when they are needed, kept as long as they say, renewed for one not yet known."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

ADDRESS = "https://www.googleapis.com/oauth2/v3/certs"
PATIENCE_SECONDS = 3
SHORTEST_SECONDS = 60
"""The least time between two fetches: tokens that name keys of their own invention make us ask no oftener."""
LONGEST_SECONDS = 24 * 60 * 60
_MAX_AGE = re.compile(r"max-age=(\d{1,9})")

Fetched = tuple[Mapping[str, Any], str]
"""A set of keys as JSON, and its ``Cache-Control``."""


class NoKeys(Exception):
    """Google's keys cannot be had right now, so nobody can be told from anybody."""


def fetch(address: str) -> Fetched:
    """The set of keys at *address*. Raises NoKeys."""
    # Imported here: a web process that Google never calls loads neither this nor what checks signatures.
    import requests

    try:
        answer = requests.get(address, timeout=PATIENCE_SECONDS)
        answer.raise_for_status()
        body = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise NoKeys(f"the keys at {address} cannot be fetched: {error}") from error
    if not isinstance(body, dict) or not isinstance(body.get("keys"), list):
        raise NoKeys(f"what stands at {address} is no set of keys")
    return body, answer.headers.get("Cache-Control", "")


@dataclass
class Keys:
    """The keys at one address."""

    address: str = ADDRESS
    clock: Callable[[], float] = time.monotonic
    _by_id: dict[str, Any] = field(default_factory=dict, init=False)
    _until: float = field(default=float("-inf"), init=False)
    _asked: float = field(default=float("-inf"), init=False)
    _lock: Lock = field(default_factory=Lock, init=False)

    def key(self, key_id: str) -> Any | None:
        """The key of that id, None when Google has none of it. Raises NoKeys."""
        with self._lock:
            now = self.clock()
            if now >= self._until or (key_id not in self._by_id and now - self._asked >= SHORTEST_SECONDS):
                self._renew(now)
            return self._by_id.get(key_id)

    def _renew(self, now: float) -> None:
        if now - self._asked < SHORTEST_SECONDS and not self._by_id:
            raise NoKeys("the keys could not be fetched a moment ago")
        self._asked = now
        try:
            found, control = fetch(self.address)
        except NoKeys:
            if now < self._until:
                return  # what we have still holds
            self._by_id = {}
            raise
        self._by_id = dict(_known(found["keys"]))
        told = _MAX_AGE.search(control)
        self._until = now + min(max(int(told[1]) if told else 0, SHORTEST_SECONDS), LONGEST_SECONDS)


def _known(keys: list[Any]) -> list[tuple[str, Any]]:
    """The RSA keys by their id; one that cannot be read is none."""
    from joserfc.errors import JoseError
    from joserfc.jwk import RSAKey

    found = []
    for one in keys:
        if not isinstance(one, dict) or one.get("kty") != "RSA" or not isinstance(one.get("kid"), str):
            continue
        try:
            found.append((one["kid"], RSAKey.import_key(one)))
        except (JoseError, ValueError):
            continue
    return found
