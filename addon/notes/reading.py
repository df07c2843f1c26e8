"""Documents of any make as lines: what `throughline notes import` reads. Nothing is written."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from connectors.office import docx, xlsx
from connectors.office.package import BrokenFile, Properties
from connectors.workspace import Cell, LeftOver, Row, Table
from sync.notes import Line, Source, day_in, is_day

SUFFIXES = (".docx", ".xlsx", ".md", ".txt")
MAX_BYTES = 50 * 1024 * 1024
_BULLET = re.compile(r"\s*(?:[-*+•]|\d{1,2}[.)])\s+")
_MARKDOWN = re.compile(r"(#{1,6})\s+(.+?)\s*#*")
_ENDS = ".!?:;…”\"')]"
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_UNDERLINE = re.compile(r"(=|-)\1{2,}")


_OF_TEMPLATES = frozenset({datetime(2013, 12, 23, 23, 15, tzinfo=UTC)})
"""When python-docx's own template was saved: documents that programs build with it say so of themselves."""


class Unreadable(Exception):
    """A file that cannot be taken, with the sentence why."""


def files_below(path: Path) -> tuple[list[Path], list[tuple[Path, str]]]:
    """The documents at or below *path* in order, and what is left out, with the reason. Links are not followed."""
    if not path.is_dir():
        return [path], []
    taken, left = [], []
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(folder) / name
            if name.startswith((".", "~$")):
                continue
            if file.is_symlink():
                left.append((file, "a symbolic link: name the file itself"))
            elif file.suffix.lower() not in SUFFIXES:
                left.append((file, f"none of {', '.join(SUFFIXES)}"))
            else:
                taken.append(file)
    return taken, left


def read_source(file: Path, name: str) -> Source:
    """The document *file* as lines, called *name*. Raises Unreadable."""
    reader = _READERS.get(file.suffix.lower())
    if reader is None:
        raise Unreadable(f"none of {', '.join(SUFFIXES)}: save it as one of them")
    try:
        status = file.stat()
        if not file.is_file():
            raise Unreadable("not a file")
        if status.st_size > MAX_BYTES:
            raise Unreadable(f"too large ({status.st_size / 1e6:,.0f} MB; at most {MAX_BYTES / 1e6:,.0f} MB)")
        saved, lines = reader(file.read_bytes())
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror or error}") from error
    except BrokenFile as error:
        raise Unreadable(str(error)) from error
    if not any(line.text.strip() for line in lines):
        raise Unreadable("there is no text in it")
    day = (saved or datetime.fromtimestamp(status.st_mtime).astimezone()).date()
    return Source(name, tuple(lines), day)


# ---------------------------------------------------------------- Office files


def _docx(data: bytes) -> tuple[datetime | None, list[Line]]:
    about, document = docx.read(data, None)
    _refuse_ours(about)
    saved = None if about.modified_at in _OF_TEMPLATES else about.modified_at
    lines = [Line(about.title, "title", 1)] if about.title in document.template_text else []
    lines += [_left(one) for one in document.left_overs if not one.heading]
    for part in document.parts:
        # Levels are not told: a heading with a day is taken to stand above those without one.
        lines.append(Line(part.heading, part.heading, 1 if day_in(part.heading) else 2))
        for text in part.paragraphs:
            found = _MARKDOWN.fullmatch(text)
            lines.append(Line(found[2], part.heading, 2 + len(found[1])) if found else Line(text, part.heading))
        lines += _rows(part.rows, part.heading, _named)
        lines += [_left(one) for one in document.left_overs if one.heading == part.heading]
    known = {part.heading for part in document.parts}
    lines += [_left(one) for one in document.left_overs if one.heading and one.heading not in known]
    return saved, lines


def _xlsx(data: bytes) -> tuple[datetime | None, list[Line]]:
    about, table = xlsx.read(data, None)
    _refuse_ours(about)
    titles = [title.lstrip("?") for title in table.columns.values() if title.lstrip("?").strip()]
    # A sheet without a header: its first row is a note, too, and names nothing.
    headless = any(day_in(title, leading=True) for title in titles)
    first = [Line(_beside(titles), "first row")] if headless else []
    rows = _rows(_titled(table), "", _unnamed if headless else _named)
    texts = [Line(text, "") for text in table.template_text]
    left = [Line(one.text.replace("\t", " · "), one.place) for one in table.left_overs]
    return about.modified_at, [*first, *rows, *texts, *left]


