"""Many values in one question, no more at once than every database takes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import ARRAY, ColumnElement, Connection, String, cast, func, select

CHUNK = 500


def chunks(items: Iterable[str]) -> Iterator[Sequence[str]]:
    """*items* in order, at most `CHUNK` at a time."""
    whole = list(items)
    return (whole[start : start + CHUNK] for start in range(0, len(whole), CHUNK))


def among(tx: Connection, column: ColumnElement[str], values: Iterable[str]) -> ColumnElement[bool]:
    """That *column* holds one of *values*, however many: they travel as one."""
    if tx.dialect.name == "sqlite":
        return column.in_(select(func.json_each(json.dumps(list(values))).table_valued("value").c.value))
    return column.in_(select(func.unnest(cast(list(values), ARRAY(String))).column_valued("value")))
