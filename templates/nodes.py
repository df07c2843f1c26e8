"""YAML as places in a file: every value knows its line and key path, and every mistake is noted, never raised.

Readers such as `line` or `whole` always return a usable value. What is wrong goes to the `Report`, so that one pass
over a file finds all its mistakes. Nothing is ever constructed from a tag.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

MOST_BYTES = 1_000_000
_DEEPEST = 12
_MOST_VALUES = 10_000
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NUMBER = re.compile(r"-?\d{1,9}")
_KEY = re.compile(r"[a-z][a-z0-9-]{0,39}")
_YES = {"true", "yes", "on"}
_BOOL = "tag:yaml.org,2002:bool"
_NULL = "tag:yaml.org,2002:null"
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # without libyaml PyYAML is slower and stricter


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake in a pack: *line* from 1 (0 for a whole file), items in *key_path* counted from 1 too."""

    file: str
    line: int
    key_path: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (place, self.key_path, self.message) if part)


@dataclass
class Report:
    """Gathers the problems of one file."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def add(self, message: str, line: int = 0, path: str = "") -> None:
        """Note one problem, in characters that any terminal can show."""
        self.problems.append(Problem(self.file, line, _UNPRINTABLE.sub("?", path), _UNPRINTABLE.sub("?", message)))


@dataclass(frozen=True)
class Spot:
    """One value where it stands."""

    node: yaml.Node
    path: str
    report: Report

    @property
    def line(self) -> int:
        """The line on which the value begins, from 1."""
        return int(self.node.start_mark.line) + 1

    def wrong(self, message: str) -> None:
        """Note a problem with this value."""
        self.report.add(message, self.line, self.path)

    def under(self, key: str, node: yaml.Node) -> Spot:
        """The value of *key* inside this one."""
        return Spot(node, f"{self.path}.{key}" if self.path else key, self.report)


class Fields:
    """The keys of one mapping. Keys that are unknown, doubled or missing are noted at once."""

    def __init__(self, spot: Spot, required: Sequence[str], optional: Sequence[str] = ()) -> None:
        self.spot = spot
        self._values: dict[str, Spot] = {}
        if not isinstance(spot.node, yaml.MappingNode):
            spot.wrong(f"expected keys and values ({', '.join(required)}), found {_found(spot.node)}")
            return
        for key, value in spot.node.value:
            self._take(key, value, (*required, *optional))
        for name in required:
            if name not in self._values:
                spot.report.add(f'"{name}" is missing', spot.line, spot.under(name, spot.node).path)

    def _take(self, key: yaml.Node, value: yaml.Node, known: Sequence[str]) -> None:
        name = _short(key.value) if isinstance(key, yaml.ScalarNode) else _found(key)
        place = Spot(key, self.spot.under(name, key).path, self.spot.report)
        if name in self._values:
            place.wrong(f'"{name}" stands here twice (first on line {self._values[name].node.start_mark.line + 1})')
        elif name not in known:
            place.wrong(unknown(name, "a known key here", known))
        else:
            self._values[name] = self.spot.under(name, value)

    def get(self, key: str) -> Spot | None:
        """The value of *key*, or None when it is not there (which is noted already if it is required)."""
        return self._values.get(key)


def parse(text: str, report: Report) -> Spot | None:
    """The top of one YAML *text*; None when it cannot be read, with the reason in *report*."""
    found = len(report.problems)
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        report.add(TOO_LARGE)
        return None
    if bad := _UNPRINTABLE.search(text):
        report.add(f"holds the control character {bad[0]!r}; remove it", text.count("\n", 0, bad.start()) + 1)
        return None
    try:
        _refuse_tricks(text, report)
        node = None if len(report.problems) > found else yaml.compose(text, Loader=_Loader)
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        _not_yaml(error, text.count("\n") + 1, report)
        return None
    if node is None and len(report.problems) == found:
        report.add("is empty", 1)
    return Spot(node, "", report) if node else None


TOO_LARGE = f"is larger than {MOST_BYTES // 1_000_000} MB; a template file is a few kilobytes of text"


def _refuse_tricks(text: str, report: Report) -> None:
    """Aliases can unfold to billions of values, tags can name code, and nesting can exhaust the stack."""
    depth = 0
    for number, event in enumerate(yaml.parse(text, Loader=_Loader)):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            report.add(f'the alias "*{event.anchor}" is not allowed; write the value out', line)
        elif tag := getattr(event, "tag", None):
            report.add(f'the tag "{tag}" is not allowed; write plain text', line)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            report.add(f"is nested more than {_DEEPEST} levels deep", line)
            return
        if number > _MOST_VALUES:
            report.add(f"holds more than {_MOST_VALUES:,} values; a template file has some hundred", line)
            return


def _not_yaml(error: Exception, last: int, report: Report) -> None:
    # a file that ends too early is marked behind its *last* line
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    what = getattr(error, "problem", None) or getattr(error, "context", None) or str(error)
    hint = "look at the indentation, colons and quotes here and on the line above"
    report.add(f"is not valid YAML: {what}; {hint}", min(mark.line + 1, last) if mark else 1)


def _found(node: yaml.Node) -> str:
    if isinstance(node, yaml.MappingNode):
        return "keys and values"
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    return f'"{_short(node.value)}"' if node.value else "nothing"


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"


def unknown(word: str, what: str, known: Iterable[str]) -> str:
    """The sentence for a word that is none of *known*, with the nearest valid one."""
    words = list(dict.fromkeys(known))
    near = difflib.get_close_matches(word.lower(), words, n=1)
    guess = f'; did you mean "{near[0]}"?' if near else ""
    return f'"{_short(word)}" is not {what}{guess} (one of: {", ".join(words)})'


def near(word: str, known: Iterable[str]) -> str:
    """The one of *known* of which *word* looks like a slip, or ""."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1, cutoff=0.8)), "")


