"""What is said about documents that stand where they do not belong."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sync.pull.foreign import misplaced
from templates.shapes import Kind
from tests.sync.pull.world import artifact


def test_last_months_check_in_over_this_months_is_not_moved_over_its_original() -> None:
    """The advice holds whether the other one still stands in its place or not, and blames no other people."""
    june = replace(artifact(Kind.CHECK_IN), title="Check-in June", ref="shared/june.docx", due=date(2026, 6, 1))
    may = replace(june, key="2026/ada/check-in/2026-05-01", title="Check-in May", ref="shared/may.docx", due=date(2026, 5, 1))
    told = misplaced(june, may.key, may)
    assert "'Check-in May' (2026/ada/check-in/2026-05-01) stands where 'Check-in June' was" in told
    assert "Move it to shared/may.docx, or away when that one still stands there" in told
    assert "put 'Check-in June' back here" in told
    assert "not of the same people" not in told


def test_a_document_of_unknown_origin_is_moved_away() -> None:
    """Where it belongs is not known."""
    told = misplaced(artifact(Kind.CHECK_IN), "2026/else/check-in", None)
    assert "the document 2026/else/check-in stands where" in told
    assert "Move it away, and put" in told
