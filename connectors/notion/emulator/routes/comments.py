"""Comments: https://developers.notion.com/reference/comment-object."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint

from connectors.notion.emulator import checks, content
from connectors.notion.emulator.asking import Asking, Begin, Paths
from connectors.notion.emulator.errors import MISSING, NotionError, failed
from connectors.notion.emulator.events import Event
from connectors.notion.emulator.markdown import inline
from connectors.notion.emulator.model import Comment, Database, Page, Parent, RichText

_CREATE = {"parent", "discussion_id", "rich_text", "markdown", "attachments", "display_name"}


def blueprint(begin: Begin) -> Blueprint:
    """The paths of comments."""
    paths = Paths("comments", begin)
    paths.path("POST", "/comments", "create")(_create)

    @paths.path("GET", "/comments", "list")
    def listed(asking: Asking) -> Any:
        wanted = checks.an_id(asking.query.get("block_id", MISSING), "block_id", "query")
        record = asking.block(wanted)
        found = [comment for comment in asking.store.comments.values() if comment.parent.id == record.id]
        part = asking.part(found, [comment.id for comment in found], f"comments{record.id}", asking.query, "query")
        return asking.listed(part, "comment", [asking.shapes.comment(comment) for comment in part.items])

    @paths.path("GET", "/comments/<comment_id>", "retrieve")
    def retrieve(asking: Asking, comment_id: str) -> Any:
        return asking.shapes.comment(_comment(asking, comment_id))

    @paths.path("PATCH", "/comments/<comment_id>", "update")
    def update(asking: Asking, comment_id: str) -> Any:
        comment = _own(asking, comment_id)
        changed = replace(comment, rich_text=_words(asking), stamp=asking.store.edited(comment.stamp, asking.by))
        asking.store.put(changed)
        _tell(asking, "comment.updated", changed)
        return asking.shapes.comment(changed)

    @paths.path("DELETE", "/comments/<comment_id>", "delete")
    def delete(asking: Asking, comment_id: str) -> Any:
        comment = _own(asking, comment_id)
        del asking.store.comments[comment.id]
        _tell(asking, "comment.deleted", comment)
        return asking.shapes.comment(comment)

    return paths.blueprint


def _create(asking: Asking) -> Any:
    checks.only(asking.body, _CREATE)
    if asking.body.get("attachments"):
        raise failed("attachments", "not present (the emulator keeps no uploads)", asking.body["attachments"])
    parent, discussion = _place(asking)
    store = asking.store
    comment = Comment(store.ids.content(), parent, discussion, _words(asking), store.stamp(asking.by), _display(asking))
    store.put(comment)
    _tell(asking, "comment.created", comment)
    return asking.shapes.comment(comment)


def _place(asking: Asking) -> tuple[Parent, str]:
    """Where the comment stands, and its discussion."""
    body = asking.body
    if ("parent" in body) == ("discussion_id" in body):
        raise failed("parent", "defined, or discussion_id, not both", body.get("parent", MISSING))
    if "discussion_id" in body:
        wanted = checks.an_id(body["discussion_id"], "discussion_id")
        first = next((each for each in asking.store.comments.values() if each.discussion_id == wanted), None)
        if first is None:
            raise asking.missing("discussion", wanted)
        return first.parent, wanted
    parent = checks.an_object(body["parent"], "parent")
    kind = "block_id" if "block_id" in parent else "page_id"
    target = checks.an_id(parent.get(kind, MISSING), f"parent.{kind}")
    record = asking.page(target) if kind == "page_id" else asking.block(target)
    content.editable(asking.store, record)
    return Parent("page_id" if isinstance(record, Page) else "block_id", record.id), asking.store.ids.content()


def _words(asking: Asking) -> RichText:
    body = asking.body
    if ("rich_text" in body) == ("markdown" in body):
        raise failed("rich_text", "defined, or markdown, not both", body.get("rich_text", MISSING))
    if "rich_text" in body:
        return asking.rich_text(body["rich_text"], "rich_text")
    return tuple(inline.read(checks.a_string(body["markdown"], "markdown"), asking.resolve))


def _display(asking: Asking) -> dict[str, Any]:
    given = checks.an_object(asking.body.get("display_name") or {"type": "integration"}, "display_name")
    kind = checks.one_of(given.get("type"), "display_name.type", ("integration", "user", "custom"))
    names = {
        "integration": asking.store.workspace.connection,
        "user": asking.store.users[asking.by].name,
        "custom": str(dict(given.get("custom") or {}).get("name", "")),
    }
    return {"type": kind, "resolved_name": names[kind]}


def _comment(asking: Asking, comment_id: str) -> Comment:
    wanted = asking.an_id(comment_id, "comment_id")
    comment = asking.store.comments.get(wanted)
    if comment is None:
        raise asking.missing("comment", wanted)
    return comment


def _own(asking: Asking, comment_id: str) -> Comment:
    comment = _comment(asking, comment_id)
    if comment.stamp.created_by != asking.by:
        raise NotionError(403, "restricted_resource", "Only comments of the connection itself can be changed.")
    return comment


def _tell(asking: Asking, word: str, comment: Comment) -> None:
    record = asking.store.content(comment.parent.id)
    page = asking.store.page_of(record) if record is not None and not isinstance(record, Database) else None
    parent = {"id": comment.parent.id, "type": comment.parent.kind.removesuffix("_id")}
    data = {"page_id": page.id if page else comment.parent.id}
    asking.store.hear(Event(word, comment.id, "comment", asking.by, parent, data))
