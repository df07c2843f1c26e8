"""Many values in one question, no more at once than every database takes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import ARRAY, Connection, Select, String, cast, func, select

CHUNK = 500


def chunks(items: Iterable[str]) -> Iterator[Sequence[str]]:
    """*items* in order, at most `CHUNK` at a time."""
    whole = list(items)
    return (whole[start : start + CHUNK] for start in range(0, len(whole), CHUNK))


def rows_of(tx: Connection, values: Iterable[str]) -> Select[Any]:
    """*values* as rows, however many: they travel as one, for a column to be in."""
    if tx.dialect.name == "sqlite":
        return select(func.json_each(json.dumps(list(values))).table_valued("value").c.value)
    return select(func.unnest(cast(list(values), ARRAY(String))).column_valued("value"))
