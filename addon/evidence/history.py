"""`throughline history`: who wrote what when in one document, as far as its files told; nothing is ever overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import click

from addon import company as companies
from addon.company import Company
from addon.evidence.which import artifact_of
from addon.terminal import BadInput, give_json, json_option, say
from sync.access import Action, Paper, Phase, Viewer, can, visible
from sync.pull.history import Moment, chain, moments, readable
from sync.pull.places import as_they_stand
from sync.records import Artifact, Entry, Save
from sync.store import Transaction
from sync.store.queries import artifacts, ledger, reviews
from templates.shapes import Kind


@click.command()
@click.argument("document")
@click.option("--as", "viewer", metavar="PERSON", help="As seen by whom. Default: the manager; without one, the person.")
@json_option
@click.pass_context
def history(context: click.Context, document: str, viewer: str | None, as_json: bool) -> None:
    """Each reading of DOCUMENT with what was new, edited or taken out, oldest first.

    DOCUMENT is a key, a ref or the path of a file; the id of an entry shows how that one text came to be. Only what the
    viewer may see. Reading about somebody else is noted in the audit trail.
    """
    company = companies.of(context)
    with company.store.write() as tx:
        past = _past(tx, company, document, viewer)
        if past.viewer.person_id != past.about:
            shown = f"{past.key}, {len(past.entries)} entries"
            reviews.note(tx, company.now, past.viewer.person_id, "read-history", past.about or past.key, shown)
    if as_json:
        give_json(_as_json(past))
    else:
        _say(past)


@dataclass(frozen=True)
class _Past:
    """What a viewer may see of a document's history."""

    key: str
    about: str
    artifact: Artifact | None
    viewer: Viewer
    saves: tuple[Save, ...]
    entries: tuple[Entry, ...]

    def name(self, person_id: str) -> str:
        """A person's name, for people."""
        return self.viewer.directory.name(person_id) or "not told by the file"


def _past(tx: Transaction, company: Company, words: str, viewer: str | None) -> _Past:
    """The history of the document that *words* mean, or of one entry. Raises BadInput when there is none to see."""
    asked = company.viewer(viewer) if viewer else None
    artifact = artifact_of(tx, company, words)
    entry = ledger.by_ids(tx, [words]).get(words)
    key = artifact.key if artifact else entry.artifact_key if entry else words
    entries = _placed(tx, ledger.of_artifacts(tx, [key]).get(key, ()))
    if artifact is None and not entries:
        raise _nothing(words)
    artifact = artifact or artifacts.get(tx, key)
    about = artifact.person_id if artifact else entries[0].about
    looking = asked or _default_viewer(company, about)
    seen = readable(entries, _not_taken_back(visible(looking, entries, company.today), entries))
    whole = artifact is not None and can(looking, Action.READ, _paper(tx, artifact), company.today)
    shown = chain(seen, entry.id) if entry else seen
    if not shown and (entry or not whole):
        raise _nothing(words)
    # Who saved the file and when tells of texts that somebody may not see.
    saves = artifacts.saves(tx, [key]).get(key, ()) if whole and not entry else ()
    return _Past(key, about, artifact, looking, tuple(saves), shown)


