"""Who works at the fictional company: the same people every time, for the same number of them."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

from addon.demo.dice import dice
from addon.demo.handwriting import Hand, Program
from addon.demo.words import words

FEWEST, MOST = 8, 2000
SHARES = {"engineering": 0.40, "support": 0.22, "sales": 0.18, "operations": 0.12, "marketing": 0.08}
SMALL = 20
"""Fewer people have no marketing of their own."""
GERMAN = ("engineering", "support")
"""Departments in which a few people at Leipzig write in German."""
TEAM_SIZE = 8
SPAN = 8
"""So many teams of a department report to the managing director at the most; of more, a head leads them."""
JOINS, LEAVES, MOVES = date(2026, 3, 1), date(2026, 4, 17), date(2026, 4, 7)
AWAY = (date(2026, 2, 23), date(2026, 3, 20))


class Pace(StrEnum):
    """How much somebody writes."""

    THIN = "thin"
    STEADY = "steady"
    RICH = "rich"


@dataclass(frozen=True)
class Member:
    """Somebody in the story. E-mail addresses stand for people: ids are the company's business."""

    number: str
    name: str
    email: str
    department: str
    team: str
    role: str
    location: str
    timezone: str
    work_mode: str
    start: date
    manager: str = ""
    later_manager: str = ""
    """Whom they report to from `MOVES` on, when that changes."""
    end: date | None = None
    access: str = "none"
    leads: bool = False
    pace: Pace = Pace.STEADY
    german: bool = False
    hand: Hand = field(default_factory=lambda: Hand(""))

    @property
    def first(self) -> str:
        """The first name."""
        return self.name.split()[0]

    @property
    def joins_later(self) -> bool:
        """Whether they were not there on the first day of the story."""
        return self.start >= JOINS

    def here(self, day: date) -> bool:
        """Whether they work here on *day*."""
        return self.start <= day and (self.end is None or day <= self.end)

    def manager_on(self, day: date) -> str:
        """Their manager's address on *day*, "" for the managing director."""
        return self.later_manager if self.later_manager and day >= MOVES else self.manager


@dataclass(frozen=True)
class Cast:
    """Everybody, and the parts that some of them play."""

    members: tuple[Member, ...]
    away: str = ""
    """The address of whoever is on leave for a month; "" for nobody."""
    sorter: str = ""
    """Who sorts the goal sheet by title."""
    stale: str = ""
    """Who never updates a goal."""

    def __getitem__(self, email: str) -> Member:
        return self._by_email[email]

    @cached_property
    def _by_email(self) -> dict[str, Member]:
        return {one.email: one for one in self.members}

    @cached_property
    def _firsts(self) -> Counter[str]:
        return Counter(one.first for one in self.members)

    @cached_property
    def _staying(self) -> dict[str, list[Member]]:
        """Who is there the whole time, by team and by department; all of them under ""."""
        found: dict[str, list[Member]] = defaultdict(list)
        for one in self.members:
            if not one.joins_later and one.end is None:
                for group in ("", one.department, f"team {one.team}"):
                    found[group].append(one)
        return found

    def colleagues(self, member: Member, speaker: Member | None = None) -> list[str]:
        """Whom *speaker* (the member, if nobody else) may mention beside *member*, the team first; as they are called."""
        groups = (self._staying[group] for group in (f"team {member.team}", member.department, ""))
        near = dict.fromkeys(one.email for group in groups for one in group[:9])
        named = [self[email] for email in near if self[email] not in (member, speaker)][:6]
        return [one.first if self._firsts[one.first] == 1 else one.name for one in named]

    @property
    def teams(self) -> tuple[str, ...]:
        """The names of the teams, in order."""
        return tuple(dict.fromkeys(one.team for one in self.members))


def cast(people: int) -> Cast:
    """The company with that many *people*, joiner and leaver included."""
    members = _with_parts(list(_everybody(people)))
    plain = [one for one in members if not one.leads and not one.joins_later and one.end is None and not one.later_manager]
    steady = [one for one in plain if one.pace is not Pace.RICH and one.access == "none"]
    parts = [one.email for one in (steady or plain)]
    away, stale = (parts[number] if number < len(parts) else "" for number in (0, 1))
    sorter = next((one.email for one in plain if one.pace is Pace.RICH and one.email not in (away, stale)), "")
    return Cast(tuple(members), away, sorter, stale)


# ---------------------------------------------------------------- places in the company


@dataclass(frozen=True)
class _Seat:
    department: str
    team: str
    role: str
    leads: bool
    above: int
    """The seat of the manager, -1 for none."""
    access: str = "none"


def _seats(people: int) -> list[_Seat]:
    seats = [
        _Seat("leading", "Management", "Managing Director", True, -1, "leadership"),
        _Seat("operations", "People", "People Partner", False, 0, "hr"),
    ]
    for department, count in _counts(people - len(seats)).items():
        seats += _department(department, count, len(seats))
    return seats


