"""Office files as packages of parts: opened warily, read part by part, written again by copying what did not change.

Nothing here touches a disk or knows tables and documents; `xlsx` and `docx` stand on it.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from lxml import etree

from connectors.office.formats import of_archive, why_compound, why_no_archive

MAX_UNPACKED = 256 * 1024 * 1024
"""Bytes that all parts of one file may have together when unpacked."""
MAX_XML = 48 * 1024 * 1024
"""Bytes that one XML part may have."""
MAX_RATIO = 400
"""How many times larger than packed a part may be; counts from `RATIO_FROM` bytes on, small parts pack well."""
RATIO_FROM = 4 * 1024 * 1024
MAX_PARTS = 10_000
MAX_MARKUP = 1_500_000
"""Tags, and twice the attributes, that one XML part may have: each takes some 130 bytes of memory once it is parsed."""

CORE = "docProps/core.xml"
CUSTOM = "docProps/custom.xml"
AUTHOR = "Throughline"
KEY_PROPERTY = "ThroughlineKey"
KIND_PROPERTY = "ThroughlineKind"

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_CORE_NS = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
_FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # of every custom property
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LONGEST_TEXT = 9_000_000  # bytes that the parser takes for one text
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # what a zip member without a time of its own carries


class BrokenFile(Exception):
    """The bytes are no Office file that can be read; the message is one sentence for people."""


class EditRefused(Exception):
    """The file cannot take an edit; nothing was changed. The message is one sentence for people."""


# ---------------------------------------------------------------- opening and reading


class Package:
    """An Office file held in memory. Made by `open_package`."""

    def __init__(self, data: bytes, members: tuple[zipfile.ZipInfo, ...]) -> None:
        self._data = data
        self._members = members
        self._by_name = {info.filename.lower(): info for info in members}
        self._relations: dict[str, tuple[Relation, ...]] = {}

    def names(self) -> tuple[str, ...]:
        """The names of all parts, in the order of the file."""
        return tuple(info.filename for info in self._members)

    def part(self, name: str) -> bytes | None:
        """The unpacked part of that *name* (in any case), or None. Raises BrokenFile when it is damaged."""
        info = self._by_name.get(name.lower().lstrip("/"))
        return None if info is None else _unpack(info, _packed(self._data, info))

    def relations(self, source: str) -> tuple[Relation, ...]:
        """What the part *source* says of others, parsed once: every reader asks several times."""
        if source not in self._relations:
            folder, name = posixpath.split(source)
            data = self.part(posixpath.join(folder, "_rels", f"{name}.rels"))
            elements = () if data is None else parse_xml(data)
            self._relations[source] = tuple(_relation(element, folder) for element in elements if isinstance(element.tag, str))
        return self._relations[source]


def open_package(data: bytes) -> Package:
    """The package in *data*, unread but checked. Raises BrokenFile when it is empty, no Office file, locked or a bomb."""
    if not data:
        raise BrokenFile("The file is empty.")
    if data.startswith(_OLE2):
        raise BrokenFile(why_compound(data))
    members = _members(data)
    package = Package(data, members)
    if package.part("[Content_Types].xml") is None:
        raise BrokenFile(of_archive(package.names(), (package.part("mimetype") or b"").decode("ascii", "replace")).sentence)
    return package


def _members(data: bytes) -> tuple[zipfile.ZipInfo, ...]:
    if (count := data.count(b"PK\x01\x02")) > MAX_PARTS:
        raise BrokenFile(f"The file has {count:,} parts, as no Office file does; at most {MAX_PARTS:,} are read.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = tuple(info for info in archive.infolist() if not info.filename.endswith("/"))
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, OSError) as error:
        if data.startswith(b"PK"):
            raise BrokenFile(
                "The file is damaged or was cut off while it was copied; restore an earlier version of it."
            ) from error
        raise BrokenFile(why_no_archive(data)) from error
    _guard(members)
    return members


def _guard(members: tuple[zipfile.ZipInfo, ...]) -> None:
    """Refuse what is locked, ambiguous or unpacks to more than any person's file does, before anything is unpacked."""
    if any(info.flag_bits & 1 for info in members):
        raise BrokenFile("The file is protected by a password; save it again without one.")
    if len({info.filename.lower() for info in members}) < len(members):
        raise BrokenFile("The file holds two parts of the same name, so that nobody can tell which one counts; save it again.")
    total = sum(info.file_size for info in members)
    if total > MAX_UNPACKED:
        raise BrokenFile(f"The file is too large when unpacked ({total / 1e6:,.0f} MB; at most {MAX_UNPACKED / 1e6:,.0f} MB).")
    for info in members:
        if info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1):
            raise BrokenFile(
                f"Its part {info.filename} unpacks to more than {MAX_RATIO} times its size, as no Office file does."
            )


