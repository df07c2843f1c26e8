"""What the styles and lists of a document mean: sections, headings, guidance, list items, bold, italic and hidden text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Final

from lxml import etree

from connectors.office.docx_markup import GUIDANCE, W
from connectors.office.package import BrokenFile, Package, Relation, parse_xml

_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_OFF = ("0", "false", "off")
_BOLD, _ITALIC, _HIDDEN, _CHARACTER_STYLE = W + "b", W + "i", W + "vanish", W + "rStyle"
NO_LIST: Final = ("0", 0)
"""The list id that takes a paragraph out of every list."""


def root_of(data: bytes) -> etree._Element:
    """The root of a part; Word's strict form is read like the usual one."""
    return parse_xml(data.replace(_STRICT, W[1:-1].encode()) if _STRICT in data else data)


def is_strict(data: bytes) -> bool:
    """Whether the part has Word's strict form, which is read but not written."""
    return _STRICT in data


def value_of(element: etree._Element | None) -> str:
    """The ``w:val`` of *element*, "" when there is none."""
    return "" if element is None else element.get(W + "val", "")


# ---------------------------------------------------------------- the look of runs


@dataclass(frozen=True)
class Look:
    """How a run stands out. None where it does not say."""

    bold: bool | None = None
    italic: bool | None = None
    hidden: bool | None = None

    def over(self, below: Look) -> Look:
        """This look where it says something, else the one *below* it."""
        return Look(
            below.bold if self.bold is None else self.bold,
            below.italic if self.italic is None else self.italic,
            below.hidden if self.hidden is None else self.hidden,
        )


PLAIN: Final = Look()


def look_of(properties: etree._Element | None, styles: Mapping[str, Look]) -> Look:
    """The look that a ``w:rPr`` gives, through its character style as well."""
    if properties is None:
        return PLAIN
    below, bold, italic, hidden = PLAIN, None, None, None
    for child in properties:
        tag = child.tag
        if tag == _BOLD:
            bold = value_of(child) not in _OFF
        elif tag == _ITALIC:
            italic = value_of(child) not in _OFF
        elif tag == _HIDDEN:
            hidden = value_of(child) not in _OFF
        elif tag == _CHARACTER_STYLE:
            below = styles.get(value_of(child), PLAIN)
    return below if bold is italic is hidden is None else Look(bold, italic, hidden).over(below)


# ---------------------------------------------------------------- paragraph styles


@dataclass(frozen=True)
class Style:
    """What a paragraph style means, looked up through the styles that it is based on."""

    name: str = ""
    section: str = ""
    """The name of a section's own style (``TL_goals``) in lower case, or ""."""
    level: int = 0
    """1 for Heading 1 and whatever has its outline level; 0 for text."""
    list: tuple[str, int] = NO_LIST
    """The id of its list and the level in it."""
    depth: int = 0
    """How deep its name says that it is indented: 1 for List Bullet 2."""
    guidance: bool = False
    hidden: bool = False


@dataclass(frozen=True)
class Styles:
    """Style id to meaning. In *paragraphs* "" is the style of those that name none; *looks* are the character styles."""

    paragraphs: Mapping[str, Style] = field(default_factory=dict)
    looks: Mapping[str, Look] = field(default_factory=dict)

    def named(self, name: str) -> str:
        """The id of the paragraph style of that *name* in any case, or ""."""
        return next((key for key, style in self.paragraphs.items() if key and style.name.lower() == name.lower()), "")

    @cached_property
    def has_guidance(self) -> bool:
        """Whether the file still has the style that guidance is written in."""
        return any(style.guidance for style in self.paragraphs.values())


def styles_of(package: Package, related: Iterable[Relation]) -> Styles:
    """The styles of a document whose *related* parts these are."""
    name = next((r.target for r in related if r.type == "styles"), "word/styles.xml")
    return _styles(package.part(name) or b"")


@lru_cache(maxsize=64)
def _styles(data: bytes) -> Styles:
    if not data:
        return Styles()
    elements = {e.get(W + "styleId", ""): e for e in root_of(data).iterfind(W + "style")}
    of_text = {key: e for key, e in elements.items() if e.get(W + "type") == "paragraph"}
    of_runs = {key: e for key, e in elements.items() if e.get(W + "type") == "character"}
    styles = {key: _meaning(list(_chain(of_text, key))) for key in of_text}
    default = next((key for key, e in of_text.items() if e.get(W + "default") in ("1", "true", "on")), "")
    looks = {key: _inherited_look(_chain(of_runs, key)) for key in of_runs}
    return Styles(styles | {"": styles.get(default, Style())}, {key: look for key, look in looks.items() if look != PLAIN})


