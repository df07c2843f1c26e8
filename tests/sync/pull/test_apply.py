"""The pull from end to end, on a memory workspace and a real store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from connectors.memory import MemoryWorkspace
from connectors.workspace import (
    Cell,
    Changes,
    DocumentContent,
    Failed,
    NewRow,
    Paragraph,
    Row,
    Rows,
    Snapshot,
    WorkspaceError,
    as_read,
)
from sync.pull.apply import Run, pull
from sync.pull.facts import as_made
from sync.records import ArtifactState, EntryKind, Person, Visibility
from sync.store import LeaseHeld, LeaseLost, models
from sync.store.queries import artifacts, leases, ledger
from templates.shapes import DocumentShape, Kind, SectionWhen, TableShape
from tests.sync.pull.world import ADA, BOB, NOW, World, artifact, check_in, shape_of

SHEET = artifact(Kind.GOAL_SHEET)


class Busy:
    """The memory workspace while somebody has some files open."""

    def __init__(self, inner: MemoryWorkspace, *refs: str) -> None:
        self._inner, self._busy = inner, set(refs)

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    def read(self, refs: Iterable[tuple[str, TableShape | DocumentShape | None]]) -> Iterator[Snapshot | Failed]:
        """Read, but not what is open."""
        for ref, shape in refs:
            yield from (
                [Failed(ref, "It is open in Word.", busy=True)] if ref in self._busy else self._inner.read([(ref, shape)])
            )


def rows_of(world: World) -> dict[str, int]:
    """How many rows each table of the ledger has."""
    tables = (models.entry, models.goal, models.goal_value, models.action, models.snapshot, models.body, models.finding)
    with world.store.read() as tx:
        return {table.name: len(tx.execute(table.select()).all()) for table in tables}


def test_what_people_type_arrives_once(world: World) -> None:
    """The first pull finds it, the second one has nothing to say and nothing to write."""
    ref = world.provision(check_in())
    world.workspace.type_into(ref, "wins", "The launch went well.\n- two customers signed")
    world.workspace.type_into(ref, "feedback", "You kept calm on Tuesday.")
    report = world.pull()
    assert [(noted.ref, noted.place) for noted in report.new] == [(ref, "What went well")] * 2 + [
        (ref, "Feedback from the manager")
    ]
    before = rows_of(world)
    assert world.pull().quiet
    assert rows_of(world) == before
    assert {(entry.text, entry.kind, entry.by) for entry in world.about()} == {
        ("The launch went well.", EntryKind.WIN, ADA.id),
        ("- two customers signed", EntryKind.WIN, ADA.id),
        ("You kept calm on Tuesday.", EntryKind.FEEDBACK, BOB.id),
    }


def test_goal_values_become_history(world: World) -> None:
    """Each new value of another day is a point, and a correction of the same day replaces one."""
    ref = world.provision(SHEET, [NewRow("k1", {"goal": "Cut churn", "start": 8, "target": 4, "now": 8, "unit": "%"})])
    assert world.pull().new == ()
    for day, value in ((1, 7), (8, 6.5), (8, 6)):
        world.now = NOW + timedelta(days=day, minutes=int(value * 10))
        world.workspace.set_cell(ref, "k1", "now", value)
        world.pull()
    (goal,) = world.goals()
    assert (goal.now, goal.updated) == (6, date(2026, 3, 18))
    points = world.values()[goal.id]
    assert [(point.day.day, point.value) for point in points] == [(11, 7), (18, 6)]
    figures = [entry for entry in world.about() if entry.figure]
    assert {entry.id for entry in figures} == {point.entry_id for point in points}
    assert all(entry.anchor == "row:k1/now" and entry.figure and entry.figure.unit == "%" for entry in figures)


def test_a_copy_is_kept_as_evidence_and_never_adopted(world: World) -> None:
    """What only the copy says is evidence with an anchor of its own; the original stays the artifact."""
    ref = world.provision(check_in())
    world.workspace.type_into(ref, "wins", "Said in both.")
    copy = world.workspace.copy(ref)
    world.workspace.type_into(copy, "wins", "Said only in the copy.")
    report = world.pull()
    assert [finding.kind for finding in report.needs_person] == ["copy"]
    assert copy in report.needs_person[0].message
    texts = {entry.text: entry.anchor for entry in world.about()}
    assert texts["Said in both."] == "wins"
    assert texts["Said only in the copy."].startswith("copy:")
    with world.store.read() as tx:
        assert artifacts.by_refs(tx, "memory", [ref, copy]).keys() == {ref}
    assert world.workspace.trashed == ()
    assert world.pull().quiet


def test_a_copy_of_a_goal_sheet_changes_no_goal(world: World) -> None:
    """Its rows are kept as text."""
    ref = world.provision(SHEET, [NewRow("k1", {"goal": "Cut churn", "start": 8, "target": 4, "now": 8})])
    world.pull()
    copy = world.workspace.copy(ref)
    world.workspace.set_cell(copy, "k1", "now", 1)
    world.pull()
    assert [goal.now for goal in world.goals()] == [8]
    assert [(entry.kind, entry.text) for entry in world.about()] == [(EntryKind.OTHER, "Cut churn · 8 · 4 · 1")]


def test_a_moved_file_is_followed(world: World) -> None:
    """The artifact's ref is updated, and its history goes on."""
    ref = world.provision(check_in())
    world.workspace.type_into(ref, "wins", "First.")
    world.pull()
    target = world.workspace.move(ref, "elsewhere/Check-in")
    world.workspace.type_into(target, "wins", "Second.")
    report = world.pull()
    assert report.moved == ((ref, target),)
    assert [entry.text for entry in world.about()] == ["First.", "Second."]
    assert len(report.new) == 1
    with world.store.read() as tx:
        assert artifacts.get(tx, check_in().key).ref == target  # type: ignore[union-attr]


