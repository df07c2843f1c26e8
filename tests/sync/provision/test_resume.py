"""Killed anywhere and run again: exactly one artifact per key, and no word of anybody lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from connectors.workspace import Snapshot, Table
from sync.pull.serial import from_json
from sync.store.queries import artifacts, ledger
from tests.sync.provision.company import ADA, World, goal, world
from tests.sync.provision.fakes import (
    CHECK_IN,
    SHEET,
    Killed,
    SlowWorkspace,
    assert_settled,
    dying_at,
    memory,
    refs_of,
    table,
)


@pytest.mark.parametrize("number", [0, 1, 2, 3, 8, 12, 14, 15])
def test_killed_at_a_write_point_it_converges(tmp_path: Path, number: int) -> None:
    """Before and after intents, between creates, before and after recording: the next run ends with one of each."""
    here = world(tmp_path)
    with pytest.raises(Killed):
        here.apply(checkpoint=dying_at(number))
    here.apply()
    assert_settled(here)


@pytest.mark.soak
def test_killed_at_every_write_point_it_converges(tmp_path: Path) -> None:
    """The same at every point there is, goals and access included, killed twice in a row."""
    for number in range(60):
        folder = tmp_path / str(number)
        folder.mkdir()
        here = _busy_world(folder)
        for _ in range(2):
            try:
                here.apply(checkpoint=dying_at(number))
            except Killed:
                continue
        here.apply()
        assert_settled(here)
        assert [row.key for row in table(here, here.recorded()[SHEET]).rows] == [one.row_key for one in here.goals()]


def _busy_world(folder: Path) -> World:
    here = world(folder)
    here.apply()
    here.today = date(2026, 3, 2)
    here.add(goal(1), goal(2))
    here.save(replace(ADA, email="ada.lang@example.org"))
    memory(here).remove(here.recorded()["2026-h1/ben/quick-notes"])
    return here


def test_a_stopped_run_is_finished_whatever_plan_is_approved(tmp_path: Path) -> None:
    """What was made before the end is adopted, what was not is made, each exactly once."""
    here = world(tmp_path)
    with pytest.raises(Killed):
        here.apply(checkpoint=dying_at(5))
    made = set(memory(here).refs)
    assert made
    assert here.recorded() == {}
    results = [outcome.result for outcome in here.apply()]
    assert results.count("adopted") == len(made)
    assert made < set(memory(here).refs)
    assert_settled(here)


def test_what_people_typed_before_the_next_run_stays(tmp_path: Path) -> None:
    """An adopted artifact keeps its words, and its ground is still what was provisioned."""
    here = world(tmp_path)
    with pytest.raises(Killed):
        here.apply(checkpoint=dying_at(14))
    (ref,) = refs_of(here, CHECK_IN)
    memory(here).type_into(ref, "wins", "We shipped it.")
    here.apply()
    (snapshot,) = here.workspace.read([(ref, None)])
    assert isinstance(snapshot, Snapshot)
    assert "We shipped it." in repr(snapshot.content)
    with here.store.read() as tx:
        assert "We shipped it." not in repr(artifacts.grounds(tx, [CHECK_IN]))
    assert_settled(here)


def test_it_waits_before_it_makes_a_second_one(tmp_path: Path) -> None:
    """After an unknown outcome the platform gets its settling time; without open intents nobody waits."""
    here = world(tmp_path)
    with pytest.raises(Killed):
        here.apply(checkpoint=dying_at(5))
    assert here.slept == []
    here.apply()
    assert len(here.slept) == 1
    assert 0 < here.slept[0] <= 30
    here.apply()
    assert len(here.slept) == 1


def late_twin(here: World, typed: str = "") -> tuple[str, str]:
    """A key with two artifacts: the first was made by a killed run and seen late, the second is an intent's too."""
    workspace = here.workspace
    assert isinstance(workspace, SlowWorkspace)
    for _ in range(2):
        with pytest.raises(Killed):
            here.apply(checkpoint=dying_at(16))
        workspace.hidden = set(workspace.refs)
    workspace.hidden = set()
    first, second = refs_of(here, CHECK_IN)
    if typed:
        workspace.type_into(second, "wins", typed)
    return first, second


