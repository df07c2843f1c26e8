"""A complete workspace in memory: for rehearsals, for tests, and as the plainest reading of the contract.

The verbs at the end (`type_into`, `set_cell`, `copy`, `move`, `remove`, `open_up`) do what people do in a real workspace.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count
from urllib.parse import quote

from connectors.workspace import (
    Adopted,
    AppendRows,
    AppendToSection,
    Block,
    Capabilities,
    CellValue,
    Change,
    Changed,
    Changes,
    Created,
    Document,
    Drift,
    Edit,
    Failed,
    FillSection,
    Found,
    Grants,
    Home,
    NewItem,
    NewRow,
    Part,
    ReplaceCells,
    ReviseLines,
    Row,
    Rows,
    SetCells,
    Snapshot,
    Stale,
    Table,
    Trashed,
    Unchanged,
    Vanished,
    Written,
    as_read,
    cell_of,
    line_as_read,
    rows_as_read,
)
from templates.shapes import Column, DocumentShape, TableShape

_Cells = Mapping[str, Mapping[str, CellValue]]
_RowChange = Callable[[Row, Mapping[str, CellValue]], Row]


class _Refused(Exception):
    """An edit that cannot be made, with the reason."""


@dataclass(frozen=True)
class _Artifact:
    """What stands at a ref. *serial* is its identity: it stays when the artifact moves."""

    serial: int
    key: str
    content: Table | Document
    grants: Grants
    modified_by: str = ""

    @property
    def version(self) -> str:
        """A hash of the content."""
        return hashlib.sha256(repr(self.content).encode()).hexdigest()


class MemoryWorkspace:
    """A workspace that lives as long as the object. Its refs read like paths."""

    def __init__(self) -> None:
        self._standing: dict[str, _Artifact] = {}
        self._trash: dict[str, _Artifact] = {}
        self._serials = count(1)

    @property
    def capabilities(self) -> Capabilities:
        """It shares and audits."""
        return Capabilities(can_share=True, can_audit=True, name="memory")

    # ------------------------------------------------------------ the contract

    def create(self, items: Iterable[NewItem]) -> Iterator[Created | Adopted | Failed]:
        """Make artifacts; see `Workspace.create`."""
        return map(self._create, items)

    def _create(self, item: NewItem) -> Created | Adopted | Failed:
        ref = _ref(item.home, item.title)
        standing = self._standing.get(ref)
        if standing is None:
            made = _Artifact(next(self._serials), item.key, as_read(item.content), item.grants)
            self._standing[ref] = made
            return Created(item.key, ref, made.version)
        if standing.key == item.key:
            return Adopted(item.key, ref, standing.version)
        return Failed(item.key, f"Something else already stands at {ref}. Rename it or move it away, then run again.")

    def find(self, keys: Iterable[str]) -> Iterator[Found]:
        """Every artifact that carries one of *keys*."""
        wanted = set(keys)
        return (Found(artifact.key, ref) for ref, artifact in list(self._standing.items()) if artifact.key in wanted)

    def exists(self, refs: Iterable[str]) -> set[str]:
        """Those of *refs* at which something stands."""
        return {ref for ref in refs if ref in self._standing}

    def akin(self, ref: str, former: str) -> bool:
        """Whether both lie in the same place."""
        return ref.split("/")[0] == former.split("/")[0]

    def address(self, ref: str, seen_from: str, place: str = "") -> str:
        """An address that nothing opens, for as long as the object lives."""
        return f"memory:{quote(ref)}" + (f"#{quote(place)}" if place else "")

    def read(self, refs: Iterable[tuple[str, TableShape | DocumentShape | None]]) -> Iterator[Snapshot | Failed]:
        """Read artifacts. The shape is not needed here: the content keeps its own keys."""
        return (self._read(ref) for ref, _ in refs)

    def _read(self, ref: str) -> Snapshot | Failed:
        artifact = self._standing.get(ref)
        if artifact is None:
            return _nothing_at(ref)
        return Snapshot(ref, artifact.key, artifact.version, artifact.content, artifact.modified_by)

    def write(self, edits: Iterable[Edit]) -> Iterator[Written | Unchanged | Stale | Failed]:
        """Make targeted edits, each wholly or not at all."""
        return map(self._write, edits)

    def _write(self, edit: Edit) -> Written | Unchanged | Stale | Failed:
        artifact = self._standing.get(edit.ref)
        if artifact is None:
            return _nothing_at(edit.ref)
        if artifact.version != edit.version:
            return Stale(edit.ref, artifact.version)
        try:
            content = edited(artifact.content, edit.shape, edit.changes)
        except _Refused as refusal:
            return Failed(edit.ref, str(refusal))
        if content == artifact.content:
            return Unchanged(edit.ref, artifact.version)
        return Written(edit.ref, self._put(edit.ref, replace(artifact, content=content, modified_by="")))

    def changes(self, cursor: str) -> Changes:
        """What differs from the state that *cursor* holds."""
        before: dict[str, list[str]] = json.loads(cursor) if cursor else {}
        now = {str(artifact.serial): [ref, artifact.version] for ref, artifact in self._standing.items()}
        changed = tuple(
            Changed(state[0], _former(before.get(serial), state[0]), self._standing[state[0]].key, state[1])
            for serial, state in now.items()
            if before.get(serial) != state
        )
        standing = {ref for ref, _ in now.values()}
        vanished = tuple(Vanished(ref) for serial, (ref, _) in before.items() if serial not in now and ref not in standing)
        return Changes(changed, vanished, (), json.dumps(now))

    def share(self, grants: Mapping[str, Grants]) -> Iterator[Unchanged | Written | Failed]:
        """Give exactly these grants."""
        return (self._share(ref, wanted) for ref, wanted in grants.items())

    def _share(self, ref: str, wanted: Grants) -> Unchanged | Written | Failed:
        artifact = self._standing.get(ref)
        if artifact is None:
            return _nothing_at(ref)
        if artifact.grants == wanted:
            return Unchanged(ref, artifact.version)
        return Written(ref, self._put(ref, replace(artifact, grants=wanted)))

    def audit(self, grants: Mapping[str, Grants]) -> Iterator[Drift]:
        """Who may do more, or less, than intended."""
        for ref, wanted in grants.items():
            artifact = self._standing.get(ref)
            if artifact is not None:
                yield from _drifts(ref, wanted, artifact.grants)

    def trash(self, refs: Iterable[str]) -> Iterator[Trashed | Failed]:
        """Put artifacts into the bin."""
        return map(self._discard, refs)

    def _discard(self, ref: str) -> Trashed | Failed:
        if ref not in self._standing:
            return _nothing_at(ref)
        self._trash[f"{len(self._trash) + 1}/{ref}"] = self._standing.pop(ref)
        return Trashed(ref)

    # ------------------------------------------------------------ what people do

    @property
    def refs(self) -> tuple[str, ...]:
        """Everything that stands, in the order in which it came."""
        return tuple(self._standing)

    @property
    def trashed(self) -> tuple[str, ...]:
        """The former refs of what lies in the bin."""
        return tuple(name.split("/", 1)[1] for name in self._trash)

    def type_into(self, ref: str, section: str, text: str, by: str = "") -> None:
        """Type *text* at the end of a section, a paragraph per line. An unknown *section* is a heading of the person's own."""
        document = self._document(ref)
        lines = tuple(text.split("\n"))
        if all(part.section != section for part in document.parts):
            parts = (*document.parts, Part("", section, lines, place=section))
        else:
            parts = _on_section(document, section, lambda part: replace(part, paragraphs=part.paragraphs + lines)).parts
        self._put(ref, replace(self._standing[ref], content=replace(document, parts=parts), modified_by=by))

    def set_cell(self, ref: str, row: str, column: str, value: CellValue, by: str = "") -> None:
        """Put *value* into a cell, whatever stood there; a row of that key is added when there is none. None empties it."""
        artifact = self._standing[ref]
        content = _with_row(artifact.content, row)
        name = next((_name(one) for one in _rows(content) if one.key == row), row)
        self._put(ref, replace(artifact, content=_on_rows(content, {name: {column: value}}, _overwritten), modified_by=by))

    def copy(self, ref: str) -> str:
        """Copy an artifact beside itself, its key included, and return the copy's ref."""
        target = next(name for n in count(1) if (name := f"{ref} (copy {n})") not in self._standing)
        self._standing[target] = replace(self._standing[ref], serial=next(self._serials))
        return target

    def move(self, ref: str, target: str) -> str:
        """Move an artifact to the ref *target*, which must be free, and return it."""
        if target in self._standing:
            raise ValueError(f"Something already stands at {target}.")
        self._standing[target] = self._standing.pop(ref)
        return target

    def remove(self, ref: str) -> None:
        """Delete an artifact for good."""
        del self._standing[ref]

    def open_up(self, ref: str, grants: Grants) -> None:
        """Change who has access, as a person does in the platform's sharing dialog."""
        self._put(ref, replace(self._standing[ref], grants=grants))

    def grants_of(self, ref: str) -> Grants:
        """Who has access now."""
        return self._standing[ref].grants

    def _put(self, ref: str, artifact: _Artifact) -> str:
        self._standing[ref] = artifact
        return artifact.version

    def _document(self, ref: str) -> Document:
        content = self._standing[ref].content
        if not isinstance(content, Document):
            raise TypeError(f"{ref} is a table: use set_cell.")
        return content


