"""A database with a half-year about Ada, and a workspace with her manager's empty review document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.memory import MemoryWorkspace
from connectors.workspace import Bullet, Created, DocumentContent, Home, NewItem, as_read
from sync.pull.serial import to_json
from sync.records import Artifact
from sync.review.service import (
    Desk,
    open_desk,
)
from sync.store.database import Store
from sync.store.queries import artifacts, cycles, ledger, people
from templates.shapes import Kind, Place
from tests.sync.review.acting import KEY, shape_of
from tests.sync.review.making import ACTION, CYCLE, NOTES, PACK, PEOPLE, POINTS, goal


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A database with the people, the cycle and a half-year about Ada."""
    opened = Store.open(f"sqlite:///{tmp_path / 'review.db'}")
    one, entries, values = goal("g1", POINTS)
    with opened.write() as tx:
        people.save(tx, PEOPLE)
        cycles.create(tx, CYCLE, PACK.sources)
        ledger.append(tx, [*NOTES, *entries])
        ledger.save_goals(tx, [one])
        ledger.add_goal_values(tx, values)
        ledger.save_actions(tx, [ACTION])
    yield opened
    opened.close()


@pytest.fixture
def desk(store: Store) -> Desk:
    """The cycle, opened."""
    return open_desk(store, CYCLE.id)


@pytest.fixture
def workspace(store: Store) -> MemoryWorkspace:
    """A workspace with Ben's empty review document about Ada, recorded."""
    made = MemoryWorkspace()
    scale = tuple(Bullet(f"{point.label}: {point.meaning}") for point in PACK.scale)
    content = DocumentContent(shape_of(Kind.MANAGER_REVIEW), {"rating": scale})
    home = Home(Place.PRIVATE, "ben", "Ben Cole", ("Ada Brandt - ada",))
    (created,) = made.create([NewItem(KEY, Kind.MANAGER_REVIEW, "Review draft", home, content)])
    assert isinstance(created, Created)
    one = Artifact(
        KEY, Kind.MANAGER_REVIEW, CYCLE.id, "ada", "ben", None, Place.PRIVATE, "Review draft", created.ref, created.version
    )
    with store.write() as tx:
        artifacts.record(tx, "memory", [(one, to_json(as_read(content)))])
    return made


@pytest.fixture
def ref(workspace: MemoryWorkspace) -> str:
    """Where the review document stands."""
    return workspace.refs[0]
