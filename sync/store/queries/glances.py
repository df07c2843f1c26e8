"""What stands on people's home pages, by person: what it says, and in which block."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection as Transaction
from sqlalchemy import select

from sync.store.models import glance
from sync.store.queries.upsert import upsert


@dataclass(frozen=True)
class Kept:
    """*hash* is of what was wanted last; *block* and *written* tell where it stands and by what it is known."""

    person_id: str
    hash: str
    block: str
    written: str


def everyone(tx: Transaction) -> dict[str, Kept]:
    """By person id."""
    rows = tx.execute(select(glance))
    return {row.person_id: Kept(row.person_id, row.hash, *row.blocks) for row in rows}


def keep(tx: Transaction, those: Iterable[Kept]) -> None:
    """Keep where they stand now."""
    upsert(tx, glance, [{"person_id": one.person_id, "hash": one.hash, "blocks": [one.block, one.written]} for one in those])


def forget(tx: Transaction) -> None:
    """The homes are other ones now."""
    tx.execute(glance.delete())
