"""Write the goal sheets of `tests/files/xlsx` that other programs are known to save: Excel's and Google's habits.

    python -m tests.files.build_xlsx            every file of this builder, into tests/files/xlsx
    python -m tests.files.build_xlsx goals.xlsx the sheet that `libreoffice_xlsx.py` is given

No Excel and no Google account was at hand: these files are put together by hand after what the programs document and are
known to write, and say so in their names. Equal code gives equal files.
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import openpyxl

from connectors.office.package import open_package, repack
from tests.connectors.office.sheets import HEADER, SHEET, built

FOLDER = Path(__file__).parent / "xlsx"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_THREADS = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
_NS = f'xmlns="{_MAIN}" xmlns:r="{_OFFICE}"'
_RELS = "xl/worksheets/_rels/sheet1.xml.rels"


def part(data: bytes, name: str) -> str:
    return (open_package(data).part(name) or b"").decode()


def swapped(data: bytes, name: str, *pairs: tuple[str, str]) -> bytes:
    """The file with pieces of one part replaced; every piece has to be there."""
    text = part(data, name)
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return repack(data, {name: text.encode()})


def related(data: bytes, *added: tuple[str, str, str, str]) -> bytes:
    """The file with parts beside its sheet: relation type, part name, content type, content. Relations are rId1, rId2 …"""
    rels = "".join(
        f'<Relationship Id="rId{number}" Type="{type if "/" in type else f"{_OFFICE}/{type}"}" Target="/{name}"/>'
        for number, (type, name, _, _) in enumerate(added, start=1)
    )
    declared = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for _, name, kind, _ in added)
    types = part(data, "[Content_Types].xml").replace("</Types>", f"{declared}</Types>")
    parts = {name: content for _, name, _, content in added} | {
        "[Content_Types].xml": types,
        _RELS: f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rels}</Relationships>',
    }
    return repack(data, {name: content.encode() for name, content in parts.items()})


def put(data: bytes, *cells: tuple[str, str]) -> bytes:
    """The file with other content in some cells of its sheet; what comes after the address is the cell's inside."""
    text = part(data, SHEET)
    for address, inside in cells:
        pattern = rf'<c r="{address}"( s="[0-9]+")?[^>]*?(?:/>|>.*?</c>)'
        assert re.search(pattern, text), address
        text = re.sub(pattern, lambda match, new=inside, at=address: f'<c r="{at}"{match[1] or ""}{new}</c>', text, count=1)  # type: ignore[misc]
    return repack(data, {SHEET: text.encode()})


def excel_threads() -> bytes:
    """Comment threads: the answers, the people, and the stand-in that old programs show; and one old-style note."""
    note = "[Threaded comment]\n\nYour version of Excel allows you to read this threaded comment.\n\nComment:\n    Too broad?"
    comments = (
        f"<comments {_NS}><authors><author>tc={{0001}}</author><author>Beatrice Okonkwo</author></authors><commentList>"
        f'<comment ref="B8" authorId="0"><text><t>{note}</t></text></comment>'
        '<comment ref="I9" authorId="1"><text><r><rPr><b/></rPr><t>Beatrice Okonkwo:</t></r><r><t xml:space="preserve">\n'
        "from the hotline report</t></r></text></comment></commentList></comments>"
    )
    threads = (
        f'<ThreadedComments xmlns="{_THREADS}"><threadedComment ref="B8" dT="2026-03-02T10:00:00.00" personId="{{P1}}" '
        'id="{0001}"><text>Too broad?</text></threadedComment><threadedComment ref="B8" dT="2026-03-02T10:05:00.00" '
        'personId="{P2}" id="{0002}" parentId="{0001}"><text>One region only, then.</text></threadedComment></ThreadedComments>'
    )
    people = (
        f'<personList xmlns="{_THREADS}"><person displayName="Beatrice Okonkwo" id="{{P1}}" userId="b" providerId="AD"/>'
        '<person displayName="Ada Brandt" id="{P2}" userId="a" providerId="AD"/></personList>'
    )
    data = related(
        built(),
        ("comments", "xl/comments1.xml", f"{_TYPES}.spreadsheetml.comments+xml", comments),
        (
            "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment",
            "xl/threadedComments/threadedComment1.xml",
            "application/vnd.ms-excel.threadedcomments+xml",
            threads,
        ),
    )
    data = repack(data, {"xl/persons/person.xml": people.encode()})
    person = (
        '<Relationship Id="rIdP" Type="http://schemas.microsoft.com/office/2017/10/relationships/person" '
        'Target="persons/person.xml"/></Relationships>'
    )
    data = swapped(data, "xl/_rels/workbook.xml.rels", ("</Relationships>", person))
    kind = '<Override PartName="/xl/persons/person.xml" ContentType="application/vnd.ms-excel.person+xml"/></Types>'
    return swapped(data, "[Content_Types].xml", ("</Types>", kind))


