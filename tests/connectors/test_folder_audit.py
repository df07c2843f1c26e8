"""Who can read the folders, and where nobody here can tell."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from connectors.folder.audit import mount_kind
from tests.connectors.folder_verbs import HIDDEN, at, folder, made
from tests.connectors.samples import check_in, sheet


def drifts(base: Path) -> dict[str, bool]:
    """Ref to certainty of what the audit reports."""
    return {drift.ref: drift.certain for drift in folder(base).audit({}) if "mounted" not in drift.reason}


def test_a_new_workspace_is_closed_enough(tmp_path: Path) -> None:
    """What this program makes needs no correction; who is in a group of this computer, only people can tell."""
    made(folder(tmp_path), sheet(), check_in(), replace(check_in("hidden"), home=HIDDEN))
    assert drifts(tmp_path) in ({}, {"shared/Working": False})


def test_open_private_folders_are_reported_as_far_as_they_can_be_reached(tmp_path: Path) -> None:
    """A folder or file that group or others can open; what lies in a closed folder is closed."""
    (ref,) = made(folder(tmp_path), replace(check_in(), home=HIDDEN))
    path = at(tmp_path, ref)
    path.chmod(0o644)
    assert drifts(tmp_path) == {}
    (tmp_path / "managers").chmod(0o711)
    assert set(drifts(tmp_path)) == {"private"}
    for each in (path.parent, path.parent.parent):
        each.chmod(0o755)
    assert drifts(tmp_path) == {
        "private": True,
        "private/Bo Chen - m1": True,
        "private/Bo Chen - m1/Ada Brandt": True,
        ref: True,
    }


def test_working_folders_that_everybody_can_list_are_reported(tmp_path: Path) -> None:
    """By the folder of the person."""
    made(folder(tmp_path), sheet())
    for ref in ("shared/Working", "shared/Working/Ada Brandt - p7k3m2qd"):
        at(tmp_path, ref).chmod(0o755)
    (tmp_path / "team").chmod(0o755)
    assert drifts(tmp_path) == {"shared/Working/Ada Brandt - p7k3m2qd": True}


@pytest.mark.parametrize("where", ["OneDrive - Acme", "Dropbox (Acme)", "marked"])
def test_a_private_folder_in_a_synchronised_one_is_doubtful(tmp_path: Path, where: str) -> None:
    """Nobody here can tell whom the other program shares it with."""
    base = tmp_path / where
    base.mkdir()
    (tmp_path / "marked").mkdir(exist_ok=True)
    (tmp_path / "marked" / ".stfolder").mkdir()
    folder(base).prepare()
    assert drifts(base) == {"private": False}


def test_the_innermost_mount_tells_the_kind_of_file_system() -> None:
    """Spaces in its name are written as octal."""
    table = "dev / ext4 rw 0 0\n//srv/x /mnt/My\\040Team cifs rw 0 0\nbroken\n"
    assert mount_kind(Path("/mnt/My Team/a"), table) == "cifs"
    assert mount_kind(Path("/mnt/Other"), table) == "ext4"
    assert mount_kind(Path("/x"), "") == ""


def test_folders_of_persons_that_a_group_can_open_are_named_once(tmp_path: Path) -> None:
    """Not certain, for the group may be just the two people; with nothing for group or others there is nothing to say."""
    (ref,) = made(folder(tmp_path), check_in())
    person = at(tmp_path, ref).parent.parent
    person.chmod(0o770)
    assert drifts(tmp_path)["shared/Working"] is False
    person.chmod(0o711)
    person.parent.chmod(0o755)
    assert drifts(tmp_path)[f"shared/Working/{person.name}"] is True
    person.chmod(0o700)
    assert drifts(tmp_path) == {}
