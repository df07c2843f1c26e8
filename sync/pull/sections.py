"""Documents: what people typed, against what was provisioned and what the ledger knows of the document.

The unit is a paragraph, a list item or a cell. What stands as it was provisioned is never evidence; a unit that is as
the ledger knows it stays; an edited one supersedes; one that is gone is withdrawn.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from connectors.office import xlsx_typed
from connectors.workspace import Document, LeftOver, Part, Row, Snapshot
from sync.pull.cells import BLANK, NO, YES
from sync.pull.copies import Lying
from sync.pull.intents import Context
from sync.pull.likeness import pairs, plain
from sync.pull.notebook import Notebook
from sync.pull.wording import (
    OTHER,
    OWNED,
    SUBMITTED,
    author_in_copy,
    author_of,
    commenter_of,
    day_of,
    kind_of,
    leading_day,
    visibility_in_copy,
    visibility_of,
)
from sync.records import Artifact, Entry, EntryKind
from templates.shapes import DocumentShape, Section, TableShape

ACTION_COLUMNS = frozenset({"key", "action", "owner", "due", "done"})
"""Columns of the actions table that `sync.pull.actions` reads."""
_READY = frozenset({"submitted", "eingereicht", "fertig"})
AHEAD = timedelta(days=1)
"""By how much the day of somebody in the east may be ahead of ours."""
KEY_CELL = "row:/key"
"""The anchor of what stands where the key of a row should: a key of ours, or words that somebody typed there."""

_ANYBODY = frozenset({"", "author", "autor", "auteur", "autore"})
"""What stands for a name where nobody tracked, and where a program was told to leave names out."""

Item = TypeVar("Item")


@dataclass(frozen=True)
class Unit:
    """One paragraph, list item or cell: its section ("" under an unknown heading), anchor, text and place for people."""

    section: str
    anchor: str
    text: str
    place: str
    inserted: tuple[str, ...] = ()
    """The names of who inserted its words while changes were tracked, "" for words that nobody tracked."""

    @property
    def is_cell(self) -> bool:
        """Whether it stands in a row that has a key, so that it can only be the same cell again."""
        return self.anchor.startswith("row:") and not self.anchor.startswith("row:/")


def units_of(document: Document, shape: DocumentShape | TableShape) -> tuple[Unit, ...]:
    """Every unit of *document* in order. The cells of an actions table that make actions are left to their own reader."""
    known = {section.key: section for section in shape.sections} if isinstance(shape, DocumentShape) else {}
    units = [unit for part in document.parts for unit in _of_part(part, known.get(part.section))]
    return (*units, *left_overs(document.left_overs))


def left_overs(texts: Iterable[LeftOver]) -> tuple[Unit, ...]:
    """Texts that fit no known place, under the heading that stood above them."""
    return tuple(Unit("", OTHER + one.heading, one.text.strip(), one.place) for one in texts if one.text.strip())


def _of_part(part: Part, known: Section | None) -> Iterator[Unit]:
    section = known.key if known else ""
    anchor = section or OTHER + (part.heading or part.section)
    if part.heading.strip() and _says_something(part, known):
        yield Unit("", OTHER + part.heading, part.heading.strip(), part.place or part.heading)
    inserted = {number: (name,) for number, name in part.authors} | {one.paragraph: one.names for one in part.pending}
    for number, text in enumerate(part.paragraphs):
        if text.strip():
            yield Unit(section, anchor, text.strip(), part.place or part.heading, inserted.get(number, ()))
    for row in part.rows:
        yield from _of_row(section, row)


def _says_something(part: Part, known: Section | None) -> bool:
    """Whether the heading itself is a text of somebody's: typed over ours, or with nothing under it to stand above."""
    if known is not None:
        return plain(part.heading).casefold() not in {plain(one).casefold() for one in (known.title, *known.former_titles)}
    return not part.rows and not any(text.strip() for text in part.paragraphs)


def _of_row(section: str, row: Row) -> Iterator[Unit]:
    if row.key.strip():
        yield Unit("", KEY_CELL, row.key.strip(), row.place)
    silent = _told_by_actions(row) if section == "actions" else frozenset({"key"})
    for column, cell in row.cells.items():
        if column not in silent and cell.text.strip():
            yield Unit(section, f"row:{row.key.strip()}/{column}", cell.text.strip(), f"{row.place}, {column.lstrip('?')}")