def excel_shapes() -> bytes:
    """A text box beside its fallback for older programs, a chart with a title, and the label of an old-style button."""
    runs = "<a:r><a:t>Numbers of </a:t></a:r><a:r><a:rPr b='1'/><a:t>March</a:t></a:r>"
    text = f"<a:p>{runs}<a:br/><a:r><a:t>only</a:t></a:r></a:p>"
    place = "<xdr:from><xdr:col>16</xdr:col><xdr:row>8</xdr:row></xdr:from>"
    drawing = (
        f'<xdr:wsDr xmlns:xdr="{_DRAWING}/spreadsheetDrawing" xmlns:a="{_DRAWING}/main" xmlns:mc="http://schemas.openxml'
        f'formats.org/markup-compatibility/2006"><xdr:twoCellAnchor>{place}<mc:AlternateContent><mc:Choice Requires="a14">'
        f"<xdr:sp><xdr:txBody>{text}</xdr:txBody></xdr:sp></mc:Choice><mc:Fallback><xdr:sp><xdr:txBody>{text}</xdr:txBody>"
        "</xdr:sp></mc:Fallback></mc:AlternateContent></xdr:twoCellAnchor></xdr:wsDr>"
    )
    chart = (
        f'<c:chartSpace xmlns:c="{_DRAWING}/chart" xmlns:a="{_DRAWING}/main"><c:chart><c:title><c:tx><c:rich><a:p><a:r>'
        "<a:t>How far we are</a:t></a:r></a:p></c:rich></c:tx></c:title></c:chart></c:chartSpace>"
    )
    old = (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:excel">'
        '<v:shape id="_x0000_s1025" type="#_x0000_t201"><v:textbox><div style="text-align:center">'
        '<font>Send to Bea</font></div></v:textbox><x:ClientData ObjectType="Button"/></v:shape>'
        "<v:shape><v:textbox><div/></v:textbox>"
        '<x:ClientData ObjectType="Note"><x:Row>7</x:Row></x:ClientData></v:shape></xml>'
    )
    data = related(
        built(),
        ("drawing", "xl/drawings/drawing1.xml", f"{_TYPES}.drawing+xml", drawing),
        ("vmlDrawing", "xl/drawings/vmlDrawing1.vml", f"{_TYPES}.vmlDrawing", old),
    )
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/chart" Target="../charts/chart1.xml"/></Relationships>'
    )
    return repack(data, {"xl/drawings/_rels/drawing1.xml.rels": rels.encode(), "xl/charts/chart1.xml": chart.encode()})


def excel_table() -> bytes:
    """The range made a table with a row of totals; Excel puts "Total" into its first column, under the keys."""
    table = (
        f'<table {_NS} id="1" name="Table1" displayName="Table1" ref="A{HEADER}:O18" totalsRowCount="1"><autoFilter '
        f'ref="A{HEADER}:O17"/></table>'
    )
    total = (
        '<row r="18"><c r="A18" t="inlineStr"><is><t>Total</t></is></c><c r="I18"><f>SUBTOTAL(109,I8:I17)</f><v>80.25</v></c>'
        "</row></sheetData>"
    )
    data = swapped(built(), SHEET, ("</sheetData>", total), (f'<autoFilter ref="A{HEADER}:O17"/>', ""))
    return related(data, ("table", "xl/tables/table1.xml", f"{_TYPES}.spreadsheetml.table+xml", table))


def excel_shared_strings() -> bytes:
    """Excel keeps texts in one list, each once, with runs of looks, reading aids and escaped characters."""
    text = part(built(), SHEET)
    found: dict[str, int] = {}

    def shared(match: re.Match[str]) -> str:
        number = found.setdefault(match[2], len(found))
        return f'{match[1]}t="s"><v>{number}</v></c>'

    text = re.sub(r'(<c r="[A-Z]+[0-9]+" s="[0-9]+" )t="inlineStr"><is>(.*?)</is></c>', shared, text, flags=re.DOTALL)
    items = [f"<si>{inside}</si>" for inside in found]
    goal = found['<t xml:space="preserve">Pass the review</t>']
    bold = "<r><rPr><b/></rPr><t>the</t></r>"
    runs = f'<si><r><t xml:space="preserve">Pass </t></r>{bold}<r><t xml:space="preserve"> review_x000D_\n</t></r>'
    items[goal] = runs + '<rPh sb="0" eb="1"><t>unread</t></rPh></si>'
    unused = "<si><t>deleted long ago</t></si>"
    strings = f'<sst {_NS} count="{len(items) + 1}">{"".join(items)}{unused}</sst>'
    rel = f'<Relationship Id="rIdS" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    data = swapped(built(), "xl/_rels/workbook.xml.rels", ("</Relationships>", rel))
    kind = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPES}.spreadsheetml.sharedStrings+xml"/></Types>'
    data = swapped(data, "[Content_Types].xml", ("</Types>", kind))
    return repack(data, {SHEET: text.encode(), "xl/sharedStrings.xml": strings.encode()})


