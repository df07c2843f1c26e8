"""A running emulator, and the real clients on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gspread
import pytest
from gspread.http_client import HTTPClient
from requests import Session

from connectors.emulator.clock import VirtualClock
from connectors.google.emulator.app import create_emulator, provider_of
from tests.connectors.google.emulator.checking import Checked
from tests.connectors.google.emulator.clients import Redirected, served_on

TOKEN = {"Authorization": "Bearer somebody"}


@pytest.fixture
def clock() -> VirtualClock:
    """Time that moves only when told."""
    return VirtualClock()


@pytest.fixture
def app(clock: VirtualClock) -> Any:
    """A fresh emulator without quotas."""
    return create_emulator(clock=clock)


@pytest.fixture
def google(app: Any) -> Any:
    """Its provider."""
    return provider_of(app)


@pytest.fixture
def http(app: Any) -> Iterator[Any]:
    """A plain HTTP client in the same process; what it sees is held against the discovery documents."""
    from werkzeug.test import Client, TestResponse

    checked = Checked(app)

    class Signed(Client):
        def open(self, *given: Any, **more: Any) -> TestResponse:
            more["headers"] = {**TOKEN, **(more.get("headers") or {})}
            return super().open(*given, **more)

    yield Signed(checked, TestResponse)
    checked.settle()


@pytest.fixture
def url(app: Any) -> Iterator[str]:
    """The emulator on a socket, checked likewise."""
    checked = Checked(app, lenient=True)
    with served_on(checked) as address:
        yield address
    checked.settle()


@pytest.fixture
def sheets(url: str) -> gspread.Client:
    """gspread, unmodified, with its fixed addresses led to the emulator."""
    session = Session()
    session.headers.update(TOKEN)
    session.mount("https://", Redirected(url))
    return gspread.Client(auth=None, session=session, http_client=HTTPClient)


@pytest.fixture
def book(sheets: gspread.Client) -> Iterator[gspread.Spreadsheet]:
    """A new spreadsheet, deleted afterwards."""
    made = sheets.create("Goals of the team")
    yield made
    sheets.del_spreadsheet(made.id)


@pytest.fixture
def tab(book: gspread.Spreadsheet) -> gspread.Worksheet:
    """Its first tab."""
    return book.sheet1
