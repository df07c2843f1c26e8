"""Files that nobody could read, and files that should not be trusted, made from a true document and a true workbook."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from connectors.folder.workspace import FolderWorkspace
from connectors.office import docx, xlsx
from connectors.office.package import open_package, repack
from connectors.workspace import Document, Failed, Snapshot
from tests.connectors.folder_verbs import at
from tests.connectors.samples import check_in, sheet, with_text

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DOCUMENT, SHEET = "word/document.xml", "xl/worksheets/sheet1.xml"
HERE = "shared/Working"
"""Where they stand."""


@dataclass(frozen=True)
class Hostile:
    """A file's name, how its bytes are made, and what the report must say of it."""

    name: str
    make: Callable[[], bytes]
    says: str


@cache
def document(text: str = "Said in the meeting.") -> bytes:
    """A check-in whose wins say *text*."""
    item = with_text(check_in("2026-h1/nobody/check-in/2026-03-02"), text)
    return docx.build(item.content, key="", kind="", title=item.title)  # type: ignore[arg-type]


@cache
def workbook() -> bytes:
    """A goal sheet."""
    item = sheet()
    return xlsx.build(item.content, key="", kind="", title=item.title)  # type: ignore[arg-type]


def part(data: bytes, name: str) -> bytes:
    """One part of a file."""
    return open_package(data).part(name) or b""


def with_document(markup: bytes) -> bytes:
    """A document whose text part is *markup*."""
    return repack(document(), {DOCUMENT: markup})


def with_prolog(prolog: str, text: str) -> bytes:
    """A document with a document type before its text and *text* in its first run."""
    declaration, _, rest = part(document(), DOCUMENT).partition(b"?>")
    return with_document(declaration + b"?>" + prolog.encode() + rest.replace(b"Said in the meeting.", text.encode()))


def zipped(parts: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of *parts*."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return stream.getvalue()


def laughs() -> str:
    """Ten entities, each ten times the one before."""
    lines = ['<!ENTITY l0 "ha">', *(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 11))]
    return f"<!DOCTYPE w:document [{''.join(lines)}]>"


def many_members(count: int) -> bytes:
    """An archive with a directory of *count* members that all point to one."""
    local = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 0, 0, 33, 0, 0, 0, 1, 0) + b"a"
    entries = b"".join(
        struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 20, 20, 0, 0, 0, 33, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0) + b"%08d" % number
        for number in range(count)
    )
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count & 0xFFFF, count & 0xFFFF, len(entries), len(local), 0)
    return local + entries + end


def deep(levels: int) -> bytes:
    """A document of tables inside tables."""
    start, _, end = part(document(), DOCUMENT).partition(b"<w:sectPr")
    inner = b"<w:tbl><w:tr><w:tc>" * levels + b"<w:p><w:r><w:t>deep</w:t></w:r></w:p>" + b"</w:tc></w:tr></w:tbl>" * levels
    return with_document(start + inner + b"<w:sectPr" + end)


def cells(count: int) -> bytes:
    """A workbook of *count* cells in one row."""
    text = part(workbook(), SHEET)
    at = text.index(b"</sheetData>")
    many = b"".join(b"<c><v>%d</v></c>" % (number * 7919 % 1000003) for number in range(count))
    return repack(workbook(), {SHEET: text[:at] + b'<row r="900">' + many + b"</row>" + text[at:]})


def nested_bomb() -> bytes:
    """A document in which archives of zeros lie inside archives."""
    data = bytes(20_000_000)
    for level in range(3):
        data = zipped({f"{level}-{number}.zip": data for number in range(4)})
    return repack(document(), {"word/embeddings/oleObject1.bin": data})


def locked() -> bytes:
    """An archive whose members are marked as encrypted."""
    data = bytearray(document())
    at = -1
    while (at := data.find(b"PK\x01\x02", at + 1)) >= 0:
        data[at + 8] |= 1
    return bytes(data)


def _as(content_type: str) -> bytes:
    """A document that says of itself that it is something else."""
    name = "[Content_Types].xml"
    return repack(document(), {name: part(document(), name).replace(b"wordprocessingml.document", content_type.encode())})


@cache
def _noise(size: int) -> bytes:
    """Bytes that pack badly, as pictures do."""
    return random.Random(1).randbytes(size)


