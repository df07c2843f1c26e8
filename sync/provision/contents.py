"""What stands in an artifact when it is made: the pack's shape, filled with what is already known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from connectors.workspace import (
    Block,
    Bullet,
    CellValue,
    DocumentContent,
    NewRow,
    Paragraph,
    Rows,
    Subheading,
    TableContent,
    text_of,
)
from sync.goals import is_yes_no
from sync.provision.wanted import Wanted
from sync.records import ActionItem, Cycle, Goal, Person
from templates.shapes import Column, ColumnType, DocumentShape, Kind, Pack, Role, Section, SectionBody, SectionWhen, TableShape

MISSING = "–"
"""How a missing value is shown: never as zero."""

Content = TableContent | DocumentContent


def content_for(
    one: Wanted,
    pack: Pack,
    cycle: Cycle,
    *,
    person: Person | None = None,
    manager: Person | None = None,
    other: Person | None = None,
    goals: Sequence[Goal] = (),
    actions: Sequence[ActionItem] = (),
) -> Content:
    """The content of *one* as it is made.

    *manager* is the one at its day, *other* the giver of feedback; *goals* (each with its row key, see `with_row_keys`)
    and *actions* are the person's in this cycle, removed and closed ones may be among them.
    """
    shape = pack.templates[one.kind].shape
    facts = _facts(one, pack, cycle, person, manager, other)
    if isinstance(shape, TableShape):
        return TableContent(shape, goal_rows(shape, goals) if one.kind is Kind.GOAL_SHEET else (), facts)
    shape = _for_the_day(shape, one.quarterly)
    return DocumentContent(shape, _sections(one, shape, pack, goals, actions), facts)


def with_row_keys(goals: Iterable[Goal], new_key: Callable[[], str]) -> tuple[Goal, ...]:
    """*goals*, those without a row key with one from *new_key*."""
    return tuple(goal if goal.row_key else replace(goal, row_key=new_key()) for goal in goals)


def goal_rows(shape: TableShape, goals: Iterable[Goal]) -> tuple[NewRow, ...]:
    """A row of the goal sheet for each goal that stands, in their order, with the columns that the sheet has."""
    columns = [column for column in shape.columns if column.type not in (ColumnType.KEY, ColumnType.PROGRESS)]
    return tuple(
        NewRow(goal.row_key, {column.key: value for column in columns if (value := _goal_cell(goal, column.key)) is not None})
        for goal in _standing(goals)
    )


def open_actions(actions: Iterable[ActionItem], day: date) -> tuple[ActionItem, ...]:
    """The actions to carry into the check-in of *day*: not closed, opened before it, the oldest first."""
    carried = [action for action in actions if action.closed_on is None and action.opened_on < day]
    return tuple(sorted(carried, key=lambda action: (action.opened_on, action.key)))


def _standing(goals: Iterable[Goal]) -> list[Goal]:
    return sorted((goal for goal in goals if not goal.removed), key=lambda goal: (goal.position, goal.id))


def _goal_cell(goal: Goal, column: str) -> CellValue:
    values: dict[str, CellValue] = {
        "goal": goal.title,
        "start": goal.start,
        "target": goal.target,
        "now": goal.now,
        "unit": goal.unit,
        "weight": goal.weight,
        "due": goal.due,
        "status": goal.status,
        "category": goal.category,
        "commitment": goal.commitment,
        "parent": goal.parent,
        "objective": goal.objective,
        "updated": goal.updated,
    }
    value = values.get(column, goal.extra.get(column))
    return None if value == "" else value


def _facts(
    one: Wanted, pack: Pack, cycle: Cycle, person: Person | None, manager: Person | None, other: Person | None
) -> tuple[tuple[str, str], ...]:
    role = _role(one, pack)
    facts = (
        ("Role", role.title if role else ""),
        ("Employee", person.name if person else ""),
        ("Manager", manager.name if manager else ""),
        ("Feedback by", other.name if other and one.kind is Kind.PEER_FEEDBACK else ""),
        ("Cycle", cycle.label),
        ("Date", str(one.due or "")),
    )
    return tuple((label, value) for label, value in facts if value)


def _role(one: Wanted, pack: Pack) -> Role | None:
    if one.kind is not Kind.ROLE_EXPECTATIONS:
        return None
    return next((role for role in pack.roles if role.key == one.key.rsplit("/", 1)[-1]), None)


def _for_the_day(shape: DocumentShape, quarterly: bool) -> DocumentShape:
    if quarterly:
        return shape
    return replace(shape, sections=tuple(section for section in shape.sections if section.when is not SectionWhen.QUARTERLY))


def _sections(
    one: Wanted, shape: DocumentShape, pack: Pack, goals: Sequence[Goal], actions: Sequence[ActionItem]
) -> Mapping[str, tuple[Block, ...]]:
    filled: dict[str, tuple[Block, ...]] = {}
    if one.kind is Kind.CHECK_IN and one.due is not None:
        filled = {
            "goals": _goals_block(shape.section("goals"), goals),
            "actions": _actions_block(shape.section("actions"), open_actions(actions, one.due), one.due),
        }
    elif one.kind is Kind.MANAGER_REVIEW:
        filled = {"rating": tuple(Bullet(f"{point.label}: {point.meaning}") for point in pack.scale)}
    elif (role := _role(one, pack)) is not None:
        filled = _role_blocks(role, pack)
    return {key: blocks for key, blocks in filled.items() if blocks and shape.section(key) is not None}


def _role_blocks(role: Role, pack: Pack) -> dict[str, tuple[Block, ...]]:
    criteria: list[Block] = []
    for criterion in filter(None, map(pack.criterion, role.criteria)):
        criteria.append(Subheading(criterion.title))
        criteria += [Bullet(behaviour) for behaviour in criterion.behaviours]
    return {
        "purpose": (Paragraph(role.purpose),),
        "expectations": tuple(Bullet(expectation) for expectation in role.expectations),
        "criteria": tuple(criteria),
    }


def _goals_block(section: Section | None, goals: Iterable[Goal]) -> tuple[Block, ...]:
    current = [goal for goal in _standing(goals) if goal.status != "dropped"]
    if section is None or not current:
        return ()
    if section.body is not SectionBody.TABLE:
        return tuple(Bullet(f"{goal.title}: {_amount(goal, goal.now)} of {_amount(goal, goal.target)}") for goal in current)
    rows = [NewRow(goal.row_key, _known(section.columns, _goal_line(goal))) for goal in current]
    return (Rows(tuple(rows)),)


def _goal_line(goal: Goal) -> dict[str, CellValue]:
    return {
        "goal": goal.title,
        "target": _amount(goal, goal.target),
        "last": _amount(goal, goal.now),
        "status": goal.status or MISSING,
    }


def _amount(goal: Goal, value: float | None) -> str:
    """The value in the goal's unit, as people write it; a missing one is not zero."""
    if value is None:
        return MISSING
    if is_yes_no(goal) and value in (0, 1) and goal.unit:
        return "yes" if value else "no"
    number = text_of(float(value))
    return f"{number} %" if goal.unit.strip() == "%" else number


