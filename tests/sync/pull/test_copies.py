"""Copies, conflict copies, moved folders, older versions: what really happens to files in a synchronised folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pytest

from connectors.workspace import NewRow
from sync.pull.copies import CopyName, told_by
from sync.records import ArtifactState
from sync.store import Transaction
from sync.store.queries import artifacts, ledger
from templates.shapes import Kind
from tests.sync.pull.folder_world import FolderWorld, open_folder_world
from tests.sync.pull.world import ADA, BOB, artifact, check_in

WINS = "What went well"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[FolderWorld]:
    """A small company with real files."""
    with open_folder_world(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("X (Ada's conflicted copy 2026-03-02).docx", CopyName(True, "Ada", "2026-03-02")),
        ("X (Ada Brandt’s conflicted copy 2026-03-02 (1)).docx", CopyName(True, "Ada Brandt", "2026-03-02")),
        ("X (LAPTOP-7's conflicted copy).docx", CopyName(True, "LAPTOP-7", "")),
        ("X (In Konflikt stehende Kopie von Ada 2026-03-02).docx", CopyName(True, "Ada", "2026-03-02")),
        ("X (conflicted copy 2026-03-02 141523).docx", CopyName(True, "", "2026-03-02")),
        ("X_conflict-20260302-141523.docx", CopyName(True, "", "2026-03-02")),
        ("X.sync-conflict-20260302-141523-ABCDEF7.docx", CopyName(True, "ABCDEF7", "2026-03-02")),
        ("X [Conflict].docx", CopyName(True)),
        ("X-DESKTOP-1234.docx", CopyName(True, "DESKTOP-1234")),
        ("X-Adas-MacBook.docx", CopyName(True, "Adas-MacBook")),
        ("X (1).docx", CopyName()),
        ("X - Copy.docx", CopyName()),
        ("X - Copy (2).docx", CopyName()),
        ("X - Kopie.docx", CopyName()),
        ("X copy 2.docx", CopyName()),
        ("X_Copy_1.docx", CopyName()),
        ("X 2.docx", CopyName()),
        ("Copy of X.docx", CopyName()),
        ("Kopie von X.docx", CopyName()),
        ("X.docx", CopyName()),
        ("something else.docx", CopyName()),
    ],
)
def test_the_name_tells_who_made_the_copy(name: str, told: CopyName) -> None:
    """Sync programs name whose save it holds; people's copies say nothing."""
    assert told_by(f"shared/Working/Ada/{name}", "shared/Working/Ada/X.docx") == told


def test_a_conflict_copy_is_evidence_and_says_what_to_do(world: FolderWorld) -> None:
    """What stands only in it is kept, by the one who saved it, and the original stays the artifact."""
    ref = world.provision(check_in())
    world.pull()
    stem = Path(ref).stem
    copy = world.copy(ref, f"{stem} (Ada Brandt's conflicted copy 2026-03-02).docx")
    world.type_into(ref, "Notes", "Typed by Bob.", BOB)
    world.type_into(copy, "Notes", "Typed by Ada.")
    report = world.pull()
    (finding,) = report.needs_person
    assert (finding.subject, finding.kind) == (copy, "copy")
    assert "holds what Ada Brandt saved on 2026-03-02" in finding.message
    assert "1 text stands only there" in finding.message
    assert world.texts() == ["Typed by Ada.", "Typed by Bob."]
    assert {entry.text: entry.by for entry in world.ledger(check_in().key)} == {
        "Typed by Ada.": ADA.id,
        "Typed by Bob.": BOB.id,
    }
    assert world.recorded(check_in().key).ref == ref
    assert world.pull().quiet


@pytest.mark.parametrize("name", ["{} (1).docx", "{} - Copy.docx", "{}_Copy_1.docx", "{} 2.docx", "{}-DESKTOP-1234.docx"])
def test_a_copy_without_words_of_its_own_adds_nothing(world: FolderWorld, name: str) -> None:
    """The same words twice are one entry, whatever the copy is called."""
    ref = world.provision(check_in())
    world.type_into(ref, WINS, "The launch went well.")
    world.copy(ref, name.format(Path(ref).stem))
    report = world.pull()
    assert world.texts() == ["The launch went well."]
    assert [finding.kind for finding in report.needs_person] == ["copy"]
    assert "othing stands only there" in report.needs_person[0].message
    assert world.pull().quiet


def test_a_renamed_folder_is_followed(world: FolderWorld) -> None:
    """A person renames the folder above; every file keeps its history, and nothing is read as new."""
    refs = [world.provision(check_in()), world.provision(artifact(Kind.QUICK_NOTES))]
    world.type_into(refs[0], WINS, "First.")
    world.pull()
    folder = world.path(refs[0]).parent
    os.rename(folder, folder.with_name("Ada (moved to sales)"))
    report = world.pull()
    assert sorted(former for former, _ in report.moved) == sorted(refs)
    assert (report.new, report.unlinked, report.needs_person) == ((), (), ())
    moved = world.recorded(check_in().key).ref
    assert "Ada (moved to sales)" in moved
    world.type_into(moved, WINS, "Second.")
    world.pull()
    assert world.texts() == ["First.", "Second."]
    assert world.pull().quiet


