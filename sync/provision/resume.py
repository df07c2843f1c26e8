"""Finish what a stopped run began: intents whose outcome nobody knows, and twins that they left behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.workspace import Document, Failed, Grants, Home, Row, Snapshot, Table, Trashed
from sync.provision.run import Made, Outcome, Run, failed, finding
from sync.provision.steps import wanted_from, wanted_json
from sync.provision.survey import where
from sync.provision.wanted import Wanted
from sync.pull.serial import from_json
from sync.records import Artifact
from sync.store import Transaction
from sync.store.queries import artifacts, ledger

BATCH = 50


@dataclass(frozen=True)
class Pending:
    """Something that stands at *refs* and is to be recorded. *ours*: an intent of ours tells what we put in it."""

    wanted: Wanted
    refs: tuple[str, ...]
    ground: Any
    goals: tuple[str, ...]
    ours: bool


@dataclass(frozen=True)
class Choice:
    """Which of several with one key is the artifact, which are empty twins, and in which of them somebody typed."""

    main: Snapshot
    empty: tuple[Snapshot, ...] = ()
    typed: tuple[Snapshot, ...] = ()


def resume(run: Run, still_wanted: Set[str], settle_seconds: float, sleep: Callable[[float], None]) -> Iterator[Outcome]:
    """Adopt what open intents made. After an unknown outcome the platform gets *settle_seconds* to show it.

    Intents that made nothing stay open while their key is in *still_wanted*, so that a late check-in is tried again.
    """
    with run.store.read() as tx:
        intents = artifacts.open_intents(tx, run.name)
        copies = {finding.subject for finding in ledger.findings(tx, run.name) if finding.kind == "copy"}  # are people's own
    found = where(run.workspace, intents.keys(), without=copies)
    unseen = intents.keys() - found.keys()
    if unseen:
        sleep(_left(max(intents[key][0] for key in unseen), run.now(), settle_seconds))
        found |= where(run.workspace, unseen, without=copies)
    pending = {key: _pending(intents[key][1], refs) for key, refs in found.items()}
    yield from finish(run, pending)
    idle = intents.keys() - found.keys() - still_wanted
    if idle:
        with run.writing("closing-intents") as tx:
            artifacts.settle(tx, sorted(idle))


def finish(run: Run, pending: Mapping[str, Pending]) -> Iterator[Outcome]:
    """Record what stands, trash its empty twins if an intent of ours made them, and report the others."""
    for keys in run.batches(sorted(pending), BATCH):
        yield from _finish_batch(run, {key: pending[key] for key in keys})


def choose(candidates: Sequence[Snapshot], ground: Table | Document, recorded_ref: str) -> Choice:
    """The recorded one is the artifact; else the first that somebody typed in; else the first.

    The shortest name comes first: a copy is called like its original, with something added.
    """
    candidates = sorted(candidates, key=lambda one: (len(one.ref), one.ref))
    typed = [one for one in candidates if not same_words(one.content, ground)]
    main = next((one for one in candidates if one.ref == recorded_ref), (typed or candidates)[0])
    others = [one for one in candidates if one is not main]
    return Choice(main, tuple(o for o in others if o not in typed), tuple(o for o in others if o in typed))


def same_words(one: Table | Document, other: Table | Document) -> bool:
    """Whether both hold the same text in the same sections, rows and columns; places, titles and blank lines aside."""
    return list(_words(one)) == list(_words(other))


def make_anew(tx: Transaction, workspace: str, artifact: Artifact, now: datetime) -> None:
    """Forget the record of an artifact that is gone, so that the next plan makes it anew. Its evidence stays.

    An open intent takes the record's place: by it the plan tells a check-in of the past that is to be made again from
    one that was never there. It holds what was provisioned before.
    """
    one = Wanted(
        key=artifact.key,
        kind=artifact.kind,
        title=artifact.title,
        home=Home(artifact.place),
        grants=Grants(artifact.writers, artifact.readers),
        person_id=artifact.person_id,
        other_id=artifact.other_id,
        due=artifact.due,
        quarterly=False,
        reason="it is to be made anew",
    )
    body = {"wanted": wanted_json(one), "ground": artifacts.grounds(tx, [artifact.key])[artifact.key], "goals": []}
    artifacts.forget(tx, artifact.key)
    artifacts.begin(tx, workspace, {artifact.key: body}, now)


# ---------------------------------------------------------------- steps


def _left(begun_at: datetime, now: datetime, settle_seconds: float) -> float:
    return min(settle_seconds, max(0.0, settle_seconds - (now - begun_at).total_seconds()))


def _pending(body: Any, refs: tuple[str, ...]) -> Pending:
    return Pending(wanted_from(body["wanted"]), refs, body["ground"], tuple(body["goals"]), ours=True)


def _finish_batch(run: Run, pending: Mapping[str, Pending]) -> Iterator[Outcome]:
    with run.store.read() as tx:
        recorded = artifacts.by_keys(tx, pending)
    choices, failures = _choices(run, pending, recorded)
    made = [
        Made(pending[key].wanted, choice.main.ref, "", pending[key].ground, pending[key].goals)  # people may have written in it
        for key, choice in choices.items()
        if key not in recorded or recorded[key].ref != choice.main.ref
    ]
    with run.writing("recording-adopted") as tx:
        run.record(tx, made)
        run.note(tx, [finding(outcome) for outcome in failures])
    yield from failures
    yield from (Outcome(key, "adopted", "an earlier run had made it", choice.main.ref) for key, choice in choices.items())
    twins = [outcome for key, choice in choices.items() for outcome in _part_from(run, key, choice, pending[key].ours)]
    with run.writing("closing-adopted") as tx:
        left = [outcome for outcome in twins if outcome.result != "trashed"]
        run.note(tx, [finding(outcome) for outcome in left])
        ledger.mark_dirty(tx, run.name, [outcome.ref for outcome in left if outcome.ref])  # so that their words are read
        artifacts.settle(tx, list(choices))
    yield from twins


def _choices(
    run: Run, pending: Mapping[str, Pending], recorded: Mapping[str, Artifact]
) -> tuple[dict[str, Choice], list[Outcome]]:
    """What was chosen for each key, and the keys of which something could not be read: those are left for the next run."""
    spots = [(key, ref) for key, one in pending.items() for ref in one.refs]
    results = run.workspace.read((ref, run.shape(pending[key].wanted.kind)) for key, ref in spots)
    seen: dict[str, list[Snapshot]] = {key: [] for key in pending}
    failures: dict[str, Outcome] = {}
    for (key, _), result in zip(spots, results, strict=True):
        if isinstance(result, Failed):
            failures[key] = failed(key, result)
        else:
            seen[key].append(result)
    choices = {
        key: choose(some, from_json(pending[key].ground), recorded[key].ref if key in recorded else "")
        for key, some in seen.items()
        if key not in failures
    }
    return choices, list(failures.values())


def _part_from(run: Run, key: str, choice: Choice, ours: bool) -> Iterator[Outcome]:
    """Trash empty twins of our own making; name the others, in which people's words may be."""
    empty = [twin.ref for twin in choice.empty] if ours else []
    for ref, result in zip(empty, run.workspace.trash(empty), strict=True):
        run.checkpoint("trashed")
        if isinstance(result, Trashed):
            yield Outcome(key, "trashed", f"an empty twin of {choice.main.ref}", ref)
        else:
            yield failed(key, result)
    for twin in choice.typed if ours else (*choice.empty, *choice.typed):
        message = f"{twin.ref} carries the same key as {choice.main.ref}. Move what matters over, then delete it."
        yield Outcome(key, "twin", message, twin.ref)


# ---------------------------------------------------------------- words


def _words(content: Table | Document) -> Iterator[tuple[str, ...]]:
    if isinstance(content, Table):
        yield from _row_words("", content.rows)
    else:
        for part in content.parts:
            yield from ((part.section, text.strip()) for text in part.paragraphs if text.strip())
            yield from _row_words(part.section, part.rows)
    yield from (("?", one.heading, one.text.strip()) for one in content.left_overs if one.text.strip())


def _row_words(section: str, rows: tuple[Row, ...]) -> Iterator[tuple[str, ...]]:
    for row in rows:
        yield from ((section, row.key, key, cell.text.strip()) for key, cell in sorted(row.cells.items()) if cell.text.strip())
