"""What happened in the workspace, as change notices tell it: https://developers.notion.com/reference/webhooks-events-delivery."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """*type* such as ``page.created``; *entity_type* page, block, database, data_source, view or comment."""

    type: str
    entity_id: str
    entity_type: str
    author: str
    parent: Mapping[str, Any]
    data: Mapping[str, Any] = field(default_factory=dict)
