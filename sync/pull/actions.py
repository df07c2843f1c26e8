"""The actions table of a check-in: opened once, edited from either document, closed once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from connectors.workspace import Document, Row, Snapshot
from sync.pull.cells import BLANK, as_text, ticked
from sync.pull.intents import Context, Known
from sync.pull.likeness import ALIKE, likeness, plain
from sync.pull.notebook import Notebook
from sync.pull.wording import author_of
from sync.records import ActionItem, Artifact, Entry, EntryKind, Finding, Visibility, fingerprint
from templates.shapes import DocumentShape

SECTION = "actions"


def reconcile_actions(
    artifact: Artifact,
    shape: DocumentShape,
    ground: Document,
    previous: Document | None,
    read: Snapshot,
    document: Document,
    known: Known,
    context: Context,
    book: Notebook,
) -> tuple[tuple[ActionItem, ...], tuple[Finding, ...]]:
    """The person's actions that are new or different after this read, and what people should know.

    Texts are written into *book*. A change counts only against how this document was last read, so that an old document
    does not undo what was done in a newer one.
    """
    rows = _rows(document)
    reading = _Reading(artifact, _rows(previous) if previous else [], _rows(ground), known, context, book)
    reading.by = author_of(artifact, shape, SECTION, read.modified_by, context)
    reading.run(rows)
    former = {action.key: action for action in known.actions}
    changed = tuple(action for action in reading.actions.values() if action != former.get(action.key))
    return changed, tuple(reading.findings)


@dataclass(frozen=True)
class _Line:
    """A row of the table that says something."""

    key: str
    text: str
    owner: str
    due: str
    done: bool
    place: str


def _rows(document: Document) -> list[_Line]:
    return [
        _line(row)
        for part in document.parts
        if part.section == SECTION
        for row in part.rows
        if row.cells.get("action", BLANK).text.strip()
    ]


def _line(row: Row) -> _Line:
    text, owner, due = (as_text(row.cells.get(column, BLANK)) for column in ("action", "owner", "due"))
    return _Line(row.key.strip(), text, owner, due, ticked(row.cells.get("done", BLANK)), row.place)


class _Reading:
    """One table being reconciled."""

    def __init__(
        self,
        artifact: Artifact,
        previous: Sequence[_Line],
        ground: Sequence[_Line],
        known: Known,
        context: Context,
        book: Notebook,
    ) -> None:
        self.artifact, self.context, self.book = artifact, context, book
        self.actions = {action.key: action for action in known.actions}
        self.before = [*previous, *ground]
        self.ground = {line.key: line for line in ground if line.key}
        self.entries = {_key_of(entry): entry for entry in book.current if _is_text(entry)}
        self.by = ""
        self.findings: list[Finding] = []

    def run(self, lines: Sequence[_Line]) -> None:
        """Give each line its action, then compare."""
        seen = dict(self._identified(lines))
        for key, line in seen.items():
            self._reconcile(key, line)
        for key, entry in self.entries.items():
            if key not in seen:
                self._removed(key, entry)

    # ------------------------------------------------------------ which action a line is

    def _identified(self, lines: Sequence[_Line]) -> Iterator[tuple[str, _Line]]:
        """Key and line. Of two lines with one key, the one whose text is nearer has it; the other is a copy."""
        taken: dict[str, _Line] = {}
        for line in sorted(lines, key=lambda line: -likeness(plain(line.text), plain(self._text_of(self._by_key(line))))):
            key = self._by_key(line)
            if key and key not in taken:
                taken[key] = line
        left = [line for line in lines if all(line is not other for other in taken.values())]
        for line in left:
            taken[self._by_text(line, taken) or self._new_key(line, taken)] = line
        yield from sorted(taken.items(), key=lambda pair: lines.index(pair[1]))

    def _by_key(self, line: _Line) -> str:
        """The action that the line's own key names: one of this person's, or one first seen in this document."""
        if line.key in self.actions:
            return line.key
        return self._own(line.key) if line.key else ""

    def _by_text(self, line: _Line, taken: Iterable[str]) -> str:
        """The action of this document whose text is nearest to a line without a key."""
        free = [key for key in self.entries if key not in set(taken) and key in self.actions and self._is_own(key)]
        ranked = [(likeness(plain(line.text), plain(self.entries[key].text), ALIKE), key) for key in free]
        best, key = max(ranked, default=(0.0, ""))
        return key if best >= ALIKE else ""

    def _is_own(self, key: str) -> bool:
        return self.actions[key].origin_key == self.artifact.key

    def _new_key(self, line: _Line, taken: Iterable[str]) -> str:
        generation = 0
        while (key := self._own(line.text, generation)) in {*taken, *self.actions}:
            generation += 1
        return key

    def _own(self, *parts: object) -> str:
        return fingerprint(self.artifact.key, "action", *parts)[:12]

    def _text_of(self, key: str) -> str:
        """What this document last said: typed here, else as it was carried in."""
        if key in self.entries:
            return self.entries[key].text
        return self.ground[key].text if key in self.ground else ""

    # ------------------------------------------------------------ what is different

    def _reconcile(self, key: str, line: _Line) -> None:
        known = self.actions.get(key)
        self.actions[key] = self._edited(known, line, key) if known else self._opened(key, line)
        if plain(line.text) != plain(self._text_of(key)):
            self._write(key, line)

    def _opened(self, key: str, line: _Line) -> ActionItem:
        day = self.artifact.due or self.context.today
        action = ActionItem(
            key=key,
            person_id=self.artifact.person_id,
            cycle_id=self.artifact.cycle_id,
            text=line.text,
            owner=line.owner,
            due=line.due,
            opened_on=day,
            origin_key=self.artifact.key,
        )
        return self._closed(action) if line.done else action

    def _edited(self, action: ActionItem, line: _Line, key: str) -> ActionItem:
        then = self._then(line)
        if plain(line.text) != plain(self._text_of(key)):
            action = replace(action, text=line.text)
        if line.owner != then.owner:
            action = replace(action, owner=line.owner)
        if line.due != then.due:
            action = replace(action, due=line.due)
        if line.done:
            return self._closed(action)
        reopened = then.done and action.closed_in == self.artifact.key
        return replace(action, closed_on=None, closed_in="") if reopened else action

    def _closed(self, action: ActionItem) -> ActionItem:
        """Closed once: where it was ticked first."""
        if action.closed_on is not None:
            return action
        return replace(action, closed_on=self.context.today, closed_in=self.artifact.key)

    def _then(self, line: _Line) -> _Line:
        """The line as this document last had it."""
        for other in self.before:
            if (line.key and other.key == line.key) or (not line.key and plain(other.text) == plain(line.text)):
                return other
        return _Line(line.key, "", "", "", False, line.place)

    def _write(self, key: str, line: _Line) -> None:
        last = self.entries.get(key)
        self.book.add(
            EntryKind.ACTION,
            line.text,
            f"row:{key}/action",
            line.place,
            by=self.by or (last.by if last else ""),
            visibility=Visibility.SHARED,
            happened_on=last.happened_on if last else self.artifact.due or self.context.today,
            supersedes=last.id if last else "",
        )

    def _removed(self, key: str, entry: Entry) -> None:
        self.book.withdraw(entry)
        action = self.actions.get(key)
        if action is not None and action.closed_on is None and self._is_own(key):
            message = f"{entry.place}: the action {entry.text!r} was taken out but not ticked; it stays open until it is."
            self.findings.append(Finding(self.artifact.key, "action", message))


def _is_text(entry: Entry) -> bool:
    return entry.kind is EntryKind.ACTION and entry.anchor.startswith("row:") and entry.anchor.endswith("/action")


def _key_of(entry: Entry) -> str:
    return entry.anchor.removeprefix("row:").removesuffix("/action")
