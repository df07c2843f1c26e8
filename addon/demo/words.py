"""The words that the company's people use: sentences with gaps, and the pens that fill them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from addon.demo.dice import dice

FOLDER = Path(__file__).parent / "words"
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
MONATE = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_RANGE = re.compile(r"\{(\d+)\.\.(\d+)\}")
_SLOT = re.compile(r"\{(\w+)\}")
_TRIES = 12

Words = str | Sequence[str]
"""What fills a slot: words, or several of which one is chosen."""


@cache
def words(name: str) -> Mapping[str, Any]:
    """The file ``words/<name>.yaml``."""
    loaded: Mapping[str, Any] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
    return loaded


def day_in_words(day: date) -> str:
    """``12 March``."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def tag_in_worten(day: date) -> str:
    """``12. März``."""
    return f"{day.day}. {MONATE[day.month - 1]}"


def working_day(day: date) -> date:
    """*day*, or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def filled(template: str, slots: Mapping[str, Words], chance: Random) -> str:
    """*template* with one of each ``[a|b]``, a number for each ``{3..9}`` and something for each ``{slot}``.

    A slot that stands twice in one sentence is filled with the same thing.
    """
    text = _CHOICE.sub(lambda found: chance.choice(found[1].split("|")), template)
    text = _RANGE.sub(lambda found: str(chance.randint(int(found[1]), int(found[2]))), text)
    chosen: dict[str, str] = {}

    def fill(found: re.Match[str]) -> str:
        name = found[1]
        if name not in chosen:
            given = slots[name]
            chosen[name] = given if isinstance(given, str) else chance.choice(given)
        return chosen[name]

    text = _SLOT.sub(fill, text).strip()
    return text[:1].upper() + text[1:]


@dataclass
class Library:
    """All sentences of the company. It deals them out in turn, so that two people seldom get the same one."""

    said: set[str] = field(default_factory=set)
    _decks: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def deal(self, book: str, kind: str, used: set[str]) -> str:
        """The next sentence of that kind, one that is not among *used* as long as there is one."""
        deck = self._decks.setdefault((book, kind), self._shuffled(book, kind))
        fresh = next((one for one in deck if one not in used), deck[0])
        deck.remove(fresh)
        deck.append(fresh)
        used.add(fresh)
        return fresh

    def _shuffled(self, book: str, kind: str) -> list[str]:
        deck = list(words(book)[kind])
        dice("deck", book, kind).shuffle(deck)
        return deck


@dataclass
class Pen:
    """What one person writes about: the features, systems and customers that are theirs, and their colleagues."""

    library: Library
    books: tuple[str, ...]
    """Files of sentences, the first one used most."""
    slots: Mapping[str, Sequence[str]]
    chance: Random
    used: set[str] = field(default_factory=set)

    def say(self, kind: str, since: date, until: date, book: str = "", **more: Words) -> str:
        """A sentence of that *kind* about something between two days; one that nobody said before."""
        sentence = ""
        for _ in range(_TRIES):
            source = book or self._book(kind)
            template = self.library.deal(source, kind, self.used)
            sentence = self.fill(template, since, until, source, **more)
            if sentence not in self.library.said:
                break
        self.library.said.add(sentence)
        return sentence

    def fill(self, template: str, since: date, until: date, book: str = "", **more: Words) -> str:
        """*template* with this person's own things."""
        day = since + timedelta(days=self.chance.randrange(max(1, (until - since).days)))
        day = working_day(day)
        own: dict[str, Words] = {**self.slots, **_german(book, self.slots), **more}
        soon = working_day(until + timedelta(days=self.chance.randint(6, 24)))
        own |= {"day": day_in_words(day), "tag": tag_in_worten(day), "date": day.isoformat()}
        own |= {"soon": day_in_words(soon), "bald": tag_in_worten(soon)}
        return filled(template, own, self.chance)

    def _book(self, kind: str) -> str:
        having = [book for book in self.books if kind in words(book)]
        return having[0] if len(having) == 1 or self.chance.random() < 0.65 else self.chance.choice(having[1:])


def _german(book: str, slots: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    """German sentences speak of German things; the leading ones of what leads do."""
    own = words(book).get("slots", {}) if book in ("german", "leading") else {}
    return {name: values for name, values in own.items() if name in slots}
