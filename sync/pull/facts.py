"""What a pull is given and what it loads once: where and by whom, the recorded artifacts, people, cycles and packs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from connectors.workspace import Document, Failed, Table, Workspace
from sync.pull.intents import Context, manager_of, names_of
from sync.records import Artifact, ArtifactState, Cycle, Finding, Person
from sync.store import Store
from sync.store.queries import artifacts, cycles, ledger, people
from templates.shapes import DocumentShape, Pack, SectionWhen, TableShape

Shape = TableShape | DocumentShape
PackOf = Callable[[str], Pack]
"""Cycle id to the pack that the cycle froze."""


def _nothing(_point: str) -> None:
    return


def _silent(_done: int, _total: int) -> None:
    return


@dataclass(frozen=True)
class Run:
    """One pull: where, by whom, with which packs and clock.

    *checkpoint* is called with a name after everything that was stored; *progress* with how many of how many were read.
    """

    store: Store
    workspace: Workspace
    name: str
    """The workspace's name in the store, and its lease's."""
    holder: str
    packs: PackOf
    clock: Callable[[], datetime]
    today: date
    checkpoint: Callable[[str], None] = _nothing
    progress: Callable[[int, int], None] = _silent


@dataclass
class Facts:
    """What is loaded once: the recorded artifacts, people and cycles. Refs are kept current while the run goes on."""

    cursor: str
    dirty: tuple[str, ...]
    never_read: tuple[str, ...]
    told: Mapping[str, tuple[Finding, ...]]
    """The findings that are in the store, by subject."""
    by_ref: dict[str, Artifact]
    people: Mapping[str, Person]
    cycles: Mapping[str, Cycle]
    names: Mapping[str, str] = field(default_factory=dict)
    packs: dict[str, Pack] = field(default_factory=dict)
    faults: Mapping[str, Failed] = field(default_factory=dict)
    """What the workspace itself said about refs that could not be looked at."""

    @property
    def linked(self) -> dict[str, Artifact]:
        """The artifacts that stand where they are recorded, by ref."""
        return {ref: one for ref, one in self.by_ref.items() if one.state is ArtifactState.LINKED}

    def linked_at(self, ref: str) -> Artifact | None:
        """The artifact that stands at *ref*."""
        one = self.by_ref.get(ref)
        return one if one is not None and one.state is ArtifactState.LINKED else None

    def by_key(self) -> dict[str, Artifact]:
        """The recorded artifacts by key."""
        return {one.key: one for one in self.by_ref.values()}


def load_facts(run: Run) -> Facts:
    with run.store.read() as tx:
        everyone = people.everyone(tx)
        return Facts(
            cursor=ledger.cursor(tx, run.name),
            dirty=ledger.dirty(tx, run.name),
            never_read=ledger.never_read(tx, run.name),
            told=_by_subject(ledger.findings(tx, run.name)),
            by_ref={one.ref: one for one in sorted(artifacts.all_artifacts(tx, run.name), key=_linked_last)},
            people={person.id: person for person in everyone},
            cycles={cycle.id: cycle for cycle in cycles.all_cycles(tx)},
            names=names_of(everyone),
        )


def _by_subject(findings: Iterable[Finding]) -> dict[str, tuple[Finding, ...]]:
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.subject, []).append(finding)
    return {subject: tuple(those) for subject, those in found.items()}


def _linked_last(artifact: Artifact) -> bool:
    """At a place from which one artifact has gone, another one may stand by now."""
    return artifact.state is ArtifactState.LINKED


def shape_of(run: Run, facts: Facts, artifact: Artifact) -> Shape | None:
    """What the cycle's pack says of the artifact's kind, None when the cycle is not known or its pack lacks the kind."""
    if artifact.cycle_id not in facts.cycles:
        return None
    if artifact.cycle_id not in facts.packs:
        facts.packs[artifact.cycle_id] = run.packs(artifact.cycle_id)
    template = facts.packs[artifact.cycle_id].templates.get(artifact.kind)
    return template.shape if template else None


def varies(shape: Shape) -> bool:
    """Whether not every document of that shape has all of its sections."""
    return isinstance(shape, DocumentShape) and any(one.when is not SectionWhen.ALWAYS for one in shape.sections)


def as_made(shape: Shape | None, ground: Table | Document) -> Shape | None:
    """*shape* without the sections that the document did not have when it was made, so that nobody misses them in it."""
    made = {part.section for part in ground.parts} if isinstance(ground, Document) else set()
    if not made or not isinstance(shape, DocumentShape):
        return shape
    kept = tuple(one for one in shape.sections if one.when is SectionWhen.ALWAYS or one.key in made)
    return replace(shape, sections=kept)


def context_of(run: Run, facts: Facts, artifact: Artifact, now: datetime) -> Context:
    cycle = facts.cycles[artifact.cycle_id]
    return Context(
        now=now,
        today=run.today,
        cycle_start=cycle.start,
        cycle_end=cycle.end,
        people=facts.names,
        manager_id=manager_of(artifact, facts.people.get(artifact.person_id), run.today),
        peers_visible=facts.packs[artifact.cycle_id].peer_feedback_visible,
    )
