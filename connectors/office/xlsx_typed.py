"""Numbers and days that people typed as text, in the ways of writing of eight languages.

Pure. One rule everywhere: text counts as a number or a day only when it can be no other one; else it stays text.

Numbers: decimal point or comma; thousands parted by point, comma, apostrophe or any blank; a currency's sign or name in
front or behind; a per cent sign. One mark with exactly three digits behind it (``1.234``) is a thousand in one country
and a bit more than one in another, so it is no number. Days: the year in front, also as ``20261205``; a month's name
anywhere; year, month and day with their Chinese, Japanese or Korean signs; or the year behind with points, where the day
always comes first. ``02/03/2026`` and ``02-03-2026`` are two days, so they are none. A year of two digits is one of this
century. A time of day or a weekday beside a day says nothing.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache


@lru_cache(maxsize=4096)
def _plain_digits(text: str) -> str:
    """*text* with 0 to 9 for the digits of other scripts, and half-width signs for full-width ones."""
    if text.isascii():
        return text
    half = "".join(unicodedata.normalize("NFKC", sign) if "\uff00" <= sign <= "\uff5e" else sign for sign in text)
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in half)


# ---------------------------------------------------------------- numbers

_BLANKS = re.compile("[ \t\u00a0\u2000-\u200a\u202f\u205f'’ʼ]")
_NUMBER = re.compile(r"[0-9]*(?:[.,][0-9]+)*")
_CURRENCY = (
    r"(?:US\$|R\$|A\$|C\$|[€$£¥₹]|zł|zl|kr\.?|Fr\.|EUR|USD|GBP|CHF|PLN|SEK|NOK|DKK|CZK|HUF|JPY|CNY|INR|BRL|AUD|CAD|"
    r"euros?|dollars?|pounds?|francs?|franken|złoty(?:ch)?|reais)"
)
_AMOUNT = re.compile(
    rf"(?P<sign>[+\-−–])?\s*(?P<before>{_CURRENCY})?\s*(?P<second>[+\-−–])?\s*"
    rf"(?P<digits>[.,]?[0-9].*?)(?P<dash>[.,][-–—]{{1,2}})?\s*(?P<after>{_CURRENCY})?",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"\s*(?:%|٪|per\s?cent|pct\.?|prozent|pour cent|por ciento|por cento|per cento|procent)$", re.IGNORECASE)


@lru_cache(maxsize=4096)
def number_in(text: str) -> tuple[float, bool] | None:
    """The number that *text* is, and whether it is a percentage: 72 for "72 %", 1234.5 for "€ 1.234,50" and "1,234.5".

    None when it is no number, or could be two.
    """
    if len(text) > 60:
        return None
    bare = _plain_digits(text).strip()
    plain = _PERCENT.sub("", bare)
    match = _AMOUNT.fullmatch(plain)
    if match is None or (match["sign"] and match["second"]):
        return None
    money = match["before"] or match["after"]
    if (match["dash"] and not money) or (money and plain != bare):
        return None
    digits = _digits(match["digits"].strip())
    if digits is None:
        return None
    negative = (match["sign"] or match["second"] or "+") != "+"
    return (-float(digits) if negative else float(digits)), plain != bare


def _digits(bare: str) -> str | None:
    """Only digits and perhaps a point; blanks may only part thousands: "12 34" is two numbers."""
    joined = _BLANKS.sub("", bare)
    if _NUMBER.fullmatch(joined) is None or _badly_spaced(bare):
        return None
    return _with_point(joined)


def _badly_spaced(bare: str) -> bool:
    whole, *parts = re.split("[.,]", bare)
    if not whole and parts:
        return any(_BLANKS.search(part) for part in parts)
    groups = _BLANKS.split(whole)
    apart = any(len(group) != 3 for group in groups[1:]) or not 1 <= len(groups[0]) <= (3 if groups[1:] else 400)
    return apart or any(_BLANKS.search(part) for part in parts)


def _with_point(digits: str) -> str | None:
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        mark = max(".", ",", key=digits.rfind)
        other = "," if mark == "." else "."
        if digits.count(mark) > 1 or not _are_thousands(digits.split(mark)[0].split(other)):
            return None
        return digits.replace(other, "").replace(mark, ".")
    mark = "." if points else ","
    if points + commas > 1:
        return digits.replace(mark, "") if _are_thousands(digits.split(mark)) else None
    head, _, tail = digits.partition(mark)
    if len(tail) == 3 and 1 <= len(head) <= 3 and head != "0":
        return None
    return digits.replace(mark, ".")


def _are_thousands(groups: list[str]) -> bool:
    return 1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])


# ---------------------------------------------------------------- days

MONTHS = {
    "en": "january february march april may june july august september october november december",
    "de": "januar februar marz april mai juni juli august september oktober november dezember",
    "fr": "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pt": "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika listopada grudnia",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "da": "januar februar marts april maj juni juli august september oktober november december",
}
"""The months' names by language, without accents, as they stand in a date."""
SHORT_MONTHS = {
    "en": "jan feb mar apr may jun jul aug sep oct nov dec",
    "en, longer": "jan feb mar apr may june july aug sept oct nov dec",
    "de": "jan feb mrz apr mai jun jul aug sep okt nov dez",
    "de, longer": "jan feb mar apr mai juni juli aug sept okt nov dez",
    "de, Austria": "janner feber maerz apr mai jun jul aug sep okt nov dez",
    "fr": "janv fevr mars avr mai juin juil aout sept oct nov dec",
    "es": "ene feb mar abr may jun jul ago sept oct nov dic",
    "es, other": "ene feb mar abr may jun jul ago setiembre oct nov dic",
    "it": "gen feb mar apr mag giu lug ago set ott nov dic",
    "nl": "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "pt": "jan fev mar abr mai jun jul ago set out nov dez",
    "pl": "sty lut mar kwi maj cze lip sie wrz paz lis gru",
    "pl, alone": "styczen luty marzec kwiecien maj czerwiec lipiec sierpien wrzesien pazdziernik listopad grudzien",
}
"""Short and other forms."""
_WEEKDAYS = frozenset(
    " ".join(
        (
            "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun",
            "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so",
            "lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim",
            "lunes martes miercoles jueves viernes sabado domingo mie jue vie sab dom",
            "lunedi martedi mercoledi giovedi venerdi sabato domenica gio",
            "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ma wo vr za zo",
            "segunda terca quarta quinta sexta seg ter qua qui sex",
            "poniedzialek wtorek sroda czwartek piatek sobota niedziela pon wt sr czw pt sob niedz",
        )
    ).split()
)
_FILLERS = frozenset(["r", "de", "del", "of", "di", "den", "the", "do", "le", "el", "il", "em", "op", "feira"])
_ROMAN_MONTHS = "i ii iii iv v vi vii viii ix x xi xii"
_MONTH_NUMBERS = {
    name: number
    for names in (*MONTHS.values(), *SHORT_MONTHS.values(), _ROMAN_MONTHS)
    for number, name in enumerate(names.split(), start=1)
}

