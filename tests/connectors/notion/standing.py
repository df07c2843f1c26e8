"""What really stands in an emulated workspace after a run that went wrong, whatever our side believes."""

from __future__ import annotations

from collections import Counter
from typing import Any

from connectors.notion.client import VERSION
from connectors.notion.emulator.provider import ACTING
from connectors.notion.workspace import NotionWorkspace
from tests.bench.notion import GOALS_EACH, TOKEN, Rehearsal


def each_exactly_once(rehearsal: Rehearsal) -> list[dict[str, Any]]:
    """A row for each artifact, goal and home: none is missing, none there twice. All rows."""
    rehearsal.emulator.faults.clear()
    pages = _everything(rehearsal)
    keys = Counter((text_in(page, "Sheet"), text_in(page, "Key"), str(page["parent"])) for page in pages)
    assert [key for key, count in keys.items() if count != 1] == []
    assert len(pages) == rehearsal.rows().total() + rehearsal.size * (GOALS_EACH + 1)
    return pages


def text_in(page: dict[str, Any], name: str) -> str:
    """The words of a text property of a row."""
    value = page["properties"].get(name) or {}
    return "".join(piece["plain_text"] for piece in value.get("rich_text", ()))


def _everything(rehearsal: Rehearsal) -> list[dict[str, Any]]:
    """The rows of all databases."""
    workspace = rehearsal.company.workspace
    assert isinstance(workspace, NotionWorkspace)
    client, found = rehearsal.app.test_client(), []
    headers = {"Authorization": f"Bearer {TOKEN}", "Notion-Version": VERSION, ACTING: "p1@example.org"}
    for one in workspace.databases.layout.databases.values():
        cursor: str | None = ""
        while cursor is not None:
            body = {"page_size": 100} | ({"start_cursor": cursor} if cursor else {})
            answer = client.post(f"/v1/data_sources/{one.source}/query", json=body, headers=headers).get_json()
            found += answer["results"]
            cursor = answer["next_cursor"]
    return found