BROKEN = (
    Hostile("empty.docx", lambda: b"", "is empty"),
    Hostile("empty.xlsx", lambda: b"", "is empty"),
    Hostile("no zip.docx", lambda: b"Dear all, this is a letter.", "really plain text"),
    Hostile("page.docx", lambda: b"<html><body>Check-in</body></html>", "really a web page"),
    Hostile("picture.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(200), "really a picture"),
    Hostile("old.docx", lambda: _OLE2 + bytes(600), "old Office format"),
    Hostile("locked.docx", lambda: _OLE2 + "EncryptedPackage".encode("utf-16-le") + bytes(600), "password"),
    Hostile("locked zip.docx", locked, "password"),
    Hostile("letter.odt.docx", lambda: zipped({"mimetype": b"application/vnd.oasis.opendocument.text"}), "OpenDocument"),
    Hostile("archive.docx", lambda: zipped({"a.txt": b"x"}), "really a ZIP archive"),
    Hostile("slides.docx", lambda: _as("presentationml.presentation"), "really a PowerPoint presentation"),
    Hostile("not loaded.docx", lambda: bytes(9000), "nothing but zeros"),
    Hostile("cut in half.docx", lambda: document()[: len(document()) // 2], "cut off"),
    Hostile("cut at the end.xlsx", lambda: workbook()[:-1], "cut off"),
    Hostile("no text.docx", lambda: with_document(b""), "damaged"),
    Hostile("half a text.docx", lambda: with_document(part(document(), DOCUMENT)[:900]), "not well-formed"),
    Hostile("zeros.docx", lambda: with_document(bytes(5_000_000)), "times its size"),
    Hostile("huge.docx", lambda: repack(document(), {f"word/media/{n}.bin": bytes(4_000_000) for n in range(70)}), "too large"),
    Hostile("members.docx", lambda: many_members(200_000), "parts"),
    Hostile("laughs.docx", lambda: with_prolog(laughs(), "&l10;"), "document type|not well-formed"),
    Hostile("laughs in a name.docx", lambda: with_prolog(laughs(), '</w:t><w:t w:x="&l10;">'), "document type|not well-formed"),
    Hostile(
        "laughs in other letters.docx", lambda: with_document(_in_utf16(laughs() + "<a>&l10;</a>")), "not well-formed|type"
    ),
    Hostile(
        "laughs behind much text.docx",
        lambda: with_document(_in_utf16(f"<!--{_noise(3_000_000).hex()}-->" + laughs() + "<a>&l10;</a>")),
        "not well-formed",
    ),
    Hostile(
        "reads a file.docx",
        lambda: with_prolog('<!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/hostname">]>', "&x;"),
        "document type",
    ),
    Hostile(
        "reads the web.docx",
        lambda: with_prolog('<!DOCTYPE w:document SYSTEM "http://127.0.0.1:9/evil.dtd">', "text"),
        "document type",
    ),
    Hostile("deep.docx", lambda: deep(3000), "not well-formed|stumbled"),
    Hostile("cells.xlsx", lambda: cells(400_000), "too many"),
    Hostile("larger than read.docx", lambda: document() + bytes(100_000_001 - len(document()) + 1), "larger than 100 MB"),
)
"""What is refused with a sentence."""


def _in_utf16(text: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-16"?>{text}'.encode("utf-16")


def with_relation(target: str, *, external: bool, type: str = "footnotes") -> bytes:
    """A document that points to *target*."""
    name = "word/_rels/document.xml.rels"
    mode = ' TargetMode="External"' if external else ""
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relation = f'<Relationship Id="rIdX" Type="{base}/{type}" Target="{target}"{mode}/></Relationships>'
    return repack(document(), {name: part(document(), name).replace(b"</Relationships>", relation.encode())})


def with_macros(data: bytes) -> bytes:
    """The file with a macro project."""
    return repack(data, {"word/vbaProject.bin": _OLE2 + b"AutoOpen Shell calc"})


def with_field(instruction: str) -> bytes:
    """A document whose field would start a program or fetch a file."""
    field = f'<w:fldSimple w:instr=" {instruction} "><w:r><w:t>shown</w:t></w:r></w:fldSimple>'
    text = part(document(), DOCUMENT).replace(b"</w:p><w:sectPr", b"</w:p><w:p>" + field.encode() + b"</w:p><w:sectPr")
    return with_document(text)


SUSPECT: dict[str, Callable[[], bytes]] = {
    "external file.docx": lambda: with_relation("file:///etc/hostname", external=True),
    "external web.docx": lambda: with_relation("http://127.0.0.1:9/footnotes.xml", external=True),
    "template on the web.docx": lambda: with_relation("http://127.0.0.1:9/x.dotm", external=True, type="attachedTemplate"),
    "inner path out.docx": lambda: with_relation("../../../../../../etc/hostname", external=False),
    "file as a part.docx": lambda: with_relation("file:///etc/hostname", external=False),
    "starts a program.docx": lambda: with_field("DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe &quot;/k calc&quot;"),
    "includes a file.docx": lambda: with_field("INCLUDETEXT &quot;file:///etc/hostname&quot;"),
    "macros.docm": lambda: with_macros(document()),
    "nested bomb.docx": nested_bomb,
    "pictures of 50 MB.docx": lambda: repack(document(), {"word/media/photo.jpg": _noise(50_000_000)}),
    "tables in tables.docx": lambda: deep(40),
}
"""What is read like any other document: nothing that it points to is fetched, nothing in it is run."""


# ---------------------------------------------------------------- putting them into a folder


def place(base: Path, name: str, data: bytes) -> str:
    """Put a file into the working folder; returns its ref."""
    path = at(base, f"{HERE}/{name}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return f"{HERE}/{name}"


def read_one(workspace: FolderWorkspace, ref: str) -> Snapshot | Failed:
    """One read, as of a file that nobody provisioned."""
    (result,) = workspace.read([(ref, None)])
    return result


def words(result: Snapshot | Failed) -> str:
    """Everything that was read of a document."""
    assert isinstance(result, Snapshot), result
    assert isinstance(result.content, Document)
    parts = result.content.parts
    return "\n".join([line for part in parts for line in part.paragraphs] + [left.text for left in result.content.left_overs])
