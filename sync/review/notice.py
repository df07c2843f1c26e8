"""Whether a finished review tells its reader anything for the first time, and how a point that is new says so. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from connectors.markdown import literal
from sync.records import Draft, Entry
from sync.review.release import Refusal
from sync.review.sources import marks_in, without_marks
from sync.review.surprise import NOTICE, Claim, Judged, Knowledge, Standing, judge
from sync.review.wording import Voice

_TOLD = re.compile(r"\((?:new|neu)\b[^()]*\b(?:discussed|besprochen)\b[^()]*\d[^()]*\)", re.IGNORECASE)
"""How a writer marks a point as new in the text itself: ``(new, discussed on 8 June)``, ``(neu, besprochen am 8. Juni)``."""


@dataclass(frozen=True)
class Announced:
    """The growth points of a review as they are released, and those that stand in the way."""

    lines: tuple[str, ...]
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True)
class Ground:
    """What the growth points may rest on."""

    drafts: Sequence[Draft]
    own: Sequence[Entry]
    """The writer's sentences as the ledger has them."""
    listed: Mapping[int, Entry]
    """The numbers of the document's sources."""
    knows: Knowledge


def announced(
    lines: Sequence[str], ground: Ground, day: date, voice: Voice, is_point: Callable[[str], object] = bool
) -> Announced:
    """The *lines* of a section as it is released on *day*: what was discussed says so, what is moved is left out.

    *is_point* tells which of them are growth points: under growth, all.
    """
    points = [(number, line) for number, line in enumerate(lines) if is_point(line)]
    claims = {number: claim for number, line in points if (claim := _claim(line, ground)) is not None}
    judged = dict(zip(claims, judge(claims.values(), ground.knows, day), strict=True))
    shown: list[str] = []
    refusals: list[Refusal] = []
    for number, line in enumerate(lines):
        one = judged.get(number)
        if one is not None and one.standing is Standing.NEW:
            refusals.append(Refusal(line, _why(one, voice)))
        if one is not None and one.standing is Standing.DISCUSSED and one.day:
            shown.append(f"{line} (new, discussed on {voice.day(one.day)})")
        elif one is None or one.standing is not Standing.LATER:
            shown.append(line)
    moved = any(one.standing is Standing.LATER for one in judged.values())
    return Announced(tuple(_without_bare_headings(shown) if moved else shown), tuple(refusals))


def _why(one: Judged, voice: Voice) -> str:
    seen = f"they could first see it on {voice.day(one.day)}" if one.day else "nothing that they can see says so"
    return (
        f"a review holds no news, and this is new to its reader: {seen}, and {NOTICE.days} days before is the rule. Write "
        "“(new, discussed on ...)” behind it, put the number of the source where you raised it, or mark "
        f"{one.claim.id or 'it'} with `throughline mark` as discussed or moved to the next period"
    )


def _claim(line: str, ground: Ground) -> Claim | None:
    """The growth point in a paragraph; None for headings, connectives and what says itself that it is new."""
    bare = without_marks(line).strip().removeprefix("- ").strip()
    if not bare or line.lstrip().startswith("## ") or _TOLD.search(line):
        return None
    marked = tuple(ground.listed[n] for n in marks_in(line) if n in ground.listed)
    current = {old.id: one for one in ground.knows.entries for old in (one, *ground.knows.lineage.get(one.id, ()))}
    for statement in (one for draft in ground.drafts for one in draft.statements):
        if bare in (statement.text, literal(statement.text)):
            if not statement.citations:
                return None
            cited = (current[one.entry_id] for one in statement.citations if one.entry_id in current)
            return Claim(statement.citations[0].entry_id, bare, (*cited, *marked))
    own = next((one for one in ground.own if one.text.strip() == line.strip()), None)
    return Claim(own.id if own else "", bare, marked)


def _without_bare_headings(lines: Iterable[str]) -> Iterator[str]:
    """A heading whose points were all moved to the next period goes with them."""
    waiting = ""
    for line in lines:
        if line.lstrip().startswith("## "):
            waiting = line
            continue
        if waiting:
            yield waiting
            waiting = ""
        yield line
