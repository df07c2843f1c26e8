"""Numbers and days typed as text: many ways of writing, and never a guess."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.office.xlsx_typed import MONTHS, SHORT_MONTHS, day_in, days_in, number_in


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("72 %", (72.0, True)),
        ("72%", (72.0, True)),
        ("72,5 Prozent", (72.5, True)),
        ("1.234,5", (1234.5, False)),
        ("1,234.5", (1234.5, False)),
        ("1 234,5", (1234.5, False)),
        ("1\u202f234,5", (1234.5, False)),
        ("1\u2009234\u00a0567", (1234567.0, False)),
        ("1'234'567", (1234567.0, False)),
        ("1’234.50", (1234.5, False)),
        ("12,5", (12.5, False)),
        ("0.125", (0.125, False)),
        (".5", (0.5, False)),
        ("-,5", (-0.5, False)),
        ("0,725", (0.725, False)),
        ("1234,567", (1234.567, False)),
        ("７２％", (72.0, True)),
        ("٧٢٪", (72.0, True)),
        ("−3", (-3.0, False)),
        ("+3", (3.0, False)),
        ("€ 1.234,50", (1234.5, False)),
        ("1.234,50 €", (1234.5, False)),
        ("-€5", (-5.0, False)),
        ("€ -5", (-5.0, False)),
        ("$1,234.50", (1234.5, False)),
        ("£12", (12.0, False)),
        ("CHF 1'234.-", (1234.0, False)),
        ("€ 5,-", (5.0, False)),
        ("1,5 zł", (1.5, False)),
        ("R$ 1.234.567,89", (1234567.89, False)),
        ("250 EUR", (250.0, False)),
        ("1.234", None),
        ("1,234", None),
        ("€ 1.234", None),
        ("12k", None),
        (".", None),
        (". 5", None),
        ("5.", None),
        ("12 34", None),
        ("1 23", None),
        ("1.2.3", None),
        ("3 of 5", None),
        ("", None),
        ("%", None),
        ("€", None),
        ("12 kg", None),
        ("(12)", None),
        ("5 % EUR", None),
        ("--5", None),
    ],
)
def test_numbers_typed_as_text_count_when_they_can_be_only_one(text: str, number: tuple[float, bool] | None):
    """A thousand in one country is one and a bit in another: then the text stays text."""
    assert number_in(text) == number


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-02", date(2026, 3, 2)),
        ("2026/3/2", date(2026, 3, 2)),
        ("2026. 3. 2.", date(2026, 3, 2)),
        ("2.3.2026", date(2026, 3, 2)),
        ("25/03/2026", date(2026, 3, 25)),
        ("25-03-2026", date(2026, 3, 25)),
        ("03/25/2026", date(2026, 3, 25)),
        ("03/03/2026", date(2026, 3, 3)),
        ("Montag, 2.3.2026", date(2026, 3, 2)),
        ("3 March 2026", date(2026, 3, 3)),
        ("March 3, 2026", date(2026, 3, 3)),
        ("Mar 3, 2026", date(2026, 3, 3)),
        ("Tuesday, March 3rd, 2026", date(2026, 3, 3)),
        ("3-Mar-2026", date(2026, 3, 3)),
        ("3. März 2026", date(2026, 3, 3)),
        ("3. Ma\u0308rz 2026", date(2026, 3, 3)),
        ("Dienstag, 3. Mrz. 2026", date(2026, 3, 3)),
        ("3 mars 2026", date(2026, 3, 3)),
        ("mar. 3 mars 2026", date(2026, 3, 3)),
        ("1er mai 2026", date(2026, 5, 1)),
        ("3 de marzo de 2026", date(2026, 3, 3)),
        ("3 marzo 2026", date(2026, 3, 3)),
        ("3 maart 2026", date(2026, 3, 3)),
        ("3 de março de 2026", date(2026, 3, 3)),
        ("terça-feira, 3 de março de 2026", date(2026, 3, 3)),
        ("3 marca 2026", date(2026, 3, 3)),
        ("3 października 2026", date(2026, 10, 3)),
        ("2026 March 3", date(2026, 3, 3)),
        ("03/04/2026", None),
        ("03-04-2026", None),
        ("31.2.2026", None),
        ("30 February 2026", None),
        ("05.12.26", date(2026, 12, 5)),
        ("25/12/26", date(2026, 12, 25)),
        ("3 March 26", date(2026, 3, 3)),
        ("5-Dec-26", date(2026, 12, 5)),
        ("Dec 5, '26", date(2026, 12, 5)),
        ("5 grudnia 2026 r.", date(2026, 12, 5)),
        ("5 XII 2026", date(2026, 12, 5)),
        ("5 maj 2026", date(2026, 5, 5)),
        ("den 5 december 2026", date(2026, 12, 5)),
        ("5. marts 2026", date(2026, 3, 5)),
        ("20261205", date(2026, 12, 5)),
        ("2026年12月5日", date(2026, 12, 5)),
        ("２０２６年１２月５日（土）", date(2026, 12, 5)),
        ("2026年12月5日 星期六", date(2026, 12, 5)),
        ("令和8年12月5日", date(2026, 12, 5)),
        ("2026년 12월 5일", date(2026, 12, 5)),
        ("٢٠٢٦/١٢/٥", date(2026, 12, 5)),
        ("2026-12-05T10:00:00Z", date(2026, 12, 5)),
        ("2026-12-05 10:00", date(2026, 12, 5)),
        ("5.12.2026, 9:30 Uhr", date(2026, 12, 5)),
        ("5 December 2026 at 4:30 pm", date(2026, 12, 5)),
        ("5/12/26", None),
        ("26-12-05", None),
        ("05122026", None),
        ("2026年13月5日", None),
        ("2026年12月", None),
        ("5.12.", None),
        ("3 March", None),
        ("March 2026", None),
        ("3-4 March 2026", None),
        ("mid June", None),
        ("", None),
    ],
)
def test_days_typed_as_text_count_when_they_can_be_only_one(text: str, day: date | None):
    """Day and month are told apart by a name, by the dot, by the year in front or by being above twelve."""
    assert day_in(text) == day


def test_both_readings_of_an_open_day_are_known():
    """So that people can be told what it may be."""
    assert days_in("02/03/2026") == (date(2026, 3, 2), date(2026, 2, 3))
    assert days_in("2.3.2026") == (date(2026, 3, 2),)
    assert days_in("5/12/26") == (date(2026, 12, 5), date(2026, 5, 12))
    assert days_in("26-12-05") == (date(2005, 12, 26), date(2026, 12, 5))


def test_no_name_means_two_months():
    """In none of the languages is a month called what another month is called in another one."""
    meant: dict[str, int] = {}
    for names in (*MONTHS.values(), *SHORT_MONTHS.values()):
        assert len(names.split()) == 12
        for number, name in enumerate(names.split(), start=1):
            assert meant.setdefault(name, number) == number, name


@given(st.dates(date(1900, 1, 1), date(2999, 12, 31)), st.sampled_from(sorted(MONTHS)))
def test_every_month_of_every_language_is_known(day: date, language: str):
    """Day, name and year, with and without the small words between them."""
    name = MONTHS[language].split()[day.month - 1]
    assert day_in(f"{day.day} {name} {day.year:04}") == day
    assert day_in(f"{day.day}. de {name.title()} de {day.year:04}") == day
    assert day_in(f"{name} {day.day}, {day.year:04}") == day


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_none(text: str):
    """Nothing that people type breaks the reading of it."""
    number_in(text)
    day_in(text)


@given(
    st.integers(-(10**12), 10**12),
    st.integers(0, 99),
    st.sampled_from([(".", ","), (",", "."), (" ", ","), ("'", "."), ("\u202f", ",")]),
)
def test_written_with_separators_a_number_is_itself(whole: int, cents: int, marks: tuple[str, str]):
    """Thousands parted and two decimals, in the ways of five countries."""
    thousands, decimal = marks
    text = f"{whole:,}".replace(",", thousands) + f"{decimal}{cents:02}"
    assert number_in(text) == (float(f"{whole}.{cents:02}"), False)
