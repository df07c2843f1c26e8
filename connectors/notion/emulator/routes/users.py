"""Users: https://developers.notion.com/reference/user."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from connectors.notion.emulator.asking import Asking, Begin, Paths


def blueprint(begin: Begin) -> Blueprint:
    """The paths of users."""
    paths = Paths("users", begin)

    @paths.path("GET", "/users", "list")
    def listed(asking: Asking) -> Any:
        users = [user for user in asking.store.users.values() if not user.guest]
        part = asking.part(users, [user.id for user in users], "users", asking.query, "query")
        return asking.listed(part, "user", [asking.shapes.user(user) for user in part.items])

    @paths.path("GET", "/users/me", "me")
    def me(asking: Asking) -> Any:
        return asking.shapes.user_of(asking.by)

    @paths.path("GET", "/users/<user_id>", "retrieve")
    def retrieve(asking: Asking, user_id: str) -> Any:
        wanted = asking.an_id(user_id, "user_id")
        user = asking.user(wanted)
        if user is None:
            raise asking.missing("user", wanted)
        return asking.shapes.user(user)

    return paths.blueprint
