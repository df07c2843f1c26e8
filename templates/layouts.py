"""One template file: its title, who has access, and the columns or sections that people see."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

from templates import nodes
from templates.meanings import (
    EITHER_BODY,
    EMPLOYEE_MAY_READ,
    FIXED_CHOICES,
    GOAL_COLUMNS,
    GOAL_REQUIRED,
    MEANINGS,
    PLACEHOLDERS,
    Meaning,
)
from templates.nodes import Fields, Spot
from templates.shapes import (
    Column,
    ColumnType,
    DocumentShape,
    Kind,
    Pack,
    Section,
    SectionBody,
    SectionWhen,
    TableShape,
    Template,
    Writer,
)

_T = TypeVar("_T")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_NOT_IN_FILE_NAMES = re.compile(r'[/\\:*?"<>|]')
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")
_SHEET_NAME_LENGTH = 31
_CHOICES_LENGTH = 255
_TEXT_LENGTH = 2_000


def read_template(kind: Kind, top: Spot, head: Pack | None) -> Template:
    """The template of *kind* from the top of its file; *head* is what pack.yaml tells, if it can be read."""
    meaning = MEANINGS[kind]
    is_table = kind is Kind.GOAL_SHEET
    shape_keys = ("sheet", "columns") if is_table else ("sections",)
    fields = Fields(
        top, ("title", "place", "writers", "readers", *shape_keys), ("intro", "empty_rows") if is_table else ("intro",)
    )
    return Template(
        kind,
        _title(fields.get("title"), meaning),
        _only(fields.get("place"), meaning.place, kind),
        _people(fields.get("writers"), meaning.writers, f"write a {kind}"),
        _people(fields.get("readers"), _readers(fields.get("readers"), kind, head), f"read a {kind}"),
        _goal_sheet(fields) if is_table else _document(fields, kind, meaning, head),
    )


def _title(spot: Spot | None, meaning: Meaning) -> str:
    """The title of a document, which is its file name too."""
    title = nodes.line(spot, most=100)
    allowed = (*meaning.needs, *meaning.also)
    found = _PLACEHOLDER.findall(title)
    if spot is None or not title:
        return title
    for name in found:
        if name not in allowed:
            what = "a placeholder of this kind" if name in PLACEHOLDERS else "a placeholder"
            spot.wrong(nodes.unknown(name, what, allowed))
    if missing := [name for name in meaning.needs if name not in found]:
        spot.wrong(f"needs {{{missing[0]}}}: without it two documents would have the same name")
    if any(brace in _PLACEHOLDER.sub("", title) for brace in "{}"):
        spot.wrong("has a brace without its partner; placeholders look like {person}")
    if bad := _NOT_IN_FILE_NAMES.search(title):
        spot.wrong(f'holds "{bad[0]}", which file names cannot have')
    return title


def _only(spot: Spot | None, place: _T, kind: Kind) -> _T:
    if spot and nodes.text(spot) not in ("", str(place)):
        spot.wrong(
            f'"{nodes.text(spot)}" is not the place of a {kind}; it stands in "{place}", because its readers depend on it'
        )
    return place


def _people(spot: Spot | None, expected: Sequence[Writer], what: str) -> tuple[Writer, ...]:
    """Who has access to a kind is fixed, because rules of access rest on it; the pack says it for those who read it."""
    found = nodes.words(spot, tuple(Writer), "somebody who writes or reads")
    if spot and found and {*found} != {*expected}:
        spot.wrong(f"exactly these people {what}: {', '.join(expected)}; found {', '.join(found)}")
    return tuple(expected)


def _readers(spot: Spot | None, kind: Kind, head: Pack | None) -> tuple[Writer, ...]:
    """Who reads a *kind* in this pack. Without a readable pack.yaml its choice is taken from the template."""
    if kind is not EMPLOYEE_MAY_READ:
        return MEANINGS[kind].readers
    listed = Writer.EMPLOYEE in nodes.words(spot, tuple(Writer), "somebody who writes or reads")
    visible = head.peer_feedback_visible if head else listed
    return (*MEANINGS[kind].readers, Writer.EMPLOYEE) if visible else MEANINGS[kind].readers


def _goal_sheet(fields: Fields) -> TableShape:
    sheet = nodes.line(fields.get("sheet"))
    _check_sheet_name(fields.get("sheet"), sheet)
    columns = _columns(fields.get("columns"), GOAL_COLUMNS, GOAL_REQUIRED)
    for spot, column in columns:
        _check_fixed_choices(spot, column)
    rows = nodes.whole(fields.get("empty_rows"), 0, 200, TableShape.empty_rows)
    return TableShape(sheet, tuple(column for _, column in columns), rows, nodes.text(fields.get("intro")))


def _check_sheet_name(spot: Spot | None, name: str) -> None:
    if spot is None:
        return
    if len(name) > _SHEET_NAME_LENGTH:
        spot.wrong(f"has {len(name)} characters; Excel allows {_SHEET_NAME_LENGTH} in the name of a sheet")
    if bad := _NOT_IN_SHEET_NAMES.search(name):
        spot.wrong(f'holds "{bad[0]}", which Excel refuses in the name of a sheet')
    if name.strip("'") != name or name.lower() == "history":
        spot.wrong(f"{name} is a name that Excel refuses for a sheet (History, or an apostrophe at an end)")


def _check_fixed_choices(spot: Spot, column: Column) -> None:
    allowed = FIXED_CHOICES.get(column.key)
    for choice in column.choices if allowed else ():
        if allowed and choice not in allowed:
            spot.wrong(nodes.unknown(choice, f"a {column.key}", allowed))


# ---------------------------------------------------------------- columns


Types = Mapping[str, ColumnType | None]
Given = Mapping[str, tuple[str, ...]]


def _columns(spot: Spot | None, meant: Types, required: Sequence[str], given: Given | None = None) -> list[tuple[Spot, Column]]:
    """The columns of a table where they stand.

    *meant* are the types of columns with a meaning, *given* the choices that come from elsewhere, both by column key.
    """
    spots = nodes.items(spot)
    nodes.refuse_twin_fields(spots, "key")
    nodes.refuse_twin_fields(spots, "title")
    columns = [(item, _column(item, meant, given or {})) for item in spots]
    _check_keys(spot, [(item, column.key) for item, column in columns], tuple(meant), required, "column")
    for place, (item, column) in enumerate(columns):
        _check_type(item, column, meant.get(column.key), place)
    return columns


def _check_type(spot: Spot, column: Column, expected: ColumnType | None, place: int) -> None:
    if expected and column.type is not expected:
        spot.wrong(f'the column "{column.key}" has the type "{expected}", not "{column.type}"')
    elif column.type is ColumnType.PROGRESS and not expected:
        spot.wrong('only the column "progress" of a goal sheet has the type "progress"')
    elif column.type is ColumnType.KEY and place > 0:
        spot.wrong("the column of type key comes first, and there is one only")


_COLUMN_KEYS = ("type", "choices", "help", "width", "former_titles")


def _column(spot: Spot, meant: Types, given: Given) -> Column:
    fields = Fields(spot, ("key", "title"), _COLUMN_KEYS)
    key = nodes.key(fields.get("key"))
    # a misspelt type counts as the one that was meant, so that one slip gives one problem
    default = (meant.get(key) if fields.get("type") else None) or ColumnType.TEXT
    column = Column(
        key,
        nodes.line(fields.get("title"), most=60),
        ColumnType(nodes.word(fields.get("type"), tuple(ColumnType), "a column type", default) or default),
        nodes.lines(fields.get("choices"), least=2, most=60) or given.get(key, ()),
        nodes.line(fields.get("help")),
        nodes.whole(fields.get("width"), 4, 80, Column.width),
        nodes.lines(fields.get("former_titles"), least=0),
    )
    _check_choices_of(spot, fields.get("choices"), column, key in given)
    return column


def _check_choices_of(spot: Spot, choices: Spot | None, column: Column, are_given: bool) -> None:
    if choices and are_given:
        choices.wrong("the choices here are the scale of pack.yaml; leave them out")
    elif choices and column.type is not ColumnType.CHOICE:
        choices.wrong(f'only a column of type "choice" has choices, this one has the type "{column.type}"')
    elif column.type is ColumnType.CHOICE and not choices and not are_given:
        spot.wrong('a column of type "choice" needs "choices"')
    check_choices(choices, column.choices)


def check_choices(spot: Spot | None, choices: Sequence[str]) -> None:
    """Note what a dropdown of a spreadsheet cannot offer: it is one short line of words with commas between them."""
    if spot and any("," in choice for choice in choices):
        spot.wrong("a choice with a comma would become two choices in a spreadsheet; write it without")
    if spot and len(",".join(choices)) > _CHOICES_LENGTH:
        spot.wrong(f"the choices together have more than the {_CHOICES_LENGTH} characters that Excel allows; shorten them")


def _check_keys(
    spot: Spot | None, found: Sequence[tuple[Spot, str]], known: Sequence[str], required: Sequence[str], what: str
) -> None:
    """Keys of one's own are welcome, unless they look like a slip in a known one; those required must be there."""
    keys = {key for _, key in found}
    absent = [key for key in known if key not in keys]
    for item, key in found:
        if key and key not in known and nodes.near(key, absent):
            item.wrong(f'"{key}" is close to "{nodes.near(key, absent)}", whose meaning is known; use that, or another key')
    for key in required:
        if spot and key not in keys:
            spot.wrong(f'the {what} "{key}" is missing (needed here: {", ".join(required)})')