def _ref(home: Home, title: str) -> str:
    owner = (f"{home.owner_name} - {home.owner_id}",) if home.owner_id else ()
    return "/".join(part.replace("/", "∕") for part in (home.place.value, *owner, *home.inner, title))


def _nothing_at(ref: str) -> Failed:
    return Failed(ref, f"Nothing stands at {ref} any more.")


def _former(before: list[str] | None, ref: str) -> str:
    return before[0] if before is not None and before[0] != ref else ""


def _drifts(ref: str, wanted: Grants, real: Grants) -> Iterator[Drift]:
    intended = {"write": set(wanted.writers), "read": {*wanted.readers, *wanted.writers}}
    actual = {"write": set(real.writers), "read": {*real.readers, *real.writers}}
    for verb in ("write", "read"):
        yield from (Drift(ref, f"{who} can {verb} it and should not.") for who in sorted(actual[verb] - intended[verb]))
        yield from (
            Drift(ref, f"{who} should be able to {verb} it and cannot.") for who in sorted(intended[verb] - actual[verb])
        )


# ---------------------------------------------------------------- edits, purely


def edited(content: Table | Document, shape: TableShape | DocumentShape, changes: Iterable[Change]) -> Table | Document:
    """*content* after *changes*. Filled cells and sections stay as they are."""
    for change in changes:
        content = _edited(content, shape, change)
    return content


