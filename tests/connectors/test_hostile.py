"""Hostile and broken files in the folder: one clear line each, in bounded time and memory, and the rest goes on."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from connectors.folder.cursor import Known
from connectors.folder.scan import Stat
from connectors.folder.workspace import FolderWorkspace
from connectors.workspace import Changed, Failed, Snapshot
from tests.connectors.folder_verbs import at, folder, made
from tests.connectors.hostile_files import (
    BROKEN,
    DOCUMENT,
    HERE,
    SUSPECT,
    Hostile,
    document,
    part,
    place,
    read_one,
    with_document,
    words,
    workbook,
)
from tests.connectors.samples import CHECK_IN, check_in

SECONDS = 2.0


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A folder in memory where there is one, for large files and very many."""
    base = Path(tempfile.mkdtemp(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)).resolve()
    yield base
    subprocess.run(["rm", "-rf", str(base)], check=True)  # its folders may lie deeper than Python goes


@pytest.fixture
def workspace(tmp_path: Path) -> FolderWorkspace:
    """An empty workspace."""
    workspace = folder(tmp_path)
    workspace.prepare()
    return workspace


# ---------------------------------------------------------------- files


@pytest.mark.parametrize("hostile", BROKEN, ids=lambda hostile: hostile.name)
def test_what_cannot_be_read_is_one_sentence_in_bounded_time(
    workspace: FolderWorkspace, tmp_path: Path, hostile: Hostile
) -> None:
    """It names the file and the way out; looking and reading take less than two seconds."""
    ref = place(tmp_path, hostile.name, hostile.make())
    begun = time.perf_counter()
    workspace.changes("")
    result = read_one(workspace, ref)
    assert time.perf_counter() - begun < SECONDS
    assert isinstance(result, Failed)
    assert any(said in result.reason for said in hostile.says.split("|")), result.reason
    assert ref in result.reason
    assert "\n" not in result.reason
    assert len(result.reason) < 400


@pytest.mark.parametrize("name", SUSPECT)
def test_what_should_not_be_trusted_is_read_and_nothing_is_fetched_or_run(
    workspace: FolderWorkspace, tmp_path: Path, name: str
) -> None:
    """Its own words arrive, and nothing of the file or address that it points to. Sockets are closed in tests."""
    ref = place(tmp_path, name, SUSPECT[name]())
    begun = time.perf_counter()
    found = words(read_one(workspace, ref))
    assert time.perf_counter() - begun < SECONDS
    assert "Said in the meeting." in found
    assert socket.gethostname() not in found
    assert workspace.changes("").failed == ()


