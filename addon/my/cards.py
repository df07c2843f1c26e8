"""The cards of one's own day: what is next, goals and their values, a quick note, a word of recognition. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from addon.cards.phrases import progress, when
from addon.cards.widgets import (
    Button,
    Buttons,
    Card,
    Choice,
    Click,
    Do,
    Field,
    Icon,
    Look,
    Open,
    Row,
    Section,
    Text,
    Tick,
    Widget,
)
from addon.my.looking import GoalLine
from addon.web.filters import amount, day, plural, unit, with_days
from sync.goals import is_yes_no
from sync.quick_notes import LONGEST
from sync.records import ActionItem

SHOWN = 3
LACKING = {
    "measure": "how you will know",
    "start": "a start value",
    "target": "a target",
    "parent": "what it serves",
    "due": "a day",
}
NO_GOALS = "There is no goal in the sheet yet. Write the first one there: what will be different, and how you will know."
READERS = (("shared", "Both: the person and their manager"), ("mine", "Only me"))
OWN_READERS = (("shared", "My manager and I"), ("mine", "Only me"))
RECOGNITION_READERS = (("shared", "The person and their manager"), ("manager", "Their manager only"))


@dataclass(frozen=True)
class Meeting:
    """A check-in on its way: with whom, when, and where its document is ("" until it is made)."""

    about: str
    with_whom: str
    day: date
    address: str = ""


@dataclass(frozen=True)
class Day:
    """What one's day shows."""

    today: date
    meetings: tuple[Meeting, ...]
    actions: tuple[ActionItem, ...]
    goals: tuple[GoalLine, ...]
    console: str
    may_ask_for_file: bool = False
    """Whether a document is open of which we may not know which one it is."""
    sees_company: bool = False
    told: tuple[str, ...] = ()
    name: str = ""


def my_day(view: Day) -> Card:
    """What is next, what is open, how the goals stand."""
    sections = (
        Section(tuple(Row(one, icon=Icon.BOOKMARK) for one in view.told)),
        Section(tuple(_meetings(view)), "Next check-ins", SHOWN),
        Section(_this_document(view)),
        actions(view.actions, (("at", ""),), view.today),
        Section(tuple(_goals_in_short(view.goals))),
        Section(
            (
                Buttons((Button("Quick note", Do("show", (("card", "note"),))), Button("Recognise", _recognise("")))),
                *([Row("Completion", icon=Icon.PEOPLE, click=Do("show", (("card", "company"),)))] if view.sees_company else []),
            )
        ),
    )
    main = Button("Open Throughline", Open(view.console), Look.FILLED)
    return Card("My day", sections, day(view.today), main, name="day")


def _meetings(view: Day) -> Iterable[Widget]:
    if not view.meetings:
        yield Text("None is planned. Check-ins appear here as soon as their day is known.")
    for one in view.meetings:
        yield Row(
            one.with_whom,
            above=when(one.day, view.today),
            icon=Icon.EVENT,
            click=Do("show", (("card", "check-in"), ("about", one.about))),
            end=Button("Open", Open(one.address), Look.QUIET) if one.address else None,
        )


def _this_document(view: Day) -> tuple[Widget, ...]:
    if not view.may_ask_for_file:
        return ()
    return (
        Text("Is this a check-in, a goal sheet or a review? Then its card can stand here."),
        Buttons((Button("Use with this document", Do("grant")),)),
    )


def actions(those: Iterable[ActionItem], carried: tuple[tuple[str, str], ...], today: date) -> Section:
    """Open actions, each with a box to tick; *carried* says to which card the answer goes back."""
    rows = []
    for one in those:
        below = " · ".join(
            part for part in (one.owner, f"by {with_days(one.due)}" if one.due else "", f"since {day(one.opened_on)}") if part
        )
        do = Do("tick", (("about", one.person_id), ("action", one.key), *carried))
        rows.append(Row(one.text, below=below, end=Tick(f"action-{one.key}", do)))
    return Section(tuple(rows), f"Open actions ({len(rows)})", SHOWN)


def _goals_in_short(goals: tuple[GoalLine, ...]) -> Iterable[Widget]:
    if not goals:
        return
    stale = sum(one.standing.stale or one.standing.progress is None for one in goals)
    words = f"{stale} without a recent value" if stale else "all with a recent value"
    yield Row(plural(len(goals), "goal"), below=words, icon=Icon.STAR, click=Do("show", (("card", "goals"),)))


# ---------------------------------------------------------------- goals


@dataclass(frozen=True)
class Goals:
    """The goals of somebody: *whose* says so in the title; *lacking* by goal id, as `sync.goals.lacking` names it."""

    about: str
    whose: str
    lines: tuple[GoalLine, ...]
    lacking: tuple[tuple[str, tuple[str, ...]], ...]
    today: date
    may_write: bool
    at: str
    """The key of the goal sheet that is open, "" for none."""
    address: str = ""
    console: str = ""
    told: tuple[str, ...] = ()


