"""What each card shows: gathered from the store in few queries, and only what the viewer may see. No platform is asked."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import url_for

from addon.cards.phrases import said_of_edits
from addon.cards.widgets import Card
from addon.my import cards as my_cards
from addon.my import looking
from addon.my.looking import Document
from addon.reviews import cards as review_cards
from addon.reviews import gathering as reviews_gathering
from addon.status import cards as status_cards
from addon.status.gathering import completion
from addon.team import cards as team_cards
from addon.web.addresses import where
from addon.web.filters import moment
from addon.web.seat import Seat
from sync.access import Action, Paper, Relation, relations, visible
from sync.access import Viewer as Looking
from sync.goals import lacking
from sync.records import Artifact, Cycle, Entry, EntryKind, Person
from sync.review.service import Desk, owed
from sync.schedule import check_in_days
from sync.store import Transaction
from sync.store.queries import artifacts, cycles, document_edits, ledger, overviews
from sync.store.queries import people as directory
from sync.store.queries.review_acts import Standing as ActStanding
from templates.shapes import Kind, TableShape

AHEAD = timedelta(days=14)
"""How far ahead the check-ins with one's team are shown."""
MOST_MEETINGS = 8
NOTES_SINCE = timedelta(days=120)
TOLD_FOR = timedelta(days=2)
"""How long a card tells what became of what was asked for."""
NO_NOTES = frozenset(
    {EntryKind.GOAL, EntryKind.GOAL_VALUE, EntryKind.AGENDA, EntryKind.ACTION, EntryKind.REVIEW_TEXT, EntryKind.OTHER}
)
NO_CYCLE = "HR has not begun a period yet. Your check-ins, goals and reviews appear here as soon as there is one."


@dataclass(frozen=True)
class Table:
    """Where the cards of one call are laid: for whom, and where the console is."""

    mine: Seat
    base: str

    def page(self, endpoint: str, person_id: str = "") -> str:
        """The address of a page of the console, of somebody where it is about one."""
        return self.base + (url_for(endpoint, person_id=person_id) if person_id else url_for(endpoint))


@dataclass(frozen=True)
class Opened:
    """What is open in the application: a document of ours, or one of which we may not know which it is."""

    artifact: Artifact | None = None
    is_unknown: bool = False


def artifact_of(mine: Seat, document_id: str) -> Artifact | None:
    """The artifact that is this file, as far as the viewer may open it; otherwise it is a file like any other."""
    if not document_id:
        return None
    with mine.company.store.read() as tx:
        found = artifacts.by_refs(tx, looking.workspace_name(tx), [document_id]).get(document_id)
    return found if found is not None and looking.may_open(mine, found) else None


def artifact_at(mine: Seat, key: str) -> Artifact | None:
    """The artifact of that key, as far as the viewer may open it."""
    if not key:
        return None
    with mine.company.store.read() as tx:
        found = artifacts.get(tx, key)
    return found if found is not None and looking.may_open(mine, found) else None


def root(table: Table, opened: Opened) -> Card:
    """The card of what is open; of anything else, my day."""
    artifact = opened.artifact
    made = _OF_KIND[artifact.kind](table, artifact) if artifact is not None and artifact.kind in _OF_KIND else None
    return made or day(table, opened)


# ---------------------------------------------------------------- my day


def day(table: Table, opened: Opened = Opened()) -> Card:
    """What is next for me."""
    mine = table.mine
    cycle = mine.cycle
    console = table.page("my.today")
    if cycle is None:
        return my_cards.plain_card("My day", NO_CYCLE, console)
    with mine.company.store.read() as tx:
        papers = looking.documents(mine, tx, mine.me)
        coming = looking.next_check_in(mine, tx, mine.me, cycle, papers) if mine.me.takes_part else None
        view = my_cards.Day(
            today=mine.today,
            meetings=_meetings(table, tx, cycle, coming),
            actions=looking.open_actions(mine, tx, mine.me, cycle),
            goals=looking.goal_lines(mine, tx, mine.me, cycle),
            console=console,
            may_ask_for_file=opened.is_unknown,
            sees_company=mine.may(Action.PROVISION),
            told=_told(mine, tx, mine.me.id),
        )
    return my_cards.my_day(view)


def _meetings(table: Table, tx: Transaction, cycle: Cycle, coming: looking.NextCheckIn | None) -> tuple[my_cards.Meeting, ...]:
    """My own next check-in, and those with my team in the next two weeks."""
    mine = table.mine
    found = _with_team(table, tx, cycle)
    if coming is not None:
        manager = mine.directory.name(mine.me.manager_at(coming.day)) or "My manager"
        address = coming.document.where.address if coming.document else ""
        found.append(my_cards.Meeting(mine.me.id, f"{manager} (about me)" if mine.team else manager, coming.day, address))
    return tuple(sorted(found, key=lambda one: (one.day, one.with_whom))[:MOST_MEETINGS])


