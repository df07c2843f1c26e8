"""What the name of a copy tells: whether a person made it or a sync program, out of two saves at once, and whose it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from posixpath import basename
from shlex import quote

from sync.records import Artifact

_DAY = r"(?P<on>\d{4}-\d\d-\d\d|\d{8})"
_CONFLICTS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\((?P<who>[^()]+?)(?:['’]s?)? (?:case )?conflicted copy(?: {_DAY})?",  # Dropbox
        rf"\(in konflikt stehende kopie von (?P<who>[^()]+?)(?: {_DAY})?(?: \(\d+\))?\)",
        rf"\((?:conflicted copy|konfliktkopie)(?: {_DAY})?",  # Nextcloud
        rf"[ _.-](?:sync-)?conflict-{_DAY}(?:-\d{{4,6}})?(?:-(?P<who>\w+))?",  # Syncthing, ownCloud
        r"[ _-]?[\[(]conflict(?:ed)?[\])]",  # Google Drive
    )
)
_COMPUTER = re.compile(r"-(?P<who>[\w]*[A-Z][\w-]*)(?: ?\(?\d*\)?)")
"""What OneDrive adds: a dash and the name of the computer."""
_BY_HAND = re.compile(r"[ _-]*(?:[-_ ]+(?:copy|kopie)(?:[ _]?\(?\d+\)?)?|\(\d+\)|[ _]\d{1,2})", re.IGNORECASE)
_IN_FRONT = re.compile(r"(?:copy of|kopie von)\b", re.IGNORECASE)


@dataclass(frozen=True)
class CopyName:
    """*conflict* when a sync program made it because two people saved at once; *who* and *on* as the name tells."""

    conflict: bool = False
    who: str = ""
    on: str = ""


def told_by(ref: str, original: str) -> CopyName:
    """What the name of *ref*, a copy of *original*, tells. Refs end in the file's name."""
    stem, first = _stem(ref), _stem(original)
    for pattern in _CONFLICTS:
        if found := pattern.search(stem):
            said = found.groupdict()
            return CopyName(True, (said.get("who") or "").strip(), _as_day(said.get("on") or ""))
    added = stem.removeprefix(first) if stem.startswith(first) else ""
    if not added or _BY_HAND.fullmatch(added) or _IN_FRONT.match(stem):
        return CopyName()
    computer = _COMPUTER.fullmatch(added)
    return CopyName(True, computer["who"]) if computer else CopyName()


def message(ref: str, artifact: Artifact, texts: int) -> str:
    """What a person should know about the copy of *artifact* at *ref* in which *texts* stand that it has not."""
    only = "1 text stands only there and is" if texts == 1 else f"{texts} texts stand only there and are"
    only += " kept as evidence"
    name = told_by(ref, artifact.ref)
    if not name.conflict:
        return (
            f"{ref} is a copy of {artifact.ref}; {only}. It is not followed as the original is: move the text over and "
            "put the copy away."
        )
    whose = f" that holds what {name.who} saved" if name.who else ""
    return (
        f"{ref} is a conflict copy of {artifact.ref}{whose}{f' on {name.on}' if name.on else ''}: two saved at once, and the "
        f"sync program kept both. {only[0].upper()}{only[1:]}. Move what is missing into the original, then delete this one."
    )


def heir(ref: str, artifact: Artifact) -> str:
    """The same when the original is gone."""
    return (
        f"{ref} carries the key of {artifact.ref}, which is gone. What stands in it is kept as evidence. To go on with this "
        f"one: throughline relink {artifact.key} {quote(ref)}; otherwise put the original back and this one away."
    )


def _stem(ref: str) -> str:
    name = basename(ref)
    stem, dot, _ = name.rpartition(".")
    return stem if dot and stem else name


def _as_day(digits: str) -> str:
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}" if len(digits) == 8 else digits
