"""The glance on a home page: one callout at its top, known by its block id, so that a change is one read and one write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from connectors.glances import Glance, Line, Outcome, Shown, digest, said
from connectors.notion.client import Api, Refused, Uncertain
from connectors.workspace import Failed

MOST_SHOWN = 1900
"""Characters of one line: a rich text holds 2,000."""


class Glances:
    """Says glances on pages."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def show(self, page: str, wanted: Glance) -> Shown | Failed:
        """Say *wanted* on the home *page*. Raises Refused and WorkspaceError."""
        if not wanted.block:
            return self._new(page, wanted, Outcome.WRITTEN)
        block = self._standing(wanted.block)
        if block is None:
            return Shown(wanted.owner_id, wanted.block, wanted.written, Outcome.REMOVED)
        if digest(_words(block)) != wanted.written:
            return self._new(page, wanted, Outcome.BESIDE)
        self._api.change(f"blocks/{wanted.block}", {"callout": {"rich_text": _rich(wanted.lines)}})
        return Shown(wanted.owner_id, wanted.block, digest(said(wanted.lines)), Outcome.WRITTEN)

    def _standing(self, id_: str) -> dict[str, Any] | None:
        try:
            block = self._api.get(f"blocks/{id_}")
        except Refused as refusal:
            if refusal.is_missing:
                return None
            raise
        return None if block.get("in_trash") else block

    def _new(self, page: str, wanted: Glance, outcome: Outcome) -> Shown | Failed:
        callout = {"type": "callout", "callout": {"rich_text": _rich(wanted.lines), "icon": {"type": "emoji", "emoji": "👀"}}}
        body = {"children": [callout], "position": {"type": "start"}}
        try:
            made = self._api.change_once(f"blocks/{page}/children", body)["results"]
        except Uncertain:
            made = [one for one in self._api.listed(f"blocks/{page}/children") if _words(one) == said(wanted.lines)]
        if not made:
            return Failed(wanted.owner_id, "Notion gave no answer to what stands on the home page now. It is tried again.")
        return Shown(wanted.owner_id, str(made[0]["id"]), digest(said(wanted.lines)), outcome)


def _rich(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """The lines as one text, each with its link."""
    pieces = []
    for number, line in enumerate(lines):
        text: dict[str, Any] = {"content": line.text[:MOST_SHOWN]}
        if line.target:
            text["link"] = {"url": line.target}
        bold = {"annotations": {"bold": True}} if number == 0 else {}
        pieces.append({"type": "text", "text": text, **bold})
        if number + 1 < len(lines):
            pieces.append({"type": "text", "text": {"content": "\n"}})
    return pieces


def _words(block: dict[str, Any]) -> str:
    """What a callout says; "" for another kind of block."""
    inside = block.get("callout") or {}
    return "".join(str(piece.get("plain_text", "")) for piece in inside.get("rich_text", ()))
