"""The Workspace contract: what the engine asks of Notion, Google Workspace or a folder of Office files.

Bulk first, so that each provider picks its cheapest calls; streaming, so that progress shows and one bad item never
stops a run. An item that cannot be done is a `Failed` result with its reason; an exception ends the whole call and is a
`WorkspaceError`. Words:

*key*      the logical key of an artifact, e.g. ``2026-h1/p7k3m2qd/check-in/2026-03-02``; it travels with the artifact
*ref*      the provider's own address of it (a path, a page id, a file id); opaque to the engine
*version*  opaque; equal versions mean equal content
*cursor*   opaque; where `changes` went on from
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from connectors.markdown import Run, literal, marked
from templates.shapes import Column, ColumnType, DocumentShape, Place, TableShape

# ---------------------------------------------------------------- what is written

CellValue = str | float | int | bool | date | None


@dataclass(frozen=True)
class NewRow:
    """A row to write: its key ("" for a row that has none yet) and its cells by column key."""

    key: str
    cells: Mapping[str, CellValue]


@dataclass(frozen=True)
class Link:
    """Words that lead to a *target*: what `Workspace.address` gives."""

    words: str
    target: str


@dataclass(frozen=True)
class Paragraph:
    """A plain paragraph. The words of its *link* stand in *text*; a workspace without links writes the text alone."""

    text: str
    link: Link | None = None


@dataclass(frozen=True)
class Bullet:
    """A list item."""

    text: str


@dataclass(frozen=True)
class Subheading:
    """A small heading inside a section; what stands below it belongs to it."""

    text: str


@dataclass(frozen=True)
class Rows:
    """Rows for the table of a section whose body is a table."""

    rows: tuple[NewRow, ...]


Line = Paragraph | Bullet | Subheading
Block = Line | Rows


@dataclass(frozen=True)
class TableContent:
    """A sheet to create."""

    shape: TableShape
    rows: tuple[NewRow, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    """Label and value pairs shown above the table, such as ("Employee", "Ada Brandt")."""


@dataclass(frozen=True)
class DocumentContent:
    """A document to create. *sections* holds what is filled in at the start, by section key."""

    shape: DocumentShape
    sections: Mapping[str, tuple[Block, ...]] = field(default_factory=dict)
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Home:
    """Whose place an artifact stands in: a person's working or reviews folder, a manager's private one, the company's.

    *owner_id* and *owner_name* name the person whose folder it is (empty for the company). *inner* names a folder
    inside, in order; a private folder of a manager has one per person.
    """

    place: Place
    owner_id: str = ""
    owner_name: str = ""
    inner: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grants:
    """Who is meant to have access, as lower-case e-mail addresses. "*" stands for everyone in the organisation."""

    writers: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()
    home: Home | None = field(default=None, compare=False)
    """Where the artifact belongs; None where that is not known: then it belongs where it stands."""


@dataclass(frozen=True)
class NewItem:
    """An artifact to create."""

    key: str
    kind: str
    title: str
    home: Home
    content: TableContent | DocumentContent
    grants: Grants = Grants()
    about: str = ""
    """The e-mail address of the person it is about, for platforms that know people; "" for the company's own."""


# ---------------------------------------------------------------- what is read


@dataclass(frozen=True)
class Cell:
    """What stands in one cell.

    *text* is everything a person sees in it. *number* is the value when it is a number (a percent-formatted 72 % is
    72.0 with *percent* set), *day* when it is a date. *formula* is set when a formula stood there.
    """

    text: str
    number: float | None = None
    day: date | None = None
    percent: bool = False
    formula: bool = False


@dataclass(frozen=True)
class Row:
    """One row as read: key as it stands in the file ("" when blank), cells by column key, and its place."""

    key: str
    cells: Mapping[str, Cell]
    place: str
    """For people: ``Goals!A7``, ``row 3 of Actions``."""


@dataclass(frozen=True)
class LeftOver:
    """Text that fits no known place: kept with what stood above it."""

    heading: str
    text: str
    place: str


