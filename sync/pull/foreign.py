"""What people should know about files that stand where they do not belong, or that are none of ours."""

from __future__ import annotations

from collections.abc import Container, Mapping
from posixpath import dirname

from sync.pull.copies import is_private
from sync.records import Artifact, Finding

FOREIGN = "foreign"
"""The kind of finding for a file that Throughline did not make."""
_NOT_OURS = "not provisioned by Throughline and not read; `throughline notes import` reads"


def misplaced(artifact: Artifact, key: str, other: Artifact | None) -> str:
    """For a document with another *key* at the place of *artifact*; *other* is the artifact of that key, when there is one."""
    there, back = f"the document {key}", "Move it away"
    if other is not None:
        there, back = f"{other.title!r} ({key})", f"Move it to {other.ref}, or away when that one still stands there"
    return (
        f"{artifact.ref}: {there} stands where {artifact.title!r} was, so nothing in it counts for {artifact.key}. "
        f"{back}, and put {artifact.title!r} back here, from the bin or an earlier version when nowhere else."
    )


def strangers(keys: Mapping[str, str], begun: Container[str]) -> list[Finding]:
    """For files with the *keys* that they carry ("" for none), by ref. What an unfinished run has *begun* is not strange.

    The name of a file of one's own in a private folder is nobody's business: there the folder is named.
    """
    odd = {ref: key for ref, key in sorted(keys.items()) if not key or key not in begun}
    private = dict.fromkeys(dirname(ref) for ref, key in odd.items() if is_private(ref) and not key)
    return [
        *(Finding(ref, FOREIGN, _stranger(ref, key)) for ref, key in odd.items() if key or not is_private(ref)),
        *(Finding(folder, FOREIGN, f"{folder}: files in it are {_NOT_OURS} them.") for folder in private),
    ]


def _stranger(ref: str, key: str) -> str:
    if key:
        return f"{ref}: carries the key {key}, which is not recorded here; it is not read. Put it where it comes from."
    # A platform's id is no path that a command could open.
    return f"{ref}: {_NOT_OURS} it{'' if '/' in ref else ' once it is downloaded as a Word, Excel, Markdown or text file'}."
