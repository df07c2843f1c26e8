"""Where texts stand now. An entry keeps the place at which it was read; rows are sorted and comments wander afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from connectors.workspace import Document, Row, Table
from sync.pull.likeness import plain
from sync.pull.sections import left_overs
from sync.pull.serial import from_json
from sync.records import Entry, Goal
from sync.store import Transaction
from sync.store.queries import artifacts, ledger

_ROW = re.compile(r"row:(?P<key>[^/]+)/")
_FIRST_CELL = re.compile(r"(?P<sheet>.*)![A-Z]+(?P<row>[0-9]+)")
_OF_SHEET = re.compile(r".*, row [0-9]+(?=, |$)")
_OF_TABLE = re.compile(r"row [0-9]+ of [^,]*(?=, |$)")


def as_they_stand(tx: Transaction, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """*entries* with the places of the last reading of their documents; those whose text stands no more keep theirs."""
    keys = {entry.artifact_key for entry in entries}
    goals = ledger.goals_of_artifacts(tx, keys)
    now: dict[str, dict[str, str]] = {}
    for key, data in artifacts.last_snapshots(tx, keys).items():
        own = [entry for entry in entries if entry.artifact_key == key]
        now[key] = dict(places(own, from_json(data), goals.get(key, ())))
    return tuple(replace(entry, place=now.get(entry.artifact_key, {}).get(entry.id, entry.place)) for entry in entries)


def places(entries: Iterable[Entry], content: Table | Document, goals: Iterable[Goal]) -> Iterator[tuple[str, str]]:
    """The id of each of *entries* that stands in *content*, and its place there. *goals* are those of the sheet."""
    rows = _rows_of_goals(content, goals) if isinstance(content, Table) else _rows_of_tables(content)
    left = {(unit.anchor, plain(unit.text)): unit.place for unit in left_overs(content.left_overs)}
    for entry in entries:
        found = _ROW.match(entry.anchor)
        if found and found["key"] in rows:
            yield entry.id, _moved(entry.place, rows[found["key"]])
        elif not found and (place := left.get((entry.anchor, plain(entry.text)))):
            yield entry.id, place


def _rows_of_goals(table: Table, goals: Iterable[Goal]) -> dict[str, Row]:
    """Row key of a goal to its row: where it was last read, which is not always where its key stands."""
    here = {goal.row_key: goal for goal in goals if not goal.removed and goal.position < len(table.rows)}
    rows = {key: table.rows[goal.position] for key, goal in here.items()}
    return {key: row for key, row in rows.items() if "goal" in row.cells and row.cells["goal"].text.strip() == here[key].title}


def _rows_of_tables(document: Document) -> dict[str, Row]:
    return {row.key.strip(): row for part in document.parts for row in part.rows if row.key.strip()}


def _moved(place: str, row: Row) -> str:
    """*place* with the row that it is in now: ``Goals, row 7, Now`` in ``Goals!A9`` is ``Goals, row 9, Now``."""
    if found := _FIRST_CELL.fullmatch(row.place):
        return _OF_SHEET.sub(lambda _: f"{found['sheet']}, row {found['row']}", place, count=1)
    return _OF_TABLE.sub(lambda _: row.place, place, count=1)
