"""Apply: what is approved is done once, whatever stops it and whatever people do meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from connectors.memory import MemoryWorkspace
from connectors.workspace import (
    Adopted,
    Created,
    Failed,
    Found,
    Grants,
    NewItem,
    Snapshot,
    Table,
    WorkspaceError,
)
from sync.provision.plan import UnsafePlan
from sync.provision.resume import make_anew
from sync.pull.serial import from_json
from sync.records import ArtifactState
from sync.store.queries import artifacts, leases, ledger
from tests.sync.provision.company import ADA, World, goal, world

SHEET = "2026-h1/ada/goal-sheet"
CHECK_IN = "2026-h1/ada/check-in/2026-01-01"


class Killed(BaseException):
    """The process ends here."""


def dying_at(number: int) -> Callable[[str], None]:
    """A checkpoint that ends the process when it is reached for the *number*-th time, counted from 0."""
    left = iter(range(number))

    def checkpoint(name: str) -> None:
        if next(left, None) is None:
            raise Killed(name)

    return checkpoint


class SlowWorkspace(MemoryWorkspace):
    """A platform whose search does not know new artifacts yet, and that makes another one when asked again."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden: set[str] = set()

    def find(self, keys: Iterable[str]) -> Iterator[Found]:
        return (found for found in super().find(keys) if found.ref not in self.hidden)

    def create(self, items: Iterable[NewItem]) -> Iterator[Created | Adopted | Failed]:
        for item in items:
            title = item.title
            while any(ref.endswith(f"/{title}") for ref in self.refs):
                title += " again"
            yield from super().create([replace(item, title=title)])


class FailingWorkspace(MemoryWorkspace):
    """A workspace that refuses some keys, or breaks altogether after a number of creates."""

    refused: frozenset[str] = frozenset()
    breaks_after: int | None = None

    def create(self, items: Iterable[NewItem]) -> Iterator[Created | Adopted | Failed]:
        for number, item in enumerate(items):
            if number == self.breaks_after:
                raise WorkspaceError("the disk is full")
            if item.key in self.refused:
                yield Failed(item.key, "the folder is read-only")
            else:
                yield from super().create([item])


class WorkspaceWithBin(MemoryWorkspace):
    """A workspace whose bin people look into."""

    def restore(self, ref: str) -> None:
        name = next(name for name in self._trash if name.endswith(ref))
        self._standing[ref] = self._trash.pop(name)


def memory(of: World) -> MemoryWorkspace:
    assert isinstance(of.workspace, MemoryWorkspace)
    return of.workspace


def refs_of(of: World, key: str) -> list[str]:
    return [found.ref for found in of.workspace.find([key])]


def table(of: World, ref: str) -> Table:
    (snapshot,) = of.workspace.read([(ref, None)])
    assert isinstance(snapshot, Snapshot)
    assert isinstance(snapshot.content, Table)
    return snapshot.content


def assert_settled(of: World) -> None:
    """One artifact per key, each recorded where it stands, nothing begun and nothing left to do."""
    assert of.plan().writing == ()
    assert of.intents() == []
    for key, ref in of.recorded().items():
        assert refs_of(of, key) == [ref]


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


# ---------------------------------------------------------------- killed


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
