"""People with a half-year whose facts are known: what was told, by whom, in which words, beside everything that is no fact.

All is drawn from a seed. The entries are the ledger's own type; nothing is handed to the program that a sync would not
have written.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml

from sync.access import Directory
from sync.records import Cycle, Entry, EntryKind, Figure, Goal, GoalValue, Person, Reporting, Visibility, fingerprint
from sync.review.material import Material
from templates.loader import built_in, load

BANKS = Path(__file__).parent / "banks"
CYCLE = Cycle(
    "2026-h1", "First half 2026", date(2026, 1, 1), date(2026, 6, 30), date(2026, 6, 20), date(2025, 12, 20), "standard", "v"
)
TODAY = date(2026, 6, 15)
MADE_AT = datetime(2026, 6, 15, 8, 0, tzinfo=UTC)
PACK = load(built_in("standard"))
ROLES = ("Engineer", "Support Agent", "Account Executive", "Office Manager", "Employee")
NAMES = (
    *("Ada Brandt", "Mehmet Korkmaz", "Birgit Lorenz", "Chidi Okafor", "Dana Roth", "Emre Polat", "Freya Dunne", "Goran Ilic"),
    *("Hanna Reus", "Ines Duarte", "Jonas Vogel", "Karla Nyberg", "Lucas Petit", "Mina Sato", "Noor Haddad", "Oskar Lind"),
)
MOST_FACTS, FEWEST_FACTS = 28, 22
LATE = 0.6
"""What happens is spread evenly; of what is written beside it, so much is of the last six weeks. A draft must not follow."""

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
GERMAN_MONTHS = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)
_Drawn = tuple[int, int, int, str, str]

FACT, WRONG_PERSON, CHATTER, JOKE, EARLIER, OUTSIDE, FILLER, PRIVATE = (
    *("fact", "wrong-person", "chatter", "joke", "earlier", "outside", "filler", "private"),
)


@dataclass(frozen=True)
class Fact:
    """One line of the answer key."""

    id: str
    weight: int
    kind: str
    tellings: Mapping[str, str]
    """Entry id to its words."""
    goal_value: str = ""
    """For a fact of the goal sheet: the amount that a draft must tell."""


@dataclass(frozen=True)
class Case:
    """One person: what the ledger holds, and the key to it."""

    material: Material
    writer_id: str
    facts: tuple[Fact, ...]
    labels: Mapping[str, str]
    """Entry id to what it is: ``fact:7``, `WRONG_PERSON` ..."""
    secrets: tuple[str, ...]

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """The ledger's entries by id."""
        return {entry.id: entry for entry in self.material.entries}

    @property
    def person_id(self) -> str:
        """About whom."""
        return self.material.person.id


def case(seed: int, bank: str) -> Case:
    """The person of that *seed*, in the sentences of that *bank* (``open`` or ``held_out``)."""
    return _Maker(random.Random(f"{bank}/{seed}"), _bank(bank)).case()


@lru_cache(maxsize=4)
def _bank(name: str) -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = yaml.safe_load((BANKS / f"{name}.yaml").read_text(encoding="utf-8"))
    return loaded


