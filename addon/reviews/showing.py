"""How a draft is shown: as text with numbered sources, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from addon.company import Company
from addon.evidence.naming import spoken
from addon.terminal import say
from sync.pull.places import as_they_stand
from sync.records import Artifact, Draft, Entry, Statement
from sync.review.service import Desk
from sync.store.queries import artifacts, ledger


class Sources:
    """The entries that drafts cite, and the files that those stand in."""

    def __init__(self, entries: Mapping[str, Entry], papers: Mapping[str, Artifact], spoken: Mapping[str, str]) -> None:
        self.entries = entries
        self.papers = papers
        self.spoken = spoken
        """How a person says each file's ref."""

    @classmethod
    def load(cls, company: Company, drafts: Iterable[Draft]) -> Sources:
        """Those of *drafts*."""
        ids = {citation.entry_id for one in drafts for statement in one.statements for citation in statement.citations}
        with company.store.read() as tx:
            cited = ledger.by_ids(tx, sorted(ids))
            former = ledger.superseded(tx, cited)
            standing = as_they_stand(tx, [entry for entry in cited.values() if entry.id not in former])
            entries = cited | {entry.id: entry for entry in standing}
            papers = artifacts.by_keys(tx, sorted({entry.artifact_key for entry in entries.values()}))
        refs = [paper.ref for paper in papers.values()]
        return cls(entries, papers, dict(zip(refs, spoken(company, refs), strict=True)))

    def of(self, statement: Statement) -> list[dict[str, str]]:
        """Where each cited entry stands: evidence id, artifact key, file, place, anchor."""
        found = [self.entries[citation.entry_id] for citation in statement.citations if citation.entry_id in self.entries]
        return [
            {
                "evidence": entry.id,
                "artifact": entry.artifact_key,
                "ref": self.papers[entry.artifact_key].ref if entry.artifact_key in self.papers else "",
                "place": entry.place,
                "anchor": entry.anchor,
                "happened_on": str(entry.happened_on),
            }
            for entry in found
        ]


def draft_json(one: Draft, desk: Desk, sources: Sources) -> dict[str, Any]:
    """Its statements, each with the evidence that it cites and where that stands, coverage, gaps, and what is left."""
    person = desk.person(one.person_id)
    return {
        "id": one.id,
        "person": person.id,
        "name": person.name,
        "email": person.email,
        "writer": one.writer_id,
        "reader": one.reader_id,
        "made_at": one.made_at.isoformat(),
        "statements": [
            {
                "section": statement.section,
                "heading": statement.heading,
                "text": statement.text,
                "kind": statement.kind.value,
                "evidence": [citation.entry_id for citation in statement.citations],
                "sources": sources.of(statement),
            }
            for statement in one.statements
        ],
        "coverage": {
            "entries": one.coverage.entries,
            "authors": one.coverage.authors,
            "kinds": one.coverage.kinds,
            "months": dict(one.coverage.months),
        },
        "gaps": [{"section": gap.section, "heading": gap.heading, "reason": gap.reason} for gap in one.gaps],
        "unused": list(one.unused),
        "for_you": list(one.for_you),
    }


def say_draft(one: Draft, desk: Desk, sources: Sources) -> None:
    """Its statements by section and heading, what stays blank, coverage, and the numbered sources."""
    say(f"Review draft for {desk.directory.name(one.person_id)}, to be finished by {desk.directory.name(one.writer_id)}")
    numbered: dict[str, int] = {}
    for section, statements in groupby(one.statements, key=lambda statement: statement.section):
        say(f"\n{section.upper()}")
        for heading, inside in groupby(statements, key=lambda statement: statement.heading):
            if heading:
                say(f"\n  {heading}")
            for statement in inside:
                lines = [_line(source, sources) for source in sources.of(statement)]
                marks = ", ".join(str(numbered.setdefault(line, len(numbered) + 1)) for line in lines)
                say(f"    {statement.text}{f' [{marks}]' if marks else ''}")
    for gap in one.gaps:
        say(f"\n  {gap.heading or gap.section.capitalize()}: {gap.reason}")
    months = ", ".join(f"{month}: {count}" for month, count in sorted(one.coverage.months.items()))
    say(f"\nCoverage: {one.coverage.entries} entries by {one.coverage.authors} people ({months or 'no month'}).")
    say(f"Not used: {len(one.unused)}. Only for you, never quoted: {len(one.for_you)}.")
    if numbered:
        say("\nSources")
    for line, number in numbered.items():
        say(f"  {number}. {line}")


def _line(source: Mapping[str, str], sources: Sources) -> str:
    file = sources.spoken.get(source["ref"], "")
    return f"{source['happened_on']} · {file} · {source['place']} [{source['evidence']}]"


def failed_json(problems: Mapping[str, str], desk: Desk) -> list[dict[str, str]]:
    """Who has no draft, or none in their document, and why."""
    return [
        {"person": person_id, "name": desk.directory.name(person_id), "reason": reason}
        for person_id, reason in problems.items()
    ]