def test_an_empty_twin_of_our_own_is_trashed(tmp_path: Path) -> None:
    """A search that came too late made a second one: it goes to the bin once both are seen."""
    here = world(tmp_path, SlowWorkspace())
    first, second = late_twin(here)
    outcomes = [outcome for outcome in here.apply() if outcome.key == CHECK_IN]
    assert [outcome.result for outcome in outcomes] == ["adopted", "trashed"]
    assert refs_of(here, CHECK_IN) == [first]
    assert second in memory(here).trashed
    assert_settled(here)


def test_what_was_typed_before_a_stopped_run_was_finished_is_read(tmp_path: Path) -> None:
    """What is adopted is not known to be as it was made, so the next sync opens it."""
    here = world(tmp_path, SlowWorkspace())
    late_twin(here, "Ours.")
    here.apply()
    with here.store.read() as tx:
        (one,) = (one for one in artifacts.all_artifacts(tx, "memory") if one.key == CHECK_IN)
    assert one.version == ""


def test_the_twin_that_somebody_typed_in_is_the_artifact(tmp_path: Path) -> None:
    """The words stay, the empty one goes."""
    here = world(tmp_path, SlowWorkspace())
    first, second = late_twin(here, "Ours.")
    here.apply()
    assert refs_of(here, CHECK_IN) == [second]
    assert here.recorded()[CHECK_IN] == second
    assert first in memory(here).trashed


def test_of_twins_that_were_all_typed_in_none_is_trashed(tmp_path: Path) -> None:
    """People's words are never thrown away: the second one is reported."""
    here = world(tmp_path, SlowWorkspace())
    first, second = late_twin(here, "Ours.")
    memory(here).type_into(first, "wins", "Mine.")
    outcomes = [outcome for outcome in here.apply() if outcome.key == CHECK_IN]
    assert [outcome.result for outcome in outcomes] == ["adopted", "twin"]
    assert refs_of(here, CHECK_IN) == [first, second]
    with here.store.read() as tx:
        assert [(found.subject, found.kind) for found in ledger.findings(tx, "memory")] == [(CHECK_IN, "twin")]


# ---------------------------------------------------------------- imported goals


def test_goals_imported_before_are_in_the_new_sheet(tmp_path: Path) -> None:
    """With a row key each, and noted as written."""
    here = world(tmp_path)
    here.add(goal(1), goal(2))
    here.apply()
    rows = table(here, here.recorded()[SHEET]).rows
    assert [(row.key, row.cells["goal"].text) for row in rows] == [("g1", "Goal 1"), ("g2", "Goal 2")]
    assert [(one.row_key, one.written, one.artifact_key) for one in here.goals()] == [("g1", True, SHEET), ("g2", True, SHEET)]
    assert_settled(here)


def test_goals_imported_later_are_added_below_what_people_have(tmp_path: Path) -> None:
    """What a person typed stays, the goals come below, and the ground knows them as ours."""
    here = world(tmp_path)
    here.apply()
    memory(here).set_cell(here.recorded()[SHEET], "mine", "goal", "Typed by Ada")
    here.add(goal(1))
    assert [outcome.result for outcome in here.apply()] == ["updated"]
    assert [row.cells["goal"].text for row in table(here, here.recorded()[SHEET]).rows] == ["Typed by Ada", "Goal 1"]
    with here.store.read() as tx:
        ground = from_json(artifacts.grounds(tx, [SHEET])[SHEET])
    assert isinstance(ground, Table)
    assert [row.key for row in ground.rows] == ["g1"]
    assert_settled(here)


@pytest.mark.parametrize("number", range(5))
def test_goals_are_added_once_wherever_it_is_killed(tmp_path: Path, number: int) -> None:
    """Before the keys are kept, before the rows are written, before that is recorded."""
    here = world(tmp_path)
    here.apply()
    here.add(goal(1), goal(2))
    with pytest.raises(Killed):
        here.apply(checkpoint=dying_at(number))
    here.apply()
    assert [row.cells["goal"].text for row in table(here, here.recorded()[SHEET]).rows] == ["Goal 1", "Goal 2"]
    with here.store.read() as tx:
        ground = from_json(artifacts.grounds(tx, [SHEET])[SHEET])
    assert isinstance(ground, Table)
    assert len(ground.rows) == 2
    assert_settled(here)
