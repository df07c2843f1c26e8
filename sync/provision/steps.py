"""Steps and plans as values: what they are, how they hash, and how they travel as JSON."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from connectors.workspace import Grants, Home
from sync.provision.wanted import Wanted
from templates.shapes import Kind, Place


@dataclass(frozen=True)
class Create:
    """Make an artifact that does not exist."""

    key: str
    title: str
    reason: str
    wanted: Wanted


@dataclass(frozen=True)
class Adopt:
    """Record what stands in the workspace with this key. *refs* are all places it was found in, the likeliest first.

    *wanted* is None for an artifact that was recorded before.
    """

    key: str
    title: str
    reason: str
    refs: tuple[str, ...]
    wanted: Wanted | None = None


@dataclass(frozen=True)
class Update:
    """Append rows to the goal sheet for *goals*, the ids of imported goals that are not in it yet."""

    key: str
    title: str
    reason: str
    ref: str
    goals: tuple[str, ...]


@dataclass(frozen=True)
class Share:
    """Give other people access."""

    key: str
    title: str
    reason: str
    ref: str
    grants: Grants


@dataclass(frozen=True)
class Unlink:
    """Note that nothing stands any more where the artifact was recorded."""

    key: str
    title: str
    reason: str
    ref: str


@dataclass(frozen=True)
class Unchanged:
    """Nothing to do. *ref* is "" for one that is unlinked."""

    key: str
    title: str
    reason: str
    ref: str


Step = Create | Adopt | Update | Share | Unlink | Unchanged
VERBS: tuple[type[Step], ...] = (Create, Adopt, Unlink, Share, Update, Unchanged)
"""In the order in which they are done for one key."""


@dataclass(frozen=True)
class Plan:
    """Steps in their fixed order: by key, then by verb."""

    workspace: str
    steps: tuple[Step, ...]

    @property
    def hash(self) -> str:
        """SHA-256 over existence, key, place, title, grants and emptiness of every step; never over content or reasons."""
        return hashlib.sha256(_dumped([self.workspace, [ground(step) for step in self.steps]])).hexdigest()

    @property
    def writing(self) -> tuple[Step, ...]:
        """The steps that change something."""
        return tuple(step for step in self.steps if not isinstance(step, Unchanged))

    def counts(self) -> dict[str, int]:
        """How many steps of each verb, in lower case, all verbs included."""
        counted = Counter(type(step) for step in self.steps)
        return {verb.__name__.lower(): counted[verb] for verb in VERBS}


def ground(step: Step) -> list[Any]:
    """What a step stands on; two steps are the same when this is. Reasons and content are no part of it."""
    verb = type(step).__name__.lower()
    match step:
        case Create(key, title, _, one):
            return [verb, key, title, _home_json(one.home), _grants_json(one.grants), "empty"]
        case Adopt(key, title, _, refs, _):
            return [verb, key, title, list(refs)]
        case Update(key, title, _, ref, goals):
            return [verb, key, title, ref, list(goals)]
        case Share(key, title, _, ref, grants):
            return [verb, key, title, ref, _grants_json(grants)]
        case Unlink(key, title, _, ref) | Unchanged(key, title, _, ref):
            return [verb, key, title, ref]


def to_json(planned: Plan) -> dict[str, Any]:
    """The plan as JSON values, with its hash; `from_json` reads it back."""
    return {
        "workspace": planned.workspace,
        "hash": planned.hash,
        "counts": planned.counts(),
        "steps": [_step_json(step) for step in planned.steps],
    }


def from_json(data: Mapping[str, Any]) -> Plan:
    """The plan that `to_json` was given. Raises ValueError when its hash does not fit: somebody changed it."""
    read = Plan(data["workspace"], tuple(_step(one) for one in data["steps"]))
    if read.hash != data["hash"]:
        raise ValueError(f"the plan {data['hash'][:12]} does not fit its hash; make a new one with `throughline plan`")
    return read


def _step_json(step: Step) -> dict[str, Any]:
    data: dict[str, Any] = {"do": type(step).__name__.lower(), "key": step.key, "title": step.title, "reason": step.reason}
    match step:
        case Create(wanted=one):
            data["wanted"] = wanted_json(one)
        case Adopt(refs=refs, wanted=maybe):
            data |= {"refs": list(refs), "wanted": wanted_json(maybe) if maybe else None}
        case Update(ref=ref, goals=goals):
            data |= {"ref": ref, "goals": list(goals)}
        case Share(ref=ref, grants=grants):
            data |= {"ref": ref, "grants": _grants_json(grants)}
        case Unlink(ref=ref) | Unchanged(ref=ref):
            data["ref"] = ref
    return data


def _step(data: Mapping[str, Any]) -> Step:
    head = (data["key"], data["title"], data["reason"])
    match data["do"]:
        case "create":
            return Create(*head, wanted_from(data["wanted"]))
        case "adopt":
            return Adopt(*head, tuple(data["refs"]), wanted_from(data["wanted"]) if data["wanted"] else None)
        case "update":
            return Update(*head, data["ref"], tuple(data["goals"]))
        case "share":
            return Share(*head, data["ref"], _grants(data["grants"]))
        case "unlink":
            return Unlink(*head, data["ref"])
        case "unchanged":
            return Unchanged(*head, data["ref"])
    raise ValueError(f"a plan has no step {data['do']!r}")


def wanted_json(one: Wanted) -> dict[str, Any]:
    """A wish as JSON values; an intent keeps it too."""
    return {
        "key": one.key,
        "kind": one.kind.value,
        "title": one.title,
        "home": _home_json(one.home),
        "grants": _grants_json(one.grants),
        "person": one.person_id,
        "other": one.other_id,
        "due": str(one.due) if one.due else None,
        "quarterly": one.quarterly,
        "reason": one.reason,
    }


def wanted_from(data: Mapping[str, Any]) -> Wanted:
    """The wish that `wanted_json` was given."""
    place, owner_id, owner_name, inner = data["home"]
    return Wanted(
        key=data["key"],
        kind=Kind(data["kind"]),
        title=data["title"],
        home=Home(Place(place), owner_id, owner_name, tuple(inner)),
        grants=_grants(data["grants"]),
        person_id=data["person"],
        other_id=data["other"],
        due=date.fromisoformat(data["due"]) if data["due"] else None,
        quarterly=data["quarterly"],
        reason=data["reason"],
    )


def _home_json(home: Home) -> list[Any]:
    return [home.place.value, home.owner_id, home.owner_name, list(home.inner)]


def _grants_json(grants: Grants) -> list[list[str]]:
    return [list(grants.writers), list(grants.readers)]


def _grants(data: Iterable[Iterable[str]]) -> Grants:
    writers, readers = data
    return Grants(tuple(writers), tuple(readers))


def _dumped(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
