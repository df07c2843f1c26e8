"""Blocks: https://developers.notion.com/reference/block."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from connectors.notion.emulator import checks, content
from connectors.notion.emulator.asking import Asking, Begin, Paths
from connectors.notion.emulator.blocks import HEADINGS, HOLDERS, TYPES
from connectors.notion.emulator.blocks import content as payload_of
from connectors.notion.emulator.errors import MISSING, failed, invalid
from connectors.notion.emulator.model import Block, Database, Page


def blueprint(begin: Begin) -> Blueprint:
    """The paths of blocks."""
    paths = Paths("blocks", begin)

    @paths.path("GET", "/blocks/<block_id>", "retrieve")
    def retrieve(asking: Asking, block_id: str) -> Any:
        return asking.shapes.block(asking.block(block_id))

    @paths.path("GET", "/blocks/<block_id>/children", "children.list")
    def children(asking: Asking, block_id: str) -> Any:
        container = asking.block(block_id)
        inside = asking.store.inside(container.id)
        part = asking.part(inside, [each.id for each in inside], container.id, asking.query, "query")
        return asking.listed(part, "block", [asking.shapes.block(each) for each in part.items])

    paths.path("PATCH", "/blocks/<block_id>/children", "children.append")(_append)
    paths.path("PATCH", "/blocks/<block_id>", "update")(_update)

    @paths.path("DELETE", "/blocks/<block_id>", "delete")
    def delete(asking: Asking, block_id: str) -> Any:
        record = asking.block(block_id)
        if record.in_trash:
            raise invalid("Can't edit block that is archived. You must unarchive the block before editing.")
        return asking.shapes.block(content.set_trashed(asking.store, record, True, asking.by))

    return paths.blueprint


def _append(asking: Asking, block_id: str) -> Any:
    container = asking.block(block_id)
    checks.only(asking.body, {"children", "position"} | ({"after"} if asking.version < "2026-03-11" else set()))
    holder = "page" if isinstance(container, Page) else container.type if isinstance(container, Block) else "database"
    if holder == "database" or (isinstance(container, Block) and not _holds(container)):
        raise invalid("Block does not support children.")
    assert not isinstance(container, Database)
    content.editable(asking.store, container)
    drafts = asking.drafts(asking.body.get("children", MISSING), "children", holder)
    place = _place(asking, container.id)
    made = content.insert(asking.store, container, drafts, asking.by, place)
    if made:
        content.touched(asking.store, container, asking.by, made)
    shown = [asking.shapes.block(block) for block in made]
    return {"object": "list", "results": shown, "next_cursor": None, "has_more": False, "type": "block", "block": {}}


def _holds(block: Block) -> bool:
    if block.type in HEADINGS:
        return bool(block.payload["is_toggleable"])
    return block.type in HOLDERS and not block.payload.get("synced_from")


def _place(asking: Asking, container_id: str) -> int | None:
    """Where to append: None is the end."""
    body = asking.body
    if body.get("after") is not None:
        return content.place_after(asking.store, container_id, checks.an_id(body["after"], "after"))
    if body.get("position") is None:
        return None
    position = checks.an_object(body["position"], "position")
    kind = checks.one_of(position.get("type", MISSING), "position.type", ("after_block", "start", "end"))
    if kind == "after_block":
        target = checks.an_object(position.get("after_block", MISSING), "position.after_block")
        after = checks.an_id(target.get("id", MISSING), "position.after_block.id")
        return content.place_after(asking.store, container_id, after)
    return 0 if kind == "start" else None


def _update(asking: Asking, block_id: str) -> Any:
    record = asking.block(block_id)
    trash = asking.trash(asking.body)
    if trash is not None:
        record = content.set_trashed(asking.store, record, trash, asking.by)
    kinds = [key for key in asking.body if key in TYPES]
    if not kinds:
        return asking.shapes.block(record)
    content.editable(asking.store, record)
    kind = kinds[0]
    if not isinstance(record, Block) or kind != record.type:
        shown = record.type if isinstance(record, Block) else "page or database"
        raise invalid(f"Block type cannot be changed: the block is a {shown}, the body says {kind}.")
    detail = checks.an_object(asking.body[kind], kind)
    if "children" in detail:
        raise failed(f"{kind}.children", "not present", detail["children"])
    payload = payload_of(kind, detail, kind, asking.resolve, asking.file, record.payload)
    return asking.shapes.block(content.change_block(asking.store, record, payload, asking.by))