@dataclass
class _Maker:
    dice: random.Random
    bank: Mapping[str, Any]
    entries: list[Entry] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)
    amounts: list[int] = field(default_factory=list)
    coming: list[Mapping[str, Any]] = field(default_factory=list)

    def case(self) -> Case:
        names = self.dice.sample(NAMES, len(NAMES))
        ids = [f"p{number}" for number in range(len(names))]
        boss = ids[1]
        people = [
            Person(one, name, f"{one}@example.com", reporting=(Reporting(boss),)) for one, name in zip(ids, names, strict=True)
        ]
        people[1] = replace(people[1], reporting=(Reporting(ids[-1]),))
        people[-1] = replace(people[-1], reporting=())
        people[0] = replace(people[0], role=self.dice.choice(ROLES))
        self.people, self.me, self.boss = people, people[0], people[1]
        self.mates = people[2:-1]
        self.german = self.dice.choices((0.0, 0.5, 1.0), (5, 3, 2))[0]
        self.things = {one: self.dice.sample(self.bank[one], len(self.bank[one])) for one in ("things", "things_de")}
        facts = [self._fact(number) for number in range(self.dice.randint(FEWEST_FACTS, MOST_FACTS))]
        self._distract()
        goals, values, goal_facts = self._goals()
        self.dice.shuffle(self.entries)
        entries = tuple(sorted(self.entries, key=lambda one: (one.happened_on, one.recorded_at)))
        material = Material(people[0], CYCLE, PACK, Directory(tuple(people)), entries, goals, values)
        return Case(material, boss, (*facts, *goal_facts), self.labels, tuple(self.secrets))

    # ------------------------------------------------------------ facts

    def _fact(self, number: int) -> Fact:
        event = self._event()
        german = self.dice.random() < self.german
        day = date(2026, 1, 7) + timedelta(days=self.dice.randrange(150))
        drawn = self._drawn()
        slots = {language: self._slots(day, language, drawn) for language in (False, True)}
        fact_id = f"fact:{number}"
        voices = [one for one in ("self", "manager", "peer") if event.get(one) or event.get(f"{one}_de")]
        alone = german and all(f"{voice}_de" in event for voice in voices)
        if not alone:
            slots[True] |= {"thing": slots[False]["thing"]}  # in English and German together, a thing keeps its name
        told_by = self.dice.sample(voices, min(len(voices), self._tellers(event["weight"])))
        peer = self.dice.choice(self.mates)
        tellings: dict[str, str] = {}
        for voice in told_by:
            in_german = f"{voice}_de" in event and (german or voice not in event)
            sentence = self.dice.choice(event[f"{voice}_de" if in_german else voice]).format(**slots[in_german])
            author = {"self": self.me, "manager": self.boss, "peer": peer}[voice]
            entry = self._told(sentence, author, self._after(day), self._kind(event["kind"], voice), fact_id)
            tellings[entry.id] = entry.text
            if self.dice.random() < 0.1:
                copy = self._told(entry.text, author, self._after(entry.happened_on), entry.kind, fact_id, typos=False)
                tellings[copy.id] = copy.text
        return Fact(fact_id, event["weight"], event["kind"], tellings)

    def _event(self) -> Mapping[str, Any]:
        """Each once before any comes again."""
        if not self.coming:
            self.coming = self.dice.sample(self.bank["events"], len(self.bank["events"]))
        return self.coming.pop()

    def _slots(self, day: date, german: bool, drawn: _Drawn | None = None) -> dict[str, Any]:
        things = self.things["things_de" if german else "things"]
        few, minutes, hundreds, client, mate = drawn or self._drawn()
        thing = things.pop(0)
        things.append(thing)
        month = (GERMAN_MONTHS if german else MONTHS)[day.month - 1]
        return {
            "me": self.me.name.split()[0],
            "thing": thing,
            "client": client,
            "mate": mate,
            "n": few,
            "m": minutes,
            "big": hundreds * 4,
            "small": hundreds,
            "day": f"{day.day}. {month}" if german else f"{day.day} {month}",
            "year": 2025,
            "before": "November 2025",
        }

    def _drawn(self) -> _Drawn:
        dice = self.dice
        mate = dice.choice(self.mates).name.split()[0]
        if len(self.amounts) < 2:
            self.amounts = dice.sample(range(2, 98), 96)
        return self.amounts.pop(), self.amounts.pop(), dice.randint(60, 900), dice.choice(self.bank["clients"]), mate

    def _tellers(self, weight: int) -> int:
        return {3: self.dice.choice((2, 3)), 2: self.dice.choice((1, 2)), 1: 1}[weight]

    def _kind(self, kind: str, voice: str) -> EntryKind:
        if kind in ("growth", "blocker"):
            return EntryKind(kind)
        by_voice = {"self": ("note", "win"), "manager": ("note", "feedback"), "peer": ("feedback", "recognition")}[voice]
        return EntryKind.WIN if kind == "win" and voice == "self" else EntryKind(self.dice.choice(by_voice))

    # ------------------------------------------------------------ what is no fact

    def _distract(self) -> None:
        for _ in range(self.dice.randint(6, 9)):
            voice = self.dice.choice(("by_self", "by_manager"))
            author = self.me if voice == "by_self" else self.boss
            self._noise(self.bank["wrong_person"], voice, author, WRONG_PERSON)
        for key, label, few, many in (("chatter", CHATTER, 7, 11), ("jokes", JOKE, 1, 3), ("filler", FILLER, 18, 28)):
            for _ in range(self.dice.randint(few, many)):
                self._noise(self.bank, key, self.dice.choice((self.me, self.me, self.boss)), label)
        for _ in range(self.dice.randint(2, 3)):
            event = self._noise(self.bank, "earlier", self.boss if self.dice.random() < 0.5 else self.me, EARLIER)
            assert event is not None
        for _ in range(2):
            fact = self.dice.choice([one for one in self.bank["events"] if "self" in one])
            day = CYCLE.start - timedelta(days=self.dice.randint(1, 90))
            self._told(
                self.dice.choice(fact["self"]).format(**self._slots(day, german=False)), self.me, day, EntryKind.NOTE, OUTSIDE
            )
        for _ in range(self.dice.randint(2, 4)):
            self._private()

    def _noise(self, sentences: Mapping[str, Any], key: str, author: Person, label: str) -> Entry:
        german = self.dice.random() < self.german and f"{key}_de" in sentences
        day = self._day()
        text = self.dice.choice(sentences[f"{key}_de" if german else key]).format(**self._slots(day, german))
        return self._told(text, author, day, EntryKind.NOTE, label)

    def _private(self) -> None:
        german = self.dice.random() < self.german
        secret = f"qz{self.dice.randrange(10**9)}"
        day = self._day()
        text = self.dice.choice(self.bank["private_de" if german else "private"])
        entry = self._told(
            text.format(secret=secret, **self._slots(day, german)), self.boss, day, EntryKind.MANAGER_NOTE, PRIVATE
        )
        self.entries[-1] = replace(
            entry, visibility=Visibility.MANAGER_PRIVATE, artifact_key=f"2026-h1/p0/manager-notes/{self.boss.id}"
        )
        self.secrets.append(secret)

    # ------------------------------------------------------------ goals

    def _goals(self) -> tuple[tuple[Goal, ...], dict[str, list[GoalValue]], list[Fact]]:
        goals, values, facts = [], {}, []
        for number, thing in enumerate(self.dice.sample(self.bank["things"], 2)):
            start, target = float(self.dice.randint(40, 90)), float(self.dice.randint(5, 30))
            title = f"Lower the effort for the {thing} to {target:g} hours"
            key = f"{CYCLE.id}/p0/goal-sheet"
            goal_id, row = f"goal{number}", f"g{number}"
            base = self._entry(title, self.me, CYCLE.start, EntryKind.GOAL, key, f"row:{row}/goal")
            points, ids = [], {base.id: title}
            for step, day in enumerate((date(2026, 2, 2), date(2026, 3, 2), date(2026, 4, 6), date(2026, 6, 1))):
                share = (step + 1) / self.dice.choice((4, 4, 5, 6)) - (0.4 if self.dice.random() < 0.2 else 0.0)
                value = round(start + (target - start) * share, 1)
                figure = Figure(goal_id, "now", value, "hours")
                entry = replace(
                    self._entry(f"{value:g}", self.me, day, EntryKind.GOAL_VALUE, key, f"row:{row}/now"), figure=figure
                )
                self.entries[-1] = entry
                points.append(GoalValue(goal_id, day, value, entry.id))
            ids[points[-1].entry_id] = f"{points[-1].value:g}"
            goals.append(
                Goal(
                    goal_id,
                    "p0",
                    CYCLE.id,
                    key,
                    row,
                    title,
                    number,
                    start,
                    target,
                    points[-1].value,
                    "hours",
                    updated=points[-1].day,
                )
            )
            values[goal_id] = points
            facts.append(Fact(f"goal:{number}", 2, "goal", ids, f"{points[-1].value:g}"))
            self.labels |= dict.fromkeys((base.id, *(one.entry_id for one in points)), f"goal:{number}")
        return tuple(goals), values, facts

    # ------------------------------------------------------------ entries

    def _told(self, text: str, author: Person, day: date, kind: EntryKind, label: str, *, typos: bool = True) -> Entry:
        words = self._slip(text) if typos and self.dice.random() < 0.1 else text
        entry = self._entry(words, author, day, kind, f"2026-h1/p0/check-in/{day:%Y-%m}-01", str(kind))
        self.labels[entry.id] = label
        return entry

    def _entry(self, text: str, author: Person, day: date, kind: EntryKind, key: str, anchor: str) -> Entry:
        entry_id = fingerprint(len(self.entries), text, day)
        at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        entry = Entry(entry_id, "p0", author.id, kind, text, Visibility.SHARED, day, at, key, anchor, anchor.capitalize())
        self.entries.append(entry)
        return entry

    def _slip(self, text: str) -> str:
        """*text* with two letters of a long word in the wrong order."""
        words = text.split(" ")
        long = [at for at, word in enumerate(words) if len(word) > 6 and word.isalpha() and word.islower()]
        if not long:
            return text
        at = self.dice.choice(long)
        cut = self.dice.randrange(1, len(words[at]) - 2)
        word = words[at]
        words[at] = word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :]
        return " ".join(words)

    def _day(self) -> date:
        late = self.dice.random() < LATE
        return (
            date(2026, 5, 1) + timedelta(days=self.dice.randrange(40))
            if late
            else date(2026, 1, 7) + timedelta(days=self.dice.randrange(112))
        )

    def _after(self, day: date) -> date:
        return min(day + timedelta(days=self.dice.choice((0, 1, 3, 7, 12, 20))), TODAY - timedelta(days=1))


def sentences_of(given: Case, entries: Sequence[Entry]) -> list[tuple[str, str]]:
    """Entry id and words of everything that a summary could be made of; a goal's last value stands beside its title."""
    titles = {goal.id: goal.title for goal in given.material.goals}
    last = {points[-1].entry_id for points in given.material.values.values()}
    found = []
    for entry in entries:
        if entry.figure is None:
            found.append((entry.id, entry.text)) if entry.kind is not EntryKind.GOAL else None
        elif entry.id in last:
            found.append((entry.id, f"{titles[entry.figure.goal_id]}: now {entry.figure.value:g} hours."))
    return found
