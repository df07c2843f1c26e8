"""Everything about one person, for that person: as JSON and as a page to read.

What somebody gave anonymously stays theirs: its words are suppressed here too, and so is every sentence of a draft that
rests on them. Feedback and recognition that the person signed are their own words, whoever they are about. What a manager
or author keeps private is in a part of its own, so that whoever hands this over sees it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from addon.company import Company
from sync.access import Action, Paper, Phase, Viewer, can, visible
from sync.records import Artifact, Draft, Entry, EntryKind, Person, Visibility
from sync.store.queries import accounts, artifacts, cycles, erasing, ledger, letters, people, reviews
from templates.shapes import Kind

if TYPE_CHECKING:
    from flask import Response

PAGES = Path(__file__).parents[1] / "pages" / "person"
SUPPRESSED = "given anonymously: its words are not handed on"
GIVEN = (EntryKind.FEEDBACK, EntryKind.PEER_FEEDBACK, EntryKind.RECOGNITION)
UNLINKED = (
    "What you answered without your name is not in here: it is kept without anything that connects it with you, so that "
    "nobody can tell which words are yours."
)
LEFT_OUT = (
    "What others wrote for themselves alone, other people's drafts, and who looked are not in here: you may not see them by "
    "yourself. HR answers when you ask about them."
)


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
            "given_to_others": [
                {**_entry(entry, names), "about": names.get(entry.about, "")}
                for entry in erasing.entries_by(tx, person.id, GIVEN)
            ],
            "given_anonymously": UNLINKED,
            "goals": [asdict(one) for cycle in cycle_ids for one in ledger.goals(tx, cycle, person.id)],
            "actions": [asdict(one) for cycle in cycle_ids for one in ledger.actions(tx, cycle, person.id)],
            "drafts": [_draft(one, names, hidden) for cycle in cycle_ids for one in reviews.drafts(tx, cycle, person.id)],
            "left_out": "",
            "releases": [
                {"cycle": cycle, "at": found.at, "by": names.get(found.by, found.by)}
                for cycle in cycle_ids
                if (found := reviews.releases(tx, cycle).get(person.id))
            ],
            "answers_to_reviews": [
                {"review": key, "at": at, "comment": comment}
                for key, (at, comment) in sorted(reviews.acknowledgements(tx, person.id).items())
            ],
            "reminders": [{"at": at, "state": state} for at, state in erasing.letters_to(tx, person.id)],
            "signs_in_with": [asdict(one) for one in accounts.of_person(tx, person.id)],
            "wants_reminders": person.id not in letters.opted_out(tx),
            "who_looked_and_did": [
                {"at": at, "who": names.get(actor, actor), "typed_by": typed, "what": action, "about": subject}
                for at, actor, action, subject, typed in erasing.trail_about(tx, person.id)
            ],
        }


def gather_own(company: Company, person: Person) -> dict[str, Any]:
    """What of it *person* may see by themself: nothing that managers or authors keep private, nobody else's draft."""
    viewer, found = Viewer(person.id, company.directory), gather(company, person)
    with company.store.read() as tx:
        mine = {one.id for one in visible(viewer, erasing.entries_about(tx, person.id), company.today)}
        papers = [one for one in artifacts.of_person(tx, person.id) if _may_open(viewer, one, company)]
        drafts = [
            _draft(one, {person.id: person.name}, set())
            for cycle in cycles.all_cycles(tx)
            for one in reviews.drafts(tx, cycle.id, person.id)
            if one.writer_id == one.reader_id == person.id
        ]
    shown = {name: [row for row in found[name] if row["id"] in mine] for name in ("written", "kept_private_by_oneself")}
    documents = [{"kind": one.kind.value, "title": one.title, "where": one.ref, "due": one.due} for one in papers]
    hidden: dict[str, Any] = {"kept_private_by_others": [], "who_looked_and_did": [], "left_out": LEFT_OUT}
    return {**found, **shown, **hidden, "documents": documents, "drafts": drafts}


def _may_open(viewer: Viewer, paper: Artifact, company: Company) -> bool:
    phase = Phase.RELEASED if paper.kind is Kind.RELEASED_REVIEW else Phase.DRAFT
    return can(viewer, Action.READ, Paper(paper.kind, paper.person_id, paper.other_id, phase, paper.due), company.today)


@dataclass(frozen=True)
class Form:
    """One of the two forms in which it is handed over."""

    ending: str
    mimetype: str
    write: Callable[[Mapping[str, Any], str], str]

    def attached(self, found: Mapping[str, Any], organisation: str, person_id: str) -> Response:
        """As a download."""
        from flask import Response

        answer = Response(self.write(found, organisation), mimetype=self.mimetype)
        answer.headers["Content-Disposition"] = f'attachment; filename="throughline-{person_id}.{self.ending}"'
        return answer


def as_json(found: Mapping[str, Any], _organisation: str) -> str:
    """The same for programs."""
    return json.dumps(found, ensure_ascii=False, indent=2, default=str)


def page(found: Mapping[str, Any], organisation: str) -> str:
    """The same to read."""
    pages = Environment(loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined)
    return pages.get_template("export.html").render(found=found, organisation=organisation)


FORMS: Mapping[str, Form] = {"json": Form("json", "application/json", as_json), "html": Form("html", "text/html", page)}


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
