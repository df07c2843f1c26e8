"""Who is a member of the workspace: e-mail addresses to Notion's users, asked for once and kept.

`GET /users` has no search by address and lists no guests (Notion API reference, users). Whoever stands in a row is known
from it; one user more is asked for by id, so that a sync of a large company need not list everybody.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.notion.client import Api, Refused
from connectors.workspace import WorkspaceError

FRESH = 600.0
"""Seconds in which an address that was not found is not looked for again."""


@dataclass(frozen=True)
class Member:
    """A user. *email* is "" for bots and when the connection may not read it."""

    id: str
    name: str
    email: str
    is_bot: bool


class Members:
    """The directory of one workspace. Safe between threads."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._lock = threading.Lock()
        self._asked = float("-inf")
        self._by_email: dict[str, Member] = {}
        self._by_id: dict[str, Member | None] = {}

    def ids(self, emails: Iterable[str]) -> tuple[list[str], list[str]]:
        """The ids of those who are members, and the addresses of those who are not. "*" is nobody in particular."""
        wanted = [email.casefold() for email in emails if email and email != "*"]
        with self._lock:
            known = self._by_email
            if any(email not in known for email in wanted) and self._api.clock.monotonic() - self._asked > FRESH:
                self._load()
            found = [self._by_email[email].id for email in wanted if email in self._by_email]
            return found, [email for email in wanted if email not in self._by_email]

    def strangers(self, emails: Iterable[str]) -> set[str]:
        """Those of *emails* that no member has."""
        return set(self.ids(emails)[1])

    def name_of(self, user: str) -> str:
        """A user's name, "" when it is not known."""
        member = self._known(user)
        return member.name if member else ""

    def author(self, user: str) -> str:
        """The address of a user, else their name; "" for ourselves and other bots."""
        member = self._known(user)
        return (member.email or member.name) if member and not member.is_bot else ""

    def meet(self, users: Iterable[Mapping[str, Any]]) -> None:
        """Remember *users* as an answer shows them; a mere id tells nothing."""
        for user in users:
            if user.get("type") and user.get("id") not in self._by_id:
                self._by_id[str(user["id"])] = _member(user)

    def _known(self, user: str) -> Member | None:
        """The user of that id, guests included; None when there is none. Nobody is kept waiting for the answer."""
        if user and user not in self._by_id:
            try:
                self._by_id[user] = _member(self._api.get(f"users/{user}"))
            except Refused:
                self._by_id[user] = None
        return self._by_id.get(user)

    def _load(self) -> None:
        members = [_member(one) for one in self._api.listed("users")]
        people = [one for one in members if not one.is_bot]
        if people and not any(one.email for one in people):
            raise WorkspaceError(
                "The connection may not read e-mail addresses. In Notion's settings of the connection turn on “Read user "
                "information including email addresses”, then run this again."
            )
        self._by_id.update({one.id: one for one in members})
        self._by_email = {one.email.casefold(): one for one in people if one.email}
        self._asked = self._api.clock.monotonic()


def _member(user: Mapping[str, Any]) -> Member:
    person = user.get("person")
    email = str(person.get("email") or "") if isinstance(person, dict) else ""
    return Member(str(user.get("id", "")), str(user.get("name") or ""), email, user.get("type") == "bot")
