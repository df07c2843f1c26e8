"""What stands inside a paragraph of WordprocessingML, in its order and nothing twice: text, looks, links, anchors, boxes.

Libraries hide text in tracked insertions, controls, fields, smart tags and text boxes; here only what was deleted or
moved away, field instructions and the other forms of alternative content are left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from connectors.office.docx_markup import W
from connectors.office.docx_styles import PLAIN, Look, look_of
from connectors.office.docx_symbols import symbol
from connectors.office.package import Relation

_ALTERNATIVE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_RUN_LOOK = W + "rPr"
_REFERENCE = re.compile(r"\{.*/relationships\}(id|dm)")
_HYPERLINK = re.compile(r'\s*HYPERLINK\s+(?!\\)(?:"([^"]*)"|(\S+))')

_TEXT = (W + "t", _MATH + "t", _DRAWING + "t")
_SIGNS = {
    "tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad",
}  # fmt: skip
_NOTES = {W + "footnoteReference": "footnote", W + "endnoteReference": "endnote", W + "commentReference": "comment"}
SKIPPED: Final = frozenset(
    W + name
    for name in (
        "del", "moveFrom", "delText", "delInstrText", "pPr", "rPr", "sdtPr", "sdtEndPr", "tblPr", "tblGrid",
        "trPr", "tcPr", "sectPr", "fldData", "ffData", "smartTagPr", "customXmlPr", "tblPrEx", "rubyPr",
    )
)  # fmt: skip
"""What holds no text that a reader of the document sees."""
UNREAD: Final = {
    W + "altChunk": "another document", W + "subDoc": "another document", W + "control": "a form control",
    "{urn:schemas-microsoft-com:office:office}OLEObject": "an embedded object",
    "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart": "a chart",
    "{http://schemas.microsoft.com/office/drawing/2014/chartex}chart": "a chart",
    "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds": "a diagram",
}  # fmt: skip
"""What may hold text of its own that is named and not read."""


@dataclass(frozen=True)
class Mark:
    """A bookmark of ours: its name in lower case and the characters of the paragraph that it covers."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Stretch:
    """Characters of a paragraph that stand out: bold, italic or a link to a target."""

    start: int
    end: int
    bold: bool
    italic: bool
    link: str


@dataclass
class Findings:
    """What a reader came across: beginnings of hidden text, which is read, and names of what is not read."""

    hidden: dict[str, None] = field(default_factory=dict)
    unread: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True)
class Around:
    """What the text of a part refers to: the looks of character styles, the part's relations by id."""

    looks: Mapping[str, Look]
    links: Mapping[str, Relation]
    findings: Findings

    def name_unread(self, element: etree._Element) -> None:
        """Note what *element* embeds, for its text is not read."""
        relation = self.relation(element)
        target = relation.target.rpartition("/")[2] if relation is not None else ""
        names = " ".join(f"“{name}”" for name in (element.get("ProgID", ""), target) if name)
        self.findings.unread[f"{UNREAD[str(element.tag)]} {names}".strip()] = None

    def relation(self, element: etree._Element) -> Relation | None:
        """The relation that *element* names."""
        keys = [value for name, value in element.attrib.items() if _REFERENCE.fullmatch(str(name))]
        return self.links.get(str(keys[0])) if keys else None


