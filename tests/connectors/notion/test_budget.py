"""How many calls things take: no more than the formulas allow, counted over HTTP by the emulator."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

import pytest

from tests.bench.notion import (
    FIXED,
    GOALS_EACH,
    VIEWS,
    Rehearsal,
    asking_floor,
    provisioning_floor,
    sync_floor,
)

PEOPLE = 30


@pytest.fixture(scope="module")
def provisioned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """Thirty people, provisioned in an emulated Notion under the Business plan's limit, and read once."""
    rehearsal = Rehearsal(tmp_path_factory.mktemp("budget"), PEOPLE)
    rehearsal.made = rehearsal.provision()
    yield rehearsal
    rehearsal.company.close()


def test_provisioning_takes_one_call_a_row_and_one_a_view(provisioned: Rehearsal) -> None:
    """Contents included; at most three views a person, and at most thirty calls whatever the size."""
    made = provisioned.made
    rows = provisioned.rows()
    assert made.calls["pages.create"] == rows.total() + PEOPLE * (1 + GOALS_EACH)
    assert made.calls["views.create"] <= VIEWS * PEOPLE
    assert made.total - made.calls["pages.create"] - made.calls["views.create"] <= FIXED
    assert made.total <= provisioning_floor(PEOPLE, rows)
    assert set(provisioned.emulator.calls.statuses()) <= {"200"}


def test_applying_again_writes_nothing_and_asks_for_ids_only(provisioned: Rehearsal) -> None:
    """One query for each hundred rows of each database."""
    again = provisioned.again()
    assert set(again.calls) == {"data_sources.query"}
    assert again.total <= asking_floor(provisioned.rows())


def test_a_sync_reads_what_changed_and_nothing_else(provisioned: Rehearsal) -> None:
    """A query or two for each database, and the body of each changed row; once a day the ids of all of them."""
    provisioned.clock.advance(600)
    provisioned.sync()
    provisioned.clock.advance(600)
    changed = provisioned.people_type(0.2)
    read = provisioned.sync()
    databases = len(provisioned.rows()) + 2  # the goals, and the reviews that are still to come
    assert read.calls["pages.markdown.retrieve"] == changed.total()
    assert read.total <= sync_floor(databases, changed)
    provisioned.clock.advance(600)
    provisioned.sync()  # what was edited in the minute of the last look is read once more
    provisioned.clock.advance(600)
    quiet = provisioned.sync()
    assert set(quiet.calls) == {"data_sources.query"}
    assert quiet.total == databases
    provisioned.clock.advance(24 * 3600)
    swept = provisioned.sync()
    standing = [*provisioned.rows().values(), PEOPLE * GOALS_EACH, 1]
    assert set(swept.calls) == {"data_sources.query"}
    assert swept.total <= sum(ceil(count / 100) for count in standing)
