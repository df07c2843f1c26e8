"""What a company gives as CSV files: its people, the goals it already has, days of leave, pairs for peer feedback.

Each reader takes the bytes of the file and its name, for the messages, and never raises over what stands in it. A file
with even one problem is not to be imported: `ReadFile.problems` names every bad row with its physical line.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date

from connectors.people import PersonRow as PersonRow
from connectors.people import reporting_loops
from connectors.people.csv_cells import Cells, is_email
from connectors.people.csv_reading import Field, ReadFile, Record, RowT, nearest, quoted, read_records
from connectors.people.csv_reading import RowProblem as RowProblem

WORK_MODES = ("office", "hybrid", "remote")
ACCESS = ("none", "hr", "leadership", "admin")
MOST_HINTS = 100
"""Looking for the nearest address takes milliseconds; in a file where every manager is unknown it helps nobody."""

EMAIL = Field("email", ("e-mail address", "mail", "mail address", "work email", "business email"), required=True)
PEOPLE = (
    Field("id", ("employee id", "person id", "personnel number", "employee number", "staff id")),
    Field("name", ("full name", "display name", "employee", "employee name"), required=True),
    EMAIL,
    Field("manager_email", ("manager's email", "manager mail", "supervisor email", "reports to", "manager", "supervisor")),
    Field("team", ("department", "group", "unit")),
    Field("role", ("job title", "title", "position", "job")),
    Field("location", ("office location", "office", "site", "city")),
    Field("work_mode", ("working mode", "work model", "work arrangement")),
    Field("start", ("start date", "hire date", "joined", "entry date")),
    Field("end", ("end date", "last day", "termination date", "leaving date")),
    Field("timezone", ("tz",)),
    Field("access", ("access level", "permission", "permissions")),
)
GOALS = (
    EMAIL,
    Field("goal", ("key result", "goal title", "title"), required=True),
    Field("measure", ("metric", "kpi", "measured by")),
    Field("unit", ("unit of measure",)),
    Field("start", ("start value", "baseline", "from")),
    Field("target", ("target value", "to")),
    Field("now", ("current", "current value", "value", "actual")),
    Field("due", ("due date", "deadline", "end date")),
    Field("weight", ("weighting",)),
    Field("status", ("state",)),
    Field("category", ("type", "goal type")),
    Field("commitment", ("ambition",)),
    Field("objective", ()),
    Field("parent", ("parent goal", "aligned to", "supports")),
    Field("comment", ("comments", "note", "notes")),
)
LEAVE = (
    EMAIL,
    Field("from", ("first day", "start", "start date", "since"), required=True),
    Field("to", ("last day", "end", "end date", "until"), required=True),
)
PAIRS = (
    Field("giver_email", ("giver", "reviewer email", "reviewer", "from"), required=True),
    Field("person_email", ("person", "reviewee email", "reviewee", "about", "to"), required=True),
)


@dataclass(frozen=True)
class GoalRow:
    """A goal that a company already has. Amounts are in *unit*; None is missing, never zero."""

    line: int
    email: str
    goal: str
    measure: str = ""
    unit: str = ""
    """``%`` where the amounts are written with a per cent sign and no unit is given."""
    start: float | None = None
    target: float | None = None
    now: float | None = None
    due: date | None = None
    weight: float | None = None
    status: str = ""
    category: str = ""
    commitment: str = ""
    objective: str = ""
    parent: str = ""
    comment: str = ""


@dataclass(frozen=True)
class LeaveRow:
    """Days away, both included."""

    line: int
    email: str
    first_day: date
    last_day: date


@dataclass(frozen=True)
class PairRow:
    """Somebody who is asked for feedback about somebody else."""

    line: int
    giver_email: str
    person_email: str


PeopleFile = ReadFile[PersonRow]
GoalsFile = ReadFile[GoalRow]
LeaveFile = ReadFile[LeaveRow]
PairsFile = ReadFile[PairRow]


def read_people(data: bytes, file_name: str) -> PeopleFile:
    """The directory as one file: columns of `PEOPLE`; id and everything but name and e-mail may be absent."""
    records = read_records(data, file_name, PEOPLE)
    listed = _Listed.of(records.rows)
    seen = _Seen()
    rows, problems = _each(records.rows, lambda cells: _person(cells, listed, seen, records.fields))
    problems = sorted((*records.problems, *problems, *_loop_problems(listed)), key=lambda problem: problem.line)
    return ReadFile(rows, tuple(problems), records.notes)


def read_goals(data: bytes, file_name: str) -> GoalsFile:
    """Goals by the e-mail address of the person: columns of `GOALS`. Amounts with a decimal comma or point."""
    seen = _Seen()
    return _read(data, file_name, GOALS, lambda cells: _goal(cells, seen))


def read_leave(data: bytes, file_name: str) -> LeaveFile:
    """Days of leave: columns email, from, to; both days included."""
    seen = _Seen()
    return _read(data, file_name, LEAVE, lambda cells: _leave(cells, seen))


def read_pairs(data: bytes, file_name: str) -> PairsFile:
    """Pairs for peer feedback: columns giver_email, person_email."""
    seen = _Seen()
    return _read(data, file_name, PAIRS, lambda cells: _pair(cells, seen))


# ---------------------------------------------------------------- what all files share


def _read(data: bytes, file_name: str, fields: tuple[Field, ...], row_of: Callable[[Cells], RowT | None]) -> ReadFile[RowT]:
    records = read_records(data, file_name, fields)
    rows, problems = _each(records.rows, row_of)
    return ReadFile(rows, tuple(sorted((*records.problems, *problems), key=lambda problem: problem.line)), records.notes)


def _each(records: tuple[Record, ...], row_of: Callable[[Cells], RowT | None]) -> tuple[tuple[RowT, ...], list[RowProblem]]:
    problems: list[RowProblem] = []
    rows = []
    for record in records:
        cells = Cells(record, problems)
        row = row_of(cells) if record.whole else None
        if row is not None and cells.good:
            rows.append(row)
    return tuple(rows), problems


class _Seen:
    """The lines on which things stood that may stand only once."""

    def __init__(self) -> None:
        self._lines: dict[Hashable, int] = {}

    def once(self, cells: Cells, field: str, what: str, key: Hashable) -> None:
        """Refuse *field* when *key* stood in an earlier row; *what* names it in the message."""
        first = self._lines.setdefault((field, key), cells.record.line)
        if first != cells.record.line:
            cells.refuse(field, f"{what} stands in line {first} already: keep one of the two rows.")


# ---------------------------------------------------------------- people


@dataclass(frozen=True)
class _Listed:
    """Who stands in the file, whether the row is good or not, so that one mistake causes one message."""

    names: Mapping[str, str]
    """E-mail address to name."""
    lines: Mapping[str, int]
    managers: Mapping[str, str]
    hints: dict[str, str] = field(default_factory=dict)
    """What was looked up, by cell."""

    @classmethod
    def of(cls, records: tuple[Record, ...]) -> _Listed:
        """From the cells as they stand; the first row of an address counts."""
        first = {record.cells["email"].lower(): record for record in reversed(records) if is_email(record.cells["email"])}
        managers = {email: record.cells.get("manager_email", "").lower() for email, record in first.items() if record.whole}
        return cls(
            {email: " ".join(record.cells["name"].split()) or email for email, record in first.items()},
            {email: record.line for email, record in first.items()},
            {email: manager for email, manager in managers.items() if manager in first and manager != email},
        )

    def hint(self, text: str) -> str:
        """Whom an unknown manager cell may mean, as `` (did you mean ...?)``."""
        if text not in self.hints and len(self.hints) < MOST_HINTS:
            self.hints[text] = self._meant(text)
        meant = self.hints.get(text)
        return f" (did you mean {meant}?)" if meant else ""

    def _meant(self, text: str) -> str:
        """A name that one person has, else the nearest address. One domain is shared by all, so it does not count."""
        named = [email for email, name in self.names.items() if name.casefold() == text.casefold()]
        if len(named) == 1:
            return named[0]
        by_local = {email.partition("@")[0]: email for email in self.names}
        return by_local.get(nearest(text.lower().partition("@")[0], by_local), "")


def _person(cells: Cells, listed: _Listed, seen: _Seen, given: frozenset[str]) -> PersonRow:
    row = PersonRow(
        line=cells.record.line,
        id=cells.text("id"),
        name=cells.needed("name", "Ada Brandt"),
        email=cells.email("email"),
        manager_email=_manager(cells, listed),
        team=cells.text("team"),
        role=cells.text("role"),
        location=cells.text("location"),
        work_mode=cells.word("work_mode", WORK_MODES),
        start=cells.day("start"),
        end=cells.day("end"),
        timezone=cells.timezone("timezone"),
        access=cells.word("access", ACCESS),
        given=given,
    )
    if row.email:
        seen.once(cells, "email", f"{row.email} ({listed.names.get(row.email, 'unnamed')})", row.email)
    if row.id:
        seen.once(cells, "id", f"The id {quoted(row.id)}", row.id)
    if row.start and row.end and row.end < row.start:
        cells.refuse("end", f"The last day {row.end} is before the first, {row.start}.")
    return row


def _manager(cells: Cells, listed: _Listed) -> str:
    text = cells.text("manager_email")
    email = text.lower()
    if email and email == cells.text("email").lower():
        cells.refuse("manager_email", f"{email} is given as their own manager: name another person, or leave it blank.")
    elif email and email not in listed.names:
        cells.refuse(
            "manager_email",
            f"{quoted(text)} is nobody's e-mail address in this file{listed.hint(text)}: add that row or correct it.",
        )
    return email


def _loop_problems(listed: _Listed) -> list[RowProblem]:
    return [_loop_problem(loop, listed) for loop in reporting_loops(listed.managers)]


def _loop_problem(loop: tuple[str, ...], listed: _Listed) -> RowProblem:
    lines = sorted(listed.lines[email] for email in loop)
    circle = " → ".join(listed.names[email] for email in (*loop, loop[0]))
    message = (
        f"These people report to one another in a circle (lines {', '.join(map(str, lines))}): {circle}. Correct one manager."
    )
    return RowProblem(lines[0], "manager_email", message)


# ---------------------------------------------------------------- goals, leave, pairs


def _goal(cells: Cells, seen: _Seen) -> GoalRow:
    amounts = ("start", "target", "now")
    per_cent = any(cells.text(field).endswith("%") for field in amounts)
    row = GoalRow(
        line=cells.record.line,
        email=cells.email("email"),
        goal=cells.needed("goal", "Reduce churn to 4 %"),
        measure=cells.long_text("measure"),
        unit=cells.text("unit") or ("%" if per_cent else ""),
        start=cells.number("start"),
        target=cells.number("target"),
        now=cells.number("now"),
        due=cells.day("due"),
        weight=cells.number("weight"),
        status=cells.text("status"),
        category=cells.text("category"),
        commitment=cells.text("commitment"),
        objective=cells.text("objective"),
        parent=cells.text("parent"),
        comment=cells.long_text("comment"),
    )
    if row.weight is not None and row.weight < 0:
        cells.refuse("weight", f"A weight of {row.weight:g} is below zero: write 0 or more.")
    if row.email and row.goal:
        seen.once(cells, "goal", f"This goal of {row.email}", (row.email, row.objective.casefold(), row.goal.casefold()))
    return row


def _leave(cells: Cells, seen: _Seen) -> LeaveRow | None:
    email, first, last = cells.email("email"), cells.needed_day("from"), cells.needed_day("to")
    if first is None or last is None:
        return None
    if last < first:
        cells.refuse("to", f"The last day {last} is before the first, {first}.")
    seen.once(cells, "email", f"This leave of {email}", (email, first, last))
    return LeaveRow(cells.record.line, email, first, last)


def _pair(cells: Cells, seen: _Seen) -> PairRow:
    row = PairRow(cells.record.line, cells.email("giver_email"), cells.email("person_email"))
    if row.giver_email and row.giver_email == row.person_email:
        cells.refuse("person_email", f"{row.person_email} is asked for feedback about themself: name another person.")
    elif row.giver_email and row.person_email:
        seen.once(cells, "person_email", f"The pair {row.giver_email}, {row.person_email}", (row.giver_email, row.person_email))
    return row