def goal_sheet(view: Goals) -> Card:
    """Every goal with where it stands, how old that is, and what it does not say."""
    fresh = sum(one.standing.known is not None for one in view.lines)
    lacking = dict(view.lacking)
    rows = tuple(_goal(one, lacking.get(one.goal.id, ()), view) for one in view.lines)
    nothing = (
        Text("There is no goal in the sheet yet. Write the first one there: what will be different, and how you will know."),
    )
    sections = (Section(tuple(Row(one, icon=Icon.BOOKMARK) for one in view.told)), Section(rows or nothing))
    subtitle = f"{fresh} of {len(view.lines)} with a recent value" if view.lines else ""
    return Card(view.whose, sections, subtitle, _to_document(view.address, "Open the sheet", view.console), name="goals")


def goal_row(line: GoalLine, today: date, click: Click | None, end: Button | None = None, more: str = "") -> Row:
    """One goal with its status above and its progress below."""
    above = line.goal.status[:1].upper() + line.goal.status[1:] or ("No recent value" if line.standing.stale else "")
    below = " · ".join(part for part in (progress(line, today), more) if part)
    return Row(line.goal.title or "A goal without a title", above=above, below=below, click=click, end=end)


def _goal(line: GoalLine, lacking: tuple[str, ...], view: Goals) -> Row:
    more = f"lacks {', '.join(LACKING[one] for one in lacking)}" if lacking else ""
    end = Button("Update", show_goal(line, view.at), Look.QUIET) if view.may_write else None
    return goal_row(line, view.today, None, end, more)


def show_goal(line: GoalLine, at: str) -> Do:
    """To the form of its value."""
    return Do("show", (("card", "goal"), ("about", line.goal.person_id), ("goal", line.goal.id), ("at", at)))


def goal_value(line: GoalLine, at: str, today: date) -> Card:
    """The form of a goal's new value."""
    goal = line.goal
    facts = [Row(progress(line, today), above="Now")]
    if not is_yes_no(goal):
        facts.append(Row(f"{amount(goal.start)} → {amount(goal.target)}{unit(goal.unit)}", above="Start and target"))
    field: Widget
    if is_yes_no(goal):
        field = Choice("value", "Reached?", (("1", "Yes"), ("0", "Not yet")), "1" if goal.now else "0")
    else:
        field = Field(
            "value",
            f"New value, in{unit(goal.unit)}" if unit(goal.unit) else "New value",
            "A figure, such as 12 or 4.5",
            limit=20,
        )
    carried = (("about", goal.person_id), ("goal", goal.id), ("was", "" if goal.now is None else repr(goal.now)), ("at", at))
    main = Button("Write it into the sheet", Do("value", carried, ("value",)), Look.FILLED)
    told = Text("It is written in a moment; a value that somebody typed meanwhile is never overwritten.")
    return Card(goal.title or "A goal without a title", (Section((*facts, field, told)),), "New value", main, name="goal")


# ---------------------------------------------------------------- writing


@dataclass(frozen=True)
class Writing:
    """What a form about people needs. *nonce* makes one note of a form that is sent twice."""

    me: str
    nonce: str
    about: str = ""
    team: tuple[tuple[str, str], ...] = ()
    """Ids and names of those whom I manage."""
    text: str = ""


def note(view: Writing) -> Card:
    """A quick note, about oneself or about somebody in one's team."""
    widgets: list[Widget] = []
    if view.team:
        widgets.append(Choice("about", "About", ((view.me, "Me"), *view.team), view.about or view.me, is_list=True))
    widgets += [
        Field("text", "What happened?", "A sentence or two, while you remember it", view.text, LONGEST, is_long=True),
        Choice("readers", "Who reads it", READERS if view.team else OWN_READERS, "shared"),
    ]
    carried = (("nonce", view.nonce), *((("about", view.about),) if view.about and not view.team else ()))
    main = Button("Save", Do("note", carried, ("text",)), Look.FILLED)
    return Card("Quick note", (Section(tuple(widgets)),), main=main, name="note")


def recognition(view: Writing) -> Card:
    """A word of recognition to anybody in the company."""
    fields = (
        Field("to", "To whom", "Their work address or full name", view.about),
        Field("text", "What did they do, and what came of it?", "", view.text, LONGEST, is_long=True),
        Choice("readers", "Who reads it", RECOGNITION_READERS, "shared"),
    )
    main = Button("Send", Do("recognise", (("nonce", view.nonce),), ("to", "text")), Look.FILLED)
    return Card("Recognise somebody", (Section(fields),), "It stands under your name", main, name="recognition")


def _recognise(address: str) -> Do:
    return Do("show", (("card", "recognition"), *((("to", address),) if address else ())))


def _to_document(address: str, words: str, console: str) -> Button | None:
    if address:
        return Button(words, Open(address), Look.FILLED)
    return Button("Open Throughline", Open(console), Look.FILLED) if console else None


def plain_card(title: str, sentence: str, console: str = "") -> Card:
    """A card that says one thing."""
    return Card(title, (Section((Text(sentence),)),), main=_to_document("", "", console))