@dataclass(frozen=True)
class Table:
    """A sheet as read. Cells of columns that the shape does not know stand in `Row.cells` under ``?Title``."""

    rows: tuple[Row, ...]
    columns: Mapping[str, str] = field(default_factory=dict)
    """Column key to the title it has now; unknown columns as ``?Title``."""
    left_overs: tuple[LeftOver, ...] = ()
    template_text: tuple[str, ...] = ()
    """Text of the file that the codec itself recognised as its own (titles, headers, help, facts)."""
    notes: tuple[str, ...] = ()
    """What a reader should know: a column renamed, a formula found."""


@dataclass(frozen=True)
class Pending:
    """Tracked changes in one paragraph or row that nobody has accepted or rejected yet.

    Inserted words count as text, deleted ones do not. *names* are those who inserted what stands there, each once and in
    order, "" for words that stand there untracked.
    """

    text: str
    """How the paragraph or row begins, or what was deleted where nothing is left."""
    paragraph: int = -1
    """Its number in `Part.paragraphs`, from 0; -1 for a heading, a row, a text box, and for what was deleted as a whole."""
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """A section of a document as read. *section* is "" for text under a heading that the shape does not know.

    *paragraphs* are in order, without the heading and without the guidance prompt. They are Markdown (`connectors.markdown`):
    list items begin with ``- ``, two more spaces a level; bold, italic and links are marked.
    *rows* are the rows of its table, if it has one. A section whose heading was found twice is two parts.
    """

    section: str
    heading: str
    paragraphs: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    place: str = ""
    authors: tuple[tuple[int, str], ...] = ()
    """Who inserted a whole paragraph while changes were tracked: its number in *paragraphs*, from 0, and the name."""
    pending: tuple[Pending, ...] = ()
    """Every place in it with tracked changes that wait for a decision, those of *authors* included."""


@dataclass(frozen=True)
class Document:
    """A document as read: its parts in order and what fits none."""

    parts: tuple[Part, ...]
    left_overs: tuple[LeftOver, ...] = ()
    template_text: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Snapshot:
    """What was read back from an artifact."""

    ref: str
    key: str
    """The key that the artifact carries; "" when it carries none."""
    version: str
    content: Table | Document
    modified_by: str = ""
    """As the platform tells it: a name or an e-mail address, or ""."""
    modified_at: datetime | None = None


# ---------------------------------------------------------------- edits


@dataclass(frozen=True)
class SetCells:
    """Set cells of existing rows: row to column key to value. Only cells that are still empty are filled.

    A row is named by its key; one that has none, by its place as it was read.
    """

    cells: Mapping[str, Mapping[str, CellValue]]


@dataclass(frozen=True)
class ReplaceCells:
    """Set cells of existing rows of a sheet, whatever stands there: only where a person asked for exactly that.

    Rows are named as in `SetCells`. A document's cells are filled, never replaced.
    """

    cells: Mapping[str, Mapping[str, CellValue]]


@dataclass(frozen=True)
class AppendRows:
    """Add rows below the last filled one; in a document, to the table of *section*."""

    rows: tuple[NewRow, ...]
    section: str = ""


@dataclass(frozen=True)
class FillSection:
    """Put blocks into a section that is still empty. One that is not is left as it is (`Unchanged`)."""

    section: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class AppendToSection:
    """Add blocks at the end of a section."""

    section: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class ReviseLines:
    """Take lines out of a section and put others right above lines that stay; everything else stays as it is.

    Lines are told by how they read (as `Part.paragraphs` has them). One that does not stand there exactly so, or in which
    more stands than can be read, makes the whole edit fail.
    """

    section: str
    out: tuple[str, ...] = ()
    above: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)
    """New lines, by the line below them."""


Change = SetCells | ReplaceCells | AppendRows | FillSection | AppendToSection | ReviseLines


@dataclass(frozen=True)
class Edit:
    """Targeted changes to one artifact, with the *version* they were computed from."""

    ref: str
    version: str
    shape: TableShape | DocumentShape
    changes: tuple[Change, ...]


# ---------------------------------------------------------------- results


@dataclass(frozen=True)
class Created:
    """The artifact was made now."""

    key: str
    ref: str
    version: str


@dataclass(frozen=True)
class Adopted:
    """An artifact with this key already stood in its place: an earlier run made it."""

    key: str
    ref: str
    version: str


