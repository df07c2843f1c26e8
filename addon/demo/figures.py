"""The goals of the story and how their figures move: steadily, slipping and recovering, past the target, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from addon.demo.cast import Member, Pace
from addon.demo.dice import dice
from addon.demo.words import Pen, words

#: Share of the way from start to target, from January to June; what people call the state of it each month.
PATHS: dict[str, tuple[tuple[float, ...], str]] = {
    "steady": ((0.10, 0.26, 0.42, 0.60, 0.78, 0.94), "tttttt"),
    "early": ((0.20, 0.45, 0.72, 1.00, 1.00, 1.00), "tttddd"),
    "over": ((0.25, 0.55, 0.80, 1.05, 1.20, 1.35), "tttddd"),
    "slips and recovers": ((0.15, 0.08, -0.12, 0.20, 0.62, 0.97), "troort"),
    "late": ((0.00, 0.05, 0.12, 0.30, 0.55, 0.74), "nrrrtt"),
    "misses": ((0.12, 0.20, 0.24, 0.30, 0.31, 0.36), "ttrroo"),
}
STATES = {"n": "not started", "t": "on track", "r": "at risk", "o": "off track", "d": "done"}
_WEIGHTS = (6, 3, 3, 4, 3, 2)
_YES_AT = {"steady": 5, "early": 3, "over": 2, "slips and recovers": 5, "late": 9, "misses": 9}
"""In which round a yes/no goal turns to yes; 9 for never."""


@dataclass(frozen=True)
class Aim:
    """A goal of somebody: its numbers, and the path that they take."""

    title: str
    measure: str
    unit: str
    start: float
    target: float
    digits: int
    path: str
    kind: str = "performance"
    due: date = date(2026, 6, 30)

    def value(self, step: int) -> float:
        """What it stands at in round *step* (0 is January)."""
        if self.unit == "yes/no":
            return float(step >= _YES_AT[self.path])
        value = self.start + (self.target - self.start) * PATHS[self.path][0][min(step, 5)]
        value = max(0.0, value + _noise(self, step) / 10.0**self.digits)
        return round(min(value, 100.0) if self.unit == "%" else value, self.digits)

    def status(self, step: int) -> str:
        """What its owner calls that."""
        if self.unit == "yes/no" and self.value(step):
            return "done"
        letter = PATHS[self.path][1][min(step, 5)]
        return "on track" if letter == "d" and self.unit == "yes/no" else STATES[letter]

    def shown(self, value: float) -> str:
        """A value as people write it."""
        if self.unit == "yes/no":
            return "done" if value else "open"
        return f"{value:.{self.digits}f}{' %' if self.unit == '%' else ''}"


def aims_of(member: Member, pen: Pen, taken: set[tuple[str, str]]) -> tuple[Aim, ...]:
    """The three to five goals of *member*. *taken* are team and title of goals that somebody has; it grows."""
    chance = dice("aims", member.email)
    count = (4 if member.pace is Pace.RICH else 3) + chance.randrange(2)
    aims: list[Aim] = []
    for one in _choice(member):
        aim = _aim(one, pen, chance.choices(list(PATHS), _WEIGHTS)[0], member.email)
        if (member.team, aim.title) not in taken and len(aims) < count:
            taken.add((member.team, aim.title))
            aims.append(aim)
    return tuple(aims)


def _choice(member: Member) -> list[dict[str, object]]:
    """The goals that *member* may have, in order: of those who lead, one or two of a lead's first."""
    if member.joins_later:
        return list(words("company")["newcomer"])
    chance = dice("aims", member.email, "choice")
    own = list(words(member.department if member.department != "leading" else "sales")["goals"])
    chance.shuffle(own)
    leading = list(words("leading")["goals"]) if member.leads else []
    return [*leading[: 1 + chance.randrange(2)], *own]


def _aim(one: dict[str, object], pen: Pen, path: str, who: str) -> Aim:
    chance = dice("aim", who, one["goal"])
    digits = int(str(one["digits"]))
    start, target = (_between(one[name], digits, chance.random()) for name in ("start", "target"))
    amounts = {"start": f"{start:.{digits}f}", "target": f"{target:.{digits}f}"}
    title = pen.fill(str(one["goal"]), date(2026, 1, 5), date(2026, 1, 30), **amounts)
    unit, kind = str(one["unit"]), str(one.get("kind", "performance"))
    return Aim(title, str(one["measure"]), unit, start, target, digits, path, kind)


def _between(limits: object, digits: int, share: float) -> float:
    low, high = limits if isinstance(limits, list) else (0.0, 1.0)
    return float(round(low + (high - low) * share, digits))


def _noise(aim: Aim, step: int) -> int:
    """Figures are never smooth; what is done stays as it is."""
    if abs(aim.target - aim.start) < 12 * 10**-aim.digits or aim.path == "early":
        return 0
    return dice("noise", aim.title, step).randint(-1, 1)
