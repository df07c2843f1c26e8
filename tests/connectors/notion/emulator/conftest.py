"""A fresh emulator for each test, asked through the unmodified `notion-client`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from flask import Flask
from notion_client import Client

from connectors.emulator.clock import VirtualClock
from connectors.emulator.serving import InProcess
from connectors.notion.emulator.provider import create_app
from connectors.notion.emulator.seed import ROOT_PAGE

VERSION = "2026-03-11"
ADA = "ada00000-0000-4000-8000-000000000001"
BOB = "b0b00000-0000-4000-8000-000000000002"
NOWHERE = "00000000-0000-4000-8000-000000000000"
QUIET = {"Authorization": "Bearer ntn_test", "Notion-Version": VERSION}


def text(words: str) -> list[dict[str, Any]]:
    """Rich text as a request writes it."""
    return [{"text": {"content": words}}]


def words(rich_text: list[dict[str, Any]]) -> str:
    """Rich text of an answer as plain words."""
    return "".join(part["plain_text"] for part in rich_text)


@pytest.fixture
def clock() -> VirtualClock:
    """Monday, 2 March 2026, 9:00."""
    return VirtualClock()


@pytest.fixture
def app(clock: VirtualClock) -> Flask:
    """An emulator without limits."""
    return create_app(clock, "off")


@pytest.fixture
def http(app: Flask) -> Iterator[httpx.Client]:
    """Plain HTTP to it, headers included."""
    with httpx.Client(transport=InProcess(app), base_url="http://notion.test", headers=QUIET) as client:
        yield client


@pytest.fixture
def notion(app: Flask) -> Iterator[Client]:
    """Notion's client of Python."""
    with httpx.Client(transport=InProcess(app)) as inner:
        yield Client(auth="ntn_test", notion_version=VERSION, client=inner, base_url="http://notion.test", retry=False)


@pytest.fixture
def goals(notion: Client) -> str:
    """A data source of goals."""
    properties = {
        "Name": {"title": {}},
        "Key": {"rich_text": {}},
        "Owner": {"people": {}},
        "Status": {"status": {}},
        "Kind": {"select": {"options": [{"name": "Goal"}, {"name": "Habit"}]}},
        "Tags": {"multi_select": {"options": []}},
        "Weight": {"number": {}},
        "Due": {"date": {}},
        "Done": {"checkbox": {}},
    }
    database: Any = notion.databases.create(
        parent={"page_id": ROOT_PAGE}, title=text("Goals"), initial_data_source={"properties": properties}
    )
    return str(database["data_sources"][0]["id"])


@pytest.fixture
def add(notion: Client, goals: str) -> Callable[..., Any]:
    """Adds a goal."""

    def add(name: str, markdown: str | None = None, **properties: Any) -> Any:
        more = {} if markdown is None else {"markdown": markdown}
        values = {"Name": {"title": text(name)}, **properties}
        return notion.pages.create(parent={"data_source_id": goals}, properties=values, **more)

    return add
