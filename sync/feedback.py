"""Peer feedback in the console: who is asked, and when answers without a name may be shown. Pure.

An anonymous answer is kept without its author, and its request does not change when it is given: who compares two states
of the database learns nothing. That it was given is told by a mark which only the installation's key connects with the
request, and the key lies apart. All answers are shown at one moment, the day of the review, and only when
there are at least three (rule P1): nobody can tell from two looks which answer came in between, because there is nothing
to look at before and nothing is added afterwards.
"""

from __future__ import annotations

import hashlib
import hmac
import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum

from connectors import markdown
from sync.records import Cycle, Entry, EntryKind, Visibility, fingerprint

#: With fewer answers a guess who wrote one would be too good.
FEWEST_ANONYMOUS = 3
LONGEST = 4000


class Form(StrEnum):
    """Whether the giver's name stands beside the words."""

    SIGNED = "signed"
    ANONYMOUS = "anonymous"


class State(StrEnum):
    """How far a request is."""

    NOMINATED = "nominated"
    """Somebody proposed the giver; the manager has not decided."""
    ASKED = "asked"
    DECLINED = "declined"
    GIVEN = "given"
    """Of a signed answer alone; see `mark_of`."""


@dataclass(frozen=True)
class Request:
    """Somebody is to say something about somebody."""

    cycle_id: str
    giver_id: str
    person_id: str
    form: Form
    state: State


def mark_of(request: Request, key: bytes) -> str:
    """What stands for "this was answered" without saying what: without the *key* it could be anybody's."""
    told = "/".join((request.cycle_id, request.giver_id, request.person_id))
    return hmac.new(key, told.encode(), hashlib.sha256).hexdigest()


class NoAnswer(ValueError):
    """The answer cannot be taken; the message says why and what to do."""


def closes_on(cycle: Cycle) -> date:
    """The last day before answers are shown: none is taken from the day of the review on."""
    return cycle.review_on


def checked(text: str, cycle: Cycle, today: date) -> str:
    """The words of an answer. Raises NoAnswer when there are none, too many, or it is too late."""
    words = "".join(sign for sign in text.replace("\r\n", "\n").strip() if sign in "\n\t" or sign.isprintable())
    if not words:
        raise NoAnswer("there is nothing in it yet: write a sentence, then send it")
    if len(words) > LONGEST:
        raise NoAnswer(f"it has {len(words)} characters; {LONGEST} fit")
    if today >= closes_on(cycle):
        raise NoAnswer(f"feedback for {cycle.label} was taken until the day before {closes_on(cycle)}")
    return words


def signed_entry(request: Request, text: str, now: datetime, today: date, *, person_reads: bool) -> Entry:
    """The entry of a signed answer; sent again with other words it is another entry."""
    key = f"feedback/{request.cycle_id}/{request.person_id}/{request.giver_id}"
    return _entry(fingerprint(key, text), request.person_id, request.giver_id, text, today, now, key, person_reads)


def revealed(
    cycle: Cycle, person_id: str, answers: Iterable[tuple[str, str]], today: date, *, person_reads: bool
) -> tuple[Entry, ...]:
    """The entries of the anonymous *answers* (id and text) about one person: all at once, shuffled, or none.

    Neither author nor hour stands in them, only the day on which all were shown.
    """
    kept = sorted(answers)
    if today < closes_on(cycle) or len(kept) < FEWEST_ANONYMOUS:
        return ()
    random.Random("".join(one for one, _ in kept)).shuffle(kept)  # noqa: S311 - an order that tells nothing, the same each time
    at = datetime.combine(closes_on(cycle), time(), UTC)
    key = f"feedback/{cycle.id}/{person_id}/anonymous"
    return tuple(
        _entry(
            fingerprint(key, one), person_id, "", text, closes_on(cycle), at, key, person_reads, place=f"Anonymous answer {n}"
        )
        for n, (one, text) in enumerate(kept, start=1)
    )


def _entry(
    entry_id: str,
    person_id: str,
    by: str,
    text: str,
    day: date,
    at: datetime,
    key: str,
    person_reads: bool,
    place: str = "Feedback in the console",
) -> Entry:
    return Entry(
        id=entry_id,
        about=person_id,
        by=by,
        kind=EntryKind.PEER_FEEDBACK,
        text=markdown.literal(text),
        visibility=Visibility.SHARED if person_reads else Visibility.MANAGER_PRIVATE,
        happened_on=day,
        recorded_at=at,
        artifact_key=key,
        anchor="answer",
        place=place,
    )
