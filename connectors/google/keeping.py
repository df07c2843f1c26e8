"""What the connector remembers between runs: whom it gave each person's folder, and which papers need less than that."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Mapping
from typing import Protocol


class Keeper(Protocol):
    """Keeps a text between runs."""

    def load(self) -> str:
        """What was saved last, "" when nothing was."""

    def save(self, text: str) -> None:
        """Keep *text*."""


class Forgetful:
    """Keeps it as long as the object lives."""

    def __init__(self) -> None:
        self._text = ""

    def load(self) -> str:
        """What was saved last."""
        return self._text

    def save(self, text: str) -> None:
        """Keep it."""
        self._text = text


class Granted:
    """Who was granted each person's folder, by its id. A folder that is not known is looked at before it is used.

    Of a paper in its writer's own folder it is who rests on the folder's grants since it was shared anew; a paper that is not
    known rests on all of them.
    """

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._lock = threading.Lock()
        self._known: dict[str, list[str]] | None = None

    def of(self, id_: str) -> frozenset[str] | None:
        """The targets of its grants; None when it is not known."""
        with self._lock:
            targets = self._loaded().get(id_)
            return None if targets is None else frozenset(targets)

    def note(self, targets: Mapping[str, Iterable[str]]) -> None:
        """Remember what these folders grant now."""
        fresh = {id_: sorted(some) for id_, some in targets.items()}
        with self._lock:
            known = self._loaded()
            if any(known.get(id_) != some for id_, some in fresh.items()):
                known |= fresh
                self._keeper.save(json.dumps({"granted": known}, separators=(",", ":")))

    def _loaded(self) -> dict[str, list[str]]:
        if self._known is None:
            text = self._keeper.load()
            self._known = dict(json.loads(text).get("granted", {})) if text else {}
        return self._known
