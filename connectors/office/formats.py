"""What a file really is, whatever its name says: told from its bytes, and the way to a file that can be read. Pure."""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum


class Form(Enum):
    """The two kinds of Office file that are read."""

    TABLE = "an Excel workbook"
    DOCUMENT = "a Word document"

    @property
    def suffix(self) -> str:
        """How the names of such files end."""
        return ".xlsx" if self is Form.TABLE else ".docx"


@dataclass(frozen=True)
class Format:
    """A kind of file that is not read, in words, and which Office file can be made of it (None when none or either)."""

    name: str
    form: Form | None = None

    @property
    def sentence(self) -> str:
        """What it is and the way out."""
        if self.form is None:
            return f"It is really {self.name}, whatever its name says. Put a .docx or .xlsx file in its place."
        return (
            f"It is really {self.name}, whatever its name says. Open it and save it as {self.form.value} ({self.form.suffix}) "
            "in the same place."
        )


_TABLE, _DOCUMENT = Form.TABLE, Form.DOCUMENT

# ---------------------------------------------------------------- old Office files

_STREAMS = (
    ("__substg1.0_", Format("an Outlook message (.msg)")),
    ("WordDocument", Format("a Word document of the old format (.doc)", _DOCUMENT)),
    ("Workbook", Format("an Excel workbook of the old format (.xls)", _TABLE)),
    ("Book", Format("an Excel workbook of an old format (.xls)", _TABLE)),
    ("PowerPoint Document", Format("a PowerPoint presentation of the old format (.ppt)")),
)


def why_compound(data: bytes) -> str:
    """Why a compound file is not read: it is locked, or of an old format, as the names of its streams tell."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "The file is protected by a password; save it again without one."
    known = (found for name, found in _STREAMS if name.encode("utf-16-le") in data)
    return next(known, Format("a file of an old Office format (.doc, .xls or another)")).sentence


# ---------------------------------------------------------------- archives

_MIMETYPES = (
    ("opendocument.text", Format("an OpenDocument text (.odt)", _DOCUMENT)),
    ("opendocument.spreadsheet", Format("an OpenDocument spreadsheet (.ods)", _TABLE)),
    ("opendocument", Format("an OpenDocument file")),
    ("epub", Format("an electronic book (.epub)")),
)


def of_archive(names: Collection[str], mimetype: str) -> Format:
    """What an archive without a list of content types is, by the *names* of its members and what it says of itself."""
    for word, found in _MIMETYPES:
        if word in mimetype:
            return found
    if any(name.endswith(".iwa") or name in ("index.apxl", "index.xml", "Index.zip") for name in names):
        return Format("a Pages, Numbers or Keynote document")
    inner = [name for name in names if name.lower().endswith((".docx", ".xlsx")) and not name.startswith("__MACOSX/")]
    return Format(f"a ZIP archive that holds {inner[0]}" if len(inner) == 1 else "a ZIP archive")


_CONTENT_TYPES = (
    ("sheet.binary", Format("a binary Excel workbook (.xlsb)", _TABLE)),
    ("presentation", Format("a PowerPoint presentation")),
    ("powerpoint", Format("a PowerPoint presentation")),
    ("visio", Format("a Visio drawing")),
    ("spreadsheetml", _TABLE),
    ("ms-excel", _TABLE),
    ("wordprocessingml", _DOCUMENT),
    ("ms-word", _DOCUMENT),
)


def of_main_part(content_type: str, markup: bytes) -> Form | Format | None:
    """What an Office file is by the *content_type* of its main part, else by the first element of its *markup*."""
    for word, found in _CONTENT_TYPES:
        if word in content_type.lower():
            return found
    root = re.search(rb"<(?:\w+:)?(workbook|document)[\s>]", markup[:4096])
    return None if root is None else _TABLE if root[1] == b"workbook" else _DOCUMENT


# ---------------------------------------------------------------- all else

_BEGINNINGS = (
    (rb"%PDF-", Format("a PDF")),
    (rb"\{\\rtf", Format("a Rich Text document (.rtf)", _DOCUMENT)),
    (rb"\x89PNG|\xff\xd8\xff|GIF8|BM....\0\0\0\0|II\*\0|MM\0\*", Format("a picture")),
    (rb"Rar!|7z\xbc\xaf|\x1f\x8b", Format("an archive (.rar, .7z or .gz)")),
    (rb'\s*\{\s*"(?:url|doc_id|resource_id)"', Format("only a link to a Google document; download that as an Office file")),
    (rb"(?i)(?:[\w-]+:[^\n]*\n)*mime-version:", Format("a web archive (.mht)")),
)
_MARKUP = (
    (rb'progid="Excel\.Sheet"|urn:schemas-microsoft-com:office:spreadsheet', Format("an Excel workbook saved as XML", _TABLE)),
    (rb'progid="Word\.Document"|<w:worddocument|<pkg:package', Format("a Word document saved as XML", _DOCUMENT)),
    (rb"<office:document", Format("an OpenDocument file saved as XML")),
    (rb"urn:schemas-microsoft-com:office:excel", Format("a table saved as a web page (HTML)", _TABLE)),
    (rb"<!doctype html|<html|<head|<body|<table", Format("a web page (HTML)")),
)


def why_no_archive(data: bytes) -> str:
    """Why a file that is neither an archive nor a compound file is not read."""
    if not data.strip(b"\0"):
        return (
            "The file holds nothing but zeros, as one does that a synchronising program has not loaded; open it once where it "
            "was made, or restore an earlier version of it."
        )
    found = of_bytes(data)
    if found is None:
        return "This is not an Office file (.xlsx or .docx), whatever its name says. Put one in its place."
    return found.sentence


def of_bytes(data: bytes) -> Format | None:
    """What a file is that is no archive and no compound file; None for what nothing tells."""
    for pattern, found in _BEGINNINGS:
        if re.match(pattern, data[:4096], re.DOTALL if pattern.startswith(rb"\x89") else 0):
            return found
    head = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"<"):
        marked = (found for pattern, found in _MARKUP if re.search(pattern, head, re.IGNORECASE))
        return next(marked, Format("a file of markup (XML)"))
    return Format("plain text") if _is_text(data[:4096]) else None


def _is_text(data: bytes) -> bool:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    try:
        getincrementaldecoder("utf-8")().decode(data)  # a sign cut off at the end is no fault
    except UnicodeDecodeError:
        return False
    return re.search(rb"[\x00-\x08\x0e-\x1f]", data) is None
