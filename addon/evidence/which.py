"""Which document people mean: by its key, its ref, or the path of its file."""

from __future__ import annotations

from pathlib import Path

from addon.company import Company
from connectors.folder.paths import PRIVATE, SHARED
from sync.records import Artifact
from sync.store import Transaction
from sync.store.queries import artifacts


def ref_of(company: Company, words: str) -> str:
    """The ref of the file that *words* name: a path into one of the two folders, else *words* as they are."""
    given = Path(words).expanduser()
    path = given.parent.resolve() / given.name
    for prefix, root in ((SHARED, company.settings.workspace_dir), (PRIVATE, company.settings.private_dir)):
        if path.is_relative_to(root.resolve()):
            return f"{prefix}/{path.relative_to(root.resolve()).as_posix()}"
    return words


def artifact_of(tx: Transaction, company: Company, words: str) -> Artifact | None:
    """The recorded artifact that *words* (key, ref or path) mean, or None."""
    ref = ref_of(company, words)
    found = artifacts.by_refs(tx, company.workspace.capabilities.name, [ref])
    return artifacts.get(tx, words) or found.get(ref)
