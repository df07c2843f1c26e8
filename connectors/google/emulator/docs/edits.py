"""`documents.batchUpdate`: the kinds of request, applied in order to a copy of the document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from connectors.google.emulator.docs.body import (
    Document,
    Tab,
)
from connectors.google.emulator.errors import GoogleError, Json, bad_request
from connectors.google.emulator.fields import BadMask, Mask, parse


@dataclass
class Edits:
    """A document while requests are applied to it. *suggestion* is the id that new suggestions carry, "" to edit."""

    document: Document
    now: datetime
    people: dict[str, Json] = field(default_factory=dict)
    suggestion: str = ""
    author: str = ""
    accepted: list[str] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)
    comments: list[Json] = field(default_factory=list)

    def place(self, given: Json) -> tuple[Tab, int]:
        """Where a request inserts: its location, or the end of the body."""
        end, location = given.get("endOfSegmentLocation"), given.get("location") or {}
        holder = end if end is not None else location
        if holder.get("segmentId"):
            raise GoogleError(501, "The emulator does not implement headers, footers and footnotes.", "notImplemented")
        tab = self.document.tab(str(holder.get("tabId") or ""))
        if end is not None:
            return tab, tab.end - 1
        index = tab.inside(int(location.get("index") or 0))
        return tab, index - 1 if tab.units[index].text == "" else index

    def span(self, given: Json) -> tuple[Tab, int, int]:
        """The tab, start and end of a `Range`. Raises 400."""
        if given.get("segmentId"):
            raise GoogleError(501, "The emulator does not implement headers, footers and footnotes.", "notImplemented")
        tab = self.document.tab(str(given.get("tabId") or ""))
        start, end = int(given.get("startIndex") or 0), int(given.get("endIndex") or 0)
        if end <= start:
            raise bad_request("The range should not be empty.")
        if end > tab.end:
            raise bad_request(f"Index {end - 1} must be less than the end index of the referenced segment, {tab.end}.")
        return tab, max(start, 1), end


Apply = Callable[[Edits, Json], "Json | None"]


def mask_of(given: Json) -> Mask:
    text = str(given.get("fields") or "")
    if not text:
        raise bad_request("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    try:
        return parse(text)
    except BadMask as error:
        raise bad_request(f"Invalid field mask: {text}") from error
