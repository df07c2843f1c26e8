"""Notion's errors: status, code, message. Codes: https://developers.notion.com/reference/status-codes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

#: What stands in a request where nothing stands.
MISSING: Any = object()


class NotionError(Exception):
    """An answer that refuses."""

    def __init__(self, status: int, code: str, message: str, more: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.more = status, code, message, dict(more or {})

    def body(self) -> dict[str, Any]:
        """The JSON of the answer, without its request id."""
        more = {"additional_data": self.more} if self.more else {}
        return {"object": "error", "status": self.status, "code": self.code, "message": self.message, **more}


def invalid(message: str, **more: Any) -> NotionError:
    """400 ``validation_error``."""
    return NotionError(400, "validation_error", message, more)


def failed(path: str, wanted: str, value: Any = MISSING, where: str = "body") -> NotionError:
    """400: *path*, such as ``parent.page_id``, should be *wanted*; what is not there at all should be defined."""
    return invalid(f"{where} failed validation: {_should(path, wanted, value, where)}")


def failed_all(problems: Iterable[tuple[str, str, Any]]) -> NotionError:
    """400: none of several forms of a body fits; each path with what it should be and what it was."""
    lines = "\n".join(_should(path, wanted, value, "body") for path, wanted, value in problems)
    return invalid(f"body failed validation. Fix one:\n{lines}")


def none_of(path: str, keys: Iterable[str]) -> NotionError:
    """400: one of *keys* should stand in *path*."""
    return failed_all((f"{path}.{key}", "defined", MISSING) for key in keys)


def _should(path: str, wanted: str, value: Any, where: str) -> str:
    wanted = "defined" if value is MISSING else wanted
    return f"{where}.{path} should be {wanted}, instead was `{written(value)}`."


def not_implemented(what: str) -> NotionError:
    """501: Notion can do it, this emulator cannot."""
    return NotionError(501, "not_implemented", f"The emulator does not implement {what}.")


def archived_ancestor() -> NotionError:
    """400: an edit of something in the trash."""
    return invalid("Can't edit block that is archived. You must unarchive the block before editing.")


def written(value: Any) -> str:
    """*value* as Notion's messages show it."""
    if value is MISSING:
        return "undefined"
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text if len(text) <= 200 else f"{text[:200]}..."
