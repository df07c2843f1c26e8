"""Build the documents that reproduce documented habits of Word, Google Docs and Pages; none of them was saved by these.

    python -m tests.files.build_docx tests/files/docx

Deterministic: it writes the same bytes each time. With a file's name it writes the plain check-in that the LibreOffice
fixtures begin with.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from connectors.office.package import open_package, repack
from tests.connectors.office.docx_kit import SHAPE, built, p, r, text_part, under

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{OFFICE}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" mc:Ignorable="w14"'
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
WHO = 'w:author="Jonas Okafor" w:date="2026-03-02T10:00:00Z"'


def part(name: str, content: str) -> bytes:
    """A part of its own: ``<w:name>`` around *content*."""
    return f"{HEAD}<w:{name} {NAMESPACES}>{content}</w:{name}>".encode()


def related(data: bytes, parts: Mapping[str, tuple[str, bytes]], external: Mapping[str, str] | None = None) -> bytes:
    """*data* with more *parts*, id to type and content (the name is made of both), and *external* hyperlinks by id."""
    rels = text_part(data, "word/_rels/document.xml.rels")
    types = text_part(data, "[Content_Types].xml")
    files: dict[str, bytes] = {}
    for key, (kind, content) in parts.items():
        ending = "rtf" if kind == "aFChunk" else "bin" if kind == "oleObject" else "xml"
        name = f"{kind}-{key}.{ending}"
        files[f"word/{name}"] = content
        relation = f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{name}"/></Relationships>'
        rels = rels.replace("</Relationships>", relation)
        content_type = {"rtf": "application/rtf", "bin": "application/vnd.openxmlformats-officedocument.oleObject"}.get(
            ending, f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"
        )
        types = types.replace("</Types>", f'<Override PartName="/word/{name}" ContentType="{content_type}"/></Types>')
    for key, target in (external or {}).items():
        relation = f'<Relationship Id="{key}" Type="{OFFICE}/hyperlink" Target="{target}" TargetMode="External"/>'
        rels = rels.replace("</Relationships>", relation + "</Relationships>")
    return repack(data, {"word/_rels/document.xml.rels": rels.encode(), "[Content_Types].xml": types.encode(), **files})


def declared(data: bytes) -> bytes:
    """*data* with every namespace that its body uses, as Word declares them."""
    text = text_part(data)
    start = text.index("<w:document")
    return repack(data, {"word/document.xml": f"{HEAD}<w:document {NAMESPACES}{text[text.index('>', start) :]}".encode()})


def look(inner: str, text: str) -> str:
    """A run of a look."""
    return f'<w:r w:rsidRPr="00A77427"><w:rPr>{inner}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def field(instruction: str, result: str) -> str:
    """A complex field."""
    sign = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    code = f'<w:r><w:instrText xml:space="preserve">{instruction}</w:instrText></w:r>'
    return sign.format("begin") + code + sign.format("separate") + result + sign.format("end")


def control(inner: str, properties: str = "") -> str:
    """A content control."""
    return f"<w:sdt><w:sdtPr><w:id w:val='7'/>{properties}</w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"


# ---------------------------------------------------------------- Word


def word_review() -> bytes:
    """Tracked changes, moves, comments and spelling marks over split runs, as Word writes them."""
    typed = (
        f'<w:p w:rsidR="00B1" w14:paraId="1A2B3C4D"><w:pPr><w:rPr><w:ins w:id="901" {WHO}/></w:rPr></w:pPr>'
        f'<w:commentRangeStart w:id="0"/><w:ins w:id="902" {WHO}>{r("We won ")}</w:ins>'
        f'<w:proofErr w:type="spellStart"/>{look("<w:b/><w:bCs/>", "Nor")}'
        f'{look("<w:b/>", "dwind")}<w:proofErr w:type="spellEnd"/>'
        f'<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'
        f'<w:del w:id="903" {WHO}><w:r><w:delText xml:space="preserve"> and lost</w:delText></w:r></w:del>'
        f'<w:ins w:id="904" {WHO}><w:del w:id="905" {WHO}><w:r><w:delText>typed and struck</w:delText></w:r></w:del></w:ins>'
        "</w:p>"
    )
    moved = '<w:p><w:moveFromRangeStart w:id="906" w:name="move1"/>' + (
        f'<w:moveFrom w:id="907" {WHO}>{r("A line that moved")}</w:moveFrom><w:moveFromRangeEnd w:id="906"/></w:p>'
    )
    arrived = '<w:p><w:moveToRangeStart w:id="908" w:name="move1"/>' + (
        f'<w:moveTo w:id="909" {WHO}>{r("A line that moved")}</w:moveTo><w:moveToRangeEnd w:id="908"/></w:p>'
    )
    row = f'<w:tr><w:trPr><w:ins w:id="910" {WHO}/></w:trPr><w:tc><w:tcPr/>{p(r("a new row"))}</w:tc></w:tr>'
    gone = '<w:tr><w:trPr><w:del w:id="911" w:author="A"/></w:trPr><w:tc><w:tcPr/><w:p><w:del w:id="912" w:author="A">'
    gone += "<w:r><w:delText>a row struck out</w:delText></w:r></w:del></w:p></w:tc></w:tr>"
    data = under(built(), "wins", typed + moved)
    data = under(data, "blockers", arrived + f"<w:tbl><w:tblPr/><w:tblGrid/>{row}{gone}</w:tbl>" + p(""))
    said = f'<w:comment w:id="0" {WHO} w:initials="JO">{p("<w:r><w:annotationRef/></w:r>" + r("Thank Mia, too"))}</w:comment>'
    return related(declared(data), {"rIdC": ("comments", part("comments", said))})


BOX = p(r("Words in a box"))
OBJECTS = (
    p(
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:anchor><a:graphic><a:graphicData><wps:wsp>"
        f"<wps:txbx><w:txbxContent>{BOX}</w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing>"
        f"</mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent>{BOX}</w:txbxContent></v:textbox></v:shape>"
        "</w:pict></mc:Fallback></mc:AlternateContent></w:r>" + r("Beside a box")
    )
    + p(f"{r('As ')}<m:oMath><m:r><m:t>a=b+c</m:t></m:r></m:oMath>{r(' says')}")
    + p("<w:r><w:object><o:OLEObject Type='Embed' ProgID='Excel.Sheet.12' r:id='rIdO'/></w:object></w:r>")
    + '<w:altChunk r:id="rIdA"/>'
    + p(
        "<w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>かんじ</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>漢字</w:t></w:r></w:rubyBase>"
        "</w:ruby></w:r>"
    )
    + p('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/><w:t>done</w:t></w:r>')
)
CONTROLS = (
    control(p(r("In a block control")), "<w:tag w:val='mood'/>")
    + p(
        r("By ") + control(r("Jonas"), "<w:dropDownList/>") + '<w:smartTag w:element="place">' + r(" in Oslo") + "</w:smartTag>"
    )
    + f'<w:customXml w:element="note">{p(r("In custom XML"))}</w:customXml>'
    + "<w:tbl><w:tblPr/><w:tblGrid/>"
    + control(
        f"<w:tr><w:tc><w:tcPr/>{p(r('row control'))}</w:tc>"
        + control(f"<w:tc><w:tcPr/>{p(r('cell control'))}</w:tc>")
        + "</w:tr>"
    )
    + "</w:tbl>"
    + p(field(' IF 1 = 1 "x" ', r("outer ") + field(" REF y ", r("inner"))))
    + p(field(' HYPERLINK "https://example.com/a" ', look('<w:rStyle w:val="Hyperlink"/>', "a link field")) + r(" here"))
    + p('<w:hyperlink r:id="rIdL" w:history="1">' + look('<w:rStyle w:val="Hyperlink"/>', "the handbook") + "</w:hyperlink>")
)


def word_objects() -> bytes:
    """Text boxes twice over, mathematics, an embedded sheet, an inserted file, ruby, symbols and content controls."""
    data = declared(under(under(built(), "wins", OBJECTS), "blockers", CONTROLS))
    return related(
        data,
        {"rIdA": ("aFChunk", b"{\\rtf1 pasted}"), "rIdO": ("oleObject", b"sheet")},
        {"rIdL": "https://example.com/handbook"},
    )


def word_margins() -> bytes:
    """First, even and usual headers over two page set-ups, a watermark, footnotes with their separators, endnotes."""
    usual, again, first = p(r("Confidential")), p(r("Confidential")), p(r("Ada Brandt"))
    mark = '<w:r><w:pict><v:shape><v:textpath string="DRAFT"/></v:shape></w:pict></w:r>'
    numbers = p(r("Page ") + field(" PAGE ", r("2")) + r(" of ") + f'<w:fldSimple w:instr=" NUMPAGES ">{r("3")}</w:fldSimple>')
    signs = "".join(
        f'<w:footnote w:id="{at}" w:type="{kind}">{p(f"<w:r><w:{kind}/></w:r>")}</w:footnote>'
        for at, kind in ((-1, "separator"), (0, "continuationSeparator"))
    )
    foot = signs + f'<w:footnote w:id="1">{p("<w:r><w:footnoteRef/></w:r>" + r(" see the wiki"))}</w:footnote>'
    end = f'<w:endnote w:id="1">{p(r("see the report"))}</w:endnote>'
    typed = p(
        r("We won") + '<w:r><w:footnoteReference w:id="1"/></w:r>' + r(" it") + '<w:r><w:endnoteReference w:id="1"/></w:r>'
    )
    parts = {
        "rIdH1": ("header", part("hdr", usual)),
        "rIdH2": ("header", part("hdr", again)),
        "rIdH3": ("header", part("hdr", first + p(mark))),
        "rIdF1": ("footer", part("ftr", numbers)),
        "rIdN1": ("footnotes", part("footnotes", foot)),
        "rIdN2": ("endnotes", part("endnotes", end)),
    }
    return related(declared(under(built(), "wins", typed)), parts)


def word_save() -> bytes:
    """A plain save by Word: revision ids everywhere, split runs, page breaks it rendered, its own bookmark, lists and looks."""
    numbering = (
        '<w:abstractNum w:abstractNumId="90"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl></w:abstractNum>'
        '<w:abstractNum w:abstractNumId="91"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="&#61623;"/></w:lvl>'
        '</w:abstractNum><w:num w:numId="90"><w:abstractNumId w:val="90"/></w:num>'
        '<w:num w:numId="91"><w:abstractNumId w:val="91"/></w:num></w:numbering>'
    )
    item = '<w:p w:rsidR="00C2" w14:paraId="{0:08X}"><w:pPr><w:pStyle w:val="ListParagraph"/><w:numPr><w:ilvl w:val="{1}"/>'
    item += '<w:numId w:val="{2}"/></w:numPr></w:pPr>{3}</w:p>'
    typed = p(
        r("We ") + look("<w:b/><w:bCs/>", "ship") + look("<w:b/>", "ped ") + "<w:r><w:lastRenderedPageBreak/></w:r>"
        '<w:bookmarkStart w:id="900" w:name="_GoBack"/><w:bookmarkEnd w:id="900"/>' + look("<w:i/><w:iCs/>", "everything")
    )
    typed += item.format(1, 0, 90, r("first")) + item.format(2, 1, 90, r("inside")) + item.format(3, 0, 90, r("second"))
    typed += item.format(4, 0, 91, r("a point")) + p(look('<w:b w:val="0"/>', "not ") + look("<w:b/>", "a heading"))
    bold = p(look("<w:b/>", "A line that is bold") + look("<w:b/><w:bCs/>", " all of it"))
    data = declared(under(under(built(), "wins", typed), "blockers", bold))
    lists = text_part(data, "word/numbering.xml").replace("</w:numbering>", numbering)
    return repack(data, {"word/numbering.xml": lists.encode()})


# ---------------------------------------------------------------- Google Docs and Pages, from nothing


def package(body: str, styles: str, numbering: str, extra: Mapping[str, tuple[str, bytes]], links: Mapping[str, str]) -> bytes:
    """A document of these parts alone: no properties of ours, no styles of ours, as after an export from elsewhere."""
    bare = repack(
        built(),
        {
            "word/document.xml": f"{HEAD}<w:document {NAMESPACES}><w:body>{body}<w:sectPr/></w:body></w:document>".encode(),
            "word/styles.xml": part("styles", styles),
            "word/numbering.xml": part("numbering", numbering),
            "docProps/custom.xml": open_package(built()).part("docProps/custom.xml") or b"",
        },
    )
    forgotten = (
        '<?xml version="1.0"?><Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>'
    )
    return related(repack(bare, {"docProps/custom.xml": forgotten.encode()}), extra, links)


def google(text: str, *, bold: int = 0, italic: int = 0, style: str = "") -> str:
    """A run as Google exports it: every look said, on or off."""
    inner = f'<w:rFonts w:ascii="Arial"/><w:b w:val="{bold}"/><w:i w:val="{italic}"/><w:rtl w:val="0"/>{style}'
    return f'<w:r w:rsidDel="00000000" w:rsidR="00000000"><w:rPr>{inner}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def google_docs() -> bytes:
    """A check-in that was opened and exported by Google Docs: plain headings, no styles, bookmarks or key of ours."""
    heading = '<w:p><w:pPr><w:pStyle w:val="Heading1"/><w:keepNext w:val="1"/></w:pPr>{}</w:p>'
    item = '<w:p><w:pPr><w:numPr><w:ilvl w:val="{}"/><w:numId w:val="1"/></w:numPr><w:ind w:left="720"/></w:pPr>{}</w:p>'
    said = {
        "wins": item.format(0, google("We ") + google("won", bold=1)) + item.format(1, google("twice", italic=1) + google("!")),
        "blockers": p(control(control(google("Suggested line"), "<w:tag w:val='goog_rdk_1'/>"), "<w:tag w:val='goog_rdk_0'/>")),
        "growth": p('<w:hyperlink r:id="rIdL">' + google("the course", style='<w:u w:val="single"/>') + "</w:hyperlink>"),
        "notes": p(google("Noted") + '<w:r><w:commentReference w:id="0"/></w:r>'),
    }
    lines = [p(google("Check-in: Ada Brandt and Jonas Okafor, 2 March 2026"), "Title")]
    for section in SHAPE.sections:
        lines += [
            heading.format(google(section.title, bold=1)),
            p(google(section.prompt, italic=1)),
            said.get(section.key, p("")),
        ]
    styles = (
        '<w:style w:type="paragraph" w:styleId="Normal" w:default="1"><w:name w:val="normal"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/></w:style>'
    )
    levels = "".join(
        f'<w:lvl w:ilvl="{at}"><w:numFmt w:val="bullet"/><w:lvlText w:val="{sign}"/></w:lvl>' for at, sign in enumerate("●○■")
    )
    numbering = (
        f'<w:abstractNum w:abstractNumId="1">{levels}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    )
    note = f'<w:comment w:id="0" w:author="Jonas Okafor" w:date="2026-03-02T10:00:00Z">{p(google("Good"))}</w:comment>'
    extra = {"rIdC": ("comments", part("comments", note))}
    return package("".join(lines), styles, numbering, extra, {"rIdL": "https://learn.example.com/course"})


def pages() -> bytes:
    """A check-in that was opened and exported by Pages: headings by outline level alone, boxes, tabs in the margins."""
    lines = []
    said = {
        "wins": p(r("We won"), "BodyA")
        + '<w:p><w:pPr><w:pStyle w:val="BodyA"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr></w:pPr>'
        + f"{r('a dash')}</w:p>",
        "growth": p(
            OBJECTS[len("<w:p>") : OBJECTS.index("</mc:AlternateContent></w:r>") + len("</mc:AlternateContent></w:r>")]
        ),
    }
    for section in SHAPE.sections:
        lines += [p(r(section.title), "HeadingA"), p(r(section.prompt), "BodyA"), said.get(section.key, p("", "BodyA"))]
    styles = (
        '<w:style w:type="paragraph" w:styleId="HeadingA"><w:name w:val="Heading A"/>'
        '<w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="BodyA"><w:name w:val="Body A"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="HeaderFooter"><w:name w:val="Header &amp; Footer"/></w:style>'
    )
    numbering = (
        '<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="-"/></w:lvl>'
        '</w:abstractNum><w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>'
    )
    header = p(r("Team Support") + "<w:r><w:tab/></w:r>" + r("2026"), "HeaderFooter")
    extra = {"rIdH": ("header", part("hdr", header)), "rIdF": ("footer", part("ftr", p("", "HeaderFooter")))}
    return package("".join(lines), styles, numbering, extra, {})


BUILT = {
    "built-like-word-review": word_review,
    "built-like-word-objects": word_objects,
    "built-like-word-margins": word_margins,
    "built-like-word-save": word_save,
    "built-like-google-docs": google_docs,
    "built-like-pages": pages,
}


def main(target: Path) -> None:
    """Write every fixture into a folder, or the plain check-in into a file."""
    if target.suffix == ".docx":
        target.write_bytes(built())
        return
    for name, build in BUILT.items():
        (target / f"{name}.docx").write_bytes(build())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
