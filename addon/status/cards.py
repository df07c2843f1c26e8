"""The card of completion, for HR: how much of what was due is done, and where it is not. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from addon.cards.phrases import bar
from addon.cards.widgets import Button, Card, Icon, Look, Open, Row, Section, Text, Widget
from addon.status.gathering import Completion
from addon.web.filters import plural
from sync.health.completion import Rate
from templates.shapes import Kind

NAMES = {Kind.CHECK_IN: "Check-ins", Kind.SELF_REVIEW: "Self reviews", Kind.MANAGER_REVIEW: "Manager reviews"}
WORST = 5


@dataclass(frozen=True)
class Company:
    """What was due and done, and where to look further."""

    cycle: str
    counted: Completion
    console: str
    last_sync: str
    """When the workspace was read last, in words."""


def completion(view: Company) -> Card:
    """The whole company, then the teams in which most check-ins were missed."""
    rates = tuple(_rate(NAMES[kind], view.counted.everybody.rate(kind)) for kind in NAMES)
    behind = sorted(
        (line for line in view.counted.teams if line.rate(Kind.CHECK_IN).level in ("bad", "warn")),
        key=lambda line: (line.rate(Kind.CHECK_IN).share or 0.0, line.team),
    )
    teams: tuple[Widget, ...] = tuple(
        Row(line.team or "No team", below=_told(line.rate(Kind.CHECK_IN)), icon=Icon.PEOPLE) for line in behind[:WORST]
    )
    more = (Text(f"… and {plural(len(behind) - WORST, 'more team')}"),) if len(behind) > WORST else ()
    sections = (Section(rates), Section((*teams, *more), "Check-ins most often missed"))
    main = Button("Open company page", Open(view.console), Look.FILLED)
    return Card("Completion", sections, f"{view.cycle} · read {view.last_sync}", main, name="company")


def _rate(name: str, rate: Rate) -> Row:
    return Row(name, below=_told(rate), icon=Icon.TICKET)


def _told(rate: Rate) -> str:
    if rate.share is None:
        return "nothing was due yet"
    shown = int(rate.share * 100)
    return f"{bar(shown)} {shown} % · {rate.done} of {rate.due}"
