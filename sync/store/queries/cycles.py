"""Cycles with the pack they froze, their cadences, and the plans that were made for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from sync.records import CadenceRule, Cycle
from sync.store import models
from sync.store.queries.packing import packed, unpacked
from sync.store.queries.upsert import upsert


def create(tx: Connection, cycle: Cycle, pack_sources: Mapping[str, str]) -> None:
    """Add *cycle* with the texts of its pack, as they are now."""
    tx.execute(
        models.cycle.insert().values(
            id=cycle.id,
            label=cycle.label,
            start=cycle.start,
            end=cycle.end,
            review_on=cycle.review_on,
            opened_on=cycle.opened_on,
            pack_name=cycle.pack_name,
            pack_version=cycle.pack_version,
            pack_sources=packed(dict(pack_sources)),
            locked=cycle.locked,
        )
    )
    for rule in cycle.cadences:
        add_cadence(tx, cycle.id, rule)


def add_cadence(tx: Connection, cycle_id: str, rule: CadenceRule) -> None:
    """Add a cadence rule; it holds for periods that begin on or after its day."""
    values = {"scope": rule.scope, "value": rule.value, "cadence": rule.cadence, "since": rule.since}
    tx.execute(models.cadence.insert().values(cycle_id=cycle_id, **values))


def set_locked(tx: Connection, cycle_id: str, locked: bool) -> None:
    """Close a cycle, or open it again."""
    tx.execute(models.cycle.update().where(models.cycle.c.id == cycle_id).values(locked=locked))


def all_cycles(tx: Connection) -> tuple[Cycle, ...]:
    """Every cycle, the earliest first."""
    return tuple(_cycle(tx, row) for row in tx.execute(select(models.cycle).order_by(models.cycle.c.start, models.cycle.c.id)))


def get(tx: Connection, cycle_id: str) -> Cycle | None:
    """The cycle of that id."""
    row = tx.execute(select(models.cycle).where(models.cycle.c.id == cycle_id)).one_or_none()
    return None if row is None else _cycle(tx, row)


def running(tx: Connection, today: date) -> Cycle | None:
    """The cycle that *today* lies in, else the latest that began, else the first to come."""
    cycles = all_cycles(tx)
    begun = [cycle for cycle in cycles if cycle.start <= today]
    inside = [cycle for cycle in begun if today <= cycle.end]
    return (inside or begun)[-1] if begun else (cycles[0] if cycles else None)


def pack_sources(tx: Connection, cycle_id: str) -> dict[str, str]:
    """The texts of the pack that the cycle froze, by file name. Read them with `templates.loader.load_sources`."""
    data = tx.execute(select(models.cycle.c.pack_sources).where(models.cycle.c.id == cycle_id)).scalar_one()
    return {str(name): str(text) for name, text in unpacked(data).items()}


def save_plan(tx: Connection, hash_: str, cycle_id: str, made_at: datetime, body: Any) -> None:
    """Keep a plan so that `apply` can take its hash. *body* is JSON."""
    upsert(tx, models.plan, [{"hash": hash_, "cycle_id": cycle_id, "made_at": made_at, "body": packed(body)}])


def find_plan(tx: Connection, hash_: str) -> tuple[str, Any] | None:
    """Cycle id and body of the plan whose hash begins with *hash_*; None when none or several do."""
    rows = tx.execute(select(models.plan).where(models.plan.c.hash.startswith(hash_, autoescape=True))).all()
    return (rows[0].cycle_id, unpacked(rows[0].body)) if len(rows) == 1 else None


def latest_plan(tx: Connection, cycle_id: str) -> tuple[str, datetime] | None:
    """The hash of the plan that was drawn up last for a cycle, and when."""
    p = models.plan.c
    row = tx.execute(select(p.hash, p.made_at).where(p.cycle_id == cycle_id).order_by(p.made_at.desc()).limit(1)).one_or_none()
    return None if row is None else (row.hash, row.made_at)


def _cycle(tx: Connection, row: Row[Any]) -> Cycle:
    names = ("id", "label", "start", "end", "review_on", "opened_on", "pack_name", "pack_version", "locked")
    rules = tx.execute(select(models.cadence).where(models.cadence.c.cycle_id == row.id).order_by(models.cadence.c.id))
    cadences = tuple(CadenceRule(r.scope, r.value, r.cadence, r.since) for r in rules)
    return replace(Cycle(**{name: row._mapping[name] for name in names}), cadences=cadences)
