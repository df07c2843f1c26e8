"""The four ways to update a page as Markdown, first as text, then as the least change of its blocks.

https://developers.notion.com/reference/update-page-markdown. Blocks that read as before keep their ids and what is
inside; a block that only changed its words keeps its id; references stay where the new text has them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from connectors.notion.emulator import content
from connectors.notion.emulator.blocks import Draft
from connectors.notion.emulator.checks import MAX_ITEMS, a_list, a_string, an_object, one_of
from connectors.notion.emulator.errors import MISSING, failed, invalid
from connectors.notion.emulator.markdown.reading import REFERENCES
from connectors.notion.emulator.markdown.writing import Written, markdown
from connectors.notion.emulator.model import Block, Page
from connectors.notion.emulator.store import Store

KINDS = ("update_content", "replace_content", "insert_content", "replace_content_range")


@dataclass(frozen=True)
class Edited:
    """The text that a page is to have, and whether pages and databases may go."""

    text: str
    may_delete: bool = False


def edited(body: Mapping[str, Any], before: str) -> Edited:
    """What *before* becomes. Raises `NotionError` if the update does not fit it."""
    kind = one_of(body.get("type", MISSING), "type", KINDS)
    order = an_object(body.get(kind, MISSING), kind)
    may_delete = bool(order.get("allow_deleting_content", False))
    if kind == "update_content":
        return Edited(_updated(order, before), may_delete)
    if kind == "replace_content":
        return Edited(a_string(order.get("new_str", MISSING), f"{kind}.new_str"), may_delete)
    words = a_string(order.get("content", MISSING), f"{kind}.content")
    if kind == "insert_content":
        return Edited(_inserted(order, words, before))
    start, end = _range(a_string(order.get("content_range", MISSING), f"{kind}.content_range"), before)
    return Edited(before[:start] + words + before[end:], may_delete)


def _updated(order: Mapping[str, Any], before: str) -> str:
    path = "update_content.content_updates"
    text = before
    for number, each in enumerate(a_list(order.get("content_updates", MISSING), path, MAX_ITEMS)):
        update = an_object(each, f"{path}[{number}]")
        old = a_string(update.get("old_str", MISSING), f"{path}[{number}].old_str")
        new = a_string(update.get("new_str", MISSING), f"{path}[{number}].new_str")
        count = text.count(old) if old else 0
        if not count:
            raise invalid(f"Could not find the old_str of {path}[{number}] in the page: {old!r}.")
        if count > 1 and not update.get("replace_all_matches"):
            raise invalid(f"The old_str of {path}[{number}] matches {count} times; it must match once: {old!r}.")
        text = text.replace(old, new)
    return text


def _inserted(order: Mapping[str, Any], words: str, before: str) -> str:
    if order.get("after") is not None and order.get("position") is not None:
        raise failed("insert_content.after", "not present", order["after"])
    if order.get("after") is not None:
        _, end = _range(a_string(order["after"], "insert_content.after"), before)
        line_end = before.find("\n", end)
        line_end = len(before) if line_end < 0 else line_end
        return f"{before[:line_end]}\n{words}{before[line_end:]}"
    position = an_object(order.get("position") or {"type": "end"}, "insert_content.position")
    where = one_of(position.get("type", MISSING), "insert_content.position.type", ("start", "end"))
    return f"{words}\n{before}" if where == "start" else f"{before}\n{words}"


def _range(selection: str, before: str) -> tuple[int, int]:
    """Where the text from the words before ``...`` to those behind it stands; it must stand there once."""
    start_words, dots, end_words = selection.replace("…", "...").partition("...")
    start = before.find(start_words) if start_words else -1
    if start < 0:
        raise invalid(f"Could not find the selection in the page: {selection!r}.")
    if before.find(start_words, start + 1) >= 0 and not dots:
        raise invalid(f"The selection matches more than once: {selection!r}.")
    if not dots:
        return start, start + len(start_words)
    end = before.find(end_words, start + len(start_words))
    if end < 0:
        raise invalid(f"Could not find the end of the selection in the page: {selection!r}.")
    return start, end + len(end_words)


# ---------------------------------------------------------------- as blocks


def lost(store: Store, container_id: str, drafts: Sequence[Draft]) -> list[str]:
    """The pages and databases below a container that *drafts* no longer mention."""
    kept = {draft.payload.get("id") for top in drafts for draft in top.all() if draft.type in REFERENCES}
    return [record_id for record_id in _references(store, container_id) if record_id not in kept]


def _references(store: Store, container_id: str) -> list[str]:
    found: list[str] = []
    for record in store.inside(container_id):
        found += _references(store, record.id) if isinstance(record, Block) else [record.id]
    return found


def apply(store: Store, container: Page | Block, drafts: Sequence[Draft], by: str) -> list[Block]:
    """Make what stands in *container* what *drafts* say, with the least change; the blocks that changed."""
    before = content.to_write(store, container.id)
    old = [markdown([each]) for each in before]
    new = [markdown([_as_written(draft)]) for draft in drafts]
    changed: list[Block] = []
    wanted: list[str] = []
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            wanted += [each.id for each in before[i:j]]
            continue
        ids, blocks = _replaced(store, container, before[i:j], drafts[k:m], by)
        wanted += ids
        changed += blocks
    trashed = [each for each in store.children[container.id] if each not in wanted]
    store.children[container.id] = [*wanted, *trashed]
    return changed


def _replaced(
    store: Store, container: Page | Block, before: Sequence[Written], drafts: Sequence[Draft], by: str
) -> tuple[list[str], list[Block]]:
    """Put *drafts* in the place of *before*: the ids that stand there then, and the blocks that changed."""
    left = list(before)
    ids: list[str] = []
    changed: list[Block] = []
    for draft in drafts:
        twin = next((each for each in left if _continues(each, draft)), None)
        if twin:
            left.remove(twin)
            ids.append(twin.id)
            changed += _changed(store, twin, draft, by)
        elif draft.type in REFERENCES:
            ids += _moved_here(store, container, str(draft.payload.get("id")), by)
        else:
            block = content.make(store, content.parent_of(container), draft, by)
            ids.append(block.id)
            changed.append(block)
    for each in left:
        record = store.content(each.id)
        if record is not None and record.parent == content.parent_of(container):
            content.set_trashed(store, record, True, by)
    return ids, changed


def _continues(before: Written, draft: Draft) -> bool:
    """Whether *draft* is what became of *before*."""
    if draft.type in REFERENCES:
        return draft.payload.get("id") == before.id
    return draft.type == before.type


def _changed(store: Store, before: Written, draft: Draft, by: str) -> list[Block]:
    block = store.blocks.get(before.id)
    if block is None or draft.type in REFERENCES:
        return []
    payload = {**block.payload, **draft.payload}
    if payload != dict(block.payload):
        block = replace(block, payload=payload, stamp=store.edited(block.stamp, by))
        store.put(block)
    return [block, *apply(store, block, draft.children, by)]


def _moved_here(store: Store, container: Page | Block, record_id: str, by: str) -> list[str]:
    """A page or database that the new text has here: moved if it is of this page, else a link; nothing if it is unknown."""
    record = store.content(record_id)
    if record is None:
        return []
    if record.parent.kind == "data_source_id" or store.page_of(container) not in list(store.line(record)):
        form = "page_id" if isinstance(record, Page) else "database_id"
        draft = Draft("link_to_page", {"type": form, form: record_id})
        return [content.make(store, content.parent_of(container), draft, by).id]
    if record.parent.id in store.children and record.id in store.children[record.parent.id]:
        store.children[record.parent.id].remove(record.id)
    moved = replace(record, parent=content.parent_of(container))
    if isinstance(moved, Page):
        store.put_page(moved)
    else:
        store.put(moved)
    return [moved.id]


def _as_written(draft: Draft) -> Written:
    if draft.type == "unknown":
        return Written(str(draft.payload.get("id")), str(draft.payload.get("alt")), draft.payload)
    payload = dict(draft.payload)
    if draft.type == "child_database":
        payload["is_inline"] = payload.get("inline") == "true"
    return Written(str(payload.get("id") or "0"), draft.type, payload, [_as_written(child) for child in draft.children])