@pytest.mark.parametrize("make", [document, workbook], ids=["docx", "xlsx"])
def test_a_file_cut_off_anywhere_is_broken(make: Callable[[], bytes], workspace: FolderWorkspace, tmp_path: Path) -> None:
    """No beginning of a file passes for the whole."""
    data, suffix = make(), "docx" if make is document else "xlsx"
    refs = [place(tmp_path, f"cut at {size}.{suffix}", data[:size]) for size in range(0, len(data), len(data) // 60)]
    for result in workspace.read((ref, None) for ref in refs):
        assert isinstance(result, Failed), result.ref


def test_a_part_that_is_damaged_anywhere_never_crashes(workspace: FolderWorkspace, tmp_path: Path) -> None:
    """Text parts cut short or with holes are read as far as they are whole, or refused with a sentence."""
    text = part(document(), DOCUMENT)
    refs = [
        place(tmp_path, f"hole at {begin}.docx", with_document(text[:begin] + text[begin + 40 :]))
        for begin in range(0, len(text), len(text) // 80)
    ]
    for result in workspace.read((ref, CHECK_IN) for ref in refs):
        assert isinstance(result, Snapshot) or "damaged" in result.reason or "no text part" in result.reason, result


_LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (2_000_000_000, 2_000_000_000))
from pathlib import Path
from connectors.folder.workspace import FolderWorkspace
work = FolderWorkspace(Path(sys.argv[1]) / "team", Path(sys.argv[1]) / "managers", fsync=False)
refs = [changed.ref for changed in work.changes("").changed]
results = [type(result).__name__ for ref in refs for result in work.read([(ref, None)])]
peak = next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(len(refs), results.count("Failed"), int(peak) // 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system does not tell how much memory was taken")
def test_memory_stays_bounded_whatever_lies_in_the_folder(workspace: FolderWorkspace, tmp_path: Path) -> None:
    """A process of its own, which may not take more, reads all of them in less than 300 MB."""
    for hostile in BROKEN:
        place(tmp_path, hostile.name, hostile.make())
    for name, make in SUSPECT.items():
        place(tmp_path, name, make())
    code = [sys.executable, "-c", _LIMITED, str(tmp_path)]
    done = subprocess.run(code, capture_output=True, text=True, timeout=60, cwd=Path(__file__).parents[2], check=False)
    assert done.returncode == 0, done.stderr
    count, failed, megabytes = (int(word) for word in done.stdout.split())
    assert (count, failed) == (len(BROKEN) + len(SUSPECT) - 1, len(BROKEN) - 1)
    assert megabytes < 300


# ---------------------------------------------------------------- what stands in the folder


@pytest.mark.parametrize("kind", ["pipe", "socket", "link", "loop", "folder"])
def test_what_is_no_file_is_named_and_nothing_waits_for_it(workspace: FolderWorkspace, tmp_path: Path, kind: str) -> None:
    """A pipe would block for ever whoever opens it; a link may lead anywhere."""
    path = at(tmp_path, f"{HERE}/odd.docx")
    (tmp_path / "outside.docx").write_bytes(document())
    listener = socket.socket(socket.AF_UNIX)
    match kind:
        case "pipe":
            os.mkfifo(path)
        case "socket":
            listener.bind(str(path))
        case "link":
            path.symlink_to(tmp_path / "outside.docx")
        case "loop":
            path.symlink_to(path)
        case "folder":
            path.mkdir()
    begun = time.perf_counter()
    found, result = workspace.changes(""), read_one(workspace, f"{HERE}/odd.docx")
    (written,) = workspace.trash([f"{HERE}/odd.docx"]) if kind == "pipe" else (result,)
    assert time.perf_counter() - begun < SECONDS
    assert found.changed == ()
    assert len(found.failed) == (0 if kind == "folder" else 1)
    assert isinstance(result, Failed)
    assert f"{HERE}/odd.docx is " in result.reason
    assert all(failed.reason == result.reason for failed in found.failed)
    assert written
    listener.close()


def test_a_pipe_where_a_document_was_blocks_neither_reading_nor_writing(tmp_path: Path) -> None:
    """The recorded place of a check-in may hold anything by now."""
    workspace = folder(tmp_path)
    (ref,) = made(workspace, check_in())
    at(tmp_path, ref).unlink()
    os.mkfifo(at(tmp_path, ref))
    assert isinstance(read_one(workspace, ref), Failed)
    (again,) = workspace.create([check_in()])
    assert isinstance(again, Failed)
    assert list(workspace.find([check_in().key])) == []


def test_links_that_lead_around_in_circles_are_named_once(workspace: FolderWorkspace, tmp_path: Path) -> None:
    """A folder linked into itself is not entered."""
    (at(tmp_path, HERE) / "me").mkdir()
    (at(tmp_path, HERE) / "me" / "again").symlink_to(at(tmp_path, HERE))
    found = workspace.changes("")
    assert [failed.subject for failed in found.failed] == [f"{HERE}/me/again"]


NAMES = {
    "composed": unicodedata.normalize("NFC", "Prüfung é.docx"),
    "decomposed": unicodedata.normalize("NFD", "Prüfung é.docx"),
    "dots": "Ada. . .docx",
    "spaces": " Ada  .docx",
    "other scripts": "進捗 تقدم प्रगति 👩‍💻.docx",
    "right to left override": "notes \u202excod.docx",
    "255 bytes": "n" * 250 + ".docx",
    "capitals": "ADA.DOCX",
    "quotes": 'it\'s "this" & <that>; $(rm) `x` %s {y}.docx',
    "dashes": "--help.docx",
}


def test_names_in_any_form_are_read_each_for_itself(workspace: FolderWorkspace, tmp_path: Path) -> None:
    """Composed and decomposed letters, names that differ only in case, marks that turn the writing round."""
    names = [*NAMES.values(), "ada.docx"]
    refs = {place(tmp_path, name, document(f"In file {number}.")): number for number, name in enumerate(names)}
    found = workspace.changes("")
    assert found.failed == ()
    assert {changed.ref for changed in found.changed} == refs.keys()
    for ref, number in refs.items():
        assert f"In file {number}." in words(read_one(workspace, ref))
    assert workspace.changes(found.cursor).changed == ()


@pytest.mark.parametrize("name", [b"two\nlines.docx", b"bell\x07.docx", b"caf\xe9.docx", b"back\\slash.docx"])
def test_a_name_that_not_every_computer_can_show_is_one_line(workspace: FolderWorkspace, tmp_path: Path, name: bytes) -> None:
    """The line says to rename it, also when the file is asked for."""
    Path(os.fsdecode(os.fsencode(at(tmp_path, HERE)) + b"/" + name)).write_bytes(document())
    found = workspace.changes("")
    (failed,) = found.failed
    assert failed.reason.endswith("Rename it.")
    assert failed.reason.isprintable()
    again = read_one(workspace, failed.subject)
    assert isinstance(again, Failed)
    assert again.reason.count("Rename it.") == 1


def test_a_folder_of_ten_thousand_entries_is_looked_at_quickly(workspace: FolderWorkspace, tmp_path: Path) -> None:
    """Other files cost next to nothing, and a document among them is found."""
    for number in range(10_000):
        (at(tmp_path, HERE) / f"{number}.txt").touch()
    ref = place(tmp_path, "one.docx", document())
    begun = time.perf_counter()
    found = workspace.changes("")
    assert time.perf_counter() - begun < SECONDS
    assert found.changed == (Changed(ref),)


def test_a_folder_of_three_thousand_broken_files_is_read_quickly(workspace: FolderWorkspace, tmp_path: Path) -> None:
    """What it costs to say so grows with their number, not with its square."""
    refs = [place(tmp_path, f"{number}.docx", b"") for number in range(3000)]
    begun = time.perf_counter()
    assert len(workspace.changes("").changed) == len(refs)
    assert all(isinstance(result, Failed) for result in workspace.read((ref, None) for ref in refs))
    assert time.perf_counter() - begun < SECONDS


def test_folders_inside_folders_are_walked_as_deep_as_the_system_goes(workspace: FolderWorkspace, tmp_path: Path) -> None:
    """A document 1,500 folders down is read; what lies deeper than paths may be long is named, and is no end of the run."""
    here, top = os.open(at(tmp_path, HERE), os.O_RDONLY), Path.cwd()
    try:
        os.fchdir(here)
        for level in range(2100):
            os.mkdir("d")
            os.chdir("d")
            if level == 1499:
                Path("deep.docx").write_bytes(document())
    finally:
        os.chdir(top)
        os.close(here)
    begun = time.perf_counter()
    found = workspace.changes("")
    (changed,) = found.changed
    assert "Said in the meeting." in words(read_one(workspace, changed.ref))
    assert time.perf_counter() - begun < SECONDS
    (failed,) = found.failed
    assert "too deep" in failed.reason
    assert len(failed.reason) < 400


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


def test_a_file_without_permission_says_so(ordinary: Path) -> None:
    """It names the file and what to give, and the next one is read."""
    workspace = folder(ordinary)
    workspace.prepare()
    closed, opened = place(ordinary, "closed.docx", document()), place(ordinary, "open.docx", document())
    at(ordinary, closed).chmod(0)
    first, second = workspace.read([(closed, None), (opened, None)])
    assert isinstance(first, Failed)
    assert closed in first.reason
    assert "Give it access" in first.reason
    assert "Said in the meeting." in words(second)


class Flaky(FolderWorkspace):
    """A folder on a disk with a bad sector: one file cannot be looked into."""

    def _known(self, ref: str, stat: Stat, before: Known | None) -> Known:
        if ref.endswith("bad.docx"):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return super()._known(ref, stat, before)


def test_an_error_of_the_disk_costs_one_file(tmp_path: Path) -> None:
    """It is named; the others are looked at."""
    workspace = Flaky(tmp_path / "team", tmp_path / "managers", fsync=False)
    workspace.prepare()
    bad, good = place(tmp_path, "bad.docx", document()), place(tmp_path, "good.docx", document())
    found = workspace.changes("")
    assert [(failed.subject, "Input/output error" in failed.reason) for failed in found.failed] == [(bad, True)]
    assert [changed.ref for changed in found.changed] == [good]
