"""Values: what typed text becomes, and how a value is shown under a number format and a locale."""

from __future__ import annotations

import calendar
import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from connectors.google.emulator.errors import Json
from connectors.google.emulator.sheets.book import Entered, Formula, number_of

#: Day 0 of a spreadsheet.
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - spreadsheets have no zone
_COMMA = {"cs", "da", "de", "es", "fi", "fr", "hu", "it", "nb", "nl", "no", "pl", "pt", "ro", "ru", "sv", "tr", "uk"}
_MONTHS, _DAYS = list(calendar.month_name)[1:], list(calendar.day_name)
_NUMBER = re.compile(
    r"(?P<sign>[-+]?)(?P<money>\$?)(?P<digits>\d{1,3}(?:,\d{3})+|\d*)(?P<part>\.\d*)?(?P<power>[eE][-+]?\d+)?(?P<hundred>\s?%?)"
)
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s?([AaPp][Mm]))?")
_DATE_KINDS = ("DATE", "TIME", "DATE_TIME")


def serial(moment: datetime) -> float:
    """Days since day 0."""
    return (moment - EPOCH).total_seconds() / 86400


def moment_of(number: float) -> datetime:
    """The date and time that *number* means, to the second."""
    return EPOCH + timedelta(seconds=round(number * 86400))


def _decimal_comma(locale: str) -> bool:
    return locale.partition("_")[0] in _COMMA


def typed(text: str, locale: str) -> tuple[Entered, Json | None]:
    """What *text* becomes when a person types it, and the number format that comes with it."""
    if text.startswith("="):
        return Formula(text), None
    if text.startswith("'"):
        return text[1:], None
    stripped = text.strip()
    if stripped.upper() in ("TRUE", "FALSE"):
        return stripped.upper() == "TRUE", None
    return _typed_number(stripped, locale) or _typed_date(stripped, locale) or (text, None)


def _typed_number(text: str, locale: str) -> tuple[Entered, Json | None] | None:
    plain = text
    if _decimal_comma(locale):
        plain = re.sub(r"[.\u00a0\u202f ](?=\d{3}(?!\d))", "", text).replace(",", ".")
    found = _NUMBER.fullmatch(plain)
    if not found or not (found["digits"] or (found["part"] or ".") != "."):
        return None
    digits = (found["digits"] or "0").replace(",", "") + (found["part"] or "") + (found["power"] or "")
    value = float(Decimal(digits)) * (-1 if found["sign"] == "-" else 1)
    places = len(found["part"] or ".") - 1
    if found["hundred"].strip():
        return number_of(float(Decimal(str(value)) / 100)), {"type": "PERCENT", "pattern": "0.00%" if places else "0%"}
    if found["money"]:
        return number_of(value), {"type": "CURRENCY", "pattern": '"$"#,##0.00' if places else '"$"#,##0'}
    if found["power"]:
        return number_of(value), {"type": "SCIENTIFIC", "pattern": "0.00E+00"}
    grouped = "," in found["digits"] or (plain != text and re.search(r"\d[.\u00a0\u202f ]\d{3}", text))
    return number_of(value), {"type": "NUMBER", "pattern": "#,##0.00" if places else "#,##0"} if grouped else None


def _typed_date(text: str, locale: str) -> tuple[Entered, Json | None] | None:
    day, _, clock = text.partition(" ")
    found = _read_date(day, locale)
    if found is None:
        found = _read_words(text)
        clock = ""
    if found is None:
        seconds = _read_time(text)
        pattern = "h:mm:ss am/pm" if seconds is not None else ""
        return None if seconds is None else (number_of(seconds / 86400), {"type": "TIME", "pattern": pattern})
    moment, pattern = found
    if not clock:
        return number_of(serial(moment)), {"type": "DATE", "pattern": pattern}
    seconds = _read_time(clock)
    if seconds is None:
        return None
    return number_of(serial(moment) + seconds / 86400), {"type": "DATE_TIME", "pattern": f"{pattern} h:mm:ss"}


