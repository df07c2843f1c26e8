"""Which codec reads and writes which file: workbooks hold tables, documents hold sections. Content decides, not names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import quote

from connectors.folder.paths import TABLE_SUFFIXES, suffix_of
from connectors.office import docx, xlsx
from connectors.office.docx_markup import anchor
from connectors.office.formats import Form, Format, of_main_part
from connectors.office.package import (
    KEY_PROPERTY,
    BrokenFile,
    EditRefused,
    Properties,
    custom_values,
    main_part,
    open_package,
    parse_xml,
)
from connectors.workspace import Document, Edit, NewItem, Table, TableContent
from templates.shapes import DocumentShape, TableShape

__all__ = ["EditRefused", "Mismatch", "build", "content_of", "edited", "fragment", "key_in"]


_ROW = re.compile(r"([^!]+?)(?:![A-Z]+|, row )([0-9]+)\b")
_SECTION = re.compile(r"[a-z0-9_-]+")


class Mismatch(Exception):
    """A workbook where a document was expected, or the reverse."""


@contextmanager
def _surprises() -> Iterator[None]:
    """People's files hold what nobody foresaw: whatever a codec stumbles over costs that one file, never the run."""
    try:
        yield
    except (BrokenFile, Mismatch, EditRefused):
        raise
    except Exception as error:
        what = f"{type(error).__name__}: {error}"
        raise BrokenFile(f"This program stumbled over it ({what}). Keep a copy of it for a report.") from error


@_surprises()
def build(item: NewItem) -> bytes:
    """A new file for *item*. Raises BrokenFile when its content fits no file."""
    if isinstance(item.content, TableContent):
        return xlsx.build(item.content, key=item.key, kind=item.kind, title=item.title)
    return docx.build(item.content, key=item.key, kind=item.kind, title=item.title)


@_surprises()
def content_of(ref: str, data: bytes, shape: TableShape | DocumentShape | None) -> tuple[Properties, Table | Document]:
    """What stands in the file at *ref*, whatever its name says that it is. Raises BrokenFile, Mismatch."""
    form = _form(ref, data)
    if form is Form.TABLE and not isinstance(shape, DocumentShape):
        facts, table = xlsx.read(data, shape)
        return facts, replace(table, notes=(*table.notes, *_misnamed(ref, form)))
    if form is Form.DOCUMENT and not isinstance(shape, TableShape):
        facts, document = docx.read(data, shape)
        return facts, replace(document, notes=(*document.notes, *_misnamed(ref, form)))
    raise Mismatch(_mismatch(form))


def _form(ref: str, data: bytes) -> Form:
    """What it is by its content; where that does not tell, by its name. Raises BrokenFile for what is neither."""
    package = open_package(data)
    name = main_part(package)
    types = parse_xml(package.part("[Content_Types].xml") or b"")
    listed = {one.get("PartName", "").lower(): one.get("ContentType", "") for one in types if isinstance(one.tag, str)}
    found = of_main_part(listed.get(f"/{name}".lower(), ""), package.part(name) or b"")
    if isinstance(found, Format):
        raise BrokenFile(found.sentence)
    return found or _form_by_name(ref)


def _form_by_name(ref: str) -> Form:
    return Form.TABLE if suffix_of(ref) in TABLE_SUFFIXES else Form.DOCUMENT


def _misnamed(ref: str, form: Form) -> Iterator[str]:
    if form is not _form_by_name(ref):
        yield (
            f"The file is really {form.value}, though its name ends in {suffix_of(ref)}; it was read. Let its name end in "
            f"{form.suffix}, for Office programs refuse to open it so."
        )


def _mismatch(form: Form) -> str:
    wanted = Form.DOCUMENT if form is Form.TABLE else Form.TABLE
    return (
        f"{wanted.value} belongs here, and this is really {form.value}; nothing was read from it. Put {wanted.value} "
        f"({wanted.suffix}) in its place, or restore the one that was here."
    )


@_surprises()
def edited(edit: Edit, data: bytes) -> bytes:
    """The file's bytes after *edit*; the same bytes when there is nothing to do. Raises BrokenFile, EditRefused, Mismatch."""
    form = _form(edit.ref, data)
    if form is Form.TABLE and isinstance(edit.shape, TableShape):
        return xlsx.edit(data, edit.shape, edit.changes)
    if form is Form.DOCUMENT and isinstance(edit.shape, DocumentShape):
        return docx.edit(data, edit.shape, edit.changes)
    raise Mismatch(_mismatch(form))


def fragment(ref: str, place: str) -> str:
    """What leads to a *place* inside the file at *ref*: a section's bookmark, a sheet's row; "" where it names neither."""
    if suffix_of(ref) in TABLE_SUFFIXES:
        row = _ROW.match(place)
        sheet = row[1] if row and row[1].isalnum() else f"'{row[1]}'" if row else ""
        return "#" + quote(f"{sheet}!A{row[2]}", safe="!'") if row else ""
    return f"#{anchor(place)}" if place and _SECTION.fullmatch(place) else ""


def key_in(data: bytes) -> str:
    """The key that a file carries; "" for a file of somebody's own and for one that cannot be read."""
    try:
        return custom_values(open_package(data)).get(KEY_PROPERTY, "")
    except BrokenFile:
        return ""