def _actions_block(section: Section | None, actions: Sequence[ActionItem], day: date) -> tuple[Block, ...]:
    """The actions as rows. Where the table has no column for it, their age and origin stand in a list below."""
    if section is None or not actions:
        return ()
    if section.body is not SectionBody.TABLE:
        return tuple(Bullet(f"{action.text} ({origin(action, day)})") for action in actions)
    rows = Rows(tuple(NewRow(action.key, _known(section.columns, _action_line(action, day))) for action in actions))
    if any(column.key == "origin" for column in section.columns):
        return (rows,)
    return (rows, *(Bullet(f"{action.text}: {origin(action, day)}") for action in actions))


def _action_line(action: ActionItem, day: date) -> dict[str, CellValue]:
    return {"action": action.text, "owner": action.owner, "due": action.due, "origin": origin(action, day)}


def origin(action: ActionItem, day: date) -> str:
    """Since when and from where an action is carried: ``opened 2026-02-03, 28 days, from check-in 2026-02-03``."""
    age = (day - action.opened_on).days
    where = " ".join(action.origin_key.split("/")[2:])
    return f"opened {action.opened_on}, {age} {'day' if age == 1 else 'days'}" + (f", from {where}" if where else "")


def _known(columns: Iterable[Column], values: Mapping[str, CellValue]) -> dict[str, CellValue]:
    """Those of *values* that have a column and something in it."""
    return {column.key: values[column.key] for column in columns if values.get(column.key) not in (None, "")}
