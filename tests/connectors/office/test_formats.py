"""What a file really is, whatever its name says."""

from __future__ import annotations

import io
import zipfile

import pytest

from connectors.office.formats import Form, Format, of_main_part
from connectors.office.package import BrokenFile, open_package

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
_ODF = b"application/vnd.oasis.opendocument."


def zipped(**parts: bytes) -> bytes:
    """An archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return stream.getvalue()


def stream(name: str) -> bytes:
    """A compound file with a stream of that name."""
    return _OLE + name.encode("utf-16-le") + bytes(100)


@pytest.mark.parametrize(
    ("data", "is_really", "way"),
    [
        (stream("WordDocument"), "a Word document of the old format (.doc)", ".docx"),
        (stream("Workbook"), "an Excel workbook of the old format (.xls)", ".xlsx"),
        (stream("PowerPoint Document"), "a PowerPoint presentation of the old format (.ppt)", ""),
        (stream("__substg1.0_0037001F"), "an Outlook message (.msg)", ""),
        (_OLE, "a file of an old Office format (.doc, .xls or another)", ""),
        (zipped(mimetype=_ODF + b"text"), "an OpenDocument text (.odt)", ".docx"),
        (zipped(mimetype=_ODF + b"spreadsheet"), "an OpenDocument spreadsheet (.ods)", ".xlsx"),
        (zipped(mimetype=_ODF + b"presentation"), "an OpenDocument file", ""),
        (zipped(**{"Index/Document.iwa": b"x"}), "a Pages, Numbers or Keynote document", ""),
        (zipped(**{"Check-in.docx": b"x"}), "a ZIP archive that holds Check-in.docx", ""),
        (zipped(a=b"x"), "a ZIP archive", ""),
        (rb"{\rtf1\ansi Hello}", "a Rich Text document (.rtf)", ".docx"),
        (b"%PDF-1.7\n", "a PDF", ""),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><p>x", "a web page (HTML)", ""),
        (b'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><table>', "a table saved as a web page (HTML)", ".xlsx"),
        (b"From: <Saved by Word>\nMIME-Version: 1.0\n", "a web archive (.mht)", ""),
        (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><x/>', "a Word document saved as XML", ".docx"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><x/>', "an Excel workbook saved as XML", ".xlsx"),
        (b'<?xml version="1.0"?><office:document/>', "an OpenDocument file saved as XML", ""),
        (b"<note/>", "a file of markup (XML)", ""),
        (b"\xff\xd8\xff\xe0", "a picture", ""),
        (b"7z\xbc\xaf\x27\x1c", "an archive (.rar, .7z or .gz)", ""),
        (b'{"url": "https://docs.google.com/d/1"}', "only a link to a Google document; download that as an Office file", ""),
        ("Größe: 5\n".encode() * 700, "plain text", ""),
        ("Größe".encode("utf-16"), "plain text", ""),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_with_the_wrong_ending_is_named_for_what_it_is(data: bytes, is_really: str, way: str) -> None:
    """One sentence: what it really is; then what to do."""
    with pytest.raises(BrokenFile) as refused:
        open_package(data)
    said = str(refused.value)
    assert said.startswith(f"It is really {is_really}, whatever its name says. ")
    assert f"save it as a Word document ({way})" in said or f"save it as an Excel workbook ({way})" in said or not way


@pytest.mark.parametrize(
    ("content_type", "markup", "found"),
    [
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", b"", Form.DOCUMENT),
        ("application/vnd.ms-word.document.macroEnabled.main+xml", b"", Form.DOCUMENT),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", b"", Form.TABLE),
        ("application/vnd.ms-excel.sheet.macroEnabled.main+xml", b"", Form.TABLE),
        ("application/vnd.ms-excel.sheet.binary.macroEnabled.main", b"", Format("a binary Excel workbook (.xlsb)", Form.TABLE)),
        ("application/vnd.ms-visio.drawing.main+xml", b"", Format("a Visio drawing")),
        ("", b'<?xml version="1.0"?><w:document xmlns:w="x">', Form.DOCUMENT),
        ("", b"<x:workbook>", Form.TABLE),
        ("", b"<other/>", None),
    ],
)
def test_an_office_file_is_told_by_its_main_part(content_type: str, markup: bytes, found: Form | Format | None) -> None:
    """By its content type; where a program left that out, by its first element."""
    assert of_main_part(content_type, markup) == found
