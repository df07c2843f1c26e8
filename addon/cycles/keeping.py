"""Create a cycle, change its rhythm, close and open it: for the command line and for the console alike."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from addon.company import Company
from addon.packs.finding import find
from addon.terminal import BadInput
from sync.records import CadenceRule, Cycle
from sync.store.queries import cycles, reviews
from templates.loader import PackError
from templates.meanings import CADENCES

LONGEST_DAYS = 400
REVIEW_BEFORE_END = timedelta(days=14)
REVIEW_AFTER_END = timedelta(days=60)


@dataclass(frozen=True)
class Wanted:
    """What somebody asks for. An empty *cadence* is the pack's, no *review_on* two weeks before the end, no *label* the id."""

    id: str
    start: date
    end: date
    pack: str = "standard"
    cadence: str = ""
    review_on: date | None = None
    label: str = ""


def create(company: Company, wanted: Wanted, actor: str) -> Cycle:
    """The new cycle, with its pack frozen as it is now. Raises BadInput with what does not fit."""
    try:
        loaded = find(wanted.pack)
    except PackError as error:
        raise BadInput(str(error)) from error
    if wanted.cadence and wanted.cadence not in CADENCES:
        raise BadInput(f"{wanted.cadence!r} is no rhythm; there are: {', '.join(CADENCES)}")
    new = Cycle(
        id=wanted.id,
        label=wanted.label or wanted.id,
        start=wanted.start,
        end=wanted.end,
        review_on=wanted.review_on or wanted.end - REVIEW_BEFORE_END,
        opened_on=max(wanted.start, company.today) if company.today <= wanted.end else wanted.start,
        pack_name=loaded.name,
        pack_version=loaded.version,
        cadences=(CadenceRule("company", "", wanted.cadence or loaded.cadence, wanted.start),),
    )
    _require_sensible(new)
    with company.store.write() as tx:
        if cycles.get(tx, new.id):
            raise BadInput(f"the cycle {new.id} exists already: choose another id, or look with `throughline cycle list`")
        cycles.create(tx, new, loaded.sources)
        reviews.note(tx, company.now, actor, "cycle create", new.id, f"pack {loaded.name} {loaded.version}")
    return new


def change_rhythm(company: Company, cycle: Cycle, rule: CadenceRule, actor: str) -> CadenceRule:
    """Add *rule*, from the cycle's start at the earliest. Raises BadInput when nobody is meant."""
    teams = {person.team for person in company.people if person.team}
    if rule.scope == "team" and rule.value not in teams:
        raise BadInput(f"nobody is in a team {rule.value!r}; there are: {', '.join(sorted(teams))}")
    if rule.cadence not in CADENCES:
        raise BadInput(f"{rule.cadence!r} is no rhythm; there are: {', '.join(CADENCES)}")
    held = replace(rule, since=max(rule.since, cycle.start))
    with company.store.write() as tx:
        cycles.add_cadence(tx, cycle.id, held)
        detail = f"{held.scope} {held.value} {held.cadence} from {held.since}"
        reviews.note(tx, company.now, actor, "cadence", cycle.id, detail)
    return held


def lock(company: Company, cycle: Cycle, reason: str, actor: str) -> None:
    """Close *cycle*, with a reason for the audit log. Raises BadInput without one."""
    _set(company, cycle, reason, actor, locked=True)


def reopen(company: Company, cycle: Cycle, reason: str, actor: str) -> None:
    """Open *cycle* again, with a reason for the audit log. Raises BadInput without one."""
    _set(company, cycle, reason, actor, locked=False)


def _set(company: Company, cycle: Cycle, reason: str, actor: str, *, locked: bool) -> None:
    if not reason.strip():
        raise BadInput("say why: the reason stands in the audit log")
    if cycle.locked is locked:
        raise BadInput(f"the cycle {cycle.id} is {'locked' if locked else 'open'} already")
    with company.store.write() as tx:
        cycles.set_locked(tx, cycle.id, locked)
        reviews.note(tx, company.now, actor, "cycle lock" if locked else "cycle reopen", cycle.id, reason.strip()[:500])


def _require_sensible(new: Cycle) -> None:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,38}", new.id):
        raise BadInput(f"{new.id!r} cannot be an id: use lower-case letters, digits and hyphens, such as 2026-h1")
    if not new.start < new.end:
        raise BadInput(f"the cycle must end after it starts: it runs from {new.start} to {new.end}")
    days = (new.end - new.start).days
    if days > LONGEST_DAYS:
        raise BadInput(f"a cycle is at most {LONGEST_DAYS} days long; {new.start} to {new.end} is {days}")
    if not new.start < new.review_on <= new.end + REVIEW_AFTER_END:
        raise BadInput(f"the review must lie inside the cycle or within 60 days after it, not on {new.review_on}")
