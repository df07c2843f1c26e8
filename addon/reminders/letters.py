"""A digest as a mail: the same words as plain text and as HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sync.health.reminders import AFTER, BEFORE, TODAY, Digest, Item
from sync.records import Person
from templates.shapes import Kind

PAGES = Path(__file__).parents[1] / "pages" / "mail"


@dataclass(frozen=True)
class Frame:
    """What every letter of one run has."""

    organisation: str
    sender: str
    now: datetime
    names: Mapping[str, str]
    """Of people, by id."""


@dataclass(frozen=True)
class Links:
    """A person's own addresses; "" where the console has no address that others reach."""

    no_more: str = ""
    calendar: str = ""


@dataclass(frozen=True)
class Row:
    """One line of the mail."""

    title: str
    when: str
    where: str


def letter(digest: Digest, to: Person, frame: Frame, links: Links) -> EmailMessage:
    """The mail."""
    rows = [_row(item, to, frame, digest.day) for item in digest.items]
    words = {
        "name": to.name,
        "organisation": frame.organisation,
        "rows": rows,
        "sheet": place(digest.sheet[1]) if digest.sheet else "",
        "links": links,
    }
    mail = EmailMessage()
    mail["From"] = frame.sender
    mail["To"] = to.email
    mail["Subject"] = subject(digest, rows)
    mail["Date"] = format_datetime(frame.now)
    mail["Message-ID"] = f"<{digest.id}@{parseaddr(frame.sender)[1].rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    if links.no_more:
        mail["List-Unsubscribe"] = f"<{links.no_more}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(_pages(html=False).get_template("digest.txt").render(words))
    mail.add_alternative(_pages(html=True).get_template("digest.html").render(words), subtype="html")
    return mail


def subject(digest: Digest, rows: list[Row]) -> str:
    """What the list of mails shows."""
    if not rows:
        return "Where your goals are"
    first = " ".join(f"{rows[0].title}: {rows[0].when}".split())
    return first if len(rows) == 1 else f"{first} – and {len(rows) - 1} more"


def place(ref: str) -> str:
    """A ref for people: an address as it is, a file without the name of the root it lies in."""
    return ref if "://" in ref else ref.partition("/")[2] or ref


def _row(item: Item, to: Person, frame: Frame, day: date) -> Row:
    duty = item.duty
    other = frame.names.get(duty.about_id, "")
    match duty.kind:
        case Kind.CHECK_IN:
            title = "Your check-in" if duty.about_id == to.id else f"Check-in with {other}"
        case Kind.SELF_REVIEW:
            title = "Your self review"
        case Kind.PEER_FEEDBACK:
            title = f"Feedback for {other}"
        case _:
            title = f"The review of {other}"
    return Row(title, when(item, day), place(duty.ref))


def when(item: Item, day: date) -> str:
    """How it stands with the day, in words."""
    due = f"{item.duty.due:%A}, {item.duty.due.day} {item.duty.due:%B}"
    if item.duty.due == day:
        return "today"
    if item.stage == BEFORE:
        return f"on {due}"
    return f"was due on {due}" if item.stage in (TODAY, AFTER) else f"still open, was due on {due}"


@cache
def _pages(*, html: bool) -> Environment:
    pages = Environment(autoescape=html, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)  # noqa: S701 - plain text
    pages.loader = FileSystemLoader(PAGES)
    return pages