def _packed(data: bytes, info: zipfile.ZipInfo) -> bytes:
    """The member's bytes as they lie in the archive, behind its local header."""
    at = info.header_offset
    header = data[at : at + 30]
    if len(header) < 30 or header[:4] != b"PK\x03\x04":
        raise BrokenFile(f"The file is damaged: its part {info.filename} is not where its directory says.")
    name_length, extra_length = struct.unpack("<HH", header[26:30])
    start = at + 30 + name_length + extra_length
    packed = data[start : start + info.compress_size]
    if len(packed) < info.compress_size:
        raise BrokenFile(f"The file was cut off inside its part {info.filename}.")
    return packed


def _unpack(info: zipfile.ZipInfo, packed: bytes) -> bytes:
    """Unpack at most what the directory declared: a member that lies about its size is stopped there."""
    if info.compress_type == zipfile.ZIP_STORED:
        plain = packed
    elif info.compress_type == zipfile.ZIP_DEFLATED:
        try:
            plain = zlib.decompressobj(-15).decompress(packed, info.file_size + 1)
        except zlib.error as error:
            raise BrokenFile(f"The file is damaged: its part {info.filename} cannot be unpacked.") from error
    else:
        raise BrokenFile(f"Its part {info.filename} is packed in a way that Office does not use; save the file again.")
    if len(plain) != info.file_size or zlib.crc32(plain) != info.CRC:
        raise BrokenFile(f"The file is damaged: its part {info.filename} is not what was saved.")
    return plain


def parse_xml(data: bytes) -> etree._Element:
    """The root of one XML part: no entities, no network, no DTD, at most `MAX_XML` bytes. Raises BrokenFile.

    Comments and processing instructions stay, for an edit drops nothing: their tag is no string.
    """
    if len(data) > MAX_XML:
        raise BrokenFile(
            f"A part of the file is too large to read ({len(data) / 1e6:,.0f} MB; at most {MAX_XML / 1e6:,.0f} MB)."
        )
    if data.count(b"<") + 2 * data.count(b"=") > MAX_MARKUP:
        raise BrokenFile("A part of the file has too many cells or paragraphs to read; split it into several files.")
    try:
        root = _parsed(data)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BrokenFile(f"The file is damaged: one of its parts is not well-formed ({error}).") from error
    if root.getroottree().docinfo.doctype:
        raise BrokenFile("A part of the file declares a document type, as Office files never do; it is not read.")
    return root


def _parsed(data: bytes) -> etree._Element:
    """The parser's own limits stop entity bombs, but also a paragraph of 10 MB: they are lifted where no entity can be.

    The encoding is set then, so that no document type hides behind another one.
    """
    lifted = len(data) > _LONGEST_TEXT and b"<!DOCTYPE" not in data
    parser = etree.XMLParser(
        encoding="utf-8" if lifted else None, huge_tree=lifted, resolve_entities=False, no_network=True, load_dtd=False
    )
    return etree.fromstring(data, parser)


