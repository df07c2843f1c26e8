"""Rich text and its line of enhanced Markdown.

Bold, italic and strikethrough are switches: a run of ``*`` or ``~~`` turns them on or off, wherever it stands. So no two
neighbouring stretches can be mistaken for one another, and what is written reads back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from connectors.notion.emulator.ids import as_id, url
from connectors.notion.emulator.rich_text import PLAIN, Resolve, date_words

_SPECIAL = re.compile(r"[\\*~`$\[\]<>{}|^]")
_TOKEN = re.compile(
    r"(?P<escape>\\[!-/:-@\[-`{-~])"
    r"|(?P<line><br\s*/?>)"
    r"|(?P<maths>\$`(?P<maths_text>[^`]*)`\$|\$(?![\s$])(?P<dollars>[^$\n]*?[^\s$\\])\$(?!\d))"
    r"|(?P<ticks>`+)"
    r"|(?P<mark>\*{1,3}(?!\*)|~~)"
    r"|(?P<tag><(?P<tag_name>span|mention-[a-z-]+)(?P<tag_attributes>(?:\s+[\w-]+=\"[^\"]*\")*)\s*(?P<closed>/)?>)"
    r"|(?P<link>\[)",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_ID_IN_URL = re.compile(r"([0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12})(?:[/?#]|$)", re.IGNORECASE)
_SPACE = ("", " ", "\t")
_SWITCHES = {"bold": "**", "italic": "*", "strikethrough": "~~"}


def attributes(text: str) -> dict[str, str]:
    """``color="red" icon="💡"`` as a dictionary."""
    return {key: value.replace("&quot;", '"') for key, value in _ATTRIBUTE.findall(text)}


def id_in(address: str) -> str | None:
    """The id with which an address of Notion ends."""
    found = _ID_IN_URL.search(address)
    return as_id(found[1]) if found else None


def colour_written(colour: str) -> str:
    """``red_background`` as Markdown says it: ``red_bg``."""
    return colour.replace("_background", "_bg")


def colour_read(written: str) -> str:
    """The inverse of `colour_written`."""
    return written.replace("_bg", "_background")


# ---------------------------------------------------------------- reading


@dataclass(frozen=True)
class _Look:
    """How the text being read looks."""

    annotations: Mapping[str, Any]
    link: str | None = None


@dataclass
class _Piece:
    """A stretch of the line: words, a mark that may switch something, or a finished part."""

    words: str = ""
    mark: str = ""
    part: dict[str, Any] | None = None
    look: _Look | None = None
    after_space: bool = True
    before_space: bool = True


def read(line: str, resolve: Resolve) -> list[dict[str, Any]]:
    """The rich text that a line of Markdown writes. A mention of something unknown becomes its words."""
    pieces = _pieces(line, _Look(PLAIN), resolve)
    return _merged(_switched(pieces))


def _pieces(line: str, look: _Look, resolve: Resolve) -> list[_Piece]:
    pieces: list[_Piece] = []
    at = 0
    while at < len(line):
        found = _TOKEN.search(line, at)
        if found is None:
            pieces.append(_Piece(line[at:], look=look))
            break
        if found.start() > at:
            pieces.append(_Piece(line[at : found.start()], look=look))
        at = _take(line, found, look, resolve, pieces)
    return pieces


def _take(line: str, found: re.Match[str], look: _Look, resolve: Resolve, pieces: list[_Piece]) -> int:
    """Add what *found* begins to *pieces*; where reading goes on."""
    end = found.end()
    if found["escape"]:
        pieces.append(_Piece(found["escape"][1], look=look))
    elif found["line"]:
        pieces.append(_Piece("\n", look=look))
    elif found["maths"]:
        expression = found["maths_text"] if found["maths_text"] is not None else found["dollars"]
        pieces.append(_Piece(part=_equation(expression), look=look))
    elif found["ticks"]:
        return _take_code(line, found, look, pieces)
    elif found["mark"]:
        before, after = line[: found.start()][-1:], line[end : end + 1]
        pieces.append(_Piece(mark=found["mark"], look=look, after_space=before in _SPACE, before_space=after in _SPACE))
    elif found["tag"]:
        return _take_tag(line, found, look, resolve, pieces)
    else:
        return _take_link(line, found, look, resolve, pieces)
    return end


def _take_code(line: str, found: re.Match[str], look: _Look, pieces: list[_Piece]) -> int:
    ticks = found["ticks"]
    close = re.compile(rf"(?<!`){ticks}(?!`)").search(line, found.end())
    if close is None:
        pieces.append(_Piece(ticks, look=look))
        return found.end()
    code = line[found.end() : close.start()]
    if len(code) > 2 and code.startswith(" ") and code.endswith(" ") and "`" in code:
        code = code[1:-1]
    coded = replace(look, annotations={**look.annotations, "code": True})
    pieces.append(_Piece(code, look=coded))
    return close.end()


def _take_tag(line: str, found: re.Match[str], look: _Look, resolve: Resolve, pieces: list[_Piece]) -> int:
    name, given = found["tag_name"].lower(), attributes(found["tag_attributes"])
    close = f"</{name}>"
    end = found.end() if found["closed"] else _closing(line, found.end(), f"<{name}", close)
    if end is None:
        pieces.append(_Piece(found["tag"], look=look))
        return found.end()
    inner = "" if found["closed"] else line[found.end() : end - len(close)]
    if name == "span":
        pieces.extend(_pieces(inner, replace(look, annotations=_span(look.annotations, given)), resolve))
    else:
        pieces.append(_mention(name.removeprefix("mention-"), given, inner, look, resolve))
    return end


def _closing(line: str, at: int, opening: str, close: str) -> int | None:
    """Where the tag that was opened before *at* has ended."""
    return _balanced(line, at, rf"{re.escape(opening)}\b", re.escape(close))


def _balanced(line: str, at: int, opening: str, close: str) -> int | None:
    """Where what was opened before *at* has ended, not counting what is escaped or code."""
    depth = 1
    for found in re.compile(rf"\\.|(`+)(?!`).*?(?<!`)\1(?!`)|(?P<in>{opening})|(?P<out>{close})").finditer(line, at):
        depth += 1 if found["in"] else -1 if found["out"] else 0
        if depth == 0:
            return found.end()
    return None


def _span(annotations: Mapping[str, Any], given: Mapping[str, str]) -> Mapping[str, Any]:
    look = dict(annotations)
    if "color" in given:
        look["color"] = colour_read(given["color"])
    if given.get("underline") == "true":
        look["underline"] = True
    return look


def _mention(kind: str, given: Mapping[str, str], inner: str, look: _Look, resolve: Resolve) -> _Piece:
    if kind == "date":
        date = {"start": given.get("start", ""), "end": given.get("end"), "time_zone": given.get("timeZone")}
        return _Piece(part=_shown("date", date, date_words(date), None), look=look)
    kind = kind.replace("-", "_")
    target = id_in(given.get("url", ""))
    found = resolve(kind, target) if target else None
    if found is None:
        return _Piece("".join(part["plain_text"] for part in read(inner, resolve)), look=look)
    return _Piece(part=_shown(kind, found[0], found[1], found[2]), look=look)


def _shown(kind: str, target: Mapping[str, Any], words: str, href: str | None) -> dict[str, Any]:
    return {
        "type": "mention",
        "mention": {"type": kind, kind: dict(target)},
        "annotations": PLAIN,
        "plain_text": words,
        "href": href,
    }


def _equation(expression: str) -> dict[str, Any]:
    return {
        "type": "equation",
        "equation": {"expression": expression},
        "annotations": PLAIN,
        "plain_text": expression,
        "href": None,
    }


def _take_link(line: str, found: re.Match[str], look: _Look, resolve: Resolve, pieces: list[_Piece]) -> int:
    """``[text](target)``; without all of it the bracket is just a bracket."""
    at = _balanced(line, found.end(), r"\[", r"\]") or 0
    target = re.compile(r"\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)").match(line, at) if at else None
    if target is None or look.link or not target[1]:
        pieces.append(_Piece("[", look=look))
        return found.end()
    inner = line[found.end() : at - 1]
    pieces.extend(_pieces(inner, replace(look, link=target[1]), resolve))
    return target.end()


def _switched(pieces: list[_Piece]) -> Iterable[dict[str, Any]]:
    """The parts, each with what is switched on where it stands."""
    pairs = {name: _pairs(pieces, sign) for name, sign in _SWITCHES.items()}
    on = dict.fromkeys(_SWITCHES, False)
    for number, piece in enumerate(pieces):
        if not piece.mark:
            yield from _part(piece, on)
            continue
        left = piece.mark
        for name, sign in _SWITCHES.items():
            if number in pairs[name]:
                on[name] = not on[name]
                left = left.replace(sign, "", 1)
        if left:
            yield from _part(replace(piece, mark="", words=left), on)


def _pairs(pieces: list[_Piece], sign: str) -> set[int]:
    """The marks that switch what *sign* stands for: one that can begin, then one that can end."""
    paired: set[int] = set()
    begun: int | None = None
    for number, piece in enumerate(pieces):
        if not _has(piece.mark, sign):
            continue
        if begun is None:
            begun = None if piece.before_space else number
        elif not piece.after_space:
            paired |= {begun, number}
            begun = None
    return paired


def _has(mark: str, sign: str) -> bool:
    return mark == sign or (mark == "***" and sign != "~~")


def _part(piece: _Piece, on: Mapping[str, bool]) -> Iterable[dict[str, Any]]:
    assert piece.look is not None
    look = {**piece.look.annotations, **{name: True for name, state in on.items() if state}}
    if piece.part is not None:
        yield {**piece.part, "annotations": look}
    elif piece.words:
        link = piece.look.link
        yield {
            "type": "text",
            "text": {"content": piece.words, "link": {"url": link} if link else None},
            "annotations": look,
            "plain_text": piece.words,
            "href": link,
        }


def _merged(parts: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Neighbouring text of one look as one part."""
    merged: list[dict[str, Any]] = []
    for part in parts:
        last = merged[-1] if merged else None
        same = last and last["type"] == part["type"] == "text" and last["annotations"] == part["annotations"]
        if last and same and last["href"] == part["href"]:
            words = last["plain_text"] + part["plain_text"]
            merged[-1] = {**last, "text": {**last["text"], "content": words}, "plain_text": words}
        else:
            merged.append(dict(part))
    return merged


