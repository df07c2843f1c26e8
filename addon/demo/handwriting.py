"""The people's own hands: edits of Office files as Word, Excel and LibreOffice save them.

Nothing here uses this program's readers and writers of Office files. A file is opened as a zip, its XML is changed the
way the office program would, and the file is saved as that program saves it: people's edits must be as foreign to the
program as they are in a company.
"""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

from lxml import etree

from addon.demo.dice import dice

CORE, APP, TYPES, RELS = "docProps/core.xml", "docProps/app.xml", "[Content_Types].xml", "_rels/.rels"
_CP = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}"
_DCTERMS = "{http://purl.org/dc/terms/}"
_XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_EXTENDED = "application/vnd.openxmlformats-officedocument.extended-properties+xml"
_LIBREOFFICE = "LibreOffice/7.4.7.2$Linux_X86_64 LibreOffice_project/40$Build-2"


class Program(StrEnum):
    """Which office program somebody has."""

    MICROSOFT = "microsoft"
    LIBREOFFICE = "libreoffice"


@dataclass(frozen=True)
class Hand:
    """Somebody who writes: the name that their office program puts into files, and how it saves them.

    Word and Excel write a new file and put it in the old one's place; others write *in_place*.
    """

    name: str
    program: Program = Program.MICROSOFT
    in_place: bool = False


class HandwritingError(Exception):
    """What the hand was to write does not fit the file: a heading or row that is not there."""


class Parts(dict[str, bytes]):
    """The parts of an Office file by name, with parsed XML on demand."""

    @classmethod
    def open(cls, data: bytes) -> Parts:
        """All parts of the zip in *data*, unpacked."""
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return cls({name: archive.read(name) for name in archive.namelist()})

    def xml(self, name: str) -> etree._Element:
        """The root of a part. Raises KeyError when there is none of that name."""
        return etree.fromstring(self[name])

    def put(self, name: str, root: etree._Element) -> None:
        """Store *root* as the part of that name."""
        self[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)

    def add(self, name: str, data: bytes, content_type: str, owner: str, relation: str, target: str) -> None:
        """A new part with its content type, and the relation in *owner* (a .rels part) that points to it."""
        if name not in self:
            types = self.xml(TYPES)
            override = etree.SubElement(types, f"{{{types.nsmap[None]}}}Override")
            override.set("PartName", f"/{name}")
            override.set("ContentType", content_type)
            self.put(TYPES, types)
            relations = self.xml(owner)
            one = etree.SubElement(relations, f"{{{_RELATIONS}}}Relationship")
            one.set("Id", f"rId{len(relations) + 40}")
            one.set("Type", f"{_OFFICE}/relationships/{relation}")
            one.set("Target", target)
            self.put(owner, relations)
        self[name] = data

    def packed(self, hand: Hand, at: datetime) -> bytes:
        """The zip. Microsoft's programs date every member 1980; LibreOffice writes the time."""
        moment = (1980, 1, 1, 0, 0, 0) if hand.program is Program.MICROSOFT else at.timetuple()[:6]
        out = BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
            for name in sorted(self, key=lambda name: (name != TYPES, name != RELS)):
                info = zipfile.ZipInfo(name, moment)
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, self[name])
        return out.getvalue()


def write(path: Path, hand: Hand, at: datetime, strokes: Sequence[object]) -> None:
    """Open the file at *path*, make the strokes of its kind (see the two modules beside) and save it as *hand* does.

    Raises HandwritingError when a heading, row or column that a stroke names cannot be seen in the file.
    """
    from addon.demo import handwriting_docx, handwriting_xlsx

    parts = Parts.open(path.read_bytes())
    chance = dice("hand", hand.name, at.isoformat(), path.name)
    if path.suffix == ".docx":
        handwriting_docx.write(parts, hand, at, strokes, chance)
        program = "Microsoft Office Word"
    else:
        handwriting_xlsx.write(parts, hand, strokes)
        program = "Microsoft Excel"
    _sign(parts, hand, at, program)
    save(path, parts.packed(hand, at), hand)


def save(path: Path, data: bytes, hand: Hand) -> None:
    """Put *data* at *path*: in place, or by a temporary file that takes the old one's name."""
    if hand.in_place:
        with path.open("r+b") as file:
            file.write(data)
            file.truncate()
        return
    temporary = path.with_name(f"~WRD{sum(path.name.encode()) % 10000:04}.tmp")
    temporary.write_bytes(data)
    shutil.copymode(path, temporary)
    os.replace(temporary, path)


def _sign(parts: Parts, hand: Hand, at: datetime, program: str) -> None:
    """Who saved last, when, and with what."""
    core = parts.xml(CORE)
    _set(core, f"{_CP}lastModifiedBy", hand.name)
    revision = core.findtext(f"{_CP}revision") or "0"
    _set(core, f"{_CP}revision", str(int(revision) + 1 if revision.isdecimal() else 1))
    modified = _set(core, f"{_DCTERMS}modified", f"{at:%Y-%m-%dT%H:%M:%SZ}")
    modified.set(_XSI_TYPE, "dcterms:W3CDTF")
    parts.put(CORE, core)
    parts.add(APP, _application(hand, program), _EXTENDED, RELS, "extended-properties", APP)


def _set(root: etree._Element, tag: str, text: str) -> etree._Element:
    found = root.find(tag)
    if found is None:
        found = etree.SubElement(root, tag)
    found.text = text
    return found


def _application(hand: Hand, program: str) -> bytes:
    name, version = (program, "16.0000") if hand.program is Program.MICROSOFT else (_LIBREOFFICE, "15.0000")
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<Properties xmlns="{_OFFICE}/extended-properties" xmlns:vt="{_OFFICE}/docPropsVTypes">'
        f"<Template></Template><TotalTime>4</TotalTime><Application>{escape(name)}</Application>"
        f"<AppVersion>{version}</AppVersion></Properties>"
    ).encode()
