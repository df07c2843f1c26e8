"""A company whose documents lie in Google, and Google calling its sidebar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from sync.records import ActionItem, Artifact
from sync.store.queries import artifacts, ledger, people
from templates.shapes import Kind, Place
from tests.addon.cards.google import Google, KeyServer, key_server
from tests.addon.web.people import ADA, BOSS, Office, open_office

CHECK_IN = "2026-h1/ada00001/check-in/2026-03-23"
GOAL_SHEET = "2026-h1/ada00001/goal-sheet"


def an_artifact(
    key: str, kind: Kind, ref: str, place: Place = Place.WORKING, other: str = "", due: date | None = None
) -> Artifact:
    """Something that was provisioned about Ada."""
    return Artifact(key, kind, "2026-h1", ADA.id, other, due, place, f"{kind} of Ada", ref, "1")


ARTIFACTS = (
    an_artifact(CHECK_IN, Kind.CHECK_IN, "doc-check-in", due=date(2026, 3, 23)),
    an_artifact(GOAL_SHEET, Kind.GOAL_SHEET, "sheet-goals"),
    an_artifact("2026-h1/ada00001/self-review", Kind.SELF_REVIEW, "doc-self"),
    an_artifact(f"2026-h1/ada00001/manager-review/{BOSS.id}", Kind.MANAGER_REVIEW, "doc-review", Place.PRIVATE, BOSS.id),
)


@pytest.fixture(scope="session")
def keys() -> Iterator[KeyServer]:
    """Google's keys."""
    with key_server() as server:
        yield server


@pytest.fixture
def google(tmp_path: Path, keys: KeyServer) -> Iterator[Google]:
    """Google, calling the sidebar of a company of its own for one test."""
    office = an_office(tmp_path / "home")
    yield Google(office).knows(keys)
    office.company.close()


@pytest.fixture(scope="package")
def onlooker(tmp_path_factory: pytest.TempPathFactory, keys: KeyServer) -> Iterator[Google]:
    """The same for tests that change nothing but the audit trail."""
    office = an_office(tmp_path_factory.mktemp("cards") / "home")
    yield Google(office).knows(keys)
    office.company.close()


def an_office(home: Path) -> Office:
    """A company in which everybody who may look at somebody exists once, with four documents about Ada in Google."""
    made = open_office(home)
    with made.company.store.write() as tx:
        people.set_setting(tx, "workspace", "google")
        artifacts.record(tx, "google", [(one, {}) for one in ARTIFACTS])
        action = ActionItem("act1", ADA.id, "2026-h1", "Write the runbook", "Ada", "soon", date(2026, 2, 20), CHECK_IN)
        ledger.save_actions(tx, [action])
    return made
