"""Files that change while they are read, and a whole sync of a folder full of hostile ones: the rest goes on."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from connectors.folder.cursor import Known
from connectors.folder.scan import Stat
from connectors.folder.workspace import FolderWorkspace
from connectors.workspace import Changed, Failed, Vanished
from tests.connectors.folder_verbs import at, folder, type_into
from tests.connectors.hostile_files import BROKEN, Hostile, document, place, read_one, words, workbook
from tests.fuzz.house import Builder, House, check_in_of, ref_of
from tests.sync.pull.world import ADA

SECONDS = 4.0


@pytest.fixture
def workspace(tmp_path: Path) -> FolderWorkspace:
    """An empty workspace."""
    workspace = folder(tmp_path)
    workspace.prepare()
    return workspace


@pytest.fixture(scope="module")
def builder(tmp_path_factory: pytest.TempPathFactory) -> Builder:
    """Where houses come from."""
    return Builder(tmp_path_factory.mktemp("houses"))


@pytest.fixture
def house(builder: Builder) -> Iterator[House]:
    """A folder and a database in which two people already have their documents."""
    with builder.house() as house:
        yield house


# ---------------------------------------------------------------- while being read


class Restless(FolderWorkspace):
    """A folder in which something happens between looking and reading."""

    happens: Callable[[str], None] = staticmethod(lambda ref: None)

    def _known(self, ref: str, stat: Stat, before: Known | None) -> Known:
        self.happens(ref)
        return super()._known(ref, stat, before)


def test_a_file_that_vanishes_while_it_is_read_is_no_trouble(tmp_path: Path) -> None:
    """Between the scan and the look it is just not there; between the look and the read a sentence says so."""
    workspace = Restless(tmp_path / "team", tmp_path / "managers", fsync=False)
    workspace.prepare()
    early, late = place(tmp_path, "early.docx", document()), place(tmp_path, "late.docx", document())
    workspace.happens = lambda ref: at(tmp_path, early).unlink(missing_ok=True)
    found = workspace.changes("")
    assert ([changed.ref for changed in found.changed], found.failed) == ([late], ())
    at(tmp_path, late).unlink()
    result = read_one(workspace, late)
    assert isinstance(result, Failed)
    assert result.reason == f"Nothing stands at {late} any more."
    assert workspace.changes(found.cursor).vanished == (Vanished(late),)


def test_a_file_that_grows_while_it_is_read_is_read_again(workspace: FolderWorkspace, tmp_path: Path) -> None:
    """Half of a file that is just being copied is broken; the next look sees that it changed, and reads it whole."""
    data, half = document(), len(document()) // 2
    ref = place(tmp_path, "growing.docx", data[:half])
    found = workspace.changes("")
    assert isinstance(read_one(workspace, ref), Failed)
    with at(tmp_path, ref).open("ab") as file:
        file.write(data[half:])
    assert workspace.changes(found.cursor).changed == (Changed(ref),)
    assert "Said in the meeting." in words(read_one(workspace, ref))


def test_a_file_that_never_stops_growing_ends_all_the_same(workspace: FolderWorkspace, tmp_path: Path) -> None:
    """Somebody writes as fast as it is read: the look and the read end at the largest size that is read."""
    ref = place(tmp_path, "growing.docx", document())
    done = threading.Event()

    def grow() -> None:
        with at(tmp_path, ref).open("ab") as file:
            while not done.is_set() and file.tell() < 150_000_000:
                file.write(bytes(200_000))

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        begun = time.perf_counter()
        workspace.changes("")
        read_one(workspace, ref)
        assert time.perf_counter() - begun < SECONDS
    finally:
        done.set()
        writer.join()


# ---------------------------------------------------------------- the whole sync


def test_every_hostile_file_is_one_line_of_the_report_and_the_rest_goes_on(house: House) -> None:
    """Each line names its file; what Ada typed arrives; the ledgers hold nothing else."""
    working = ref_of(house, check_in_of(ADA)).rpartition("/")[0]
    names = {hostile.name for hostile in BROKEN if "larger" not in hostile.name}
    for hostile in BROKEN:
        if hostile.name in names:
            (house.path(working) / hostile.name).write_bytes(hostile.make())
    os.mkfifo(house.path(working) / "pipe.docx")
    (house.path(working) / "link.docx").symlink_to("/etc/hostname")
    type_into(house.path(ref_of(house, check_in_of(ADA))), "What went well", "We shipped in spite of it.")
    report = house.sync()
    lines = [finding.message for finding in report.needs_person]
    for name in {*names, "pipe.docx", "link.docx"}:
        assert sum(f"{working}/{name}" in line for line in lines) == 1, (name, lines)
    assert report.failed == len(names) + 2
    assert "We shipped in spite of it." in house.heard()
    assert [noted.ref for noted in report.new] == [ref_of(house, check_in_of(ADA))]


@pytest.mark.parametrize("hostile", [one for one in BROKEN if one.name.endswith("docx") and "larger" not in one.name][:12])
def test_evidence_stays_when_its_document_is_broken_and_goes_on_when_it_is_mended(house: House, hostile: Hostile) -> None:
    """A broken check-in withdraws nothing; put right, it is read on."""
    path = house.path(ref_of(house, check_in_of(ADA)))
    type_into(path, "What went well", "First.")
    house.sync()
    whole = path.read_bytes()
    path.write_bytes(hostile.make())
    broken = house.sync()
    assert (broken.failed, broken.withdrawn) == (1, ())
    assert "First." in house.heard()
    path.write_bytes(whole)
    type_into(path, "What went well", "Second.")
    mended = house.sync()
    assert (mended.failed, len(mended.new), mended.withdrawn) == (0, 1, ())
    assert house.sync().quiet


@pytest.mark.parametrize("instead", ["link", "folder link", "other form", "other kind"])
def test_what_stands_in_the_place_of_a_document_is_one_line_and_its_evidence_stays(house: House, instead: str) -> None:
    """The first sync says it, the second has nothing new, and the document goes on when it stands there again."""
    ref = ref_of(house, check_in_of(ADA))
    path = house.path(ref)
    type_into(path, "What went well", "First.")
    house.sync()
    aside = house.base / "aside"
    place = path.parent if instead == "folder link" else path
    place.rename(aside)
    if "link" in instead:
        place.symlink_to(aside)
    else:
        place.with_suffix(".odt" if instead == "other form" else ".docx").write_bytes(workbook())
    said = {
        "link": "symbolic link",
        "folder link": "symbolic link",
        "other form": ".odt is",
        "other kind": "really an Excel workbook",
    }
    report = house.sync()
    (line,) = [finding.message for finding in report.needs_person]
    assert said[instead] in line
    assert (report.failed, report.unlinked, report.withdrawn) == (1, (), ())
    assert house.sync().quiet
    assert "First." in house.heard()
    for one in (place, place.with_suffix(".odt")):
        one.unlink(missing_ok=True)
    aside.rename(place)
    type_into(path, "What went well", "Second.")
    mended = house.sync()
    assert (mended.failed, len(mended.new), mended.withdrawn, mended.needs_person) == (0, 1, (), ())
    assert house.sync().quiet


@pytest.mark.parametrize("kind", ["link", "dangling link", "pipe", "folder", "closed folder"])
def test_what_was_in_the_way_and_is_taken_away_is_no_trouble_any_more(house: House, kind: str) -> None:
    """A stranger that could not be looked at is told once, and forgotten with it."""
    path = house.path(ref_of(house, check_in_of(ADA))).with_name("stranger" if "folder" in kind else "stranger.docx")
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "closed folder":
        path.symlink_to(house.base)
    elif kind == "folder":
        (path / "x").mkdir(parents=True)
        (path / "y.docx").symlink_to("/etc/hostname")
    else:
        path.symlink_to("/etc/hostname" if kind == "link" else "/nowhere")
    assert house.sync().failed == 1
    assert house.sync().quiet
    if kind == "folder":
        shutil.rmtree(path)
    else:
        path.unlink()
    if kind == "closed folder":
        path.mkdir()
    assert house.sync().failed == 0
    assert house.sync().still_failing == 0