@dataclass
class Inline:
    """One paragraph while it is being read: its text so far, and the look of what comes next."""

    around: Around
    look: Look = PLAIN
    opened: dict[str, tuple[str, int]] = field(default_factory=dict)
    link: str = ""
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    fields: list[list[str]] = field(default_factory=list)
    """Of each open field: its instruction, and the link around it."""
    stretches: list[Stretch] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Text in the look of now."""
        start, look = self.length, self.look
        self.pieces.append(text)
        self.length += len(text)
        if look is PLAIN and not self.link:
            return
        if look.hidden and text.strip():
            self.around.findings.hidden[text.strip()[:40]] = None
        if look.bold or look.italic or self.link:
            self.stretches.append(Stretch(start, self.length, bool(look.bold), bool(look.italic), self.link))

    def take(self, element: etree._Element) -> None:
        """Everything in *element*."""
        for child in element:
            taking = _TAKING.get(child.tag)
            if taking is not None:
                taking(child, self)
            elif isinstance(child.tag, str):
                self.take(first_choice(child))

    def take_one(self, element: etree._Element) -> None:
        """*element* itself, one of `STRAY`."""
        _TAKING.get(element.tag, _inner)(element, self)

    def close(self) -> tuple[Mark, ...]:
        """The bookmarks in order; one that is still open goes on to the end."""
        if not self.opened and len(self.marks) < 2:
            return tuple(self.marks)
        self.marks += [Mark(name, start, self.length) for name, start in self.opened.values()]
        return tuple(sorted(self.marks, key=lambda mark: mark.start))


def first_choice(element: etree._Element) -> etree._Element:
    """Alternative content holds the same text in several forms; the first one with text counts."""
    if element.tag != _ALTERNATIVE + "AlternateContent":
        return element
    forms = [*element.findall(_ALTERNATIVE + "Choice"), *element.findall(_ALTERNATIVE + "Fallback")]
    return next((form for form in forms if next(form.iter(*_TEXT), None) is not None), forms[0] if forms else element)


def opening(element: etree._Element, at: int) -> dict[str, tuple[str, int]]:
    """The bookmark that *element* opens, by its id, if it is one of ours."""
    name = element.get(W + "name", "").lower()
    return {element.get(W + "id", ""): (name, at)} if name.startswith("tl") else {}


def notes_in(element: etree._Element) -> list[tuple[str, str]]:
    """The footnotes, endnotes and comments that *element* points to, as kind and id."""
    return [(kind, found.get(W + "id", "")) for tag, kind in _NOTES.items() for found in element.iter(tag)]


# ---------------------------------------------------------------- one kind of element each


def _inner(element: etree._Element, line: Inline) -> None:
    line.take(element)


def _text(element: etree._Element, line: Inline) -> None:
    """A comment or a stray element inside does not hide the rest of a text."""
    line.add("".join(map(str, element.xpath("text()"))) if len(element) else element.text or "")


def _run(element: etree._Element, line: Inline) -> None:
    properties = element.find(_RUN_LOOK)
    look = PLAIN if properties is None else look_of(properties, line.around.looks)
    if look is PLAIN:
        line.take(element)
        return
    before, line.look = line.look, look.over(line.look)
    line.take(element)
    line.look = before


def _link(element: etree._Element, line: Inline) -> None:
    relation = line.around.relation(element)
    _linked(element, line, relation.target if relation is not None and relation.external else "")


def _simple_field(element: etree._Element, line: Inline) -> None:
    _linked(element, line, _target_in(element.get(W + "instr", "")))


def _linked(element: etree._Element, line: Inline, target: str) -> None:
    before, line.link = line.link, target or line.link
    line.take(element)
    line.link = before


def _instruction(element: etree._Element, line: Inline) -> None:
    if line.fields:
        line.fields[-1][0] += element.text or ""


def _field_sign(element: etree._Element, line: Inline) -> None:
    """A field is its instruction between *begin* and *separate* and its result up to *end*; fields lie in one another."""
    kind = element.get(W + "fldCharType")
    if kind == "begin":
        line.fields.append(["", line.link])
    elif kind == "separate" and line.fields:
        line.link = _target_in(line.fields[-1][0]) or line.link
    elif kind == "end" and line.fields:
        line.link = line.fields.pop()[1]


def _target_in(instruction: str) -> str:
    found = _HYPERLINK.match(instruction)
    return (found[1] or found[2] or "") if found else ""


def _ruby(element: etree._Element, line: Inline) -> None:
    """The base, then how it is read: ``漢字(かんじ)``."""
    for base in element.iterfind(W + "rubyBase"):
        line.take(base)
    for reading in element.iterfind(W + "rt"):
        line.add("(")
        line.take(reading)
        line.add(")")


def _bookmark_end(element: etree._Element, line: Inline) -> None:
    name, start = line.opened.pop(element.get(W + "id", ""), ("", 0))
    line.marks += [Mark(name, start, line.length)] if name else []


def _note(element: etree._Element, line: Inline) -> None:
    line.notes.append((_NOTES[str(element.tag)], element.get(W + "id", "")))


def _sign(text: str) -> Callable[[etree._Element, Inline], None]:
    return lambda _, line: line.add(text)


_TAKING: dict[object, Callable[[etree._Element, Inline], None]] = {
    **{tag: lambda element, line: None for tag in SKIPPED},
    **{tag: lambda element, line: line.around.name_unread(element) for tag in UNREAD},
    **dict.fromkeys(_NOTES, _note),
    **dict.fromkeys(_TEXT, _text),
    **{W + name: _sign(text) for name, text in _SIGNS.items()},
    W + "r": _run,
    W + "hyperlink": _link,
    W + "fldSimple": _simple_field,
    W + "fldChar": _field_sign,
    W + "instrText": _instruction,
    W + "ruby": _ruby,
    W + "sym": lambda element, line: line.add(symbol(element.get(W + "font", ""), element.get(W + "char", ""))),
    W + "bookmarkStart": lambda element, line: line.opened.update(opening(element, line.length)),
    W + "bookmarkEnd": _bookmark_end,
    W + "txbxContent": lambda element, line: line.boxes.append(element),
    "{urn:schemas-microsoft-com:vml}textpath": lambda element, line: line.add(element.get("string", "")),
}
STRAY: Final = frozenset({W + "r", W + "hyperlink", W + "fldSimple", W + "ruby", _MATH + "oMath", _MATH + "oMathPara"})
"""What belongs into a paragraph and is found between two of them at times."""
