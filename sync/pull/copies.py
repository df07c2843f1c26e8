"""What the name and the place of a copy tell: who made it, out of two saves at once or by hand, and in whose folder it lies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from posixpath import basename, dirname
from shlex import quote

from sync.records import Artifact
from templates.shapes import Place

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


@dataclass(frozen=True)
class Lying:
    """Where a copy lies: in a private place or not, in whose folder, and whether it tells nothing of the original's person."""

    private: bool = False
    host: str = ""
    """The id that the owner's folder ends in, "" outside of every owner's folder."""
    foreign: str = ""
    """The folder of somebody else in which it lies."""


def owner_of(ref: str) -> str:
    """The id that the first owner's folder on the way to *ref* ends in (``Ada Brandt - p7k3``), "" when there is none."""
    return next((token for token in map(_token, _folders(ref)) if token), "")


def lying(ref: str, artifact: Artifact, manager_id: str, neighbours: Iterable[Artifact]) -> Lying:
    """Where the copy of *artifact* at *ref* lies; *neighbours* are the artifacts in the same folder.

    A copy belongs to its original's owner or person, in a private place also to their manager. In anybody else's folder it
    is not about that person. Outside of every owner's folder its neighbours tell whose folder it is, if they do.
    """
    private, host = is_private(ref), owner_of(ref)
    if dirname(ref) == dirname(artifact.ref) or not host:
        people = {one.person_id for one in neighbours} if dirname(ref) != dirname(artifact.ref) else set()
        return Lying(private, host, basename(dirname(ref)) if people and artifact.person_id not in people else "")
    own = {artifact.person_id, *((manager_id, artifact.other_id) if private else ())} - {""}
    if is_private(artifact.ref) == private:
        own.add(owner_of(artifact.ref))
    strange = _folder_of_another(ref, artifact) if host in own else _owner_folder(ref)
    return Lying(private, host, strange)


def is_private(ref: str) -> bool:
    """Whether *ref* lies in the private root."""
    return ref.partition("/")[0] == Place.PRIVATE.value


def _folders(ref: str) -> list[str]:
    return ref.split("/")[:-1]


def _token(folder: str) -> str:
    return folder.rpartition(" - ")[2].strip() if " - " in folder else ""


def _owner_folder(ref: str) -> str:
    return next((folder for folder in _folders(ref) if _token(folder)), "")


def _folder_of_another(ref: str, artifact: Artifact) -> str:
    """In a private folder: the one inside it that is for another person than the original's, "" when there is none."""
    if not is_private(ref):
        return ""
    own = {artifact.person_id, *map(_token, _folders(artifact.ref))}
    return next((folder for folder in _folders(ref)[2:] if _token(folder) and _token(folder) not in own), "")


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
    only = f"{only} kept as evidence" if texts else "nothing stands only there"
    name = told_by(ref, artifact.ref)
    if not name.conflict:
        over = "move the text over and put the copy away" if texts else "put it away"
        return f"{ref} is a copy of {artifact.ref}; {only}. It is not followed as the original is: {over}."
    then = "Move what is missing into the original, then delete this one." if texts else "Delete this one."
    whose = f" that holds what {name.who} saved" if name.who else ""
    return (
        f"{ref} is a conflict copy of {artifact.ref}{whose}{f' on {name.on}' if name.on else ''}: two saved at once, and the "
        f"sync program kept both. {only[0].upper()}{only[1:]}. {then}"
    )


def elsewhere(ref: str, artifact: Artifact, folder: str) -> str:
    """What a person should know about the copy at *ref* that lies in the *folder* of somebody else."""
    whose = f"the document of {artifact.person_id}" if artifact.person_id else "a document of the company"
    return (
        f"{ref} carries the key of {artifact.ref}, {whose}, but lies in the folder {folder}; nothing in it is evidence. Make a "
        "document of its own for what stands in it, or move it to where the original is, and put this one away."
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
