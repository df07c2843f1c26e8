"""Notion as a workspace: one database per kind, rows with bodies in Markdown, and home pages with views of them.

A ref is the place, the kind and the page id: ``working/check-in/2f0d…``. A version is a hash of what people can read in the
row, so that equal versions mean equal content, whatever Notion's clocks say.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from typing import TypeVar

from connectors.crew import Crew, sound
from connectors.glances import Glance, Shown
from connectors.notion.audit import drifts
from connectors.notion.bodies import Reader, Unreadable
from connectors.notion.client import Api, Refused
from connectors.notion.databases import Databases
from connectors.notion.document import document_of, lay_out
from connectors.notion.editing import EditRefused
from connectors.notion.glances import Glances
from connectors.notion.layout import GOALS, OPEN, PEOPLE, Forgetful, Keeper, place_of
from connectors.notion.looking import Looked, Watch, is_sheet, look_of, ref_of
from connectors.notion.making import Maker, Order, home_text, unconfirmed
from connectors.notion.members import Members
from connectors.notion.rights import Rights
from connectors.notion.rows import Page, Rows
from connectors.notion.sheets import Sheets
from connectors.notion.values import Unfit
from connectors.notion.writing import Writer
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
    LeftOver,
    NewItem,
    Snapshot,
    Stale,
    Table,
    Trashed,
    Unchanged,
    Written,
)
from templates.shapes import DocumentShape, Kind, TableShape

NAME = "notion"
BATCH = 50
"""Items that are made or read together; results come after each batch."""
CONCURRENCY = 32
SETTLE = 10.0
"""Seconds that Notion gets to show what a call without an answer may have made."""
MOST_ASKED = 3 * 100
"""Keys that are asked for by filters; for more, all rows are gone through."""
_Item = TypeVar("_Item")
Shape = TableShape | DocumentShape | None


class NotionWorkspace:
    """What stands below the page *parent* of a Notion workspace.

    *keeper* remembers which database is which between runs; *confirmed* gives the kinds whose access rule somebody has
    confirmed: without it neither reviews nor manager notes are made. *concurrency* is how many calls wait at a time.
    *comments* says whether the comments on documents are read, too: one more call for each that changed.
    """

    def __init__(
        self,
        api: Api,
        parent: str,
        *,
        keeper: Keeper | None = None,
        confirmed: Callable[[], Iterable[str]] = lambda: (),
        concurrency: int = CONCURRENCY,
        settle: float = SETTLE,
        comments: bool = False,
    ) -> None:
        self.api, self._confirmed, self.settle = api, confirmed, settle
        self._crew = Crew(concurrency, api.clock)
        self.databases = Databases(api, parent, keeper or Forgetful(), settle)
        self.members = Members(api)
        self._rows = Rows(api, self.databases, self.members)
        self._maker = Maker(api, self.databases, self._rows, self.members, self._crew, settle, confirmed)
        self._sheets = Sheets(api, self.databases, self._rows, self._maker)
        self._reader = Reader(api, comments)
        self._watch = Watch(api, self.databases, self._rows, self._crew, self._reader)
        self._rights = Rights(api, self.databases, self._rows, self.members)
        self._writer = Writer(api, self._rows, self._sheets, self.members)
        self._glances = Glances(api)

    @property
    def capabilities(self) -> Capabilities:
        """Notion's API can neither share nor tell who has access. Kinds without a confirmed access rule are withheld."""
        confirmed = set(self._confirmed())
        withheld = {kind.value: unconfirmed(kind) for kind in Kind if kind not in OPEN and kind not in confirmed}
        return Capabilities(can_share=False, can_audit=False, name=NAME, withheld=withheld, marks_rights=True)

    def close(self) -> None:
        """Give back the connections."""
        self.api.close()

    def sleep(self, seconds: float) -> None:
        """Wait on the workspace's own clock."""
        self.api.clock.sleep(seconds)

    def prepare(self, databases: Iterable[str]) -> None:
        """Make *databases* now, so that their access rules can be set before anything stands in them."""
        for key in databases:
            self.databases.ensure(key)

    # ------------------------------------------------------------ making

    def create(self, items: Iterable[NewItem]) -> Iterator[Created | Adopted | Failed]:
        """Make rows; see `Workspace.create`."""
        for batch in _batches(items, BATCH):
            yield from self._create(batch)

    def _create(self, batch: Sequence[NewItem]) -> Iterator[Created | Adopted | Failed]:
        known: list[Created | Adopted | Failed | Exception | None] = []
        orders: list[Order] = []
        taken: set[tuple[str, str, str]] = set()
        for item in batch:
            order = self._maker.order(item)
            known.append(order if isinstance(order, Failed) else self._standing(order, taken))
            if known[-1] is None and isinstance(order, Order):
                orders.append(order)
        made = iter(self._maker.make(orders) if orders else ())
        for item, one in zip(batch, known, strict=True):
            result = one if one is not None else next(made)
            yield _failed(item.key, result) if isinstance(result, Exception) else result

    def _standing(self, order: Order, taken: set[tuple[str, str, str]]) -> Adopted | Failed | Exception | None:
        """What stands in the place of an item already; None when it is free."""
        self.databases.ensure(order.database)
        item, standing = order.item, self._maker.register.of(order.database)
        if id_ := standing.by_key.get(item.key):
            if (page := self._rows.one(id_)) is not None and page.key == item.key:
                return self._adopted(page)
            standing.forget(id_)
        name = home_text(item.home), item.title
        other = standing.by_name.get(name)
        if other and other[0] != item.key:
            if self._rows.one(other[1]) is not None:
                return _occupied(item)
            standing.forget(other[1])
        if (order.database, *name) in taken:
            return _occupied(item)
        taken.add((order.database, *name))
        return None

    def _adopted(self, page: Page) -> Adopted | Exception:
        try:
            return Adopted(page.key, ref_of(page.database, page.id), self._look(page).version)
        except (Unreadable, Refused) as error:
            return error

    # ------------------------------------------------------------ looking

    def find(self, keys: Iterable[str]) -> Iterator[Found]:
        """Every row that carries one of *keys*, copies included."""
        wanted = list(dict.fromkeys(keys))
        if not wanted:
            return
        for pages in sound(self._crew.all([partial(self._carrying, key, wanted) for key in self._filled()])):
            yield from (Found(page.key, ref_of(page.database, page.id)) for page in pages)

    def _carrying(self, database: str, keys: Sequence[str]) -> list[Page]:
        if len(keys) <= MOST_ASKED and "Key" in self.databases.layout.databases[database].properties:
            return list(self._rows.with_key(database, "Key", keys))
        among = set(keys)
        return [page for page in self._rows.all(database) if page.key in among]

    def exists(self, refs: Iterable[str]) -> set[str]:
        """Those of *refs* at which something stands: one pass over the ids of their databases."""
        wanted = list(dict.fromkeys(refs))
        if len(wanted) == 1:
            page = self._rows.one(_id(wanted[0]))
            return set(wanted) if page is not None and ref_of(page.database, page.id) == wanted[0] else set()
        databases = [key for key in self._filled() if any(ref.startswith(f"{key}/") for ref in wanted)]
        standing: set[str] = set()
        for key, pages in zip(databases, sound(self._crew.all([partial(self._all, key) for key in databases])), strict=True):
            self._maker.register.note(key, pages)
            standing |= {ref_of(key, page.id) for page in pages}
        return standing & set(wanted)

    def _all(self, key: str) -> list[Page]:
        return list(self._rows.all(key))

    def address(self, ref: str, seen_from: str, place: str = "") -> str:
        """The page; Notion's addresses lead to no heading that a person may retitle."""
        return f"https://www.notion.so/{_id(ref).replace('-', '')}"

    def akin(self, ref: str, former: str) -> bool:
        """Whether both stand in the same place. What turns up in another place is a copy."""
        return place_of(ref) == place_of(former)

    def _filled(self) -> list[str]:
        """The databases in which artifacts stand."""
        return [key for key in self.databases.layout.databases if key not in (PEOPLE, GOALS)]

    def read(self, refs: Iterable[tuple[str, Shape]]) -> Iterator[Snapshot | Failed]:
        """Read rows; see `Workspace.read`. What the last look has read already is not asked for again."""
        for batch in _batches(refs, BATCH):
            editors = {looked.edited_by for ref, _ in batch if (looked := self._watch.looked.get(ref))}
            self._crew.all([partial(self.members.author, one) for one in sorted(editors)])  # each is asked for once
            results = self._crew.all([partial(self._read, ref, shape) for ref, shape in batch])
            for (ref, _), result in zip(batch, results, strict=True):
                yield _failed(ref, result) if isinstance(result, Exception) else result

    def _read(self, ref: str, shape: Shape) -> Snapshot | Failed:
        looked = self._watch.looked.pop(ref, None)
        if looked is None:
            page = self._rows.one(_id(ref))
            if page is None or ref_of(page.database, page.id) != ref:
                return Failed(ref, f"Nothing stands at {ref} any more.")
            looked = self._look(page)
        content = self._content(looked, shape)
        return Snapshot(ref, looked.key, looked.version, content, self.members.author(looked.edited_by), _moment(looked.edited))

    def _look(self, page: Page) -> Looked:
        if is_sheet(page.database):
            return self._sheets.look(page)
        return look_of(page, self._reader.read(page.id))

    def _content(self, looked: Looked, shape: Shape) -> Table | Document:
        if looked.goals is not None:
            return self._sheets.table(looked, shape if isinstance(shape, TableShape) else None)
        known = shape if isinstance(shape, DocumentShape) else None
        beside = [LeftOver(name, text, f"property {name}") for name, text in looked.beside]
        beside += [LeftOver("", one.text, f"comment by {who}") for one in looked.comments if (who := self._commenter(one.by))]
        return document_of(lay_out(looked.body, known, self.members.name_of), known, beside)

    def _commenter(self, user: str) -> str:
        """Who wrote a comment, by address; "" for ourselves and other bots."""
        return self.members.author(user) or ("" if self.members.name_of(user) else "somebody")

    def changes(self, cursor: str) -> Changes:
        """What changed since *cursor*; see `connectors.notion.looking`."""
        return self._watch.changes(cursor)

    def changes_and(self, cursor: str, named: Collection[str]) -> Changes:
        """The same, and a look at the rows that are *named*; see `LooksWhereTold`."""
        return self._watch.changes(cursor, {_id(ref) for ref in named})

    # ------------------------------------------------------------ homes

    def glance(self, wanted: Iterable[Glance]) -> Iterator[Shown | Failed]:
        """Say on people's homes what is next; see `connectors.glances`."""
        for batch in _batches(wanted, BATCH):
            results = self._crew.all([partial(self._glance, one) for one in batch])
            for one, result in zip(batch, results, strict=True):
                yield _failed(one.owner_id, result) if isinstance(result, Exception) else result

    def _glance(self, wanted: Glance) -> Shown | Failed:
        page = self.databases.layout.homes.get(wanted.owner_id, "")
        return self._glances.show(page, wanted) if page else Failed(wanted.owner_id, "There is no home page yet.")

    # ------------------------------------------------------------ editing, sharing, the bin

    def write(self, edits: Iterable[Edit]) -> Iterator[Written | Unchanged | Stale | Failed]:
        """Make targeted edits, each wholly or not at all."""
        for batch in _batches(edits, BATCH):
            results = self._crew.all([partial(self._write, edit) for edit in batch])
            for edit, result in zip(batch, results, strict=True):
                yield _failed(edit.ref, result) if isinstance(result, Exception) else result

    def _write(self, edit: Edit) -> Written | Unchanged | Stale | Failed:
        page = self._rows.one(_id(edit.ref))
        if page is None or ref_of(page.database, page.id) != edit.ref:
            return Failed(edit.ref, f"Nothing stands at {edit.ref} any more.")
        return self._writer.write(edit, page, self._look(page), self._look)

    def share(self, grants: Mapping[str, Grants]) -> Iterator[Unchanged | Written | Failed]:
        """Name in each row who is meant to have access. Notion's API cannot share: the rule of the database does."""
        for batch in _batches(grants.items(), BATCH):
            results = self._crew.all([partial(self._share, ref, one) for ref, one in batch])
            for (ref, _), result in zip(batch, results, strict=True):
                yield _failed(ref, result) if isinstance(result, Exception) else result

    def _share(self, ref: str, grants: Grants) -> Unchanged | Written | Failed:
        page = self._rows.one(_id(ref))
        if page is None or ref_of(page.database, page.id) != ref:
            return Failed(ref, f"Nothing stands at {ref} any more.")
        written, absent = self._rights.give(page, grants)
        if absent:
            return Failed(ref, f"{', '.join(absent)} cannot be found among the members of the Notion workspace.")
        version = self._look(page).version
        return Written(ref, version) if written else Unchanged(ref, version)

    def strangers(self, emails: Iterable[str]) -> set[str]:
        """Those of *emails* that are no member's, guests included: Notion does not list them."""
        return self.members.strangers(emails)

    def audit(self, grants: Mapping[str, Grants]) -> Iterator[Drift]:
        """Rows whose access properties are not as intended. Who really has access, Notion's API does not tell."""
        for key in self._filled():
            wanted = {ref: one for ref, one in grants.items() if ref.startswith(f"{key}/")}
            if wanted:
                yield from drifts(self._rows, self.members, key, wanted)

    def trash(self, refs: Iterable[str]) -> Iterator[Trashed | Failed]:
        """Put rows into Notion's trash, where somebody can take them out again."""
        for ref in refs:
            page = self._rows.one(_id(ref))
            if page is None or ref_of(page.database, page.id) != ref:
                yield Failed(ref, f"Nothing stands at {ref} any more.")
                continue
            try:
                self.api.change(f"pages/{page.id}", {"in_trash": True})
            except Refused as refusal:
                yield _failed(ref, refusal)
                continue
            self._watch.discarded.add(page.id)
            self._maker.register.of(page.database).forget(page.id)
            yield Trashed(ref)


def _batches(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    waiting = iter(items)
    while batch := list(islice(waiting, size)):
        yield batch


def _id(ref: str) -> str:
    return ref.rpartition("/")[2]


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _occupied(item: NewItem) -> Failed:
    return Failed(
        item.key,
        f"Another row called “{item.title}” already stands in the same place ({home_text(item.home)}). Rename it, then run "
        "again.",
    )


def _failed(subject: str, error: Exception) -> Failed:
    """One item that could not be done; what concerns the whole workspace ends the call."""
    if isinstance(error, Refused | Unreadable | EditRefused | Unfit):
        return Failed(subject, str(error) if str(error).endswith(".") else f"{error}.")
    raise error
