"""What a read of an artifact means: a pure decision over what was provisioned, what is known, and what stands there now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from connectors.workspace import Document, Row, Snapshot, Table
from sync.pull.actions import reconcile_actions
from sync.pull.copies import Lying, elsewhere, heir, message, told_by
from sync.pull.intents import Context, Intents, Known
from sync.pull.likeness import plain
from sync.pull.notebook import Notebook
from sync.pull.sections import Unit, is_submitted, is_to_come, left_overs, settle, typed, units_of
from sync.pull.sheet import reconcile_sheet
from sync.pull.wording import OTHER, SUBMITTED, is_comment, is_confidential, visibility_of
from sync.records import Artifact, ArtifactState, Entry, Finding, fingerprint
from templates.shapes import Column, ColumnType, DocumentShape, Kind, TableShape

COPY = "copy:"
"""How the anchor of text in a copy begins; then a mark of the copy, then the anchor as in the original."""


def reconcile(
    artifact: Artifact,
    shape: TableShape | DocumentShape,
    ground: Table | Document,
    previous: Table | Document | None,
    read: Snapshot,
    known: Known,
    context: Context,
) -> Intents:
    """What *read* says beyond what is *known*.

    *ground* is what was provisioned, *previous* how the artifact was last read, if ever. Deciding twice from the same
    facts gives the same ids, and deciding again after the outcome was stored gives nothing.
    """
    known = replace(known, entries=tuple(entry for entry in known.entries if not _of_copy(entry, but=_mark(read.ref))))
    book = Notebook(artifact, context, known.entries)
    content = read.content
    if isinstance(shape, TableShape) and isinstance(content, Table):
        intents = _sheet(artifact, shape, ground, previous, read, content, known, context, book)
    elif isinstance(content, Document):
        intents = _document(artifact, shape, ground, previous, read, content, known, context, book)
    else:
        intents = Intents(findings=(_unexpected(artifact, read),))
    found = (*intents.findings, *_columns(artifact, shape, content), *_other_notes(artifact, book, read))
    units = _typed(shape, ground, content) if artifact.kind is Kind.SELF_REVIEW else ()  # no other one is submitted
    if is_confidential(artifact, visibility_of(artifact, context, submitted=is_submitted(units, context.today))):
        found = _counted(found)
    found = (*found, *_not_submitted(artifact, units, context.today))
    return replace(intents, entries=tuple(book.written), findings=_with_file(read.ref, found))


def reconcile_copy(
    artifact: Artifact,
    shape: TableShape | DocumentShape,
    ground: Table | Document,
    original: Table | Document | None,
    read: Snapshot,
    known: Known,
    context: Context,
    lying: Lying,
) -> Intents:
    """What a copy of *artifact* says that neither its *ground* nor the *original* does: evidence under anchors of its own.

    It changes no goal and no action. *lying* in somebody else's folder, it is no evidence at all, and none any more.
    """
    mark = _mark(read.ref)
    read = read if read.modified_by else replace(read, modified_by=told_by(read.ref, artifact.ref).who)
    book = Notebook(artifact, context, (entry for entry in known.entries if entry.anchor.startswith(mark)))
    if lying.foreign:
        for entry in book.current:
            book.withdraw(entry)
        told = elsewhere(read.ref, artifact, lying.foreign)
        return Intents(entries=tuple(book.written), findings=(Finding(read.ref, "copy", told),))
    there = {plain(entry.text) for entry in known.entries if not entry.anchor.startswith(mark)}
    there |= {plain(unit.text) for one in (ground, original) if one is not None for unit in _flat(one, shape)}
    own = [unit for unit in _flat(read.content, shape) if plain(unit.text) not in there]
    settle([replace(unit, anchor=mark + unit.anchor) for unit in own], artifact, shape, read, context, book, lying)
    gone = artifact.state is ArtifactState.UNLINKED
    told = heir(read.ref, artifact) if gone else message(read.ref, artifact, len(own))
    return Intents(entries=tuple(book.written), findings=(Finding(read.ref, "copy", told),))


def _mark(ref: str) -> str:
    """How the anchors of text that stands only in the copy at *ref* begin."""
    return f"{COPY}{fingerprint(ref)[:8]}:"


def _of_copy(entry: Entry, but: str) -> bool:
    """Whether it stands in a copy, *but* not in the one that has become the artifact since."""
    return entry.anchor.startswith(COPY) and not entry.anchor.startswith(but)


# ---------------------------------------------------------------- the two forms


def _sheet(
    artifact: Artifact,
    shape: TableShape,
    ground: Table | Document,
    previous: Table | Document | None,
    read: Snapshot,
    table: Table,
    known: Known,
    context: Context,
    book: Notebook,
) -> Intents:
    made = ground if isinstance(ground, Table) else Table(())
    last = previous if isinstance(previous, Table) else None
    rows = replace(known, entries=())
    beside = Notebook(artifact, context, (entry for entry in known.entries if entry.anchor.startswith(OTHER)))
    settle(typed(left_overs(table.left_overs), left_overs(made.left_overs)), artifact, shape, read, context, beside)
    intents = reconcile_sheet(artifact, shape, made, last, read, table, rows, context, book)
    for entry in book.current:  # rows that were kept as text while this file was a copy are goals from now on
        if entry.anchor.startswith(COPY):
            book.withdraw(entry)
    book.written.extend(beside.written)
    return intents


def _document(
    artifact: Artifact,
    shape: TableShape | DocumentShape,
    ground: Table | Document,
    previous: Table | Document | None,
    read: Snapshot,
    document: Document,
    known: Known,
    context: Context,
    book: Notebook,
) -> Intents:
    made = ground if isinstance(ground, Document) else Document(())
    last = previous if isinstance(previous, Document) else None
    units = typed(units_of(document, shape), units_of(made, shape))
    settle(units, artifact, shape, read, context, book)
    findings = _altered(artifact, document, made, shape)
    if artifact.kind is not Kind.CHECK_IN or not isinstance(shape, DocumentShape):
        return Intents(findings=findings)
    actions, told = reconcile_actions(artifact, shape, made, last, read, document, known, context, book)
    return Intents(actions=actions, findings=(*findings, *told))


def _flat(content: Table | Document, shape: TableShape | DocumentShape) -> Iterator[Unit]:
    """Every text as a unit; a row is one, its cells side by side."""
    if isinstance(content, Document):
        texts = replace(content, parts=tuple(replace(part, rows=()) for part in content.parts))
        yield from units_of(texts, shape)
        for part in content.parts:
            section = shape.section(part.section) if isinstance(shape, DocumentShape) else None
            yield from _flat_rows(part.rows, part.section, section.columns if section else ())
    else:
        yield from _flat_rows(content.rows, "", shape.columns if isinstance(shape, TableShape) else ())
        yield from left_overs(content.left_overs)


def _flat_rows(rows: Iterable[Row], section: str, columns: Iterable[Column]) -> Iterator[Unit]:
    """In the order of *columns*: a row from the store and one just read have their cells in different orders."""
    order = {column.key: number for number, column in enumerate(columns)}
    for row in rows:
        cells = sorted(row.cells.items(), key=lambda item: (order.get(item[0], len(order)), item[0]))
        text = " · ".join(cell.text.strip() for key, cell in cells if key not in ("key", "progress") and cell.text.strip())
        if text:
            yield Unit(section, "row:/", text, row.place)


# ---------------------------------------------------------------- what people should know


def _altered(artifact: Artifact, now: Document, ground: Document, shape: TableShape | DocumentShape) -> tuple[Finding, ...]:
    """Shared words that HR keeps, such as criteria, and that are not as they were provisioned."""
    if artifact.kind is not Kind.ROLE_EXPECTATIONS:
        return ()
    here = {plain(unit.text) for unit in units_of(now, shape)}
    gone = [unit for unit in units_of(ground, shape) if plain(unit.text) not in here]
    return tuple(
        Finding(artifact.key, "altered", f"{unit.place}: {_short(unit.text)} is not there any more as it was provisioned.")
        for unit in gone
    )


def _columns(artifact: Artifact, shape: TableShape | DocumentShape, content: Table | Document) -> Iterator[Finding]:
    if isinstance(content, Table):
        yield from _lacks_keys(artifact, shape, content)
        titles = {column.removeprefix("?") for column in content.columns if column.startswith("?")}
    else:
        cells = {column for part in content.parts for row in part.rows for column in row.cells}
        titles = {column.removeprefix("?") for column in cells if column.startswith("?")}
    for title in sorted(titles):
        yield Finding(
            artifact.key, "column", f"The column {title!r} is not in the template; it is kept, with what stands in it."
        )
    for note in content.notes:
        yield Finding(artifact.key, "note", note)


def _lacks_keys(artifact: Artifact, shape: TableShape | DocumentShape, table: Table) -> Iterator[Finding]:
    """Advice when the column that tells rows apart is gone."""
    keys = [one for one in shape.columns if one.type is ColumnType.KEY] if isinstance(shape, TableShape) else []
    for column in keys:
        if table.rows and table.columns and column.key not in table.columns:
            told = (
                f"The column {column.title!r}, which tells the rows apart, was deleted. Rows are recognised by their words, so "
                "one that is reworded and moved at once may count as a new goal. Undo the deletion."
            )
            yield Finding(artifact.key, "column", told)


def _other_notes(artifact: Artifact, book: Notebook, read: Snapshot) -> Iterator[Finding]:
    """Text under headings that the template does not know, as it stands now."""
    gone = {entry.supersedes for entry in book.written}
    standing = [entry for entry in (*book.current, *book.written) if entry.id not in gone and not entry.withdrawn]
    other = [entry for entry in standing if entry.anchor.startswith(OTHER)]
    for place in dict.fromkeys(entry.place for entry in other if is_comment(entry.place)):
        yield Finding(artifact.key, "other-notes", f"{place}: kept under other notes.")
    retitled = {entry.anchor: entry.place for entry in other if entry.anchor == OTHER + entry.text != OTHER + entry.place}
    for heading in dict.fromkeys(entry.anchor.removeprefix(OTHER) for entry in other if not is_comment(entry.place)):
        yield Finding(artifact.key, "other-notes", _told_other(heading, retitled.get(OTHER + heading, "")))


def _told_other(heading: str, section: str) -> str:
    """Of text under *heading*; *section* when the heading is that section's, in somebody's own words."""
    if section:
        told = "Text under it counts as before; the new words are kept under other notes."
        return f"The heading “{section}” now reads “{heading}”. {told}"
    where = f"under {heading!r}" if heading else "outside every section"
    return f"Text {where} fits no section; it is kept under other notes."


def _typed(shape: TableShape | DocumentShape, ground: Table | Document, content: Table | Document) -> tuple[Unit, ...]:
    made = units_of(ground, shape) if isinstance(ground, Document) else ()
    return typed(units_of(content, shape), made) if isinstance(content, Document) else ()


_WORDLESS = {
    "other-notes": ("text stands outside the sections", "texts stand outside the sections", "kept under other notes"),
    "column": ("column is not in the template", "columns are not in the template", "kept, with what stands there"),
    "note": ("remark on its form is not shown", "remarks on its form are not shown", "private; open it to look"),
}
"""Of a kind of finding: what one is, what several are, and what becomes of it."""


def _counted(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """How many there are of each kind that quotes, without a word of what stands there."""
    found = tuple(found)
    counts = Counter((finding.subject, finding.kind) for finding in found if finding.kind in _WORDLESS)
    told = []
    for (subject, kind), count in counts.items():
        one, several, then = _WORDLESS[kind]
        told.append(Finding(subject, kind, f"1 {one}; it is {then}." if count == 1 else f"{count} {several}; they are {then}."))
    return (*(finding for finding in found if finding.kind not in _WORDLESS), *told)


def _not_submitted(artifact: Artifact, units: Sequence[Unit], today: date) -> Iterator[Finding]:
    """Words where a date or a yes belongs, or a date to come, which show the self review to nobody."""
    waiting = artifact.kind is Kind.SELF_REVIEW and any(unit.section == SUBMITTED for unit in units)
    if waiting and not is_submitted(units, today):
        there = "a date that is still to come, or may be" if is_to_come(units, today) else "something else than a date or a yes"
        yield Finding(
            artifact.key,
            "not-submitted",
            f"It is not submitted: the section for that holds {there}. When the manager may read it, write only the day's "
            f"date, such as {today}, or only “yes” there.",
        )


def _unexpected(artifact: Artifact, read: Snapshot) -> Finding:
    form = "a table" if isinstance(read.content, Table) else "a document"
    return Finding(artifact.key, "failed", f"{form} stands where {artifact.title!r} was provisioned; nothing was read from it.")


def _with_file(ref: str, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each beginning with the file, none twice."""
    return tuple(dict.fromkeys(replace(finding, message=f"{ref}: {finding.message}") for finding in findings))


def _short(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:79] + "…")
