"""A page's body as Markdown: https://developers.notion.com/reference/retrieve-page-markdown."""

from __future__ import annotations

from typing import Any

from connectors.notion.emulator import content
from connectors.notion.emulator.asking import Asking
from connectors.notion.emulator.errors import invalid
from connectors.notion.emulator.markdown import edits, reading
from connectors.notion.emulator.markdown.writing import Written, markdown
from connectors.notion.emulator.model import Block, Database, Page
from connectors.notion.emulator.routes import tasks

#: How many blocks a page's Markdown shows before it is truncated.
MAX_BLOCKS = 20_000
MAX_UNKNOWN = 100


def retrieve(asking: Asking, page_id: str) -> Any:
    """The Markdown of a page, or of a block that was left out of one."""
    record = asking.block(page_id)
    if isinstance(record, Database):
        raise invalid(f"{record.id} is a database, which has no Markdown.")
    return _shown(asking, record)


def update(asking: Asking, page_id: str) -> Any:
    """Change a page's body by its Markdown; the Markdown of the whole page."""
    page = asking.page(page_id)
    content.editable(asking.store, page)
    before = markdown(content.to_write(asking.store, page.id))
    edited = edits.edited(asking.body, before)
    drafts = reading.blocks(edited.text, asking.resolve)
    lost = edits.lost(asking.store, page.id, drafts)
    if lost and not edited.may_delete:
        raise invalid(
            "Child pages or databases would be deleted by this change. Set allow_deleting_content to true to allow it: "
            f"{', '.join(lost)}."
        )
    changed = edits.apply(asking.store, page, drafts, asking.by)
    if markdown(content.to_write(asking.store, page.id)) != before:
        content.touched(asking.store, page, asking.by, changed)
    shown = _shown(asking, page)
    if asking.body.get("allow_async"):
        return tasks.accepted(asking, "PATCH /v1/pages/:page_id/markdown", shown)
    return shown


def _shown(asking: Asking, record: Page | Block) -> dict[str, Any]:
    written = content.to_write(asking.store, record.id)
    if isinstance(record, Block):
        written = [Written(record.id, record.type, record.payload, written)]
    kept, unknown = _within(written, MAX_BLOCKS)
    return {
        "object": "page_markdown",
        "id": record.id,
        "markdown": markdown(kept),
        "truncated": bool(unknown),
        "unknown_block_ids": unknown[:MAX_UNKNOWN],
    }


def _within(written: list[Written], most: int) -> tuple[list[Written], list[str]]:
    """The first blocks that fit, and the ids of those that do not."""
    left = most
    kept: list[Written] = []
    for number, each in enumerate(written):
        left -= _count(each)
        if left < 0:
            return kept, [other.id for other in written[number:]]
        kept.append(each)
    return kept, []


def _count(written: Written) -> int:
    return 1 + sum(_count(child) for child in written.children)