def _told_by_actions(row: Row) -> frozenset[str]:
    """The cells of which an action is made: without a text there is none, and words beside a tick are more than a tick."""
    if not row.cells.get("action", BLANK).text.strip():
        return frozenset({"key", "done"} if _is_a_tick(row) else {"key"})
    return ACTION_COLUMNS if _is_a_tick(row) else ACTION_COLUMNS - {"done"}


def _is_a_tick(row: Row) -> bool:
    return row.cells.get("done", BLANK).text.strip().casefold() in {"", *YES, *NO}


def _with_names(unit: Unit) -> str:
    """Its place, with the names that its tracked changes give."""
    names = " and ".join(name for name in unit.inserted if name.casefold() not in _ANYBODY)
    return f"{unit.place}, tracked changes by {names}".removeprefix(", ") if names else unit.place


def is_action(entry: Entry) -> bool:
    """Whether *entry* is the text of an action's row."""
    return entry.kind is EntryKind.ACTION and entry.anchor.endswith("/action")


def typed(units: Iterable[Unit], ground: Sequence[Unit]) -> tuple[Unit, ...]:
    """Those of *units* that we did not write ourselves.

    A paragraph of ours that somebody carried into another section is still ours.
    """
    ours = Counter((unit.anchor, plain(unit.text)) for unit in ground)
    keys = {unit.text for unit in ground if unit.anchor == KEY_CELL}
    rest = (unit for unit in units if not (unit.anchor == KEY_CELL and unit.text in keys))
    theirs = [unit for unit in rest if not _take(ours, (unit.anchor, plain(unit.text)))]
    moved: Counter[str] = Counter()
    for (anchor, text), count in ours.items():
        moved[text] += 0 if anchor.startswith("row:") else count
    return tuple(unit for unit in theirs if unit.anchor.startswith("row:") or not _take(moved, plain(unit.text)))


def _take(counted: Counter[Item], item: Item) -> bool:
    if counted[item] <= 0:
        return False
    counted[item] -= 1
    return True


def settle(
    units: Sequence[Unit],
    artifact: Artifact,
    shape: DocumentShape | TableShape,
    read: Snapshot,
    context: Context,
    book: Notebook,
    lying: Lying | None = None,
) -> None:
    """Write into *book* what *units*, all that people typed in this document, say beyond its current entries.

    *lying* tells where it lies when it is a copy.
    """
    _Settling(units, artifact, shape, read, context, book, lying).run()


def is_submitted(units: Iterable[Unit], today: date) -> bool:
    """Whether the writer of a self review lets the manager read it: the section holds a yes or a day up to *today*, no more."""
    said = [unit.text for unit in units if unit.section == SUBMITTED]
    return bool(said) and all(_says_yes(text, today) for text in said)


def is_to_come(units: Iterable[Unit], today: date) -> bool:
    """Whether a day is written there on which the manager may read it, and it is not there yet."""
    return any(day > today + AHEAD for unit in units if unit.section == SUBMITTED for day in _days_of(_bare(unit.text)))


def _says_yes(text: str, today: date) -> bool:
    word = _bare(text)
    days = _days_of(word)
    # A day that can be read in two ways opens nothing before the later one: what was shown too early stays shown.
    return word in YES | _READY or (bool(days) and max(days) <= today + AHEAD)


def _bare(text: str) -> str:
    return text.strip(" \t\n.!:()").casefold()


def _days_of(word: str) -> tuple[date, ...]:
    """The day that *word* is, or the two that it may be."""
    day = xlsx_typed.day_in(word)
    return (day,) if day else xlsx_typed.days_in(word)