def _refuse_ours(about: Properties) -> None:
    if about.key:
        raise Unreadable(f"it is {about.key}, a document of this program: throughline sync reads it where it stands")


def _titled(table: Table) -> Iterator[Row]:
    for row in table.rows:
        cells = {table.columns.get(key, key).lstrip("?"): cell for key, cell in row.cells.items()}
        yield Row(row.key, {**({"key": Cell(row.key)} if row.key else {}), **cells}, row.place)


def _rows(rows: Iterable[Row], heading: str, told: Callable[[Mapping[str, str]], str]) -> Iterator[Line]:
    """A row is one text. A cell that is a date gives the day and is not repeated."""
    for row in rows:
        cells = {title.lstrip("?"): cell for title, cell in row.cells.items() if cell.text.strip()}
        dated = next((title for title, cell in cells.items() if _day(cell)), "")
        day = _day(cells[dated]) if dated else None
        texts = {title: cell.text.strip() for title, cell in cells.items() if title != dated or not is_day(cell.text)}
        if cells:
            yield Line(told(texts) or cells[dated].text, row.place or heading, day=day)


def _named(texts: Mapping[str, str]) -> str:
    """Cells side by side, each named by its column; one alone needs no name."""
    return _unnamed(texts) if len(texts) == 1 else _beside(f"{title}: {text}" for title, text in texts.items())


def _unnamed(texts: Mapping[str, str]) -> str:
    return _beside(texts.values())


def _day(cell: Cell) -> date | None:
    return cell.day or day_in(cell.text, leading=True)


def _beside(texts: Iterable[str]) -> str:
    return " · ".join(texts)


def _left(one: LeftOver) -> Line:
    return Line(one.text, one.place)


# ---------------------------------------------------------------- plain text


def _text(data: bytes) -> tuple[datetime | None, list[Line]]:
    return None, list(_paragraphs(_decoded(data)))


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252", "latin-1")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable("not a text, whatever its name says")


def _paragraphs(text: str) -> Iterator[Line]:
    """Texts end at an empty line, a list item, a line that begins with a day, and a heading."""
    lines = text.splitlines()
    waiting: list[str] = []
    begun = 0
    fence = ""

    def flush() -> Iterator[Line]:
        if waiting:
            yield Line("\n".join(waiting), f"line {begun}")
            waiting.clear()

    for number, line in enumerate(lines, start=1):
        fence, fenced = _fence(line, fence)
        if fenced:  # code is one text, whatever it looks like
            begun = begun if waiting else number
            waiting.append(line.rstrip())
            continue
        level, heading = _heading(line, lines[number] if number < len(lines) else "")
        if _UNDERLINE.fullmatch(line.strip()):
            continue
        alone = bool(level) or is_day(line)
        begins = day_in(line, leading=True) and not _goes_on(waiting)
        if alone or not line.strip() or _BULLET.match(line) or begins:
            yield from flush()
        if alone:
            yield Line(heading or line, f"line {number}", level)
        elif line.strip():
            begun = begun if waiting else number
            waiting.append(line.strip())
    yield from flush()


def _goes_on(waiting: list[str]) -> bool:
    """Whether a sentence of prose is open, so that a day at the beginning of the next line stands inside it."""
    return bool(waiting) and not day_in(waiting[0], leading=True) and waiting[-1][-1] not in _ENDS


def _fence(line: str, fence: str) -> tuple[str, bool]:
    """The fence of code that is open after *line*, "" for none, and whether the line belongs to code."""
    found = _FENCE.match(line)
    if fence:
        closes = found is not None and found[1].startswith(fence) and not found[2].strip()
        return ("" if closes else fence), True
    return (found[1], True) if found else ("", False)


def _heading(line: str, following: str) -> tuple[int, str]:
    """The level and text of a heading, 0 for none: Markdown's marks, an underlined line."""
    text = line.strip()
    if found := _MARKDOWN.fullmatch(text):
        return len(found[1]), found[2]
    if text and _UNDERLINE.fullmatch(following.strip()) and not _UNDERLINE.fullmatch(text):
        return (1 if following.strip()[0] == "=" else 2), text
    return 0, ""


_READERS: dict[str, Callable[[bytes], tuple[datetime | None, list[Line]]]] = {
    ".docx": _docx,
    ".xlsx": _xlsx,
    ".md": _text,
    ".txt": _text,
}
