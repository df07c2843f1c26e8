"""The console of a small company."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.addon.web.people import Office, open_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A company in which everybody who may look at somebody exists once."""
    made = open_office(tmp_path / "home")
    yield made
    made.company.close()