def _edited(content: Table | Document, shape: TableShape | DocumentShape, change: Change) -> Table | Document:
    match change:
        case SetCells(cells):
            return _on_rows(content, cells, _filled)
        case ReplaceCells(cells):
            if isinstance(content, Document):
                raise _Refused("This is a document, and its cells are filled, never replaced.")
            return _on_rows(content, cells, _overwritten)
        case AppendRows(rows, section):
            if isinstance(content, Document):
                return _on_section(content, section, lambda part: _with_blocks(part, (Rows(rows),), _columns(shape, section)))
            title = shape.title if isinstance(shape, TableShape) else ""
            return replace(content, rows=content.rows + rows_as_read(rows, _columns(shape, ""), title, len(content.rows)))
        case FillSection(section, blocks):
            columns = _columns(shape, section)
            return _on_section(content, section, lambda part: part if _has_text(part) else _with_blocks(part, blocks, columns))
        case AppendToSection(section, blocks):
            return _on_section(content, section, lambda part: _with_blocks(part, blocks, _columns(shape, section)))
        case ReviseLines(section):
            return _on_section(content, section, lambda part: _revised(part, change))


def _revised(part: Part, change: ReviseLines) -> Part:
    lines = list(part.paragraphs)
    for below, new in change.above.items():
        _require_line(lines, below, part)
        at = lines.index(below)
        lines[at:at] = [line_as_read(line) for line in new]
    for out in change.out:
        _require_line(lines, out, part)
        lines.remove(out)
    return replace(part, paragraphs=tuple(lines))


