"""The folder workspace keeps the contract and sees what people do in the folders."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from connectors.folder.paths import lock_names
from connectors.folder.workspace import FolderWorkspace
from connectors.workspace import (
    AppendToSection,
    CellValue,
    Changed,
    Created,
    Edit,
    Failed,
    Home,
    Snapshot,
    Stale,
    Trashed,
    Vanished,
    Workspace,
    Written,
)
from templates.shapes import Place
from tests.connectors.contract import WorkspaceContract
from tests.connectors.folder_verbs import HIDDEN, at, filling, folder, made, own_files, type_into, version
from tests.connectors.samples import CHECK_IN, GOALS, check_in, sheet


class TestFolder(WorkspaceContract):
    """The contract, in a folder."""

    base: Path

    @pytest.fixture
    def workspace(self, tmp_path: Path) -> FolderWorkspace:
        """An empty workspace."""
        workspace = folder(tmp_path)
        workspace.prepare()
        self.base = tmp_path
        return workspace

    def person_types(self, workspace: Workspace, ref: str, section: str, text: str) -> None:
        """Somebody types into a document."""
        type_into(at(self.base, ref), section, text)

    def person_sets(self, workspace: Workspace, ref: str, row: str, column: str, value: CellValue) -> None:
        """Somebody fills a cell of the sheet."""
        book = openpyxl.load_workbook(at(self.base, ref))
        page = book[GOALS.title]
        title = next(each.title for each in GOALS.columns if each.key == column)
        found = {str(cell.value): cell for line in page.iter_rows() for cell in line if cell.value is not None}
        page.cell(found[row].row, found[title].column, value)
        book.save(at(self.base, ref))

    def person_copies(self, workspace: Workspace, ref: str) -> str:
        """Somebody copies a file beside itself, as file managers name it."""
        stem, _, suffix = ref.rpartition(".")
        copy = f"{stem}_Copy_1.{suffix}"
        shutil.copy(at(self.base, ref), at(self.base, copy))
        return copy

    def person_moves(self, workspace: Workspace, ref: str) -> str:
        """Somebody moves a file into a folder of their own."""
        target = f"shared/Working/Mine/{ref.rpartition('/')[2]}"
        at(self.base, target).parent.mkdir()
        at(self.base, ref).rename(at(self.base, target))
        return target

    def person_removes(self, workspace: Workspace, ref: str) -> None:
        """Somebody deletes a file."""
        at(self.base, ref).unlink()


# ---------------------------------------------------------------- people at the same time


@pytest.mark.parametrize("number", range(4), ids=["whole name", "one letter less", "two letters less", "LibreOffice"])
def test_an_open_file_is_read_but_not_written(tmp_path: Path, number: int) -> None:
    """A lock file of Office or LibreOffice makes it busy; closing it makes the edit possible."""
    workspace = folder(tmp_path)
    (ref,) = made(workspace, check_in())
    path = at(tmp_path, ref)
    before = path.read_bytes()
    edit = filling(workspace, ref)
    lock = path.with_name(lock_names(path.name)[number])
    lock.write_bytes(b"Ada")
    for result in (*workspace.write([edit]), *workspace.trash([ref])):
        assert isinstance(result, Failed)
        assert result.busy
    assert path.read_bytes() == before
    assert version(workspace, ref) == edit.version
    lock.unlink()
    assert isinstance(next(workspace.write([edit])), Written)


@pytest.mark.parametrize("way", ["in place", "by rename"])
def test_a_person_who_saves_at_the_last_moment_wins(tmp_path: Path, way: str) -> None:
    """Between the decision and the writing somebody saved: their file stays, and the edit is stale."""
    (ref,) = made(folder(tmp_path), check_in())
    path = at(tmp_path, ref)
    edit = filling(folder(tmp_path), ref)
    theirs = shutil.copy(path, tmp_path / "theirs.docx")
    type_into(Path(theirs), "Notes", "Mine")

    def save(step: str) -> None:
        if step == "write: ready" and way == "in place":
            path.write_bytes((tmp_path / "theirs.docx").read_bytes())
        elif step == "write: ready":
            shutil.copy(tmp_path / "theirs.docx", tmp_path / "new.docx")
            (tmp_path / "new.docx").replace(path)

    (result,) = folder(tmp_path, save).write([edit])
    assert isinstance(result, Stale)
    assert path.read_bytes() == (tmp_path / "theirs.docx").read_bytes()
    assert own_files(tmp_path) == []


def test_an_edit_keeps_the_file_and_its_permissions(tmp_path: Path) -> None:
    """Programs that keep folders in sync see one file that changed."""
    workspace = folder(tmp_path)
    (ref,) = made(workspace, check_in())
    at(tmp_path, ref).chmod(0o640)
    before = at(tmp_path, ref).stat()
    assert isinstance(next(workspace.write([filling(workspace, ref)])), Written)
    after = at(tmp_path, ref).stat()
    assert (after.st_ino, after.st_mode) == (before.st_ino, before.st_mode)


def test_a_file_that_is_just_being_saved_has_not_vanished(tmp_path: Path) -> None:
    """Word takes the old file away for a moment; its lock file says so."""
    workspace = folder(tmp_path)
    (ref,) = made(workspace, check_in())
    cursor = workspace.changes("").cursor
    path = at(tmp_path, ref)
    lock = path.with_name(f"~${path.name[2:]}")
    lock.write_bytes(b"Ada")
    away = path.rename(path.with_name("~WRL0001.tmp"))
    found = workspace.changes(cursor)
    assert (found.changed, found.vanished) == ((), ())
    assert [(failed.subject, failed.busy) for failed in found.failed] == [(ref, True)]
    lock.unlink()
    away.rename(path)
    after = workspace.changes(found.cursor)
    assert (after.changed, after.vanished, after.failed) == ((), (), ())


# ---------------------------------------------------------------- what is looked at


def test_links_are_reported_and_never_followed(tmp_path: Path) -> None:
    """Neither a linked file nor a linked folder opens a way out of the workspace."""
    workspace = folder(tmp_path)
    (secret,) = made(workspace, replace(check_in("secret"), home=HIDDEN))
    working = at(tmp_path, "shared/Working/Mallory - m9")
    working.mkdir()
    (working / "file.docx").symlink_to(at(tmp_path, secret))
    (working / "folder").symlink_to(at(tmp_path, secret).parent)
    found = workspace.changes("")
    assert [changed.ref for changed in found.changed] == [secret]
    assert sorted(failed.subject for failed in found.failed) == [
        "shared/Working/Mallory - m9/file.docx",
        "shared/Working/Mallory - m9/folder",
    ]
    through = [f"shared/Working/Mallory - m9/{name}" for name in ("file.docx", f"folder/{secret.rpartition('/')[2]}")]
    assert [type(result) for result in workspace.read([(ref, CHECK_IN) for ref in through])] == [Failed, Failed]
    home = Home(Place.WORKING, "m9", "Mallory", ("folder",))
    (result,) = workspace.create([replace(check_in("new"), home=home, title="New")])
    assert isinstance(result, Failed)
    assert sorted(path.name for path in at(tmp_path, secret).parent.iterdir()) == [secret.rpartition("/")[2]]


def test_a_link_in_the_place_of_a_file_is_a_fault_and_no_loss(tmp_path: Path) -> None:
    """One sentence, again in every look; the file is known again as soon as it stands there itself."""
    workspace = folder(tmp_path)
    (ref,) = made(workspace, check_in())
    path, cursor = at(tmp_path, ref), workspace.changes("").cursor
    whole = path.read_bytes()
    path.rename(tmp_path / "elsewhere.docx")
    path.symlink_to(tmp_path / "elsewhere.docx")
    for _ in range(2):
        found = workspace.changes(cursor)
        assert (found.changed, found.vanished) == ((), ())
        assert found.failed == (
            Failed(ref, f"{ref} is a symbolic link, and links are not followed. Put the file itself there."),
        )
        cursor = found.cursor
    path.unlink()
    path.write_bytes(whole + b" ")
    found = workspace.changes(cursor)
    assert (found.changed, found.vanished, found.failed) == ((Changed(ref),), (), ())


@pytest.mark.parametrize("target", ["elsewhere", "nowhere"])
def test_a_link_in_the_place_of_a_folder_is_a_fault_and_no_loss(tmp_path: Path, target: str) -> None:
    """Also one that leads nowhere: all files of the folder stay known."""
    workspace = folder(tmp_path)
    refs = made(workspace, sheet(), check_in())
    inside = at(tmp_path, refs[0]).parent
    cursor = workspace.changes("").cursor
    inside.rename(tmp_path / "elsewhere")
    inside.symlink_to(tmp_path / target)
    found = workspace.changes(cursor)
    assert (found.changed, found.vanished) == ((), ())
    assert [one.subject for one in found.failed] == [refs[0].rpartition("/")[0]]
    assert "symbolic link" in found.failed[0].reason


def test_a_file_that_moved_and_left_a_link_has_moved(tmp_path: Path) -> None:
    """The link is told, too."""
    workspace = folder(tmp_path)
    (ref,) = made(workspace, check_in())
    path, cursor = at(tmp_path, ref), workspace.changes("").cursor
    path.rename(path.with_name("Renamed.docx"))
    path.symlink_to(path.with_name("Renamed.docx"))
    found = workspace.changes(cursor)
    moved = ref.replace(path.name, "Renamed.docx")
    assert (found.changed, found.vanished) == ((Changed(moved, ref),), ())
    assert [one.subject for one in found.failed] == [ref]


@pytest.mark.parametrize("suffix", [".odt", ".doc", ".pages", ".PDF"])
def test_a_document_that_was_saved_in_another_form_is_a_fault_and_no_loss(tmp_path: Path, suffix: str) -> None:
    """What stands beside its place is named, with the way back; without the other form it is gone."""
    workspace = folder(tmp_path)
    (ref,) = made(workspace, check_in())
    path, cursor = at(tmp_path, ref), workspace.changes("").cursor
    other = path.with_suffix(suffix)
    other.mkdir() if suffix == ".pages" else other.write_bytes(b"x")
    found = workspace.changes(cursor)
    assert (found.changed, found.vanished, found.failed) == ((), (), ())
    path.unlink()
    found = workspace.changes(found.cursor)
    assert (found.changed, found.vanished) == ((), ())
    (fault,) = found.failed
    assert fault.reason.startswith(f"{ref} is not there any more, but {ref.replace('.docx', suffix)} is: ")
    assert "save it as .docx under the former name" in fault.reason
    other.rmdir() if suffix == ".pages" else other.unlink()
    assert workspace.changes(found.cursor).vanished == (Vanished(ref),)


def test_only_office_files_that_people_see_count(tmp_path: Path) -> None:
    """Hidden files, lock files, backups and files of other kinds are no artifacts; macro files are read too."""
    workspace = folder(tmp_path)
    (ref,) = made(workspace, check_in())
    path = at(tmp_path, ref)
    for name in ("~$lock.docx", ".~lock.x.docx#", ".hidden.docx", "notes.txt", "~WRD0001.tmp", "Thumbs.db"):
        path.with_name(name).write_bytes(b"x")
    shutil.copy(path, path.with_name("Macros.DOCM"))
    os.mkfifo(path.with_name("pipe.docx"))
    assert [changed.ref.rpartition("/")[2] for changed in workspace.changes("").changed] == [path.name, "Macros.DOCM"]


def test_a_broken_file_is_a_change_whose_reading_fails_with_a_sentence(tmp_path: Path) -> None:
    """Its name and what to do are in the reason; the other files are read."""
    workspace = folder(tmp_path)
    good, bad = made(workspace, sheet(), check_in())
    cursor = workspace.changes("").cursor
    at(tmp_path, bad).write_bytes(at(tmp_path, bad).read_bytes()[:500])
    assert workspace.changes(cursor).changed == (Changed(bad),)
    broken, fine = workspace.read([(bad, CHECK_IN), (good, GOALS)])
    assert isinstance(broken, Failed)
    assert bad in broken.reason
    assert isinstance(fine, Snapshot)
    (edit,) = workspace.write([Edit(bad, "", CHECK_IN, (AppendToSection("wins", ()),))])
    assert isinstance(edit, Stale)


def test_a_wrong_shape_is_a_failure_not_a_guess(tmp_path: Path) -> None:
    """A workbook is not read as a document."""
    workspace = folder(tmp_path)
    table, document = made(workspace, sheet(), check_in())
    results = list(workspace.read([(table, CHECK_IN), (document, GOALS)]))
    assert [type(result) for result in results] == [Failed, Failed]


def test_a_moved_folder_moves_all_that_is_in_it(tmp_path: Path) -> None:
    """Each file is one change with its former ref; nothing vanished."""
    workspace = folder(tmp_path)
    refs = made(workspace, sheet(), check_in(), check_in("other", "Other"))
    cursor = workspace.changes("").cursor
    at(tmp_path, "shared/Working/Ada Brandt - p7k3m2qd").rename(at(tmp_path, "shared/Working/Ada Lovelace - p7k3m2qd"))
    found = workspace.changes(cursor)
    assert found.vanished == ()
    assert {(changed.ref, changed.former_ref) for changed in found.changed} == {
        (ref.replace("Brandt", "Lovelace"), ref) for ref in refs
    }


def test_touching_without_changing_is_no_change(tmp_path: Path) -> None:
    """A new time on the same bytes is nothing to read."""
    workspace = folder(tmp_path)
    (ref,) = made(workspace, check_in())
    cursor = workspace.changes("").cursor
    os.utime(at(tmp_path, ref))
    assert workspace.changes(cursor).changed == ()


def test_a_change_that_keeps_size_and_time_is_seen(tmp_path: Path) -> None:
    """Copies that restore the time of the file do not hide what was typed."""
    workspace = folder(tmp_path)
    (ref,) = made(workspace, check_in())
    path = at(tmp_path, ref)
    cursor = workspace.changes("").cursor
    before = path.stat()
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert workspace.changes(cursor).changed == (Changed(ref),)


@pytest.fixture
def ordinary() -> Iterator[Path]:
    """A folder of an account without special rights, and that account."""
    base = Path(tempfile.mkdtemp())
    if os.geteuid() == 0:
        os.chown(base, 65534, 65534)
        os.seteuid(65534)
    yield base
    if os.getuid() == 0:
        os.seteuid(0)
    shutil.rmtree(base)


def test_what_cannot_be_read_is_reported_and_has_not_vanished(ordinary: Path) -> None:
    """A folder or file without access fails by name, keeps its state, and is compared again once it is open."""
    workspace = folder(ordinary)
    inside, alone = made(workspace, check_in(), replace(sheet(), home=HIDDEN))
    cursor = workspace.changes("").cursor
    at(ordinary, inside).parent.chmod(0)
    at(ordinary, alone).chmod(0)
    found = workspace.changes(cursor)
    assert (found.changed, found.vanished) == ((), ())
    assert {failed.subject for failed in found.failed} == {inside.rpartition("/")[0], alone}
    assert [type(result) for result in workspace.read([(inside, CHECK_IN), (alone, GOALS)])] == [Failed, Failed]
    at(ordinary, inside).parent.chmod(0o700)
    at(ordinary, inside).unlink()
    assert workspace.changes(found.cursor).vanished == (Vanished(inside),)
    (result,) = workspace.create([replace(check_in("new"), home=HIDDEN)])
    assert isinstance(result, Created)


def test_a_name_that_cannot_be_shown_is_reported(tmp_path: Path) -> None:
    """It would not go into any store or onto any screen."""
    workspace = folder(tmp_path)
    workspace.prepare()
    Path(os.fsdecode(os.fsencode(tmp_path / "team" / "Working") + b"/caf\xe9.docx")).write_bytes(b"x")
    found = workspace.changes("")
    assert (found.changed, len(found.failed)) == ((), 1)
    found.failed[0].subject.encode()


# ---------------------------------------------------------------- the bin


def test_the_bin_keeps_the_way_back(tmp_path: Path) -> None:
    """A trashed file lies in the bin under its former path, and a second one of that name beside it."""
    workspace = folder(tmp_path)
    for _ in range(2):
        (ref,) = made(workspace, check_in())
        assert list(workspace.trash([ref])) == [Trashed(ref)]
    binned = sorted((tmp_path / "team" / ".trash").rglob("*.docx"))
    assert [path.relative_to(tmp_path / "team" / ".trash").parts[1:] for path in binned] == [tuple(ref.split("/")[1:])] * 2
    assert zipfile.is_zipfile(io.BytesIO(binned[0].read_bytes()))
