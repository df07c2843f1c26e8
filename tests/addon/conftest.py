"""Fixtures of the command line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.addon.office import Office, open_office


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company of three, made once."""
    return open_office(tmp_path_factory.mktemp("office") / "home").home


@pytest.fixture
def office(made: Path, tmp_path: Path) -> Office:
    """A copy of that company."""
    shutil.copytree(made, tmp_path / "home")
    return Office(tmp_path / "home")