def _with_team(table: Table, tx: Transaction, cycle: Cycle) -> list[my_cards.Meeting]:
    mine, until = table.mine, table.mine.today + AHEAD
    if not mine.team:
        return []
    ids = [one.id for one in mine.team]
    planned = overviews.planned(tx, cycle.id, ids, [Kind.CHECK_IN])
    leave = directory.leave_of(tx, ids)
    near = {
        person.id: min(
            (one for one in planned.get(person.id, []) if one.due and mine.today <= one.due <= until),
            key=lambda one: str(one.due),
            default=None,
        )
        for person in mine.team
    }
    papers = artifacts.by_keys(tx, [one.key for one in near.values() if one])
    name = looking.workspace_name(tx)
    found = []
    for person in mine.team:
        made = near[person.id]
        days = [one for one in check_in_days(cycle, person, leave, until) if one >= mine.today]
        if made is not None and made.due is not None and (not days or made.due <= days[0]):
            address = where(papers[made.key], name).address if made.key in papers else ""
            found.append(my_cards.Meeting(person.id, person.name, made.due, address))
        elif days:
            found.append(my_cards.Meeting(person.id, person.name, days[0]))
    return found


def _told(mine: Seat, tx: Transaction, about: str) -> tuple[str, ...]:
    return said_of_edits(document_edits.asked_by(tx, mine.me.id, about, mine.company.real_now - TOLD_FOR))


# ---------------------------------------------------------------- check-ins


def check_in(table: Table, about_id: str, artifact: Artifact | None = None) -> Card | None:
    """The check-in of somebody, the next one where no document of one is open; None where I have no part in it."""
    mine = table.mine
    about = mine.directory.person(about_id)
    if about is None or not (artifact or mine.may(Action.READ, Paper(Kind.CHECK_IN, about_id))):
        return None
    with mine.company.store.read() as tx:
        cycle = cycles.get(tx, artifact.cycle_id) if artifact else mine.cycle
        if cycle is None:
            return None
        papers = looking.documents(mine, tx, about)
        coming = None if artifact else looking.next_check_in(mine, tx, about, cycle, papers)
        on = artifact.due if artifact else coming.day if coming else None
        manager_id = about.manager_at(on or mine.today)
        other = mine.directory.person(manager_id if about.id == mine.me.id else about.id)
        made = coming.document if coming else None
        notes = _for_both(table, looking.known(mine, tx, about, mine.today - NOTES_SINCE), other)
        may_write = mine.may(Action.WRITE, Paper(Kind.GOAL_SHEET, about.id))
        goals = looking.goal_lines(mine, tx, about, cycle)
        open_ones = looking.open_actions(mine, tx, about, cycle)
        told = _told(mine, tx, about.id)
    manages = Relation.MANAGER in relations(mine.viewer, about.id, mine.today)
    return team_cards.check_in(
        team_cards.CheckIn(
            about=about.id,
            name=about.name,
            with_whom=other.name if other else "my manager",
            today=mine.today,
            on=on,
            goals=goals,
            actions=open_ones,
            notes=notes,
            authors=tuple({one.by: mine.directory.name(one.by) for one in notes}.items()),
            at=artifact.key if artifact else "",
            address=made.where.address if made else "",
            is_made=artifact is not None or made is not None,
            lead_days=mine.company.settings.lead_days,
            only_mine=_only_mine(mine, about, cycle) if manages else 0,
            console=table.page("reviews.bench", person_id=about.id) if manages else table.page("my.today"),
            may_write_goals=may_write,
            told=told,
        )
    )


def _for_both(table: Table, entries: Sequence[Entry], other: Person | None) -> tuple[Entry, ...]:
    """Those of *entries* that the other one may read as well: both may look at one screen."""
    told = [one for one in entries if one.kind not in NO_NOTES]
    if other is None or other.id == table.mine.me.id:
        return tuple(told)
    return visible(Looking(other.id, table.mine.directory), told, table.mine.today)


def _only_mine(mine: Seat, about: Person, cycle: Cycle) -> int:
    desk = Desk(mine.company.store, cycle, mine.company.pack(cycle), mine.directory)
    return owed(desk, mine.me.id, [about], today=mine.today).get(about.id, 0)


def meeting(table: Table, guests: Sequence[str]) -> Card | None:
    """The check-in of the two who meet, when they are a person and their manager."""
    mine = table.mine
    by_email = {one.email: one for one in mine.directory.people if one.active(mine.today)}
    others = [by_email[one] for one in guests if one in by_email and one != mine.me.email]
    if len(others) != 1 or len([one for one in guests if one != mine.me.email]) != 1:
        return None
    (other,) = others
    if mine.me.manager_at(mine.today) == other.id:
        return check_in(table, mine.me.id)
    if other.manager_at(mine.today) == mine.me.id:
        return check_in(table, other.id)
    return None


# ---------------------------------------------------------------- goals


