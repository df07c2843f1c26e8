"""Reads a draft against the answer key. It shares nothing with the program but the types: what the guard says is a row of
its own, and here everything is looked up again.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace

from sync.records import Draft, Entry, Statement, StatementKind
from sync.review.themes import OWN_SIGNAL, belongs
from sync.review.wording import words_in
from tests.eval.people import CHATTER, EARLIER, JOKE, MONTHS, OUTSIDE, WRONG_PERSON, Case

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass
class Verdict:
    """What was found in one draft, or in many."""

    statements: int = 0
    quotations: int = 0
    unsupported: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    out_of_period: list[str] = field(default_factory=list)
    off_topic: list[str] = field(default_factory=list)
    over_quota: list[str] = field(default_factory=list)
    told_twice: list[str] = field(default_factory=list)
    citations: int = 0


def judge(given: Case, draft: Draft) -> Verdict:
    """Everything that a reader who knows the answers could object to."""
    found = Verdict(statements=len(draft.statements))
    told: Counter[str] = Counter()
    for one in draft.statements:
        found.citations += len(one.citations)
        if one.kind is StatementKind.QUOTATION:
            found.quotations += 1
            told[given.labels.get(one.citations[0].entry_id, "")] += 1
            found.unsupported += _quotation_objections(given, one)
        elif one.kind is StatementKind.FIGURE:
            found.numbers += _figure_objections(given, one)
        elif _NUMBER.search(one.text):
            found.numbers.append(one.text)
        for citation in one.citations:
            _label(found, given.labels.get(citation.entry_id, ""), one.text)
    found.told_twice = [label for label, times in told.items() if label.startswith("fact:") and times > 1]
    shown = repr(asdict(replace(draft, for_you=())))
    found.leaks = [secret for secret in given.secrets if secret in shown]
    found.over_quota = list(_over_quota(given, draft))
    return found


def told(given: Case, draft: Draft, words: int) -> tuple[set[str], int]:
    """The facts in the first *words* words of a draft, and how many words the draft has in all up to there.

    What is quoted counts, and every word about goals; who said it and when, openings and questions do not: the summaries
    that a draft is compared with name no sources.
    """
    facts: set[str] = set()
    used = whole = 0
    for one in draft.statements:
        length = _content(one)
        if used + length > words:
            break
        used, whole = used + length, whole + words_in(one.text)
        facts |= set(_facts_in(given, one))
    return facts, whole


def _content(one: Statement) -> int:
    match one.kind:
        case StatementKind.QUOTATION:
            return words_in(one.text.removeprefix("“").rpartition("”")[0])
        case StatementKind.FIGURE if one.section != "questions":
            return words_in(one.text)
    return 0


def _facts_in(given: Case, one: Statement) -> Iterator[str]:
    if one.kind is StatementKind.QUOTATION:
        yield given.labels[one.citations[0].entry_id]
    elif one.kind is StatementKind.FIGURE:
        for fact in given.facts:
            ids = {citation.entry_id for citation in one.citations}
            if (
                fact.goal_value
                and ids & set(fact.tellings)
                and re.search(rf"(?<![\d.]){re.escape(fact.goal_value)}(?![\d.])", one.text)
            ):
                yield fact.id


def _label(found: Verdict, label: str, text: str) -> None:
    where = {
        WRONG_PERSON: found.strangers,
        CHATTER: found.off_topic,
        JOKE: found.off_topic,
        EARLIER: found.out_of_period,
        OUTSIDE: found.out_of_period,
    }.get(label)
    if where is not None:
        where.append(text)


def _quotation_objections(given: Case, one: Statement) -> Iterator[str]:
    entries = [given.entries.get(citation.entry_id) for citation in one.citations]
    quoted = entries[0] if entries else None
    if quoted is None or None in entries:
        yield f"no source: {one.text}"
        return
    words, _, frame = one.text.removeprefix("“").rpartition("”")
    if " ".join(words.split()) not in " ".join(quoted.text.split()):
        yield f"not its words: {one.text}"
    day = f"{quoted.happened_on.day} {MONTHS[quoted.happened_on.month - 1]}"
    if _name(given, quoted) not in frame or day not in frame:
        yield f"not its author or day: {one.text}"
    others = [entry for entry in entries[1:] if entry]
    label = given.labels[quoted.id]
    for entry in others:
        if given.labels[entry.id] != label or (not label.startswith("fact:") and not _same_words(entry, quoted)):
            yield f"not told there: {one.text} ({entry.text})"
        if entry.by != quoted.by and _name(given, entry) not in frame:
            yield f"a source that is not named: {one.text}"


def _same_words(one: Entry, other: Entry) -> bool:
    return sorted(one.text.casefold()) == sorted(other.text.casefold())


def _name(given: Case, entry: Entry) -> str:
    """How a reader would look for them: the person by first name, anybody else by the whole name."""
    name = next(person.name for person in given.material.directory.people if person.id == entry.by)
    return name.split()[0] if entry.by == given.person_id else name


def _figure_objections(given: Case, one: Statement) -> Iterator[str]:
    goal = next((goal for goal in given.material.goals if f"“{goal.title}”" in one.text), None)
    if goal is None or goal.start is None or goal.target is None or goal.now is None:
        yield f"no such goal: {one.text}"
        return
    values = given.material.values[goal.id]
    share = round((goal.now - goal.start) / (goal.target - goal.start) * 100, 6)
    days = {str(value.day.day) for value in values}
    allowed = {f"{amount:g}" for amount in (goal.start, goal.target, *(value.value for value in values))}
    allowed |= days | {
        str(percent) for percent in (int(share + 0.5), max(0, min(100, int(share + 0.5))), 99 if 99 <= share < 100 else 0)
    }
    rest = one.text.replace(f"“{goal.title}”", "")
    wrong = [number for number in _NUMBER.findall(rest) if number not in allowed]
    if wrong:
        yield f"{', '.join(wrong)}: {one.text}"


def _points_there(text: str, title: str, given: Case) -> bool:
    """Whether *text* clearly points to the criterion of that *title*, and to no other more."""
    found = belongs([text], given.material.criteria)
    mine = next((found.get(one.key, 0) for one in given.material.criteria if one.title == title), 0)
    return mine >= OWN_SIGNAL and all(
        mine > points for key, points in found.items() if given.material.pack.criterion(key).title != title
    )


def _over_quota(given: Case, draft: Draft) -> Iterator[str]:
    """Months that give a theme two more than another month that still has something that matters for it (rule E4)."""
    criteria = {one.title: one for one in given.material.criteria}
    quoted: dict[str, Counter[str]] = defaultdict(Counter)
    used = {given.labels.get(c.entry_id, "") for one in draft.statements for c in one.citations}
    for one in draft.statements:
        if one.section == "patterns" and one.heading in criteria:
            quoted[one.heading][f"{given.entries[one.citations[0].entry_id].happened_on:%Y-%m}"] += 1
    for title, months in quoted.items():
        waiting = {
            f"{entry.happened_on:%Y-%m}"
            for fact in given.facts
            if fact.id not in used and fact.weight > 1 and fact.kind not in ("growth", "blocker", "goal")
            for entry in [min((given.entries[one] for one in fact.tellings), key=lambda one: one.happened_on)]
            if len(fact.tellings) == 1 and _points_there(entry.text, title, given)
        }
        for month in waiting:
            if max(months.values()) > months[month] + 1:
                yield f"{title}: {dict(months)}, though {month} has more"
