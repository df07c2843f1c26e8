"""Acting as people do: opening a file in some other program, typing, and saving. Zip and XML only; none of our own codecs."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import unescape

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DOCUMENT, SHEET = "word/document.xml", "xl/worksheets/sheet1.xml"
BIN = ".trash"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
Element = etree._Element


# ---------------------------------------------------------------- files


def office_files(*roots: Path) -> list[Path]:
    """Every Office file below *roots* that a person sees: nothing hidden, no lock files."""
    found = [path for root in roots for suffix in ("docx", "xlsx") for path in root.rglob(f"*.{suffix}")]
    return sorted(path for path in found if not path.name.startswith((".", "~$")) and BIN not in path.parts)


def oddities(*roots: Path) -> list[Path]:
    """What no run may leave behind: temporary files, sidecars, anything that is no Office file, outside the bin."""
    everything = [path for root in roots for path in root.rglob("*") if path.is_file() and BIN not in path.parts]
    return [path for path in everything if path.name.startswith((".", "~$")) or path.suffix not in (".docx", ".xlsx")]


def parts_of(path: Path) -> dict[str, bytes]:
    """The members of a file in order. Raises BadZipFile when it is torn."""
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None, f"{path} is torn"
        return {info.filename: package.read(info) for info in package.infolist()}


def key_of(path: Path) -> str:
    """The logical key that a file carries, "" for none."""
    with zipfile.ZipFile(path) as package:
        properties = package.read("docProps/custom.xml").decode() if "docProps/custom.xml" in package.namelist() else ""
    found = re.search(r'name="ThroughlineKey"[^>]*>\s*<vt:lpwstr>([^<]*)', properties)
    return found.group(1) if found else ""


def save(path: Path, parts: Mapping[str, bytes], by: str = "") -> None:
    """Save as Word does: a new file under another name, then renamed over the old one. *by* is who the file says it was."""
    parts = dict(parts)
    if by:
        core = parts["docProps/core.xml"].decode()
        name = f"<cp:lastModifiedBy>{by}</cp:lastModifiedBy>"
        core = re.sub(r"<cp:lastModifiedBy>.*?</cp:lastModifiedBy>|<cp:lastModifiedBy/>", "", core)
        parts["docProps/core.xml"] = core.replace("</cp:coreProperties>", f"{name}</cp:coreProperties>").encode()
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    beside = path.with_name(f"{path.name}.saving")
    beside.write_bytes(buffer.getvalue())
    beside.replace(path)


def edit(path: Path, part: str, change: Callable[[Element], object], by: str = "") -> None:
    """Open, change one part, save."""
    parts = parts_of(path)
    root = etree.fromstring(parts[part])
    change(root)
    parts[part] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    save(path, parts, by)


def words_in(path: Path) -> str:
    """All that a person can read in a file, in order, paragraphs and cells apart."""
    parts = parts_of(path)
    part, block = (DOCUMENT, W + "p") if path.suffix == ".docx" else (SHEET, S + "c")
    root = etree.fromstring(parts[part])
    texts = ["".join(t.text or "" for t in each.iter(W + "t", S + "t", S + "v")) for each in root.iter(block)]
    return "\n".join(texts)


# ---------------------------------------------------------------- documents


def _text(paragraph: Element) -> str:
    return "".join(t.text or "" for t in paragraph.iter(W + "t"))


def _style(element: Element) -> str:
    found = element.find(f"{W}pPr/{W}pStyle")
    return "" if found is None else str(found.get(W + "val"))


def _is_heading(element: Element) -> bool:
    return element.tag == W + "p" and (_style(element).startswith("TL_") or _style(element).startswith("Heading"))


def paragraph(text: str) -> Element:
    """A plain paragraph."""
    made = etree.Element(W + "p")
    _put(made, text)
    return made


def _put(made: Element, text: str) -> None:
    run = etree.SubElement(etree.SubElement(made, W + "r"), W + "t")
    run.text = text
    run.set(SPACE, "preserve")


def _body(root: Element) -> Element:
    body = root.find(W + "body")
    assert body is not None
    return body


def _section(root: Element, section: str) -> list[Element]:
    """The heading of a section and everything up to the next heading."""
    inside: list[Element] = []
    for element in _body(root):
        if _is_heading(element):
            if inside:
                break
            if _style(element).replace("_", "-") == f"TL-{section}":
                inside.append(element)
        elif inside and element.tag != W + "sectPr":
            inside.append(element)
    assert inside, f"there is no section {section}"
    return inside


def sections_in(path: Path) -> list[str]:
    """The keys of the sections of a document, in order."""
    root = etree.fromstring(parts_of(path)[DOCUMENT])
    return [
        _style(element).removeprefix("TL_").replace("_", "-") for element in _body(root) if _style(element).startswith("TL_")
    ]


def write(path: Path, section: str, *texts: str, by: str = "") -> None:
    """Type paragraphs at the end of a section."""

    def change(root: Element) -> None:
        at = _section(root, section)[-1]
        for text in texts:
            made = paragraph(text)
            at.addnext(made)
            at = made

    edit(path, DOCUMENT, change, by)


def replace_words(path: Path, old: str, new: str, by: str = "") -> None:
    """Change a whole paragraph or cell; *new* may be empty."""

    def change(root: Element) -> None:
        found = [p for p in root.iter(W + "p") if _text(p) == old]
        assert found, f"{old!r} is not in {path}"
        for run in found[0].findall(W + "r"):
            found[0].remove(run)
        if new:
            _put(found[0], new)

    edit(path, DOCUMENT, change, by)


def empty_section(path: Path, section: str) -> None:
    """Delete everything in a section but its heading and guidance."""

    def change(root: Element) -> None:
        for element in _section(root, section)[1:]:
            if element.tag == W + "p" and _style(element) != "TLGuidance":
                _body(root).remove(element)

    edit(path, DOCUMENT, change)


def under_own_heading(path: Path, heading: str, text: str) -> None:
    """A heading of one's own at the end of the document, with a paragraph."""

    def change(root: Element) -> None:
        own = paragraph(heading)
        look = etree.Element(W + "pPr")
        etree.SubElement(look, W + "pStyle").set(W + "val", "Heading1")
        own.insert(0, look)
        last = [element for element in _body(root) if element.tag != W + "sectPr"][-1]
        last.addnext(own)
        own.addnext(paragraph(text))

    edit(path, DOCUMENT, change)


