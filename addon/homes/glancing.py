"""Keep the glance on home pages up to date, where the workspace has such pages. What did not change costs no call.

A home page is read by HR, too, who do not read check-ins: it says how many actions are open and leads to them, never what
they are.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from addon.company import Company
from addon.web.addresses import where
from connectors.glances import Glance, Line, Outcome, Shown, ShowsGlances, said
from connectors.workspace import Failed
from sync.records import Artifact, ArtifactState, Cycle, Finding, Leave, Person
from sync.schedule import check_in_days
from sync.store.queries import artifacts, connections, cycles, glances, ledger, people
from templates.shapes import Kind

TITLE = "At a glance"
AHEAD = timedelta(days=100)
MOST_AT_ONCE = 300
"""Homes that one run brings up to date; the rest follow in the next one, so that a sync never waits for all of a company."""
_KINDS = {Kind.GOAL_SHEET: "Goals", Kind.QUICK_NOTES: "Quick notes", Kind.SELF_REVIEW: "Self review"}


@dataclass(frozen=True)
class Known:
    """What a glance is made of, for one person."""

    person: Person
    papers: Sequence[Artifact]
    open_actions: int


def refresh(company: Company) -> dict[str, int]:
    """Say on homes what has changed; how many of each outcome. Raises WorkspaceError."""
    if company.workspace_name != "notion":
        return {}
    workspace = company.workspace
    if not isinstance(workspace, ShowsGlances):
        return {}
    wanted = _wanted(company)
    counts: Counter[str] = Counter()
    kept: list[glances.Kept] = []
    told: list[Finding] = []
    hashes = {one.owner_id: _hash(one.lines) for one in wanted}
    for result in workspace.glance(wanted):
        if isinstance(result, Failed):
            counts["failed"] += 1
            continue
        counts[result.outcome.value] += 1
        kept.append(glances.Kept(result.owner_id, hashes[result.owner_id], result.block, result.written))
        if result.outcome is Outcome.BESIDE:
            told.append(_beside(company, result))
    with company.store.write() as tx:
        glances.keep(tx, kept)
        if told:
            ledger.replace_findings(tx, "notion", [one.subject for one in told], told, company.now)
    return {f"homes {outcome}": count for outcome, count in counts.items()}


def _beside(company: Company, one: Shown) -> Finding:
    name = company.directory.name(one.owner_id)
    message = f"Somebody wrote into the glance on the home page of {name}: their words stay, and a new one stands above them."
    return Finding(f"home/{one.owner_id}", "home", message)


def _wanted(company: Company) -> list[Glance]:
    """The homes whose glance says something else than it should."""
    with company.store.read() as tx:
        cycle = cycles.running(tx, company.today)
        found = connections.get(tx, "notion")
        if cycle is None or found is None:
            return []
        papers: dict[str, list[Artifact]] = {}
        for one in artifacts.all_artifacts(tx, "notion", cycle.id):
            papers.setdefault(one.person_id, []).append(one)
        open_ones = Counter(one.person_id for one in ledger.actions(tx, cycle.id) if one.closed_on is None)
        leave, kept = people.leave(tx), glances.everyone(tx)
    away: dict[str, list[Leave]] = {}
    for day in leave:
        away.setdefault(day.person_id, []).append(day)
    wanted = []
    for person in company.people:
        if person.id not in papers or not person.active(company.today):
            continue
        known = Known(person, papers[person.id], open_ones[person.id])
        lines = glance_of(known, cycle, away.get(person.id, ()), company.today, company.settings.base_url)
        before = kept.get(person.id)
        if before is None or before.hash != _hash(lines):
            wanted.append(Glance(person.id, lines, before.block if before else "", before.written if before else ""))
    return wanted[:MOST_AT_ONCE]


def glance_of(known: Known, cycle: Cycle, leave: Sequence[Leave], today: date, console: str) -> tuple[Line, ...]:
    """What a home says. Pure."""
    return (Line(TITLE), *_meeting(known, cycle, leave, today), *_actions(known), *_places(known, console))


def _meeting(known: Known, cycle: Cycle, leave: Sequence[Leave], today: date) -> Iterator[Line]:
    ahead = [one for one in _check_ins(known) if one.due and one.due >= today]
    days = [day for day in check_in_days(cycle, known.person, leave, today + AHEAD) if day >= today]
    if ahead and ahead[0].due and (not days or ahead[0].due <= days[0]):
        yield Line(f"Next check-in: {_day(ahead[0].due)}", where(ahead[0], "notion").address)
    elif days:
        yield Line(f"Next check-in: {_day(days[0])}")


def _actions(known: Known) -> Iterator[Line]:
    """How many are open, with the check-in in which they stand."""
    latest = _check_ins(known)[-1:]
    if known.open_actions and latest:
        words = "1 open action" if known.open_actions == 1 else f"{known.open_actions} open actions"
        yield Line(words, where(latest[0], "notion").address)


def _places(known: Known, console: str) -> Iterator[Line]:
    standing = {one.kind: one for one in known.papers if one.state is ArtifactState.LINKED}
    for kind, title in _KINDS.items():
        if kind in standing:
            yield Line(title, where(standing[kind], "notion").address)
    if console:
        yield Line("Everything in Throughline", console)


def _check_ins(known: Known) -> list[Artifact]:
    standing = [one for one in known.papers if one.kind is Kind.CHECK_IN and one.state is ArtifactState.LINKED]
    return sorted(standing, key=lambda one: (one.due or date.min, one.key))


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _hash(lines: Sequence[Line]) -> str:
    return hashlib.sha256(f"{said(lines)}\n\n{[line.target for line in lines]}".encode()).hexdigest()