def goals(table: Table, about_id: str, artifact: Artifact | None = None) -> Card | None:
    """The goals of somebody; None where I may not see them."""
    mine = table.mine
    about = mine.directory.person(about_id)
    if about is None or not mine.may(Action.READ, Paper(Kind.GOAL_SHEET, about_id)):
        return None
    with mine.company.store.read() as tx:
        cycle = cycles.get(tx, artifact.cycle_id) if artifact else mine.cycle
        if cycle is None:
            return None
        lines = looking.goal_lines(mine, tx, about, cycle)
        sheet = None if artifact else _sheet(looking.documents(mine, tx, about), cycle)
        told = _told(mine, tx, about.id)
    template = mine.company.pack(cycle).templates.get(Kind.GOAL_SHEET)
    columns = [one.key for one in template.shape.columns] if template and isinstance(template.shape, TableShape) else []
    return my_cards.goal_sheet(
        my_cards.Goals(
            about=about.id,
            whose="My goals" if about.id == mine.me.id else f"Goals of {about.name}",
            lines=lines,
            lacking=tuple((one.goal.id, lacking(one.goal, columns)) for one in lines),
            today=mine.today,
            may_write=mine.may(Action.WRITE, Paper(Kind.GOAL_SHEET, about_id)),
            at=artifact.key if artifact else "",
            address=sheet.where.address if sheet else "",
            console=table.page("my.today") if about.id == mine.me.id else table.page("team.person", person_id=about.id),
            told=told,
        )
    )


def goal(table: Table, about_id: str, goal_id: str, at: str) -> Card | None:
    """The form of one goal's value; None where I may not change it."""
    found = goal_line(table.mine, about_id, goal_id)
    return my_cards.goal_value(found, at, table.mine.today) if found else None


def goal_line(mine: Seat, about_id: str, goal_id: str) -> looking.GoalLine | None:
    """One goal that I may change."""
    about, cycle = mine.directory.person(about_id), mine.cycle
    if about is None or cycle is None or not mine.may(Action.WRITE, Paper(Kind.GOAL_SHEET, about_id)):
        return None
    with mine.company.store.read() as tx:
        return next((one for one in looking.goal_lines(mine, tx, about, cycle) if one.goal.id == goal_id), None)


def _sheet(papers: Sequence[Document], cycle: Cycle) -> Document | None:
    those = (one for one in papers if one.artifact.kind is Kind.GOAL_SHEET and one.artifact.cycle_id == cycle.id)
    return next(those, None)


# ---------------------------------------------------------------- reviews


def review(table: Table, about_id: str, at: str = "", cycle_id: str = "") -> Card | None:
    """The review of somebody that I write, or may read; None where there is none for me."""
    mine = table.mine
    about = mine.directory.person(about_id)
    with mine.company.store.read() as tx:
        cycle = cycles.get(tx, cycle_id) if cycle_id else mine.cycle
    if about is None or cycle is None:
        return None
    desk = Desk(mine.company.store, cycle, mine.company.pack(cycle), mine.directory)
    is_own = about.id == mine.me.id
    found = reviews_gathering.bench(mine, desk, about, mine.me.id)
    if found is None:
        return None
    console = table.page("my_review.shown") if is_own else table.page("reviews.bench", person_id=about.id)
    told = next((_said(one) for one in found.acts.values() if _said(one)), "")
    view = review_cards.Review(about.id, about.name, is_own, found.may_write, found.sheet, at, console, told)
    return review_cards.review(view)


def _said(standing: ActStanding) -> str:
    if standing.busy:
        return "A worker is at your document: it says here what became of it."
    return standing.act.message


# ---------------------------------------------------------------- the company


def company(table: Table) -> Card | None:
    """Completion, for HR and admins."""
    mine = table.mine
    cycle = mine.cycle
    if cycle is None or not mine.may(Action.PROVISION):
        return None
    with mine.company.store.read() as tx:
        last = ledger.last_sync(tx, looking.workspace_name(tx))
        counted = completion(mine, tx, cycle, last)
    read = moment(last) if last else "never"
    return status_cards.completion(status_cards.Company(cycle.label, counted, table.page("status.overview"), read))


# ---------------------------------------------------------------- forms


def writing(table: Table, about_id: str = "", text: str = "") -> my_cards.Writing:
    """A form for a note: about me, or about somebody whom I manage."""
    mine = table.mine
    team = tuple((one.id, one.name) for one in mine.team)
    about = about_id if about_id in dict(team) else ""
    return my_cards.Writing(mine.me.id, secrets.token_urlsafe(12), about, team, text)


_OF_KIND: dict[Kind, Callable[[Table, Artifact], Card | None]] = {
    Kind.CHECK_IN: lambda table, artifact: check_in(table, artifact.person_id, artifact),
    Kind.GOAL_SHEET: lambda table, artifact: goals(table, artifact.person_id, artifact),
    Kind.SELF_REVIEW: lambda table, artifact: review(table, artifact.person_id, artifact.key, artifact.cycle_id),
    Kind.MANAGER_REVIEW: lambda table, artifact: review(table, artifact.person_id, artifact.key, artifact.cycle_id),
}