def xml_bytes(root: etree._Element) -> bytes:
    """One XML part as it is written into a package."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


# ---------------------------------------------------------------- writing


def repack(data: bytes, changed: Mapping[str, bytes]) -> bytes:
    """*data* with the *changed* parts in place of the old ones (new names at the end); all others copied as packed.

    Deterministic: equal arguments give equal bytes. Raises BrokenFile when *data* is no zip file.
    """
    return _write(_repacked(data, changed))


_Member = tuple[zipfile.ZipInfo, bytes]


def _repacked(data: bytes, changed: Mapping[str, bytes]) -> Iterator[_Member]:
    waiting = {name.lower(): (name, plain) for name, plain in changed.items()}
    for info in _members(data):
        new = waiting.pop(info.filename.lower(), None)
        yield (info, _packed(data, info)) if new is None else _pack(info.filename, new[1])
    yield from (_pack(name, plain) for name, plain in waiting.values())


def _pack(name: str, plain: bytes) -> _Member:
    info = zipfile.ZipInfo(name, _FIRST_DAY)
    info.compress_type = zipfile.ZIP_DEFLATED
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = packer.compress(plain) + packer.flush()
    info.CRC, info.file_size, info.compress_size = zlib.crc32(plain), len(plain), len(packed)
    return info, packed


def _write(members: Iterator[_Member]) -> bytes:
    """A plain archive: sizes in the local headers, no descriptors, no extra fields, no comment."""
    body, directory, count, at = [], [], 0, 0
    for info, packed in members:
        name = info.filename.encode("utf-8")
        flags = 0 if name.isascii() else 0x800
        shared = struct.pack(
            "<HHHHHIIIHH", 20, flags, info.compress_type, *_dos_time(info), info.CRC, len(packed), info.file_size, len(name), 0
        )
        body += [b"PK\x03\x04", shared, name, packed]
        directory += [b"PK\x01\x02", struct.pack("<H", 20), shared, struct.pack("<HHHII", 0, 0, 0, 0, at), name]
        at += 4 + len(shared) + len(name) + len(packed)
        count += 1
    listing = b"".join(directory)
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count, count, len(listing), at, 0)
    return b"".join(body) + listing + end


def _dos_time(info: zipfile.ZipInfo) -> tuple[int, int]:
    year, month, day, hour, minute, second = info.date_time
    return (hour << 11 | minute << 5 | second // 2), (max(year - 1980, 0) << 9 | month << 5 | day)


# ---------------------------------------------------------------- relations between parts


@dataclass(frozen=True)
class Relation:
    """What one part says of another one: *type* is the last word of the relation's type, *target* a part's name."""

    id: str
    type: str
    target: str
    external: bool = False


def relations(package: Package, source: str = "") -> tuple[Relation, ...]:
    """The relations of the part *source*, of the whole package for "". Targets outside the file are *external*."""
    return package.relations(source)


def _relation(element: etree._Element, folder: str) -> Relation:
    target = element.get("Target", "")
    external = element.get("TargetMode") == "External"
    name = target if external else posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
    return Relation(element.get("Id", ""), element.get("Type", "").rpartition("/")[2], name, external)


def main_part(package: Package) -> str:
    """The name of the part that holds the document or workbook itself. Raises BrokenFile when there is none."""
    for relation in relations(package):
        if relation.type == "officeDocument" and not relation.external:
            return relation.target
    raise BrokenFile("This is not an Office file (.xlsx or .docx): it names no document.")


# ---------------------------------------------------------------- text as Office writes it

_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def storable_text(text: str) -> str:
    """*text* as Office stores it: characters that XML cannot hold become ``_x0007_``, and read back as they were."""
    return _ILLEGAL.sub(lambda match: f"_x{ord(match[0]):04X}_", text) if _ILLEGAL.search(text) else text


def escape_text(text: str) -> str:
    """`storable_text` with its markup escaped, for XML that is put together as a string."""
    return escape(storable_text(text))


def unescape_text(text: str) -> str:
    """The inverse of `storable_text`, for parsed text. NUL and half characters stay escaped: no store can hold them."""
    return _ESCAPED.sub(_unescaped, text) if "_x" in text else text


def _unescaped(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return match[0] if code == 0 or 0xD800 <= code <= 0xDFFF else chr(code)


# ---------------------------------------------------------------- properties


@dataclass(frozen=True)
class Properties:
    """What a file says of itself. *modified_by* and *modified_at* are empty until somebody saved it in an Office program."""

    key: str
    kind: str
    modified_by: str
    modified_at: datetime | None
    title: str


def properties(package: Package) -> Properties:
    """The properties of *package*; what is missing or unreadable is empty, for people's text counts more than they do."""
    custom = custom_values(package)
    core = {etree.QName(element).localname: _value(element) for element in _elements(package, "core-properties", CORE)}
    return Properties(
        key=custom.get(KEY_PROPERTY, ""),
        kind=custom.get(KIND_PROPERTY, ""),
        modified_by=core.get("lastModifiedBy", ""),
        modified_at=_moment(core.get("modified", "")),
        title=core.get("title", ""),
    )


