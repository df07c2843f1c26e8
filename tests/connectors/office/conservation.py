"""Counts every readable character of a document without the reader, and compares the count with what was read.

The counter knows no paragraphs, sections or styles: only which elements hold text, and what takes them out of sight.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from lxml import etree

from connectors.markdown import plain
from connectors.office.docx import read
from connectors.office.package import Package, main_part, open_package, relations
from connectors.workspace import Document
from templates.shapes import DocumentShape

SPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "v": "urn:schemas-microsoft-com:vml",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
}
STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
TEXT = "self::w:t or self::m:t or self::a:t"
OUT_OF_SIGHT = etree.XPath(
    "ancestor::w:del or ancestor::w:moveFrom or ancestor::w:footnote[@w:type!='normal']"
    " or ancestor::w:endnote[@w:type!='normal']"
    f" or ancestor::*[(self::mc:Choice or self::mc:Fallback) and preceding-sibling::*[.//*[{TEXT}]]]"
    f" or ancestor::*[(self::mc:Choice or self::mc:Fallback) and not(.//*[{TEXT}]) and (preceding-sibling::* or"
    f" following-sibling::*[.//*[{TEXT}]])]",
    namespaces=SPACES,
)
HOLDING = etree.XPath(
    f"//*[{TEXT} or self::w:sym or self::w:noBreakHyphen or self::w:softHyphen or self::v:textpath or self::w:rt]",
    namespaces=SPACES,
)
LARGE = etree.XMLParser(huge_tree=True)
SIGN = "\ufffc"
"""Stands for a sign of a symbol font, whatever it is read as."""
MARK = re.compile(r"\s*(?:- |1\. |## )")


def in_file(data: bytes) -> Counter[str]:
    """Every readable character but spaces; a header or footer that stands there twice counts once."""
    found: Counter[str] = Counter()
    seen: set[str] = set()
    for kind, root in _parts(open_package(data)):
        text = _text_of(root)
        if kind in ("header", "footer") and f"{kind} {text}" in seen:
            continue
        seen.add(f"{kind} {text}")
        found.update(text)
    return found


def _parts(package: Package) -> Iterator[tuple[str, etree._Element]]:
    name = main_part(package)
    parts = [("document", name)]
    parts += [(one.type, one.target) for one in relations(package, name) if not one.external]
    for kind, part in parts:
        if kind in ("document", "footnotes", "endnotes", "comments", "header", "footer") and (markup := package.part(part)):
            yield kind, etree.fromstring(markup.replace(STRICT, SPACES["w"].encode()), LARGE)


def _text_of(root: etree._Element) -> str:
    shown = (element for element in HOLDING(root) if not OUT_OF_SIGHT(element))
    return "".join("".join(_characters(element)) for element in shown)


def _characters(element: etree._Element) -> Iterable[str]:
    name = etree.QName(element).localname
    if name == "sym":
        return SIGN
    if name == "textpath":
        return "".join(element.get("string", "").split())
    signs = {"noBreakHyphen": "\u2011", "softHyphen": "\u00ad", "rt": "()"}
    return signs.get(name) or "".join("".join(element.xpath("text()")).split())


def in_document(found: Document) -> tuple[Counter[str], Counter[str]]:
    """Every character that was read, Markdown's marks taken away as far as they can be told, and those that may be marks."""
    texts = [*found.template_text, *(part.heading for part in found.parts)]
    marks: Counter[str] = Counter()
    marks.update("".join(_marks(line) for text in found.template_text for line in text.split("\n")))
    for line in _lines(found):
        texts.append(plain(line))
        marks.update(_marks(line))
    for row in (row for part in found.parts for row in part.rows):
        words = [row.key, *(cell.text for cell in row.cells.values())]
        texts += words
        marks.update("".join(_marks(line) for text in words for line in text.split("\n")))
    return Counter("".join("".join(texts).split())), marks


def _marks(line: str) -> str:
    """What a line may begin with as a list item or heading, and the bars of a table's row with those of its cells."""
    if line.startswith("| ") and line.endswith(" |"):
        return "|" * line.count("|") + "-" * line.count("- ") + "1." * line.count("1. ")
    found = MARK.match(line)
    return "".join(found[0].split()) if found else ""


def _lines(found: Document) -> Iterator[str]:
    for part in found.parts:
        yield from part.paragraphs
    for left in found.left_overs:
        yield from left.text.split("\n")


def assert_conserved(data: bytes, shape: DocumentShape | None) -> Document:
    """Read *data*; nothing of it may be missing, and nothing may be there twice or out of nowhere."""
    document = read(data, shape)[1]
    there, (seen, marks) = in_file(data), in_document(document)
    lost, invented = there - seen, seen - there
    assert lost.total() - lost[SIGN] == 0, f"lost: {dict(lost)}"
    surplus = invented - marks
    assert surplus.total() <= there[SIGN], f"invented or read twice: {dict(surplus)}"
    return document
