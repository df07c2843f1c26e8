"""Text of a workbook that stands in no cell: comments and their threads, text boxes, charts, links, page headers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lxml import etree

from connectors.office.package import Relation, parse_xml, relations, unescape_text
from connectors.office.xlsx_book import Book, Grid, Sheet, child, children, integer, local, text_of_runs
from connectors.office.xlsx_values import address, column_letters
from connectors.workspace import LeftOver


def beside(
    book: Book, sheet: Sheet, root: etree._Element, grid: Grid, titles: Mapping[int, str] = MappingProxyType({})
) -> Iterator[LeftOver]:
    """Comments, drawings and link targets of *sheet*; what belongs to a row stands under the row's title in *titles*.

    Raises BrokenFile when a part of them is damaged.
    """
    related = relations(book.package, sheet.part)
    threads = [said for relation in related if relation.type == "threadedComment" for said in _thread(book, relation)]
    yield from (said.left_over(sheet, titles) for said in threads)
    threaded = {said.cell for said in threads}
    for relation in related:
        if relation.type == "comments":
            said_here = (said for said in _comments(book, relation) if said.cell not in threaded)
            yield from (said.left_over(sheet, titles) for said in said_here)
        elif relation.type == "drawing":
            yield from _drawn(book, sheet, relation)
        elif relation.type == "vmlDrawing":
            yield from _old_drawn(book, sheet, relation)
    yield from _links(sheet, root, grid, {relation.id: relation for relation in related if relation.type == "hyperlink"})


# ---------------------------------------------------------------- comments


@dataclass(frozen=True)
class _Said:
    """One comment on a cell."""

    cell: str
    author: str
    text: str

    def left_over(self, sheet: Sheet, titles: Mapping[int, str]) -> LeftOver:
        """It as text that stands beside the table."""
        row, _ = address(self.cell.partition(":")[0]) or (0, 0)
        by = f"comment by {self.author.strip()}" if self.author.strip() else "comment"
        return LeftOver(titles.get(row) or "Comment", self.text, f"{sheet.name}!{self.cell}, {by}")


def _comments(book: Book, relation: Relation) -> Iterator[_Said]:
    root = parse_xml(book.needed(relation.target))
    authors = [element.text or "" for element in root.iter("{*}author")]
    for element in root.iter("{*}comment"):
        author = integer(element.get("authorId"), -1)
        name = authors[author] if 0 <= author < len(authors) else ""
        text = "".join(text_of_runs(part) for part in element if local(part) == "text")
        if text.strip():
            yield _Said(element.get("ref", ""), name, text)


def _thread(book: Book, relation: Relation) -> Iterator[_Said]:
    for element in parse_xml(book.needed(relation.target)).iter("{*}threadedComment"):
        text = "".join((part.text or "") for part in element if local(part) == "text")
        if text.strip():
            yield _Said(element.get("ref", ""), book.people.get(element.get("personId", ""), ""), text)


# ---------------------------------------------------------------- drawings

_INNER = frozenset({"chart", "chartEx", "diagramData", "chartUserShapes"})


def _drawn(book: Book, sheet: Sheet, relation: Relation, depth: int = 0) -> Iterator[LeftOver]:
    """Paragraphs of shapes, of charts and of diagrams; the latter two are parts of their own."""
    part = book.package.part(relation.target)
    if part is None or depth > 2:
        return
    for paragraph in parse_xml(part).iter("{*}p"):
        text = "".join(_inline(paragraph))
        if text.strip() and not any(local(above) == "Fallback" for above in paragraph.iterancestors()):
            yield LeftOver("Text box", text, _drawn_at(sheet, paragraph))
    for inner in relations(book.package, relation.target):
        if inner.type in _INNER and not inner.external:
            yield from _drawn(book, sheet, inner, depth + 1)


def _inline(paragraph: etree._Element) -> Iterator[str]:
    for element in paragraph.iter("{*}t", "{*}br"):
        yield "\n" if local(element) == "br" else element.text or ""


def _drawn_at(sheet: Sheet, paragraph: etree._Element) -> str:
    """The cell at which the shape begins, where the drawing says so."""
    anchor = next((above for above in paragraph.iterancestors() if local(above).endswith("CellAnchor")), None)
    start = {local(each): integer((each.text or "").strip(), -1) for each in children(anchor, "from")}
    column, row = start.get("col", -1), start.get("row", -1)
    return f"{sheet.name}!{column_letters(column + 1)}{row + 1}" if column >= 0 and row >= 0 else sheet.name


_NO_FETCH = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, recover=True)


def _old_drawn(book: Book, sheet: Sheet, relation: Relation) -> Iterator[LeftOver]:
    """Text of old-style shapes. Excel itself writes them with tags that never end, so what can be read of them is."""
    part = book.package.part(relation.target)
    root = None if part is None or b"<!" in part or b"textbox" not in part else etree.fromstring(part, _NO_FETCH)
    for shape in () if root is None else root.iter("{*}shape"):
        kind = next((data.get("ObjectType", "") for data in shape.iter("{*}ClientData")), "")
        box = child(shape, "textbox")
        text = "" if box is None or kind == "Note" else " ".join("".join(str(piece) for piece in box.itertext()).split())
        if text:
            yield LeftOver("Text box", text, sheet.name)


# ---------------------------------------------------------------- links


def _links(sheet: Sheet, root: etree._Element, grid: Grid, targets: dict[str, Relation]) -> Iterator[LeftOver]:
    """Where links lead and what they say when pointed at, unless the cell says the same."""
    for link in children(root, "hyperlinks"):
        id = next((value for name, value in link.attrib.items() if str(name).endswith("}id")), "")
        target = targets.get(str(id))
        place = link.get("ref", "").partition(":")[0]
        row, column = address(place) or (0, 0)
        cell = grid.get(row, {}).get(column)
        shown = bare_link(cell.text) if cell else ""
        for text in (target.target if target and target.external else "", link.get("tooltip", "")):
            if text.strip() and bare_link(text) != shown:
                yield LeftOver("Link", text, f"{sheet.name}!{place}")


def bare_link(text: str) -> str:
    """An address without what programs put in front of what people type."""
    return re.sub(r"^(?:mailto:|https?://)", "", text.strip(), flags=re.IGNORECASE).rstrip("/").casefold()


# ---------------------------------------------------------------- page headers and footers

_PAGE_PARTS = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")
_CODE = re.compile(r'&(?:"[^"]*"|K(?:[0-9A-Fa-f]{6}|[0-9]{2}[+-][0-9]{3})|[0-9]{1,3}|(?P<one>[A-Za-z&+\-]))')
_FIELDS = frozenset("PNDTAFZ")
_PAGE_WORDS = re.compile(
    r"(?:page|of|seite|von|página|pagina|pág\.?|pag\.?|de|di|van|strona|str\.?|z|sur|p\.?|s\.?|[/|:()\s–-])*", re.IGNORECASE
)


def page_texts(sheet: Sheet, root: etree._Element) -> Iterator[tuple[LeftOver, bool]]:
    """Texts of page headers and footers, and whether it is no more than a page number's "Page 1 of 2"."""
    for element in children(root, "headerFooter"):
        if local(element) in _PAGE_PARTS and element.text:
            side = "Page header" if local(element).endswith("Header") else "Page footer"
            for text, has_fields in page_sections(unescape_text(element.text)):
                furniture = has_fields and _PAGE_WORDS.fullmatch(text) is not None
                yield LeftOver(side, text, f"{sheet.name}, {side.lower()}"), furniture


def page_sections(code: str) -> Iterable[tuple[str, bool]]:
    """The texts left, in the middle and right, without codes for fonts and fields, and whether fields stood there."""
    texts, fields = [""], [False]
    at = 0
    for match in _CODE.finditer(code):
        texts[-1] += code[at : match.start()]
        at = match.end()
        one = match["one"] or ""
        if one.upper() in ("L", "C", "R"):
            texts.append("")
            fields.append(False)
        elif one == "&":
            texts[-1] += "&"
        elif one.upper() in _FIELDS:
            fields[-1] = True
    texts[-1] += code[at:]
    return [(text.strip(), has) for text, has in zip(texts, fields, strict=True) if text.strip()]
