"""Google Workspace as a workspace: a Sheet for each goal sheet, a Doc for each document, folders that are shared.

A ref is the file's id, which stays when people move or rename it. A version is a hash of what people can read in it, so
that equal versions mean equal content, whatever Drive's clocks and numbers say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import islice
from typing import TypeVar

from connectors.crew import Crew
from connectors.google.auditing import Access
from connectors.google.client import Api, Refused
from connectors.google.codec import own_of, read_sheet
from connectors.google.document import document_of
from connectors.google.files import File, Files, Root, Shelf
from connectors.google.keeping import Forgetful, Granted, Keeper
from connectors.google.layout import DOCUMENT, SHEET, XLSX
from connectors.google.looking import Looked, Unreadable, Watch
from connectors.google.making import Maker, Order, order_of
from connectors.google.sharing import Sharing
from connectors.google.writing import Writer
from connectors.office import docx
from connectors.office.package import EditRefused
from connectors.workspace import (
    Adopted,
    Capabilities,
    Changes,
    Created,
    Document,
    Drift,
    Edit,
    Failed,
    Found,
    Grants,
    NewItem,
    Snapshot,
    Stale,
    Table,
    Trashed,
    Unchanged,
    Written,
)
from templates.shapes import DocumentShape, TableShape

NAME = "google"
BATCH = 50
"""Items that are made or read together; results come after each batch."""
CONCURRENCY = 32
SETTLE = 15.0
"""Seconds that Drive's search gets to show what a call without an answer may have made."""
MOST_ASKED = 100
"""Keys that are searched for; for more, all files are gone through."""
_Item = TypeVar("_Item")
Shape = TableShape | DocumentShape | None


