"""The raw text of WordprocessingML: everything a reader of the document sees, in its order, and nothing twice.

Libraries hide text in tracked insertions, controls, fields, smart tags and text boxes; here only what was deleted or
moved away, field instructions and the second form of alternative content are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from connectors.office.docx_markup import GUIDANCE, W
from connectors.office.package import BrokenFile, Package, main_part, parse_xml, relations

P, TBL, TR, TC = W + "p", W + "tbl", W + "tr", W + "tc"
_ALTERNATIVE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_BOX = W + "txbxContent"
_STYLE, _OUTLINE, _NUMBERING = W + "pStyle", W + "outlineLvl", W + "numPr"

_TEXT = frozenset({W + "t", _MATH_TEXT})
_SIGNS = {
    W + "tab": "\t", W + "ptab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "\u2011",
}  # fmt: skip
_NOTES = {W + "footnoteReference": "footnote", W + "endnoteReference": "endnote", W + "commentReference": "comment"}
_SKIPPED = frozenset(
    W + name
    for name in (
        "del", "moveFrom", "delText", "instrText", "delInstrText", "pPr", "rPr", "sdtPr", "sdtEndPr", "tblPr", "tblGrid",
        "trPr", "tcPr", "sectPr", "fldData", "ffData", "smartTagPr", "customXmlPr", "tblPrEx",
    )
)  # fmt: skip
_WINGDINGS = {0xFC: "✓", 0xFB: "✗", 0xFE: "☑", 0xFD: "☒", 0xA8: "☐", 0x6F: "☐", 0xE0: "→", 0x4A: "☺", 0xA7: "▪", 0x6C: "●"}


# ---------------------------------------------------------------- styles


@dataclass(frozen=True)
class Style:
    """What a paragraph style means, looked up through the styles that it is based on."""

    name: str = ""
    section: str = ""
    """The name of a section's own style (``TL_goals``) in lower case, or ""."""
    level: int = 0
    """1 for Heading 1 and whatever has its outline level; 0 for text."""
    listed: bool = False
    guidance: bool = False


def styles_of(package: Package, document: str) -> Mapping[str, Style]:
    """Style id to meaning; "" is the style of paragraphs that name none."""
    name = next((r.target for r in relations(package, document) if r.type == "styles"), "word/styles.xml")
    return _styles(package.part(name) or b"")


@lru_cache(maxsize=64)
def _styles(data: bytes) -> Mapping[str, Style]:
    if not data:
        return {}
    elements = {e.get(W + "styleId", ""): e for e in root_of(data).iterfind(W + "style") if e.get(W + "type") == "paragraph"}
    styles = {key: _meaning(list(_chain(elements, key))) for key in elements}
    default = next((key for key, e in elements.items() if e.get(W + "default") in ("1", "true", "on")), "")
    return styles | {"": styles.get(default, Style())}


def _chain(elements: Mapping[str, etree._Element], key: str) -> Iterator[etree._Element]:
    seen: set[str] = set()
    while key in elements and key not in seen:
        seen.add(key)
        yield elements[key]
        key = _value(elements[key].find(W + "basedOn"))


def _meaning(chain: list[etree._Element]) -> Style:
    names = [_value(element.find(W + "name")) or element.get(W + "styleId", "") for element in chain]
    own = [n.lower() for element, name in zip(chain, names, strict=True) for n in (name, element.get(W + "styleId", ""))]
    level = next((n for n in (_style_level(e, name) for e, name in zip(chain, names, strict=True)) if n is not None), 0)
    numbers = (element.find(f"{W}pPr/{W}numPr/{W}numId") for element in chain)
    number = next((_value(element) for element in numbers if element is not None), "0")
    return Style(
        name=names[0],
        section=next((name for name in own if name.startswith("tl_")), ""),
        level=level,
        listed=number != "0" and not level,
        guidance=GUIDANCE.lower() in own,
    )


def _style_level(style: etree._Element, name: str) -> int | None:
    outline = style.find(f"{W}pPr/{W}outlineLvl")
    if outline is not None:
        return _outline(outline)
    match = re.fullmatch(r"heading ([1-9])", name.lower())
    return int(match[1]) if match else None


