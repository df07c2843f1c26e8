"""From the bytes of a CSV file to records with known fields, whatever program wrote it.

Nothing here raises over what stands in a file: all that is wrong with it comes back as `RowProblem`s.
"""

from __future__ import annotations

import codecs
import csv
import difflib
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

DELIMITERS = (",", ";", "\t")
WAY_OUT = "save it as “CSV UTF-8” in your spreadsheet program and give that file"
NOT_TEXT = (
    (b"PK\x03\x04", "an Excel or LibreOffice workbook"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a compressed file"),
)
# They come along when addresses are copied out of mail programs and chats; nobody sees them, and nothing matches them.
INVISIBLE_ENDS = (
    " \t\r\n\v\f\u00a0\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)


@dataclass(frozen=True)
class RowProblem:
    """One thing that is wrong in a file. *line* is physical, from 1, and 0 for the whole file; *column* may be ""."""

    line: int
    column: str
    message: str

    def describe(self, file_name: str) -> str:
        """One line for people: ``people.csv, line 7, email: ...``. A problem of the whole file names it already."""
        place = [file_name, f"line {self.line}", self.column] if self.line else []
        return ": ".join(part for part in (", ".join(filter(None, place)), self.message) if part)


RowT = TypeVar("RowT")


@dataclass(frozen=True)
class ReadFile(Generic[RowT]):
    """What a file holds: the good rows, what is wrong, and what is only worth knowing. Import nothing with a problem."""

    rows: tuple[RowT, ...]
    problems: tuple[RowProblem, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Field:
    """A field that a file may have. *titles* are other column titles for it, best first, compared by `plain`."""

    name: str
    titles: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True)
class Record:
    """One row: its first physical line and its cleaned cells by field. A row that is not *whole* is reported already."""

    line: int
    cells: Mapping[str, str]
    whole: bool = True


@dataclass(frozen=True)
class Records:
    """All rows of a file under a known header. *fields* are those the file has."""

    rows: tuple[Record, ...] = ()
    fields: frozenset[str] = frozenset()
    problems: tuple[RowProblem, ...] = ()
    notes: tuple[str, ...] = ()


def read_records(data: bytes, file_name: str, fields: Sequence[Field]) -> Records:
    """Decode *data*, find the delimiter and the header, and split it into records of *fields*."""
    try:
        text, notes = _decode(data, file_name)
        delimiter, header_line, header = _find_header(text, file_name, fields)
        columns, ignored = _match_columns(header, header_line, file_name, fields)
    except _Unreadable as unreadable:
        return Records(problems=(unreadable.problem,))
    records, problems = _records(text, delimiter, header_line, len(header), columns)
    if not records and not problems:
        problems = [RowProblem(0, "", f"{file_name} has a header and no rows below it.")]
    return Records(tuple(records), frozenset(columns.values()), tuple(problems), (*notes, *ignored))


def clean(cell: str) -> str:
    """A cell in composed Unicode, with plain line ends, without blanks and invisible marks around it."""
    return unicodedata.normalize("NFC", cell.replace("\r\n", "\n").replace("\r", "\n")).strip(INVISIBLE_ENDS)


def plain(title: str) -> str:
    """A column title without case, blanks and punctuation: ``Manager's E-Mail`` is ``managersemail``."""
    return re.sub(r"[\W_]+", "", title.casefold())


def quoted(text: str, limit: int = 60) -> str:
    """A text for a message: in quotation marks, on one line, nothing unprintable, at most *limit* characters."""
    shown = "".join(c if c.isprintable() else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return f"“{shown if len(shown) <= limit else shown[: limit - 1] + '…'}”"


def nearest(word: str, choices: Iterable[str]) -> str:
    """The one of *choices* that *word* most likely means, or ""."""
    return next(iter(difflib.get_close_matches(word, choices, n=1, cutoff=0.65)), "")


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """`` (did you mean ...?)`` with the nearest of *choices*, or ""."""
    near = nearest(word, choices)
    return f" (did you mean {near}?)" if near else ""


# ---------------------------------------------------------------- bytes to text


class _Unreadable(Exception):
    """Nothing can be read; *problem* says why."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.problem = RowProblem(line, "", message)


def _decode(data: bytes, file_name: str) -> tuple[str, tuple[str, ...]]:
    if not data.strip():
        raise _Unreadable(f"{file_name} is empty.")
    for signature, what in NOT_TEXT:
        if data.startswith(signature):
            raise _Unreadable(f"{file_name} is {what}, not a CSV file: {WAY_OUT}.")
    text, notes = _decode_text(data, file_name)
    if "\0" in text:
        raise _Unreadable(f"{file_name} is not a text file: {WAY_OUT}.")
    if not text.strip(INVISIBLE_ENDS):
        raise _Unreadable(f"{file_name} is empty.")
    return text, notes


def _decode_text(data: bytes, file_name: str) -> tuple[str, tuple[str, ...]]:
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if wide else "utf-8-sig"), ()
    except UnicodeDecodeError as error:
        if wide:
            raise _Unreadable(f"{file_name} begins as UTF-16 and is damaged at byte {error.start}: {WAY_OUT}.") from None
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        raise _Unreadable(f"{file_name} is in an encoding that cannot be told: {WAY_OUT}.") from None
    return text, (_guess_note(text, file_name),)


def _guess_note(text: str, file_name: str) -> str:
    """Windows-1252 is a guess that no decoder can refute, so people are shown a word to judge it by."""
    word = next((word for word in re.findall(r"\w+", text) if not word.isascii()), "")
    return (
        f"{file_name} is not UTF-8 and was read as Windows-1252: check that {quoted(word)} is spelled as it should be; "
        f"if not, {WAY_OUT}."
    )


# ---------------------------------------------------------------- text to rows


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]] | RowProblem]:
    """Every row with its first physical line; a row whose quotation marks do not pair up is a problem."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True)
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "expected after" not in str(error):  # the end of the file, or 131,072 characters later
                yield RowProblem(line, "", "A quotation mark opens in this row and is never closed.")
                return
            yield RowProblem(
                line, "", 'The quotation marks of this row do not pair up: inside a quoted text, a mark is written twice ("").'
            )


def _blank(cells: Sequence[str]) -> bool:
    return not any(cell.strip(INVISIBLE_ENDS) for cell in cells)


def _first_row(text: str, delimiter: str) -> tuple[int, list[str]]:
    """The first row that says something; Excel may write ``sep=;`` above it."""
    for row in _rows(text, delimiter):
        if isinstance(row, RowProblem):
            return row.line, []
        if not _blank(row[1]) and not row[1][0].startswith("sep="):
            return row
    return 1, []


def _find_header(text: str, file_name: str, fields: Sequence[Field]) -> tuple[str, int, list[str]]:
    known = {title for field in fields for title in _titles(field)}
    found = [(delimiter, *_first_row(text, delimiter)) for delimiter in DELIMITERS]
    delimiter, line, header = max(found, key=lambda it: (len({plain(title) for title in it[2]} & known), len(it[2])))
    if not {plain(title) for title in header} & known:
        raise _Unreadable(
            f"{file_name} has no header: its first row is {quoted(', '.join(header))}, but should name the columns "
            f"({', '.join(field.name for field in fields)}), separated by commas, semicolons or tabs.",
            line,
        )
    return delimiter, line, header


def _titles(field: Field) -> tuple[str, ...]:
    return (plain(field.name), *map(plain, field.titles))


def _match_columns(
    header: Sequence[str], line: int, file_name: str, fields: Sequence[Field]
) -> tuple[dict[int, str], tuple[str, ...]]:
    """Column index to field, and a note on the columns that are not read. The best title of a field wins."""
    plain_header = [plain(title) for title in header]
    columns: dict[int, str] = {}
    for field in fields:
        title = next((title for title in _titles(field) if title in plain_header), None)
        if title is not None:
            if plain_header.count(title) > 1:
                raise _Unreadable(f"The column {field.name} stands twice in the header: take one of them out.", line)
            columns[plain_header.index(title)] = field.name
    missing = [field.name for field in fields if field.required and field.name not in columns.values()]
    ignored = [title for index, title in enumerate(header) if index not in columns and plain_header[index]]
    if missing:
        raise _Unreadable(_missing_message(missing, ignored, file_name), line)
    return columns, _ignored_note(ignored, [field.name for field in fields if field.name not in columns.values()], file_name)


def _missing_message(missing: Sequence[str], ignored: Sequence[str], file_name: str) -> str:
    word = "column" if len(missing) == 1 else "columns"
    others = f" Columns with another title: {', '.join(map(quoted, ignored))}." if ignored else ""
    return f"{file_name} lacks the {word} {', '.join(missing)}: add it to the header.{others}"


def _ignored_note(ignored: Sequence[str], free: Sequence[str], file_name: str) -> tuple[str, ...]:
    if not ignored:
        return ()
    named = ", ".join(quoted(clean(title)) + did_you_mean(clean(title).lower(), free) for title in ignored)
    return (f"{file_name}: these columns have no place here and were not read: {named}.",)


def _records(
    text: str, delimiter: str, header_line: int, width: int, columns: Mapping[int, str]
) -> tuple[list[Record], list[RowProblem]]:
    records: list[Record] = []
    problems: list[RowProblem] = []
    for row in _rows(text, delimiter):
        if isinstance(row, RowProblem):
            problems.append(row)
        elif row[0] > header_line and not _blank(row[1]):
            found = _row_problems(*row, width, columns)
            padded = [*row[1], *[""] * width]
            records.append(Record(row[0], {name: clean(padded[index]) for index, name in columns.items()}, whole=not found))
            problems += found
    return records, problems


def _row_problems(line: int, cells: Sequence[str], width: int, columns: Mapping[int, str]) -> list[RowProblem]:
    """What makes a row unusable as a whole. Files cannot hold control characters, so they end here."""
    if not _blank(cells[width:]):
        counts = f"The row has {len(cells)} fields and the header {width}"
        return [RowProblem(line, "", f"{counts}: a text that holds the delimiter needs quotation marks.")]
    return [
        RowProblem(line, name, f"{quoted(cells[index])} holds an invisible control character: type the text again.")
        for index, name in columns.items()
        if index < len(cells) and any(_forbidden(char) for char in clean(cells[index]))
    ]


def _forbidden(char: str) -> bool:
    return (unicodedata.category(char) == "Cc" and char not in "\n\t") or char in "\ufffe\uffff"