def swap(world: FolderWorld, one: str, other: str) -> None:
    """Give each file the other's name."""
    beside = world.path(one).with_name("between.docx")
    os.rename(world.path(one), beside)
    os.rename(world.path(other), world.path(one))
    os.rename(beside, world.path(other))


@pytest.mark.parametrize("synced", [True, False])
def test_two_files_that_took_each_others_names_go_on_with_their_own_evidence(world: FolderWorld, synced: bool) -> None:
    """The key tells which check-in it is, whatever the file is called now."""
    first, second = check_in(), check_in(date(2026, 3, 9))
    one, other = world.provision(first), world.provision(second)
    if synced:
        world.type_into(one, WINS, "Early.", ADA)
        world.pull()
    swap(world, one, other)
    world.type_into(other, WINS, "Typed into the first one.", ADA)
    world.type_into(one, WINS, "Typed into the second one.", ADA)
    report = world.pull()
    assert (report.needs_person, report.unlinked, report.withdrawn) == ((), (), ())
    assert sorted(report.moved) == sorted([(one, other), (other, one)])
    assert (world.recorded(first.key).ref, world.recorded(second.key).ref) == (other, one)
    texts = {key: [entry.text for entry in world.ledger(key)] for key in (first.key, second.key)}
    assert texts == {
        first.key: [*(["Early."] if synced else []), "Typed into the first one."],
        second.key: ["Typed into the second one."],
    }
    assert world.pull().quiet


def test_a_file_renamed_over_another_one_goes_on_and_the_other_is_gone(world: FolderWorld) -> None:
    """What stood there has vanished; what took its name is what its key says."""
    first, second = check_in(), check_in(date(2026, 3, 9))
    one, other = world.provision(first), world.provision(second)
    world.type_into(one, WINS, "First.", ADA)
    world.type_into(other, WINS, "Second.", ADA)
    world.pull()
    os.replace(world.path(one), world.path(other))
    report = world.pull()
    assert (report.moved, report.unlinked) == (((one, other),), (other,))
    assert world.recorded(first.key).ref == other
    assert world.recorded(second.key).state is ArtifactState.UNLINKED
    assert world.texts() == ["First.", "Second."]
    assert world.pull().quiet


def test_the_documents_of_two_people_are_never_exchanged(world: FolderWorld) -> None:
    """A swap across two folders is a mix-up: nobody's words become another's, and both are told where to go."""
    mine, theirs = check_in(), check_in(person=BOB)
    one, other = world.provision(mine), world.provision(theirs)
    world.pull()
    swap(world, one, other)
    world.type_into(one, WINS, "Typed by Ada into Bob's.", ADA)
    report = world.pull()
    assert [finding.kind for finding in report.needs_person] == ["failed", "failed"]
    for finding, here, there in zip(report.needs_person, (one, other), (other, one), strict=True):
        assert finding.message.startswith(f"{here}: ")
        assert f"Move it to {there}" in finding.message
    assert world.texts(ADA) == world.texts(BOB) == []
    again = world.pull()
    assert (again.quiet, again.still_failing) == (True, 2)
    swap(world, one, other)
    world.pull()
    assert (world.texts(ADA), world.texts(BOB)) == ([], ["Typed by Ada into Bob's."])
    with world.store.read() as tx:
        assert ledger.findings(tx, "folder") == ()


def test_a_link_in_a_documents_place_is_no_loss(world: FolderWorld) -> None:
    """The first sync says what stands there, and nothing is unlinked."""
    ref = world.provision(check_in())
    world.type_into(ref, WINS, "First.", ADA)
    world.pull()
    moved = world.root / "elsewhere.docx"
    os.rename(world.path(ref), moved)
    world.path(ref).symlink_to(moved)
    report = world.pull()
    assert (report.unlinked, report.failed) == ((), 1)
    assert "is a symbolic link" in report.needs_person[0].message
    assert world.pull().quiet
    os.replace(moved, world.path(ref))
    assert world.pull().needs_person == ()
    assert world.texts() == ["First."]
    assert world.recorded(check_in().key).state is ArtifactState.LINKED


