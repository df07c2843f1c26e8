"""Counting the characters of a workbook without the reader: only zipfile, the standard XML parser and openpyxl's formats.

Two sides that must be equal, character for character (blanks apart): what stands in the file, in cells as a spreadsheet
shows them, in comments, drawings, links and page headers; and what the reader accounts for, in rows, titles of unknown
columns, left-overs and template text.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from xml.etree import ElementTree

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from connectors.workspace import Table

_PAGE_CODE = re.compile(r'&("[^"]*"|K[0-9A-Fa-f]{6}|K[0-9]{2}[+-][0-9]{3}|[0-9]{1,3}|[A-Za-z+-])')


def characters(text: str) -> Counter[str]:
    """How often each character stands in *text*, blanks apart."""
    return Counter("".join(text.split()))


def assert_conserved(data: bytes, table: Table) -> None:
    """The file's characters are those that were read, and every text of it stands whole in one piece of what was read."""
    (there, unsaved), pieces = texts_in_file(data), pieces_read(table)
    counted, read = characters("".join(there)), characters("".join(pieces))
    lost, invented = counted - read, read - counted - characters("".join(unsaved))
    assert not lost, f"lost: {lost}"
    assert not invented, f"invented, or read twice: {invented}"
    whole = "\0".join(_squeezed(piece) for piece in pieces)
    for text in set(there):
        assert _squeezed(text) in whole, f"{text!r} was not read as one piece"


def _squeezed(text: str) -> str:
    return "".join(text.split())


def pieces_read(table: Table) -> list[str]:
    """Everything that the reader accounts for."""
    rows = [text for row in table.rows for text in (row.key, *(cell.text for cell in row.cells.values()))]
    titles = [title for key, title in table.columns.items() if key.startswith("?")]
    return [*rows, *titles, *table.template_text, *(left.text for left in table.left_overs)]