def _placed(tx: Transaction, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Texts that stand with the place where they stand now, former ones with the one where they stood."""
    former = {entry.supersedes for entry in entries}
    standing = as_they_stand(tx, [entry for entry in entries if not entry.withdrawn and entry.id not in former])
    now = {entry.id: entry for entry in standing}
    return tuple(now.get(entry.id, entry) for entry in entries)


def _nothing(words: str) -> BadInput:
    """The same words for what is not there and for what is not to be seen: a refusal would tell that it is there."""
    return BadInput(
        f"no document is called {words!r}, or not for this viewer: give its key, its ref or the path of its file, "
        "and --as somebody who may read it"
    )


def _not_taken_back(seen: tuple[Entry, ...], entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """*seen* without the texts whose very words were later kept from the viewer."""
    ids = {entry.id for entry in seen}
    hidden = {(entry.supersedes, entry.text) for entry in entries if entry.id not in ids and not entry.withdrawn}
    return tuple(entry for entry in seen if (entry.id, entry.text) not in hidden)


def _default_viewer(company: Company, about: str) -> Viewer:
    if not about:
        raise BadInput("this document is the company's own: say as whom to look, with --as PERSON")
    return Viewer(company.directory.manager_at(about, company.today) or about, company.directory)


def _paper(tx: Transaction, artifact: Artifact) -> Paper:
    phase = Phase.DRAFT
    if artifact.kind is Kind.RELEASED_REVIEW:
        phase = Phase.RELEASED
    elif artifact.key in ledger.submitted(tx, artifact.cycle_id):
        phase = Phase.SUBMITTED
    return Paper(artifact.kind, artifact.person_id, artifact.other_id, phase, artifact.due)


# ---------------------------------------------------------------- for people


def _say(past: _Past) -> None:
    title = past.artifact.title if past.artifact else past.key
    say(f"{title}, as seen by {past.name(past.viewer.person_id)} ({len(past.entries)} entries)")
    if past.artifact:
        say(f"{past.artifact.ref} · {past.key}")
    texts = {entry.id: entry for entry in past.entries}
    for moment in moments(past.saves, past.entries):
        say()
        say(_head(moment))
        for entry in moment.new:
            _say_entry("+", entry, past)
        for entry in moment.edited:
            _say_entry("~", entry, past, texts.get(entry.supersedes))
        for entry in moment.withdrawn:
            gone = texts[entry.supersedes]
            say(f"  − taken out: {gone.place}  [{gone.id}]")
            _say_text(gone.text)


def _head(moment: Moment) -> str:
    at = f"{moment.at:%Y-%m-%d %H:%M}"
    if moment.save is None:
        return f"{at}  noted"
    by = f" by {moment.save.modified_by}" if moment.save.modified_by else ""
    when = f" {moment.save.modified_at:%Y-%m-%d %H:%M}" if moment.save.modified_at else ""
    nothing = "" if moment.new or moment.edited or moment.withdrawn else "; no words that were not known"
    return f"{at}  read{f', saved{by}{when}' if by or when else ''}{nothing}"


def _say_entry(sign: str, entry: Entry, past: _Past, before: Entry | None = None) -> None:
    copy = ", in a copy" if entry.anchor.startswith("copy:") else ""
    say(f"  {sign} {entry.happened_on}  {entry.kind}, by {past.name(entry.by)} · {entry.place}{copy}  [{entry.id}]")
    _say_text(entry.text)
    if before is not None and before.text != entry.text:
        say(f"    was [{before.id}]:")
        _say_text(before.text)


def _say_text(text: str) -> None:
    for line in text.splitlines():
        say(f"      {line}")


# ---------------------------------------------------------------- for programs


def _as_json(past: _Past) -> dict[str, Any]:
    return {
        "artifact": past.key,
        "ref": past.artifact.ref if past.artifact else "",
        "about": past.about,
        "as": past.name(past.viewer.person_id),
        "moments": [_moment(moment, past) for moment in moments(past.saves, past.entries)],
    }


def _moment(moment: Moment, past: _Past) -> dict[str, Any]:
    save = moment.save
    return {
        "at": moment.at.isoformat(),
        "modified_by": save.modified_by if save else "",
        "modified_at": save.modified_at.isoformat() if save and save.modified_at else None,
        "version": save.version if save else "",
        "new": [_entry(entry, past) for entry in moment.new],
        "edited": [_entry(entry, past) for entry in moment.edited],
        "withdrawn": [entry.supersedes for entry in moment.withdrawn],
    }


def _entry(entry: Entry, past: _Past) -> dict[str, Any]:
    return {
        "id": entry.id,
        "kind": entry.kind.value,
        "text": entry.text,
        "by": entry.by,
        "by_name": past.viewer.directory.name(entry.by),
        "happened_on": str(entry.happened_on),
        "place": entry.place,
        "anchor": entry.anchor,
        "visibility": entry.visibility.value,
        "supersedes": entry.supersedes,
    }