def test_what_is_gone_is_unlinked_and_linked_again_when_it_is_back(world: World) -> None:
    """Its evidence stays, a person is told, and what comes back to its place is the artifact again."""
    ref = world.provision(check_in())
    world.workspace.type_into(ref, "wins", "First.")
    world.pull()
    standing = world.workspace._standing[ref]
    world.workspace.remove(ref)
    report = world.pull()
    assert report.unlinked == (ref,)
    assert [finding.kind for finding in report.needs_person] == ["unlinked"]
    assert [entry.text for entry in world.about()] == ["First."]
    assert world.pull().quiet
    world.workspace._standing[ref] = standing
    world.pull()
    with world.store.read() as tx:
        assert artifacts.get(tx, check_in().key).state is ArtifactState.LINKED  # type: ignore[union-attr]
        assert ledger.findings(tx, "memory") == ()


def test_a_mass_disappearance_halts_before_anything_is_written(world: World) -> None:
    """The files are named, nothing changes, and a person may accept it."""
    refs = [world.provision(check_in(date(2026, 1, 5) + timedelta(days=7 * n))) for n in range(20)]
    world.workspace.type_into(refs[19], "wins", "Before.")
    world.pull()
    world.workspace.type_into(refs[19], "wins", "After.")
    for ref in refs[:4]:
        world.workspace.remove(ref)
    assert world.pull().halted == ()
    for ref in refs[4:9]:
        world.workspace.remove(ref)
    world.workspace.type_into(refs[19], "wins", "Later.")
    before = rows_of(world)
    report = world.pull()
    assert set(report.halted) == set(refs[4:9])
    assert all(ref in report.needs_person[0].message for ref in refs[4:9])
    assert rows_of(world) == before
    assert set(world.pull(accept_vanished=True).unlinked) == set(refs[4:9])
    assert [entry.text for entry in world.about()] == ["Before.", "After.", "Later."]


