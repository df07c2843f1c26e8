"""Everything about one person, for that person: as JSON and as a page to read.

What somebody gave anonymously stays theirs: its words are suppressed here too, and so is every sentence of a draft that
rests on them. What a manager or author keeps private is in a part of its own, so that whoever hands this over sees it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from addon.company import Company
from sync.records import Draft, Entry, EntryKind, Person, Visibility
from sync.store.queries import artifacts, cycles, erasing, ledger, letters, people, reviews

PAGES = Path(__file__).parents[1] / "pages" / "person"
SUPPRESSED = "given anonymously: its words are not handed on"


def gather(company: Company, person: Person) -> dict[str, Any]:
    """All of it as plain values."""
    names = {one.id: one.name for one in company.people}
    with company.store.read() as tx:
        entries = erasing.entries_about(tx, person.id)
        cycle_ids = [one.id for one in cycles.all_cycles(tx)]
        hidden = {entry.id for entry in entries if _is_anonymous(entry)}
        rows = [_entry(entry, names) for entry in entries]
        return {
            "person": _person(person, names),
            "leave": [asdict(one) for one in people.leave(tx) if one.person_id == person.id],
            "documents": [
                {"kind": one.kind.value, "title": one.title, "where": one.ref, "due": one.due}
                for one in artifacts.of_person(tx, person.id)
            ],
            "written": [row for entry, row in zip(entries, rows, strict=True) if entry.visibility is Visibility.SHARED],
            "kept_private_by_others": [
                row
                for entry, row in zip(entries, rows, strict=True)
                if entry.visibility is not Visibility.SHARED and entry.by != person.id
            ],
            "kept_private_by_oneself": [
                row
                for entry, row in zip(entries, rows, strict=True)
                if entry.visibility is not Visibility.SHARED and entry.by == person.id
            ],
            "goals": [asdict(one) for cycle in cycle_ids for one in ledger.goals(tx, cycle, person.id)],
            "actions": [asdict(one) for cycle in cycle_ids for one in ledger.actions(tx, cycle, person.id)],
            "drafts": [_draft(one, names, hidden) for cycle in cycle_ids for one in reviews.drafts(tx, cycle, person.id)],
            "releases": [
                {"cycle": cycle, "at": found.at, "by": names.get(found.by, found.by)}
                for cycle in cycle_ids
                if (found := reviews.releases(tx, cycle).get(person.id))
            ],
            "reminders": [{"at": at, "state": state} for at, state in erasing.letters_to(tx, person.id)],
            "wants_reminders": person.id not in letters.opted_out(tx),
            "who_looked_and_did": [
                {"at": at, "who": names.get(actor, actor), "what": action, "about": subject}
                for at, actor, action, subject, _ in erasing.trail_about(tx, person.id)
            ],
        }


def page(found: Mapping[str, Any], organisation: str) -> str:
    """The same to read."""
    pages = Environment(loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined)
    return pages.get_template("export.html").render(found=found, organisation=organisation)


def _is_anonymous(entry: Entry) -> bool:
    return entry.kind is EntryKind.PEER_FEEDBACK and not entry.by


def _person(person: Person, names: Mapping[str, str]) -> dict[str, Any]:
    values = asdict(person)
    values["reporting"] = [
        {"to": names.get(line.manager_id, line.manager_id), "since": line.since, "until": line.until}
        for line in person.reporting
    ]
    return values


def _entry(entry: Entry, names: Mapping[str, str]) -> dict[str, Any]:
    anonymous = _is_anonymous(entry)
    return {
        "id": entry.id,
        "day": entry.happened_on,
        "kind": entry.kind.value,
        "by": "" if anonymous else names.get(entry.by, ""),
        "text": None if anonymous else entry.text,
        "suppressed": SUPPRESSED if anonymous else "",
        "visibility": entry.visibility.value,
        "place": entry.place,
        "replaces": entry.supersedes,
        "taken_out": entry.withdrawn,
    }


def _draft(draft: Draft, names: Mapping[str, str], hidden: set[str]) -> dict[str, Any]:
    return {
        "cycle": draft.cycle_id,
        "by": names.get(draft.writer_id, draft.writer_id),
        "made_at": draft.made_at,
        "sentences": [
            SUPPRESSED if any(one.entry_id in hidden for one in statement.citations) else statement.text
            for statement in draft.statements
        ],
    }
