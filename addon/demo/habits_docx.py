"""What Word and LibreOffice Writer do to documents by themselves: lists, marks, session numbers, styles."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from lxml import etree

from addon.demo.handwriting import Parts

STYLES, NUMBERING = "word/styles.xml", "word/numbering.xml"
NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W, W14 = f"{{{NAMESPACE}}}", "{http://schemas.microsoft.com/office/word/2010/wordml}"
_LIST_MARK = "4D2A61F0"


def text_of(element: etree._Element) -> str:
    """The text of an element as it is seen."""
    return "".join(node.text or "" for node in element.iter(f"{W}t"))


def heading_styles(parts: Parts) -> set[str]:
    """The ids of the styles that begin a section: those with the first outline level, and what is based on them."""
    styles = {style.get(f"{W}styleId", ""): style for style in parts.xml(STYLES).iterchildren(f"{W}style")}
    levels = {key: style.find(f"{W}pPr/{W}outlineLvl") for key, style in styles.items()}
    found = {key for key, level in levels.items() if level is not None and level.get(f"{W}val") == "0"}
    found |= {key for key in styles if key == "Heading1"}
    for key, style in styles.items():
        base = style.find(f"{W}basedOn")
        if base is not None and base.get(f"{W}val") in found:
            found.add(key)
    return found


def end_of(blocks: list[etree._Element]) -> int:
    return len(blocks) - 1 if blocks and blocks[-1].tag == f"{W}sectPr" else len(blocks)


def pieces(text: str, chance: Random) -> Iterator[str]:
    """*text* in the runs that typing, pausing and correcting leave behind."""
    words = text.split(" ")
    while words:
        size = chance.choice((1, 2, 4, 7, 12, 30))
        piece, words = words[:size], words[size:]
        yield " ".join(piece) + (" " if words else "")


def proof_mark(kind: str) -> etree._Element:
    mark = etree.Element(f"{W}proofErr")
    mark.set(f"{W}type", kind)
    return mark


def bullet_list(parts: Parts) -> str:
    """The id of the list that the bullet button makes: added to the document when it is used first."""
    numbering = parts.xml(NUMBERING)
    lists = list(numbering.iterchildren(f"{W}num"))
    for one in numbering.iterchildren(f"{W}abstractNum"):
        mark = one.find(f"{W}nsid")
        if mark is not None and mark.get(f"{W}val") == _LIST_MARK:
            number = one.get(f"{W}abstractNumId")
            return next(each.get(f"{W}numId", "1") for each in lists if each[0].get(f"{W}val") == number)
    number = str(1 + max((int(one.get(f"{W}abstractNumId", "0")) for one in numbering.iter(f"{W}abstractNum")), default=0))
    new_id = str(1 + max((int(one.get(f"{W}numId", "0")) for one in lists), default=0))
    numbering.insert(len(list(numbering.iterchildren(f"{W}abstractNum"))), etree.fromstring(_abstract_list(number)))
    numbering.append(
        etree.fromstring(f'<w:num xmlns:w="{NAMESPACE}" w:numId="{new_id}"><w:abstractNumId w:val="{number}"/></w:num>')
    )
    parts.put(NUMBERING, numbering)
    return new_id


def _abstract_list(number: str) -> str:
    return (
        f'<w:abstractNum xmlns:w="{NAMESPACE}" w:abstractNumId="{number}"><w:nsid w:val="{_LIST_MARK}"/>'
        '<w:multiLevelType w:val="hybridMultilevel"/><w:tmpl w:val="7C3E0A52"/><w:lvl w:ilvl="0" w:tplc="04090001">'
        '<w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="&#xF0B7;"/><w:lvlJc w:val="left"/>'
        '<w:pPr><w:ind w:left="720" w:hanging="360"/></w:pPr>'
        '<w:rPr><w:rFonts w:ascii="Symbol" w:hAnsi="Symbol" w:hint="default"/></w:rPr></w:lvl></w:abstractNum>'
    )


def as_libreoffice(root: etree._Element) -> None:
    """The habits of Writer over the whole text: no session marks, properties in every run and paragraph."""
    for mark in [*root.iter(f"{W}proofErr", f"{W}lastRenderedPageBreak", f"{W}tblCaption")]:
        parent = mark.getparent()
        if parent is not None:
            parent.remove(mark)
    for element in root.iter(f"{W}p", f"{W}r", f"{W}tr", f"{W}sectPr"):
        _strip_sessions(element)
    for paragraph in root.iter(f"{W}p"):
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            properties = etree.Element(f"{W}pPr")
            etree.SubElement(properties, f"{W}pStyle").set(f"{W}val", "Normal")
            paragraph.insert(0, properties)
        if properties.find(f"{W}rPr") is None:
            _before_section(properties, etree.Element(f"{W}rPr"))
        if paragraph.find(f"{W}r") is None:
            etree.SubElement(paragraph, f"{W}r")
    for run in root.iter(f"{W}r"):
        if run.find(f"{W}rPr") is None:
            run.insert(0, etree.Element(f"{W}rPr"))


def _before_section(properties: etree._Element, new: etree._Element) -> None:
    """The schema wants section properties and changes after the run properties."""
    after = next((one for one in properties if one.tag in (f"{W}sectPr", f"{W}pPrChange")), None)
    if after is None:
        properties.append(new)
    else:
        after.addprevious(new)


def _strip_sessions(element: etree._Element) -> None:
    for name in [name for name in element.attrib if "rsid" in str(name) or str(name).startswith(W14)]:
        del element.attrib[name]
