"""A check-in to test with, and raw edits as people and programs make them."""

from __future__ import annotations

from datetime import date

from lxml import etree

from connectors.office.docx import build, read
from connectors.office.package import open_package, repack
from connectors.workspace import (
    Bullet,
    Document,
    DocumentContent,
    NewRow,
    Paragraph,
    Part,
    Rows,
)
from templates.shapes import Column, ColumnType, DocumentShape, Section, SectionBody
from tests.connectors.office.conservation import assert_conserved

NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{NS}}}"
TITLE = "Check-in: Ada Brandt and Jonas Okafor, 2 March 2026"
KEY = "2026-h1/p7k3m2qd/check-in/2026-03-02"

GOALS = (
    Column("key", "Key", ColumnType.KEY, width=8),
    Column("goal", "Goal", width=36),
    Column("last", "Last value", ColumnType.AMOUNT, width=12),
    Column("now", "Now", ColumnType.AMOUNT, width=12),
    Column("comment", "What moved it", width=30),
)
ACTIONS = (
    Column("key", "Key", ColumnType.KEY, width=8),
    Column("action", "Action", width=44, former_titles=("To do",)),
    Column("owner", "Owner", width=16),
    Column("due", "Due", ColumnType.DATE),
    Column("status", "Status", ColumnType.CHOICE, ("open", "done", "dropped")),
)
SHAPE = DocumentShape(
    (
        Section("agenda", "Agenda", "What should we talk about? Both of you add points before the meeting."),
        Section("goals", "Goals", "Update the value.", body=SectionBody.TABLE, columns=GOALS, empty_rows=1),
        Section("actions", "Actions", "Carried over until done.", body=SectionBody.TABLE, columns=ACTIONS),
        Section("wins", "Wins", "What went well, and who helped?"),
        Section("blockers", "Blockers", "What slows you down, and what would remove it?"),
        Section("growth", "Growth", "What did you learn or try? What next?"),
        Section("feedback", "Feedback", "One thing to keep doing, one thing to do differently."),
        Section("notes", "Notes", "Anything else worth keeping.", former_titles=("Other notes",)),
    ),
    intro="This document is shared between the two of you.",
)
CONTENT = DocumentContent(
    SHAPE,
    {
        "agenda": (Bullet("Roadmap"), Bullet("Holiday cover"), Paragraph("First line\nsecond\tafter a tab")),
        "goals": (Rows((NewRow("g7k2", {"goal": "Answer tickets in four hours", "last": 9.5}),)),),
        "actions": (
            Rows((NewRow("a3f9", {"action": "Share the draft", "owner": "Ada", "due": date(2026, 3, 9), "status": "open"}),)),
        ),
    },
    facts=(("Employee", "Ada Brandt"), ("Manager", "Jonas Okafor"), ("Date", "2 March 2026")),
)


def built(content: DocumentContent = CONTENT) -> bytes:
    return build(content, key=KEY, kind="check-in", title=TITLE)


def text_part(data: bytes, name: str = "word/document.xml") -> str:
    return (open_package(data).part(name) or b"").decode()


def typed(data: bytes, *changes: tuple[str, str]) -> bytes:
    """The document after raw edits of its XML, each of which must hit."""
    text = text_part(data)
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return repack(data, {"word/document.xml": text.encode()})


def under(data: bytes, section: str, markup: str) -> bytes:
    """The document with *markup* below the guidance of a text section."""
    prompt = next(s.prompt for s in SHAPE.sections if s.key == section)
    return typed(data, (f"{prompt}</w:t></w:r></w:p>", f"{prompt}</w:t></w:r></w:p>{markup}"))


def p(inner: str, style: str = "") -> str:
    look = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{look}{inner}</w:p>"


def r(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def document(data: bytes, shape: DocumentShape | None = SHAPE) -> Document:
    return read(data, shape)[1]


def part(found: Document, section: str) -> Part:
    return next(p for p in found.parts if p.section == section)


def table(*rows: tuple[str, ...]) -> str:
    lines = ("".join(f"<w:tc><w:tcPr/>{p(r(cell) if cell else '')}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(f'<w:tr>{line}</w:tr>' for line in lines)}</w:tbl>"


WINS_STYLE = '<w:pStyle w:val="TL_wins"/>'


def wins_heading(data: bytes) -> str:
    text = text_part(data)
    end = text.index("</w:p>", text.index(WINS_STYLE)) + 6
    return text[text.rindex("<w:p>", 0, text.index(WINS_STYLE)) : end]


SHY_WAYS = {
    "tracked insertion": p('<w:ins w:id="90" w:author="Ada" w:date="2026-03-02T10:00:00Z"><w:r><w:t>SEEN</w:t></w:r></w:ins>'),
    "move": p('<w:moveTo w:id="91" w:author="Ada"><w:r><w:t>SEEN</w:t></w:r></w:moveTo>')
    + p('<w:moveFrom w:id="92" w:author="Ada"><w:r><w:t>gone</w:t></w:r></w:moveFrom>'),
    "deletion": p(r("SE") + '<w:del w:id="93" w:author="A"><w:r><w:delText>gone</w:delText></w:r></w:del>' + r("EN")),
    "control": p("<w:sdt><w:sdtPr/><w:sdtContent><w:r><w:t>SEEN</w:t></w:r></w:sdtContent></w:sdt>"),
    "block control": f"<w:sdt><w:sdtPr/><w:sdtContent>{p(r('SEEN'))}</w:sdtContent></w:sdt>",
    "smart tag": p('<w:smartTag w:element="x"><w:r><w:t>SEEN</w:t></w:r></w:smartTag>'),
    "simple field": p(f'<w:fldSimple w:instr=" DATE ">{r("SEEN")}</w:fldSimple>'),
    "complex field": p(
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF x </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{r("SEEN")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    ),
    "hyperlink": p(f'<w:hyperlink w:anchor="x">{r("SEEN")}</w:hyperlink>'),
    "text box": p(
        '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f'<mc:Choice Requires="wps"><w:drawing><w:txbxContent>{p(r("SEEN"))}</w:txbxContent></w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><w:txbxContent>{p(r('SEEN'))}</w:txbxContent></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    ),
    "hidden text": p("<w:r><w:rPr><w:vanish/></w:rPr><w:t>SEEN</w:t></w:r>"),
    "split runs": p(
        r("S") + '<w:proofErr w:type="spellStart"/>' + r("EE") + '<w:bookmarkStart w:id="99" w:name="_GoBack"/>' + r("N")
    ),
}


# ---------------------------------------------------------------- what is in a file


def assert_nothing_lost(data: bytes, shape: DocumentShape | None = SHAPE) -> None:
    assert_conserved(data, shape)


def paragraphs_with_text(data: bytes) -> list[bytes]:
    paragraphs = etree.fromstring(text_part(data).encode()).iter(W + "p")
    lines = (etree.tostring(element, method="c14n", exclusive=True) for element in paragraphs)
    return [line for line in lines if b"<w:t" in line]


def untouched(before: bytes, after: bytes) -> bool:
    """Whether each paragraph with text of *before* stands in *after*, in order, with the same XML."""
    rest = iter(paragraphs_with_text(after))
    return all(line in rest for line in paragraphs_with_text(before))