def _require_line(lines: list[str], line: str, part: Part) -> None:
    if line not in lines:
        raise _Refused(f"The line “{line}” does not stand in “{part.heading}” any more.")


def _columns(shape: TableShape | DocumentShape, section: str) -> tuple[Column, ...]:
    """The columns of a sheet, or of the table of a document's *section*."""
    if isinstance(shape, TableShape):
        return shape.columns
    known = shape.section(section)
    return known.columns if known else ()


def _on_section(content: Table | Document, key: str, change: Callable[[Part], Part]) -> Document:
    """*content* with *change* made to the first part of that section."""
    if not isinstance(content, Document):
        raise _Refused(f"This is a table, and a table has no section {key!r}.")
    at = next((number for number, part in enumerate(content.parts) if part.section == key), None)
    if at is None:
        raise _Refused(f"The section {key!r} is not in this document any more.")
    return replace(content, parts=(*content.parts[:at], change(content.parts[at]), *content.parts[at + 1 :]))


def _with_blocks(part: Part, blocks: Iterable[Block], columns: Iterable[Column]) -> Part:
    for block in blocks:
        if isinstance(block, Rows):
            part = replace(part, rows=part.rows + rows_as_read(block.rows, columns, part.heading, len(part.rows)))
        else:
            part = replace(part, paragraphs=(*part.paragraphs, line_as_read(block)))
    return part


def _has_text(part: Part) -> bool:
    return any(text.strip() for text in part.paragraphs) or any(cell.text for row in part.rows for cell in row.cells.values())


def _on_rows(content: Table | Document, cells: _Cells, change: _RowChange) -> Table | Document:
    """*content* with *change* made to the rows named in *cells*; all of them must be there."""
    if missing := sorted(set(cells) - {_name(row) for row in _rows(content)}):
        raise _Refused(f"There is no row with the key {missing[0]!r} any more.")
    if isinstance(content, Table):
        return replace(content, rows=_rows_with(content.rows, cells, change))
    return replace(content, parts=tuple(replace(part, rows=_rows_with(part.rows, cells, change)) for part in content.parts))


def _rows(content: Table | Document) -> tuple[Row, ...]:
    return content.rows if isinstance(content, Table) else tuple(row for part in content.parts for row in part.rows)


def _rows_with(rows: tuple[Row, ...], cells: _Cells, change: _RowChange) -> tuple[Row, ...]:
    return tuple(change(row, cells[_name(row)]) if _name(row) in cells else row for row in rows)


def _name(row: Row) -> str:
    return row.key or row.place


def _filled(row: Row, values: Mapping[str, CellValue]) -> Row:
    empty = {key: value for key, value in values.items() if value is not None and not _shown(row, key)}
    return _overwritten(row, empty)


def _overwritten(row: Row, values: Mapping[str, CellValue]) -> Row:
    kept = {key: cell for key, cell in row.cells.items() if key not in values}
    return replace(row, cells=kept | {key: cell_of(value) for key, value in values.items() if value is not None})


def _shown(row: Row, key: str) -> str:
    return row.cells[key].text if key in row.cells else ""


def _with_row(content: Table | Document, key: str) -> Table | Document:
    """A table with a row of that key, below the others when there was none."""
    if isinstance(content, Document) or any(row.key == key for row in content.rows):
        return content
    return replace(content, rows=content.rows + rows_as_read((NewRow(key, {}),), (), "the table", len(content.rows)))
