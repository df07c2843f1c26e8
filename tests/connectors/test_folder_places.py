"""Each artifact stands where it belongs, under a name that every system takes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.folder.folders import Folders
from connectors.folder.paths import MAX_NAME, akin, owner_folder, owner_token, parts_of, safe_name, token_of
from connectors.folder.workspace import FolderWorkspace
from connectors.workspace import (
    Created,
    Edit,
    Failed,
    Home,
    WorkspaceError,
)
from templates.shapes import Place
from tests.connectors.folder_verbs import HIDDEN, at, folder, made
from tests.connectors.samples import ADA, CHECK_IN, check_in, sheet

# ---------------------------------------------------------------- where things stand


def test_each_place_has_its_own_folder(tmp_path: Path) -> None:
    """The four places are apart, and what is private is under the other root."""
    homes = [Home(Place.COMPANY, inner=("Roles",)), ADA, replace(ADA, place=Place.REVIEWS), HIDDEN]
    refs = made(folder(tmp_path), *(replace(check_in(f"k{number}"), home=home) for number, home in enumerate(homes)))
    title = f"{check_in().title}.docx"
    assert refs == [
        f"shared/Company/Roles/{title}",
        f"shared/Working/Ada Brandt - p7k3m2qd/2026-h1/{title}",
        f"shared/Reviews/Ada Brandt - p7k3m2qd/2026-h1/{title}",
        f"private/Bo Chen - m1/Ada Brandt/{title}",
    ]
    assert all(at(tmp_path, ref).is_file() for ref in refs)


def test_private_folders_and_files_are_closed(tmp_path: Path) -> None:
    """Group and others have no bit on them."""
    (ref,) = made(folder(tmp_path), replace(check_in(), home=HIDDEN))
    path = at(tmp_path, ref)
    assert {each.stat().st_mode & 0o077 for each in (path, path.parent, path.parent.parent, tmp_path / "managers")} == {0}


@pytest.mark.parametrize(("shared", "private"), [("a", "a"), ("a", "a/b"), ("a/b", "a"), ("a", "link/b")])
def test_roots_inside_one_another_are_refused(tmp_path: Path, shared: str, private: str) -> None:
    """Also behind a symbolic link: whoever has the outer one could read the inner one."""
    (tmp_path / "a").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "a")
    with pytest.raises(WorkspaceError, match="inside one another"):
        FolderWorkspace(tmp_path / shared, tmp_path / private)


def test_a_renamed_person_keeps_the_folder(tmp_path: Path) -> None:
    """The id at the end of the folder's name counts, whoever changed the name before it."""
    first = made(folder(tmp_path), sheet())[0]
    (second,) = made(folder(tmp_path), replace(check_in(), home=replace(ADA, owner_name="Ada Lovelace")))
    assert second.split("/")[:3] == first.split("/")[:3]


def test_a_missing_root_is_no_empty_workspace(tmp_path: Path) -> None:
    """An unplugged disk ends the call instead of reporting that everything vanished."""
    workspace = folder(tmp_path)
    (ref,) = made(workspace, check_in())
    cursor = workspace.changes("").cursor
    (tmp_path / "team").rename(tmp_path / "unplugged")
    for look in (lambda: workspace.changes(cursor), lambda: workspace.exists([ref]), lambda: list(workspace.trash([ref]))):
        with pytest.raises(WorkspaceError, match="not there"):
            look()
    assert not (tmp_path / "team").exists()


# ---------------------------------------------------------------- names

NAMES = st.text(max_size=200) | st.sampled_from(["con", "NUL.txt", "..", ".", "a.", "~$x", "lpt1", "a/b", "x" * 300, "é" * 90])


@given(NAMES)
def test_every_title_becomes_a_name_that_all_systems_take(text: str) -> None:
    """No separators, control characters, devices, hidden names or trailing dots; never longer than the limit."""
    name = safe_name(text, ".docx")
    stem = name.removesuffix(".docx")
    assert not set(name) & set('\0/\\:*?"<>|')
    assert stem
    assert stem[0] not in ".~"
    assert stem[-1] not in ". "
    assert stem.partition(".")[0].lower() not in {"con", "prn", "aux", "nul", "com1", "lpt1"}
    assert len(name.encode()) <= MAX_NAME
    assert parts_of(f"shared/{name}") == ("shared", name)


def test_long_titles_stay_apart() -> None:
    """What was cut still tells two titles from one another."""
    assert safe_name("x" * 200 + "1") != safe_name("x" * 200 + "2")


@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=60), NAMES)
def test_two_ids_never_share_a_folder(one: str, other: str, name: str) -> None:
    """Whatever the ids hold, each folder tells its own."""
    assert token_of(owner_folder(one, name)) == owner_token(one)
    assert (owner_token(one) == owner_token(other)) == (one == other)


@pytest.mark.parametrize("ref", ["", "shared", "shared/", "other/x", "shared/../x", "/etc/passwd", "shared//x", "private/./x"])
def test_a_ref_outside_the_roots_names_nothing(tmp_path: Path, ref: str) -> None:
    """Nothing is read, written or moved through a made-up ref."""
    workspace = folder(tmp_path)
    workspace.prepare()
    assert [type(result) for result in workspace.read([(ref, None)])] == [Failed]
    assert [type(result) for result in workspace.write([Edit(ref, "", CHECK_IN, ())])] == [Failed]
    assert [type(result) for result in workspace.trash([ref])] == [Failed]
    assert workspace.exists([ref]) == set()


def test_titles_that_differ_only_in_forbidden_characters_do_not_overwrite_one_another(tmp_path: Path) -> None:
    """The second one fails with a sentence; the first stays."""
    first, second = folder(tmp_path).create([check_in("one", "A/B"), check_in("two", "A:B")])
    assert isinstance(first, Created)
    assert isinstance(second, Failed)
    assert "Rename it" in second.reason


def test_folders_are_only_made_once(tmp_path: Path) -> None:
    """The second artifact of a home costs no look at its folders."""
    workspace = folder(tmp_path)
    workspace.prepare()
    steps: list[str] = []
    folders = Folders({"shared": tmp_path / "team", "private": tmp_path / "managers"}, steps.append)
    assert folders.home(ADA) == folders.home(replace(ADA))
    assert steps == ["create: folder"] * 2


@pytest.mark.parametrize(
    ("ref", "former", "may"),
    [
        ("shared/Working/Ada B. - p7k3/x.docx", "shared/Working/Ada - p7k3/2026/x.docx", True),
        ("shared/Working/mine/x.docx", "shared/Working/Ada - p7k3/x.docx", True),
        ("shared/Working/Bo - q8k4/x.docx", "shared/Working/Ada - p7k3/x.docx", False),
        ("shared/Working/Ada - p7k3/x.docx", "private/Mona - m1/x.docx", False),
        ("private/Mona - m1/x.docx", "private/Otto - o2/x.docx", False),
        ("shared/x.docx", "shared/Working/Ada - p7k3/x.docx", False),
    ],
)
def test_a_document_never_moves_into_anothers_folder(ref: str, former: str, may: bool) -> None:
    """What is private stays what it was: a file that turns up in the open is a copy that somebody put there."""
    assert akin(ref, former) is may
