"""The card beside a check-in: what is worth raising, goals, open actions, the last notes. Pure.

It may stand beside the document while both look at one screen, so it shows only what both may read; what is for the
manager alone is a number, and a card of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from addon.cards.phrases import quote, when
from addon.cards.widgets import Button, Card, Do, Icon, Look, Open, Row, Section, Text, Widget
from addon.my.cards import SHOWN, actions, goal_row, show_goal
from addon.my.looking import GoalLine
from addon.web.filters import day, kind_name, plural
from sync.records import ActionItem, Entry, EntryKind

OLD_ACTION = timedelta(days=45)
RECENT = timedelta(days=45)
MOST_RAISED = 6


@dataclass(frozen=True)
class CheckIn:
    """A check-in as one of the two sees it. *notes* are what both may read, newest first."""

    about: str
    """The id of the person whose check-in it is."""
    name: str
    """Of that person."""
    with_whom: str
    """The other one of the two."""
    today: date
    on: date | None
    """None while no day is known."""
    goals: tuple[GoalLine, ...]
    actions: tuple[ActionItem, ...]
    notes: tuple[Entry, ...]
    authors: tuple[tuple[str, str], ...]
    """Id and name of who wrote them."""
    at: str
    """The key of its document where that is open, otherwise ""."""
    address: str = ""
    """Where its document opens; "" where it is open already or does not exist yet."""
    is_made: bool = True
    lead_days: int = 7
    only_mine: int = 0
    """How many points only I noted and never raised."""
    console: str = ""
    may_write_goals: bool = True
    told: tuple[str, ...] = ()


def check_in(view: CheckIn) -> Card:
    """What two people need beside their check-in."""
    sections = (
        Section(tuple(Row(one, icon=Icon.BOOKMARK) for one in view.told)),
        Section(tuple(_raised(view)), "Worth raising", SHOWN),
        Section(
            tuple(goal_row(one, view.today, show_goal(one, view.at) if view.may_write_goals else None) for one in view.goals),
            "Goals",
            SHOWN + 1,
        ),
        actions(view.actions, (("at", view.at), ("card", "check-in")), view.today),
        Section(tuple(_notes(view)), "Last notes", SHOWN),
        Section(() if view.is_made else (Text(f"Its document is made {view.lead_days} days ahead."),)),
    )
    note = Button(
        "Quick note", Do("show", (("card", "note"), ("about", view.about))), Look.OUTLINED if view.address else Look.FILLED
    )
    main, other = (Button("Open document", Open(view.address), Look.FILLED), note) if view.address else (note, None)
    subtitle = when(view.on, view.today) if view.on else "No day yet"
    return Card(f"Check-in with {view.with_whom}", sections, subtitle, main, other, name="check-in")


def worth_raising(view: CheckIn) -> Sequence[str]:
    """What to talk about, the most telling first: what is in the way, what is late, what nobody updated, what went well."""
    recent = [one for one in view.notes if view.today - one.happened_on <= RECENT]
    found = [f"In the way: {quote(one.text)}" for one in recent if one.kind is EntryKind.BLOCKER][:2]
    found += [
        f"Open since {day(one.opened_on)}: {one.text}" for one in view.actions if view.today - one.opened_on > OLD_ACTION
    ][:2]
    off = [one for one in view.goals if one.goal.status.strip().casefold() in ("off track", "at risk")]
    found += [f"{one.goal.status.strip().capitalize()}: {one.goal.title}" for one in off][:2]
    stale = [one for one in view.goals if one not in off and (one.standing.stale or one.standing.progress is None)]
    if stale:
        found.append(f"{plural(len(stale), 'goal has', 'goals have')} no recent value: {stale[0].goal.title}")
    found += [f"Went well: {quote(one.text)}" for one in recent if one.kind in (EntryKind.WIN, EntryKind.RECOGNITION)][:1]
    return found[:MOST_RAISED]


def _raised(view: CheckIn) -> Iterable[Widget]:
    if view.only_mine:
        points = plural(view.only_mine, "point that only you noted", "points that only you noted")
        yield Row(f"{points} and never raised", icon=Icon.PERSON, click=Open(view.console) if view.console else None)
    found = worth_raising(view)
    yield from (Row(one) for one in found)
    if not found and not view.only_mine:
        yield Text("Nothing is late or stuck. Ask what would help most until next time.")


def _notes(view: CheckIn) -> Iterable[Widget]:
    names = dict(view.authors)
    for one in view.notes[: 2 * SHOWN]:
        who = names.get(one.by, "")
        above = " · ".join(part for part in (kind_name(one.kind.value).capitalize(), day(one.happened_on), who) if part)
        yield Row(quote(one.text), above=above)