def _read_date(text: str, locale: str) -> tuple[datetime, str] | None:
    iso = re.fullmatch(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})", text)
    if iso:
        sign = iso[2]
        padded = len(iso[3]) == 2
        return _dated(iso[1], iso[3], iso[4], f"yyyy{sign}mm{sign}dd" if padded else f"yyyy{sign}m{sign}d")
    short = re.fullmatch(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})", text)
    if not short:
        return None
    year = short[4] if len(short[4]) == 4 else ("19" if int(short[4]) >= 50 else "20") + short[4]
    sign = short[2]
    if locale == "en_US":
        return None if sign == "." else _dated(year, short[1], short[3], f"m{sign}d{sign}yyyy")
    return _dated(year, short[3], short[1], f"dd{sign}mm{sign}yyyy")


def _read_words(text: str) -> tuple[datetime, str] | None:
    for pattern, shown in (
        ("%b %d, %Y", "mmm d, yyyy"),
        ("%B %d, %Y", "mmmm d, yyyy"),
        ("%d %b %Y", "d mmm yyyy"),
        ("%d %B %Y", "d mmmm yyyy"),
    ):
        try:
            return datetime.strptime(text, pattern), shown  # noqa: DTZ007 - spreadsheets have no zone
        except ValueError:
            continue
    return None


def _dated(year: str, month: str, day: str, pattern: str) -> tuple[datetime, str] | None:
    try:
        return datetime(int(year), int(month), int(day)), pattern  # noqa: DTZ001 - spreadsheets have no zone
    except ValueError:
        return None


def _read_time(text: str) -> int | None:
    found = _TIME.fullmatch(text.strip())
    if not found:
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if found[4]:
        hour = hour % 12 + (12 if found[4].lower() == "pm" else 0)
    return hour * 3600 + minute * 60 + second if minute < 60 and second < 60 and hour < 24 else None


# ---------------------------------------------------------------- showing


def is_date(form: Json | None) -> bool:
    """Whether a number under this format is a date or time."""
    return bool(form) and (form or {}).get("numberFormat", {}).get("type") in _DATE_KINDS