# ---------------------------------------------------------------- sections


def _document(fields: Fields, kind: Kind, meaning: Meaning, head: Pack | None) -> DocumentShape:
    spot = fields.get("sections")
    spots = nodes.items(spot)
    nodes.refuse_twin_fields(spots, "key")
    nodes.refuse_twin_fields(spots, "title")
    labels = tuple(point.label for point in head.scale) if head else ()
    sections = [(item, _section(item, meaning, {"point": labels} if "rating" in meaning.tables else {})) for item in spots]
    for item, section in sections:
        _check_section(item, section, kind, meaning)
    keys = [(item, section.key) for item, section in sections]
    _check_keys(spot, keys, meaning.sections, (*meaning.first, *meaning.required), "section")
    _check_order(spot, [key for _, key in keys], meaning.first)
    return DocumentShape(tuple(section for _, section in sections), nodes.text(fields.get("intro")))


_SECTION_KEYS = ("prompt", "writers", "body", "columns", "empty_rows", "when", "former_titles")


def _section(spot: Spot, meaning: Meaning, given: Given) -> Section:
    fields = Fields(spot, ("key", "title"), _SECTION_KEYS)
    key = nodes.key(fields.get("key"))
    table = meaning.tables.get(key, {})
    columns = _columns(fields.get("columns"), table, tuple(table), given)
    writers = nodes.words(fields.get("writers"), (*meaning.writers, *meaning.guests), "somebody who writes here")
    return Section(
        key,
        nodes.line(fields.get("title"), most=80),
        nodes.text(fields.get("prompt"), most=_TEXT_LENGTH),
        tuple(Writer(writer) for writer in writers) or meaning.writers,
        _body(fields.get("body"), bool(columns)),
        tuple(column for _, column in columns),
        nodes.whole(fields.get("empty_rows"), 0, 20, Section.empty_rows),
        _when(fields.get("when"), key),
        nodes.lines(fields.get("former_titles"), least=0),
    )