def _outline(element: etree._Element) -> int:
    value = _value(element)
    return int(value) + 1 if value.isdigit() and int(value) < 9 else 0


def _value(element: etree._Element | None) -> str:
    return "" if element is None else element.get(W + "val", "")


# ---------------------------------------------------------------- paragraphs


@dataclass(frozen=True)
class Mark:
    """A bookmark of ours: its name in lower case and the characters of the paragraph that it covers."""

    name: str
    start: int
    end: int


@dataclass(eq=False)
class Para:
    """A paragraph as read. *boxes* are its text boxes, *notes* the footnotes and comments that it points to."""

    element: etree._Element
    text: str
    style: Style
    level: int
    listed: bool
    marks: tuple[Mark, ...] = ()
    boxes: tuple[etree._Element, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()

    def line(self) -> str:
        """The text; a list item begins with ``- ``."""
        return f"- {self.text}" if self.listed and self.text.strip() else self.text


@dataclass(eq=False)
class Grid:
    """A table among the paragraphs."""

    element: etree._Element


@dataclass
class _Sink:
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    boxes: list[etree._Element] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    opened: dict[str, tuple[str, int]] = field(default_factory=dict)
    marks: list[Mark] = field(default_factory=list)

    def add(self, text: str) -> None:
        self.pieces.append(text)
        self.length += len(text)


class Reader:
    """Reads paragraphs of one part. It carries bookmarks that begin between two paragraphs over to the next one."""

    def __init__(self, styles: Mapping[str, Style]) -> None:
        self._styles = styles
        self._plain = styles.get("", Style())
        self.has_guidance = any(style.guidance for style in styles.values())
        self._waiting: dict[str, tuple[str, int]] = {}

    def blocks(self, container: etree._Element) -> Iterator[Para | Grid]:
        """The paragraphs and tables of *container* in order, those inside controls and tracked changes included."""
        for child in container:
            tag = child.tag
            if tag == P:
                yield self.paragraph(child)
            elif tag == TBL:
                yield Grid(child)
            elif tag == W + "bookmarkStart":
                self._waiting.update(_opening(child, 0))
            elif tag == W + "bookmarkEnd":
                self._waiting.pop(child.get(W + "id", ""), None)
            elif tag not in _SKIPPED and isinstance(tag, str):
                yield from self.blocks(_first_choice(child))

    def paragraph(self, element: etree._Element) -> Para:
        """One paragraph."""
        sink = _Sink(opened=dict(self._waiting))
        self._waiting.clear()
        _walk(element, sink)
        for name, start in sink.opened.values():
            sink.marks.append(Mark(name, start, sink.length))
        style, level, listed = self._look(element.find(W + "pPr"))
        return Para(
            element,
            "".join(sink.pieces),
            style,
            level,
            listed,
            tuple(sorted(sink.marks, key=lambda mark: mark.start)),
            tuple(sink.boxes),
            tuple(sink.notes),
        )

    def _look(self, properties: etree._Element | None) -> tuple[Style, int, bool]:
        if properties is None:
            return self._plain, self._plain.level, self._plain.listed
        style, level, listed = self._plain, -1, None
        for child in properties:
            if child.tag == _STYLE:
                style = self._styles.get(_value(child), style)
            elif child.tag == _OUTLINE:
                level = _outline(child)
            elif child.tag == _NUMBERING and (number := child.find(W + "numId")) is not None:
                listed = _value(number) != "0"
        level = style.level if level < 0 else level
        listed = style.listed if listed is None else listed
        return style, level, listed and not level

    def lines(self, container: etree._Element) -> list[str]:
        """The text of *container* line by line, tables as ``| a | b |``, without empty lines."""
        return [line for line, _ in self.annotated(container)]

    def annotated(self, container: etree._Element) -> Iterator[tuple[str, Para | None]]:
        """The lines of *container*, each with its paragraph; those of tables and text boxes without one."""
        for block in self.blocks(container):
            if isinstance(block, Grid):
                yield from ((line, None) for line in self.piped(block))
                continue
            if block.text.strip():
                yield block.line(), block
            for box in block.boxes:
                yield from ((line, None) for line in self.lines(box))

    def piped(self, grid: Grid) -> list[str]:
        """The rows of a table that no shape describes, as ``| a | b |``; empty ones are left out."""
        rows = ([" ".join(" ".join(self.lines(cell)).split()) for cell in cells_of(row)] for row in rows_of(grid.element))
        return [f"| {' | '.join(cells)} |" for cells in rows if any(cells)]


def _walk(element: etree._Element, sink: _Sink) -> None:
    for child in element:
        tag = child.tag
        if tag in _TEXT:
            sink.add(child.text or "")
        elif tag in _SKIPPED or not isinstance(tag, str):
            continue
        elif tag in _SIGNS:
            sink.add(_SIGNS[tag])
        elif tag == W + "sym":
            sink.add(_symbol(child))
        elif tag == _BOX:
            sink.boxes.append(child)
        elif tag == W + "bookmarkStart":
            sink.opened.update(_opening(child, sink.length))
        elif tag == W + "bookmarkEnd":
            name, start = sink.opened.pop(child.get(W + "id", ""), ("", 0))
            sink.marks += [Mark(name, start, sink.length)] if name else []
        elif tag in _NOTES:
            sink.notes.append((_NOTES[tag], child.get(W + "id", "")))
        else:
            _walk(_first_choice(child), sink)


def notes_in(element: etree._Element) -> list[tuple[str, str]]:
    """The footnotes, endnotes and comments that *element* points to, as kind and id."""
    return [(kind, found.get(W + "id", "")) for tag, kind in _NOTES.items() for found in element.iter(tag)]


def _first_choice(element: etree._Element) -> etree._Element:
    """Alternative content holds the same text twice; its first choice counts."""
    if element.tag != _ALTERNATIVE + "AlternateContent":
        return element
    choice = element.find(_ALTERNATIVE + "Choice")
    fallback = element.find(_ALTERNATIVE + "Fallback")
    return choice if choice is not None else fallback if fallback is not None else element


def _opening(element: etree._Element, at: int) -> dict[str, tuple[str, int]]:
    name = element.get(W + "name", "").lower()
    return {element.get(W + "id", ""): (name, at)} if name.startswith("tl") else {}


def _symbol(element: etree._Element) -> str:
    try:
        code = int(element.get(W + "char", ""), 16)
    except ValueError:
        return "\ufffd"
    if "wingdings" in element.get(W + "font", "").lower() and code & 0xFF in _WINGDINGS:
        return _WINGDINGS[code & 0xFF]
    return chr(code) if 0x20 <= code < 0xD800 or 0xE000 <= code <= 0x10FFFF else "\ufffd"


# ---------------------------------------------------------------- tables and parts


def rows_of(table: etree._Element) -> Iterator[etree._Element]:
    """The rows of a table, not those of tables inside it."""
    return _inside(table, TR)


def cells_of(row: etree._Element) -> Iterator[etree._Element]:
    """The cells of a row."""
    return _inside(row, TC)


def _inside(element: etree._Element, wanted: str) -> Iterator[etree._Element]:
    for child in element:
        if child.tag == wanted:
            yield child
        elif isinstance(child.tag, str) and child.tag not in _SKIPPED:
            yield from _inside(_first_choice(child), wanted)


def root_of(data: bytes) -> etree._Element:
    """The root of a part; Word's strict form is read like the usual one."""
    return parse_xml(data.replace(_STRICT, W[1:-1].encode()) if _STRICT in data else data)


def is_strict(data: bytes) -> bool:
    """Whether the part has Word's strict form, which is read but not written."""
    return _STRICT in data


def body_of(package: Package) -> tuple[str, etree._Element]:
    """The name of the document's part and its ``w:body``. Raises BrokenFile when there is none."""
    name = main_part(package)
    data = package.part(name)
    body = None if data is None else root_of(data).find(W + "body")
    if body is None:
        raise BrokenFile("This is no Word document: it has no text part; save it again as .docx.")
    return name, body