def custom_values(package: Package) -> dict[str, str]:
    """The custom properties of *package* by name; empty when it has none or they cannot be read."""
    return {element.get("name", ""): _value(element) for element in _elements(package, "custom-properties", CUSTOM)}


def _value(element: etree._Element) -> str:
    return unescape_text("".join(element.itertext()).strip())


def _elements(package: Package, type: str, usual: str) -> list[etree._Element]:
    """The children of a property part, found by its relation, else under its usual name."""
    try:
        name = next((relation.target for relation in relations(package) if relation.type == type), usual)
        data = package.part(name)
        return [] if data is None else [element for element in parse_xml(data) if isinstance(element.tag, str)]
    except BrokenFile:
        return []


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def stamp(
    *, key: str, kind: str, title: str, created: datetime | None = None, more: Mapping[str, str] | None = None
) -> dict[str, bytes]:
    """The property parts of a new file, by part name, for `repack`: key, kind, title, author, when *created*, and *more*.

    *more* are further custom properties. The file that they go into must know the parts: see `admit_properties`.
    """
    values = {KEY_PROPERTY: key, KIND_PROPERTY: kind, **(more or {})}
    return {CUSTOM: _custom_part(values), CORE: _core_part(title, created)}


def _custom_part(values: Mapping[str, str]) -> bytes:
    elements = "".join(
        f'<property fmtid="{_FORMAT_ID}" pid="{pid}" name="{name}"><vt:lpwstr>{escape_text(value)}</vt:lpwstr></property>'
        for pid, (name, value) in enumerate(values.items(), start=2)
    )
    spaces = f'xmlns="{_OFFICE}/custom-properties" xmlns:vt="{_OFFICE}/docPropsVTypes"'
    return f"{_DECLARATION}<Properties {spaces}>{elements}</Properties>".encode()


def _core_part(title: str, created: datetime | None) -> bytes:
    moment = "" if created is None else created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    dates = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{moment}</dcterms:{name}>' for name in ("created", "modified") if moment
    )
    spaces = (
        f'xmlns:cp="{_CORE_NS}" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    )
    body = f"<dc:title>{escape_text(title)}</dc:title><dc:creator>{AUTHOR}</dc:creator>{dates}"
    return f"{_DECLARATION}<cp:coreProperties {spaces}>{body}</cp:coreProperties>".encode()


def admit_properties(data: bytes) -> bytes:
    """A master that knows the parts of `stamp`: declared among its content types and relations. Once per master."""
    package = open_package(data)
    types, rels = (parse_xml(package.part(name) or b"") for name in ("[Content_Types].xml", "_rels/.rels"))
    for name, content_type, relation in (
        (CORE, _CORE_TYPE, f"{_RELS}/metadata/core-properties"),
        (CUSTOM, _CUSTOM_TYPE, f"{_OFFICE}/relationships/custom-properties"),
    ):
        if not any(element.get("PartName") == f"/{name}" for element in types):
            etree.SubElement(types, f"{{{_TYPES}}}Override", PartName=f"/{name}", ContentType=content_type)
        if not any(element.get("Type") == relation for element in rels):
            etree.SubElement(rels, f"{{{_RELS}}}Relationship", Id=f"rIdOwn{len(rels)}", Type=relation, Target=name)
    declared = {"[Content_Types].xml": xml_bytes(types), "_rels/.rels": xml_bytes(rels)}
    return repack(data, declared | stamp(key="", kind="", title=""))
