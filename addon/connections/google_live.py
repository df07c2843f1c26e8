"""`throughline doctor --live`: what only a real tenant can show, tried on a sheet and a document that are binned again.

The numbers are those of docs/real-tenant-checks.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from addon.connections.checking import Check
from connectors.google.client import Refused
from connectors.google.layout import KEY
from connectors.google.workspace import GoogleWorkspace
from connectors.office.xlsx_book import Book
from connectors.office.xlsx_master import anchor
from connectors.workspace import (
    AppendRows,
    AppendToSection,
    Bullet,
    Created,
    Document,
    DocumentContent,
    Edit,
    Failed,
    Home,
    NewItem,
    NewRow,
    Paragraph,
    Rows,
    Snapshot,
    Table,
    TableContent,
    Written,
)
from templates.shapes import Column, ColumnType, DocumentShape, Place, Section, SectionBody, TableShape

SHEET = TableShape(
    "Goals",
    (
        Column("key", "Key", ColumnType.KEY, width=8),
        Column("goal", "Goal", width=40, help="One sentence."),
        Column("status", "Status", ColumnType.CHOICE, choices=("on track", "at risk")),
        Column("target", "Target", ColumnType.AMOUNT),
        Column("weight", "Weight", ColumnType.PERCENT),
        Column("due", "Due", ColumnType.DATE),
    ),
    empty_rows=3,
)
_ACTIONS = (Column("key", "Key", ColumnType.KEY), Column("what", "What"), Column("due", "Due", ColumnType.DATE))
PAGE = DocumentShape(
    (
        Section("notes", "Notes", "What happened?"),
        Section("actions", "Actions", "Who does what?", body=SectionBody.TABLE, columns=_ACTIONS),
    )
)
HOME = Home(Place.COMPANY, inner=("Throughline check",))
ROW = NewRow("g1", {"goal": "=1+1", "status": "on track", "target": 12.5, "weight": 0.25, "due": date(2026, 3, 2)})


def live_checks(workspace: GoogleWorkspace) -> Iterator[Check]:
    """Make both files, look at them closely, and put them into the bin whatever happens."""
    stamp = workspace.api.clock.now().strftime("%Y%m%dT%H%M%S")
    notes = (Paragraph("A first line"), Bullet("an item"))
    content = DocumentContent(PAGE, {"notes": notes, "actions": (Rows((NewRow("a1", {"what": "Write to Bo"}),)),)})
    items = [
        NewItem(f"check/{stamp}/sheet", "check", f"Throughline check {stamp} sheet", HOME, TableContent(SHEET, (ROW,))),
        NewItem(f"check/{stamp}/page", "check", f"Throughline check {stamp} page", HOME, content),
    ]
    made = list(workspace.create(items))
    refs = [one.ref for one in made if isinstance(one, Created)]
    for one in made:
        if isinstance(one, Failed):
            yield Check("live: create", False, one.reason)
    try:
        if len(refs) == len(items):
            yield Check("live 1: create", True, "a sheet and a document arrived, each in one call")
            yield from _sheet(workspace, refs[0])
            yield from _page(workspace, refs[1])
            yield _search(workspace, items[0].key, refs[0])
            yield _copy(workspace, refs[1])
    finally:
        left = [one for one in workspace.trash(refs) if isinstance(one, Failed)]
    yield Check("live 9: bin", not left, "both are in the bin" if not left else f"{left[0].subject}: {left[0].reason}")


def _check(what: str, ok: bool, good: str, bad: str) -> Check:
    return Check(what, ok, good if ok else bad)


def _seen(workspace: GoogleWorkspace, ref: str, shape: TableShape | DocumentShape) -> Snapshot | Failed:
    return next(iter(workspace.read([(ref, shape)])))


# ---------------------------------------------------------------- the sheet


def _sheet(workspace: GoogleWorkspace, ref: str) -> Iterator[Check]:
    seen = _seen(workspace, ref, SHEET)
    if isinstance(seen, Failed) or not isinstance(seen.content, Table):
        yield Check("live 2: sheet", False, seen.reason if isinstance(seen, Failed) else "it came back as a document")
        return
    cells = seen.content.rows[0].cells if seen.content.rows else {}
    right = (
        [row.key for row in seen.content.rows] == ["g1"]
        and cells["goal"].text == "=1+1"
        and not cells["goal"].formula
        and cells["due"].day == date(2026, 3, 2)
        and cells["weight"].percent
    )
    yield _check(
        "live 2: values", right, "key, text, number, share and day came back as they were", f"they came back as {dict(cells)}"
    )
    yield from _looks(workspace, ref)
    edit = Edit(ref, seen.version, SHEET, (AppendRows((NewRow("g2", {"goal": "Second"}),)),))
    written = next(iter(workspace.write([edit])))
    again = _seen(workspace, ref, SHEET)
    keys = [row.key for row in again.content.rows] if isinstance(again, Snapshot) and isinstance(again.content, Table) else []
    good = isinstance(written, Written) and keys == ["g1", "g2"]
    yield _check("live 4: a row more", good, "it stands below the first", f"{written}; the rows are {keys}")


def _looks(workspace: GoogleWorkspace, ref: str) -> Iterator[Check]:
    """Drop-downs, named header cells and colours, as Sheets itself and as the export tell them."""
    fields = "namedRanges,sheets(conditionalFormats,basicFilter,data(rowData(values(dataValidation))))"
    about: dict[str, Any] = workspace.api.look_at_sheet(ref, fields)
    rows = [row for one in about.get("sheets", ()) for data in one.get("data", ()) for row in data.get("rowData", ())]
    kinds = [
        (cell["dataValidation"].get("condition") or {}).get("type", "")
        for row in rows
        for cell in row.get("values", ())
        if cell.get("dataValidation")
    ]
    lists = sum(kind.startswith("ONE_OF") for kind in kinds)
    yield _check("live 3a: drop-downs", lists > 0, f"{lists} cells offer a list", "the drop-downs were lost in the conversion")
    named = len(about.get("namedRanges", ()))
    yield _check("live 3b: named header cells", named > 0, f"{named} names", "the names were lost; titles and order remain")
    colours = sum(len(one.get("conditionalFormats", ())) for one in about.get("sheets", ()))
    yield _check(
        "live 3c: colours", colours > 0, f"{colours} rules", "the conditional colours were lost; nothing else depends on them"
    )
    exported = Book(workspace.files.export(ref, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))
    kept = sum(name.startswith(anchor("").casefold()) for name in exported.names)
    yield _check("live 3d: names in the export", kept > 0, f"{kept} names", "the export drops them; titles and order remain")


# ---------------------------------------------------------------- the document


def _page(workspace: GoogleWorkspace, ref: str) -> Iterator[Check]:
    seen = _seen(workspace, ref, PAGE)
    if isinstance(seen, Failed) or not isinstance(seen.content, Document):
        yield Check("live 5: document", False, seen.reason if isinstance(seen, Failed) else "it came back as a sheet")
        return
    parts = {part.section: part for part in seen.content.parts}
    lines = parts["notes"].paragraphs if "notes" in parts else ()
    rows = [row.key for row in parts["actions"].rows] if "actions" in parts else []
    right = lines == ("A first line", "- an item") and rows == ["a1"] and not seen.content.left_overs
    told = f"notes {lines}, rows {rows}, left over {[one.text for one in seen.content.left_overs]}"
    yield _check("live 5: sections", right, "headings, list, table and guidance came back as they were", told)
    file = workspace.files.one(ref)
    ids = workspace.look(file).headings if file else {}
    yield _check(
        "live 6: heading ids", len(ids) >= 2, f"{len(ids)} headings have ids", "headings have no ids; text and order remain"
    )
    edit = Edit(ref, seen.version, PAGE, (AppendToSection("notes", (Paragraph("A second line"),)),))
    written = next(iter(workspace.write([edit])))
    again = _seen(workspace, ref, PAGE)
    lines = _notes(again.content) if isinstance(again, Snapshot) else ()
    good = isinstance(written, Written) and lines == ("A first line", "- an item", "A second line")
    yield _check(
        "live 7: a line more", good, "it stands below the list, as a plain paragraph", f"{written}; the section says {lines}"
    )


def _notes(content: Table | Document) -> tuple[str, ...]:
    parts = content.parts if isinstance(content, Document) else ()
    return next((part.paragraphs for part in parts if part.section == "notes"), ())


# ---------------------------------------------------------------- finding


def _search(workspace: GoogleWorkspace, key: str, ref: str) -> Check:
    """How long Drive's search takes to show a new file: what is waited after an unknown outcome must be longer."""
    clock = workspace.api.clock
    began = clock.monotonic()
    while clock.monotonic() - began < 2 * max(workspace.settle, 1.0):
        if any(found.ref == ref for found in workspace.find([key])):
            waited = clock.monotonic() - began
            return _check(
                "live 8a: search",
                waited <= workspace.settle,
                f"found after {waited:.1f} s; an unknown outcome is waited for {workspace.settle:.0f} s",
                f"found only after {waited:.1f} s; an unknown outcome is waited for {workspace.settle:.0f} s only",
            )
        clock.sleep(1.0)
    return Check("live 8a: search", False, f"{key} was not found by its key")


def _copy(workspace: GoogleWorkspace, ref: str) -> Check:
    """A copy should carry the key, so that it is known as a copy."""
    api = workspace.api
    try:
        made = api.make(api.drive.files().copy(fileId=ref, body={}, fields="id,appProperties", supportsAllDrives=True))
        workspace.files.trash(str(made["id"]))
    except Refused as refusal:
        return Check("live 8b: copies", False, str(refusal))
    carries = KEY in (made.get("appProperties") or {})
    return _check(
        "live 8b: copies", carries, "a copy carries the key", "a copy carries no key: it is taken for a stranger’s file"
    )
