"""Bodies of pages as Markdown: read whole or not at all."""

from __future__ import annotations

from connectors.notion.client import Api, Refused

MOST_FETCHED = 100
"""Parts of one page that are asked for one by one."""


class Unreadable(Exception):
    """A body that cannot be read whole, with the reason: half a page would look as if people had deleted the rest."""


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
