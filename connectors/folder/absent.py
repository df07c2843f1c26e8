"""What a look did not find and what is not gone all the same: hidden behind something, just being saved, or converted. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from connectors.folder.cursor import Known, State
from connectors.folder.faults import in_another_form, link_there
from connectors.folder.paths import OTHER_FORMS, lock_names, stem_of, suffix_of
from connectors.folder.scan import Scan
from connectors.workspace import Failed, Vanished


def kept_aside(before: State, found: Scan) -> tuple[dict[str, Known], list[Failed]]:
    """Files that cannot be seen now: in a folder that nobody looked into, or just being saved; and what to tell."""
    kept, held = dict[str, Known](), dict[str, Failed]()
    inodes = {stat.inode for stat in found.files.values()} if found.locks else set()
    named = {one.subject for one in found.failed}
    for ref in sorted(before.files.keys() - found.files.keys()):
        folder, _, name = ref.rpartition("/")
        if closed := next((one for one in found.closed if ref.startswith(f"{one}/")), ""):
            kept[ref] = before.files[ref]
            if closed not in named:
                held[closed] = Failed(closed, link_there(closed))
        elif before.files[ref].stat.inode not in inodes and any(f"{folder}/{lock}" in found.locks for lock in lock_names(name)):
            kept[ref] = before.files[ref]
            held[ref] = Failed(ref, f"{ref} is being saved right now, or a lock file was left beside it.", busy=True)
    return kept, list(held.values())


def not_gone(vanished: Iterable[Vanished], found: Scan) -> tuple[set[str], list[Failed]]:
    """The refs of what seems gone and in whose place a link, a pipe or another form of it stands; and what to tell."""
    named = {one.subject for one in found.failed}
    hidden, told = set[str](), list[Failed]()
    for ref in (one.ref for one in vanished):
        if ref in named:
            hidden.add(ref)
        elif sibling := found.others.get(stem_of(ref)):
            hidden.add(ref)
            told.append(Failed(ref, in_another_form(ref, sibling, OTHER_FORMS[suffix_of(sibling)], suffix_of(ref))))
    return hidden, told
