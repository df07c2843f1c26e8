"""The draft of one review, for one writer and one reader, out of what both may see. Pure.

Whatever stands in it is a quotation, a figure or a fixed connective: there is nothing to make up. What only the writer
may see is listed beside it by id, and neither quoted, paraphrased, cited nor counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from sync.records import ActionItem, Citation, Coverage, Draft, Entry, EntryKind, Gap, Statement, StatementKind
from sync.review.figures import DEVELOPMENT_HEADING, goal_statements
from sync.review.material import Material, Period
from sync.review.select import QUOTATIONS_PER_THEME, month_of, sample, select, told_once
from sync.review.wording import CONNECTIVES, GROWTH, PATTERNS, QUOTABLE, SECTIONS

GROWTH_HEADINGS = {EntryKind.GROWTH: "Growth", EntryKind.BLOCKER: "Blockers"}
OPEN_ACTIONS_HEADING = "Still open"
MOST_OPEN_ACTIONS = 5
SUBMITTED = "submitted"
"""The section in which a self review is declared ready: no observation."""


def compose(
    material: Material,
    writer_id: str,
    reader_id: str,
    *,
    draft_id: str,
    made_at: datetime,
    today: date,
    excluded: frozenset[str] = frozenset(),
) -> Draft:
    """Draft the review of `material.person`.

    *writer_id* and *reader_id* are the manager and the person, or the person twice for a self review. *today* is the day
    for which access is decided, *made_at* that of the figures; entries whose id is in *excluded* are left out. Equal
    input gives an equal draft.
    """
    seen = material.shared(writer_id, reader_id, today)
    notes = [entry for entry in seen if entry.id not in excluded and _is_note(entry, writer_id)]
    figures, goal_gaps = goal_statements(material, seen, material.as_of(made_at.date()), excluded)
    patterns, pattern_gaps = _patterns(material, notes)
    open_actions = [entry for entry, _ in unfinished(material, seen) if entry.id not in excluded]
    growth = (*_growth(material, notes), *_still_open(material, open_actions))
    statements = _in_sections((*figures, *patterns, *growth))
    cited = {citation.entry_id for statement in statements for citation in statement.citations}
    return Draft(
        id=draft_id,
        cycle_id=material.cycle.id,
        person_id=material.person.id,
        writer_id=writer_id,
        reader_id=reader_id,
        made_at=made_at,
        statements=statements,
        coverage=_coverage(notes),
        gaps=(*goal_gaps, *pattern_gaps, *_general_gaps(notes, growth)),
        unused=tuple(entry.id for entry in notes if entry.id not in cited),
        for_you=tuple(entry.id for entry in material.only_for(writer_id, reader_id, today) if entry.id not in excluded),
    )


def headings(material: Material) -> frozenset[str]:
    """Every heading that a quotation may stand under."""
    plain = (*(one.title for one in material.criteria), *GROWTH_HEADINGS.values())
    split = {_heading(material, one, period) for one in plain for period in material.periods}
    return frozenset((*split, OPEN_ACTIONS_HEADING))


def unfinished(material: Material, seen: Iterable[Entry]) -> Iterator[tuple[Entry, ActionItem]]:
    """Open actions with the entry that each was agreed in, oldest first; those without such an entry are left out."""
    texts: dict[str, Entry] = {}
    rows: dict[str, Entry] = {}
    for entry in seen:
        if entry.kind is EntryKind.ACTION:
            texts.setdefault(entry.text.strip(), entry)
            rows.setdefault(entry.anchor.removeprefix("row:").partition("/")[0], entry)
    told: set[str] = set()
    for action in sorted(material.actions, key=lambda one: (one.opened_on, one.key)):
        source = rows.get(action.key) or texts.get(action.text.strip())
        if action.closed_on is None and source is not None and source.id not in told and source.text.strip():
            told.add(source.id)
            yield source, action


def _is_note(entry: Entry, writer_id: str) -> bool:
    """What a draft may quote as an observation. A self review is not quoted back to the one who is writing it."""
    if entry.anchor == SUBMITTED or (entry.kind is EntryKind.SELF_REVIEW and entry.about == writer_id):
        return False
    return entry.kind in QUOTABLE and entry.kind is not EntryKind.ACTION and bool(entry.text.strip())


def _patterns(material: Material, notes: Sequence[Entry]) -> tuple[tuple[Statement, ...], tuple[Gap, ...]]:
    chosen = select(notes, material.criteria, material.pack.minimum_entries)
    statements = (
        statement
        for theme in chosen.themes
        for statement in _quotations(material, PATTERNS, theme.criterion.title, theme.entries)
    )
    return tuple(statements), chosen.gaps


def _growth(material: Material, notes: Sequence[Entry]) -> Iterator[Statement]:
    load: Counter[str] = Counter()
    for kind, heading in GROWTH_HEADINGS.items():
        named = told_once(entry for entry in notes if entry.kind is kind)
        yield from _quotations(material, GROWTH, heading, sample(named, QUOTATIONS_PER_THEME, load))


def _still_open(material: Material, entries: Sequence[Entry]) -> Iterator[Statement]:
    for entry in told_once(entries)[:MOST_OPEN_ACTIONS]:
        yield _quoted(material, GROWTH, OPEN_ACTIONS_HEADING, entry)


def _quotations(material: Material, section: str, heading: str, entries: Iterable[Entry]) -> Iterator[Statement]:
    """*entries* quoted one by one; under a new manager the heading says whose time it was."""
    for entry in entries:
        period = next(one for one in material.periods if one.since <= entry.happened_on <= one.until)
        yield _quoted(material, section, _heading(material, heading, period), entry)


def _quoted(material: Material, section: str, heading: str, entry: Entry) -> Statement:
    cited = (Citation(entry.id, entry.hash),)
    return Statement(section, heading, material.voice.quotation(entry), StatementKind.QUOTATION, cited)


def _heading(material: Material, heading: str, period: Period) -> str:
    if len(material.periods) == 1:
        return heading
    manager = material.directory.name(period.manager_id)
    whose = f"with {manager} as manager" if manager else "without a manager"
    return f"{heading} ({material.voice.day(period.since)} to {material.voice.day(period.until)}, {whose})"


def _in_sections(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """Section by section, each with its fixed opening; nothing for a section without content."""
    ordered: list[Statement] = []
    for section in SECTIONS:
        inside = [statement for statement in statements if statement.section == section]
        if inside:
            opening = Statement(section, "", CONNECTIVES[section], StatementKind.CONNECTIVE)
            rest = [one for one in inside if one.heading != DEVELOPMENT_HEADING]
            ordered += [opening, *rest, *(one for one in inside if one.heading == DEVELOPMENT_HEADING)]
    return tuple(ordered)


def _coverage(notes: Sequence[Entry]) -> Coverage:
    months = Counter(month_of(entry) for entry in notes)
    authors = len({entry.by for entry in notes if entry.by})
    return Coverage(dict(sorted(months.items())), authors, len({entry.kind for entry in notes}), len(notes))


def _general_gaps(notes: Sequence[Entry], growth: Sequence[Statement]) -> Iterator[Gap]:
    authors = {entry.by for entry in notes}
    if len(authors) == 1 and "" not in authors:
        yield Gap(PATTERNS, "", "A single observer: all notes are by one author. What would help: feedback from somebody else.")
    if not growth:
        fill = "What would fill it: growth points, blockers or actions in a check-in."
        yield Gap(GROWTH, "", f"Left blank: nothing was named as growth, as a blocker or as still open. {fill}")
