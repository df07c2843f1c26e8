"""What stands in an artifact when it is made."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date

from connectors.workspace import Bullet, DocumentContent, Paragraph, Rows, Subheading, TableContent
from sync.provision.contents import content_for, open_actions, origin, with_row_keys
from sync.provision.wanted import Wanted, wanted
from sync.records import ActionItem, Pair
from templates.shapes import Kind, SectionWhen
from tests.sync.provision.company import ADA, BEN, BOSS, COMPANY, CYCLE, PACK, goal

TODAY = date(2026, 5, 26)
WISHES = {one.key: one for one in wanted(COMPANY, (), [Pair("ben", "ada")], CYCLE, PACK, TODAY)}
CHECK_IN = WISHES["2026-h1/ada/check-in/2026-03-02"]
GOALS = (
    goal(1, row_key="g1", title="Churn", start=8.0, target=4.0, now=6.5, unit="%", status="on track"),
    goal(2, row_key="g2", title="Certificate", start=0.0, target=1.0, unit="yes/no"),
    goal(3, row_key="g3", title="Dropped", status="dropped"),
    goal(4, row_key="g4", title="Gone", removed=True),
)
BEFORE = "2026-h1/ada/check-in/2026-02-02"
ACTION = ActionItem("a1", "ada", CYCLE.id, "Write the offer", "Ada", "Friday", date(2026, 2, 2), BEFORE)


def document(one: Wanted, **facts: object) -> DocumentContent:
    made = content_for(one, PACK, CYCLE, person=ADA, manager=BOSS, **facts)  # type: ignore[arg-type]
    assert isinstance(made, DocumentContent)
    return made


def test_a_goal_sheet_holds_the_imported_goals() -> None:
    """One row per goal with its row key and only the cells that have a value: missing is blank, not zero."""
    sheet = content_for(WISHES["2026-h1/ada/goal-sheet"], PACK, CYCLE, person=ADA, manager=BOSS, goals=GOALS)
    assert isinstance(sheet, TableContent)
    assert [row.key for row in sheet.rows] == ["g1", "g2", "g3"]
    assert sheet.rows[0].cells == {"goal": "Churn", "start": 8.0, "target": 4.0, "now": 6.5, "unit": "%", "status": "on track"}
    assert "now" not in sheet.rows[1].cells
    assert sheet.facts == (("Employee", "Ada Brandt"), ("Manager", "Bea Boss"), ("Cycle", "2026 H1"))


def test_other_columns_of_a_goal_come_along() -> None:
    """What the import could not name is kept in its own column, where the sheet has one."""
    extra = goal(1, row_key="g1", extra={"measure": "Signed contracts", "unknown": "x"})
    sheet = content_for(WISHES["2026-h1/ada/goal-sheet"], PACK, CYCLE, person=ADA, goals=[extra])
    assert isinstance(sheet, TableContent)
    assert sheet.rows[0].cells["measure"] == "Signed contracts"
    assert "unknown" not in sheet.rows[0].cells


def test_row_keys_come_from_outside_and_stay() -> None:
    """Only goals without a row key get one."""
    numbers = itertools.count(1)
    keyed = with_row_keys([goal(1, row_key="mine"), goal(2), goal(3)], lambda: f"k{next(numbers)}")
    assert [one.row_key for one in keyed] == ["mine", "k1", "k2"]


def test_a_check_in_shows_goals_with_their_last_values() -> None:
    """In the goal's unit; a missing value is a dash, never zero; dropped and removed goals stay out."""
    (rows,) = document(CHECK_IN, goals=GOALS).sections["goals"]
    assert isinstance(rows, Rows)
    assert [dict(row.cells) for row in rows.rows] == [
        {"goal": "Churn", "target": "4 %", "last": "6.5 %", "status": "on track"},
        {"goal": "Certificate", "target": "yes", "last": "–", "status": "–"},
    ]
    assert [row.key for row in rows.rows] == ["g1", "g2"]


def test_a_check_in_carries_open_actions_with_age_and_origin() -> None:
    """The row has the action's key; below it stands since when and from where."""
    rows, *notes = document(CHECK_IN, actions=[ACTION, replace(ACTION, key="a2", closed_on=TODAY)]).sections["actions"]
    assert isinstance(rows, Rows)
    assert [(row.key, dict(row.cells)) for row in rows.rows] == [
        ("a1", {"action": "Write the offer", "owner": "Ada", "due": "Friday"})
    ]
    assert notes == [Bullet("Write the offer: opened 2026-02-02, 28 days, from check-in 2026-02-02")]


def test_only_actions_from_before_are_carried() -> None:
    """The oldest first; what was agreed on the day itself, or later, belongs to the next check-in."""
    day = date(2026, 3, 2)
    same, older = replace(ACTION, key="a2", opened_on=day), replace(ACTION, key="a0", opened_on=date(2026, 1, 1))
    assert [one.key for one in open_actions([ACTION, same, older], day)] == ["a0", "a1"]
    assert origin(replace(ACTION, opened_on=date(2026, 3, 1), origin_key=""), day) == "opened 2026-03-01, 1 day"


def test_nothing_to_carry_leaves_the_sections_empty() -> None:
    """No goals and no actions: no rows, and the agenda is for people to begin."""
    assert document(CHECK_IN).sections == {}
    assert document(CHECK_IN).facts[-1] == ("Date", "2026-03-02")


def test_quarterly_sections_stand_only_in_quarterly_check_ins() -> None:
    """The look at the goals is part of the last check-in of a quarter."""
    assert CHECK_IN.quarterly
    assert document(CHECK_IN).shape.section("goal-review") is not None
    plain = document(WISHES[BEFORE])
    assert all(section.when is not SectionWhen.QUARTERLY for section in plain.shape.sections)


def test_role_expectations_come_from_the_pack() -> None:
    """Purpose, what is expected, and the criteria with behaviours that somebody can see."""
    made = content_for(WISHES["2026-h1/company/role-expectations/engineering"], PACK, CYCLE)
    role = next(role for role in PACK.roles if role.key == "engineering")
    assert isinstance(made, DocumentContent)
    assert made.sections["purpose"] == (Paragraph(role.purpose),)
    assert made.sections["expectations"] == tuple(map(Bullet, role.expectations))
    criterion = PACK.criterion(role.criteria[0])
    assert criterion is not None
    assert made.sections["criteria"][:2] == (Subheading(criterion.title), Bullet(criterion.behaviours[0]))
    assert made.facts[0] == ("Role", "Engineering")


def test_a_manager_review_explains_the_scale_and_rates_nobody() -> None:
    """Every point with its meaning, and no row that chooses one."""
    made = document(WISHES["2026-h1/ada/manager-review/boss"], goals=GOALS)
    assert list(made.sections) == ["rating"]
    assert made.sections["rating"] == tuple(Bullet(f"{point.label}: {point.meaning}") for point in PACK.scale)


def test_every_other_kind_starts_empty_with_its_facts() -> None:
    """Whom feedback is by stands only in feedback."""
    feedback = document(WISHES["2026-h1/ada/peer-feedback/ben"], other=BEN)
    assert ("Feedback by", "Ben Adler") in feedback.facts
    for one in WISHES.values():
        if one.kind in (Kind.QUICK_NOTES, Kind.SELF_REVIEW, Kind.MANAGER_NOTES):
            made = document(one, other=BOSS, goals=GOALS, actions=[ACTION])
            assert made.sections == {}
            assert "Feedback by" not in dict(made.facts)