def _counts(people: int) -> dict[str, int]:
    """How many each department has: its share, what is left over going to the largest remainders."""
    shares = {name: share for name, share in SHARES.items() if name != "marketing" or people >= SMALL}
    exact = {name: share * people / sum(shares.values()) for name, share in shares.items()}
    counts = {name: int(value) for name, value in exact.items()}
    for name in sorted(exact, key=lambda name: counts[name] - exact[name])[: people - sum(counts.values())]:
        counts[name] += 1
    return counts


def _department(department: str, count: int, first: int) -> list[_Seat]:
    if not count:
        return []
    seats: list[_Seat] = []
    about = words("company")
    above, teams = 0, -(-count // TEAM_SIZE)
    title = about["leads"][department]
    if teams > SPAN:
        seats.append(_Seat(department, f"{department.capitalize()} Office", "Director", True, 0))
        above, count = first, count - 1
    names = about["teams"][department]
    for number in range(teams):
        team = names[number % len(names)] + (f" {number // len(names) + 1}" if number >= len(names) else "")
        size = count // teams + (number < count % teams)
        lead = first + len(seats)
        role = f"{title} {team}" if title == "Head of" else title
        access = "admin" if department == "operations" and number == 0 else "none"
        seats.append(_Seat(department, team, role, True, above, access))
        roles = about["roles"][department]
        seats += [_Seat(department, team, roles[one % len(roles)], False, lead) for one in range(size - 1)]
    return seats


# ---------------------------------------------------------------- people


def _everybody(people: int) -> Iterator[Member]:
    about = words("company")
    seats = _seats(people)
    names = _names(len(seats))
    emails = _emails(names, about["domain"])
    for number, seat in enumerate(seats):
        chance = dice("member", number, seat.team)
        place, timezone = chance.choice(about["places"])
        program = chance.choices((Program.MICROSOFT, Program.LIBREOFFICE), (7, 3))[0]
        yield Member(
            number=f"T{1001 + number}",
            name=names[number],
            email=emails[number],
            department=seat.department,
            team=seat.team,
            role=seat.role,
            location=place,
            timezone=timezone,
            work_mode=chance.choices(("office", "hybrid", "remote"), (3, 4, 3))[0],
            start=date(2017, 1, 1) + timedelta(days=chance.randrange(8 * 365)),
            manager=emails[seat.above] if seat.above >= 0 else "",
            access=seat.access,
            leads=seat.leads,
            pace=chance.choices((Pace.THIN, Pace.STEADY, Pace.RICH), (3, 5, 3))[0],
            german=seat.department in GERMAN and not seat.leads and place == "Leipzig" and chance.random() < 0.4,
            hand=Hand(names[number], program, in_place=program is Program.LIBREOFFICE and chance.random() < 0.5),
        )


def _with_parts(members: list[Member]) -> list[Member]:
    """A late joiner, a leaver, one whose manager changes, and a rich writer in the first team."""
    plain = [number for number, one in enumerate(members) if not one.leads and one.access == "none"]
    leads = [one for one in members if one.leads and one.manager]

    def change(number: int, **fields: object) -> None:
        members[number] = replace(members[number], **fields)  # type: ignore[arg-type]

    if plain:
        change(plain[0], pace=Pace.RICH, german=False)
    if len(plain) > 1:
        change(plain[len(plain) * 2 // 3], start=JOINS, pace=Pace.STEADY)
    if len(plain) > 3:
        change(plain[-1], end=LEAVES)
    if len(plain) > 2:
        moved = members[plain[1]]
        others = [lead for lead in leads if lead.email != moved.manager]
        near = [lead for lead in others if lead.department == moved.department] or others
        if near:
            change(plain[1], later_manager=near[0].email, pace=Pace.STEADY)
    return members


def _names(count: int) -> list[str]:
    """Different names out of several cultures; where a culture runs out, first and family names of two of them meet."""
    cultures = words("company")["names"]
    chance = dice("names")
    found: dict[str, None] = {}
    while len(found) < count:
        firsts, families = chance.choice(cultures)
        if len(found) > 400:
            families = chance.choice(cultures)[1]
        found[f"{chance.choice(firsts)} {chance.choice(families)}"] = None
    return list(found)


def _emails(names: Sequence[str], domain: str) -> list[str]:
    taken: dict[str, int] = {}
    emails = []
    for name in names:
        plain = _ascii(name)
        taken[plain] = taken.get(plain, 0) + 1
        emails.append(f"{plain}{taken[plain] if taken[plain] > 1 else ''}@{domain}")
    return emails


def _ascii(name: str) -> str:
    spelled = name.casefold().replace("ı", "i").replace("ł", "l").replace("ø", "o").replace("ü", "ue").replace("ä", "ae")
    marks = unicodedata.normalize("NFKD", spelled.replace("ö", "oe").replace("ß", "ss"))
    return ".".join("".join(sign for sign in marks if sign.isascii()).split())
