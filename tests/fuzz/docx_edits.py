"""What people do to a document, as small frozen values: Hypothesis draws sequences of them and shrinks the ones that fail.

Places are numbers that are taken modulo what there is, so that every edit means something in every document.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Protocol

from lxml import etree

from tests.fuzz.docx_page import NS, Page, W, behind, paragraph, pick, run, style_of, xml
from tests.fuzz.words import Pen

_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_AUTHOR = 'w:author="Ada Brandt" w:date="2026-03-03T10:00:00Z"'


class Edit(Protocol):
    """One thing that somebody does."""

    def apply(self, page: Page, pen: Pen) -> None:
        """Do it."""


# ---------------------------------------------------------------- typing

_WAYS = (
    "{0}",
    f'<w:ins w:id="{{1}}" {_AUTHOR}>{{0}}</w:ins>',
    f'<w:moveTo w:id="{{1}}" {_AUTHOR}>{{0}}</w:moveTo>',
    "<w:sdt><w:sdtPr/><w:sdtContent>{0}</w:sdtContent></w:sdt>",
    '<w:smartTag w:element="x">{0}</w:smartTag>',
    '<w:fldSimple w:instr=" DATE ">{0}</w:fldSimple>',
    '<w:hyperlink w:anchor="x">{0}</w:hyperlink>',
    '<w:customXml w:element="x">{0}</w:customXml>',
    '<w:bookmarkStart w:id="{1}" w:name="_GoBack"/>{0}<w:bookmarkEnd w:id="{1}"/>',
    '<w:proofErr w:type="spellStart"/>{0}<w:proofErr w:type="spellEnd"/>',
    '<w:bdo w:val="rtl">{0}</w:bdo>',
    '<w:dir w:val="rtl">{0}</w:dir>',
)


@dataclass(frozen=True)
class Type:
    """Type a paragraph into a section, plainly or in one of the ways in which Office programs wrap text."""

    heading: int = 3
    phrase: int = 0
    way: int = 0
    style: int = 0

    def apply(self, page: Page, pen: Pen) -> None:
        inner = _WAYS[self.way % len(_WAYS)].format(run(pen.write(self.phrase)), page.number())
        behind(page.under(self.heading), paragraph(inner, ("", "ListBullet", "Heading2", "Quote")[self.style % 4]))


@dataclass(frozen=True)
class TypeInto:
    """Type at the end of any paragraph, headings and guidance included."""

    paragraph: int = 0
    phrase: int = 0

    def apply(self, page: Page, pen: Pen) -> None:
        if (one := pick(page.paragraphs, self.paragraph)) is not None:
            one.extend(xml(run(f" {pen.write(self.phrase)}")))


@dataclass(frozen=True)
class PasteList:
    """Paste a list under a heading, as Word numbers it."""

    heading: int = 3
    count: int = 2

    def apply(self, page: Page, pen: Pen) -> None:
        numbered = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
        items = (f"<w:p>{numbered}{run(pen.write(number))}</w:p>" for number in range(1 + self.count % 5))
        behind(page.under(self.heading), "".join(items))


@dataclass(frozen=True)
class Tick:
    """A check box with words behind it."""

    heading: int = 3
    ticked: bool = True

    def apply(self, page: Page, pen: Pen) -> None:
        box = f"<w:sdt><w:sdtPr/><w:sdtContent>{run('☒' if self.ticked else '☐')}</w:sdtContent></w:sdt>"
        behind(page.under(self.heading), paragraph(box + run(f" {pen.word()}")))


@dataclass(frozen=True)
class TextBox:
    """A text box, in both of the forms that Word writes."""

    paragraph: int = 3

    def apply(self, page: Page, pen: Pen) -> None:
        one = pick(page.paragraphs, self.paragraph)
        inner = paragraph(run(pen.write(self.paragraph)))
        box = (
            "<w:r><mc:AlternateContent>"
            f'<mc:Choice Requires="wps"><w:drawing><w:txbxContent>{inner}</w:txbxContent></w:drawing></mc:Choice>'
            f"<mc:Fallback><w:pict><w:txbxContent>{inner}</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        )
        if one is not None:
            one.extend(xml(box))


@dataclass(frozen=True)
class Comment:
    """A comment on a paragraph."""

    paragraph: int = 3
    phrase: int = 0

    def apply(self, page: Page, pen: Pen) -> None:
        one, number = pick(page.paragraphs, self.paragraph), page.number()
        if one is None:
            return
        one.extend(xml(f'<w:r><w:commentReference w:id="{number}"/></w:r>'))
        body = f'<w:comment w:id="{number}" {_AUTHOR}>{paragraph(run(pen.write(self.phrase)))}</w:comment>'
        _note(page, "comments", body)


@dataclass(frozen=True)
class Footnote:
    """A footnote to a paragraph."""

    paragraph: int = 3

    def apply(self, page: Page, pen: Pen) -> None:
        one, number = pick(page.paragraphs, self.paragraph), page.number()
        if one is not None:
            one.extend(xml(f'<w:r><w:footnoteReference w:id="{number}"/></w:r>'))
            _note(page, "footnotes", f'<w:footnote w:id="{number}">{paragraph(run(pen.word()))}</w:footnote>')


def _note(page: Page, kind: str, markup: str) -> None:
    """Add to the part of comments or footnotes, made when it is missing."""
    name, rels, types = f"word/{kind}.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"
    if not page.part(name):
        page.extra[name] = f'<w:{kind} xmlns:w="{NS}"></w:{kind}>'.encode()
        relation = f'<Relationship Id="rId{kind}" Type="{_RELS}/{kind}" Target="{kind}.xml"/></Relationships>'
        page.extra[rels] = page.part(rels).replace(b"</Relationships>", relation.encode())
        form = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"
        page.extra[types] = page.part(types).replace(
            b"</Types>", f'<Override PartName="/{name}" ContentType="{form}"/></Types>'.encode()
        )
    page.extra[name] = page.part(name).replace(f"</w:{kind}>".encode(), f"{markup}</w:{kind}>".encode())


# ---------------------------------------------------------------- headings and paragraphs


@dataclass(frozen=True)
class Retitle:
    """Write another heading over one, with or without its bookmark surviving."""

    heading: int = 3
    phrase: int = 0
    keeps_bookmark: bool = True

    def apply(self, page: Page, pen: Pen) -> None:
        if (head := pick(page.headings, self.heading)) is None:
            return
        runs = list(head.iterchildren(f"{W}r"))
        for number, one in enumerate(runs):
            if number == 0:
                one.addnext(xml(run(pen.write(self.phrase)))[0])
            head.remove(one)
        if not runs:
            head.extend(xml(run(pen.word())))
        if not self.keeps_bookmark:
            _without_bookmarks(head)


def _without_bookmarks(element: etree._Element) -> None:
    for mark in [*element.iter(f"{W}bookmarkStart"), *element.iter(f"{W}bookmarkEnd")]:
        parent = mark.getparent()
        assert parent is not None
        parent.remove(mark)


@dataclass(frozen=True)
class Duplicate:
    """Copy a section, or its heading alone, behind another one. Word gives no bookmark out twice."""

    heading: int = 3
    to: int = 5
    whole: bool = False

    def apply(self, page: Page, pen: Pen) -> None:
        if (head := pick(page.headings, self.heading)) is None:
            return
        copies = [copy.deepcopy(block) for block in (page.section(head) if self.whole else [head])]
        target = page.under(self.to)
        for block in reversed(copies):
            _without_bookmarks(block)
            target.addnext(block)


@dataclass(frozen=True)
class Delete:
    """Delete a heading, or its section."""

    heading: int = 3
    whole: bool = False

    def apply(self, page: Page, pen: Pen) -> None:
        if (head := pick(page.headings, self.heading)) is not None and len(page.headings) > 1:
            for block in page.section(head) if self.whole else [head]:
                page.body.remove(block)


@dataclass(frozen=True)
class Move:
    """Cut a section and paste it behind another one."""

    heading: int = 3
    to: int = 0

    def apply(self, page: Page, pen: Pen) -> None:
        head = pick(page.headings, self.heading)
        if head is None or head is pick(page.headings, self.to):
            return
        target = page.under(self.to)
        for block in reversed(page.section(head)):
            target.addnext(block)


@dataclass(frozen=True)
class Restyle:
    """Give any paragraph another style: a heading demoted, a line of text made a heading."""

    paragraph: int = 3
    style: int = 0

    def apply(self, page: Page, pen: Pen) -> None:
        one = pick(page.paragraphs, self.paragraph)
        if one is None:
            return
        look = one.find(f"{W}pPr")
        if look is not None:
            one.remove(look)
        style = ("", "Heading1", "Heading2", "TL_wins", "Title", "TLGuidance", "ListBullet")[self.style % 7]
        if style:
            one.insert(0, xml(f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>')[0])


@dataclass(frozen=True)
class Split:
    """Press Enter somewhere in a paragraph."""

    paragraph: int = 3
    at: int = 4

    def apply(self, page: Page, pen: Pen) -> None:
        one = pick(page.paragraphs, self.paragraph)
        text = None if one is None else next((t for t in one.iter(f"{W}t") if len(t.text or "") > 1), None)
        if one is None or text is None or text.text is None:
            return
        at = 1 + self.at % (len(text.text) - 1)
        rest, text.text = text.text[at:], text.text[:at]
        behind(one, paragraph(run(rest), style_of(one)))


@dataclass(frozen=True)
class Merge:
    """Press Delete at the end of a paragraph: the next one is joined to it."""

    paragraph: int = 3

    def apply(self, page: Page, pen: Pen) -> None:
        one = pick(page.paragraphs, self.paragraph)
        following = None if one is None else one.getnext()
        if one is None or following is None or following.tag != f"{W}p":
            return
        one.extend(child for child in list(following) if child.tag != f"{W}pPr")
        page.body.remove(following)


@dataclass(frozen=True)
class Strike:
    """Delete a paragraph with changes being tracked: it stands in the file, and nobody reads it."""

    paragraph: int = 3

    def apply(self, page: Page, pen: Pen) -> None:
        one = pick(page.paragraphs, self.paragraph)
        for each in [] if one is None else list(one.iterchildren(f"{W}r")):
            for text in each.iter(f"{W}t"):
                text.tag = f"{W}delText"
            deletion = xml(f'<w:del w:id="{page.number()}" {_AUTHOR}/>')[0]
            each.addprevious(deletion)
            deletion.append(each)


# ---------------------------------------------------------------- tables


@dataclass(frozen=True)
class PasteTable:
    """Paste a table of one's own, perhaps with cells merged or a table inside."""

    heading: int = 3
    rows: int = 2
    columns: int = 2
    form: int = 0

    def apply(self, page: Page, pen: Pen) -> None:
        span = '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>' if self.form % 3 == 1 else "<w:tcPr/>"
        cell = f"<w:tc>{span}{{}}</w:tc>"
        inner = f"<w:tbl><w:tr><w:tc>{paragraph(run(pen.word()))}</w:tc></w:tr></w:tbl>" if self.form % 3 == 2 else ""
        rows = (
            "".join(cell.format(paragraph(run(pen.write(c)))) for c in range(1 + self.columns % 6))
            for _ in range(1 + self.rows % 4)
        )
        last = f"<w:tr><w:tc>{inner}{paragraph('')}</w:tc></w:tr>" if inner else ""
        markup = f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}{last}</w:tbl>"
        behind(page.under(self.heading), markup + paragraph(""))