def test_a_busy_file_is_read_in_the_next_run_although_the_cursor_moved(world: World) -> None:
    """One that cannot be read is a finding, does not stop the others, and is not forgotten."""
    refs = [world.provision(check_in(date(2026, 3, day))) for day in (2, 9)]
    for ref in refs:
        world.workspace.type_into(ref, "wins", f"Typed in {ref}.")
    report = pull(world.run(Busy(world.workspace, refs[0])))
    assert (report.read, report.failed) == (1, 1)
    assert [(f.kind, "open in Word" in f.message) for f in report.needs_person] == [("busy", True)]
    with world.store.read() as tx:
        assert ledger.cursor(tx, "memory") == world.workspace.changes("").cursor
        assert ledger.dirty(tx, "memory") == (refs[0],)
    assert len(world.pull().new) == 1
    with world.store.read() as tx:
        assert ledger.dirty(tx, "memory") == ()
        assert ledger.findings(tx, "memory") == ()
    assert world.pull().quiet


class Killed(Exception):
    """The process ended here."""


@pytest.mark.parametrize("at", range(7))
def test_a_run_that_ends_anywhere_is_made_good_by_the_next(world: World, at: int) -> None:
    """Whatever was stored, the next run stores the rest, and nothing twice."""
    refs = [world.provision(check_in(date(2026, 1, 5) + timedelta(days=n))) for n in range(105)]
    gone = world.provision(artifact(Kind.QUICK_NOTES))
    world.pull()
    for ref in refs:
        world.workspace.type_into(ref, "wins", f"Win in {ref}.")
    world.workspace.remove(gone)
    copy = world.workspace.copy(refs[0])
    world.workspace.type_into(copy, "wins", "Only in the copy.")
    points: list[str] = []

    def die(point: str) -> None:
        points.append(point)
        if len(points) == at + 1:
            raise Killed

    world.checkpoint = die
    if at < 6:
        with pytest.raises(Killed):
            world.pull()
    world.checkpoint = lambda point: None
    world.pull()
    assert world.pull().quiet
    assert len(world.about()) == 106
    with world.store.read() as tx:
        assert len(tx.execute(models.entry.select()).all()) == 106


def test_an_action_is_closed_once_from_either_document(world: World) -> None:
    """Ticked in the next check-in it is closed, and the old document, still unticked, does not open it again."""
    first = world.provision(check_in(date(2026, 3, 2)))
    world.type_row(first, "actions", Row("", {"action": Cell("Send the deck")}, "row 1 of Actions"))
    world.pull()
    (action,) = world.actions()
    assert (action.text, action.opened_on, action.closed_on) == ("Send the deck", date(2026, 3, 2), None)
    carried = Rows((NewRow(action.key, {"action": action.text}),))
    second = world.provision(check_in(date(2026, 3, 9)), sections={"actions": (carried,)})
    world.workspace.set_cell(second, action.key, "done", "yes")
    world.workspace.type_into(first, "notes", "Seen again.")
    world.pull()
    (closed,) = world.actions()
    assert (closed.closed_on, closed.closed_in) == (NOW.date(), check_in(date(2026, 3, 9)).key)
    assert [entry.text for entry in world.about() if entry.kind is EntryKind.ACTION] == ["Send the deck"]
    world.workspace.type_into(first, "notes", "And again.")
    world.pull()
    assert world.actions() == (closed,)


def test_two_pulls_at_once_are_refused(world: World) -> None:
    """The lease names its holder, and is given back in the end."""
    with world.store.write() as tx:
        leases.acquire(tx, "memory", "somebody else", world.now)
    with pytest.raises(LeaseHeld, match="somebody else"):
        world.pull()
    with world.store.write() as tx:
        leases.give_back(tx, "memory", "somebody else")
    world.pull()
    with world.store.write() as tx:
        leases.acquire(tx, "memory", "somebody else", world.now)


