"""The tokens of public connections, as OAuth hands them out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Grant:
    """What an access token stands for. *issued* is in milliseconds since 1970."""

    bot_id: str
    refresh_token: str
    issued: int


class Grants:
    """The tokens that were handed out, the codes that were used, the tokens that were revoked."""

    def __init__(self) -> None:
        self.access: dict[str, Grant] = {}
        self.used: set[str] = set()
        self.revoked: set[str] = set()
