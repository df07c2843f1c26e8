"""`documents`."""

from __future__ import annotations

from connectors.google.emulator.calls import Call, Media
from connectors.google.emulator.docs.apply import apply_edits
from connectors.google.emulator.docs.body import Document
from connectors.google.emulator.docs.edits import Edits
from connectors.google.emulator.docs.imports import imported
from connectors.google.emulator.docs.render import document, revision_id
from connectors.google.emulator.drive.files import check_storage
from connectors.google.emulator.drive.resources import editable
from connectors.google.emulator.errors import Json, bad_request
from connectors.google.emulator.store import DOCUMENT, File, Permission, permission_id, rank, stamp

_VIEWS = ("", "DEFAULT_FOR_CURRENT_ACCESS", "SUGGESTIONS_INLINE", "PREVIEW_SUGGESTIONS_ACCEPTED", "PREVIEW_WITHOUT_SUGGESTIONS")


def _open(call: Call, need: str = "reader") -> tuple[File, Document]:
    file = editable(call, call.path["documentId"], DOCUMENT, need)
    return file, call.world.documents[file.id]


def create(call: Call) -> Json:
    """`documents.create`: a title; any other content is ignored."""
    world, email = call.world, call.who.email
    root = world.files[world.root(email)]
    check_storage(call, root, DOCUMENT)
    title = str(call.body.get("title") or "Untitled document")
    file = File(world.new_id(), title, DOCUMENT, root.id, "", email, call.now, call.now, email, email)
    owner = Permission(permission_id("user", email), "user", "owner", email)
    file.permissions[owner.id] = owner
    world.documents[file.id] = imported(Media("text/plain", b""), world)
    world.add(file)
    return document(world.documents[file.id], file.id, file.name)


def get(call: Call) -> Json:
    """`documents.get`."""
    file, held = _open(call)
    view = call.text("suggestionsViewMode")
    if view not in _VIEWS:
        raise bad_request(f"Invalid value at 'suggestions_view_mode': {view}")
    editor = rank(call.world.role(file, call.who)) >= rank("writer")
    if not editor and view in ("SUGGESTIONS_INLINE", "PREVIEW_SUGGESTIONS_ACCEPTED"):
        raise bad_request("Only users who can edit the document may see its suggestions.")
    found = document(held, file.id, file.name, view, call.flag("includeTabsContent"), editor)
    mode = call.text("commentsViewMode")
    if mode == "COMMENTS_VIEW_MODE_INCLUDED":
        found |= {"commentsViewMode": mode, "comments": _threads(call, file)}
    if held.suggestions and editor:
        found["suggestions"] = [thread for thread in held.suggestions.values() if thread["status"] == "OPEN"]
    return found


def _threads(call: Call, file: File) -> list[Json]:
    """The comments on the file as Docs shows them."""
    return [
        {
            "commentId": comment["id"],
            "status": "RESOLVED" if comment.get("resolved") else "OPEN",
            "plainTextQuote": (comment.get("quotedFileContent") or {}).get("value", ""),
            "headPost": _post(comment),
            "replies": [_post(reply) for reply in comment["replies"]],
        }
        for comment in call.world.comments[file.id].values()
        if not comment["deleted"]
    ]


def _post(comment: Json) -> Json:
    return {
        "postId": comment["id"],
        "author": {"displayName": comment["author"]["displayName"]},
        "content": comment.get("content", ""),
        "contentHtml": comment.get("htmlContent", ""),
        "createTime": comment["createdTime"],
        "updateTime": comment["modifiedTime"],
    }


def batch_update(call: Call) -> Json:
    """`documents.batchUpdate`: all or nothing; as suggestions with the write mode SUGGEST."""
    control = call.body.get("writeControl") or {}
    suggesting = control.get("writeMode") == "SUGGEST"
    file, held = _open(call, "commenter" if suggesting else "writer")
    requests = call.body.get("requests") or []
    if not requests:
        raise bad_request("Must specify at least one request.")
    _check_revision(held, file, control)
    trial = held.clone()
    if not trial.tabs:
        raise bad_request("The document has no tab.")
    edits = Edits(trial, call.now, call.world.people, author=call.who.email)
    if suggesting:
        edits.suggestion = call.world.new_id(16, "suggest.")
        post = {"author": {"displayName": call.who.email}, "createTime": stamp(call.now)}
        trial.suggestions[edits.suggestion] = {"suggestionId": edits.suggestion, "status": "OPEN", "headPost": post}
    replies = apply_edits(edits, requests)
    held.become(trial)
    _keep_comments(call, file, edits)
    call.world.changed(file, call.who, content=True)
    answer: Json = {
        "replies": replies,
        "writeControl": {"requiredRevisionId": revision_id(held, file.id)},
        "documentId": file.id,
    }
    settled = {"createdSuggestionIds": [edits.suggestion] if suggesting else [], "acceptedSuggestionIds": edits.accepted}
    settled["rejectedSuggestionIds"] = edits.rejected
    if any(settled.values()):
        answer["suggestionResponses"] = [{name: value for name, value in settled.items() if value}]
    return answer


def _check_revision(held: Document, file: File, control: Json) -> None:
    """400 if the document moved on since the required revision, or if the target is not one of it."""
    now, wanted = revision_id(held, file.id), control.get("requiredRevisionId")
    if wanted and wanted != now:
        raise bad_request(
            f"The required revision ID '{wanted}' does not match the latest revision.",
        )
    target = str(control.get("targetRevisionId") or "")
    if target and not target.startswith(now[:-8]):
        raise bad_request(f"The target revision ID '{target}' is invalid.")


def _keep_comments(call: Call, file: File, edits: Edits) -> None:
    for given in edits.comments:
        now = stamp(call.now)
        call.world.comments[file.id][given["id"]] = {
            "kind": "drive#comment",
            "id": given["id"],
            "createdTime": now,
            "modifiedTime": now,
            "author": {"kind": "drive#user", "displayName": call.who.email, "me": True},
            "content": given["content"],
            "htmlContent": given["content"],
            "quotedFileContent": {"mimeType": "text/html", "value": given["quote"]},
            "deleted": False,
            "resolved": False,
            "replies": [],
        }
