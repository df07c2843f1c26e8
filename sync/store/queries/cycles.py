"""Cycles with the pack they froze, their cadences, and the plans that were made for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

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
    return _cycles(tx)


def get(tx: Connection, cycle_id: str) -> Cycle | None:
    """The cycle of that id."""
    return next(iter(_cycles(tx, models.cycle.c.id == cycle_id)), None)


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


_COLUMNS = ("id", "label", "start", "end", "review_on", "opened_on", "pack_name", "pack_version", "locked")


def _cycles(tx: Connection, *which: ColumnElement[bool]) -> tuple[Cycle, ...]:
    """Cycles with their cadences, in one question."""
    c, r = models.cycle, models.cadence
    rule = [r.c[name].label(f"rule_{name}") for name in ("scope", "value", "cadence", "since")]
    query = select(*(c.c[name] for name in _COLUMNS), *rule).outerjoin(r, r.c.cycle_id == c.c.id).where(*which)
    found: dict[str, Cycle] = {}
    for row in tx.execute(query.order_by(c.c.start, c.c.id, r.c.id)):
        one = found.get(row.id) or Cycle(**{name: row._mapping[name] for name in _COLUMNS})
        if row.rule_scope is not None:
            rule_ = CadenceRule(row.rule_scope, row.rule_value, row.rule_cadence, row.rule_since)
            one = replace(one, cadences=(*one.cadences, rule_))
        found[row.id] = one
    return tuple(found.values())