def test_an_artifact_that_was_recorded_late_is_read_although_it_did_not_change(world: World) -> None:
    """Text typed between making and recording a file is not lost."""
    ref = world.provision(check_in())
    world.workspace.type_into(ref, "wins", "Early.")
    with world.store.read() as tx:
        recorded = artifacts.get(tx, check_in().key)
        ground = artifacts.grounds(tx, [check_in().key])[check_in().key]
    with world.store.write() as tx:
        artifacts.forget(tx, check_in().key)
    assert recorded is not None
    assert world.pull().new == ()
    with world.store.write() as tx:
        artifacts.record(tx, "memory", [(recorded, ground)])
    assert len(world.pull().new) == 1


def test_files_without_a_recorded_key_are_nobodys(world: World) -> None:
    """Something of another house or program is left alone, and named once, however often it changes."""
    ref = world.provision(check_in())
    world.workspace._standing["shared/x"] = replace(world.workspace._standing[ref], serial=99, key="other/key")
    world.workspace._standing["shared/y"] = replace(world.workspace._standing[ref], serial=98, key="")
    world.workspace._standing["1d"] = replace(world.workspace._standing[ref], serial=97, key="")
    report = world.pull()
    assert (report.changed, report.read, report.as_made, report.failed) == (4, 0, 1, 0)
    far, other, own = report.needs_person
    assert far.message.endswith("reads it once it is downloaded as a Word, Excel, Markdown or text file.")
    assert other.message.startswith("shared/x: carries the key other/key, which is not recorded here")
    assert own.message == "shared/y: not provisioned by Throughline and not read; `throughline notes import` reads it."
    assert world.pull().quiet
    world.workspace.type_into("shared/y", "wins", "Shipped.")
    assert world.pull().needs_person == ()
    assert world.about() == ()
    world.workspace.remove("shared/y")
    world.pull()
    with world.store.read() as tx:
        assert [one.subject for one in ledger.findings(tx, "memory")] == ["1d", "shared/x"]


def test_a_private_file_of_somebodys_own_is_not_named(world: World) -> None:
    """Its name may tell what it is about; the folder is enough to look."""
    ref = world.provision(artifact(Kind.MANAGER_NOTES, other=BOB.id))
    world.workspace._standing["private/Bob/Why Ada should go.docx"] = replace(world.workspace._standing[ref], serial=99, key="")
    (finding,) = world.pull().needs_person
    assert finding.subject == "private/Bob"
    assert finding.message.startswith("private/Bob: files in it are not provisioned by Throughline")


def test_what_nobody_has_written_in_is_not_opened(world: World) -> None:
    """A file that is as it was made holds nobody's words; once somebody types, it is read whole."""
    ref = world.provision(check_in(), sections={"agenda": (Paragraph("The move"),)})
    report = world.pull()
    assert (report.changed, report.as_made, report.read, report.quiet) == (1, 1, 0, False)
    assert world.pull().quiet
    world.workspace.type_into(ref, "wins", "Shipped.")
    report = world.pull()
    assert (report.as_made, report.read, len(report.new)) == (0, 1, 1)
    assert [entry.text for entry in world.about()] == ["Shipped."]


def test_what_an_earlier_run_made_is_read_where_no_version_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """An adopted file has no version of ours, and a platform may tell none: what people typed first is read all the same."""
    ref = world.provision(check_in())
    with world.store.write() as tx:
        recorded = artifacts.get(tx, check_in().key)
        assert recorded is not None
        artifacts.update(tx, [replace(recorded, version="")])
    world.workspace.type_into(ref, "wins", "Shipped.")
    look = world.workspace.changes

    def silent(cursor: str) -> Changes:
        told = look(cursor)
        return replace(told, changed=tuple(replace(one, version="") for one in told.changed))

    monkeypatch.setattr(world.workspace, "changes", silent)
    report = world.pull()
    assert (report.as_made, report.read, len(report.new)) == (0, 1, 1)


def test_a_cycle_without_its_pack_is_a_failed_item(world: World) -> None:
    """The reason names the cycle, and the other files are read."""
    ref = world.provision(check_in())
    lost = replace(check_in(date(2026, 3, 9)), cycle_id="2020-h1")
    world.provision(lost)
    report = world.pull()
    assert (report.as_made, report.failed) == (1, 1)
    assert "2020-h1" in report.needs_person[0].message
    assert ref not in report.needs_person[0].message


