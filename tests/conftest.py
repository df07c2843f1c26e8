"""What every test stands on: no network but this machine's own, named skips, and the long sweep on request."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import haste, postgres
from tests.effort import FAR, USUAL

NEEDS = {"libreoffice": ("soffice",), "browser": ("chromium", "chromium-browser", "google-chrome")}

#: The same examples in each run: what fails here fails for everybody. A soak looks for others.
settings.register_profile(
    "test", deadline=None, max_examples=USUAL, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("soak", deadline=None, max_examples=FAR, suppress_health_check=[HealthCheck.too_slow])


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--soak` runs the long sweeps too."""
    parser.addoption("--soak", action="store_true", help="run the long sweeps as well")


def pytest_configure(config: pytest.Config) -> None:
    """Property tests look further in a soak; nothing waits for a disk."""
    settings.load_profile("soak" if config.getoption("--soak") else "test")
    haste.begin()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip by name what this machine cannot run. In CI nothing may be missing."""
    for marker, programs in NEEDS.items():
        if any(shutil.which(program) for program in programs) or os.environ.get("CI"):
            continue
        for item in items:
            if marker in item.keywords:
                item.add_marker(pytest.mark.skip(reason=f"needs {programs[0]}, which is not installed: {item.name}"))
    if not postgres.is_here() and not os.environ.get("CI"):
        for item in items:
            if "postgres" in item.keywords:
                item.add_marker(pytest.mark.skip(reason=f"needs pgserver, which this Python has not: {item.name}"))
    if not config.getoption("--soak"):
        kept = [item for item in items if "soak" not in item.keywords]
        config.hook.pytest_deselected(items=[item for item in items if "soak" in item.keywords])
        items[:] = kept


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Postgres]:
    """A PostgreSQL server for as long as the tests run."""
    with postgres.serving() as running:
        yield running


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database: a file, then one of a server."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 't.db'}"
    found: postgres.Postgres = request.getfixturevalue("server")
    return found.fresh()