@dataclass(frozen=True)
class TypeInCell:
    """Type into a cell of a section's table, behind what stands there."""

    table: int = 0
    row: int = 1
    column: int = 1
    phrase: int = 0

    def apply(self, page: Page, pen: Pen) -> None:
        cell = _cell(page, self.table, self.row, self.column)
        if cell is not None and (one := pick(list(cell.iterchildren(f"{W}p")), 0)) is not None:
            one.extend(xml(run(pen.write(self.phrase))))


def _cell(page: Page, table: int, row: int, column: int) -> etree._Element | None:
    grid = pick(page.tables, table)
    line = None if grid is None else pick(list(grid.iterchildren(f"{W}tr")), row)
    return None if line is None else pick(list(line.iterchildren(f"{W}tc")), column)


@dataclass(frozen=True)
class ChangeRows:
    """Add, delete, copy or move a row of a table."""

    table: int = 0
    row: int = 1
    what: int = 0

    def apply(self, page: Page, pen: Pen) -> None:
        grid = pick(page.tables, self.table)
        rows = [] if grid is None else list(grid.iterchildren(f"{W}tr"))
        line = pick(rows, self.row)
        if grid is None or line is None or len(rows) < 2:
            return
        match self.what % 4:
            case 0:
                new = copy.deepcopy(line)
                for text in new.iter(f"{W}t"):
                    text.text = pen.word()
                line.addnext(new)
            case 1:
                grid.remove(line)
            case 2:
                line.addnext(copy.deepcopy(line))
            case _:
                grid.append(line)


@dataclass(frozen=True)
class ChangeColumns:
    """Delete or move a column of a table, or add one at the end."""

    table: int = 0
    column: int = 2
    what: int = 0

    def apply(self, page: Page, pen: Pen) -> None:
        grid = pick(page.tables, self.table)
        for line in [] if grid is None else list(grid.iterchildren(f"{W}tr")):
            cells = list(line.iterchildren(f"{W}tc"))
            cell = pick(cells, self.column)
            if cell is None or len(cells) < 2:
                continue
            match self.what % 3:
                case 0:
                    line.extend(xml(f"<w:tc><w:tcPr/>{paragraph(run(pen.word()))}</w:tc>"))
                case 1:
                    line.remove(cell)
                case _:
                    line.append(cell)
