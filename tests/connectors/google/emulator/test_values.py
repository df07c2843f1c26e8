"""Values of spreadsheets: what is typed, how it is shown, what formulas come to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.google.emulator.errors import GoogleError
from connectors.google.emulator.sheets.book import Book, Cell, Formula
from connectors.google.emulator.sheets.colors import channel
from connectors.google.emulator.sheets.formulas import Calculator
from connectors.google.emulator.sheets.functions import Failure
from connectors.google.emulator.sheets.ranges import Area, read_a1
from connectors.google.emulator.sheets.references import moved, reflowed
from connectors.google.emulator.sheets.render import THEME
from connectors.google.emulator.sheets.tables import last_table
from connectors.google.emulator.sheets.values import shown, typed


@pytest.mark.parametrize(
    ("text", "locale", "value", "sight"),
    [
        ("0042", "en_US", 42, "42"),
        ("2,000,000.01", "en_US", 2000000.01, "2,000,000.01"),
        ("$1,234.50", "en_US", 1234.5, "$1,234.50"),
        ("12.5%", "en_US", 0.125, "12.50%"),
        ("1e5", "en_US", 100000, "1.00E+05"),
        ("-7", "en_US", -7, "-7"),
        ("2020-01-01", "en_US", 43831, "2020-01-01"),
        ("1/2/2024", "en_US", 45293, "1/2/2024"),
        ("31.12.2026", "de_DE", 46387, "31.12.2026"),
        ("Jan 5, 2024", "en_US", 45296, "Jan 5, 2024"),
        ("2:30 PM", "en_US", 0.6041666666666666, "2:30:00 PM"),
        ("2020-01-01 12:00", "en_US", 43831.5, "2020-01-01 12:00:00"),
        ("1.234,5", "de_DE", 1234.5, "1.234,50"),
        ("true", "en_US", True, "TRUE"),
        ("'007", "en_US", "007", "007"),
        ("3_2_1", "en_US", "3_2_1", "3_2_1"),
        ("13/45/2020", "en_US", "13/45/2020", "13/45/2020"),
        (".", "en_US", ".", "."),
    ],
)
def test_typed_text(text: str, locale: str, value: Any, sight: str) -> None:
    """Numbers, dates and truth values are recognised as the locale writes them, and shown as they were typed."""
    found, form = typed(text, locale)
    assert found == value
    assert type(found) is type(value)
    assert shown(found, {"numberFormat": form} if form else None, locale) == sight


@pytest.mark.parametrize(
    ("number", "pattern", "sight"),
    [
        (0.72, "0%", "72%"),
        (1234.567, "#,##0.00", "1,234.57"),
        (5, '0 "days"', "5 days"),
        (-5, "0.0;(0.0)", "(5.0)"),
        (1 / 3, "General", "0.3333333333"),
        (2.5, "0", "3"),
    ],
)
def test_number_patterns(number: float, pattern: str, sight: str) -> None:
    """Places, groups, percent, literals and a part for negative numbers."""
    assert shown(number, {"numberFormat": {"type": "NUMBER", "pattern": pattern}}, "en_US") == sight


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=1+2*3^2", 19),
        ("=-(1+1)%", -0.02),
        ('="a"&"b""c"', 'ab"c'),
        ("=SUM(A1:A3)", 6),
        ("=AVERAGE(A:A)", 2),
        ("=Sheet1!A2*2", 4),
        ('=IF(A1>1,"more","less")', "less"),
        ('=COUNTIF(A1:A3,">1")', 2),
        ("=IFERROR(1/0,7)", 7),
        ('=HYPERLINK("https://x","seen")', "seen"),
        ("=Goals+1", 2),
        ("=1/0", "#DIV/0!"),
        ("=NOPE(1)", "#NAME?"),
        ("=(1", "#ERROR!"),
        ("=D1", "#REF!"),
        ("=ZZ9", "#REF!"),
    ],
)
def test_formulas(formula: str, value: Any) -> None:
    """Arithmetic, references, names and functions; Google's own error values for the rest, circles included."""
    book = Book.blank()
    sheet = book.sheets[0]
    for row in range(3):
        sheet.put(row, 0, Cell(row + 1))
    book.names["1"] = {
        "namedRangeId": "1",
        "name": "Goals",
        "range": {"startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1},
    }
    sheet.put(0, 3, Cell(Formula(formula)))
    found = Calculator(book, datetime(2026, 3, 2, tzinfo=UTC)).value(sheet, 0, 3)
    assert (found.text if isinstance(found, Failure) else found) == value


def test_references_follow() -> None:
    """A copied formula moves its references unless they are held; rows that come and go are followed, text is not."""
    assert moved('=A1+$B$2&"A1"', 1, 1) == '=B2+$B$2&"A1"'
    assert moved("=A1", -1, 0) == "=#REF!"
    assert reflowed("=A2+Other!A2", True, "Sheet1", "ROWS", 1, 2) == "=A4+Other!A2"
    assert reflowed("=A2+B1", True, "Sheet1", "ROWS", 1, -1) == "=#REF!+B1"
    assert reflowed("='My tab'!C1", False, "My tab", "COLUMNS", 0, 1) == "='My tab'!D1"


def test_ranges() -> None:
    """Every way to write a range; what cannot be read says so."""
    book = Book.blank()
    texts = {
        "A1": "Sheet1!A1",
        "b2:a1": "Sheet1!A1:B2",
        "Sheet1": "Sheet1!A1:Z1000",
        "C:C": "Sheet1!C1:C1000",
        "2:3": "Sheet1!A2:Z3",
    }
    assert {text: read_a1(text, book).a1() for text in texts} == texts
    for wrong in ("Nowhere!A1", "A0", "A1:B2:C3", "'Sheet1", "Sheet1!", "AAAA1"):
        with pytest.raises(GoogleError, match=r"Unable to parse range|exceeds grid"):
            read_a1(wrong, book)


def test_the_last_table() -> None:
    """As in Google's guide: of A1:C2 and B4:D6 the last one that a range reaches."""
    book = Book.blank()
    sheet = book.sheets[0]
    for row, column in [*((r, c) for r in range(2) for c in range(3)), *((r, c) for r in range(3, 6) for c in range(1, 4))]:
        sheet.put(row, column, Cell("x"))
    for text, wanted in (("Sheet1", "B4:D6"), ("C5:D5", "B4:D6"), ("B2:D4", "B4:D6"), ("A3:G10", "B4:D6"), ("A1", "A1:C2")):
        found = last_table(read_a1(text, book))
        assert found
        assert found.a1() == f"Sheet1!{wanted}"
    assert last_table(Area(sheet, 20, 21, 0, 1)) is None


def test_colours_are_told_as_the_theme_tells_them() -> None:
    """Every channel of the theme, which was recorded, is what its eighth bits make of it."""
    told = [value for each in THEME["themeColors"] for value in each["color"]["rgbColor"].values()]
    assert len(told) > 20
    assert [channel(round(value * 255) / 255) for value in told] == told