def test_two_saves_by_two_people_one_without_the_others_words(world: FolderWorld) -> None:
    """What the later save lacks is taken out, stays readable, and a person is told who saved over whom."""
    ref = world.provision(check_in())
    world.pull()
    empty = world.path(ref).read_bytes()
    world.type_into(ref, "Notes", "Ada's long thoughts.", ADA)
    world.pull()
    world.path(ref).write_bytes(empty)
    world.type_into(ref, "Notes", "Bob's two words.", BOB)
    report = world.pull()
    (finding,) = report.needs_person
    assert (finding.subject, finding.kind) == (check_in().key, "text-gone")
    assert "when Ada Brandt had saved" in finding.message
    assert "what Bob Chen saved" in finding.message
    assert world.texts() == ["Bob's two words."]
    assert {entry.text for entry in world.ledger(check_in().key)} == {"Ada's long thoughts.", "", "Bob's two words."}
    assert world.pull().quiet


def test_taking_out_ones_own_words_is_no_conflict(world: FolderWorld) -> None:
    """Ada's own text may go when Ada saves, whoever saved before."""
    ref = world.provision(check_in())
    world.pull()
    empty = world.path(ref).read_bytes()
    world.type_into(ref, WINS, "Ada's win.", ADA)
    world.pull()
    world.type_into(ref, "Agenda", "Bob's point.", BOB)
    with_bob = world.path(ref).read_bytes()
    world.pull()
    world.path(ref).write_bytes(empty)
    world.type_into(ref, "Agenda", "Bob's point.", ADA)
    assert with_bob != world.path(ref).read_bytes()
    report = world.pull()
    assert [entry.entry_id for entry in report.withdrawn]
    assert report.needs_person == ()


def test_an_older_version_put_back_loses_nothing(world: FolderWorld) -> None:
    """The report names the version by its day; when the newer one comes back, the words are there again."""
    ref = world.provision(check_in())
    world.type_into(ref, WINS, "First.", ADA)
    world.pull()
    older = world.path(ref).read_bytes()
    world.type_into(ref, WINS, "Second.", ADA)
    world.pull()
    newer = world.path(ref).read_bytes()
    world.path(ref).write_bytes(older)
    report = world.pull()
    (finding,) = report.needs_person
    assert finding.kind == "went-back"
    assert "1 of its texts were taken out" in finding.message
    assert f"throughline confirm {check_in().key}" in finding.message
    assert world.texts() == ["First."]
    assert "Second." in {entry.text for entry in world.ledger(check_in().key)}
    assert world.pull().quiet
    world.path(ref).write_bytes(newer)
    assert world.pull().needs_person == ()
    assert world.texts() == ["First.", "Second."]
    with world.store.read() as tx:
        assert ledger.findings(tx, "folder") == ()


def test_a_deleted_document_that_is_put_back_goes_on(world: FolderWorld) -> None:
    """Unlinked with a way out, linked again when it stands there, and no word is said twice."""
    ref = world.provision(check_in())
    world.type_into(ref, WINS, "First.")
    world.pull()
    kept = world.path(ref).read_bytes()
    world.path(ref).unlink()
    report = world.pull()
    assert report.unlinked == (ref,)
    assert f"throughline recreate {check_in().key}" in report.needs_person[0].message
    assert world.pull().quiet
    world.path(ref).write_bytes(kept)
    report = world.pull()
    assert (report.new, report.needs_person) == ((), ())
    assert world.recorded(check_in().key).state is ArtifactState.LINKED
    assert world.texts() == ["First."]


def test_a_copy_that_is_left_alone_says_how_to_go_on_with_it(world: FolderWorld) -> None:
    """The original is gone: both the missing document and the copy name the command, and nothing is adopted by itself."""
    ref = world.provision(check_in())
    world.type_into(ref, WINS, "In both.")
    copy = world.copy(ref, "My check-in.docx")
    world.type_into(copy, WINS, "Only in the copy.")
    world.pull()
    world.path(ref).unlink()
    report = world.pull()
    way = f"throughline relink {check_in().key} '{copy}'"
    assert {finding.kind for finding in report.needs_person} == {"unlinked", "copy"}
    assert all(way in finding.message for finding in report.needs_person)
    assert world.recorded(check_in().key).ref == ref
    assert world.texts() == ["In both.", "Only in the copy."]
    assert world.pull().quiet


def _relink(tx: Transaction, world: FolderWorld, key: str, ref: str) -> None:
    """What `throughline relink` stores."""
    former = world.recorded(key)
    artifacts.update(tx, [replace(former, ref=ref, state=ArtifactState.LINKED)])
    ledger.move_snapshots(tx, key, former.ref, ref)
    ledger.mark_dirty(tx, "folder", [ref])
    ledger.replace_findings(tx, "folder", [key, ref], (), world.now)