def excel_formulas() -> bytes:
    """A formula per kind: with a value, as text, shared by two cells, an error, and one that nothing has computed yet."""
    return put(
        built(),
        ("I8", "><f>6-2.5</f><v>3.5</v>"),
        ("B9", ' t="str"><f>"Raise "&amp;"first-call resolution"</f><v>Raise first-call resolution</v>'),
        ("I9", '><f t="shared" ref="I9:I10" si="0">H9-8</f><v>72</v>'),
        ("I10", '><f t="shared" si="0"/>'),
        ("G11", ' t="e"><f>1/0</f><v>#DIV/0!</v>'),
        ("H11", "><f>G11+3</f>"),
    )


def excel_sheet_moved_by_copy() -> bytes:
    """The sheet was copied inside the workbook and the original deleted: its names are broken, the copy has its own."""
    names = part(built(), "xl/workbook.xml")
    own = re.findall(r'<definedName name="(TL_[^"]*)"[^>]*>([^<]*)</definedName>', names)
    assert own
    for name, target in own:
        old = re.search(rf'<definedName name="{name}"[^>]*>[^<]*</definedName>', names)
        assert old
        broken = f'<definedName name="{name}">#REF!</definedName>'
        local = f'<definedName name="{name}" localSheetId="0">{target.replace("Goals", "Goals (2)")}</definedName>'
        names = names.replace(old[0], broken + local)
    return repack(built(), {"xl/workbook.xml": names.replace('name="Goals"', 'name="Goals (2)"', 1).encode()})


def google_export() -> bytes:
    """Google drops every property, keeps names, gives each sheet an empty drawing, and signs comments in their text."""
    comments = (
        f'<comments {_NS}><authors><author/></authors><commentList><comment ref="B9" authorId="0"><text>'
        '<t xml:space="preserve">'
        "Is 80 % realistic?\n\t-Beatrice Okonkwo</t></text></comment></commentList></comments>"
    )
    drawing = f'<xdr:wsDr xmlns:xdr="{_DRAWING}/spreadsheetDrawing"/>'
    empty = "".join(f'<row r="{row}" ht="15.75" customHeight="1"><c r="A{row}" s="7"/></row>' for row in range(18, 1000))
    data = swapped(excel_shared_strings(), SHEET, ("</sheetData>", f"{empty}</sheetData>"))
    data = related(
        data,
        ("comments", "xl/comments1.xml", f"{_TYPES}.spreadsheetml.comments+xml", comments),
        ("drawing", "xl/drawings/drawing1.xml", f"{_TYPES}.drawing+xml", drawing),
    )
    bare = b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>'
    return repack(data, {"docProps/custom.xml": bare})


def library_saved() -> bytes:
    """What a company's script makes of it with openpyxl: formulas lose their values, and names stay behind when rows move."""
    book = openpyxl.load_workbook(io.BytesIO(built()))
    book["Goals"].insert_rows(1, 2)
    book["Goals"]["B1"] = "Exported on 9 March 2026"
    stream = io.BytesIO()
    book.save(stream)
    saved = open_package(stream.getvalue())
    parts = {name: saved.part(name) or b"" for name in saved.names()}
    parts["docProps/core.xml"] = re.sub(rb"20[0-9-]+T[0-9:]+Z", b"2026-03-09T08:00:00Z", parts["docProps/core.xml"])
    return repack(stream.getvalue(), parts)


FILES = {
    "built-like-excel-threads": excel_threads,
    "built-like-excel-shapes": excel_shapes,
    "built-like-excel-table": excel_table,
    "built-like-excel-shared-strings": excel_shared_strings,
    "built-like-excel-formulas": excel_formulas,
    "built-like-excel-sheet-moved-by-copy": excel_sheet_moved_by_copy,
    "built-like-google-export": google_export,
    "openpyxl-rows-inserted": library_saved,
}


def main() -> None:
    """Write what the command line asks for."""
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_bytes(built())
        return
    FOLDER.mkdir(exist_ok=True)
    for name, build in FILES.items():
        (FOLDER / f"{name}.xlsx").write_bytes(build())


if __name__ == "__main__":
    main()