def _table(root: Element, section: str) -> tuple[list[str], list[list[Element]]]:
    """Titles of the columns and the cells of every other row of a section's table."""
    table = next(element for element in _section(root, section) if element.tag == W + "tbl")
    rows = [row.findall(W + "tc") for row in table.findall(W + "tr")]
    return ["".join(map(_text, cell.iter(W + "p"))) for cell in rows[0]], rows[1:]


def _cell_text(cell: Element) -> str:
    return "\n".join(map(_text, cell.iter(W + "p")))


def table_in(path: Path, section: str) -> list[dict[str, str]]:
    """The rows of a section's table that say something, by column title."""
    titles, rows = _table(etree.fromstring(parts_of(path)[DOCUMENT]), section)
    read = [dict(zip(titles, map(_cell_text, cells), strict=True)) for cells in rows]
    return [row for row in read if any(row.values())]


def fill_row(path: Path, section: str, cells: Mapping[str, str], where: str = "", by: str = "") -> None:
    """Write in the row that holds the text *where*; without it, in the first empty row."""

    def change(root: Element) -> None:
        titles, rows = _table(root, section)
        row = next(row for row in rows if (where in map(_cell_text, row) if where else not any(map(_cell_text, row))))
        for title, text in cells.items():
            target = next(row[titles.index(title)].iter(W + "p"))
            for run in target.findall(W + "r"):
                target.remove(run)
            _put(target, text)

    edit(path, DOCUMENT, change, by)


# ---------------------------------------------------------------- sheets


def _rows(root: Element) -> list[Element]:
    return list(root.iter(S + "row"))


def _shown(cell: Element) -> str:
    if cell.get("t") == "inlineStr":
        return "".join(t.text or "" for t in cell.iter(S + "t"))
    value = cell.find(S + "v")
    return "" if value is None else value.text or ""


def _columns(root: Element) -> tuple[int, dict[str, str]]:
    """The number of the header row, and column title to letter."""
    for row in _rows(root):
        titles = {_shown(cell): re.sub(r"\d", "", str(cell.get("r"))) for cell in row}
        if "Goal" in titles and "Target" in titles:
            return int(str(row.get("r"))), titles
    raise AssertionError("there is no header row")


