"""Goal sheets that other programs saved: every goal stays the one that was provisioned, and every word arrives."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.office import xlsx
from connectors.workspace import Table, as_read
from sync.pull.intents import Intents, Known
from sync.pull.reconcile import reconcile
from templates.shapes import ColumnType, Kind
from tests.connectors.office.sheets import CONTENT, SHAPE, built
from tests.sync.pull.world import artifact, context, snapshot

FILES = sorted((Path(__file__).parents[2] / "files" / "xlsx").glob("*.xlsx"))
SHEET = artifact(Kind.GOAL_SHEET)
GROUND = as_read(CONTENT)
assert isinstance(GROUND, Table)
FIRST = xlsx.read(built(), SHAPE)[1]


def step(previous: Table | None, now: Table, known: Known) -> tuple[Intents, Known]:
    """One read and what is known after it."""
    intents = reconcile(SHEET, SHAPE, GROUND, previous, snapshot(now), known, context())
    goals = {goal.id: goal for goal in (*known.goals, *intents.goals)}
    return intents, Known((*known.entries, *intents.entries), tuple(goals.values()))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_goal_of_a_saved_sheet_stays_itself_and_every_word_is_evidence(path: Path) -> None:
    """Goals keep their ids wherever their rows went; what was typed is in an entry; reading it again says nothing new."""
    _, before = step(None, FIRST, Known())
    ids = {goal.title: goal.id for goal in before.goals}
    now = xlsx.read(path.read_bytes(), SHAPE)[1]
    intents, after = step(FIRST, now, before)
    standing = {goal.title.strip(): goal.id for goal in after.goals if not goal.removed}
    assert {title: standing[title] for title in ids if title in standing} == {t: ids[t] for t in ids if t in standing}
    if "other-scripts" in path.stem:
        assert set(standing.values()) == set(ids.values())
    elif "row-deleted" not in path.stem:
        assert ids.keys() <= standing.keys()
    said = " ".join(entry.text for entry in after.entries)
    assert all(left.text.strip() in said for left in now.left_overs)
    assert all(word in said for word in _words(now)), path.stem
    again, _ = step(now, now, after)
    assert (again.entries, again.goals, again.values) == ((), (), ())
    assert len(intents.goals) == len({goal.id for goal in intents.goals})


def _words(now: Table) -> set[str]:
    """Texts that stand in rows and did not when they were provisioned; a figure written in another way is the same one."""
    typed = {column.key for column in SHAPE.columns if column.type not in (ColumnType.DATE, ColumnType.KEY)}
    known = {cell.text.strip() for row in FIRST.rows for cell in row.cells.values()}
    cells = ((name, cell) for row in now.rows for name, cell in row.cells.items() if cell.number is None)
    return {cell.text.strip() for name, cell in cells if name in typed or name.startswith("?")} - known