class _Settling:
    """One document being compared with its entries."""

    def __init__(
        self,
        units: Sequence[Unit],
        artifact: Artifact,
        shape: DocumentShape | TableShape,
        read: Snapshot,
        context: Context,
        book: Notebook,
        lying: Lying | None,
    ) -> None:
        self.units = [unit for unit in units if unit.text]
        self.olds = [entry for entry in book.current if not is_action(entry)]
        self.artifact, self.shape, self.read, self.context, self.book = artifact, shape, read, context, book
        self.lying = lying
        if lying is None:
            self.visibility = visibility_of(artifact, context, submitted=is_submitted(self.units, context.today))
        else:
            self.visibility = visibility_in_copy(artifact, context, lying)

    def run(self) -> None:
        """Equal, edited, moved, new, gone: in this order."""
        self._match_equal(lambda anchor, text: (anchor, text), self._keep)
        for anchor in dict.fromkeys(unit.anchor for unit in self.units):
            self._match_edited(anchor)
        self._match_equal(lambda anchor, text: (anchor if anchor.startswith("row:") else "", text), self._supersede)
        for unit in self.units:
            self._write(unit)
        for entry in self.olds:
            self.book.withdraw(entry)

    def _match_equal(self, sign: Callable[[str, str], tuple[str, str]], then: Callable[[Unit, Entry], None]) -> None:
        waiting: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
        for entry in reversed(self.olds):
            waiting[sign(entry.anchor, plain(entry.text))].append(entry)
        left = []
        for unit in self.units:
            same = waiting.get(sign(unit.anchor, plain(unit.text)))
            if same:
                then(unit, same.pop())
            else:
                left.append(unit)
        self.units = left
        remaining = {entry.id for entries in waiting.values() for entry in entries}
        self.olds = [entry for entry in self.olds if entry.id in remaining]

    def _match_edited(self, anchor: str) -> None:
        units = [unit for unit in self.units if unit.anchor == anchor]
        olds = [entry for entry in self.olds if entry.anchor == anchor]
        if not units or not olds:
            return
        if units[0].is_cell:
            matched = [(olds[0], units[0])]
        else:
            found = pairs([plain(entry.text) for entry in olds], [plain(unit.text) for unit in units])
            matched = [(olds[old], units[new]) for old, new in found]
        for entry, unit in matched:
            self._supersede(unit, entry)
            self.units.remove(unit)
            self.olds.remove(entry)

    def _keep(self, unit: Unit, entry: Entry) -> None:
        """The same words. When more or fewer people may see them now, a new entry says so."""
        if entry.visibility is not self.visibility:
            self._supersede(unit, entry)

    def _supersede(self, unit: Unit, entry: Entry) -> None:
        self._write(unit, entry)

    def _write(self, unit: Unit, before: Entry | None = None) -> None:
        by = self._author(unit, before)
        self.book.add(
            kind_of(self.artifact, unit.section),
            unit.text,
            unit.anchor,
            unit.place if by else _with_names(unit),
            by=by,
            visibility=self.visibility,
            happened_on=self._day(unit, before),
            supersedes=before.id if before else "",
        )

    def _author(self, unit: Unit, before: Entry | None) -> str:
        """Who edits becomes the author; who only moves or shows a text does not. A manager's own document is theirs."""
        if self.artifact.kind in OWNED:
            return self._editor(unit) if self.lying else self.artifact.other_id
        if before is not None and plain(before.text) == plain(unit.text):
            return before.by
        commenter = commenter_of(unit.place, self.context)
        if commenter is not None:
            return commenter
        names = {name.casefold() for name in unit.inserted} - _ANYBODY
        if names and names != {self.read.modified_by.strip().casefold()}:
            return self._inserter(names, unit, before)
        return self._editor(unit) or (before.by if before and not self.lying else "")

    def _inserter(self, names: set[str], unit: Unit, before: Entry | None) -> str:
        """Who tracked changes say it is by: the one of *names*, "" where they are several or unknown.

        Beside words that nobody tracked it is an edit by who inserted the others, when those words were there before; when
        they were not, nobody knows whose they are.
        """
        is_whole = before is not None or _ANYBODY.isdisjoint(name.casefold() for name in unit.inserted)
        return self.context.people.get(names.pop(), "") if len(names) == 1 and is_whole else ""

    def _editor(self, unit: Unit) -> str:
        """Who wrote it as far as the section and the last save tell; of a copy, the section alone tells nothing."""
        one, shape, name = self.artifact, self.shape, self.read.modified_by
        if self.lying is None:
            return author_of(one, shape, unit.section, name, self.context)
        host = self.lying.host if self.lying.private else ""
        return author_in_copy(one, shape, unit.section, name, self.context, host)

    def _day(self, unit: Unit, before: Entry | None) -> date:
        """An edited text happened when it first did, unless it names a day."""
        if before is not None and leading_day(unit.text) is None:
            return before.happened_on
        return day_of(self.artifact, unit.text, self.context)
