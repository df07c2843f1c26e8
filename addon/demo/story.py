"""What everybody writes in that half-year, month by month: who edits which document on which day, and how.

Pure: the same number of people gives the same story. Documents are named as people know them (whose, which kind, of
which date), never by path or id.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random

from addon.demo import handwriting_docx as page
from addon.demo import handwriting_xlsx as sheet
from addon.demo.calendar import ROUNDS, Round
from addon.demo.cast import AWAY, JOINS, Cast, Member, Pace
from addon.demo.dice import dice
from addon.demo.figures import Aim, aims_of
from addon.demo.words import Library, Pen, words, working_day
from templates.shapes import Kind

TICKS = ("x", "✓", "done", "yes", "X")
OWN_HEADINGS = ("Links", "Parking lot", "For next time", "Numbers")


@dataclass(frozen=True)
class Edit:
    """One sitting of somebody at one document. *other* and *due* tell documents of one kind and person apart."""

    kind: Kind
    person: str
    by: Member
    at: datetime
    strokes: tuple[object, ...]
    other: str = ""
    due: date | None = None


@dataclass
class _Open:
    """An action that was agreed, and in which round."""

    text: str
    step: int


class Story:
    """The half-year of a company. Ask for its rounds in order: what was agreed in one is ticked in a later one."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.library = Library()
        self.pens = {member.email: self._pen(member) for member in cast.members}
        taken: set[tuple[str, str]] = set()
        self.aims = {member.email: aims_of(member, self.pens[member.email], taken) for member in cast.members}
        self.actions: dict[str, list[_Open]] = {member.email: [] for member in cast.members}

    def _pen(self, member: Member) -> Pen:
        chance = dice("pen", member.email)
        book = "sales" if member.department == "leading" else member.department
        slots = words(book)["slots"]
        own = {
            "feature": chance.sample(slots["feature"], 4),
            "system": chance.sample(slots["system"], min(3, len(slots["system"]))),
            "customer": chance.sample(words("company")["customers"], 5),
            "colleague": self.cast.colleagues(member),
        }
        books = ("german", book) if member.german else ("leading", book) if member.leads else (book,)
        return Pen(self.library, books, own, chance)

    # ------------------------------------------------------------ who writes when

    def own(self, step: int) -> Iterator[Edit]:
        """What people write for themselves in round *step*: goals, check-ins, quick notes."""
        for member in self.cast.members:
            if member.here(ROUNDS[step].own):
                yield from self._own(member, step, dice("own", member.email, step))

    def others(self, step: int) -> Iterator[Edit]:
        """What managers and colleagues add in round *step*, once the people's own words are there."""
        moment = ROUNDS[step]
        for member in self.cast.members:
            if not member.here(moment.others):
                continue
            chance = dice("others", member.email, step)
            if member.manager_on(moment.others):
                yield from self._managers(member, step, chance)
            if chance.random() < (0.4 if member.pace is Pace.RICH else 0.2):
                yield self._recognition(member, moment, chance)

    def meets(self, member: Member, moment: Round) -> bool:
        """Whether *member* has a check-in in that month."""
        day = moment.check_in
        if day is None or not member.manager_on(day) or not member.here(day) or member.start > moment.first:
            return False
        return not (member.email == self.cast.away and AWAY[0] <= day <= AWAY[1])

    def _is_quarterly(self, member: Member, step: int) -> bool:
        """Whether it is their last check-in of the quarter, which looks at the goals. Nobody knew then who would leave."""
        quarter = (1, 2) if step < 3 else (3, 4, 5)
        return step == max(one for one in quarter if self.meets(replace(member, end=None), ROUNDS[one]))

    def _away(self, member: Member, day: date) -> bool:
        return member.email == self.cast.away and AWAY[0] <= day <= AWAY[1]

    # ------------------------------------------------------------ the people's own words

    def _own(self, member: Member, step: int, chance: Random) -> Iterator[Edit]:
        moment = ROUNDS[step]
        if self._away(member, moment.own):
            return
        if strokes := self._goal_strokes(member, step, chance):
            yield Edit(Kind.GOAL_SHEET, member.email, member, _at(moment.own, chance), tuple(strokes))
        if self.meets(member, moment) and not (member.pace is Pace.THIN and chance.random() < 0.2):
            strokes = list(self._check_in(member, step, chance))
            yield Edit(Kind.CHECK_IN, member.email, member, _at(moment.own, chance), tuple(strokes), due=moment.check_in)
        notes = {Pace.THIN: (0, 1), Pace.STEADY: (1, 2), Pace.RICH: (3, 4)}[member.pace]
        if lines := self._dated(member, moment, chance.randint(*notes), chance):
            typed = page.Type("What happened", tuple(lines), above=chance.random() < 0.5)
            yield Edit(Kind.QUICK_NOTES, member.email, member, _at(moment.own, chance), (typed,))

    def _goal_strokes(self, member: Member, step: int, chance: Random) -> list[object]:
        """New values for some goals. The late joiner types the first ones in; one person sorts, one drops a goal."""
        if member.email == self.cast.stale and step > 0:
            return []
        strokes: list[object] = []
        aims = self.aims[member.email]
        joining = member.joins_later and step == _step_of(JOINS)
        likely = {Pace.THIN: 0.5, Pace.STEADY: 0.8, Pace.RICH: 0.95}[member.pace]
        for aim in aims:
            if joining:
                strokes.append(sheet.NewGoal(_new_goal(aim)))
            elif chance.random() < likely:
                strokes.append(sheet.SetCells(aim.title, self._values(member, aim, step, chance)))
        if member.email == self.cast.sorter and step in (2, 4) and strokes:
            strokes.append(sheet.SortByGoal())
        return strokes

    def _values(self, member: Member, aim: Aim, step: int, chance: Random) -> dict[str, sheet.Value]:
        moment, value = ROUNDS[step], aim.value(step)
        status = aim.status(step)
        shown: sheet.Value = ("yes" if value else "no") if aim.unit == "yes/no" else value
        cells: dict[str, sheet.Value] = {
            "Now": shown,
            "Status": status,
            "Updated": working_day(moment.own - timedelta(days=chance.randrange(2))),
        }
        if status != "not started" and chance.random() < 0.6:
            template = chance.choice(words("reviews")["comments"][status])
            cells["Comment"] = self.pens[member.email].fill(template, moment.since, moment.own)
        return cells

    def _check_in(self, member: Member, step: int, chance: Random) -> Iterator[object]:
        """What somebody brings to their check-in."""
        moment, pen = ROUNDS[step], self.pens[member.email]
        some = {
            Pace.THIN: {"agenda": (1, 1), "wins": (0, 1), "blockers": (0, 1), "growth": (0, 0)},
            Pace.STEADY: {"agenda": (1, 2), "wins": (1, 2), "blockers": (0, 1), "growth": (0, 1)},
            Pace.RICH: {"agenda": (2, 3), "wins": (2, 3), "blockers": (1, 2), "growth": (1, 1)},
        }[member.pace]
        bullets, above = chance.random() < 0.4, chance.random() < 0.4
        tracked = chance.random() < 0.08
        titles = {"agenda": "Agenda", "wins": "What went well", "blockers": "What is in the way", "growth": "Growth"}
        for kind, heading in titles.items():
            lines = tuple(pen.say(kind, moment.since, moment.own) for _ in range(chance.randint(*some[kind])))
            if lines:
                yield page.Type(heading, lines, bullets=bullets, above=above, tracked=tracked and kind == "wins")
        yield from self._actions(member, step, chance, member.first, 0.45)
        if member.pace is Pace.RICH and chance.random() < 0.5:
            yield page.Type("Notes", (pen.say("notes", moment.since, moment.own),))
        if chance.random() < 0.5 and self._is_quarterly(member, step):
            aim = chance.choice(self.aims[member.email])
            yield page.Type("Quarterly look at the goals", (self._about_goals(aim, chance),))
        yield from self._extras(member, moment, chance)

    def _about_goals(self, aim: Aim, chance: Random) -> str:
        return str(chance.choice(words("reviews")["quarter"])).replace("{goal}", aim.title)

    def _extras(self, member: Member, moment: Round, chance: Random) -> Iterator[object]:
        """Now and then a heading of one's own, or a pasted table."""
        pen = self.pens[member.email]
        if member.pace is Pace.RICH and chance.random() < 0.12:
            yield page.OwnHeading(chance.choice(OWN_HEADINGS), (pen.say("notes", moment.since, moment.own),))
        if member.department == "support" and member.pace is not Pace.THIN and chance.random() < 0.15:
            weeks = [(f"Week {moment.since.isocalendar().week + one}", str(chance.randint(11, 29))) for one in range(3)]
            yield page.PasteTable("Notes", (("Week", "Tickets solved"), *weeks))

    def _actions(self, member: Member, step: int, chance: Random, owner: str, likely: float) -> Iterator[object]:
        """Tick what is done, then agree on something new."""
        waiting = self.actions[member.email]
        for one in [one for one in waiting if one.step < step and chance.random() < likely]:
            waiting.remove(one)
            yield page.SetCell("Actions", one.text, "Done", chance.choice(TICKS))
        if chance.random() < likely:
            moment = ROUNDS[step]
            text = self.pens[member.email].say("actions", moment.since, moment.own)
            due = moment.own + timedelta(days=chance.randint(10, 30))
            waiting.append(_Open(text, step))
            yield page.FillRow("Actions", (("Action", text), ("Who", owner), ("By when", due.isoformat())))

    def _dated(self, member: Member, moment: Round, count: int, chance: Random) -> list[str]:
        """Quick notes: lines that begin with their day."""
        first = max(moment.since, member.start)
        days = sorted(first + timedelta(days=chance.randrange(max(1, (moment.own - first).days))) for _ in range(count))
        pen = self.pens[member.email]
        lines = []
        for day in days:
            day = working_day(day)
            text = pen.say(
                chance.choice(("notes", "notes", "wins")), max(first, day - timedelta(days=4)), day + timedelta(days=1)
            )
            lines.append(f"{day:%d.%m.%Y} {text}" if member.german else f"{day.isoformat()}: {text}")
        return lines

    # ------------------------------------------------------------ managers and colleagues

    def _managers(self, member: Member, step: int, chance: Random) -> Iterator[Edit]:
        moment = ROUNDS[step]
        manager = self.cast[member.manager_on(moment.others)]
        if self.meets(member, moment):
            strokes = tuple(self._from_manager(member, manager, step, chance))
            if strokes:
                at = _at(moment.others, chance)
                yield Edit(Kind.CHECK_IN, member.email, manager, at, strokes, due=moment.check_in)
        if chance.random() < 0.3:
            yield self._private(member, manager, moment, chance)

    def _from_manager(self, member: Member, manager: Member, step: int, chance: Random) -> Iterator[object]:
        """The manager's side of the check-in."""
        moment, pen = ROUNDS[step], self.pens[member.email]
        others = self.cast.colleagues(member, manager)

        def say(kind: str) -> str:
            return pen.say(kind, moment.since, moment.others, "managers", colleague=others)

        if chance.random() < 0.6:
            yield page.Type("Agenda", (say("agenda"),), bullets=chance.random() < 0.3)
        if chance.random() < {Pace.THIN: 0.5, Pace.STEADY: 0.75, Pace.RICH: 0.95}[manager.pace]:
            yield page.Type("Feedback from the manager", (say("feedback"),))
        if chance.random() < 0.4:
            yield page.Type("Notes", (say("agreed"),))
        yield from self._actions(member, step, chance, manager.first, 0.3)

    def _private(self, member: Member, manager: Member, moment: Round, chance: Random) -> Edit:
        """A note that nobody else may ever read."""
        pen = self.pens[member.email]
        day = moment.own - timedelta(days=chance.randrange(4))
        line = pen.say("private", day, day + timedelta(days=1), "managers", first=member.first)
        strokes: list[object] = [page.Type("Notes", (line,))]
        if chance.random() < 0.4:
            raised = pen.say("to_raise", day, day + timedelta(days=1), "managers", first=member.first)
            strokes.append(page.Type("To raise soon", (raised,)))
        return Edit(Kind.MANAGER_NOTES, member.email, manager, _at(moment.others, chance), tuple(strokes), other=manager.email)

    def _recognition(self, member: Member, moment: Round, chance: Random) -> Edit:
        others = [one for one in self.cast.members if one is not member and one.here(moment.own) and one.start < moment.since]
        near = [one for one in others if one.department == member.department] or others
        by = chance.choice(near if chance.random() < 0.6 else others)
        line = self.pens[member.email].say(
            "recognition", moment.since, moment.others, "managers", first=member.first, signed=f"– {by.name}"
        )
        return Edit(Kind.QUICK_NOTES, member.email, by, _at(moment.others, chance), (page.Type("Recognition", (line,)),))


def _new_goal(aim: Aim) -> dict[str, sheet.Value]:
    return {
        "Goal": aim.title,
        "How we will know": aim.measure,
        "Kind": aim.kind,
        "Unit": aim.unit,
        "Start": aim.start,
        "Target": aim.target,
        "Due": aim.due,
        "Status": "not started",
    }


def _at(day: date, chance: Random) -> datetime:
    return datetime.combine(day, time(chance.randint(8, 17), chance.randrange(60)))


def _step_of(day: date) -> int:
    """The round in which *day* lies."""
    return next(step for step, moment in enumerate(ROUNDS) if moment.own >= day)