# ---------------------------------------------------------------- writing


@dataclass(frozen=True)
class _Ink:
    """A stretch to write: its source, what is switched on, and what encloses it."""

    source: str
    on: frozenset[str]
    link: str | None
    colour: str
    underline: bool


def written(parts: Sequence[Mapping[str, Any]]) -> str:
    """The line of Markdown for rich text."""
    inks = _spaced([ink for part in _merged(parts) for ink in _inks(part)])
    line = ""
    for (link, colour, underline), group in groupby(inks, key=lambda ink: (ink.link, ink.colour, ink.underline)):
        inner = _toggled(list(group))
        if colour != "default" or underline:
            given = (f' color="{colour_written(colour)}"' if colour != "default" else "") + (
                ' underline="true"' if underline else ""
            )
            inner = f"<span{given}>{inner}</span>"
        line += f"[{inner}]({link})" if link else inner
    return line


def _inks(part: Mapping[str, Any]) -> Iterable[_Ink]:
    look = part["annotations"]
    on = frozenset(name for name in _SWITCHES if look[name])
    link = part["href"] if part["type"] == "text" else None
    target = link.replace(" ", "%20") if link else None
    for source in _sources(part):
        yield _Ink(source, on, target, look["color"], look["underline"])


def _sources(part: Mapping[str, Any]) -> Iterable[str]:
    words = part["plain_text"]
    if part["type"] == "equation":
        return [f"$`{words}`$"]
    if part["type"] == "mention":
        return [_mention_written(part["mention"], words)]
    if part["annotations"]["code"]:
        return [piece for line in _lines(words) for piece in ([line] if line == "<br>" else [_code(line)])]
    return _split(words)


