"""Comments on files, and replies to them."""

from __future__ import annotations

from connectors.google.emulator.calls import Call, Reply
from connectors.google.emulator.drive.resources import find_anywhere, user
from connectors.google.emulator.errors import GoogleError, Json
from connectors.google.emulator.fields import select
from connectors.google.emulator.store import stamp


def _masked(call: Call, shown: Json) -> Json:
    """Drive insists on a mask for comments."""
    if call.mask is None:
        raise GoogleError(400, "The 'fields' parameter is required for this method.", "required", "fields")
    chosen: Json = select(shown, call.mask)
    return chosen


def _find(call: Call) -> Json:
    ident = call.path["commentId"]
    comment = call.world.comments[call.path["fileId"]].get(ident)
    if comment is None or (comment["deleted"] and not call.flag("includeDeleted")):
        raise GoogleError(404, f"Comment not found: {ident}.", "notFound", "commentId")
    return comment


def _post(call: Call, kind: str) -> Json:
    now = stamp(call.now)
    author = {name: value for name, value in user(call.world, call.who.email, call.who).items() if name != "emailAddress"}
    text = str(call.body.get("content") or "")
    return {
        "kind": kind,
        "id": "AAAA" + call.world.new_id(7, ""),
        "createdTime": now,
        "modifiedTime": now,
        "author": author,
        "htmlContent": text,
        "content": text,
        "deleted": False,
    }


def _comments_on(call: Call) -> None:
    """404 or 403 unless the caller may comment. Comments need no `supportsAllDrives`."""
    find_anywhere(call, call.path["fileId"], "commenter")


def create(call: Call) -> Json:
    """`comments.create`."""
    _comments_on(call)
    comment = _post(call, "drive#comment") | {"resolved": False, "replies": []}
    for name in ("anchor", "quotedFileContent"):
        if call.body.get(name):
            comment[name] = call.body[name]
    call.world.comments[call.path["fileId"]][comment["id"]] = comment
    call.world.changed(call.world.files[call.path["fileId"]])
    return _masked(call, comment)


def get(call: Call) -> Json:
    """`comments.get`."""
    find_anywhere(call, call.path["fileId"])
    return _masked(call, _find(call))


def listed(call: Call) -> Json:
    """`comments.list`."""
    find_anywhere(call, call.path["fileId"])
    deleted, since = call.flag("includeDeleted"), call.text("startModifiedTime")
    found = [
        comment
        for comment in call.world.comments[call.path["fileId"]].values()
        if (deleted or not comment["deleted"]) and comment["modifiedTime"] >= since
    ]
    size = call.count("pageSize", 20, 1, 100)
    start = int(call.text("pageToken") or 0)
    shown: Json = {"kind": "drive#commentList"}
    if start + size < len(found):
        shown["nextPageToken"] = str(start + size)
    return _masked(call, shown | {"comments": found[start : start + size]})


def update(call: Call) -> Json:
    """`comments.update`."""
    _comments_on(call)
    comment = _find(call)
    text = str(call.body.get("content") or "")
    comment |= {"content": text, "htmlContent": text, "modifiedTime": stamp(call.now)}
    return _masked(call, comment)


def delete(call: Call) -> Reply:
    """`comments.delete`: it stays, emptied."""
    _comments_on(call)
    comment = _find(call)
    comment["deleted"] = True
    comment.pop("content", None)
    comment.pop("htmlContent", None)
    return Reply(204)


def create_reply(call: Call) -> Json:
    """`replies.create`; its action may resolve the comment."""
    _comments_on(call)
    comment = _find(call)
    reply = _post(call, "drive#reply")
    action = call.body.get("action")
    if action in ("resolve", "reopen"):
        reply["action"] = action
        comment["resolved"] = action == "resolve"
    comment["replies"].append(reply)
    comment["modifiedTime"] = stamp(call.now)
    return _masked(call, reply)


def list_replies(call: Call) -> Json:
    """`replies.list`."""
    find_anywhere(call, call.path["fileId"])
    return _masked(call, {"kind": "drive#replyList", "replies": _find(call)["replies"]})
