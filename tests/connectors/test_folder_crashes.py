"""Ended at any step, the folder workspace comes back to whole files, and loses nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.folder.workspace import FolderWorkspace
from connectors.folder.writing import Disk, Intent, is_torn
from connectors.workspace import (
    Failed,
    Trashed,
    Unchanged,
    Written,
)
from tests.connectors.folder_verbs import HIDDEN, Crash, at, filling, folder, made, own_files, type_into
from tests.connectors.samples import CHECK_IN, check_in, sheet


def crashed_at(number: int) -> Callable[[str], None]:
    """A checkpoint that ends the process at the step of that *number*."""
    seen = 0

    def checkpoint(step: str) -> None:
        nonlocal seen
        if seen == number:
            raise Crash(step)
        seen += 1

    return checkpoint


def crashes(act: Callable[[Callable[[str], None], Path], None], base: Path, start: Path) -> Iterator[tuple[Path, str]]:
    """*act* from the state in *start*, ended at each of its steps in turn: the folder it left and the step's name."""
    for number in range(200):
        place = base / f"crash-{number}"
        shutil.copytree(start, place)
        try:
            act(crashed_at(number), place)
        except Crash as crash:
            yield place, str(crash)
        else:
            assert number > 3
            return


def test_creating_converges_after_a_crash_at_any_step(tmp_path: Path) -> None:
    """Run again, each artifact is there once and whole, and nothing else is left."""
    items = [sheet(), check_in(), replace(check_in("hidden"), home=HIDDEN)]
    (tmp_path / "start").mkdir()
    refs = made(folder(tmp_path / "whole"), *items)
    steps = []

    def act(checkpoint: Callable[[str], None], base: Path) -> None:
        made(folder(base, checkpoint), *items)

    for place, step in crashes(act, tmp_path, tmp_path / "start"):
        steps.append(step)
        again = folder(place)
        assert made(again, *items) == refs
        assert own_files(place) == []
        for ref in refs:
            assert at(place, ref).read_bytes() == at(tmp_path / "whole", ref).read_bytes()
    assert {"create: half of the safe copy", "create: named", "create: done"} <= set(steps)


def test_an_edit_is_whole_or_not_made_after_a_crash_at_any_step(tmp_path: Path) -> None:
    """The next run finds the old text or the new one, never a torn file, and making the edit again converges."""
    start = tmp_path / "start"
    (ref,) = made(folder(start), check_in())
    old = at(start, ref).read_bytes()
    inode_kept = torn = 0
    contents = set()

    def act(checkpoint: Callable[[str], None], base: Path) -> None:
        quiet = folder(base)
        quiet.prepare()
        (result,) = folder(base, checkpoint).write([filling(quiet, ref)])
        assert isinstance(result, Written)

    act(lambda step: None, shutil.copytree(start, tmp_path / "whole"))
    new = at(tmp_path / "whole", ref).read_bytes()
    for place, _ in crashes(act, tmp_path, start):
        path = at(place, ref)
        torn += path.read_bytes() not in (old, new)
        inode = path.stat().st_ino
        again = folder(place)
        assert [changed.ref for changed in again.changes("").changed] == [ref]
        assert path.read_bytes() in (old, new)
        contents.add(path.read_bytes())
        assert isinstance(next(again.write([filling(again, ref)])), Written | Unchanged)
        assert path.read_bytes() == new
        inode_kept += path.stat().st_ino == inode
        assert own_files(place) == []
    assert torn
    assert inode_kept
    assert contents == {old, new}