def _goal_rows(root: Element) -> list[Element]:
    header, _ = _columns(root)
    return [row for row in _rows(root) if int(str(row.get("r"))) > header]


def _cell(row: Element, letter: str) -> Element:
    wanted = f"{letter}{row.get('r')}"
    for cell in row:
        if cell.get("r") == wanted:
            return cell
    made = etree.Element(S + "c")
    made.set("r", wanted)
    later = [cell for cell in row if (len(str(cell.get("r"))), str(cell.get("r"))) > (len(wanted), wanted)]
    if later:
        later[0].addprevious(made)
    else:
        row.append(made)
    return made


def _set(cell: Element, value: str | float) -> None:
    for child in list(cell):
        cell.remove(child)
    cell.attrib.pop("t", None)
    if isinstance(value, str):
        cell.set("t", "inlineStr")
        text = etree.SubElement(etree.SubElement(cell, S + "is"), S + "t")
        text.text = value
        text.set(SPACE, "preserve")
    else:
        etree.SubElement(cell, S + "v").text = repr(value)


def goals_in(path: Path) -> list[dict[str, str]]:
    """The rows of a goal sheet that have a goal, by column title, without the computed progress."""
    root = etree.fromstring(parts_of(path)[SHEET])
    _, columns = _columns(root)
    read = [{title: _shown(_cell(row, letter)) for title, letter in columns.items()} for row in _goal_rows(root)]
    return [{title: text for title, text in row.items() if title != "Progress"} for row in read if row["Goal"]]


def set_goal(path: Path, goal: str, cells: Mapping[str, str | float], by: str = "") -> None:
    """Type into cells of the row of a goal; a goal that is not there is begun in the first free row."""

    def change(root: Element) -> None:
        _, columns = _columns(root)
        rows = _goal_rows(root)
        own = [row for row in rows if _shown(_cell(row, columns["Goal"])) == goal]
        free = [row for row in rows if not _shown(_cell(row, columns["Goal"]))]
        row = (own or free)[0]
        for title, value in {"Goal": goal, **cells}.items():
            _set(_cell(row, columns[title]), value)

    edit(path, SHEET, change, by)


def sort_goals(path: Path, order: Callable[[list[int]], list[int]] = lambda rows: rows[::-1]) -> None:
    """Sort whole rows, the key column with them, as one click on the filter does. The computed column stays in its place."""

    def change(root: Element) -> None:
        _, columns = _columns(root)
        rows = [row for row in _goal_rows(root) if _shown(_cell(row, columns["Goal"]))]
        letters = [letter for title, letter in columns.items() if title != "Progress"]
        held = [{letter: _taken(_cell(row, letter)) for letter in letters} for row in rows]
        for row, number in zip(rows, order(list(range(len(rows)))), strict=True):
            for letter in letters:
                kind, children = held[number][letter]
                cell = _cell(row, letter)
                cell.attrib.pop("t", None)
                if kind:
                    cell.set("t", kind)
                cell.extend(children)

    edit(path, SHEET, change)


def _taken(cell: Element) -> tuple[str, list[Element]]:
    children = list(cell)
    for child in children:
        cell.remove(child)
    return str(cell.get("t") or ""), children


# ---------------------------------------------------------------- lock files


def open_elsewhere(path: Path) -> Path:
    """The lock file that Word puts beside a file that somebody has open."""
    lock = path.with_name(f"~${path.name[2:]}")
    lock.write_bytes(b"\x03Ada".ljust(162, b"\0"))
    return lock


def raw_text(path: Path) -> str:
    """Every part of a file as text, for a search that owes nothing to any reader."""
    return unescape("\n".join(data.decode("utf-8", "replace") for data in parts_of(path).values()))


def copies_named(path: Path) -> Iterator[Path]:
    """Names that programs give to copies."""
    for number in range(1, 100):
        yield path.with_name(f"{path.stem} - Copy{'' if number == 1 else f' ({number})'}{path.suffix}")


def free_copy_name(path: Path) -> Path:
    """The first of those that is free."""
    return next(name for name in copies_named(path) if not os.path.lexists(name))
