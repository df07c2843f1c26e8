"""What journeys begin from: a provisioned company, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.browsing import launched
from tests.journeys.desk import Desk, founded


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One for all journeys."""
    with launched() as browser:
        yield browser


@pytest.fixture(scope="session")
def provisioned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company in January, everything provisioned and read once."""
    return begun(founded(tmp_path_factory.mktemp("half-year") / "home")).home


def begun(desk: Desk) -> Desk:
    """Its first month is over: everything is provisioned and read, and the first check-in has come."""
    for day in (desk.today, "2026-02-02"):
        desk.today = day
        desk.provision()
        desk.ok("sync")
    return desk


@pytest.fixture
def february(provisioned: Path, tmp_path: Path) -> Desk:
    """A copy of it on the day of the first check-in."""
    shutil.copytree(provisioned, tmp_path / "home")
    return Desk(tmp_path / "home", "2026-02-02")
