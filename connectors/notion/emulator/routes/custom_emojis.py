"""The workspace's own emojis, of which it has none. https://developers.notion.com/reference/list-custom-emojis."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from connectors.notion.emulator import checks
from connectors.notion.emulator.asking import Asking, Begin, Paths


def blueprint(begin: Begin) -> Blueprint:
    """The path of custom emojis."""
    paths = Paths("custom_emojis", begin)

    @paths.path("GET", "/custom_emojis", "list")
    def listed(asking: Asking) -> Any:
        checks.page_size(asking.query.get("page_size"), "query")
        return {"object": "list", "type": "custom_emoji", "results": [], "has_more": False, "next_cursor": None}

    return paths.blueprint
