"""What stands on pages: blocks put in, changed, moved to the trash and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from connectors.notion.emulator.blocks import Draft
from connectors.notion.emulator.errors import archived_ancestor, invalid
from connectors.notion.emulator.events import Event
from connectors.notion.emulator.markdown.reading import REFERENCES
from connectors.notion.emulator.markdown.writing import Written
from connectors.notion.emulator.model import Block, Database, DataSource, Page, Parent
from connectors.notion.emulator.rich_text import plain
from connectors.notion.emulator.store import Content, Store


def parent_of(container: Page | Block) -> Parent:
    """Where what stands in *container* says that it stands."""
    return Parent("page_id" if isinstance(container, Page) else "block_id", container.id)


def editable(store: Store, record: Content | DataSource) -> None:
    """Raise if *record* or anything above it is in the trash."""
    if store.trashed(record):
        raise archived_ancestor()


def insert(store: Store, container: Page | Block, drafts: Sequence[Draft], by: str, at: int | None = None) -> list[Block]:
    """Make *drafts* inside *container* from place *at*, else at the end; the topmost of them."""
    made = [make(store, parent_of(container), draft, by) for draft in drafts if draft.type not in REFERENCES]
    places = store.children[container.id]
    where = len(places) if at is None else at
    places[where:where] = [block.id for block in made]
    return made


def make(store: Store, parent: Parent, draft: Draft, by: str) -> Block:
    block = Block(store.ids.content(), parent, draft.type, draft.payload, store.stamp(by))
    store.put(block)
    for child in draft.children:
        if child.type not in REFERENCES:
            store.children[block.id].append(make(store, Parent("block_id", block.id), child, by).id)
    return block


def place_after(store: Store, container_id: str, block_id: str) -> int:
    """The place behind the block of that id. Raises if it does not stand there."""
    try:
        return store.children[container_id].index(block_id) + 1
    except ValueError:
        raise invalid(f"The block {block_id} to insert after is not a child of {container_id}.") from None


def change_block(store: Store, block: Block, payload: Mapping[str, Any], by: str) -> Block:
    """*block* with another payload."""
    changed = replace(block, payload=payload, stamp=store.edited(block.stamp, by))
    store.put(changed)
    touched(store, changed, by, [changed])
    return changed


def touched(store: Store, record: Content, by: str, blocks: Sequence[Block] = ()) -> None:
    """Something on the page of *record* was edited: stamp the page and tell."""
    page = store.page_of(record)
    if page is None:
        return
    page = replace(page, stamp=store.edited(page.stamp, by))
    store.put_page(page)
    tell_content(store, page, by, blocks)


def tell_content(store: Store, page: Page, by: str, blocks: Sequence[Block] = ()) -> None:
    """Say that what stands on *page* changed."""
    updated = [{"id": block.id, "type": "block"} for block in blocks]
    store.hear(Event("page.content_updated", page.id, "page", by, told_parent(store, page), {"updated_blocks": updated}))


def tell_rows(store: Store, row: Page, by: str) -> None:
    """Say that the data source of *row*, if it is one, gained, lost or regained it."""
    source = store.sources.get(row.parent.id) if row.parent.kind == "data_source_id" else None
    if source is not None:
        data = {"updated_blocks": [{"id": row.id, "type": "page"}]}
        parent = told_parent(store, source)
        store.hear(Event("data_source.content_updated", source.id, "data_source", by, parent, data))


def told_parent(store: Store, record: Content | DataSource) -> dict[str, Any]:
    """The parent of *record* as change notices tell it."""
    if isinstance(record, DataSource):
        return {"id": record.database_id, "type": "database"}
    if record.parent.kind == "workspace":
        return {"id": store.workspace.id, "type": "space"}
    if record.parent.kind == "data_source_id":
        source = store.sources[record.parent.id]
        return {"id": source.database_id, "type": "database", "data_source_id": source.id}
    return {"id": record.parent.id, "type": record.parent.kind.removesuffix("_id")}


# ---------------------------------------------------------------- the trash


def set_trashed(store: Store, record: Content, trashed: bool, by: str) -> Content:
    """Move *record* to the trash or back; the record as it is then. A deletion leaves the page's time as it was."""
    if record.in_trash == trashed:
        return record
    fine = isinstance(record, Database)
    changed = replace(record, in_trash=trashed, stamp=store.edited(record.stamp, by, fine))
    if isinstance(changed, Page):
        store.put_page(changed)
    else:
        store.put(changed)
    _tell_trash(store, changed, trashed, by)
    return changed


def _tell_trash(store: Store, record: Content, trashed: bool, by: str) -> None:
    if isinstance(record, Block):
        page = store.page_of(record)
        if page:
            tell_content(store, page, by, [record])
        return
    if isinstance(record, Page):
        tell_rows(store, record, by)
    kind = "page" if isinstance(record, Page) else "database"
    word = "deleted" if trashed else "undeleted"
    store.hear(Event(f"{kind}.{word}", record.id, kind, by, told_parent(store, record)))


# ---------------------------------------------------------------- as Markdown sees it


def to_write(store: Store, container_id: str) -> list[Written]:
    """What stands in a page or block, ready to be written as Markdown."""
    return [_written(store, content) for content in store.inside(container_id)]


def _written(store: Store, content: Content) -> Written:
    if isinstance(content, Page):
        return Written(content.id, "child_page", {"title": plain(content.values.get("title") or ())})
    if isinstance(content, Database):
        return Written(content.id, "child_database", {"title": plain(content.title), "is_inline": content.is_inline})
    return Written(content.id, content.type, content.payload, to_write(store, content.id))
