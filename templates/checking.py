"""From the texts of a pack to the pack and every mistake in it. Pure: what is on disk is the loader's business."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from templates import nodes
from templates.layouts import check_choices, read_template
from templates.meanings import ALL_FILES, CADENCES, FILES, GOAL_NOUNS, NOT_RELEASED, SCALE_POINTS
from templates.nodes import Fields, Problem, Report, Spot
from templates.shapes import Criterion, DocumentShape, Kind, Pack, RatingPoint, Role, Section, SectionBody, Template

_T = TypeVar("_T")
_NOTHING = Pack(
    name="", title="", language="", version="", cadence="", goal_noun="", templates={}, criteria=(), roles=(), scale=()
)
_LANGUAGE = re.compile(r"[a-z]{2}(-[A-Z]{2})?")
_LONG_SCALE = "in 105,034 ratings, ten points gave top marks to 31.4 % of men and 19.5 % of women, six to 41.2 % and 42.7 %"
_SHORT_SCALE = "with fewer, nearly everybody gets the same point"


def read_pack(name: str, sources: Mapping[str, str]) -> tuple[Pack | None, tuple[Problem, ...]]:
    """The pack *name* from file names to texts, and every mistake; the pack is None when there is one."""
    reports = {file: Report(file) for file in (*ALL_FILES, *sources)}
    tops = {file: nodes.parse(sources[file], reports[file]) for file in ALL_FILES if file in sources}
    _check_file_names(sources, reports)
    first = tops.get("pack.yaml")
    head = _head(first) if first else None
    criteria = _listed(tops.get("criteria.yaml"), "criteria", _criterion)
    roles = _listed(tops.get("roles.yaml"), "roles", _role_reader({c.key for c in criteria} if criteria else None))
    _check_matches(tops.get("roles.yaml"), roles)
    templates = {kind: read_template(kind, top, head) for file, kind in FILES.items() if (top := tops.get(file)) is not None}
    _check_release(templates, tops.get(f"{Kind.RELEASED_REVIEW}.yaml"))
    problems = sorted({problem for report in reports.values() for problem in report.problems})
    if problems or head is None:
        return None, tuple(problems)
    return replace(
        head, name=name, version=version(sources), templates=templates, criteria=criteria, roles=roles, sources=dict(sources)
    ), ()


def version(sources: Mapping[str, str]) -> str:
    """12 hex digits that change when any file's name or bytes do."""
    digest = hashlib.sha256()
    for file, text in sorted(sources.items()):
        content = text.encode()
        digest.update(f"{file}\n{len(content)}\n".encode() + content)
    return digest.hexdigest()[:12]


def _check_file_names(sources: Mapping[str, str], reports: Mapping[str, Report]) -> None:
    for file in ALL_FILES:
        if file not in sources:
            reports[file].add("is missing; copy it from a built-in pack")
    for file in sources:
        if file not in ALL_FILES:
            reports[file].add(nodes.unknown(file, "a file of a pack", ALL_FILES))


# ---------------------------------------------------------------- pack.yaml, criteria.yaml, roles.yaml


def _head(top: Spot) -> Pack:
    """The pack as far as pack.yaml tells it."""
    fields = Fields(top, ("title", "language", "cadence", "goal_noun", "scale"), ("minimum_entries", "peer_feedback_visible"))
    return replace(
        _NOTHING,
        title=nodes.line(fields.get("title")),
        language=_language(fields.get("language")),
        cadence=nodes.word(fields.get("cadence"), CADENCES, "a cadence"),
        goal_noun=nodes.word(fields.get("goal_noun"), GOAL_NOUNS, "a goal noun"),
        minimum_entries=nodes.whole(fields.get("minimum_entries"), 1, 20, _NOTHING.minimum_entries),
        peer_feedback_visible=nodes.flag(fields.get("peer_feedback_visible"), _NOTHING.peer_feedback_visible),
        scale=_scale(fields.get("scale")),
    )


def _language(spot: Spot | None) -> str:
    code = nodes.line(spot)
    if spot and code and not _LANGUAGE.fullmatch(code):
        spot.wrong(f'"{code}" is not the code of a language; write one such as en, de or en-GB')
    return code


