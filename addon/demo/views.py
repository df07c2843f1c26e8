"""The demo's pages: choose whose eyes to look through, see what that person may see, and open the source of each sentence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, abort, current_app, render_template

from addon.company import Company
from sync import goals as progress
from sync.access import Action, Directory, Paper, Phase, Viewer, can, visible
from sync.records import Artifact, Cycle, Draft, Entry, Goal, Person, Statement
from sync.schedule import cadence_days
from sync.store import Transaction
from sync.store.queries import artifacts, ledger, people, reviews
from templates.shapes import Kind

pages = Blueprint("demo", __name__)


@dataclass(frozen=True)
class Look:
    """Who looks, when, at which cycle."""

    company: Company
    viewer: Viewer
    me: Person
    cycle: Cycle
    today: date

    @property
    def directory(self) -> Directory:
        """Everybody."""
        return self.viewer.directory


def _look(viewer_id: str) -> Look:
    company: Company = current_app.extensions["company"]
    directory = company.directory
    me = directory.person(viewer_id)
    if me is None:
        abort(404)
    return Look(company, Viewer(viewer_id, directory), me, company.cycle(None), company.today)


@pages.get("/")
def choose() -> str:
    """Everybody, to choose whose eyes to look through."""
    company: Company = current_app.extensions["company"]
    directory = company.directory
    with company.store.read() as tx:
        organisation = people.setting(tx, "organisation")
        counts = {
            "people": people.count(tx),
            "documents": artifacts.count(tx),
            "entries": ledger.count(tx),
            "drafts": reviews.draft_counts(tx)[0],
            "unsupported sentences": reviews.draft_counts(tx)[1],
        }
    today = company.today

    def row(one: Person) -> tuple[Person, str, int]:
        return one, directory.name(one.manager_at(today)), len(directory.reports_at(one.id, today))

    rows = sorted(map(row, directory.people), key=lambda row: (-row[2], row[0].name))
    return render_template("demo/choose.html", organisation=organisation, rows=rows, counts=counts, today=today)


@pages.get("/as/<viewer_id>/")
def mine(viewer_id: str) -> str:
    """What this person may see of themself, and whom they manage."""
    look = _look(viewer_id)
    team = look.directory.reports_at(look.me.id, look.today)
    with look.company.store.read() as tx:
        drafted = {draft.person_id for draft in reviews.drafts(tx, look.cycle.id) if draft.writer_id == look.me.id}
        released = set(reviews.releases(tx, look.cycle.id))
    return render_template(
        "demo/person.html", look=look, team=team, drafted=drafted, released=released, **_about(look, look.me)
    )


@pages.get("/as/<viewer_id>/person/<person_id>/")
def person(viewer_id: str, person_id: str) -> str:
    """What this viewer may see of that person; nothing at all is a 404."""
    look = _look(viewer_id)
    about = look.directory.person(person_id)
    shown = _about(look, about) if about else {}
    if about is None or not any(shown[name] for name in ("standings", "entries", "draft", "documents")):
        abort(404)
    return render_template("demo/person.html", look=look, team=(), drafted=set(), released=set(), **shown)


def _about(look: Look, about: Person) -> dict[str, Any]:
    with look.company.store.read() as tx:
        entries = visible(look.viewer, ledger.about(tx, about.id, look.cycle.start), look.today)
        goals = ledger.goals(tx, look.cycle.id, about.id)
        values = ledger.goal_values(tx, look.cycle.id, about.id)
        drafts = reviews.drafts(tx, look.cycle.id, about.id)
        papers = artifacts.of_person(tx, about.id)
        release = reviews.releases(tx, look.cycle.id).get(about.id)
    sees_goals = can(look.viewer, Action.READ, Paper(Kind.GOAL_SHEET, about.id), look.today)
    days = cadence_days(look.cycle.cadences, about, look.today, look.cycle.cadences[0].cadence)
    draft = next((one for one in drafts if _may_read(look, one)), None)
    return {
        "about": about,
        "manager": look.directory.name(about.manager_at(look.today)),
        "entries": entries[::-1],
        "standings": _standings(goals, values, look.today, days) if sees_goals else [],
        "draft": draft,
        **_shown(look, draft),
        "documents": [paper for paper in papers if _may_open(look, paper)],
        "release": release,
        "names": look.directory.name,
    }


def _standings(goals: Sequence[Goal], values: Any, today: date, days: int) -> list[tuple[Goal, progress.Standing]]:
    there = [goal for goal in goals if not goal.removed]
    return [(goal, progress.standing(goal, values.get(goal.id, ()), today, days)) for goal in there]


def _may_read(look: Look, draft: Draft) -> bool:
    kind = Kind.SELF_REVIEW if draft.writer_id == draft.person_id else Kind.MANAGER_REVIEW
    return draft.writer_id == look.me.id and can(
        look.viewer, Action.READ, Paper(kind, draft.person_id, draft.writer_id), look.today
    )


def _may_open(look: Look, paper: Artifact) -> bool:
    phase = Phase.RELEASED if paper.kind is Kind.RELEASED_REVIEW else Phase.DRAFT
    subject = Paper(paper.kind, paper.person_id, paper.other_id, phase, paper.due)
    return can(look.viewer, Action.READ, subject, look.today)


def _shown(look: Look, draft: Draft | None) -> dict[str, Any]:
    """The sentences of *draft* whose sources the viewer can open, those sources, and how many sentences have lost theirs."""
    if draft is None:
        return {"sections": [], "sources": {}, "stale": 0, "for_you": 0}
    sources = _sources(look, draft)
    holding = [one for one in draft.statements if _holds(one, sources)]
    # A connective that is left without a sentence of its section would open nothing.
    filled = {one.section for one in holding if one.citations}
    kept = [one for one in holding if one.citations or one.section in filled]
    with look.company.store.read() as tx:
        only_mine = _current(tx, look, draft.for_you)
    stale = len(draft.statements) - len(holding)
    return {"sections": _sections(kept), "sources": sources, "stale": stale, "for_you": len(only_mine)}


def _holds(statement: Statement, sources: Mapping[str, tuple[Entry, str]]) -> bool:
    """Whether every source is there for the viewer, in the words that the statement was made from."""
    return all(one.entry_id in sources and sources[one.entry_id][0].hash == one.hash for one in statement.citations)


def _sections(statements: Iterable[Statement]) -> list[tuple[str, list[tuple[str, list[Statement]]]]]:
    """Statements by section and heading."""
    found: dict[str, dict[str, list[Statement]]] = {}
    for statement in statements:
        found.setdefault(statement.section, {}).setdefault(statement.heading, []).append(statement)
    return [(section, list(headings.items())) for section, headings in found.items()]


def _sources(look: Look, draft: Draft) -> dict[str, tuple[Entry, str]]:
    """Each cited entry that the viewer may still read, with the file it stands in."""
    ids = [citation.entry_id for statement in draft.statements for citation in statement.citations]
    with look.company.store.read() as tx:
        entries = _current(tx, look, ids)
        refs = {key: paper.ref for key, paper in artifacts.by_keys(tx, {entry.artifact_key for entry in entries}).items()}
    return {entry.id: (entry, refs.get(entry.artifact_key, "")) for entry in entries}


def _current(tx: Transaction, look: Look, ids: Collection[str]) -> tuple[Entry, ...]:
    """Those of the entries *ids* that still hold and that the viewer may read."""
    gone = ledger.superseded(tx, ids)
    return visible(look.viewer, (one for one in ledger.by_ids(tx, ids).values() if one.id not in gone), look.today)
