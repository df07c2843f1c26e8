"""Apply: what is approved is done once, whatever people do meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from connectors.workspace import Grants, Snapshot, WorkspaceError
from sync.provision.plan import UnsafePlan
from sync.provision.resume import make_anew
from sync.pull.serial import from_json
from sync.records import ArtifactState
from sync.store.queries import artifacts, leases, ledger
from tests.sync.provision.company import ADA, goal, world
from tests.sync.provision.fakes import (
    CHECK_IN,
    SHEET,
    FailingWorkspace,
    Killed,
    SlowWorkspace,
    WorkspaceWithBin,
    assert_settled,
    dying_at,
    memory,
    table,
)


def test_everything_planned_is_made_once(tmp_path: Path) -> None:
    """Each key has one artifact, recorded with what was put in it; a second run does nothing."""
    here = world(tmp_path)
    outcomes = here.apply()
    assert {outcome.result for outcome in outcomes} == {"created"}
    assert len(outcomes) == len(memory(here).refs)
    assert_settled(here)
    assert here.apply() == []
    with here.store.read() as tx:
        kept = artifacts.grounds(tx, [SHEET, CHECK_IN])
    for key, ground in kept.items():
        (snapshot,) = here.workspace.read([(here.recorded()[key], None)])
        assert isinstance(snapshot, Snapshot)
        assert from_json(ground) == snapshot.content


def test_what_was_made_has_the_planned_access(tmp_path: Path) -> None:
    """Grants travel with the create."""
    here = world(tmp_path)
    here.apply()
    grants = memory(here).grants_of(here.recorded()[SHEET])
    assert grants == Grants(("ada@example.org", "bea@example.org"))


def test_only_approved_steps_are_done(tmp_path: Path) -> None:
    """Someone joins between plan and apply: their documents wait for the next plan."""
    here = world(tmp_path)
    approved = here.plan()
    here.save(replace(ADA, id="joe", name="Joe Neu", email="joe@example.org"))
    here.apply(approved)
    assert "2026-h1/joe/goal-sheet" not in here.recorded()
    assert {step.key.split("/")[1] for step in here.plan().writing} == {"joe"}


def test_what_moved_since_approval_is_skipped_and_named(tmp_path: Path) -> None:
    """The title changed with the person's name: the approved step is not done, and says why."""
    here = world(tmp_path)
    approved = here.plan()
    here.save(replace(ADA, name="Ada Lang"))
    outcomes = {outcome.key: outcome for outcome in here.apply(approved)}
    assert outcomes[SHEET].result == "skipped"
    assert "Make a new plan" in outcomes[SHEET].message
    assert outcomes["2026-h1/ben/goal-sheet"].result == "created"
    assert SHEET not in here.recorded()


def test_the_same_plan_again_says_that_it_is_done(tmp_path: Path) -> None:
    """Approved twice, done once."""
    here = world(tmp_path)
    approved = here.plan()
    here.apply(approved)
    assert {outcome.result for outcome in here.apply(approved)} == {"unchanged"}


def test_one_failed_item_never_stops_the_rest(tmp_path: Path) -> None:
    """It is noted for people, stays begun, and is made when its cause is gone."""
    workspace = FailingWorkspace()
    workspace.refused = frozenset({SHEET})
    here = world(tmp_path, workspace)
    outcomes = {outcome.key: outcome for outcome in here.apply()}
    assert outcomes[SHEET].result == "failed"
    assert outcomes[SHEET].message == "the folder is read-only"
    assert all(outcome.result == "created" for key, outcome in outcomes.items() if key != SHEET)
    with here.store.read() as tx:
        assert [found.subject for found in ledger.findings(tx, "memory")] == [SHEET]
    workspace.refused = frozenset()
    here.apply()
    assert_settled(here)
    with here.store.read() as tx:
        assert ledger.findings(tx, "memory") == ()


def test_a_failed_check_in_is_made_later_even_behind_a_newer_one(tmp_path: Path) -> None:
    """Its open intent tells it from a day that a changed cadence would write into the past."""
    workspace = FailingWorkspace()
    workspace.refused = frozenset({CHECK_IN})
    here = world(tmp_path, workspace)
    here.apply()
    here.today = date(2026, 2, 10)
    here.apply()
    workspace.refused = frozenset()
    here.apply()
    assert CHECK_IN in here.recorded()
    assert_settled(here)


def test_a_workspace_that_breaks_leaves_what_was_made_recorded(tmp_path: Path) -> None:
    """The error is raised, the next run goes on from there."""
    workspace = FailingWorkspace()
    workspace.breaks_after = 3
    here = world(tmp_path, workspace)
    with pytest.raises(WorkspaceError, match="disk is full"):
        here.apply()
    assert len(here.recorded()) == 3
    workspace.breaks_after = None
    here.apply()
    assert_settled(here)


# ---------------------------------------------------------------- what people do


def test_a_deleted_artifact_is_unlinked_and_adopted_when_it_is_back(tmp_path: Path) -> None:
    """It is not made anew behind people's backs; restored, it is linked again."""
    workspace = WorkspaceWithBin()
    here = world(tmp_path, workspace)
    here.apply()
    ref = here.recorded()[SHEET]
    list(workspace.trash([ref]))
    assert [outcome.result for outcome in here.apply()] == ["unlinked"]
    assert here.plan().writing == ()
    with here.store.read() as tx:
        one = artifacts.get(tx, SHEET)
    assert one is not None
    assert one.state is ArtifactState.UNLINKED
    workspace.restore(ref)
    assert [outcome.result for outcome in here.apply()] == ["adopted"]
    assert_settled(here)


