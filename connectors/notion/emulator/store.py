"""The workspace in memory: every record, what stands where, and the rows of each data source with their indexes.

One lock serialises requests; whoever reads or writes holds it (the routes do).
"""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from connectors.emulator.clock import Clock
from connectors.notion.emulator.events import Event
from connectors.notion.emulator.grants import Grants
from connectors.notion.emulator.ids import Ids, to_minute
from connectors.notion.emulator.indexes import Rows
from connectors.notion.emulator.model import Block, Comment, Database, DataSource, Page, Parent, Stamp, User, View, Workspace

#: How long former records are kept for stale reads, in seconds.
REMEMBERED = 900.0

Content = Page | Block | Database


class Store:
    """All records by id, and the order of what stands inside pages and blocks."""

    def __init__(self, clock: Clock, ids: Ids, workspace: Workspace, bot: User) -> None:
        self.clock, self.ids, self.workspace, self.bot = clock, ids, workspace, bot
        self.lock = threading.RLock()
        self.pages: dict[str, Page] = {}
        self.blocks: dict[str, Block] = {}
        self.databases: dict[str, Database] = {}
        self.sources: dict[str, DataSource] = {}
        self.views: dict[str, View] = {}
        self.comments: dict[str, Comment] = {}
        self.users: dict[str, User] = {bot.id: bot}
        self.children: defaultdict[str, list[str]] = defaultdict(list)
        self.rows: defaultdict[str, Rows] = defaultdict(Rows)
        self.numbers: defaultdict[str, int] = defaultdict(int)
        self.tasks: dict[str, dict[str, Any]] = {}
        self.results: dict[str, Any] = {}
        self.grants = Grants()
        #: Every block that was ever made, deleted ones included: the Free plan counts them.
        self.blocks_made = 0
        self.hear: Callable[[Event], None] = lambda event: None
        #: Whether former pages are to be remembered, for stale reads.
        self.remembers: Callable[[], bool] = lambda: False
        self._former: deque[tuple[datetime, str, Page | None]] = deque()

    # ------------------------------------------------------------ time

    def now(self) -> datetime:
        """The time as Notion stamps content: rounded down to the minute."""
        return to_minute(self.clock.now())

    def stamp(self, by: str) -> Stamp:
        """For something that *by* makes now."""
        return Stamp(self.now(), by, self.now(), by)

    def fine_stamp(self, by: str) -> Stamp:
        """For databases and views, whose times carry milliseconds."""
        now = self.clock.now()
        return Stamp(now, by, now, by)

    def edited(self, stamp: Stamp, by: str, fine: bool = False) -> Stamp:
        """*stamp* after an edit."""
        return replace(stamp, edited=self.clock.now() if fine else self.now(), edited_by=by)

    # ------------------------------------------------------------ records

    def put_page(self, page: Page) -> None:
        """Add *page* or put it in the place of its former self."""
        former = self.pages.get(page.id)
        if self.remembers():
            self._remember(page.id, former)
        self.pages[page.id] = page
        if former is not None and former.parent != page.parent and former.parent.kind == "data_source_id":
            self.rows[former.parent.id].remove(former)
        if page.parent.kind == "data_source_id":
            same_place = former if former is not None and former.parent == page.parent else None
            self.rows[page.parent.id].put(page, same_place)

    def put(self, record: Block | Database | DataSource | View | Comment | User) -> None:
        """Add *record* or put it in the place of its former self."""
        tables: dict[type, dict[str, Any]] = {
            Block: self.blocks,
            Database: self.databases,
            DataSource: self.sources,
            View: self.views,
            Comment: self.comments,
            User: self.users,
        }
        if isinstance(record, Block) and record.id not in self.blocks:
            self.blocks_made += 1
        tables[type(record)][record.id] = record

    def drop_view(self, view: View) -> None:
        """Forget *view*."""
        del self.views[view.id]

    def content(self, content_id: str) -> Content | None:
        """The page, block or database of that id."""
        return self.blocks.get(content_id) or self.pages.get(content_id) or self.databases.get(content_id)

    def sources_of(self, database_id: str) -> list[DataSource]:
        """The data sources of a database, oldest first."""
        return [source for source in self.sources.values() if source.database_id == database_id]

    def views_of(self, database_id: str) -> list[View]:
        """The views of a database in their order."""
        return [view for view in self.views.values() if view.database_id == database_id]

    def next_number(self, source_id: str) -> int:
        """The next unique id of a data source."""
        self.numbers[source_id] += 1
        return self.numbers[source_id]

    # ------------------------------------------------------------ places

    def inside(self, container_id: str) -> list[Content]:
        """What stands in a page or block, in order, without what is in the trash."""
        found = (self.content(child) for child in self.children.get(container_id, ()))
        return [content for content in found if content is not None and not content.in_trash]

    def has_inside(self, container_id: str) -> bool:
        """Whether anything stands there."""
        found = (self.content(child) for child in self.children.get(container_id, ()))
        return any(content is not None and not content.in_trash for content in found)

    def above(self, record: Content | DataSource) -> Content | DataSource | None:
        """What *record* stands in; None at the top."""
        parent = Parent("database_id", record.database_id) if isinstance(record, DataSource) else record.parent
        if parent.kind == "data_source_id":
            return self.sources.get(parent.id)
        return self.content(parent.id) if parent.id else None

    def line(self, record: Content | DataSource) -> Iterator[Content | DataSource]:
        """*record* and everything that it stands in, outwards."""
        at: Content | DataSource | None = record
        while at is not None:
            yield at
            at = self.above(at)

    def trashed(self, record: Content | DataSource) -> bool:
        """Whether *record*, or anything that it stands in, is in the trash."""
        return any(each.in_trash for each in self.line(record))

    def visible(self, record: Content | DataSource) -> bool:
        """Whether the connection was given what *record* stands in."""
        return all(each.shared for each in self.line(record) if isinstance(each, Page))

    def page_of(self, record: Content | DataSource) -> Page | None:
        """The page on which *record* stands: itself if it is one."""
        return next((each for each in self.line(record) if isinstance(each, Page)), None)

    # ------------------------------------------------------------ the past

    def as_it_was(self, seconds: float) -> Mapping[str, Page | None]:
        """The pages that changed in the last *seconds*, as they were then; None if they did not exist."""
        since = self.clock.now() - timedelta(seconds=seconds)
        was: dict[str, Page | None] = {}
        for moment, page_id, former in self._former:
            if moment > since:
                was.setdefault(page_id, former)
        return was

    def _remember(self, page_id: str, former: Page | None) -> None:
        now = self.clock.now()
        self._former.append((now, page_id, former))
        while self._former and self._former[0][0] < now - timedelta(seconds=REMEMBERED):
            self._former.popleft()