def _body(spot: Spot | None, has_columns: bool) -> SectionBody:
    meant = SectionBody.TABLE if spot and has_columns else SectionBody.TEXT
    return SectionBody(nodes.word(spot, tuple(SectionBody), "a body", meant) or meant)


def _when(spot: Spot | None, key: str) -> SectionWhen:
    meant = SectionWhen.QUARTERLY if spot and key == "goal-review" else SectionWhen.ALWAYS
    return SectionWhen(nodes.word(spot, tuple(SectionWhen), "a time", meant) or meant)


def _check_section(spot: Spot, section: Section, kind: Kind, meaning: Meaning) -> None:
    is_table = section.body is SectionBody.TABLE
    table = meaning.tables.get(section.key)
    if table and not is_table and section.key not in EITHER_BODY:
        spot.wrong(f'the section "{section.key}" has "body: table"')
    elif section.key in meaning.sections and not table and is_table:
        spot.wrong(f'the section "{section.key}" has "body: text"')
    elif is_table != bool(section.columns):
        spot.wrong('a section has "columns" exactly when it has "body: table"')
    if section.when is SectionWhen.QUARTERLY and kind is not Kind.CHECK_IN:
        spot.wrong("only check-ins have quarterly sections")
    if section.key == "goal-review" and section.when is not SectionWhen.QUARTERLY:
        spot.wrong('the section "goal-review" has "when: quarterly"')


def _check_order(spot: Spot | None, keys: Sequence[str], first: Sequence[str]) -> None:
    if spot and {*first} <= {*keys} and tuple(keys[: len(first)]) != tuple(first):
        spot.wrong(f"begins with {', '.join(first)}, in this order; found {', '.join(keys[: len(first)])}")