def _split(words: str) -> Iterable[str]:
    """*words* escaped, leading and trailing space by itself."""
    core = words.strip(" \t")
    start = words.find(core) if core else len(words)
    pieces = (words[:start], _escaped(core), words[start + len(core) :])
    return [piece for piece in pieces if piece]


def _escaped(words: str) -> str:
    return _SPECIAL.sub(lambda found: "\\" + found[0], words).replace("\n", "<br>")


def _lines(words: str) -> Iterable[str]:
    return [piece for number, line in enumerate(words.split("\n")) for piece in (["<br>"] if number else []) + [line] if piece]


def _code(words: str) -> str:
    if "`" not in words:
        return f"`{words}`"
    ticks = "`" * (max(len(run) for run in re.findall("`+", words)) + 1)
    return f"{ticks} {words} {ticks}"


def _mention_written(mention: Mapping[str, Any], words: str) -> str:
    kind = mention["type"]
    target = mention[kind]
    if kind == "date":
        given = "".join(f' {key}="{target[key]}"' for key in ("start", "end") if target.get(key))
        return f"<mention-date{given}/>"
    if "id" not in target:
        return _escaped(words)
    address = f"user://{target['id']}" if kind == "user" else url(target["id"])
    name = kind.replace("_", "-")
    return f'<mention-{name} url="{address}">{_escaped(words)}</mention-{name}>'


def _spaced(inks: list[_Ink]) -> list[_Ink]:
    """Space by itself looks like both its neighbours, so that no mark stands beside a space."""
    settled = list(inks)
    for number, ink in enumerate(inks):
        if ink.source.strip():
            continue
        before = next((each for each in reversed(settled[:number]) if each.source.strip()), None)
        after = next((each for each in inks[number + 1 :] if each.source.strip()), None)
        on = before.on & after.on if before and after and _place(before) == _place(after) == _place(ink) else frozenset()
        settled[number] = replace(ink, on=on)
    return settled


def _place(ink: _Ink) -> tuple[str | None, str, bool]:
    return (ink.link, ink.colour, ink.underline)


def _toggled(inks: Sequence[_Ink]) -> str:
    """The stretches of one enclosure with their marks; everything is switched off at its end."""
    line, on = "", frozenset[str]()
    for ink in [*inks, _Ink("", frozenset(), None, "default", False)]:
        line += _marks(on ^ ink.on) + ink.source
        on = ink.on
    return line


def _marks(switched: frozenset[str]) -> str:
    stars = {frozenset(): "", frozenset({"bold"}): "**", frozenset({"italic"}): "*"}.get(switched - {"strikethrough"}, "***")
    return stars + ("~~" if "strikethrough" in switched else "")
