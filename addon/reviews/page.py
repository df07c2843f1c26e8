"""A review as one page for reading: the draft on one side, its evidence on the other. Nothing is loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sync.records import Entry, Gap
from sync.review.service import Desk
from sync.review.sheet import TOLD, Line, Sheet
from sync.review.surprise import NOTICE, Standing
from templates.shapes import DocumentShape, Kind

PAGES = Path(__file__).parents[1] / "pages"


@dataclass(frozen=True)
class Block:
    """Lines under one heading of a section."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Chapter:
    """A section of the review: its blocks, and what stays blank in it."""

    key: str
    title: str
    blocks: tuple[Block, ...]
    gaps: tuple[Gap, ...]


def page(sheet: Sheet, desk: Desk, viewer_id: str, locate: Callable[[str], str]) -> str:
    """The page. *locate* gives the address of a ref, "" when it has none."""
    person = desk.person(sheet.draft.person_id)
    voice = desk.voice(person)
    numbers: dict[str, list[int]] = {}
    for source in sheet.sources:
        for line in source.lines:
            numbers.setdefault(line, []).append(source.number)
    return (
        _environment()
        .get_template("reviews/sheet.html")
        .render(
            sheet=sheet,
            person=person,
            writer=desk.directory.name(sheet.draft.writer_id),
            viewer=desk.directory.name(viewer_id),
            is_writer=viewer_id == sheet.draft.writer_id,
            is_self=sheet.draft.writer_id == sheet.draft.person_id,
            cycle=desk.cycle,
            chapters=chapters(sheet, desk),
            numbers=numbers,
            day=lambda one: voice.day(one) if isinstance(one, date) else "",
            who=voice.author,
            locate=locate,
            notice=NOTICE.days,
            new=Standing.NEW,
            busiest=max((month.noted for month in sheet.cover.months), default=0) or 1,
            month=_month,
            scale=desk.pack.scale,
        )
    )


def chapters(sheet: Sheet, desk: Desk) -> tuple[Chapter, ...]:
    """The sections in the order of the document, each with its lines by heading."""
    titles = _titles(desk, sheet)
    found = []
    for key in dict.fromkeys((*TOLD[1:], *(line.section for line in sheet.lines if line.section != TOLD[0]), TOLD[0])):
        lines = [line for line in sheet.lines if line.section == key]
        blocks = tuple(Block(heading, tuple(inside)) for heading, inside in groupby(lines, key=lambda line: line.heading))
        gaps = tuple(gap for gap in sheet.draft.gaps if gap.section == key)
        if blocks or gaps:
            found.append(Chapter(key, titles.get(key, key.capitalize()), blocks, gaps))
    return tuple(found)


def _titles(desk: Desk, sheet: Sheet) -> Mapping[str, str]:
    """What the pack calls the sections of a manager's review, whoever writes."""
    template = desk.pack.templates.get(Kind.MANAGER_REVIEW)
    shape = template.shape if template else None
    return {one.key: one.title for one in shape.sections} if isinstance(shape, DocumentShape) else {}


def _month(name: str) -> str:
    return date.fromisoformat(f"{name}-01").strftime("%b")


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


# ---------------------------------------------------------------- the same as JSON


def sheet_json(sheet: Sheet, desk: Desk) -> dict[str, Any]:
    """Every sentence with what stands beside it, and the evidence by where it was used."""
    draft = sheet.draft
    return {
        "draft": draft.id,
        "person": draft.person_id,
        "name": desk.directory.name(draft.person_id),
        "writer": draft.writer_id,
        "reader": draft.reader_id,
        "made_at": draft.made_at.isoformat(),
        "lines": [_line(line) for line in sheet.lines],
        "sources": [
            {"number": one.number, "evidence": one.entry.id, "where": one.where, "ref": one.ref, "text": one.words,
             "lines": list(one.lines)}
            for one in sheet.sources
        ],
        "months": [{"month": one.name, "noted": one.noted, "quoted": one.quoted} for one in sheet.cover.months],
        "remarks": list(sheet.cover.remarks),
        "criteria": [
            {"criterion": one.criterion.key, "title": one.criterion.title, "entries": one.entries, "enough": one.enough}
            for one in sheet.cover.criteria
        ],
        "questions": [{"rule": one.rule, "words": one.words, "question": one.question, "key": one.key} for one in sheet.whole],
        "gaps": [{"section": gap.section, "heading": gap.heading, "reason": gap.reason} for gap in draft.gaps],
        "unused": [{**_entry(one.entry), "where": one.where, "weighty": one.weighty} for one in sheet.unused],
        "withheld": [{**_entry(one.entry), "where": one.where} for one in sheet.withheld],
        "left_out": [{**_entry(one.entry), "where": one.where} for one in sheet.left_out],
        "for_you": [{**_entry(one.entry), "where": one.where} for one in sheet.for_you],
        "unraised": [{**_entry(one.entry), "perhaps_in": _ids(one.suggestions)} for one in sheet.unraised],
        "releases": [{"version": one.version, "at": one.at.isoformat(), "reason": one.reason} for one in sheet.releases],
    }  # fmt: skip


def _line(line: Line) -> dict[str, Any]:
    judged = line.judged
    return {
        "id": line.id,
        "section": line.section,
        "heading": line.heading,
        "text": line.text,
        "mine": line.mine,
        "evidence": list(line.entries),
        "point": line.subject,
        "stale": line.stale,
        "no_example": line.no_example,
        "taken_out": line.dropped,
        "known": judged.standing.value if judged else None,
        "known_since": str(judged.day) if judged and judged.day else None,
        "perhaps_in": _ids(judged.suggestions) if judged else [],
        "hints": [{"rule": one.rule, "words": one.words, "question": one.question, "key": one.key} for one in line.hints],
    }


def _ids(entries: Iterable[Entry]) -> list[str]:
    return [one.id for one in entries]


def _entry(entry: Entry) -> dict[str, Any]:
    return {"id": entry.id, "kind": entry.kind.value, "by": entry.by, "happened_on": str(entry.happened_on), "text": entry.text}