def test_a_copy_that_became_the_document_says_nothing_twice(world: FolderWorld) -> None:
    """Its own words supersede what they were as a copy's, also after the file moves once more."""
    ref = world.provision(check_in())
    world.type_into(ref, WINS, "In both.")
    copy = world.copy(ref, "My check-in.docx")
    world.type_into(copy, WINS, "Only in the copy.")
    world.pull()
    world.path(ref).unlink()
    world.pull()
    with world.store.write() as tx:
        _relink(tx, world, check_in().key, copy)
    report = world.pull()
    assert (report.new, report.withdrawn, len(report.superseded)) == ((), (), 1)
    assert world.texts() == ["In both.", "Only in the copy."]
    assert world.pull().quiet
    shutil.move(world.path(copy), world.path(copy).with_name("Moved.docx"))
    world.pull()
    world.type_into(world.recorded(check_in().key).ref, WINS, "Later.")
    world.pull()
    assert world.texts() == ["In both.", "Later.", "Only in the copy."]


def test_a_copied_goal_sheet_that_became_the_sheet_has_its_goals(world: FolderWorld) -> None:
    """Rows that were kept as text while it was a copy are goals from then on."""
    sheet = artifact(Kind.GOAL_SHEET)
    ref = world.provision(sheet, NewRow("k1", {"goal": "Cut churn", "start": 8, "target": 4, "now": 8, "unit": "%"}))
    world.pull()
    copy = world.copy(ref, "Goals (1).xlsx")
    book = openpyxl.load_workbook(world.path(copy))
    cell = next(cell for row in book.active.iter_rows() for cell in row if cell.value == "Cut churn")
    cell.value = "Cut churn in half"
    book.save(world.path(copy))
    world.pull()
    assert len(world.texts()) == 1
    world.path(ref).unlink()
    world.pull()
    with world.store.write() as tx:
        _relink(tx, world, sheet.key, copy)
    world.pull()
    assert world.texts() == ["Cut churn in half"]
    with world.store.read() as tx:
        (goal,) = ledger.goals(tx, "2026-h1", ADA.id)
    assert goal.title == "Cut churn in half"
    assert world.pull().quiet


def test_a_copy_that_moves_or_goes_leaves_no_finding_behind(world: FolderWorld) -> None:
    """What was found is told under the place where it is now, and forgotten with the copy."""
    ref = world.provision(check_in())
    world.pull()
    copy = world.copy(ref, "Mine.docx")
    world.type_into(copy, WINS, "Only in the copy.")
    world.pull()
    shutil.move(world.path(copy), world.path(copy).with_name("Mine too.docx"))
    world.pull()
    with world.store.read() as tx:
        assert [finding.subject for finding in ledger.findings(tx, "folder")] == [copy.replace("Mine", "Mine too")]
    world.path(copy).with_name("Mine too.docx").unlink()
    world.pull()
    with world.store.read() as tx:
        assert ledger.findings(tx, "folder") == ()
    assert world.texts() == ["Only in the copy."]


def test_a_file_that_stays_broken_is_told_once(world: FolderWorld) -> None:
    """The second sync has nothing to say about it; the finding stays until it is mended."""
    ref = world.provision(check_in())
    world.type_into(ref, WINS, "First.")
    world.pull()
    whole = world.path(ref).read_bytes()
    world.path(ref).write_bytes(whole[: len(whole) // 2])
    report = world.pull()
    assert (report.failed, [finding.kind for finding in report.needs_person]) == (1, ["failed"])
    again = world.pull()
    assert again.quiet
    assert again.still_failing == 1
    with world.store.read() as tx:
        assert [finding.kind for finding in ledger.findings(tx, "folder")] == ["failed"]
    world.path(ref).write_bytes(whole)
    world.pull()
    with world.store.read() as tx:
        assert ledger.findings(tx, "folder") == ()
    assert world.texts() == ["First."]


def test_a_link_in_the_folder_is_told_once_and_in_words(world: FolderWorld) -> None:
    """The scan's own sentence reaches people, and the second sync is silent."""
    ref = world.provision(check_in())
    world.pull()
    link = world.path(ref).with_name("Linked.docx")
    link.symlink_to(world.path(ref))
    report = world.pull()
    assert [finding.kind for finding in report.needs_person] == ["failed"]
    assert "symbolic link" in report.needs_person[0].message
    assert world.pull().quiet


def test_what_was_said_is_not_said_again_when_the_file_changes_elsewhere(world: FolderWorld) -> None:
    """A heading of one's own is told once; it stays in the list as long as it stands there."""
    ref = world.provision(check_in())
    document = docx.Document(str(world.path(ref)))
    document.add_heading("Links", 1)
    document.add_paragraph("Somewhere.")
    document.save(str(world.path(ref)))
    assert "other-notes" in [finding.kind for finding in world.pull().needs_person]
    world.type_into(ref, WINS, "Something new.")
    report = world.pull()
    assert (len(report.new), report.needs_person) == (1, ())
    with world.store.read() as tx:
        assert "other-notes" in [finding.kind for finding in ledger.findings(tx, "folder")]