def test_what_was_deleted_on_purpose_can_be_made_anew(tmp_path: Path) -> None:
    """Even a check-in that lies behind newer ones."""
    here = world(tmp_path)
    here.apply()
    here.today = date(2026, 3, 2)
    here.apply()
    memory(here).remove(here.recorded()[CHECK_IN])
    here.apply()
    with here.store.write() as tx:
        gone = artifacts.get(tx, CHECK_IN)
        assert gone is not None
        make_anew(tx, "memory", gone, here.now())
    assert [(outcome.key, outcome.result) for outcome in here.apply()] == [(CHECK_IN, "created")]
    assert_settled(here)


def test_goals_imported_after_a_run_was_stopped_are_written_too(tmp_path: Path) -> None:
    """The sheet that the stopped run made is adopted, and the goals come below."""
    here = world(tmp_path)
    with pytest.raises(Killed):
        here.apply(checkpoint=dying_at(14))
    here.add(goal(1))
    here.apply()
    assert [row.cells["goal"].text for row in table(here, here.recorded()[SHEET]).rows] == ["Goal 1"]
    assert_settled(here)


def test_a_moved_artifact_is_followed(tmp_path: Path) -> None:
    """A renamed file is the same artifact."""
    here = world(tmp_path)
    here.apply()
    moved = memory(here).move(here.recorded()[SHEET], "working/Ada/renamed")
    assert [(outcome.result, outcome.ref) for outcome in here.apply()] == [("adopted", moved)]
    assert_settled(here)


def test_a_copy_is_never_adopted_nor_trashed(tmp_path: Path) -> None:
    """The recorded one is the artifact, whatever else carries its key."""
    here = world(tmp_path)
    here.apply()
    before = here.recorded()
    copy = memory(here).copy(before[SHEET])
    assert here.apply() == []
    assert here.recorded() == before
    assert copy in memory(here).refs


def test_too_much_gone_halts_everything(tmp_path: Path) -> None:
    """Somebody moved the whole tree away: nothing is written, and the message names it."""
    here = world(tmp_path)
    here.apply()
    here.today = date(2026, 3, 2)
    here.apply()
    for ref in [ref for key, ref in here.recorded().items() if "/check-in/" in key]:
        memory(here).remove(ref)
    with pytest.raises(UnsafePlan, match="Check-in 2026-01-01 – Ada Brandt"):
        here.apply()
    with here.store.read() as tx:
        assert all(one.state is ArtifactState.LINKED for one in artifacts.all_artifacts(tx, "memory"))


def test_access_follows_a_renamed_address(tmp_path: Path) -> None:
    """Another e-mail of the same person: shared anew, nothing created."""
    here = world(tmp_path)
    here.apply()
    here.save(replace(ADA, email="ada.lang@example.org"))
    assert {outcome.result for outcome in here.apply()} == {"shared"}
    assert memory(here).grants_of(here.recorded()[SHEET]).writers == ("ada.lang@example.org", "bea@example.org")
    assert_settled(here)


# ---------------------------------------------------------------- the lease


def test_two_runs_never_write_at_once(tmp_path: Path) -> None:
    """The second is told who is writing; when the lease has run out it may begin."""
    here = world(tmp_path)
    with here.store.write() as tx:
        leases.acquire(tx, "memory", "the nightly job", here.now())
    with pytest.raises(leases.LeaseHeld, match="the nightly job"):
        here.apply()
    assert memory(here).refs == ()
    here.moment += timedelta(minutes=11)
    here.apply()
    assert_settled(here)


def test_a_run_that_lost_its_lease_stops(tmp_path: Path) -> None:
    """Somebody took over: nothing more is written, and what was made is found again by the next run."""
    here = world(tmp_path)

    def taken(name: str) -> None:
        if name == "before-recording-created":
            with here.store.write() as tx:
                leases.give_back(tx, "memory", "test")
                leases.acquire(tx, "memory", "another", here.now())

    with pytest.raises(leases.LeaseLost):
        here.apply(checkpoint=taken)
    assert here.recorded() == {}
    with here.store.write() as tx:
        leases.give_back(tx, "memory", "another")
    here.apply()
    assert_settled(here)


def test_the_lease_is_given_back(tmp_path: Path) -> None:
    """After a run anybody may write."""
    here = world(tmp_path)
    here.apply()
    with here.store.write() as tx:
        leases.acquire(tx, "memory", "another", here.now())


def test_a_plan_is_no_promise_when_someone_else_was_faster(tmp_path: Path) -> None:
    """Both looked before either wrote: the second finds the records and makes nothing twice."""
    here = world(tmp_path, SlowWorkspace())
    seen, fresh = here.look(), here.plan()
    here.apply()
    again = here.apply_seen(seen, fresh)
    assert {outcome.result for outcome in again} == {"unchanged"}
    assert_settled(here)


def test_the_ground_of_every_kind_reads_back_equal(tmp_path: Path) -> None:
    """What is stored as provisioned is what an untouched artifact reads like, so nothing looks typed."""
    here = world(tmp_path)
    here.add(goal(1, now=3.0, due=date(2026, 5, 1)))
    here.today = date(2026, 5, 26)
    here.apply()
    with here.store.read() as tx:
        grounds = artifacts.grounds(tx, here.recorded())
    for key, ref in here.recorded().items():
        (snapshot,) = here.workspace.read([(ref, None)])
        assert isinstance(snapshot, Snapshot)
        assert from_json(grounds[key]) == snapshot.content
