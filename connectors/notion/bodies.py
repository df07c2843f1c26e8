"""Bodies of pages as Markdown, read whole or not at all, and the comments on pages where they are wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.notion.client import Api, Refused

MOST_FETCHED = 100
"""Parts of one page that are asked for one by one."""


class Unreadable(Exception):
    """A body that cannot be read whole, with the reason: half a page would look as if people had deleted the rest."""


@dataclass(frozen=True)
class Comment:
    """One comment on a page: the user who wrote it, and its words."""

    by: str
    text: str


@dataclass(frozen=True)
class Reading:
    """What people can read in a page: its body, and the comments on it that nobody has resolved, oldest first."""

    body: str
    comments: tuple[Comment, ...] = ()


class Reader:
    """Reads documents. Comments take one call more for each page, so that they are read only on request.

    Notion gives the comments on the page as a whole; those in the margin of a block would take a call for each block.
    """

    def __init__(self, api: Api, with_comments: bool) -> None:
        self._api, self._with_comments = api, with_comments

    def read(self, id_: str) -> Reading:
        """The page of that id. Raises Unreadable and Refused."""
        body = body_of(self._api, id_)
        return Reading(body, tuple(self._comments(id_)) if self._with_comments else ())

    def _comments(self, id_: str) -> list[Comment]:
        try:
            found = list(self._api.listed("comments", {"block_id": id_}))
        except Refused as refusal:
            if refusal.status != 403:
                raise
            raise Unreadable(
                "The connection may not read comments. Turn on “Read comments” in Notion's settings of the connection, or "
                "connect again without --comments."
            ) from refusal
        return [Comment(str((one.get("created_by") or {}).get("id", "")), _words(one)) for one in found if _words(one)]


def _words(comment: Mapping[str, Any]) -> str:
    return "".join(str(piece.get("plain_text", "")) for piece in comment.get("rich_text", ())).strip()


def body_of(api: Api, id_: str) -> str:
    """The Markdown of a page. Raises Unreadable and Refused."""
    answer = api.get(f"pages/{id_}/markdown")
    markdown = str(answer.get("markdown", ""))
    unknown = [str(one) for one in answer.get("unknown_block_ids", ())]
    if not answer.get("truncated") and not unknown:
        return markdown
    if not unknown or len(unknown) > MOST_FETCHED:
        raise Unreadable("The page is too long to be read whole: split it, or move older parts into another page.")
    return "\n".join([markdown, *(_part(api, one) for one in unknown)])


def _part(api: Api, block: str) -> str:
    """A part that was left out of its page."""
    try:
        answer = api.get(f"pages/{block}/markdown")
    except Refused as refusal:
        raise Unreadable(
            "A part of the page is not shared with the connection. Take it out, or add the connection to it "
            "(••• → Connections)."
        ) from refusal
    if answer.get("truncated"):
        raise Unreadable("The page is too long to be read whole: split it, or move older parts into another page.")
    return str(answer.get("markdown", ""))
