"""Whether every sentence of a draft still has its source: the check on each draft, and on each source that changed. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sync.records import Draft, Entry, EntryKind, Statement, StatementKind
from sync.review.compose import OPEN_ACTIONS_HEADING, connectives, headings, unfinished
from sync.review.duplicates import may_tell_the_same
from sync.review.figures import goal_statements
from sync.review.material import Material
from sync.review.wording import QUOTABLE, SECTIONS, excerpt, spoken


@dataclass(frozen=True)
class Violation:
    """A statement that does not hold, and why."""

    statement: Statement
    reason: str


def violations(draft: Draft, material: Material, today: date) -> tuple[Violation, ...]:
    """Every statement of *draft* that is not a true quotation, a figure that recomputes, or a fixed connective.

    *material* is what the ledger holds now. Figures are told for the day on which the draft was made.
    """
    ground = _Ground(draft, material, today)
    found = [Violation(one, reason) for one in draft.statements if (reason := ground.objection(one))]
    return tuple(found + list(_quoted_twice(draft)))


def stale(draft: Draft, material: Material, today: date) -> tuple[Violation, ...]:
    """The statements whose source changed, went or was hidden since they were made; the others still hold."""
    ground = _Ground(draft, material, today)
    return tuple(Violation(one, reason) for one in draft.statements if (reason := ground.staleness(one)))


class _Ground:
    """What a draft may rest on now."""

    def __init__(self, draft: Draft, material: Material, today: date) -> None:
        self.material = material
        shared = material.shared(draft.writer_id, draft.reader_id, today)
        self.shared = {entry.id: entry for entry in shared}
        self.known = {entry.id for entry in material.entries if not entry.withdrawn}
        self.headings = headings(material)
        self.connectives = connectives(material)
        self.open_actions = {entry.id for entry, _ in unfinished(material, shared)}
        day = material.as_of(draft.made_at.date())
        self.figures = {(one.section, one.heading, one.text): one for one in goal_statements(material, shared, day)[0]}

    def objection(self, statement: Statement) -> str:
        """Why *statement* does not hold, "" when it does."""
        if statement.section not in SECTIONS:
            return "the program wrote where only a person may"
        if statement.kind is StatementKind.CONNECTIVE:
            known = (statement.section, statement.text) in self.connectives
            return (
                "" if known and not statement.citations and not statement.heading else "it is not one of the fixed connectives"
            )
        if not statement.citations:
            return "it cites nothing"
        if reason := self._sources_object(statement):
            return reason
        return (
            self._quotation_objects(statement) if statement.kind is StatementKind.QUOTATION else self._figure_objects(statement)
        )

    def staleness(self, statement: Statement) -> str:
        """Why *statement* no longer holds though it once did, "" when it does."""
        if reason := self._sources_object(statement):
            return reason
        if statement.kind is StatementKind.FIGURE:
            return self._figure_objects(statement)
        if statement.heading == OPEN_ACTIONS_HEADING and statement.citations[0].entry_id not in self.open_actions:
            return "the action is no longer open"
        return ""

    def _sources_object(self, statement: Statement) -> str:
        for citation in statement.citations:
            entry = self.shared.get(citation.entry_id)
            if entry is None and citation.entry_id in self.known:
                return "its source is not visible to both sides, or lies outside the cycle"
            if entry is None:
                return "its source is gone or was replaced by a newer text"
            if entry.hash != citation.hash:
                return "its source was edited afterwards"
        return ""

    def _quotation_objects(self, statement: Statement) -> str:
        entry, *others = (self.shared[citation.entry_id] for citation in statement.citations)
        if kind := next((one.kind for one in (entry, *others) if one.kind not in QUOTABLE), None):
            return f"a {kind} is not quoted"
        if not all(may_tell_the_same(entry, one) for one in others):
            return "one of its sources tells something else"
        if excerpt(entry)[0] not in spoken(entry) or statement.text != self.material.voice.quotation(entry, others):
            return "its words, date or author are not those of its source"
        if statement.heading not in self.headings:
            return "its heading names no criterion of the role"
        return self._action_objects(statement, entry)

    def _action_objects(self, statement: Statement, entry: Entry) -> str:
        if (entry.kind is EntryKind.ACTION) != (statement.heading == OPEN_ACTIONS_HEADING):
            return "actions are quoted where open ones stand, and nowhere else"
        if entry.kind is EntryKind.ACTION and entry.id not in self.open_actions:
            return "the action is no longer open"
        return ""

    def _figure_objects(self, statement: Statement) -> str:
        recomputed = self.figures.get((statement.section, statement.heading, statement.text))
        if recomputed is None:
            return "its figures are not those of the goal sheet"
        return "" if recomputed.citations == statement.citations else "it does not cite all that it rests on"


def _quoted_twice(draft: Draft) -> Iterator[Violation]:
    quotations = [one for one in draft.statements if one.kind is StatementKind.QUOTATION and one.citations]
    times = Counter(citation.entry_id for one in quotations for citation in one.citations)
    for statement in quotations:
        if any(times[citation.entry_id] > 1 for citation in statement.citations):
            yield Violation(statement, "its source is quoted twice")
