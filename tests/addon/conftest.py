"""Fixtures of the command line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.addon.office import Office, open_office
from tests.journeys.desk import founded


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company of three, made once."""
    return open_office(tmp_path_factory.mktemp("office") / "home").home


@pytest.fixture
def office(made: Path, tmp_path: Path) -> Office:
    """A copy of that company."""
    shutil.copytree(made, tmp_path / "home")
    return Office(tmp_path / "home")


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with six people, a cycle, and the first check-ins provisioned and read."""
    desk = founded(tmp_path_factory.mktemp("start") / "home")
    for day in (desk.today, "2026-02-02"):
        desk.today = day
        desk.provision()
        desk.ok("sync")
    return desk.home