_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])\s?([0-9]{1,2})\2\s?([0-9]{1,2})\.?")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])\s?([0-9]{1,2})\2\s?([0-9]{4}|'?[0-9]{2})")
_COMPACT = re.compile(r"((?:19|20|21)[0-9]{2})([0-9]{2})([0-9]{2})")
_EAST_ASIAN = re.compile(r"(令和|R)?\s?([0-9]{1,4}|元)\s?[年년]\s?([0-9]{1,2})\s?[月월]\s?([0-9]{1,2})\s?[日号號일]?")
_REIWA = 2018
"""The year before the first one of the Japanese era of now."""
_BEHIND = re.compile(
    r"[\sT,]\s*(?:(?:at|um|à|a las|alle|om|às|o|kl\.?)\s)?[0-9]{1,2}[:h][0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?"
    r"\s?(?:[ap]\.?m\.?|uhr|z|[+-][0-9]{2}:?[0-9]{2})?$|\s?\(\w{1,12}\.?\)$|\s?[월화수목금토일月火水木金土日星期周週一二三四五六天曜요]{2,3}$",
    re.IGNORECASE,
)
"""A time of day behind a day, or its weekday."""
_LEADING = re.compile(r"([^\W\d_]+)(?:-feira)?[.,]?\s+")
_DAY = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th|er|o|a|e|°)?")
_YEAR = re.compile("[0-9]{4}|'?[0-9]{2}")
_PARTS = re.compile(r"[\s.,/\-]+")


@lru_cache(maxsize=4096)
def day_in(text: str) -> date | None:
    """The day that *text* is: 2026-03-02, 2.3.2026, 05.12.26, "2 de marzo de 2026". None for what could be two days."""
    if len(text) > 60:
        return None
    bare = _BEHIND.sub("", _plain_digits(text).replace("’", "'").strip())
    figures = _without_weekday(bare)
    if match := _YEAR_FIRST.fullmatch(figures):
        return _day(int(match[1]), int(match[3]), int(match[4]))
    if match := _COMPACT.fullmatch(figures):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _EAST_ASIAN.fullmatch(figures):
        return _east_asian(match)
    days = days_in(figures)
    return days[0] if len(days) == 1 else _with_name(bare)


def days_in(text: str) -> tuple[date, ...]:
    """Every day that figures with the year behind may mean, the day-first reading first: two for 02/03/2026.

    ``26-12-05`` may also have its year in front.
    """
    match = _YEAR_LAST.fullmatch(_plain_digits(text).replace("’", "'").strip())
    if match is None:
        return ()
    first, mark, second, last = match.groups()
    readings = [_day(_year(last), int(second), int(first))]
    if mark != ".":
        readings.append(_day(_year(last), int(first), int(second)))
    if mark == "-" and len(first) == len(last) == 2:
        readings.append(_day(_year(first), int(second), int(last)))
    return tuple(dict.fromkeys(day for day in readings if day))


def _year(digits: str) -> int:
    """Two digits are a year of this century, with an apostrophe or without."""
    bare = digits.lstrip("'")
    return int(bare) + 2000 if len(bare) == 2 else int(bare)


def _east_asian(match: re.Match[str]) -> date | None:
    era, year, month, day = match.groups()
    if era:
        return _day(_REIWA + (1 if year == "元" else int(year)), int(month), int(day))
    return _day(_year(year), int(month), int(day)) if len(year) in (2, 4) else None


def _without_weekday(text: str) -> str:
    match = _LEADING.match(text)
    return text[match.end() :] if match and _folded(match[1]) in _WEEKDAYS else text


def _with_name(text: str) -> date | None:
    """Day, month's name and year; or name, day and year; or year, name and day."""
    parts = [part for part in _PARTS.split(_folded(text)) if part and part not in _FILLERS]
    if len(parts) == 4 and parts[0] in _WEEKDAYS:
        del parts[0]
    if len(parts) != 3:
        return None
    first, second, third = parts
    if first in _MONTH_NUMBERS:
        month, day, year = first, second, third
    elif len(first) == 4:
        year, month, day = first, second, third
    else:
        day, month, year = first, second, third
    number = _DAY.fullmatch(day)
    return _day(_year(year), _MONTH_NUMBERS.get(month, 0), int(number[1])) if number and _YEAR.fullmatch(year) else None


@lru_cache(maxsize=1024)
def _folded(text: str) -> str:
    """Lower case without accents: "März" and "marz" are one word."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
