"""Requests that are no good, in Notion's words. Sizes: https://developers.notion.com/reference/request-limits."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from connectors.notion.emulator.errors import MISSING, NotionError, failed, invalid
from connectors.notion.emulator.ids import as_id

MAX_ITEMS = 100
MAX_BLOCKS = 1000
MAX_BYTES = 500_000
MAX_URL = 2000


def an_object(value: Any, path: str) -> Mapping[str, Any]:
    """*value*, which must be an object."""
    if not isinstance(value, dict):
        raise failed(path, "an object", value)
    return value


def a_list(value: Any, path: str, most: int = MAX_ITEMS) -> Sequence[Any]:
    """*value*, which must be an array of at most *most*."""
    if not isinstance(value, list):
        raise failed(path, "an array", value)
    if len(value) > most:
        raise failed(f"{path}.length", f"≤ `{most}`", len(value))
    return value


def a_string(value: Any, path: str, most: int | None = None) -> str:
    """*value*, which must be a string of at most *most* characters."""
    if not isinstance(value, str):
        raise failed(path, "a string", value)
    if most is not None and length(value) > most:
        raise failed(f"{path}.length", f"≤ `{most}`", length(value))
    return value


def length(text: str) -> int:
    """How long JavaScript, and so Notion, finds *text*: in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def a_bool(value: Any, path: str) -> bool:
    """*value*, which must be true or false."""
    if not isinstance(value, bool):
        raise failed(path, "a boolean", value)
    return value


def an_id(value: Any, path: str, where: str = "body") -> str:
    """The id that *value* must be."""
    found = as_id(value)
    if found is None:
        raise failed(path, "a valid uuid", value, where)
    return found


def one_of(value: Any, path: str, allowed: Collection[str]) -> str:
    """*value*, which must be one of *allowed*."""
    if value not in allowed:
        choice = ", ".join(f'`"{each}"`' for each in allowed)
        raise failed(path, choice if len(allowed) == 1 else f"one of {choice}", value)
    return str(value)


def only(body: Mapping[str, Any], known: Collection[str], where: str = "") -> None:
    """*body* must have no key but *known*."""
    for key, value in body.items():
        if key not in known:
            raise failed(f"{where}{key}", "not present", value)


def page_size(value: Any, where: str = "body") -> int:
    """How many results a page of results may have: 1 to 100, 100 unless told."""
    if value is None or value is MISSING:
        return MAX_ITEMS
    try:
        size = int(value) if not isinstance(value, bool) else -1
    except (TypeError, ValueError):
        size = -1
    if isinstance(value, float) or size < 1:
        raise failed("page_size", "a number greater than or equal to `1`", value, where)
    if size > MAX_ITEMS:
        raise failed("page_size", f"less than or equal to `{MAX_ITEMS}`", size, where)
    return size


def payload(size: int) -> None:
    """A body must be small enough."""
    if size > MAX_BYTES:
        raise invalid(f"Request body is too large: {size} bytes, the limit is {MAX_BYTES}.")


def not_found(what: str, record_id: str, connection: str, integration_id: str) -> NotionError:
    """404: does not exist, or is not shared with the connection."""
    message = (
        f"Could not find {what} with ID: {record_id}. "
        f'Make sure the relevant pages and databases are shared with your integration "{connection}".'
    )
    return NotionError(404, "object_not_found", message, {"integration_id": integration_id})