@dataclass(frozen=True)
class Failed:
    """One item that could not be done. *subject* is a key or a ref; *busy* when it is open elsewhere right now."""

    subject: str
    reason: str
    busy: bool = False


@dataclass(frozen=True)
class Written:
    """An edit was made; *version* is the new one."""

    ref: str
    version: str


@dataclass(frozen=True)
class Unchanged:
    """Nothing had to be written."""

    ref: str
    version: str


@dataclass(frozen=True)
class Stale:
    """The artifact moved on since *version*; nothing was written."""

    ref: str
    version: str


@dataclass(frozen=True)
class Trashed:
    """The artifact is in the platform's bin."""

    ref: str


@dataclass(frozen=True)
class Found:
    """An artifact that carries a key, wherever it stands."""

    key: str
    ref: str


@dataclass(frozen=True)
class Changed:
    """Content at *ref* is new or different. *former_ref* is set when it moved here.

    *key* and *version* are what it carries and what it is, "" where the look did not tell; they spare readings and are no
    part of what makes two changes equal.
    """

    ref: str
    former_ref: str = ""
    key: str = field(default="", compare=False)
    version: str = field(default="", compare=False)


@dataclass(frozen=True)
class Vanished:
    """Nothing stands at *ref* any more."""

    ref: str


@dataclass(frozen=True)
class Changes:
    """What is different since a cursor, and the next cursor. *failed* names what could not be looked at."""

    changed: tuple[Changed, ...]
    vanished: tuple[Vanished, ...]
    failed: tuple[Failed, ...]
    cursor: str


@dataclass(frozen=True)
class Drift:
    """Access that is not as intended. *certain* is False where the platform cannot tell."""

    ref: str
    reason: str
    certain: bool = True


@dataclass(frozen=True)
class Capabilities:
    """What a workspace can do, declared."""

    can_share: bool
    can_audit: bool
    name: str
    withheld: Mapping[str, str] = field(default_factory=dict)
    """Kinds that are not provisioned for now, each with a sentence that says why and what to do."""
    marks_rights: bool = False
    """Whether `share` notes beside an artifact who is meant to have access, where only a rule set by a person gives it."""


class Trouble(StrEnum):
    """What stands in the way of a connection until somebody mends it."""

    SIGNED_OUT = "signed-out"
    """The platform does not accept the token or the key any more."""
    SCOPE = "scope"
    """The connection may not do something that it must."""
    PLACE = "place"
    """The page, drive or folder is gone, or not shared any more."""


