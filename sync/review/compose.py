"""The draft of one review, for one writer and one reader, out of what both may see. Pure.

Whatever stands in it is a quotation, a figure or a fixed connective: there is nothing to make up. What only the writer
may see is listed beside it by id, and neither quoted, paraphrased, cited nor counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from sync.records import ActionItem, Citation, Coverage, Draft, Entry, EntryKind, Gap, Statement, StatementKind
from sync.review.duplicates import Event, events, told_once
from sync.review.figures import DEVELOPMENT_HEADING, goal_statements
from sync.review.material import Material, Period
from sync.review.relevance import Subject
from sync.review.select import Selection, month_of, relevant, sample_events, select
from sync.review.themes import support
from sync.review.wording import (
    CAME_AGAIN,
    CONNECTIVES,
    FIRST_STEP,
    GROWTH,
    ONE_OBSERVER,
    PATTERNS,
    QUESTIONS,
    QUOTABLE,
    SECTIONS,
    quoted_words,
    unseen,
    words_in,
)

GROWTH_HEADINGS = {EntryKind.GROWTH: "Growth", EntryKind.BLOCKER: "Blockers"}
OPEN_ACTIONS_HEADING = "Still open"
BEYOND_HEADING = "Also noted"
"""What shows clearly what was done but fits no criterion that has enough to be told."""
MOST_OPEN_ACTIONS = 3
MOST_NAMED = {EntryKind.GROWTH: 3, EntryKind.BLOCKER: 2}
MOST_ASKED, MOST_UNSEEN = 3, 2
"""Questions about goals, and about criteria, at the most."""
MOST_WORDS = 400
"""What figures and quotations tell; with who said it and when, openings and questions that is a page and a half."""
GROWTH_SHARE = 0.4
"""Growth, blockers and open actions have at most this share of the words that goals leave (rule L5 asks for 15 to 60 %)."""
FOR_A_RATING = 3
"""A criterion with fewer entries cannot carry a rating (rule E1)."""
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
    words: int = MOST_WORDS,
) -> Draft:
    """Draft the review of `material.person`: about *words* words of figures and quotations.

    *writer_id* and *reader_id* are the manager and the person, or the person twice for a self review. *today* is the day
    for which access is decided, *made_at* that of the figures; entries whose id is in *excluded* are left out. Equal
    input gives an equal draft.
    """
    seen = material.shared(writer_id, reader_id, today)
    notes = [entry for entry in seen if entry.id not in excluded and _is_note(entry, writer_id)]
    figures, goal_gaps = goal_statements(material, seen, material.as_of(made_at.date()), excluded)
    room = words - sum(words_in(one.text) for one in figures if one.section != QUESTIONS)
    open_actions = [entry for entry, _ in unfinished(material, seen) if entry.id not in excluded]
    subject = Subject(material.person, material.directory, material.cycle.start, material.cycle.end)
    named = _named(relevant([entry for entry in notes if entry.kind in GROWTH_HEADINGS], subject))
    growth, used = _within((*_growth(material, named), *_still_open(material, open_actions)), room * GROWTH_SHARE)
    chosen = select(notes, material.criteria, material.pack.minimum_entries, subject=subject, room=max(0, room - used))
    patterns = tuple(_patterns(material, chosen))
    questions = _questions(material, figures, chosen, notes, named) if writer_id != reader_id else ()
    told = [one for one in figures if one.section != QUESTIONS]
    thin = _rating_gaps(material, chosen, relevant(notes, subject))
    statements = _in_sections((*told, *patterns, *growth, *questions))
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
        gaps=(*goal_gaps, *chosen.gaps, *thin, *_general_gaps(notes, (*growth, *told))),
        unused=tuple(entry.id for entry in notes if entry.id not in cited),
        for_you=tuple(entry.id for entry in material.only_for(writer_id, reader_id, today) if entry.id not in excluded),
    )


def headings(material: Material) -> frozenset[str]:
    """Every heading that a quotation may stand under."""
    plain = (*(one.title for one in material.criteria), *GROWTH_HEADINGS.values(), BEYOND_HEADING)
    split = {_heading(material, one, period) for one in plain for period in material.periods}
    return frozenset((*split, OPEN_ACTIONS_HEADING))


def connectives(material: Material) -> frozenset[tuple[str, str]]:
    """Everything that a draft may say of its own, with the section for it."""
    asked = (ONE_OBSERVER, FIRST_STEP, CAME_AGAIN, *(unseen(one.title) for one in material.criteria))
    return frozenset((*CONNECTIVES.items(), *((QUESTIONS, text) for text in asked)))


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


def _patterns(material: Material, chosen: Selection) -> Iterator[Statement]:
    for theme in chosen.themes:
        yield from _quotations(material, PATTERNS, theme.criterion.title, theme.events)
    yield from _quotations(material, PATTERNS, BEYOND_HEADING, chosen.beyond)


def _named(notes: Iterable[Entry]) -> dict[EntryKind, tuple[Event, ...]]:
    """Growth points and blockers: those that came up more than once first, then spread over the months; oldest first."""
    told = tuple(notes)
    found: dict[EntryKind, tuple[Event, ...]] = {}
    load: Counter[str] = Counter()
    for kind, most in MOST_NAMED.items():
        every = events(entry for entry in told if entry.kind is kind)
        again = sorted((one for one in every if len(one.tellings) > 1), key=lambda one: -len(one.tellings))[:most]
        rest = sample_events([one for one in every if one not in again], most - len(again), load)
        found[kind] = (*again, *rest)
    return found


def _growth(material: Material, named: Mapping[EntryKind, Sequence[Event]]) -> Iterator[Statement]:
    for kind, heading in GROWTH_HEADINGS.items():
        in_time = sorted(named[kind], key=lambda one: one.quoted.happened_on)
        yield from _quotations(material, GROWTH, heading, in_time)


def _still_open(material: Material, entries: Sequence[Entry]) -> Iterator[Statement]:
    for entry in told_once(entries)[:MOST_OPEN_ACTIONS]:
        yield _quoted(material, GROWTH, OPEN_ACTIONS_HEADING, entry)


def _quotations(material: Material, section: str, heading: str, found: Iterable[Event]) -> Iterator[Statement]:
    """Events quoted one by one; under a new manager the heading says whose time it was."""
    for event in found:
        day = event.quoted.happened_on
        period = next(one for one in material.periods if one.since <= day <= one.until)
        yield _quoted(material, section, _heading(material, heading, period), event.quoted, event.others)


def _quoted(material: Material, section: str, heading: str, entry: Entry, others: Sequence[Entry] = ()) -> Statement:
    cited = tuple(Citation(one.id, one.hash) for one in (entry, *others))
    return Statement(section, heading, material.voice.quotation(entry, others), StatementKind.QUOTATION, cited)


def _questions(
    material: Material,
    figures: Iterable[Statement],
    chosen: Selection,
    notes: Sequence[Entry],
    named: Mapping[EntryKind, Sequence[Event]],
) -> tuple[Statement, ...]:
    """What to ask: about goals that the figures do not explain, blank criteria, and what comes next."""
    asked = [one for one in figures if one.section == QUESTIONS][:MOST_ASKED]
    blank = [gap.heading for gap in chosen.gaps]
    fixed = [unseen(one.title) for one in material.criteria if one.title in blank][:MOST_UNSEEN] if notes else []
    if any(len(one.tellings) > 1 for one in named[EntryKind.BLOCKER]):
        fixed.append(CAME_AGAIN)
    if len(named[EntryKind.GROWTH]) > 1:
        fixed.append(FIRST_STEP)
    if _one_observer(notes):
        fixed.append(ONE_OBSERVER)
    return (*asked, *(Statement(QUESTIONS, "", text, StatementKind.CONNECTIVE) for text in fixed))


def _within(statements: Iterable[Statement], room: float) -> tuple[tuple[Statement, ...], int]:
    """The first of *statements* that fit, and how many words they quote.

    Where not all fit, each heading keeps some before any keeps more.
    """
    by_heading: dict[str, list[Statement]] = {}
    for one in statements:
        by_heading.setdefault(one.heading, []).append(one)
    kept: dict[int, int] = {}
    for turn in range(max(map(len, by_heading.values()), default=0)):
        for inside in by_heading.values():
            if turn < len(inside) and sum(kept.values()) < room:
                kept[id(inside[turn])] = quoted_words(inside[turn].text)
    return tuple(one for inside in by_heading.values() for one in inside if id(one) in kept), sum(kept.values())


def _heading(material: Material, heading: str, period: Period) -> str:
    if period.manager_id and sum(bool(one.manager_id) for one in material.periods) == 1:
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
            ordered += [opening, *sorted(inside, key=lambda one: one.heading != DEVELOPMENT_HEADING)]
    return tuple(ordered)


def _coverage(notes: Sequence[Entry]) -> Coverage:
    months = Counter(month_of(entry) for entry in notes)
    authors = len({entry.by for entry in notes if entry.by})
    return Coverage(dict(sorted(months.items())), authors, len({entry.kind for entry in notes}), len(notes))


def _rating_gaps(material: Material, chosen: Selection, notes: Iterable[Entry]) -> Iterator[Gap]:
    """What is too little to rest a rating on (rule E1), told or not; the rating itself is a person's."""
    found = support((entry.text for entry in notes), material.criteria)
    for theme in chosen.themes:
        count = max(found[theme.criterion.key], sum(1 + len(event.others) for event in theme.events))
        if count < FOR_A_RATING:
            reason = f"Too little for a rating: {count} {'entry' if count == 1 else 'entries'}, and {FOR_A_RATING} are needed."
            yield Gap(PATTERNS, theme.criterion.title, reason)


def _one_observer(notes: Sequence[Entry]) -> bool:
    authors = {entry.by for entry in notes}
    return len(authors) == 1 and "" not in authors


def _general_gaps(notes: Sequence[Entry], growth: Sequence[Statement]) -> Iterator[Gap]:
    if _one_observer(notes):
        yield Gap(PATTERNS, "", "A single observer: all notes are by one author. What would help: feedback from somebody else.")
    if not any(one.section == GROWTH for one in growth):
        fill = "What would fill it: growth points, blockers or actions in a check-in."
        yield Gap(GROWTH, "", f"Left blank: nothing was named as growth, as a blocker or as still open. {fill}")
