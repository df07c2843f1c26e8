"""Word documents that were uploaded, as blocks. Read from their parts: an emulator converts them by the thousand."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from lxml import etree

from connectors.google.emulator.docs.blocks import BULLETS, NUMBERS, Block, Grid, Para
from connectors.google.emulator.errors import GoogleError, Json

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LINK_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PARAGRAPH, _TABLE, _RUN, _HYPERLINK, _VALUE = f"{_W}p", f"{_W}tbl", f"{_W}r", f"{_W}hyperlink", f"{_W}val"
_OFF = frozenset(("0", "false", "off", "none"))
_TOGGLES = {f"{_W}b": "bold", f"{_W}i": "italic", f"{_W}strike": "strikethrough", f"{_W}u": "underline"}
_SIGNS = {f"{_W}tab": "\t", f"{_W}ptab": "\t", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
#: A style's name in Docs and its own name.
_Style = tuple[str, str]
_PLAIN: _Style = ("NORMAL_TEXT", "")


def blocks_of(content: bytes) -> Iterator[Block]:
    """The paragraphs and tables of a .docx file. Raises 400 if it cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = set(package.namelist())
            body = _parsed(package.read("word/document.xml")).find(f"{_W}body")
            styles = _styles(package.read("word/styles.xml")) if "word/styles.xml" in parts else {}
            relations = "word/_rels/document.xml.rels"
            links = _links(package.read(relations)) if relations in parts else {}
    except (ValueError, KeyError, OSError, zipfile.BadZipFile, etree.XMLSyntaxError) as error:
        raise GoogleError(400, f"Bad Request: the document cannot be read: {error}", "badRequest") from error
    return _Reading(styles, links).blocks(body if body is not None else ())


def _parsed(part: bytes) -> Any:
    return etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True))


@lru_cache(maxsize=64)
def _styles(part: bytes) -> dict[str, _Style]:
    """By id. The files of one maker have the same ones."""
    styles = {style.get(f"{_W}styleId", ""): style for style in _parsed(part).iter(f"{_W}style")}
    defaults = [ident for ident, style in styles.items() if _is_default(style)]
    found = {ident: (_in_docs(style, styles), _value(style, "name")) for ident, style in styles.items()}
    return found | {"": found[defaults[0]] if defaults else _PLAIN}


def _is_default(style: Any) -> bool:
    return style.get(f"{_W}type") == "paragraph" and style.get(f"{_W}default", "0") not in _OFF


def _in_docs(style: Any, styles: dict[str, Any]) -> str:
    """The style in Docs: the built-in one that *style* is, or is based on."""
    seen: set[str] = set()
    while style is not None and style.get(f"{_W}styleId", "") not in seen:
        seen.add(style.get(f"{_W}styleId", ""))
        name = _value(style, "name")
        found = re.fullmatch(r"[Hh]eading ([1-6])", name)
        if found:
            return f"HEADING_{found[1]}"
        if name in ("Title", "Subtitle"):
            return name.upper()
        style = styles.get(_value(style, "basedOn"))
    return "NORMAL_TEXT"


def _links(part: bytes) -> dict[str, str]:
    """Addresses outside the file, by id."""
    return {one.get("Id", ""): one.get("Target", "") for one in _parsed(part) if one.get("TargetMode") == "External"}


def _value(parent: Any, name: str) -> str:
    """What the child of that name says; "" without it."""
    child = parent.find(f"{_W}{name}") if parent is not None else None
    return str(child.get(_VALUE, "")) if child is not None else ""


class _Reading:
    """One document with its styles and links."""

    def __init__(self, styles: dict[str, _Style], links: dict[str, str]) -> None:
        self._styles, self._links = styles, links

    def blocks(self, body: Any) -> Iterator[Block]:
        """In their order."""
        for element in body:
            if element.tag == _PARAGRAPH:
                yield self._paragraph(element)
            elif element.tag == _TABLE:
                yield self._table(element)

    def _table(self, table: Any) -> Grid:
        """Merged cells stand in every place that they cover."""
        rows: list[list[list[Para]]] = []
        for row in table.iterchildren(f"{_W}tr"):
            cells: list[list[Para]] = []
            for cell in row.iterchildren(f"{_W}tc"):
                properties = cell.find(f"{_W}tcPr")
                merged = properties.find(f"{_W}vMerge") if properties is not None else None
                goes_on = merged is not None and merged.get(_VALUE, "continue") == "continue"
                if goes_on and rows and len(rows[-1]) > len(cells):
                    held = rows[-1][len(cells)]
                else:
                    held = [self._paragraph(one) for one in cell.iterchildren(_PARAGRAPH)]
                cells.extend([held] * int(_value(properties, "gridSpan") or 1))
            rows.append(cells)
        return Grid(rows)

    def _paragraph(self, paragraph: Any) -> Para:
        properties = paragraph.find(f"{_W}pPr")
        ident = _value(properties, "pStyle")
        style, name = self._styles.get(ident) or self._styles.get("", _PLAIN)
        runs: list[tuple[str, Json]] = []
        for item in paragraph:
            if item.tag == _RUN:
                runs.extend(_run(item, {}))
            elif item.tag == _HYPERLINK:
                url = self._links.get(item.get(_LINK_ID, ""), "")
                anchor = item.get(f"{_W}anchor", "")
                link: Json = {"link": {"url": f"{url}#{anchor}" if anchor else url}} if url else {}
                runs.extend(run for each in item.iterchildren(_RUN) for run in _run(each, link))
        return Para(style, runs, *_list(properties, name))


def _run(run: Any, more: Json) -> list[tuple[str, Json]]:
    pieces = []
    for item in run:
        if item.tag == f"{_W}t":
            pieces.append(item.text or "")
        elif item.tag == f"{_W}br":
            pieces.append("\n" if item.get(f"{_W}type", "textWrapping") == "textWrapping" else "")
        else:
            pieces.append(_SIGNS.get(item.tag, ""))
    text = "".join(pieces)
    return [(text, _run_style(run) | more)] if text else []


def _run_style(run: Any) -> Json:
    style: Json = {}
    for item in run.find(f"{_W}rPr") if run.find(f"{_W}rPr") is not None else ():
        name = _TOGGLES.get(item.tag)
        if name and item.get(_VALUE, "1") not in _OFF:
            style[name] = True
        elif item.tag == f"{_W}color" and re.fullmatch("[0-9A-Fa-f]{6}", item.get(_VALUE, "")):
            red, green, blue = (part / 255 for part in bytes.fromhex(item.get(_VALUE)))
            style["foregroundColor"] = {"color": {"rgbColor": {"red": red, "green": green, "blue": blue}}}
    return style


def _list(properties: Any, name: str) -> tuple[str, int, int]:
    """Preset, level and number of the list that a paragraph stands in; "" if it stands in none. *name* is its style's."""
    numbering = properties.find(f"{_W}numPr") if properties is not None else None
    if numbering is None and not name.startswith("List "):
        return "", 0, 0
    preset = NUMBERS if "Number" in name else BULLETS
    level = _value(numbering, "ilvl")
    number = _value(numbering, "numId")
    by_name = int((re.findall(r"\d", name) or ["1"])[0]) - 1
    return preset, int(level) if level else by_name, int(number) if number else -1 if preset == BULLETS else -2
