"""The master of a document shape: built once with python-docx, slimmed, and from then on only patched."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache

from docx import Document as new_document
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from lxml import etree

from connectors.office.docx_markup import (
    ACCENT,
    BULLET,
    CELL,
    GREY,
    GUIDANCE,
    INK,
    INTRO,
    KEY_CELL,
    LABEL,
    TABLE_HEAD,
    VALUE,
    anchor,
)
from connectors.office.package import admit_properties, open_package, repack
from templates.shapes import DocumentShape

DOCUMENT = "word/document.xml"
FONT = "Arial"
"""On every machine, or replaced by one of the same widths."""
LANGUAGE = "en-GB"

_KEPT_STYLES = {
    "Normal", "heading 1", "heading 2", "heading 3", "Title", "List Bullet", "List Number", "header", "footer",
    "Default Paragraph Font", "Normal Table", "No List", "Table Grid", "List Paragraph",
}  # fmt: skip
_DROPPED_PARTS = ("stylesWithEffects", "customXml", "thumbnail", "extended-properties", "webSettings")


@dataclass(frozen=True)
class Master:
    """A package without text. A document is *opening* + body + *closing* as its `DOCUMENT` part."""

    package: bytes
    opening: str
    closing: str


@lru_cache(maxsize=128)
def master(shape: DocumentShape) -> Master:
    """The master of *shape*: its styles, numbering, footer and page set-up. Takes some 30 ms the first time."""
    document = new_document()
    _set_page(document)
    _drop_unused(document)
    _style_text(document)
    _style_ours(document)
    for section in shape.sections:
        _section_style(document, anchor(section.key))
    _set_language(document)
    _set_compatibility(document)
    _number_pages(document)
    package = _saved(document)
    opening, _, rest = (open_package(package).part(DOCUMENT) or b"").decode("utf-8").partition("<w:body>")
    return Master(package, opening + "<w:body>", rest[rest.index("<w:sectPr") :])


def _saved(document: Document) -> bytes:
    """The package with no trace of when it was made: every part packed anew, which drops the library's clock times."""
    stream = io.BytesIO()
    document.save(stream)
    data = stream.getvalue()
    package = open_package(data)
    return admit_properties(repack(data, {name: package.part(name) or b"" for name in package.names()}))


def _set_page(document: Document) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21.0), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.0)
    page.top_margin, page.bottom_margin = Cm(1.8), Cm(1.8)
    page.header_distance = page.footer_distance = Cm(0.9)


def _drop_unused(document: Document) -> None:
    for style in list(document.styles.element.findall(qn("w:style"))):
        name = style.find(qn("w:name"))
        if name is None or name.get(qn("w:val")) not in _KEPT_STYLES:
            document.styles.element.remove(style)
    _drop_loose_ends(document)
    for owner in (document.part, document.part.package):
        for key in [k for k, rel in owner.rels.items() if rel.reltype.rpartition("/")[2] in _DROPPED_PARTS]:
            del owner.rels[key]


def _drop_loose_ends(document: Document) -> None:
    """References from what was kept to styles that are gone."""
    kept = {style.get(qn("w:styleId")) for style in document.styles.element.findall(qn("w:style"))}
    for root in (document.styles.element, document.part.numbering_part.element):
        for element in [*root.iter(qn("w:link")), *root.iter(qn("w:pStyle"))]:
            if element.get(qn("w:val")) not in kept:
                element.getparent().remove(element)


def _style_text(document: Document) -> None:
    normal = _style(document, "Normal", size=10.5, after=5, line=1.12)
    normal.paragraph_format.space_before = Pt(0)
    title = _style(document, "Title", size=17, color=ACCENT, bold=True, after=8)
    for border in title.element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)
    for number, size, before in ((1, 13, 11), (2, 11.5, 9), (3, 10.5, 8)):
        heading = _style(document, f"Heading {number}", size=size, color=ACCENT, bold=True, before=before, after=3)
        heading.paragraph_format.keep_with_next = True
    _style(document, BULLET, after=3)
    _style(document, "List Number", after=3)


def _style_ours(document: Document) -> None:
    guidance = _added(document, GUIDANCE, size=9, color=GREY, italic=True, after=3, line=1.05)
    guidance.paragraph_format.keep_with_next = True
    guidance.next_paragraph_style = document.styles["Normal"]
    intro = _added(document, INTRO, size=9, color=GREY, italic=True, before=8, after=4, line=1.05)
    intro.base_style, intro.next_paragraph_style = guidance, document.styles["Normal"]
    _added(document, CELL, size=9.5, after=0, line=1.0)
    _added(document, KEY_CELL, size=8, color=GREY, after=0, line=1.0)
    _added(document, TABLE_HEAD, size=9, color=ACCENT, bold=True, after=0, line=1.0)
    _added(document, LABEL, size=9.5, color=GREY, after=0, line=1.0)
    _added(document, VALUE, size=9.5, after=0, line=1.0)


def _section_style(document: Document, name: str) -> None:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)
    style.element.set(qn("w:styleId"), name)
    style.base_style = document.styles["Heading 1"]
    style.next_paragraph_style = document.styles["Normal"]
    style.priority, style.hidden, style.quick_style = 99, True, False


def _added(document: Document, name: str, **look: float | str | bool) -> ParagraphStyle:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    return _style(document, name, **look)  # type: ignore[arg-type]


def _style(
    document: Document,
    name: str,
    *,
    size: float | None = None,
    color: str = INK,
    bold: bool | None = None,
    italic: bool | None = None,
    before: float | None = None,
    after: float | None = None,
    line: float | None = None,
) -> ParagraphStyle:
    style = document.styles[name]
    assert isinstance(style, ParagraphStyle)
    _plain_font(style)
    style.font.name, style.font.color.rgb = FONT, RGBColor.from_string(color)
    style.font.bold, style.font.italic = bold, italic
    style.font.size = None if size is None else Pt(size)
    layout = style.paragraph_format
    layout.space_before = None if before is None else Pt(before)
    layout.space_after = None if after is None else Pt(after)
    if line is not None:
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.MULTIPLE, line
    return style


def _plain_font(style: ParagraphStyle) -> None:
    """Forget the library's own look, theme fonts first: they would win over the font's name."""
    properties = style.element.find(qn("w:rPr"))
    if properties is not None:
        style.element.remove(properties)


def _set_language(document: Document) -> None:
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    for language in document.settings.element.iter(qn("w:themeFontLang")):
        language.set(qn("w:val"), LANGUAGE)


def _set_compatibility(document: Document) -> None:
    """What Word 2013 and later lay out: without it the window says "Compatibility Mode" and tables hang into the margin."""
    for setting in document.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")


def _number_pages(document: Document) -> None:
    """``2 / 3`` in the footer: it reads the same in every language."""
    footer = _style(document, "Footer", size=9, color=GREY, after=0)
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.style, paragraph.alignment = footer, WD_ALIGN_PARAGRAPH.RIGHT
    _field(paragraph._p, "PAGE")
    paragraph.add_run(" / ")
    _field(paragraph._p, "NUMPAGES")


def _field(paragraph: etree._Element, instruction: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), f" {instruction} ")
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph.append(field)