class GoogleWorkspace:
    """What stands below *root*. *domain* is the organisation's, *me* the account that is used.

    *keeper* remembers between runs whom each person's folder was granted. *concurrency* is how many calls wait at a time.
    """

    def __init__(
        self,
        api: Api,
        root: Root,
        *,
        domain: str = "",
        me: str = "",
        keeper: Keeper | None = None,
        concurrency: int = CONCURRENCY,
        settle: float = SETTLE,
    ) -> None:
        self.api, self.root, self.settle, self._me = api, root, settle, me
        self._crew = Crew(concurrency, api.clock)
        self.files = Files(api, root, settle)
        self.shelf = Shelf(self.files)
        self.sharing = Sharing(api, root, domain, me)
        granted = Granted(keeper or Forgetful())
        self._maker = Maker(self.files, self.shelf, self.sharing, self._crew, granted)
        self._access = Access(self.shelf, self.sharing, granted, self._crew)
        self._watch = Watch(api, self.files, self.shelf, self._crew)
        self._writer = Writer(api)

    @property
    def capabilities(self) -> Capabilities:
        """Drive shares, and tells who has access."""
        return Capabilities(can_share=True, can_audit=True, name=NAME)

    def close(self) -> None:
        """Give back the connections."""
        self.api.close()

    # ------------------------------------------------------------ making

    def create(self, items: Iterable[NewItem]) -> Iterator[Created | Adopted | Failed]:
        """Make files; see `Workspace.create`."""
        for batch in _batches(items, BATCH):
            yield from self._create(batch)

    def _create(self, batch: Sequence[NewItem]) -> Iterator[Created | Adopted | Failed]:
        self.shelf.load()
        orders = [order_of(item) for item in batch]
        taken: set[tuple[str, str]] = set()
        known = [self._standing(order, taken) for order in orders]
        made = iter(self._maker.make([order for order, one in zip(orders, known, strict=True) if one is None]))
        for item, one in zip(batch, known, strict=True):
            result = one if one is not None else next(made)
            yield _failed(item.key, result) if isinstance(result, Exception) else result

    def _standing(self, order: Order, taken: set[tuple[str, str]]) -> Adopted | Failed | Exception | None:
        """What stands in the place of an item already; None when it is free."""
        item = order.item
        for id_ in list(self.shelf.by_key.get(item.key, ())):
            file = self.files.one(id_)
            if file is not None and file.key == item.key:
                return self._adopted(order, file)
            self.shelf.forget(id_)
        folder = self.shelf.folders.get(order.way.last, order.way.last)
        for id_ in list(self.shelf.by_name.get((folder, item.title), ())):
            if self.files.one(id_) is not None:
                return _occupied(item)
            self.shelf.forget(id_)
        if (order.way.last, item.title) in taken:
            return _occupied(item)
        taken.add((order.way.last, item.title))
        return None

    def _adopted(self, order: Order, file: File) -> Adopted | Exception:
        try:
            self._maker.complete(order, file)
            return Adopted(file.key, file.id, self._watch.look(file).version)
        except (Unreadable, Refused) as error:
            return error

    # ------------------------------------------------------------ looking

    def find(self, keys: Iterable[str]) -> Iterator[Found]:
        """Every file that carries one of *keys*, copies included."""
        wanted = list(dict.fromkeys(keys))
        if len(wanted) <= MOST_ASKED:
            found = self.files.with_keys(wanted) if wanted else iter(())
        else:
            self.shelf.fill(self.files.all())
            among = set(wanted)
            found = (file for file in self.shelf.by_id.values() if file.key in among)
        yield from (Found(file.key, file.id) for file in found if not file.is_folder)

    def exists(self, refs: Iterable[str]) -> set[str]:
        """Those of *refs* at which something stands: one pass over the drive's list."""
        wanted = list(dict.fromkeys(refs))
        if len(wanted) <= 1:
            return {ref for ref in wanted if self.files.one(ref) is not None}
        self.shelf.fill(self.files.all())
        return {ref for ref in wanted if ref in self.shelf.by_id}

    def akin(self, ref: str, former: str) -> bool:
        """A file keeps its id wherever it goes: another id is another file."""
        return ref == former

    def address(self, ref: str, seen_from: str, place: str = "") -> str:
        """The file; Drive opens it in the editor that it belongs to."""
        return f"https://drive.google.com/open?id={ref}"

    def read(self, refs: Iterable[tuple[str, Shape]]) -> Iterator[Snapshot | Failed]:
        """Read files; see `Workspace.read`. What the last look has read already is not asked for again."""
        for batch in _batches(refs, BATCH):
            results = self._crew.all([partial(self._read, ref, shape) for ref, shape in batch])
            for (ref, _), result in zip(batch, results, strict=True):
                yield _failed(ref, result) if isinstance(result, Exception) else result

    def _read(self, ref: str, shape: Shape) -> Snapshot | Failed:
        looked = self._watch.looked.pop(ref, None)
        if looked is None:
            file = self.files.one(ref)
            if file is None:
                return _gone(ref)
            looked = self._watch.look(file)
        file = looked.file
        editor = "" if file.editor.lower() == self._me else file.editor
        return Snapshot(ref, file.key, looked.version, self._content(looked, shape), editor, _moment(file.modified))

    def look(self, file: File) -> Looked:
        """One file as it is now. Raises Unreadable, Refused and WorkspaceError."""
        return self._watch.look(file)

    def _content(self, looked: Looked, shape: Shape) -> Table | Document:
        own = own_of(looked.file.properties)
        content: Table | Document
        if looked.file.mime in (SHEET, XLSX):
            content = read_sheet(looked.data, shape if isinstance(shape, TableShape) else None, own)
        elif looked.file.mime == DOCUMENT:
            content = document_of(looked.body(), shape if isinstance(shape, DocumentShape) else None, own)
        else:
            content = docx.read(looked.data, shape if isinstance(shape, DocumentShape) else None)[1]
        return _with_notes(content, looked.notes)

    def changes(self, cursor: str) -> Changes:
        """What changed since *cursor*; see `connectors.google.looking`."""
        return self._watch.changes(cursor)

    # ------------------------------------------------------------ editing

    def write(self, edits: Iterable[Edit]) -> Iterator[Written | Unchanged | Stale | Failed]:
        """Make targeted edits, each wholly or not at all."""
        for batch in _batches(edits, BATCH):
            results = self._crew.all([partial(self._write, edit) for edit in batch])
            for edit, result in zip(batch, results, strict=True):
                yield _failed(edit.ref, result) if isinstance(result, Exception) else result

    def _write(self, edit: Edit) -> Written | Unchanged | Stale | Failed:
        file = self.files.one(edit.ref)
        if file is None:
            return _gone(edit.ref)
        return self._writer.write(edit, self._watch.look(file), self._watch.look)

    # ------------------------------------------------------------ sharing, the bin

    def share(self, grants: Mapping[str, Grants]) -> Iterator[Unchanged | Written | Failed]:
        """Give exactly these grants. What a file shares with all of its person's is given on their folder."""
        self.shelf.load()
        for ref, wanted in grants.items():
            file = self.shelf.by_id.get(ref) or self.files.one(ref)
            if file is None:
                yield _gone(ref)
                continue
            try:
                yield self._access.share(ref, wanted, file)
            except Refused as refusal:
                yield _failed(ref, refusal)

    def audit(self, grants: Mapping[str, Grants]) -> Iterator[Drift]:
        """Who may do more, or less, than intended: on the folders and on each file."""
        return self._access.audit(grants)

    def mend(self, grants: Mapping[str, Grants]) -> Iterator[Drift]:
        """Make access as intended; what was mended, and what could not be (`certain` is False)."""
        return self._access.mend(grants)

    def trash(self, refs: Iterable[str]) -> Iterator[Trashed | Failed]:
        """Put files into the bin, where somebody can take them out again."""
        for ref in refs:
            if self.files.one(ref) is None:
                yield _gone(ref)
                continue
            try:
                self.files.trash(ref)
            except Refused as refusal:
                yield _failed(ref, refusal)
                continue
            self.shelf.forget(ref)
            yield Trashed(ref)


def _batches(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    waiting = iter(items)
    while batch := list(islice(waiting, size)):
        yield batch


def _with_notes(content: Table | Document, notes: Sequence[str]) -> Table | Document:
    return replace(content, notes=(*content.notes, *notes)) if notes else content


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _gone(ref: str) -> Failed:
    return Failed(ref, f"Nothing stands at {ref} any more, or it is not shared with this connection.")


def _occupied(item: NewItem) -> Failed:
    return Failed(
        item.key,
        f"Another file called “{item.title}” already stands in the same folder. Rename it, then run again.",
    )


def _failed(subject: str, error: Exception) -> Failed:
    """One item that could not be done; what concerns the whole workspace ends the call."""
    if isinstance(error, Refused | Unreadable | EditRefused | ValueError):
        return Failed(subject, str(error) if str(error).endswith(".") else f"{error}.")
    raise error
