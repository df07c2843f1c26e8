"""What must hold of every fuzzed file and of the sync that reads it."""

from __future__ import annotations

from collections.abc import Iterable

from connectors.office import docx, xlsx
from sync.pull.apply import PullReport
from templates.shapes import DocumentShape, TableShape
from tests.fuzz.house import CY, House
from tests.fuzz.words import words_in
from tests.fuzz.xlsx_page import Standing
from tests.sync.pull.conservation import assert_ledger_conserves
from tests.sync.pull.world import ADA


def unheard(data: bytes, shape: DocumentShape) -> set[str]:
    """Words that the codec reads and the ledger has no need of: what its notes name, such as the titles of columns."""
    return words_in(docx.read(data, shape)[1].notes)


def assert_heard(house: House, there: Iterable[str], unheard: set[str]) -> None:
    """Every word that stands *there* in Ada's file is in her ledger, and in nobody else's; so is every other character."""
    assert_ledger_conserves(house.store, house.name)
    there = set(there)
    lost = there - unheard - words_in([house.heard(ADA)])
    assert not lost, f"typed, and not in the ledger: {sorted(lost)}"
    assert not words_in([house.heard(CY)]), "words of Ada's in another ledger"


def assert_withdrawn(house: House, there: Iterable[str]) -> None:
    """No current entry about Ada has a word that stands in her document no more. (A goal that is gone keeps its words.)"""
    kept = words_in(entry.text for entry in house.about(ADA)) - set(there)
    assert not kept, f"deleted, and still current: {sorted(kept)}"


def assert_read(report: PullReport) -> None:
    """The file was read: nothing failed, nothing halted."""
    assert report.failed == 0, report.needs_person
    assert not report.halted


def assert_quiet(report: PullReport) -> None:
    """A second sync of the same folder has nothing to say."""
    assert report.quiet, report


# ---------------------------------------------------------------- goal sheets


def unheard_in_sheet(data: bytes, shape: TableShape) -> set[str]:
    """Words in the titles of columns, which the report names."""
    return words_in(xlsx.read(data, shape)[1].columns.values())


def owners(house: House) -> dict[str, str]:
    """The ids of Ada's goals by their names."""
    return {goal.title: goal.id for goal in house.goals() if not goal.removed}


def assert_right_goals(house: House, there: Standing, before: dict[str, str], unheard: set[str]) -> None:
    """What stands in the row of a goal is told of this goal; its value is its own; it is the goal that it was *before*."""
    goals = {goal.title: goal for goal in house.goals() if not goal.removed}
    now = owners(house)
    changed = [name for name in there.goals if name in before and now.get(name) != before[name]]
    assert not changed, f"the histories of {changed} have another owner"
    told: dict[str, set[str]] = {}
    for entry in house.about():
        told.setdefault(entry.anchor.split("/")[0], set()).update(words_in([entry.text]))
    for name, words in there.goals.items():
        if (goal := goals.get(name.strip())) is not None:
            mine = told.get(f"row:{goal.row_key}", set())
            assert words - unheard <= mine, f"{name!r} lacks {words - unheard - mine}"
            if name in there.values:
                assert goal.now == there.values[name], name
