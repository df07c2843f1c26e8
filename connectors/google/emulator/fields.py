"""Field masks: ``a,b/c,d(e,f)`` and ``a.b`` as `fields` of a request and of an update, and what they select."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

#: A mask: a name to the mask below it; an empty mask is everything below. "*" stands for every name.
Mask = dict[str, Any]


class BadMask(Exception):
    """A mask that cannot be read: its text."""


def parse(text: str) -> Mask:
    """The mask that *text* says. Raises `BadMask`."""
    mask, rest = _list(text.replace(" ", ""), 0, text)
    if rest != len(text.replace(" ", "")) or not mask:
        raise BadMask(text)
    return mask


def _list(text: str, at: int, whole: str) -> tuple[Mask, int]:
    """Comma-separated items from *at* up to a closing bracket or the end."""
    mask: Mask = {}
    while True:
        at = _item(text, at, mask, whole)
        if at < len(text) and text[at] == ",":
            at += 1
            continue
        return mask, at


def _item(text: str, at: int, mask: Mask, whole: str) -> int:
    """One path, with what stands in brackets behind it, added to *mask*; where it ends."""
    node = mask
    while True:
        start = at
        while at < len(text) and text[at] not in ",/.()":
            at += 1
        if at == start:
            raise BadMask(whole)
        name = text[start:at]
        known = name in node
        below = node.setdefault(name, {})
        if at < len(text) and text[at] in "/.":
            if known and not below:
                below = {}
            node, at = below, at + 1
            continue
        if at < len(text) and text[at] == "(":
            inner, at = _list(text, at + 1, whole)
            if at >= len(text) or text[at] != ")":
                raise BadMask(whole)
            _merge(below, inner)
            return at + 1
        below.clear()
        return at


def _merge(into: Mask, other: Mask) -> None:
    for name, below in other.items():
        if name in into:
            _merge(into[name], below)
        else:
            into[name] = below


def below(mask: Mask | None, name: str) -> Mask | None:
    """The mask under *name*; None if *name* is not selected. An empty or missing mask selects everything."""
    if not mask:
        return {}
    if name in mask:
        found: Mask = mask[name]
        return found
    star: Mask | None = mask.get("*")
    return star


def wants(mask: Mask | None, *names: str) -> bool:
    """Whether the path *names* is selected, wholly or in part."""
    for name in names:
        mask = below(mask, name)
        if mask is None:
            return False
    return True


def select(value: Any, mask: Mask | None) -> Any:
    """*value* without what *mask* does not select."""
    if not mask:
        return value
    if isinstance(value, list):
        return [select(each, mask) for each in value]
    if not isinstance(value, Mapping):
        return value
    chosen = {}
    for name, each in value.items():
        inner = below(mask, name)
        if inner is not None:
            chosen[name] = select(each, inner)
    return chosen


def leaves(mask: Mask, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every path that *mask* ends in."""
    for name, inner in mask.items():
        if inner:
            yield from leaves(inner, (*path, name))
        else:
            yield (*path, name)


def update(target: dict[str, Any], source: Mapping[str, Any], mask: Mask) -> dict[str, Any]:
    """A copy of *target* in which what *mask* selects is as in *source*: set, or gone where *source* has nothing."""
    if "*" in mask:
        return dict(source)
    changed = dict(target)
    for name, inner in mask.items():
        given = source.get(name)
        if inner:
            if isinstance(given, Mapping) or name in changed:
                merged = update(dict(changed.get(name) or {}), given or {}, inner)
                changed.pop(name, None)
                if merged:
                    changed[name] = merged
        elif given is None:
            changed.pop(name, None)
        else:
            changed[name] = given
    return changed