def _scale(spot: Spot | None) -> tuple[RatingPoint, ...]:
    """The points of the rating scale; their number is limited because long scales are used unequally."""
    points = nodes.items(spot)
    if spot and points and len(points) not in SCALE_POINTS:
        why = _LONG_SCALE if len(points) > SCALE_POINTS[-1] else _SHORT_SCALE
        spot.wrong(f"a scale has {SCALE_POINTS[0]} to {SCALE_POINTS[-1]} points, this one has {len(points)}: {why}")
    fields = [Fields(point, ("label", "meaning")) for point in points]
    labels = [(f.get("label"), nodes.line(f.get("label"), most=40)) for f in fields]
    nodes.refuse_twins(labels)
    check_choices(spot, tuple(label for _, label in labels))
    return tuple(RatingPoint(label, nodes.line(f.get("meaning"))) for f, (_, label) in zip(fields, labels, strict=True))


def _listed(top: Spot | None, name: str, read: Callable[[Spot], _T]) -> tuple[_T, ...]:
    """The items under the one key *name* of a file, each with a key of its own."""
    spots = nodes.items(Fields(top, (name,)).get(name)) if top else ()
    nodes.refuse_twin_fields(spots, "key")
    nodes.refuse_twin_fields(spots, "title")
    return tuple(read(spot) for spot in spots)


def _criterion(spot: Spot) -> Criterion:
    fields = Fields(spot, ("key", "title", "behaviours"), ("signals",))
    return Criterion(
        nodes.key(fields.get("key")),
        nodes.line(fields.get("title"), most=80),
        nodes.lines(fields.get("behaviours")),
        _lower_case(fields.get("signals")),
    )


def _role_reader(criteria: set[str] | None) -> Callable[[Spot], Role]:
    """Reads a role whose criteria are among *criteria*; None when nobody knows which there are."""

    def read(spot: Spot) -> Role:
        fields = Fields(spot, ("key", "title", "purpose", "expectations", "criteria"), ("matches",))
        chosen = fields.get("criteria")
        return Role(
            nodes.key(fields.get("key")),
            nodes.line(fields.get("title"), most=80),
            nodes.text(fields.get("purpose")),
            nodes.lines(fields.get("expectations")),
            nodes.lines(chosen) if criteria is None else nodes.words(chosen, sorted(criteria), "a criterion of criteria.yaml"),
            _lower_case(fields.get("matches")),
        )

    return read


def _lower_case(spot: Spot | None) -> tuple[str, ...]:
    values = nodes.lines(spot, least=0, most=60)
    for value in values:
        if spot and value != value.lower():
            spot.wrong(f'"{value}" must be lower case: "{value.lower()}"')
    return values


# ---------------------------------------------------------------- across files


def _check_matches(top: Spot | None, roles: Sequence[Role]) -> None:
    """A name in the directory means one role."""
    owner: dict[str, str] = {}
    spots = nodes.items(nodes.peek(top, "roles")) if top else ()
    for spot, role in zip(spots, roles, strict=True):
        for name in sorted({role.key, role.title.lower(), *role.matches} - {""}):
            if owner.setdefault(name, role.key) != role.key:
                spot.wrong(f'"{name}" means the role "{owner[name]}" already; a name can mean one role only')


def _check_release(templates: Mapping[Kind, Template], top: Spot | None) -> None:
    """What is released is the review without what stays with its writer: nothing lost on the way, nothing from elsewhere."""
    draft, released = templates.get(Kind.MANAGER_REVIEW), templates.get(Kind.RELEASED_REVIEW)
    spot = nodes.peek(top, "sections") if top else None
    if not draft or not released or not spot:
        return
    origin = f"{Kind.MANAGER_REVIEW}.yaml"
    wanted = {key: form for key, form in _forms(draft).items() if key not in NOT_RELEASED}
    found = _forms(released)
    for key, form in wanted.items():
        if key not in found:
            spot.wrong(f'the section "{key}" of {origin} is missing: its text would be lost at the release')
        elif form != found[key]:
            spot.wrong(f'the section "{key}" has another body or other columns than in {origin}')
    for key in found.keys() - wanted.keys():
        spot.wrong(f'the section "{key}" is none that {origin} releases')


def _forms(template: Template) -> dict[str, tuple[SectionBody, tuple[str, ...]]]:
    """Body and column keys of each section, by its key."""
    sections: tuple[Section, ...] = template.shape.sections if isinstance(template.shape, DocumentShape) else ()
    return {section.key: (section.body, tuple(column.key for column in section.columns)) for section in sections}
