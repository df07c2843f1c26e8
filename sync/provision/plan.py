"""The plan: what apply would do, decided purely from what should stand, what was recorded and what the workspace says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date

from connectors.workspace import Capabilities, Grants
from sync.provision.steps import (
    VERBS,
    Adopt,
    Create,
    Plan,
    Share,
    Step,
    Unchanged,
    Unlink,
    Update,
    from_json,
    ground,
    to_json,
)
from sync.provision.wanted import Wanted
from sync.records import Artifact, ArtifactState, Goal
from templates.shapes import Kind

__all__ = [
    "Adopt",
    "Create",
    "Plan",
    "Share",
    "Step",
    "Unchanged",
    "Unlink",
    "UnsafePlan",
    "Update",
    "from_json",
    "ground",
    "guard",
    "plan",
    "render",
    "to_json",
]

MOST_UNLINKED = 0.2
"""The share of one kind that may disappear in one plan without a halt ..."""
FEW_UNLINKED = 5
"""... and the number below which it is never halted."""


class UnsafePlan(Exception):
    """So much of one kind is gone that it is likelier a mistake than a wish; the message names what is gone."""


def plan(
    wanted: Iterable[Wanted],
    recorded: Sequence[Artifact],
    existing: Set[str],
    found: Mapping[str, Sequence[str]],
    unwritten: Mapping[str, Sequence[Goal]],
    capabilities: Capabilities,
    workspace: str,
    attempted: Set[str] = frozenset(),
    departed: Set[str] = frozenset(),
) -> Plan:
    """Compare what should stand with what was recorded and what the workspace says.

    *existing* are the recorded refs at which something stands; *found* maps keys looked for in the workspace (open
    intents, and artifacts that are not where they were) to the refs that carry them; *unwritten* are imported goals
    that are not in a sheet yet, by person; *attempted* are the keys of open intents; *departed* are the ids of people who
    left: what was made for them stays, read-only.
    """
    wishes = {one.key: one for one in wanted}
    known = {artifact.key: artifact for artifact in recorded}
    latest = _latest_check_ins(recorded)
    steps: list[Step] = []
    shares = capabilities.can_share or capabilities.marks_rights
    for artifact in recorded:
        refs = tuple(found.get(artifact.key, ()))
        one = wishes.get(artifact.key)
        access = one.grants if one else _read_only(artifact) if artifact.person_id in departed else None
        steps += _of_recorded(artifact, access if shares else None, existing, refs, unwritten)
    for key, one in wishes.items():
        if key not in known and (key in attempted or not _is_late(one, latest)):
            steps += _of_new(one, tuple(found.get(key, ())), unwritten.get(one.person_id, ()))
    return Plan(workspace, tuple(sorted(steps, key=lambda step: (step.key, VERBS.index(type(step))))))


def guard(planned: Plan) -> None:
    """Raise UnsafePlan, with titles, when more than 20 % and at least 5 of a kind would be unlinked."""
    standing: dict[str, set[str]] = defaultdict(set)
    gone: dict[str, list[Unlink]] = defaultdict(list)
    for step in planned.steps:
        if isinstance(step, Create) or (isinstance(step, Unchanged) and not step.ref):
            continue
        standing[kind_of(step.key)].add(step.key)
        if isinstance(step, Unlink):
            gone[kind_of(step.key)].append(step)
    for kind, steps in sorted(gone.items()):
        if len(steps) >= FEW_UNLINKED and len(steps) > MOST_UNLINKED * len(standing[kind]):
            names = "\n".join(f"  {step.title} (was at {step.ref})" for step in steps)
            raise UnsafePlan(
                f"{len(steps)} of {len(standing[kind])} artifacts of the kind {kind} are gone from the {planned.workspace} "
                "workspace. Nothing was done. Put them back, or check that the right workspace is connected:\n" + names
            )


def kind_of(key: str) -> str:
    """The kind in a logical key."""
    return key.split("/")[2]


def person_of(key: str) -> str:
    """The person's id in a logical key, ``company`` for the company's own."""
    return key.split("/")[1]


# ---------------------------------------------------------------- decisions


def _of_recorded(
    artifact: Artifact,
    access: Grants | None,
    existing: Set[str],
    refs: tuple[str, ...],
    unwritten: Mapping[str, Sequence[Goal]],
) -> list[Step]:
    """*access* is who should have it, None to leave that alone."""
    key, title, ref = artifact.key, artifact.title, artifact.ref
    steps: list[Step] = []
    if ref not in existing:
        steps.append(_of_missing(artifact, refs))
        if not isinstance(steps[0], Adopt):
            return steps
        ref = refs[0]
    elif artifact.state is ArtifactState.UNLINKED:
        steps.append(Adopt(key, title, "it stands again where it was recorded", (ref,)))
    if access is not None and _sets(access) != _sets(Grants(artifact.writers, artifact.readers)):
        steps.append(Share(key, title, _access_reason(artifact, access), ref, access))
    if artifact.kind is Kind.GOAL_SHEET:
        steps += _of_goals(key, title, ref, unwritten.get(artifact.person_id, ()))
    return steps or [Unchanged(key, title, "it stands as recorded", ref)]


def _of_goals(key: str, title: str, ref: str, goals: Sequence[Goal]) -> list[Step]:
    if not goals:
        return []
    return [Update(key, title, f"{_many(len(goals), 'imported goal')} to add", ref, tuple(goal.id for goal in goals))]


def _of_missing(artifact: Artifact, refs: tuple[str, ...]) -> Step:
    """Nothing stands at the recorded ref: moved if its key stands in exactly one other place, otherwise unlinked."""
    key, title = artifact.key, artifact.title
    if len(refs) == 1:
        return Adopt(key, title, f"it moved here from {artifact.ref}", refs)
    seen = f" Its key stands in {len(refs)} places ({', '.join(refs)}): delete all but the right one." if refs else ""
    if artifact.state is ArtifactState.UNLINKED:
        return Unchanged(key, title, f"unlinked: nothing stands at {artifact.ref}.{seen}", "")
    way_out = seen or " Restore it from the bin, or forget it so that it is made anew."
    return Unlink(key, title, f"nothing stands at {artifact.ref} any more.{way_out}", artifact.ref)


def _of_new(one: Wanted, refs: tuple[str, ...], goals: Sequence[Goal]) -> list[Step]:
    """What a stopped run made may lack goals that were imported since."""
    if not refs:
        return [Create(one.key, one.title, one.reason, one)]
    adopted = Adopt(one.key, one.title, "an earlier run made it and was stopped before recording it", refs, one)
    return [adopted, *(_of_goals(one.key, one.title, refs[0], goals) if one.kind is Kind.GOAL_SHEET else ())]


def _latest_check_ins(recorded: Iterable[Artifact]) -> dict[str, date]:
    latest: dict[str, date] = {}
    for artifact in recorded:
        if artifact.kind is Kind.CHECK_IN and artifact.due is not None:
            latest[artifact.person_id] = max(artifact.due, latest.get(artifact.person_id, date.min))
    return latest


def _is_late(one: Wanted, latest: Mapping[str, date]) -> bool:
    """Whether a check-in lies before one that this person already has.

    A team's cadence, a leave or a start date that changes afterwards would otherwise write new check-ins into the past.
    Days missed by downtime all lie after the last recorded one.
    """
    return one.kind is Kind.CHECK_IN and one.due is not None and one.due < latest.get(one.person_id, date.min)


def _read_only(artifact: Artifact) -> Grants:
    return Grants((), tuple(sorted({*artifact.writers, *artifact.readers})))


def _sets(grants: Grants) -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(grants.writers), frozenset(grants.readers)


def _access_reason(artifact: Artifact, grants: Grants) -> str:
    before, after = {*artifact.writers, *artifact.readers}, {*grants.writers, *grants.readers}
    parts = [f"{verb} {', '.join(sorted(who))}" for verb, who in (("adds", after - before), ("ends", before - after)) if who]
    return "; ".join(parts) or "who may write changes"


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


# ---------------------------------------------------------------- as text


def render(planned: Plan, names: Mapping[str, str]) -> str:
    """The writing steps for people to read, person by person; *names* maps person ids to names."""
    by_person: dict[str, list[Step]] = defaultdict(list)
    for step in planned.writing:
        by_person[person_of(step.key)].append(step)
    blocks = [_block("Company" if who == "company" else names.get(who, who), steps) for who, steps in _sorted(by_person, names)]
    total = ", ".join(f"{number} to {verb}" for verb, number in planned.counts().items() if number and verb != "unchanged")
    unchanged = planned.counts()["unchanged"]
    return "\n\n".join([*blocks, f"{total or 'Nothing to do'}; {unchanged} unchanged. Plan {planned.hash[:12]}"])


def _sorted(by_person: Mapping[str, list[Step]], names: Mapping[str, str]) -> list[tuple[str, list[Step]]]:
    return sorted(by_person.items(), key=lambda item: (item[0] != "company", names.get(item[0], item[0]), item[0]))


def _block(name: str, steps: Iterable[Step]) -> str:
    return "\n".join([name, *(f"  {type(step).__name__.lower():<7} {step.title}: {step.reason}" for step in steps)])
