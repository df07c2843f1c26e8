"""Documents by what people call them: on a platform a ref is an id, which says nothing to anybody."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from addon.company import Company
from addon.web.addresses import address_of, where
from sync.records import Artifact
from sync.store import Transaction
from sync.store.queries import artifacts

_REFS = {
    "google": re.compile(r"(?<![\w/=-])1[\w-]{32}(?:[\w-]{11})?(?![\w-])"),
    "notion": re.compile(r"(?<![\w/])(?:[\w-]+/)+[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}(?![\w-])"),
}
"""How the refs of a platform look. A folder's are paths, which people can read."""
_IN_A_COMMAND = re.compile(r"throughline [a-z-]+(?: \S+)? $")
"""What stands before a ref that is to be copied into a terminal as it is."""


@dataclass(frozen=True)
class Piece:
    """Words, or a file with its *ref* and *address*. *words* of a file are its title, "" where that is not known."""

    words: str
    ref: str = ""
    address: str = ""

    @property
    def spoken(self) -> str:
        """On a terminal: with the id, which commands take, or the address, which a browser opens."""
        if not self.ref:
            return self.words
        return f"“{self.words}” ({self.ref})" if self.words else f"{self.ref} ({self.address})"


def pieces(tx: Transaction, workspace: str, texts: Sequence[str]) -> list[tuple[Piece, ...]]:
    """Each of *texts* cut into its words and the files that they name by ref."""
    pattern = _REFS.get(workspace)
    if pattern is None:
        return [(Piece(text),) for text in texts]
    known = artifacts.by_refs(tx, workspace, {ref for text in texts for ref in pattern.findall(text)})
    return [tuple(_cut(text, pattern, known, workspace)) for text in texts]


def told(tx: Transaction, workspace: str, texts: Sequence[str]) -> dict[str, tuple[Piece, ...]]:
    """The pieces of each of *texts*, for a page."""
    return dict(zip(texts, pieces(tx, workspace, texts), strict=True))


def spoken(company: Company, texts: Iterable[str]) -> list[str]:
    """*texts* as people say them."""
    listed, workspace = list(texts), company.workspace_name
    with company.store.read() as tx:
        return ["".join(piece.spoken for piece in some) for some in pieces(tx, workspace, listed)]


def _cut(text: str, pattern: re.Pattern[str], known: Mapping[str, Artifact], workspace: str) -> Iterator[Piece]:
    done = 0
    for found in pattern.finditer(text):
        ref = found[0]
        if _IN_A_COMMAND.search(text, 0, found.start()):
            continue
        if found.start() > done:
            yield Piece(text[done : found.start()])
        artifact = known.get(ref)
        if artifact is None:
            yield Piece("", ref, address_of(ref, workspace))
        else:
            yield Piece(artifact.title, ref, where(artifact, workspace).address)
        done = found.end()
    if done < len(text):
        yield Piece(text[done:])