# ---------------------------------------------------------------- readers: None in, default out


def text(spot: Spot | None, default: str = "", most: int = 2_000) -> str:
    """Text as written, also where YAML would see a number, a date or yes; at most *most* characters, trimmed."""
    if spot is None:
        return default
    if not isinstance(spot.node, yaml.ScalarNode):
        spot.wrong(f"expected text, found {_found(spot.node)}")
        return default
    value = str(spot.node.value).strip()
    if not value or spot.node.tag == _NULL:
        spot.wrong("expected text, found nothing")
        return default
    if bad := _UNPRINTABLE.search(value):
        spot.wrong(f"holds the control character {bad[0]!r}; remove it")
    elif len(value) > most:
        spot.wrong(f"has {len(value)} characters; at most {most} are allowed")
    return value


def line(spot: Spot | None, default: str = "", most: int = 200) -> str:
    """Text on one line."""
    value = text(spot, default, most)
    if spot and len(value.splitlines()) > 1:
        spot.wrong("must stand on one line")
    return value


def key(spot: Spot | None) -> str:
    """A key: lower-case letters, digits and hyphens."""
    value = line(spot)
    if spot and value and not _KEY.fullmatch(value):
        spot.wrong(f'"{value}" is not a key; use lower-case letters, digits and hyphens, beginning with a letter, at most 40')
    return value


def whole(spot: Spot | None, low: int, high: int, default: int) -> int:
    """A whole number from *low* to *high*."""
    if spot is None:
        return default
    scalar = isinstance(spot.node, yaml.ScalarNode)
    if not scalar or not _NUMBER.fullmatch(spot.node.value) or not low <= int(spot.node.value) <= high:
        spot.wrong(f"expected a whole number from {low} to {high}, found {_found(spot.node)}")
        return default
    return int(spot.node.value)


def flag(spot: Spot | None, default: bool) -> bool:
    """true or false."""
    if spot is None:
        return default
    if spot.node.tag != _BOOL:
        spot.wrong(f"expected true or false, found {_found(spot.node)}")
        return default
    return str(spot.node.value).lower() in _YES


def word(spot: Spot | None, known: Sequence[str], what: str, default: str = "") -> str:
    """One of the *known* words."""
    value = text(spot, default)
    if spot and value and value not in known:
        spot.wrong(unknown(value, what, known))
        return default
    return value


def items(spot: Spot | None, least: int = 1) -> tuple[Spot, ...]:
    """The items of a list with at least *least* of them."""
    if spot is None:
        return ()
    if not isinstance(spot.node, yaml.SequenceNode):
        spot.wrong(f"expected a list, found {_found(spot.node)}")
        return ()
    if len(spot.node.value) < least:
        spot.wrong(f"expected at least {least} item{'s' if least > 1 else ''}, found {len(spot.node.value)}")
    return tuple(Spot(node, f"{spot.path}[{place}]", spot.report) for place, node in enumerate(spot.node.value, start=1))


def lines(spot: Spot | None, least: int = 1, most: int = 200) -> tuple[str, ...]:
    """A list of different one-line texts."""
    found = [(item, line(item, most=most)) for item in items(spot, least)]
    refuse_twins(found)
    return tuple(value for _, value in found if value)


def words(spot: Spot | None, known: Sequence[str], what: str) -> tuple[str, ...]:
    """A list of different words, each of them *known*."""
    found = [(item, word(item, known, what)) for item in items(spot)]
    refuse_twins(found)
    return tuple(value for _, value in found if value)


def refuse_twins(found: Iterable[tuple[Spot | None, str]]) -> None:
    """Note each value that stands there a second time, capitals aside: readers tell them apart by nothing else."""
    first: dict[str, int] = {}
    for spot, value in found:
        if spot and value and value.lower() in first:
            spot.wrong(f'"{value}" stands here twice (first on line {first[value.lower()]})')
        elif spot and value:
            first[value.lower()] = spot.line


def refuse_twin_fields(spots: Iterable[Spot], name: str) -> None:
    """Note where two mappings of a list have the same text under the key *name*."""
    children = [child for spot in spots if (child := peek(spot, name))]
    refuse_twins((child, str(child.node.value).strip()) for child in children if isinstance(child.node, yaml.ScalarNode))


def peek(spot: Spot, name: str) -> Spot | None:
    """The value of *name* inside a mapping, looked at without judging the mapping."""
    pairs = spot.node.value if isinstance(spot.node, yaml.MappingNode) else ()
    return next((spot.under(name, value) for key, value in pairs if key.value == name), None)
