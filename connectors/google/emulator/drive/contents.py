"""What is inside a file: bytes, a spreadsheet or a document; conversion on arrival and export.

A converted upload is kept as it came and read only when somebody looks inside, so that thousands of files cost little.
"""

from __future__ import annotations

import io
import zipfile

from connectors.google.emulator.calls import Media, Reply
from connectors.google.emulator.docs.exports import export_document
from connectors.google.emulator.docs.imports import imported
from connectors.google.emulator.drive.resources import EXPORTS, IMPORTS
from connectors.google.emulator.errors import GoogleError, invalid
from connectors.google.emulator.sheets.book import Book
from connectors.google.emulator.sheets.exports import export_book
from connectors.google.emulator.store import DOCUMENT, NATIVE, SHEET, File, World

#: Bytes that an export may have: https://developers.google.com/workspace/drive/api/reference/rest/v3/files/export.
EXPORT_BYTES = 10 * 1024 * 1024


def exportable() -> dict[str, tuple[str, ...]]:
    """Type of Google's to the types it is exported as."""
    return dict(EXPORTS)


def blank(world: World, file: File) -> None:
    """An empty spreadsheet or document."""
    if file.mime == SHEET:
        world.spreadsheets[file.id] = Book.blank()
    else:
        world.documents[file.id] = imported(Media("text/plain", b""), world)


def store(world: World, file: File, media: Media) -> None:
    """Put *media* into a new *file*, converted if its type is one of Google's."""
    if file.mime in (SHEET, DOCUMENT):
        _convert(world, file, media)
    elif file.mime.startswith(NATIVE):
        raise GoogleError(400, f"Content cannot be uploaded to {file.mime}.", "badRequest")
    else:
        file.content, file.content_type = media.content, media.type


def _convert(world: World, file: File, media: Media) -> None:
    kind = media.type.partition(";")[0].strip().lower()
    target = IMPORTS.get(kind)
    if target != file.mime and not (kind == "text/plain" and file.mime == SHEET):
        raise GoogleError(400, f"Bad Request: {kind or 'this content'} cannot be converted to {file.mime}.", "badRequest")
    if kind.startswith("application/") and not zipfile.is_zipfile(io.BytesIO(media.content)):
        raise GoogleError(400, "Bad Request: the upload is no Office file.", "badRequest")
    if file.mime == SHEET:
        world.spreadsheets[file.id] = Book.arriving(file.name, kind, media.content)
    else:
        world.documents[file.id] = imported(Media(kind, media.content), world)


def replace(world: World, file: File, media: Media, mime: str) -> None:
    """Put *media* in the place of what is in *file*. A converted file stays converted unless *mime* says otherwise."""
    if mime and mime != file.mime:
        world.spreadsheets.pop(file.id, None)
        world.documents.pop(file.id, None)
        file.mime = mime
    elif not file.native and media.type:
        file.mime = media.type
    if file.mime not in (SHEET, DOCUMENT):
        file.content = None
    store(world, file, media)


def copy(world: World, source: File, file: File) -> None:
    """The content of *source* in *file*."""
    file.content, file.content_type = source.content, source.content_type
    if source.id in world.spreadsheets:
        world.spreadsheets[file.id] = world.spreadsheets[source.id].clone()
    if source.id in world.documents:
        world.documents[file.id] = world.documents[source.id].clone()


def export(world: World, file: File, mime: str) -> Reply:
    """*file* as *mime*. Raises 400 for a type that Drive does not offer, 501 for one that the emulator lacks."""
    if not mime:
        raise GoogleError(400, "Required parameter: mimeType", "required", "mimeType")
    if file.mime not in EXPORTS:
        raise GoogleError(
            403, "Export only supports Docs Editors files.", "fileNotExportable", "alt" if file.native else "fileId"
        )
    if mime not in EXPORTS[file.mime]:
        raise invalid("mimeType", "The requested conversion is not supported.")
    if file.mime == SHEET:
        content = export_book(world.spreadsheets[file.id], mime, file.name, world.clock.now())
    else:
        content = export_document(world.documents[file.id], mime, file.name)
    if len(content) > EXPORT_BYTES:
        raise GoogleError(403, "This file is too large to be exported.", "exportSizeLimitExceeded")
    return Reply(200, content, mime, {"Content-Disposition": "attachment"})