def test_a_file_that_shrinks_is_whole_after_a_crash_at_any_step(tmp_path: Path) -> None:
    """The tail of the longer text does not stay behind the shorter one."""
    start = tmp_path / "start"
    (ref,) = made(folder(start), check_in())
    small = at(start, ref).read_bytes()
    type_into(at(start, ref), "Notes", "".join(chr(0x4E00 + number * 7 % 20000) for number in range(3000)))
    large = at(start, ref).read_bytes()
    assert len(large) > len(small)

    def act(checkpoint: Callable[[str], None], base: Path) -> None:
        assert Disk(False, checkpoint).replace_in_place(at(base, ref), large, small, lambda: True)
        assert at(base, ref).read_bytes() == small

    steps = []
    for place, step in crashes(act, tmp_path, start):
        steps.append(step)
        folder(place).changes("")
        assert at(place, ref).read_bytes() in (small, large)
        assert own_files(place) == []
    assert "write: not yet cut" in steps


def test_pages_that_reached_the_disk_in_any_order_are_a_torn_file(torn: tuple[Path, str, bytes, bytes]) -> None:
    """A power failure may keep later pages of an edit and lose earlier ones."""
    base, ref, old, new = torn
    mixed = b"".join((new, old)[page // 512 % 2][page : page + 512] for page in range(0, len(new), 512))
    at(base, ref).write_bytes(mixed.ljust(len(new), b"\0"))
    folder(base).changes("")
    assert at(base, ref).read_bytes() == new


def test_durable_writing_does_the_same(tmp_path: Path) -> None:
    """With every sync that a power failure asks for."""
    workspace = FolderWorkspace(tmp_path / "team", tmp_path / "managers")
    refs = made(workspace, sheet(), check_in(), replace(check_in("hidden"), home=HIDDEN))
    assert isinstance(next(workspace.write([filling(workspace, refs[1])])), Written)
    assert list(workspace.trash([refs[0]])) == [Trashed(refs[0])]
    assert workspace.exists(refs) == {refs[1], refs[2]}


def test_trashing_loses_nothing_at_any_step(tmp_path: Path) -> None:
    """The file is in its place or in the bin of its own root."""
    start = tmp_path / "start"
    (ref,) = made(folder(start), replace(check_in(), home=HIDDEN))
    content = at(start, ref).read_bytes()

    def act(checkpoint: Callable[[str], None], base: Path) -> None:
        assert list(folder(base, checkpoint).trash([ref])) == [Trashed(ref)]

    for place in (tmp_path / "whole", *(place for place, _ in _two_crashes(act, tmp_path, start))):
        if place.name == "whole":
            act(lambda step: None, shutil.copytree(start, place))
        standing = list((place / "managers").rglob("*.docx"))
        assert [path.read_bytes() for path in standing] == [content]
        assert list((place / "team").rglob("*.docx")) == []


def _two_crashes(act: Callable[[Callable[[str], None], Path], None], base: Path, start: Path) -> Iterator[tuple[Path, str]]:
    for number in range(2):
        place = shutil.copytree(start, base / f"crash-{number}")
        with pytest.raises(Crash) as crash:
            act(crashed_at(number), place)
        yield place, str(crash.value)


@pytest.fixture
def torn(tmp_path: Path) -> tuple[Path, str, bytes, bytes]:
    """A folder in which an edit ended half-way: base, ref, old and new bytes."""
    (ref,) = made(folder(tmp_path), check_in())
    old = at(tmp_path, ref).read_bytes()
    edit = filling(folder(tmp_path), ref)
    shutil.copytree(tmp_path, tmp_path / "whole")
    list(folder(tmp_path / "whole").write([edit]))
    new = at(tmp_path / "whole", ref).read_bytes()
    shutil.rmtree(tmp_path / "whole")

    def crash(step: str) -> None:
        if step == "write: not yet cut":
            raise Crash(step)

    with pytest.raises(Crash):
        list(folder(tmp_path, crash).write([edit]))
    if at(tmp_path, ref).read_bytes() in (old, new):  # grown files are whole here already: tear this one half-way
        at(tmp_path, ref).write_bytes(new[: len(new) * 3 // 4] + old[len(new) * 3 // 4 :])
    return tmp_path, ref, old, new


def test_a_file_in_the_middle_of_an_edit_is_busy(torn: tuple[Path, str, bytes, bytes]) -> None:
    """Another process that reads meanwhile is told to come again."""
    base, ref, _, _ = torn
    (result,) = folder(base).read([(ref, CHECK_IN)])
    assert isinstance(result, Failed)
    assert result.busy


def test_a_crash_while_recovering_is_recovered_from(torn: tuple[Path, str, bytes, bytes]) -> None:
    """Finishing an edit can itself be cut short, as often as it likes."""
    base, ref, _, new = torn
    for number in range(1, 6):
        try:
            folder(base, crashed_at(number)).changes("")
        except Crash:
            continue
    folder(base).changes("")
    assert at(base, ref).read_bytes() == new
    assert own_files(base) == []


def test_a_torn_file_that_was_moved_is_finished_where_it_is(torn: tuple[Path, str, bytes, bytes]) -> None:
    """The sidecar knows the file itself, not only its name."""
    base, ref, _, new = torn
    at(base, "shared/Working/Mine").mkdir()
    at(base, ref).rename(at(base, "shared/Working/Mine/Moved.docx"))
    folder(base).changes("")
    assert at(base, "shared/Working/Mine/Moved.docx").read_bytes() == new
    assert own_files(base) == []


def test_what_a_person_saved_after_the_crash_is_kept(torn: tuple[Path, str, bytes, bytes]) -> None:
    """A whole file that is neither the old nor the new one is somebody's own work."""
    base, ref, old, _ = torn
    at(base, ref).write_bytes(old)
    type_into(at(base, ref), "Notes", "Mine")
    mine = at(base, ref).read_bytes()
    folder(base).changes("")
    assert at(base, ref).read_bytes() == mine
    assert own_files(base) == []


def test_a_torn_file_that_was_deleted_lies_in_the_bin(torn: tuple[Path, str, bytes, bytes]) -> None:
    """What stood in it is not lost with it."""
    base, ref, _, new = torn
    at(base, ref).unlink()
    folder(base).changes("")
    assert [path.read_bytes() for path in (base / "team" / ".trash").rglob("*.docx")] == [new]
    assert own_files(base) == []


def test_a_full_disk_leaves_the_old_text(tmp_path: Path) -> None:
    """An edit that cannot be written is a failure with a sentence, and the file is as it was."""
    (ref,) = made(folder(tmp_path), check_in())
    before = at(tmp_path, ref).read_bytes()

    full = iter([True])

    def no_room(step: str) -> None:
        if step == "write: half" and next(full, False):
            raise OSError(28, "No space left on device")

    (result,) = folder(tmp_path, no_room).write([filling(folder(tmp_path), ref)])
    assert isinstance(result, Failed)
    assert "No space left" in result.reason
    assert at(tmp_path, ref).read_bytes() == before
    assert own_files(tmp_path) == []


@given(st.binary(max_size=40), st.binary(max_size=40), st.data())
def test_every_cut_of_a_write_is_known_as_torn(old: bytes, new: bytes, data: st.DataObject) -> None:
    """At whichever byte a write stops, what is left is whole or recognised; a file of other bytes is not."""
    cut = data.draw(st.integers(0, len(new)))
    now = new[:cut] + old[cut:]
    assert now in (old, new) or is_torn(now, old, new)
    assert not is_torn(b"\x01" + now + old + new, old, new)
    assert Intent.unpack(Intent("x", 7, old, new).pack()) == Intent("x", 7, old, new)
    assert Intent.unpack(Intent("x", 7, old, new).pack()[:-1]) is None or not old + new


def test_systems_without_hard_links_never_clobber_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory sticks and some shares cannot link: a new file is renamed into a place that is free."""

    def unsupported(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", unsupported)
    disk = Disk(fsync=True, checkpoint=lambda step: None)
    disk.put_new(tmp_path / "x.docx", b"first", 0o600)
    with pytest.raises(FileExistsError):
        disk.put_new(tmp_path / "x.docx", b"second", 0o600)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("x.docx", b"first")]