def test_progress_goes_up_to_the_number_of_files(world: World) -> None:
    """People see how far a long run is."""
    for n in range(60):
        ref = world.provision(check_in(date(2026, 1, 5) + timedelta(days=n), Person(f"p{n}", "P", f"p{n}@example.org")))
        world.workspace.type_into(ref, "wins", "Shipped.")
    seen: list[tuple[int, int]] = []
    pull(replace(world.run(), progress=lambda done, total: seen.append((done, total))))
    assert seen == [(50, 60), (60, 60)]
    assert isinstance(world.run(), Run)


def test_another_document_in_an_artifacts_place_is_not_taken_for_it(world: World) -> None:
    """Its words are kept as a copy's of the document that it is, and somebody is told."""
    notes = world.provision(artifact(Kind.MANAGER_NOTES, other=BOB.id))
    ref = world.provision(check_in())
    world.workspace.type_into(ref, "wins", "Shipped.")
    world.pull()
    world.workspace.type_into(notes, "notes", "Not for Ada's eyes.")
    private = world.workspace._standing[notes]
    world.workspace._standing[ref] = replace(private, serial=world.workspace._standing[ref].serial)
    report = world.pull()
    assert {finding.kind for finding in report.needs_person} == {"failed", "copy"}
    assert [entry.text for entry in world.about() if entry.visibility is Visibility.SHARED] == ["Shipped."]
    assert world.pull().quiet


class Breaking(Busy):
    """The memory workspace whose connection breaks after some files."""

    files_read = 0

    def read(self, refs: Iterable[tuple[str, TableShape | DocumentShape | None]]) -> Iterator[Snapshot | Failed]:
        """Sixty files, then nothing."""
        for ref in refs:
            self.files_read += 1
            if self.files_read > 60:
                raise WorkspaceError("The connection broke.", permanent=False)
            yield from self._inner.read([ref])


def test_a_broken_connection_keeps_what_was_stored_and_gives_the_lease_back(world: World) -> None:
    """The next run begins where the cursor still is, and stores the rest."""
    for n in range(70):
        world.workspace.type_into(world.provision(check_in(date(2026, 1, 5) + timedelta(days=n))), "wins", f"Win {n}.")
    with pytest.raises(WorkspaceError):
        pull(world.run(Breaking(world.workspace)))
    assert len(world.about()) == 50
    assert len(world.pull().new) == 20
    assert len(world.about()) == 70


def test_a_run_whose_lease_was_taken_over_stops_writing(world: World) -> None:
    """What another holder writes is not mixed with the rest of this run."""
    for n in range(70):
        world.workspace.type_into(world.provision(check_in(date(2026, 1, 5) + timedelta(days=n))), "wins", f"Win {n}.")

    def overtake(point: str) -> None:
        world.now += timedelta(hours=1)
        with world.store.write() as tx:
            leases.acquire(tx, "memory", "somebody else", world.now)

    world.checkpoint = overtake
    with pytest.raises(LeaseLost):
        world.pull()
    assert len(world.about()) == 50
    with pytest.raises(LeaseHeld), world.store.write() as tx:
        leases.acquire(tx, "memory", "test", world.now)


def test_a_heading_of_ones_own_is_not_taken_for_a_section_that_the_document_never_had(world: World) -> None:
    """Only a quarterly check-in has the look at the goals: elsewhere no heading may stand for it."""
    one = check_in()
    shape = shape_of(one)
    assert isinstance(shape, DocumentShape)
    monthly = replace(shape, sections=tuple(section for section in shape.sections if section.when is SectionWhen.ALWAYS))
    assert as_made(shape, as_read(DocumentContent(monthly))) == monthly
    assert as_made(shape, as_read(DocumentContent(shape))) == shape
