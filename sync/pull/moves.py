"""Documents that took each other's places: whose key stands where another one is recorded. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from connectors.workspace import Changes, Vanished
from sync.records import Artifact


def followed(changes: Changes, linked: Mapping[str, Artifact], akin: Callable[[str, str], bool]) -> Changes:
    """*changes* with renames into each other's places as moves, told by the keys that the files carry.

    *linked* are the artifacts by the ref where they stood; *akin* says whether something may have moved from one ref to
    another. A document goes on where its key stands now, when that is one place, unless somebody else's document was
    there: documents of two people are never exchanged. One whose place was taken and whose key stands nowhere has
    vanished.
    """
    keys = {one.ref: one.key for one in changes.changed if one.key and not one.former_ref}
    astray = _astray(changes, keys, linked)
    places: dict[str, list[str]] = {}
    for ref, key in keys.items():
        places.setdefault(key, []).append(ref)
    moved: dict[str, str] = {}
    for former, artifact in astray.items():
        refs = places.get(artifact.key, [])
        if len(refs) == 1 and _may_stand(artifact, refs[0], astray.get(refs[0]), linked) and akin(refs[0], former):
            moved[refs[0]] = former
    left = set(moved.values())
    vanished = {one.ref for one in changes.vanished}
    lost = [ref for ref in astray if ref in moved and ref not in left and ref not in vanished]
    return replace(
        changes,
        changed=tuple(replace(one, former_ref=moved.get(one.ref, one.former_ref)) for one in changes.changed),
        vanished=(*(one for one in changes.vanished if one.ref not in left), *map(Vanished, lost)),
    )


def _astray(changes: Changes, keys: Mapping[str, str], linked: Mapping[str, Artifact]) -> dict[str, Artifact]:
    """The artifacts that are not where they stood, by that ref: nothing stands there, or something with another key."""
    gone = {one.ref: linked[one.ref] for one in changes.vanished if one.ref in linked}
    return gone | {ref: linked[ref] for ref, key in keys.items() if ref in linked and linked[ref].key != key}


def _may_stand(artifact: Artifact, ref: str, before: Artifact | None, linked: Mapping[str, Artifact]) -> bool:
    """Whether *artifact* may go on at *ref*: where nothing was recorded, or what has left it was of the same people."""
    if before is None:
        return ref not in linked
    return (artifact.person_id, artifact.other_id) == (before.person_id, before.other_id)
