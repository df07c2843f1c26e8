"""Enhanced Markdown becomes blocks.

A line is a block; a blank line is nothing; what is indented by a tab stands inside the block above it. References to
pages and databases, and to blocks that Markdown cannot write, become drafts of the types ``child_page``,
``child_database`` and ``unknown``, with the id in the payload: whoever puts them into a page knows what they stand for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from connectors.notion.emulator.blocks import Draft
from connectors.notion.emulator.markdown.inline import attributes, colour_read, id_in, read
from connectors.notion.emulator.rich_text import COLOURS, Resolve, text

REFERENCES = frozenset({"child_page", "child_database", "unknown"})

_COLOUR = re.compile(r'\s*(?<!\\)\{((?:\s*[\w-]+="[^"]*"\s*)+)\}\s*$')
_HEADING = re.compile(r"(#{1,6})\s+(.*)$")
_BULLET = re.compile(r"[-+*]\s+(.*)$|[-+*]$")
_NUMBER = re.compile(r"\d+[.)]\s+(.*)$|\d+[.)]$")
_TODO = re.compile(r"[-+*]\s+\[([ xX])\](?:\s+(.*))?$")
_FENCE = re.compile(r"(`{3,}|~{3,})\s*([^`]*)$")
_IMAGE = re.compile(r"!\[(.*)\]\((\S+)\)$")
_TAG = re.compile(r"<(/?)([a-z][\w-]*)((?:\s+[\w-]+=\"[^\"]*\")*)\s*(/?)>", re.IGNORECASE)
_COLONS = re.compile(r"(:{3,})\s*(\w*)\s*(?:\{(.*)\})?\s*$")
_RULE = re.compile(r"(?:---+|\*\*\*+|___+)$")
_CONTAINERS = frozenset({"details", "callout", "columns", "column", "synced_block", "synced_block_reference", "table"})
_MEDIA = {"audio": "audio", "video": "video", "file": "file", "pdf": "pdf", "image": "image"}
_REFERENCE_TAGS = {"page": "child_page", "database": "child_database", "unknown": "unknown"}
_ROW = re.compile(r"<tr[^>]*>(.*?)</tr>", re.DOTALL | re.IGNORECASE)
_CELL = re.compile(r"<t[dh][^>]*>(.*?)</t[dh]>", re.DOTALL | re.IGNORECASE)
_PIPES = re.compile(r"\s*\|.*\|\s*$")
_TAB = 4
_PIPES_RULE = re.compile(r"\s*\|(?:\s*:?-+:?\s*\|)+\s*$")


def blocks(markdown: str, resolve: Resolve) -> list[Draft]:
    """The blocks that *markdown* writes."""
    lines = markdown.replace("\r\n", "\n").split("\n")
    return _Reader(resolve).all(lines)


def _indent(line: str) -> int:
    """How deep a line stands, in columns; a tab is four."""
    return sum(_TAB if sign == "\t" else 1 for sign in line[: len(line) - len(line.lstrip("\t "))])


def _dedented(lines: Sequence[str], columns: int) -> list[str]:
    """*lines* with at most so many *columns* of indentation less."""
    return [_without(line, columns) for line in lines]


def _without(line: str, columns: int) -> str:
    while columns > 0 and line[:1] in ("\t", " ") and line:
        columns -= _TAB if line[0] == "\t" else 1
        line = line[1:]
    return line


class _Reader:
    """Reads lines from the top; every method that takes lines says how many it used up."""

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve

    def all(self, lines: Sequence[str]) -> list[Draft]:
        made: list[Draft] = []
        at = 0
        while at < len(lines):
            if not lines[at].strip():
                at += 1
                continue
            drafts, used = self._one(lines[at:])
            made += drafts
            at += used
        return made

    # ------------------------------------------------------------ one block

    def _one(self, lines: Sequence[str]) -> tuple[list[Draft], int]:
        line = lines[0].strip()
        fence = _FENCE.match(line)
        if fence:
            return self._code(lines, fence)
        if line.startswith("$$"):
            return self._equation(lines)
        colons = _COLONS.match(line)
        if colons and colons[2]:
            return self._fenced(lines, colons)
        tag = _TAG.match(line)
        if tag and not tag[1]:
            read = self._tagged(lines, line, tag)
            if read:
                return read
        if _PIPES.match(line) and len(lines) > 1 and _PIPES_RULE.match(lines[1]):
            return self._pipes(lines)
        return self._line(lines, line)

    def _line(self, lines: Sequence[str], line: str) -> tuple[list[Draft], int]:
        """A block that is one line, and what is indented below it."""
        inner, used = _below(lines)
        children = self.all(inner)
        if _RULE.match(line):
            return [Draft("divider", {}), *children], used
        image = _IMAGE.match(_COLOUR.sub("", line))
        if image:
            caption = tuple(read(image[1], self._resolve))
            return [Draft("image", {"caption": caption, "type": "external", "external": {"url": image[2]}}), *children], used
        kind, words, more = _kind(line)
        words, given = _attributed(words)
        payload: dict[str, Any] = {"rich_text": tuple(read(words, self._resolve)), **more}
        if kind.startswith("heading"):
            payload["is_toggleable"] = given.get("toggle") == "true"
        if kind == "paragraph":
            payload["icon"] = None
        payload["color"] = _colour(given)
        if children and kind.startswith("heading") and not payload["is_toggleable"]:
            return [Draft(kind, payload), *children], used
        return [Draft(kind, payload, tuple(children))], used

    def _code(self, lines: Sequence[str], fence: re.Match[str]) -> tuple[list[Draft], int]:
        depth = _indent(lines[0])
        end = next(
            (n for n, line in enumerate(lines) if n and line.strip().startswith(fence[1]) and not line.strip(" \t`~")),
            len(lines),
        )
        words = "\n".join(_dedented(lines[1:end], depth))
        payload = {"caption": (), "rich_text": (text(words),) if words else (), "language": fence[2].strip() or "plain text"}
        return [Draft("code", payload)], min(end + 1, len(lines))

    def _equation(self, lines: Sequence[str]) -> tuple[list[Draft], int]:
        first = lines[0].strip()[2:]
        if first.endswith("$$") and first != "$$":
            return [Draft("equation", {"expression": first[:-2].strip()})], 1
        end = next((n for n, line in enumerate(lines) if n and line.strip().endswith("$$")), len(lines) - 1)
        body = [first, *(line.strip() for line in lines[1 : end + 1])]
        return [Draft("equation", {"expression": "\n".join(body).removesuffix("$$").strip()})], end + 1

    # ------------------------------------------------------------ tags

    def _tagged(self, lines: Sequence[str], line: str, tag: re.Match[str]) -> tuple[list[Draft], int] | None:
        name, given = tag[2].lower(), attributes(tag[3])
        if name == "empty-block":
            return [Draft("paragraph", {"rich_text": (), "icon": None, "color": "default"})], 1
        if name == "table_of_contents":
            return [Draft("table_of_contents", {"color": _colour(given)})], 1
        if name in _REFERENCE_TAGS or name in _MEDIA:
            words = "" if tag[4] else line[tag.end() :].removesuffix(f"</{name}>")
            return [self._reference(name, given, words)], 1
        if name not in _CONTAINERS:
            return None
        inner, used = _until_closed(lines, name)
        return self._container(name, given, inner), used

    def _reference(self, name: str, given: Mapping[str, str], words: str) -> Draft:
        if name in _REFERENCE_TAGS:
            payload = {"id": id_in(given.get("url", "")), "title": words, "alt": given.get("alt", ""), **given}
            return Draft(_REFERENCE_TAGS[name], payload)
        address = given.get("src") or given.get("source") or ""
        caption = tuple(read(words, self._resolve))
        return Draft(_MEDIA[name], {"caption": caption, "type": "external", "external": {"url": address}})

    def _container(self, name: str, given: Mapping[str, str], inner: list[str]) -> list[Draft]:
        if name == "table":
            return [self._table("\n".join(inner), given)]
        if name == "details":
            return [self._details(inner, given)]
        drafts = self.all(_dedented(inner, _least(inner)))
        if name == "callout":
            return [_callout(drafts, given)]
        if name == "columns":
            columns = [draft for draft in drafts if draft.type == "column"]
            return (
                [Draft("column_list", {}, tuple(columns))] if len(columns) > 1 else list(columns[0].children if columns else ())
            )
        if name == "column":
            return [Draft("column", {}, tuple(drafts))]
        source = id_in(given.get("url", "")) if name.endswith("reference") else None
        return [
            Draft("synced_block", {"synced_from": {"type": "block_id", "block_id": source} if source else None}, tuple(drafts))
        ]

    def _details(self, inner: list[str], given: Mapping[str, str]) -> Draft:
        joined = "\n".join(inner)
        summary = re.search(r"<summary>(.*?)</summary>", joined, re.DOTALL)
        words = summary[1].strip() if summary else ""
        rest = (joined[: summary.start()] + joined[summary.end() :] if summary else joined).split("\n")
        payload = {"rich_text": tuple(read(words, self._resolve)), "color": _colour(given)}
        return Draft("toggle", payload, tuple(self.all(_dedented(rest, _least(rest)))))

    def _table(self, source: str, given: Mapping[str, str]) -> Draft:
        cells = [_CELL.findall(row) for row in _ROW.findall(source)]
        return self._rows(cells, given.get("header-row") == "true", given.get("header-column") == "true")

    def _rows(self, cells: Sequence[Sequence[str]], top: bool, left: bool) -> Draft:
        width = max((len(row) for row in cells), default=1)
        rows = [
            Draft("table_row", {"cells": [tuple(read(_cell(row, n), self._resolve)) for n in range(width)]}) for row in cells
        ]
        payload = {"table_width": width, "has_column_header": top, "has_row_header": left}
        return Draft("table", payload, tuple(rows))

    def _pipes(self, lines: Sequence[str]) -> tuple[list[Draft], int]:
        end = next((n for n, line in enumerate(lines) if not _PIPES.match(line)), len(lines))
        rows = [re.split(r"(?<!\\)\|", line.strip()[1:-1]) for line in (lines[0], *lines[2:end])]
        return [self._rows(rows, True, False)], end

    def _fenced(self, lines: Sequence[str], colons: re.Match[str]) -> tuple[list[Draft], int]:
        """``::: callout {icon="💡"}`` to ``:::``."""
        depth, end = 1, len(lines)
        for number, line in enumerate(lines[1:], start=1):
            found = _COLONS.match(line.strip())
            depth += 0 if not found else 1 if found[2] else -1
            if not depth:
                end = number
                break
        inner = list(lines[1:end])
        given = attributes(colons[3] or "")
        return [_callout(self.all(_dedented(inner, _least(inner))), given)], min(end + 1, len(lines))


def _kind(line: str) -> tuple[str, str, dict[str, Any]]:
    """The type of a line, its words, and what else its beginning says."""
    heading = _HEADING.match(line)
    if heading:
        return f"heading_{min(len(heading[1]), 4)}", heading[2], {}
    todo = _TODO.match(line)
    if todo:
        return "to_do", todo[2] or "", {"checked": todo[1] != " "}
    bullet = _BULLET.match(line)
    if bullet:
        return "bulleted_list_item", bullet[1] or "", {}
    number = _NUMBER.match(line)
    if number:
        return "numbered_list_item", number[1] or "", {}
    if line.startswith(">"):
        return "quote", line[1:].strip(), {}
    return "paragraph", line, {}


def _attributed(words: str) -> tuple[str, dict[str, str]]:
    found = _COLOUR.search(words)
    return (words[: found.start()], attributes(found[1])) if found else (words, {})


def _colour(given: Mapping[str, str]) -> str:
    colour = colour_read(given.get("color", "default"))
    return colour if colour in COLOURS else "default"


def _callout(drafts: Sequence[Draft], given: Mapping[str, str]) -> Draft:
    """A callout; a paragraph at its beginning is its own text."""
    icon = given.get("icon")
    shown = (
        None
        if not icon
        else {"type": "external", "external": {"url": icon}}
        if "://" in icon
        else {"type": "emoji", "emoji": icon}
    )
    own = drafts[0] if drafts and drafts[0].type == "paragraph" and not drafts[0].children else None
    words = own.payload["rich_text"] if own else ()
    payload = {"rich_text": words, "icon": shown, "color": _colour(given)}
    return Draft("callout", payload, tuple(drafts[1:] if own else drafts))


def _cell(row: Sequence[str], number: int) -> str:
    return row[number].strip() if number < len(row) else ""


def _least(lines: Sequence[str]) -> int:
    return min((_indent(line) for line in lines if line.strip()), default=0)


def _below(lines: Sequence[str]) -> tuple[list[str], int]:
    """The lines that stand deeper than the first, and how many lines that makes with it."""
    depth, end = _indent(lines[0]), 1
    for number, line in enumerate(lines[1:], start=1):
        if line.strip():
            if _indent(line) <= depth + 1:
                break
            end = number + 1
    return list(lines[1:end]), end


def _until_closed(lines: Sequence[str], name: str) -> tuple[list[str], int]:
    """What stands between a tag and its end, and how many lines that makes."""
    depth = 0
    pattern = re.compile(rf"(?<!\\)<(/?){re.escape(name)}\b[^>]*?(/?)>")
    for number, line in enumerate(lines):
        for found in pattern.finditer(line):
            depth += -1 if found[1] else 0 if found[2] else 1
            if depth <= 0:
                return _between(lines, number, found, name), number + 1
    return _between(lines, len(lines) - 1, None, name), len(lines)


def _between(lines: Sequence[str], number: int, end: re.Match[str] | None, name: str) -> list[str]:
    """The lines of a container without its tags; content on the lines of the tags becomes lines of its own."""
    last = lines[number][: end.start()] if end else lines[number]
    inner = [last] if number == 0 else [lines[0], *lines[1:number], last]
    opening = re.compile(rf"<{re.escape(name)}\b[^>]*>").search(inner[0])
    depth = _indent(lines[0])
    first = " " * (depth + _TAB) + inner[0][opening.end() :] if opening and inner[0][opening.end() :].strip() else ""
    return _flat([first, *inner[1:]], name) if first else list(inner[1:])


def _flat(lines: list[str], name: str) -> list[str]:
    """``<column>a</column><column>b</column>`` as one line each."""
    if name != "columns":
        return lines
    joined = "\n".join(lines)
    return re.sub(r"</column>\s*<column", "</column>\n<column", joined).split("\n")
