"""The draft as blocks of a document: numbered statements, and the list of their sources at the end. Pure."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping

from connectors.markdown import plain
from connectors.workspace import Block, Bullet, Line, Paragraph, Subheading
from sync.records import Draft, Entry, Statement
from sync.review.material import GOAL_KINDS
from sync.review.wording import CONNECTIVES, SECTIONS, Voice

SOURCES = "sources"
_MARK = re.compile(r"\[(\d{1,4})\]")
_MARK_AND_SPACE = re.compile(r"(\s*)\[(\d{1,4})\]")


def numbers(draft: Draft, entries: Mapping[str, Entry]) -> Mapping[str, int]:
    """Entry id to its number, counted from 1 in the order in which the draft cites. One row of goals is one source."""
    ids = dict.fromkeys(citation.entry_id for statement in draft.statements for citation in statement.citations)
    by_source: dict[tuple[str, str], int] = {}
    return {
        entry_id: by_source.setdefault(_same_source(entries[entry_id]), len(by_source) + 1)
        for entry_id in ids
        if entry_id in entries
    }


def laid_out(draft: Draft, numbered: Mapping[str, int]) -> dict[str, tuple[tuple[Line, Statement | None], ...]]:
    """What goes into each section, by its key: headings (without a statement), and statements with the marks of *numbered*."""
    filled: dict[str, tuple[tuple[Line, Statement | None], ...]] = {}
    for section in SECTIONS:
        inside: list[tuple[Line, Statement | None]] = []
        above = ""
        for statement in (one for one in draft.statements if one.section == section):
            if statement.heading and statement.heading != above:
                inside.append((Subheading(statement.heading), None))
            above = statement.heading
            cited = dict.fromkeys(numbered[one.entry_id] for one in statement.citations if one.entry_id in numbered)
            text = statement.text + "".join(f" [{number}]" for number in cited)
            opening = statement.text == CONNECTIVES.get(section)
            inside.append((Paragraph(text) if opening else Bullet(text), statement))
        if inside:
            filled[section] = tuple(inside)
    return filled


def blocks(draft: Draft, entries: Mapping[str, Entry], titles: Mapping[str, str], voice: Voice) -> dict[str, tuple[Block, ...]]:
    """What goes into each section of an empty document, and the sources.

    *entries* are those cited, by id; *titles* the titles of artifacts, by key.
    """
    numbered = numbers(draft, entries)
    filled: dict[str, tuple[Block, ...]] = {
        section: tuple(line for line, _ in inside) for section, inside in laid_out(draft, numbered).items()
    }
    if numbered:
        standing = standing_for(entries.values())
        first = {number: standing[entry_id] for entry_id, number in reversed(list(numbered.items()))}
        filled[SOURCES] = source_list(sorted(first.items(), key=lambda one: one[0]), titles, voice)
    return filled


def source_list(numbered: Iterable[tuple[int, Entry]], titles: Mapping[str, str], voice: Voice) -> tuple[Block, ...]:
    """One line a source: ``[1] Check-in Ada Brandt 2026-03-02, Wins, 2 March, Ada Brandt (self)``."""
    return tuple(Paragraph(f"[{number}] {source(entry, titles, voice)}") for number, entry in numbered)


def listed(lines: Iterable[str], entries: Iterable[Entry], titles: Mapping[str, str], voice: Voice) -> dict[int, Entry]:
    """The numbers that a list of sources gives to *entries*, as it stands in a document now."""
    by_source = {source(entry, titles, voice): entry for entry in entries}
    found: dict[int, Entry] = {}
    for line in map(plain, lines):
        mark = _MARK.match(line.strip())
        entry = by_source.get(line.strip()[mark.end() :].strip()) if mark else None
        if mark and entry:
            found[int(mark.group(1))] = entry
    return found


def marks_in(text: str) -> list[int]:
    """The numbers of sources that *text* points to, in order."""
    return [int(number) for number in _MARK.findall(text)]


def renumbered(text: str, new: Mapping[int, int], dead: Container[int]) -> str:
    """*text* with its marks changed by *new* and *dead* ones taken out. Other numbers in brackets are a person's own."""

    def change(found: re.Match[str]) -> str:
        number = int(found[2])
        return "" if number in dead else f"{found[1]}[{new.get(number, number)}]"

    return _MARK_AND_SPACE.sub(change, text)


def without_marks(text: str) -> str:
    """*text* without any marks of sources."""
    return _MARK_AND_SPACE.sub("", text)


def source(entry: Entry, titles: Mapping[str, str], voice: Voice) -> str:
    """Where *entry* stands, of which day it is and by whom; for a goal, its row."""
    title = titles.get(entry.artifact_key, "")
    if entry.kind in GOAL_KINDS:
        return ", ".join(part for part in (title, entry.place.rpartition(", ")[0] or entry.place) if part) or "Ledger"
    where = ", ".join(part for part in (title, entry.place) if part)
    return f"{where or 'Ledger'}, {voice.day(entry.happened_on)}, {voice.author(entry)}"


def standing_for(entries: Iterable[Entry]) -> dict[str, Entry]:
    """By id, the entry that tells where each of *entries* stands: of the row of a goal, the one that was recorded last."""
    known = sorted(entries, key=lambda entry: (entry.recorded_at, entry.id))
    latest = {_same_source(entry): entry for entry in known}
    return {entry.id: latest[_same_source(entry)] for entry in known}


def _same_source(entry: Entry) -> tuple[str, str]:
    return (entry.artifact_key, entry.anchor.partition("/")[0]) if entry.kind in GOAL_KINDS else ("", entry.id)