def _chain(elements: Mapping[str, etree._Element], key: str) -> Iterator[etree._Element]:
    seen: set[str] = set()
    while key in elements and key not in seen:
        seen.add(key)
        yield elements[key]
        key = value_of(elements[key].find(W + "basedOn"))


def _inherited_look(chain: Iterable[etree._Element]) -> Look:
    look = PLAIN
    for element in chain:
        look = look.over(look_of(element.find(W + "rPr"), {}))
    return look


def _meaning(chain: list[etree._Element]) -> Style:
    names = [value_of(element.find(W + "name")) or element.get(W + "styleId", "") for element in chain]
    own = [n.lower() for element, name in zip(chain, names, strict=True) for n in (name, element.get(W + "styleId", ""))]
    level = next((n for n in (_style_level(e, name) for e, name in zip(chain, names, strict=True)) if n is not None), 0)
    numbering = next((found for e in chain if (found := e.find(f"{W}pPr/{W}numPr/{W}numId")) is not None), None)
    inner = next((found for e in chain if (found := e.find(f"{W}pPr/{W}numPr/{W}ilvl")) is not None), None)
    deep = re.search(r"list (?:bullet|number) ([2-9])$", names[0].lower())
    return Style(
        name=names[0],
        section=next((name for name in own if name.startswith("tl_")), ""),
        level=level,
        list=(value_of(numbering), _whole(value_of(inner))) if numbering is not None else NO_LIST,
        depth=int(deep[1]) - 1 if deep else 0,
        guidance=GUIDANCE.lower() in own,
        hidden=bool(_inherited_look(chain).hidden),
    )


def _style_level(style: etree._Element, name: str) -> int | None:
    outline = style.find(f"{W}pPr/{W}outlineLvl")
    if outline is not None:
        return outline_level(outline)
    match = re.fullmatch(r"heading ([1-9])", name.lower())
    return int(match[1]) if match else None


def outline_level(element: etree._Element) -> int:
    """1 for the outline level of Heading 1, 0 for that of text."""
    value = value_of(element)
    return int(value) + 1 if value.isascii() and value.isdigit() and int(value) < 9 else 0


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


# ---------------------------------------------------------------- lists


class Lists:
    """The lists of a document, parsed when the first list item asks."""

    def __init__(self, package: Package | None = None, related: Iterable[Relation] = ()) -> None:
        self._package = package
        self._name = next((r.target for r in related if r.type == "numbering" and not r.external), "")

    def marker(self, list_id: str, level: int, depth: int) -> str:
        """What an item begins with: ``- `` or ``1. `` behind two spaces a level; "" for a list that shows no sign.

        Numbers are always ``1.``: the true one of an item would change whenever people put another one above it.
        """
        if list_id == "0":
            return ""
        signs = self._signs.get(list_id, {})
        sign = signs.get(level, signs.get(0, "- "))
        return "  " * max(min(level, 8), depth) + sign if sign else ""

    @cached_property
    def _signs(self) -> Mapping[str, Mapping[int, str]]:
        try:
            data = self._package.part(self._name) if self._package is not None and self._name else None
            return _signs(data) if data else {}
        except BrokenFile:
            return {}  # damaged lists are no reason to lose the text of their items


@lru_cache(maxsize=64)
def _signs(data: bytes) -> Mapping[str, Mapping[int, str]]:
    root = root_of(data)
    abstract = {e.get(W + "abstractNumId", ""): _levels(e) for e in root.iterfind(W + "abstractNum")}
    found: dict[str, Mapping[int, str]] = {}
    for number in root.iterfind(W + "num"):
        own = {level: sign for override in number.iterfind(W + "lvlOverride") for level, sign in _levels(override).items()}
        found[number.get(W + "numId", "")] = {**abstract.get(value_of(number.find(W + "abstractNumId")), {}), **own}
    return found


def _levels(parent: etree._Element) -> dict[int, str]:
    return {_whole(level.get(W + "ilvl", "")): _sign(level) for level in parent.iterfind(W + "lvl")}


def _sign(level: etree._Element) -> str:
    form, shown = value_of(level.find(W + "numFmt")), value_of(level.find(W + "lvlText"))
    if form == "none" or (form != "bullet" and not shown.strip()):
        return ""
    return "- " if form == "bullet" or "%" not in shown else "1. "
