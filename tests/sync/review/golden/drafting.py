"""The twenty people as material, and their drafts as Markdown: what stands in the review document, and what stays blank.

`python -m tests.sync.review.golden.drafting` writes all drafts again; read the difference before it is committed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from connectors.workspace import Bullet, Paragraph, Subheading
from sync.access import Directory
from sync.records import ActionItem, Draft, Entry, EntryKind, Figure, Goal, GoalValue, Reporting, Visibility, fingerprint
from sync.review.compose import compose
from sync.review.material import Material
from sync.review.sources import blocks
from tests.sync.review.making import ADA, BEN, CYCLE, NOW, PACK, PEOPLE, TODAY

FOLDER = Path(__file__).parent
BY_NAME = {person.name: person.id for person in PEOPLE}
SECTIONS = {
    "outcomes": "Outcomes",
    "patterns": "How the work was done",
    "growth": "Growth",
    "questions": "Questions to settle first",
}
SHEET = "2026-h1/ada/goal-sheet"


@lru_cache(maxsize=1)
def records() -> dict[str, dict[str, Any]]:
    """The people by name, in order."""
    loaded = yaml.safe_load((FOLDER / "people.yaml").read_text(encoding="utf-8"))
    return {one["name"]: one for one in loaded}


def material_for(record: dict[str, Any]) -> Material:
    """A person's half-year, as a sync would have left it in the ledger."""
    person = replace(ADA, role=record["role"], work_mode=record.get("mode", "office"))
    if until := record.get("former_until"):
        until = date.fromisoformat(str(until))
        person = replace(
            person, reporting=(Reporting("eve", None, until), Reporting(BEN.id, until.replace(month=until.month + 1, day=1)))
        )
    entries = [_note(line) for line in record["notes"]]
    goals, values = [], {}
    for number, line in enumerate(record.get("goals", ())):
        goal, made, points = _goal(number, line)
        goals.append(goal)
        entries += made
        values[goal.id] = points
    actions = tuple(
        ActionItem(f"a{n}", ADA.id, CYCLE.id, one.text, "Ada", "", one.happened_on, one.artifact_key)
        for n, one in enumerate(one for one in entries if one.kind is EntryKind.ACTION)
    )
    people = tuple(person if one.id == person.id else one for one in PEOPLE)
    return Material(person, CYCLE, PACK, Directory(people), tuple(entries), tuple(goals), values, actions)


def draft_of(record: dict[str, Any]) -> tuple[Draft, Material]:
    """Their draft, by the manager unless the record says otherwise."""
    material = material_for(record)
    writer = ADA.id if record.get("writer") == "self" else BEN.id
    return compose(material, writer, ADA.id, draft_id="golden", made_at=NOW, today=TODAY), material


def as_markdown(record: dict[str, Any]) -> str:
    """The draft as it stands in the document, then what stays blank and what is listed beside it."""
    draft, material = draft_of(record)
    entries = {one.id: one for one in material.entries}
    filled = blocks(draft, entries, {}, material.voice)
    lines = [f"# {record['name']}"]
    for key, title in SECTIONS.items():
        if key in filled:
            lines += ["", f"## {title}", "", *_lines(filled[key])]
    if draft.gaps:
        lines += [
            "",
            "## Left blank",
            "",
            *(f"- {gap.heading or gap.section.capitalize()}: {gap.reason}" for gap in draft.gaps),
        ]
    if draft.unused:
        lines += ["", "## Not used", "", *(f"- {entries[one].text.splitlines()[0]}" for one in draft.unused)]
    if draft.for_you:
        lines += ["", "## For you", "", *(f"- {entries[one].text}" for one in draft.for_you)]
    if "sources" in filled:
        lines += ["", "## Sources", "", *(f"- {one.text}" for one in filled["sources"] if isinstance(one, Paragraph))]
    return "\n".join(lines) + "\n"


def _lines(inside: tuple[object, ...]) -> Iterator[str]:
    for at, block in enumerate(inside):
        match block:
            case Subheading(text=text):
                yield f"\n### {text}\n"
            case Bullet(text=text):
                yield f"- {text}"
            case Paragraph(text=text):
                yield f"{text}\n" if at == 0 else text


def _note(line: str) -> Entry:
    day, who, kind, words = (part.strip() for part in line.split("|", 3))
    on = date.fromisoformat(f"2026-{day}")
    by = {"self": ADA.id, "manager": BEN.id, "former": "eve"}.get(who) or BY_NAME[who]
    key, anchor = f"2026-h1/ada/check-in/{on}", kind
    seen = Visibility.SHARED
    if kind == "private":
        key, kind, seen = "2026-h1/ada/manager-notes/ben", "manager-note", Visibility.MANAGER_PRIVATE
    made = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    return Entry(fingerprint(line), ADA.id, by, EntryKind(kind), words, seen, on, made, key, anchor, kind.capitalize())


def _goal(number: int, line: str) -> tuple[Goal, list[Entry], list[GoalValue]]:
    title, start, target, unit, history, *category = (part.strip() for part in line.split("|"))
    row = f"g{number}"
    made = datetime(2026, 1, 5, 12, tzinfo=UTC)
    base = Entry(fingerprint(line), ADA.id, ADA.id, EntryKind.GOAL, title, Visibility.SHARED, made.date(), made, SHEET,
                 f"row:{row}/goal", f"Goals, row {number + 2}, Goal")  # fmt: skip
    entries, points = [base], []
    for day, value in (one.split("=") for one in history.split()):
        on = date.fromisoformat(day)
        figure = Figure(row, "now", float(value), unit)
        at = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
        entry = replace(base, id=fingerprint(line, day), kind=EntryKind.GOAL_VALUE, text=value, happened_on=on, recorded_at=at,
                        anchor=f"row:{row}/now", place=f"Goals, row {number + 2}, Now", figure=figure)  # fmt: skip
        entries.append(entry)
        points.append(GoalValue(row, on, float(value), entry.id))
    now, updated = (points[-1].value, points[-1].day) if points else (None, None)
    goal = Goal(row, ADA.id, CYCLE.id, SHEET, row, title, number, float(start), float(target), now, unit)
    return replace(goal, category="".join(category), updated=updated), entries, points


if __name__ == "__main__":
    for name, one in records().items():
        (FOLDER / f"{name}.md").write_text(as_markdown(one), encoding="utf-8")
