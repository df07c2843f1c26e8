"""One card of each kind, of people who do not exist: to look at, and to hold against Google's description of cards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from addon.cards.widgets import Card
from addon.my import cards as my_cards
from addon.my.looking import GoalLine
from addon.reviews import cards as review_cards
from addon.status import cards as status_cards
from addon.status.gathering import Completion, TeamLine
from addon.team import cards as team_cards
from sync import goals
from sync.health.completion import Rate
from sync.records import (
    ActionItem,
    Coverage,
    Draft,
    Entry,
    EntryKind,
    Goal,
    Statement,
    StatementKind,
    Visibility,
)
from sync.review.coverage import Cover, Month, Support
from sync.review.language import Hint
from sync.review.sheet import Line, Sheet, Unused
from sync.review.surprise import Claim, Judged, Standing
from templates.shapes import Criterion, Kind

TODAY = date(2026, 3, 20)
NOW = datetime(2026, 3, 20, 9, tzinfo=UTC)
CONSOLE = "https://throughline.example.com/"
DOCUMENT = "https://docs.google.com/document/d/1aBcD/edit"
ADA, BEA = "ada00001", "boss0001"
AT = "2026-h1/ada00001/check-in/2026-03-20"


def samples() -> Mapping[str, Card]:
    """Every card by name."""
    return {
        "my-day": my_cards.my_day(_day()),
        "my-day-of-a-manager-in-hr": my_cards.my_day(_busy_day()),
        "my-day-empty": my_cards.my_day(my_cards.Day(TODAY, (), (), (), CONSOLE)),
        "before-the-first-period": my_cards.plain_card("My day", "HR has not begun a period yet.", CONSOLE),
        "check-in": team_cards.check_in(_check_in()),
        "check-in-not-made-yet": team_cards.check_in(_bare_check_in()),
        "goal-sheet": my_cards.goal_sheet(_goals(_lines(), may_write=True)),
        "goal-sheet-to-read": my_cards.goal_sheet(_goals(_lines()[:1], may_write=False)),
        "goal-sheet-empty": my_cards.goal_sheet(_goals((), may_write=True)),
        "goal-value": my_cards.goal_value(_lines()[0], "2026-h1/ada00001/goal-sheet", TODAY),
        "goal-value-yes-or-no": my_cards.goal_value(_lines()[2], "", TODAY),
        "review": review_cards.review(_review(_sheet())),
        "review-before-the-first-draft": review_cards.review(_review(None)),
        "completion": status_cards.completion(_completion()),
        "note": my_cards.note(my_cards.Writing(ADA, "nonce-1")),
        "note-of-a-manager": my_cards.note(
            my_cards.Writing(BEA, "nonce-2", ADA, ((ADA, "Ada Brandt"), ("cy000001", "Cy Okafor")))
        ),
        "recognition": my_cards.recognition(my_cards.Writing(ADA, "nonce-3")),
    }


# ---------------------------------------------------------------- what they show


def _lines() -> tuple[GoalLine, ...]:
    those = (
        Goal("g1", ADA, "2026-h1", "k", "1", "Answer customers within 4 days", 1, 9, 4, 6, "days", due=date(2026, 6, 30),
             status="on track", updated=TODAY - timedelta(days=2), extra={"measure": "Median of the week"}),
        Goal("g2", ADA, "2026-h1", "k", "2", "Cut refunds below 2 % <of sales>", 2, 5, 2, 4.5, "%", status="at risk",
             updated=TODAY - timedelta(days=5)),
        Goal("g3", ADA, "2026-h1", "k", "3", "Pass the security audit", 3, now=0, unit="yes/no", due=date(2026, 5, 1),
             updated=date(2026, 1, 9)),
        Goal("g4", ADA, "2026-h1", "k", "4", "Learn to facilitate retrospectives", 4),
    )  # fmt: skip
    return tuple(GoalLine(one, goals.standing(one, (), TODAY, 14), ()) for one in those)


def _actions() -> tuple[ActionItem, ...]:
    return (
        ActionItem("a1", ADA, "2026-h1", "Write the runbook for refunds & share it", "Ada", "2026-03-27", date(2026, 3, 6), AT),
        ActionItem("a2", ADA, "2026-h1", "Ask finance for the March figures", "Bea", "", date(2026, 1, 16), AT),
        ActionItem("a3", ADA, "2026-h1", "Book the workshop", "", "soon", date(2026, 3, 6), AT),
        ActionItem("a4", ADA, "2026-h1", "Pair with Cy on the export", "Ada", "", date(2026, 3, 6), AT),
    )


def _entry(number: int, kind: EntryKind, text: str, days_ago: int, by: str = ADA) -> Entry:
    day = TODAY - timedelta(days=days_ago)
    return Entry(f"e{number}", ADA, by, kind, text, Visibility.SHARED, day, NOW, "k", "wins", "Wins")


def _notes() -> tuple[Entry, ...]:
    return (
        _entry(1, EntryKind.BLOCKER, "The export waits for a decision about the old address format, since two weeks.", 6),
        _entry(2, EntryKind.WIN, "Cut the waiting time from **9 to 6 days** by answering the old ones first.", 14),
        _entry(3, EntryKind.FEEDBACK, "In the incident call you named the next step and who does it.", 20, BEA),
        _entry(4, EntryKind.GROWTH, "Tried to leave silence after a question. Hard, but it works.", 34),
    )  # fmt: skip


def _day() -> my_cards.Day:
    meetings = (my_cards.Meeting(ADA, "Bea Boss", TODAY + timedelta(days=3), DOCUMENT),)
    return my_cards.Day(TODAY, meetings, _actions(), _lines(), CONSOLE, may_ask_for_file=True)


def _busy_day() -> my_cards.Day:
    meetings = (
        my_cards.Meeting(ADA, "Ada Brandt", TODAY, DOCUMENT),
        my_cards.Meeting("cy000001", "Cy Okafor", TODAY + timedelta(days=1)),
        my_cards.Meeting(BEA, "Sam Skip (about me)", TODAY + timedelta(days=4), DOCUMENT),
        my_cards.Meeting("di000001", "Di Lindqvist", TODAY + timedelta(days=9)),
    )
    told = ("Your tick was not written: “no” stands there under Done: change it in the document.",)
    return my_cards.Day(TODAY, meetings, _actions()[:1], _lines()[:2], CONSOLE, sees_company=True, told=told)


def _check_in() -> team_cards.CheckIn:
    return team_cards.CheckIn(
        about=ADA, name="Ada Brandt", with_whom="Ada Brandt", today=TODAY, on=TODAY, goals=_lines(), actions=_actions(),
        notes=_notes(), authors=((ADA, "Ada Brandt"), (BEA, "Bea Boss")), at=AT, only_mine=2,
        console=f"{CONSOLE}reviews/{ADA}", told=("Your value is being written into the document.",),
    )  # fmt: skip


def _bare_check_in() -> team_cards.CheckIn:
    return team_cards.CheckIn(
        about=ADA, name="Ada Brandt", with_whom="Bea Boss", today=TODAY, on=TODAY + timedelta(days=21), goals=(), actions=(),
        notes=(), authors=(), at="", is_made=False, console=CONSOLE,
    )  # fmt: skip


def _goals(lines: tuple[GoalLine, ...], *, may_write: bool) -> my_cards.Goals:
    asked = ("measure", "start", "target", "due")
    found = tuple((one.goal.id, goals.lacking(one.goal, asked)) for one in lines)
    return my_cards.Goals(ADA, "Goals of Ada Brandt", lines, found, TODAY, may_write, "", DOCUMENT, CONSOLE)


def _review(sheet: Sheet | None) -> review_cards.Review:
    return review_cards.Review(ADA, "Ada Brandt", False, True, sheet, "", f"{CONSOLE}reviews/{ADA}")


def _sheet() -> Sheet:
    coverage = Coverage({"2026-01": 5, "2026-02": 0, "2026-03": 9}, 3, 4, 14)
    draft = Draft("d1", "2026-h1", ADA, BEA, ADA, NOW, (), coverage)
    cover = Cover(
        (Month("2026-01", 5, 3), Month("2026-02", 0, 0), Month("2026-03", 9, 4)),
        (Support(Criterion("teamwork", "Works with others", ()), 1), Support(Criterion("craft", "Craft", ()), 4)),
        ("Nothing is known of February: ask what happened then.",),
    )
    point = "Let others finish before answering"
    claim = Claim("e9", point, ())
    quoted = Statement("growth", "", "Answers late in the day come without a next step.", StatementKind.QUOTATION)
    hint = Hint("L1", "She is a natural leader.", "natural leader", "What did the person do that others could see?")
    lines = (
        Line("y1", "growth", "", point, (), "e9", judged=Judged(claim, Standing.NEW)),
        Line("s1", "growth", "", quoted.text, ("e3",), "e3", quoted, "its source was edited"),
        Line("y2", "patterns", "", "A natural leader.", (), "e8", hints=(hint,)),
    )
    unused = (Unused(_notes()[3], "Check-in", True), Unused(_notes()[1], "Check-in", False))
    return Sheet(draft, lines, (), cover, (), unused, (), for_you=(Unused(_notes()[2], "Notes", False),))


def _completion() -> status_cards.Company:
    def line(team: str, people: int, due: int, done: int) -> TeamLine:
        return TeamLine(team, people, {Kind.CHECK_IN: Rate(due, done), Kind.SELF_REVIEW: Rate(people, people // 2)})

    lines = (line("Care", 12, 48, 47), line("Sales", 9, 36, 12), line("Engineering", 41, 164, 120), line("", 2, 8, 3))
    return status_cards.Company("2026-h1", Completion(lines), f"{CONSOLE}company/", "20 March 2026, 08:45")
