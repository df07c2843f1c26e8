"""A document opened to be edited by hand, and what a reader of it sees, both without the codec under test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from lxml import etree

from connectors.office.package import open_package, repack
from tests.fuzz.words import words_in

NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{NS}}}"
DOCUMENT = "word/document.xml"
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_HIDDEN = "ancestor::w:del or ancestor::w:moveFrom or ancestor::mc:Fallback"
_LARGE = etree.XMLParser(huge_tree=True)
Item = TypeVar("Item")


class Page:
    """An opened document. Edits change `body` and `extra` parts; `saved` gives the file."""

    def __init__(self, data: bytes) -> None:
        self._data, self.root = data, etree.fromstring(open_package(data).part(DOCUMENT) or b"", _LARGE)
        body = self.root.find(f"{W}body")
        assert body is not None
        self.body, self.extra, self.numbers = body, dict[str, bytes](), 900

    def part(self, name: str) -> bytes:
        """A part, with what was changed in it."""
        return self.extra.get(name) or open_package(self._data).part(name) or b""

    def saved(self) -> bytes:
        """The file now."""
        text = etree.tostring(self.root, xml_declaration=True, encoding="UTF-8", standalone=True)
        return repack(self._data, {DOCUMENT: text, **self.extra})

    def number(self) -> int:
        """An id that no bookmark, comment or revision has yet."""
        self.numbers += 1
        return self.numbers

    @property
    def paragraphs(self) -> list[etree._Element]:
        """Those outside of tables."""
        return list(self.body.iterchildren(f"{W}p"))

    @property
    def headings(self) -> list[etree._Element]:
        """Paragraphs with a section's style or a heading's."""
        return [one for one in self.paragraphs if style_of(one).startswith(("TL_", "Heading"))]

    @property
    def tables(self) -> list[etree._Element]:
        """The tables of sections: all but the facts at the top."""
        return list(self.body.iterchildren(f"{W}tbl"))[1:]

    def under(self, heading: int) -> etree._Element:
        """The last block of a section, to add behind; the first paragraph when no heading is left."""
        head = pick(self.headings, heading)
        return self.paragraphs[0] if head is None else self.section(head)[-1]

    def section(self, head: etree._Element) -> list[etree._Element]:
        """A heading and what stands under it."""
        found = [head]
        for block in head.itersiblings():
            if block in self.headings or block.tag == f"{W}sectPr":
                break
            found.append(block)
        return found


def pick(items: Sequence[Item], number: int) -> Item | None:
    """The item of that number, counted round and round."""
    return items[number % len(items)] if items else None


def style_of(paragraph: etree._Element) -> str:
    """The id of its style."""
    element = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if element is None else element.get(f"{W}val", "")


def xml(markup: str) -> list[etree._Element]:
    """Elements of WordprocessingML."""
    return list(etree.fromstring(f'<x xmlns:w="{NS}" xmlns:mc="{_MC}">{markup}</x>', _LARGE))


def run(text: str) -> str:
    """A run as Office programs write it."""
    from xml.sax.saxutils import escape

    pieces = escape(text).split("\t")
    return "<w:r>" + "<w:tab/>".join(f'<w:t xml:space="preserve">{piece}</w:t>' for piece in pieces) + "</w:r>"


def paragraph(inner: str, style: str = "") -> str:
    """A paragraph around *inner*."""
    look = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{look}{inner}</w:p>"


def behind(block: etree._Element, markup: str) -> None:
    """Put *markup* behind a block."""
    for element in reversed(xml(markup)):
        block.addnext(element)


# ---------------------------------------------------------------- what stands in a file


def readable_words(data: bytes) -> set[str]:
    """The pen's words that a reader of the file sees, found without the codec."""
    package, found = open_package(data), set[str]()
    spaces = {"w": NS, "mc": _MC}
    for name in package.names():
        if name.startswith("word/") and name.endswith(".xml"):
            root = etree.fromstring(package.part(name) or b"")
            for one in root.iter(f"{W}p"):
                texts = one.xpath(f".//w:t[not({_HIDDEN})]", namespaces=spaces)
                found |= words_in(["".join(text.text or "" for text in texts)])
    return found
