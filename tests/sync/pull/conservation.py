"""Every text that people wrote is in the ledger: what the last reading of each document holds, against all that is known.

Nothing of the product's comparing is used here but the reading of Markdown. A text counts as kept when a current entry has
it, whole, as often as it stands there; when it is what was provisioned; when a goal or an action has it as a value; or when
an anchor or a finding names it (headings, titles of columns).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from itertools import chain

from connectors.markdown import quotable
from connectors.workspace import Cell, Document, Row, Table, text_of
from sync.pull.cells import NO, YES
from sync.pull.serial import from_json
from sync.records import ActionItem, Artifact, Entry, Finding, Goal
from sync.store import Store
from sync.store.queries import artifacts, ledger

_ROW_NUMBER = re.compile(r"[0-9]{0,4}[.)]?")


@dataclass(frozen=True)
class Known:
    """All that the store has about one document."""

    entries: tuple[Entry, ...]
    goals: tuple[Goal, ...]
    actions: tuple[ActionItem, ...]
    findings: tuple[Finding, ...]

    @property
    def named(self) -> str:
        """Anchors and findings, in which headings and titles stand."""
        return "\n".join(_bare(text) for one in (self.entries, self.findings) for text in map(_naming, one))

    @property
    def values(self) -> set[str]:
        """Every value of goals and actions, as text."""
        held: list[object] = [getattr(goal, field.name) for goal in self.goals for field in fields(goal)]
        held += [getattr(action, field.name) for action in self.actions for field in fields(action)]
        held += [value for goal in self.goals for value in goal.extra.values()]
        return {_bare(text_of(value)) for value in held if isinstance(value, str | float | int | bool | date)} | {
            _bare(text_of(value * 100)) for value in held if isinstance(value, float)
        }


def assert_ledger_conserves(store: Store, name: str) -> None:
    """No character of any text in the last reading of any document of the workspace *name* is lost."""
    with store.read() as tx:
        every = {one.key: one for one in artifacts.all_artifacts(tx, name)}
        last, grounds = artifacts.last_snapshots(tx, every), artifacts.grounds(tx, every)
        entries, goals = ledger.of_artifacts(tx, every), ledger.goals_of_artifacts(tx, every)
        actions = ledger.actions_of_people(tx, {one.person_id for one in every.values()})
        findings = ledger.findings(tx, name)
    for key, data in last.items():
        about = every[key]
        own = tuple(one for one in findings if one.subject == key)
        known = Known(_current(entries.get(key, ())), tuple(goals.get(key, ())), tuple(actions.get(about.person_id, ())), own)
        lost = _lost(from_json(data), from_json(grounds[key]) if grounds[key] else Document(()), known)
        assert not lost, f"{_title(about)}: typed, read, and not in the ledger: {lost}"


def _title(about: Artifact) -> str:
    return f"{about.key} ({about.ref})"


def _current(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    every = tuple(entries)
    former = {entry.supersedes for entry in every}
    return tuple(entry for entry in every if not entry.withdrawn and entry.id not in former)


def _lost(now: Table | Document, ground: Table | Document, known: Known) -> list[str]:
    """The texts of *now* that are nowhere, with how often they are missing."""
    held = Counter(_bare(entry.text) for entry in known.entries)
    titles = {part.heading for part in ground.parts} if isinstance(ground, Document) else set()
    keys = _keys(ground)
    missing = Counter(_texts(now, titles, keys)) - Counter(_texts(ground, titles, keys)) - held
    whole = [text for entry in known.entries if " · " in entry.text for text in map(_bare, entry.text.split(" · "))]
    missing -= Counter(whole)
    values, named = known.values, known.named
    return [
        text
        for text in missing
        if text not in values and text.casefold() not in YES | NO and not _has_goal_value(text, values, named)
    ]


def _has_goal_value(text: str, values: set[str], named: str) -> bool:
    """A title or heading that is named; a figure however it is written (``72%``, ``72,5``, ``0.72``)."""
    figure = text.rstrip("%").replace(",", ".")
    return text in named or figure in values or figure.removesuffix(".0") in values


def _keys(ground: Table | Document) -> frozenset[str]:
    """The keys that were provisioned: a copied row brings its own along, and nobody typed it."""
    rows = ground.rows if isinstance(ground, Table) else (row for part in ground.parts for row in part.rows)
    return frozenset(row.key for row in rows)


def _texts(content: Table | Document, titles: Container[str], keys: Container[str]) -> Iterator[str]:
    """Every text apart, without blanks and looks. *titles* and *keys* are ours, however often they stand there."""
    if isinstance(content, Table):
        found = _of_rows(content.rows, keys)
    else:
        headings = (part.heading for part in content.parts if part.heading not in titles)
        found = chain(headings, (text for part in content.parts for text in (*part.paragraphs, *_of_rows(part.rows, keys))))
    for text in (*found, *(one.text for one in content.left_overs)):
        if bare := _bare(text):
            yield bare


def _of_rows(rows: Iterable[Row], keys: Container[str]) -> Iterator[str]:
    for row in rows:
        if row.key not in keys and not _ROW_NUMBER.fullmatch(row.key.strip()):
            yield row.key
        yield from (_shown(cell) for column, cell in row.cells.items() if column != "key" and not _is_computed(column, cell))


def _is_computed(column: str, cell: Cell) -> bool:
    return column == "progress" and cell.formula


def _shown(cell: Cell) -> str:
    return cell.day.isoformat() if cell.day else cell.text


def _naming(one: Entry | Finding) -> str:
    return one.anchor if isinstance(one, Entry) else one.message


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", quotable(text)).split())
