"""Documents of sections as .docx files: build new ones, read what people wrote, fill in what is still empty.

Anchors: each section's heading has a paragraph style of its own, based on Heading 1, and a bookmark over exactly its
text; either one survives what people and programs do to headings. The document's key is a custom property.
"""

from __future__ import annotations

from connectors.office.docx_edit import edit
from connectors.office.docx_markup import body
from connectors.office.docx_master import DOCUMENT, master
from connectors.office.docx_read import read
from connectors.office.package import BrokenFile, EditRefused, repack, stamp
from connectors.workspace import DocumentContent

__all__ = ["BrokenFile", "EditRefused", "build", "edit", "read"]


def build(content: DocumentContent, *, key: str, kind: str, title: str) -> bytes:
    """A new document. Equal arguments give equal bytes; characters that XML cannot hold become U+FFFD.

    Raises ValueError when rows are given for a section that has no table.
    """
    base = master(content.shape)
    text = base.opening + body(content.shape, title, content.facts, content.sections) + base.closing
    return repack(base.package, {DOCUMENT: text.encode("utf-8"), **stamp(key=key, kind=kind, title=title)})
