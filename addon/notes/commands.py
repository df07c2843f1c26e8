"""`throughline notes import`: what a manager wrote before there was this program, brought into the ledger."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from addon import company as companies
from addon.company import Company
from addon.notes.reading import Unreadable, files_below, read_source
from addon.terminal import BadInput, ends, give_json, json_option, progress, say
from sync.notes import Note, Source, Terms, as_they_stand, for_other_readers, notes_of, proposal_hash
from sync.records import Entry, Person, Visibility
from sync.store.queries import ledger, reviews

_SHOWN = 8
"""Digits of a hash that are shown, and that are enough."""
_CHUNK = 500


@click.group()
def notes() -> None:
    """Notes that managers already have."""


@notes.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--person", required=True, metavar="PERSON", help="About whom they are.")
@click.option("--by", "author", metavar="PERSON", help="Who wrote them. Default: PERSON's manager.")
@click.option(
    "--visibility",
    type=click.Choice([Visibility.SHARED.value, Visibility.MANAGER_PRIVATE.value]),
    default=Visibility.MANAGER_PRIVATE.value,
    show_default=True,
    help="Who may read them: the person and the manager, or their author alone.",
)
@click.option("--accept", metavar="HASH", help="Store what was shown under that hash (the first 8 digits are enough).")
@json_option
@click.pass_context
def import_notes(
    context: click.Context, path: Path, person: str, author: str | None, visibility: str, accept: str | None, as_json: bool
) -> None:
    """Read PATH, a document (.docx, .xlsx, .md, .txt) or a folder of them, into the ledger by its headings and dates.

    Shows each entry with its day, heading, text and source, and stores nothing; --accept HASH stores exactly that. Doing
    it again stores nothing twice; with another --visibility it changes who may read what is known. No file is written or
    moved.
    """
    company = companies.of(context)
    about = company.person(person)
    terms = Terms(about.id, _author(company, about, author).id, Visibility(visibility), company.now, company.today)
    sources, problems = _read(path)
    found = notes_of(sources, terms)
    with company.store.read() as tx:
        stored = ledger.of_artifacts(tx, {note.entry.artifact_key for note in found})
    known = as_they_stand(found, (entry for entries in stored.values() for entry in entries))
    proposal = _Proposal(about, terms, found, known, problems)
    if accept:
        _store(company, proposal, accept)
    if as_json:
        give_json(_as_json(proposal, stored=bool(accept)))
    elif accept:
        say(f"Stored {_entries(len(proposal.new))} about {about.name}, {len(known)} known already{_changed(proposal)}.")
        _say_problems(problems)
    else:
        _say(proposal, company, _again(path, person, author, visibility))
    ends(len(problems))


@dataclass(frozen=True)
class _Proposal:
    """What would be stored. *problems* are files with the reason why they are left out."""

    about: Person
    terms: Terms
    notes: tuple[Note, ...]
    known: Mapping[str, Entry]
    """What the ledger has, by the id of the note."""
    problems: tuple[tuple[Path, str], ...]

    @property
    def new(self) -> tuple[Note, ...]:
        """Those that the ledger does not have."""
        return tuple(note for note in self.notes if note.entry.id not in self.known)

    @property
    def changed(self) -> tuple[Entry, ...]:
        """What replaces those that the ledger has for other readers."""
        known = ((note, self.known[note.entry.id]) for note in self.notes if note.entry.id in self.known)
        return tuple(for_other_readers(note, one) for note, one in known if one.visibility is not note.entry.visibility)

    @property
    def hash(self) -> str:
        """What a person accepts."""
        return proposal_hash(self.notes)


def _author(company: Company, about: Person, words: str | None) -> Person:
    """Who wrote the notes: a manager of the person, now or once. Raises BadInput."""
    managers = {line.manager_id for line in about.reporting} - {about.id}
    if words is None:
        manager = about.manager_at(company.today)
        if not manager:
            raise BadInput(f"{about.name} has no manager: say who wrote the notes, with --by PERSON")
        return next(one for one in company.people if one.id == manager)
    author = company.person(words)
    if author.id not in managers:
        raise BadInput(f"{author.name} never managed {about.name}: notes are a manager's own")
    return author


def _read(path: Path) -> tuple[list[Source], tuple[tuple[Path, str], ...]]:
    """The documents at *path*, and what cannot be taken. Raises BadInput when nothing stands there."""
    if not path.exists():
        raise BadInput(f"nothing stands at {path}")
    files, problems = files_below(path)
    sources = []
    with progress("Reading", len(files)) as advance:
        for file in files:
            try:
                sources.append(read_source(file, file.name))
            except Unreadable as error:
                problems.append((file, str(error)))
            advance(1)
    return sources, tuple(problems)


def _store(company: Company, proposal: _Proposal, accept: str) -> None:
    """Store what was accepted, all or nothing. Raises BadInput when it is no longer what was shown."""
    if len(accept) < _SHOWN or not proposal.hash.startswith(accept.lower()):
        raise BadInput(
            f"the hash is {proposal.hash[:_SHOWN]} now, not {accept}: the notes, their author or readers are not those that "
            "were shown; look again without --accept"
        )
    entries = [*(note.entry for note in proposal.new), *proposal.changed]
    with company.store.write() as tx:
        for start in range(0, len(entries), _CHUNK):
            ledger.append(tx, entries[start : start + _CHUNK])
        reviews.note(tx, company.now, "command line", "import-notes", proposal.about.id, f"{len(entries)} entries")


# ---------------------------------------------------------------- what people see


def _say(proposal: _Proposal, company: Company, again: str) -> None:
    names = {one.id: one.name for one in company.people}
    for source, those in groupby(proposal.new, lambda note: note.source):
        say(source)
        for note in those:
            _say_note(note)
        say()
    _say_problems(proposal.problems)
    author, readers = names[proposal.terms.by], proposal.terms.visibility
    known = f", {len(proposal.known)} known already" if proposal.known else ""
    say(f"{_entries(len(proposal.new))} new about {proposal.about.name}, by {author}, {readers}{known}{_changed(proposal)}.")
    if proposal.new or proposal.changed:
        say("Nothing has been stored yet; to store this:")
        say(f"  {again} --accept {proposal.hash[:_SHOWN]}")


def _changed(proposal: _Proposal) -> str:
    """How many of the known ones get other readers, for people."""
    before = Counter(proposal.known[note.entry.id].visibility for note in proposal.notes if note.entry.id in proposal.known)
    counts = ((count, was) for was, count in before.items() if was is not proposal.terms.visibility)
    return "".join(f", {count} of them {proposal.terms.visibility} instead of {was}" for count, was in counts)


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"


def _say_note(note: Note) -> None:
    entry = note.entry
    heading = f" · {note.heading}" if note.heading else ""
    doubt = f"  ({note.doubt})" if note.doubt else ""
    say(f"  {entry.happened_on}{heading} · {entry.place}{doubt}  [{entry.id}]")
    for line in entry.text.splitlines():
        say(f"      {line}")


def _say_problems(problems: Sequence[tuple[Path, str]]) -> None:
    for file, reason in problems:
        say(f"left out: {file}: {reason}")


def _again(path: Path, person: str, author: str | None, visibility: str) -> str:
    by = ["--by", author] if author else []
    readers = ["--visibility", visibility] if visibility != Visibility.MANAGER_PRIVATE else []
    return shlex.join(["throughline", "notes", "import", str(path), "--person", person, *by, *readers])


def _as_json(proposal: _Proposal, *, stored: bool) -> dict[str, Any]:
    return {
        "person": proposal.about.id,
        "by": proposal.terms.by,
        "visibility": proposal.terms.visibility.value,
        "hash": proposal.hash,
        "stored": len(proposal.new) if stored else 0,
        "known": len(proposal.known),
        "changed": len(proposal.changed),
        "entries": [_row(note, proposal.known) for note in proposal.notes],
        "left_out": [{"file": str(file), "reason": reason} for file, reason in proposal.problems],
    }


def _row(note: Note, known: Mapping[str, Entry]) -> dict[str, Any]:
    entry = note.entry
    return {
        "id": entry.id,
        "happened_on": str(entry.happened_on),
        "heading": note.heading,
        "text": entry.text,
        "source": note.source,
        "place": entry.place,
        "doubt": note.doubt,
        "artifact": entry.artifact_key,
        "known": entry.id in known,
        "was": known[entry.id].visibility.value if entry.id in known else "",
    }
