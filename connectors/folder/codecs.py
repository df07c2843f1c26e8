"""Which codec reads and writes which file: workbooks hold tables, documents hold sections."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from connectors.folder.paths import TABLE_SUFFIXES, suffix_of
from connectors.office import docx, xlsx
from connectors.office.package import KEY_PROPERTY, BrokenFile, EditRefused, Properties, custom_values, open_package
from connectors.workspace import Document, Edit, NewItem, Table, TableContent
from templates.shapes import DocumentShape, TableShape

__all__ = ["EditRefused", "Mismatch", "build", "content_of", "edited", "key_in"]


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
    """What stands in the file at *ref*. Raises BrokenFile, Mismatch."""
    if suffix_of(ref) in TABLE_SUFFIXES:
        if isinstance(shape, DocumentShape):
            raise Mismatch("a document was expected here, and this is a workbook.")
        return xlsx.read(data, shape)
    if isinstance(shape, TableShape):
        raise Mismatch("a workbook was expected here, and this is a document.")
    return docx.read(data, shape)


@_surprises()
def edited(edit: Edit, data: bytes) -> bytes:
    """The file's bytes after *edit*; the same bytes when there is nothing to do. Raises BrokenFile, EditRefused, Mismatch."""
    is_table = suffix_of(edit.ref) in TABLE_SUFFIXES
    if is_table and isinstance(edit.shape, TableShape):
        return xlsx.edit(data, edit.shape, edit.changes)
    if not is_table and isinstance(edit.shape, DocumentShape):
        return docx.edit(data, edit.shape, edit.changes)
    raise Mismatch("the edit is for another kind of file.")


def key_in(data: bytes) -> str:
    """The key that a file carries; "" for a file of somebody's own and for one that cannot be read."""
    try:
        return custom_values(open_package(data)).get(KEY_PROPERTY, "")
    except BrokenFile:
        return ""