def texts_in_file(data: bytes) -> tuple[list[str], list[str]]:
    """Every text that stands in the workbook *data*, cells as they are shown; and the formulas that show nothing yet."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        file = _File({name: archive.read(name) for name in archive.namelist()})
    return [text for text in file.texts() if text.strip()], file.unsaved


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _all(element: ElementTree.Element, *names: str) -> Iterator[ElementTree.Element]:
    return (each for each in element.iter() if _name(each) in names)


def _runs(element: ElementTree.Element) -> str:
    """The text of a string, without the reading aids of East Asian characters."""
    if _name(element) == "rPh":
        return ""
    own = (element.text or "") if _name(element) == "t" else ""
    return own + "".join(_runs(each) for each in element)


def _unescaped(text: str) -> str:
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)


class _File:
    """The unpacked parts of a workbook."""

    def __init__(self, parts: dict[str, bytes]) -> None:
        self.parts = parts
        self.unsaved: list[str] = []
        """Formulas that nothing has computed yet: a sheet shows nothing there, the reader may show the formula."""
        self.roots = {
            name: ElementTree.fromstring(part) for name, part in parts.items() if name.endswith(".xml") and part.strip()
        }
        self.strings = [_unescaped(_runs(each)) for each in self._of("sst") for each in each if _name(each) == "si"]
        self.formats = list(self._formats())
        mac = any(each.get("date1904") in ("1", "true") for root in self._of("workbook") for each in _all(root, "workbookPr"))
        self.epoch = CALENDAR_MAC_1904 if mac else CALENDAR_WINDOWS_1900

    def _of(self, kind: str) -> list[ElementTree.Element]:
        return [root for root in self.roots.values() if _name(root) == kind]

    def _formats(self) -> Iterator[str]:
        for root in self._of("styleSheet"):
            codes = {int(each.get("numFmtId", 0)): each.get("formatCode", "") for each in _all(root, "numFmt")}
            for styles in _all(root, "cellXfs"):
                for style in styles:
                    number = int(style.get("numFmtId", 0))
                    yield codes.get(number) or BUILTIN_FORMATS.get(number, "General")

    def texts(self) -> Iterator[str]:
        for name, root in self.roots.items():
            match _name(root):
                case "worksheet" | "chartsheet":
                    yield from self._sheet(name, root)
                case "comments":
                    authors = [each.text or "" for each in _all(root, "author")]
                    said = (
                        each for each in _all(root, "comment") if not authors[int(each.get("authorId", 0))].startswith("tc=")
                    )
                    yield from (_unescaped(_runs(each)) for each in said)
                case "ThreadedComments":
                    yield from ("".join(each.itertext()) for each in _all(root, "text"))
                case "wsDr" | "chartSpace" | "dataModel" | "userShapes":
                    yield from _drawn(root)
        for name, part in self.parts.items():
            if name.endswith(".vml"):
                yield from _old_drawn(part.decode())

    def _sheet(self, name: str, root: ElementTree.Element) -> Iterator[str]:
        shown = {cell.get("r", ""): self._shown(cell) for cell in _all(root, "c")}
        yield from shown.values()
        for each in _all(root, "headerFooter"):
            for section in each:
                yield from re.split("\1", _PAGE_CODE.sub(_section, (section.text or "").replace("&&", "\2")).replace("\2", "&"))
        targets = self._targets(name)
        for link in _all(root, "hyperlink"):
            cell = _bare(shown.get(link.get("r") or link.get("ref", "").partition(":")[0], ""))
            id = next((value for key, value in link.attrib.items() if key.endswith("}id")), "")
            yield from (text for text in (targets.get(id, ""), link.get("tooltip", "")) if _bare(text) != cell)

    def _targets(self, name: str) -> dict[str, str]:
        folder, file = posixpath.split(name)
        part = self.parts.get(f"{folder}/_rels/{file}.rels", b"<x/>")
        external = (each for each in ElementTree.fromstring(part) if each.get("TargetMode") == "External")
        return {each.get("Id", ""): each.get("Target", "") for each in external}

    def _shown(self, cell: ElementTree.Element) -> str:
        """What a spreadsheet shows in a cell, days in the order of the standard."""
        kind = cell.get("t", "n")
        stored = {_name(each): each for each in cell}
        value = stored["v"].text or "" if "v" in stored else ""
        if "f" in stored and not value and kind != "str":
            self.unsaved.append(f"={stored['f'].text}" if stored["f"].text else "")
            return ""
        match kind:
            case "s":
                return self.strings[int(value)] if value else ""
            case "inlineStr":
                return _unescaped(_runs(stored["is"])) if "is" in stored else ""
            case "b":
                return {"1": "yes", "0": "no"}.get(value, value)
            case "n" if value:
                return self._number(value, self.formats[int(cell.get("s", 0))] if self.formats else "General")
        return _unescaped(value) if kind == "str" else value

    def _number(self, stored: str, code: str) -> str:
        number = float(stored)
        plain = re.sub(r'"[^"]*"|\\.', "", code)
        if is_date_format(code):
            return _moment(from_excel(number, self.epoch), number)
        if "%" in plain:
            return f"{_plain(round(number * 100, 10))} %"
        return stored if re.fullmatch("-?[0-9]+", stored) else _plain(number)


def _plain(number: float) -> str:
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def _moment(moment: datetime | time | timedelta | None, number: float) -> str:
    if isinstance(moment, datetime):
        return f"{moment:%Y-%m-%d}" if number.is_integer() else f"{moment:%Y-%m-%d %H:%M}"
    minutes = round(number * 1440)
    return f"{minutes // 60}:{minutes % 60:02}"


def _section(code: re.Match[str]) -> str:
    return "\1" if code[1] in "LCR" else ""


def _bare(text: str) -> str:
    return re.sub("^(mailto:|https?://)", "", text.strip().lower()).rstrip("/")


def _drawn(root: ElementTree.Element) -> Iterator[str]:
    """Paragraphs of shapes; a fallback for older programs says the same once more."""
    for each in root:
        if _name(each) == "p" and any(True for _ in _all(each, "t")):
            yield "".join(run.text or "" for run in _all(each, "t"))
        elif _name(each) != "Fallback":
            yield from _drawn(each)


def _old_drawn(part: str) -> Iterator[str]:
    for shape in re.findall(r"<v:shape .*?</v:shape>", part, re.DOTALL):
        if 'ObjectType="Note"' not in shape:
            for box in re.findall(r"<v:textbox.*?</v:textbox>", shape, re.DOTALL):
                yield re.sub(r"<[^>]*>", "", box)