def shown(value: str | bool | int | float | None, form: Json | None, locale: str) -> str:
    """*value* as a person sees it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return value
    wanted = (form or {}).get("numberFormat") or {}
    kind, pattern = wanted.get("type", ""), wanted.get("pattern", "")
    if kind in _DATE_KINDS:
        return _shown_date(float(value), pattern or _default_pattern(kind, locale))
    if kind == "TEXT" or not (kind or pattern):
        return _localised(general(value), locale)
    return _localised(_shown_number(value, pattern or _default_pattern(kind, locale)), locale)


def _default_pattern(kind: str, locale: str) -> str:
    day = "m/d/yyyy" if locale == "en_US" else "dd/mm/yyyy"
    return {
        "DATE": day,
        "TIME": "h:mm:ss am/pm",
        "DATE_TIME": f"{day} h:mm:ss",
        "PERCENT": "0.00%",
        "CURRENCY": '"$"#,##0.00',
        "SCIENTIFIC": "0.00E+00",
        "NUMBER": "#,##0.00",
    }.get(kind, "General")


def general(value: int | float) -> str:
    """A number without a format: at most ten significant digits after the point, no exponent where it can be helped."""
    if isinstance(value, int) or (float(value).is_integer() and abs(value) < 1e15):
        return str(int(value))
    size = abs(value)
    if size >= 1e15 or size < 1e-9:
        mantissa, _, power = f"{value:.5E}".partition("E")
        return f"{mantissa.rstrip('0').rstrip('.')}E{power}"
    whole = len(str(int(size))) if size >= 1 else 0
    text = f"{Decimal(repr(value)):.{max(0, 10 - whole)}f}" if size >= 1 else f"{Decimal(repr(value)):.10f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _localised(text: str, locale: str) -> str:
    if not _decimal_comma(locale):
        return text
    group = "\u202f" if locale.startswith("fr") else "."
    return text.replace(",", "\0").replace(".", ",").replace("\0", group)


def _shown_number(value: int | float, pattern: str) -> str:
    sections = pattern.split(";")
    section = sections[1] if value < 0 and len(sections) > 1 else sections[0]
    if section in ("General", "@", ""):
        return general(value)
    literal = re.sub(r"\[\$([^\]-]*)[^\]]*\]", r'"\1"', section)
    core = re.search(r"[0#?][0#?,]*(?:\.[0#?]*)?(?:E\+0+)?%?", literal)
    if not core:
        return re.sub(r'"([^"]*)"|\\(.)', r"\1\2", literal)
    clean = [
        re.sub(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]', r"\1\2", part) for part in (literal[: core.start()], literal[core.end() :])
    ]
    negative = value < 0 and len(sections) == 1
    return ("-" if negative else "") + clean[0] + _digits(abs(value), core.group()) + clean[1]


def _digits(value: float, pattern: str) -> str:
    if "E" in pattern:
        places = len(pattern.partition("E")[0].partition(".")[2])
        mantissa, _, power = f"{value:.{places}E}".partition("E")
        return f"{mantissa}E{power}"
    percent = pattern.endswith("%")
    fraction = pattern.rstrip("%").partition(".")[2]
    amount = Decimal(repr(value)) * (100 if percent else 1)
    text = f"{amount.quantize(Decimal(1).scaleb(-len(fraction)), ROUND_HALF_UP):f}"
    whole, _, part = text.partition(".")
    needed = fraction.count("0")
    while len(part) > needed and part.endswith("0"):
        part = part[:-1]
    least = pattern.partition(".")[0].count("0")
    whole = whole.zfill(least) if least > 1 else whole
    if "," in pattern.partition(".")[0]:
        whole = f"{int(whole):,}"
    return whole + (f".{part}" if part else "") + ("%" if percent else "")


def _shown_date(number: float, pattern: str) -> str:
    """*pattern* with the parts of the date. An ``m`` beside hours or seconds means minutes."""
    moment = moment_of(number)
    twelve = bool(re.search(r"am/pm|a/p", pattern, re.IGNORECASE))
    parts = re.findall(r'"[^"]*"|\\.|am/pm|a/p|[yY]+|[mM]+|[dD]+|[hH]+|[sS]+|.', pattern, re.IGNORECASE)
    text = ""
    for index, part in enumerate(parts):
        low = part.lower()
        if low.startswith("m") and _minutes(parts, index):
            text += f"{moment.minute:02d}" if len(low) > 1 else str(moment.minute)
        else:
            text += _date_part(moment, low, part, twelve)
    return text


def _minutes(parts: list[str], index: int) -> bool:
    before = next((each.lower()[0] for each in reversed(parts[:index]) if each.isalpha()), "")
    after = next((each.lower()[0] for each in parts[index + 1 :] if each.isalpha()), "")
    return before == "h" or after == "s"


def _date_part(moment: datetime, low: str, part: str, twelve: bool) -> str:
    hour = (moment.hour % 12 or 12) if twelve else moment.hour
    table = {
        "yyyy": f"{moment.year:04d}",
        "yy": f"{moment.year % 100:02d}",
        "mmmm": _MONTHS[moment.month - 1],
        "mmm": _MONTHS[moment.month - 1][:3],
        "mm": f"{moment.month:02d}",
        "m": str(moment.month),
        "dddd": _DAYS[moment.weekday()],
        "ddd": _DAYS[moment.weekday()][:3],
        "dd": f"{moment.day:02d}",
        "d": str(moment.day),
        "hh": f"{hour:02d}",
        "h": str(hour),
        "ss": f"{moment.second:02d}",
        "s": str(moment.second),
        "am/pm": "AM" if moment.hour < 12 else "PM",
        "a/p": "A" if moment.hour < 12 else "P",
    }
    return table.get(low, part.strip('"') if part.startswith('"') else part.lstrip("\\"))
