"""Fixtures of the pull."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.pull.world import World, open_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A small company."""
    yield from open_world(tmp_path)
