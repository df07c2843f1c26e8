"""Goal sheets as they are now, and targeted edits of them: only empty cells are filled, rows are added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from connectors.notion.bodies import body_of
from connectors.notion.client import Api
from connectors.notion.databases import Databases
from connectors.notion.editing import EditRefused
from connectors.notion.goals import Goal, goal_of, sheet_version, slim, table_of
from connectors.notion.layout import GOALS
from connectors.notion.looking import Looked
from connectors.notion.making import Maker, goal_cells
from connectors.notion.rows import Page, Rows
from connectors.notion.values import Json, Unfit, words
from connectors.workspace import AppendRows, CellValue, Change, NewRow, ReplaceCells, SetCells, Table
from templates.shapes import TableShape


class Sheets:
    """Reads and edits goal sheets."""

    def __init__(self, api: Api, databases: Databases, rows: Rows, maker: Maker) -> None:
        self._api, self._databases, self._rows, self._maker = api, databases, rows, maker

    def look(self, page: Page) -> Looked:
        """The sheet with all its goals, as it is now. Raises Unreadable."""
        body = body_of(self._api, page.id)
        goals = tuple(slim(goal_of(one, body_of(self._api, one.id))) for one in self._goals(page))
        version = sheet_version(body, page.beside, goals)
        return Looked(page.key, version, body, page.beside, page.edited, page.edited_by, goals)

    def table(self, looked: Looked, shape: TableShape | None) -> Table:
        """The sheet as the engine reads it."""
        columns = self._databases.columns(shape.columns) if shape else {}
        return table_of(looked.body, looked.beside, looked.goals or (), shape, columns)

    def _goals(self, page: Page) -> list[Page]:
        if self._databases.known(GOALS) is None:
            return []
        found = list(self._rows.with_key(GOALS, "Sheet", [page.key]))
        employees = page.people("Employee")
        return [*found, *(self._rows.unclaimed(employees[0]) if employees else ())]

    # ------------------------------------------------------------ edits

    def edit(self, page: Page, looked: Looked, shape: TableShape, changes: Sequence[Change]) -> bool:
        """Make *changes*; whether anything had to be written. Raises EditRefused before anything is written."""
        columns = self._databases.columns(shape.columns)
        standing = list(enumerate(sorted(looked.goals or (), key=lambda goal: goal.rank), start=1))
        goals = {goal.key or f"row {number} of {shape.title}": goal for number, goal in reversed(standing)}
        fills: list[tuple[str, Json]] = []
        adds: list[NewRow] = []
        try:
            for change in changes:
                if isinstance(change, SetCells):
                    fills += _fills(shape, columns, goals, change.cells)
                elif isinstance(change, ReplaceCells):
                    fills += _wanted(shape, columns, goals, change.cells)
                elif isinstance(change, AppendRows):
                    adds += change.rows
                    for row in change.rows:
                        goal_cells(shape, columns, row)
                else:
                    raise EditRefused("This is a table, and a table has no sections.")
        except Unfit as error:
            raise EditRefused(str(error)) from error
        self._write(page, looked, shape, fills, adds)
        return bool(fills or adds)

    def _write(
        self, page: Page, looked: Looked, shape: TableShape, fills: Sequence[tuple[str, Json]], adds: Sequence[NewRow]
    ) -> None:
        for id_, values in fills:
            self._api.change(f"pages/{id_}", {"properties": values})
        below = max((goal.order for goal in looked.goals or () if goal.order != float("inf")), default=-1.0)
        employees, rights = page.people("Employee"), self._rows.rights(page)
        writers, readers = (sorted(rights.get(name, ())) for name in ("Shared with", "Shown to"))
        for number, row in enumerate(adds, start=int(below) + 1):
            self._maker.goal(shape, row, number, page.key, employees[0] if employees else "", writers, readers)


def _fills(
    shape: TableShape, columns: Mapping[str, str], goals: Mapping[str, Goal], cells: Mapping[str, Mapping[str, CellValue]]
) -> list[tuple[str, Json]]:
    """Goal ids with the properties that are still empty and are to be filled."""
    filled = {goal.id: {id_ for id_, _, value in goal.values if words(value)} for goal in goals.values()}
    found = [
        (goal, {id_: value for id_, value in wanted.items() if id_ not in filled[goal]})
        for goal, wanted in _wanted(shape, columns, goals, cells)
    ]
    return [(goal, empty) for goal, empty in found if empty]


def _wanted(
    shape: TableShape, columns: Mapping[str, str], goals: Mapping[str, Goal], cells: Mapping[str, Mapping[str, CellValue]]
) -> list[tuple[str, Json]]:
    """Goal ids with the properties that are asked for."""
    if missing := sorted(set(cells) - goals.keys()):
        raise EditRefused(f"There is no row with the key {missing[0]!r} any more.")
    return [(goals[key].id, goal_cells(shape, columns, NewRow(key, values))) for key, values in cells.items()]
