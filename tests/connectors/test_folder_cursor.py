"""What changed between two looks, purely."""

from __future__ import annotations

import pytest

from connectors.folder.cursor import OVERLAP, Known, State, difference, is_settled, pack, unpack
from connectors.folder.scan import Stat
from connectors.workspace import (
    Changed,
    Vanished,
    WorkspaceError,
)

SEEN = Known(Stat(10, 1, 1, 5), "h", "k")


def test_a_file_is_settled_only_when_its_time_is_well_past() -> None:
    """Inside the overlap a coarse clock may hide a change, so the file is read again."""
    assert is_settled(SEEN, SEEN.stat, OVERLAP + 2)
    assert not is_settled(SEEN, SEEN.stat, OVERLAP + 1)
    assert not is_settled(SEEN, SEEN.stat._replace(changed=2), OVERLAP * 9)
    assert not is_settled(None, SEEN.stat, OVERLAP * 9)


def test_an_inode_that_was_given_out_again_is_no_move() -> None:
    """A deleted file and a new one may share it; key or content must agree too."""
    fresh = Known(SEEN.stat, "other", "another key")
    assert difference({"a": SEEN}, {"b": fresh}) == ((Changed("b"),), (Vanished("a"),))


def test_a_file_moved_and_edited_is_known_by_its_key() -> None:
    """Saved elsewhere and removed here: one move."""
    elsewhere = Known(Stat(11, 3, 3, 6), "other", "k")
    assert difference({"a": SEEN}, {"b": elsewhere}) == ((Changed("b", "a"),), ())


def test_two_files_alike_are_not_told_apart() -> None:
    """Where content and key could mean either, nothing is claimed."""
    twin = SEEN._replace(stat=SEEN.stat._replace(inode=6))
    arrived = {"c": SEEN._replace(stat=SEEN.stat._replace(inode=7)), "d": SEEN._replace(stat=SEEN.stat._replace(inode=8))}
    changed, vanished = difference({"a": SEEN, "b": twin}, arrived)
    assert changed == (Changed("c"), Changed("d"))
    assert vanished == (Vanished("a"), Vanished("b"))


def test_a_cursor_keeps_its_state_and_a_damaged_one_says_so() -> None:
    """Every name comes back; anything else is a sentence."""
    state = State(7, {"shared/Working/Zoë 👩🏽‍💻/x.docx": SEEN, "private/y.xlsx": SEEN})
    assert unpack(pack(state)) == state
    for damaged in ("x", "bm90IHpsaWI=", pack(state)[:-8]):
        with pytest.raises(WorkspaceError, match="clear it"):
            unpack(damaged)