class WorkspaceError(Exception):
    """The whole workspace cannot be used; *permanent* when trying again will not help. *trouble* is what HR can mend."""

    def __init__(
        self, message: str, *, permanent: bool = True, retry_after: float | None = None, trouble: Trouble | None = None
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.retry_after = retry_after
        self.trouble = trouble


class Workspace(Protocol):
    """What every provider implements. Each method yields one result per item, in the order of the items."""

    @property
    def capabilities(self) -> Capabilities:
        """What this workspace can do."""

    def create(self, items: Iterable[NewItem]) -> Iterator[Created | Adopted | Failed]:
        """Make artifacts. Never writes over anything: what stands in the place with the same key is adopted."""

    def find(self, keys: Iterable[str]) -> Iterator[Found]:
        """Every artifact that carries one of *keys*, copies included. One pass over the workspace at most."""

    def exists(self, refs: Iterable[str]) -> set[str]:
        """Those of *refs* at which something stands. Cheap: reads no content."""

    def akin(self, ref: str, former: str) -> bool:
        """Whether what stands at *ref* may be what stood at *former*: the same place, the same owner's part of it."""

    def address(self, ref: str, seen_from: str, place: str = "") -> str:
        """Where a link in the document at *seen_from* leads to open *ref*, "" where the platform has no such thing.

        *place* is the key of a section or the place of a row, as read; a platform that cannot go there opens the whole.
        """

    def read(self, refs: Iterable[tuple[str, TableShape | DocumentShape | None]]) -> Iterator[Snapshot | Failed]:
        """Read artifacts. The shape says what is known of it; None for one that nobody provisioned."""

    def write(self, edits: Iterable[Edit]) -> Iterator[Written | Unchanged | Stale | Failed]:
        """Make targeted edits. An artifact that moved on since `Edit.version` is `Stale` and stays as it is."""

    def changes(self, cursor: str) -> Changes:
        """What changed since *cursor*; "" for everything there is."""

    def share(self, grants: Mapping[str, Grants]) -> Iterator[Unchanged | Written | Failed]:
        """Give exactly these grants to the refs, where the platform can share; note them where it only `marks_rights`."""

    def audit(self, grants: Mapping[str, Grants]) -> Iterator[Drift]:
        """Compare intended with real access, where the platform can tell."""

    def trash(self, refs: Iterable[str]) -> Iterator[Trashed | Failed]:
        """Put artifacts into the bin. Only ever called by explicit command, or for an empty twin of our own making."""


@runtime_checkable
class LooksWhereTold(Protocol):
    """A workspace that can be told where to look, besides what its own record of changes shows."""

    def changes_and(self, cursor: str, named: Collection[str]) -> Changes:
        """`Workspace.changes`; the refs that are *named* are looked at whatever the cursor says, and once only.

        A `read` that follows gets them without another call; one that is gone is `Vanished`.
        """


@runtime_checkable
class KnowsMembers(Protocol):
    """A workspace in which only those can be given access who are members of it already."""

    def strangers(self, emails: Iterable[str]) -> set[str]:
        """Those of *emails*, in lower case, that belong to no member."""


# ---------------------------------------------------------------- what a new artifact reads like


def text_of(value: CellValue) -> str:
    """A cell's value the way every codec reads it back: ``12``, ``0.5``, ``2026-03-02``, ``yes``, "" for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def cell_of(value: CellValue, column: Column | None = None) -> Cell:
    """The cell that reading *value* back from *column* yields; a share of 0.25 in a per cent column reads ``25 %``."""
    number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
    if number is not None and column is not None and column.type is ColumnType.PERCENT:
        share = round(number * 100, 10)
        return Cell(f"{text_of(share)} %", number=share, percent=True)
    return Cell(text_of(value), number=number, day=value if isinstance(value, date) else None)


def as_read(content: TableContent | DocumentContent) -> Table | Document:
    """What reading *content* back yields before anybody typed in it: the ground that people's words are compared with."""
    if isinstance(content, TableContent):
        titles = {column.key: column.title for column in content.shape.columns}
        return Table(rows_as_read(content.rows, content.shape.columns, content.shape.title), columns=titles)
    parts = []
    for section in content.shape.sections:
        blocks = content.sections.get(section.key, ())
        paragraphs = tuple(line_as_read(block) for block in blocks if not isinstance(block, Rows))
        rows = tuple(row for block in blocks if isinstance(block, Rows) for row in block.rows)
        parts.append(
            Part(section.key, section.title, paragraphs, rows_as_read(rows, section.columns, section.title), section.title)
        )
    return Document(tuple(parts))


def line_as_read(line: Line) -> str:
    """The Markdown that reading *line* back yields."""
    if isinstance(line, Paragraph) and line.link:
        return marked(runs_of(line))
    mark = "- " if isinstance(line, Bullet) else "## " if isinstance(line, Subheading) else ""
    return mark + literal(line.text)


def runs_of(paragraph: Paragraph) -> tuple[Run, ...]:
    """The words of *paragraph*, those of its link apart."""
    if paragraph.link is None:
        return (Run(paragraph.text),)
    before, words, behind = paragraph.text.partition(paragraph.link.words)
    return tuple(run for run in (Run(before), Run(words, link=paragraph.link.target), Run(behind)) if run.text)


def rows_as_read(rows: Iterable[NewRow], columns: Iterable[Column], title: str, above: int = 0) -> tuple[Row, ...]:
    """What reading *rows* back yields, numbered from the first below *above* other rows of the table *title*."""
    known = {column.key: column for column in columns}
    return tuple(
        Row(
            row.key,
            {key: cell_of(value, known.get(key)) for key, value in row.cells.items() if value is not None},
            f"row {number} of {title}",
        )
        for number, row in enumerate(rows, start=above + 1)
    )
