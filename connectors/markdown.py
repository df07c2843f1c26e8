"""Bold, italic and links as Markdown inside one line of text, written so that it can be read back without a doubt.

``**bold**``, ``*italic*``, ``***both***``, ``[text](target)``. Marks never begin or end at a space. A sign is escaped with
a backslash only where the line would otherwise read differently: ``5 * 3``, ``a*b`` and ``C:\\temp`` stay as they are,
``2*3*4`` becomes ``2\\*3\\*4``. What a list item or a heading begins with is no inline mark: ``- ``, ``1. ``, ``## ``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

_SPECIAL = re.compile(r"[\\*\[\]]")
_SPECIAL_IN_CELL = re.compile(r"[\\*\[\]|]")
_TOKEN = re.compile(r"\\[\\*\[\]|]|\*+|\[|\]\([^\s()\[\]*\\|]+\)")
_UNFIT_IN_TARGET = re.compile(r"[\s()\[\]*\\|]")
_LINE_MARK = re.compile(r"\s*(?:- |1\. |#+ )")


@dataclass(frozen=True)
class Run:
    """A stretch of text of one look. *link* is the target that it leads to, or ""."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""


def marked(runs: Iterable[Run]) -> str:
    """The Markdown of *runs*, signs escaped only where `plain` would lose them."""
    wanted = settled(runs)
    line = _written(wanted, None)
    return line if not _SPECIAL.search(line) or parsed(line) == wanted else _written(wanted, _SPECIAL)


def marked_cell(runs: Iterable[Run]) -> str:
    """The Markdown of *runs* for a cell of ``| a | b |``: every special sign escaped, bars too, spaces made single."""
    return _written(settled(replace(run, text=re.sub(r"\s+", " ", run.text)) for run in runs), _SPECIAL_IN_CELL).strip()


def literal(text: str) -> str:
    """The Markdown of *text* that has no look of its own: *text* itself unless it contains what reads as marks."""
    return marked((Run(text),)) if _SPECIAL.search(text) else text


def plain(markdown: str) -> str:
    """The words of *markdown* without inline marks: ``plain(marked(runs))`` is the text of *runs*."""
    return "".join(run.text for run in parsed(markdown)) if _SPECIAL.search(markdown) else markdown


def quotable(line: str) -> str:
    """The words of a paragraph as a person would quote them: without inline marks and without a list's or heading's mark."""
    return plain(_LINE_MARK.sub("", line, count=1) if _LINE_MARK.match(line) else line)


# ---------------------------------------------------------------- writing


def settled(runs: Iterable[Run]) -> list[Run]:
    """*runs* as they can be written: one look for each link, none at the edge of a space, neighbours of one look joined.

    A link whose text is its own target is plain text.
    """
    pieces = [piece for run in _whole_links(runs) for piece in _edges(run)]
    return _joined(_spaces_settled(pieces))


def _whole_links(runs: Iterable[Run]) -> list[Run]:
    found: list[Run] = []
    for target, group in groupby((run for run in runs if run.text), key=lambda run: run.link):
        inside = list(group)
        text = "".join(run.text for run in inside)
        if not target or not text.strip() or target.removeprefix("mailto:").rstrip("/") == text.strip().rstrip("/"):
            found += [replace(run, link="") for run in inside]
            continue
        bold, italic = (all(getattr(run, look) for run in inside if run.text.strip()) for look in ("bold", "italic"))
        found.append(Run(text, bold, italic, _UNFIT_IN_TARGET.sub(_encoded, target)))
    return found


def _encoded(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace"))


def _edges(run: Run) -> list[Run]:
    """The spaces before, the words, the spaces behind: a link does not include the spaces around it."""
    core = run.text.strip()
    if not core:
        return [replace(run, link="")]
    before = len(run.text) - len(run.text.lstrip())
    behind = run.text[before + len(core) :]
    edges = (replace(run, text=run.text[:before], link=""), replace(run, text=core), replace(run, text=behind, link=""))
    return [piece for piece in edges if piece.text]


def _spaces_settled(pieces: Sequence[Run]) -> list[Run]:
    """A space has the looks that the words on both sides of it share."""
    words = [piece for piece in pieces if piece.text.strip()]
    done: list[Run] = []
    at = 0
    for piece in pieces:
        if piece.text.strip():
            done.append(piece)
            at += 1
            continue
        both = words[at - 1 : at + 1] if 0 < at < len(words) else []
        bold, italic = (bool(both) and all(getattr(word, look) for word in both) for look in ("bold", "italic"))
        done.append(Run(piece.text, bold, italic))
    return done


def _joined(pieces: Iterable[Run]) -> list[Run]:
    groups = groupby((piece for piece in pieces if piece.text), key=lambda piece: (piece.bold, piece.italic, piece.link))
    return [Run("".join(piece.text for piece in group), *look) for look, group in groups]


def _written(runs: Sequence[Run], special: re.Pattern[str] | None) -> str:
    out: list[str] = []
    bold = italic = False
    for run in runs:
        out.append("*" * (2 * (run.bold != bold) + (run.italic != italic)))
        bold, italic = run.bold, run.italic
        text = run.text if special is None else special.sub(r"\\\g<0>", run.text)
        out.append(f"[{text}]({run.link})" if run.link else text)
    return "".join(out) + "*" * (2 * bold + italic)


# ---------------------------------------------------------------- reading


def parsed(markdown: str) -> list[Run]:
    """The runs that *markdown* stands for. A line in which a mark opens and never closes is all plain text."""
    reading = _Parsing(markdown)
    at = 0
    for token in _TOKEN.finditer(markdown):
        reading.add(markdown[at : token.start()])
        reading.take(token)
        at = token.end()
    reading.add(markdown[at:])
    return _joined([Run(markdown)] if reading.bold or reading.italic else reading.runs)


@dataclass
class _Parsing:
    markdown: str
    runs: list[Run] = field(default_factory=list)
    bold: bool = False
    italic: bool = False
    bracket: int | None = None
    """Where in *runs* the last opening bracket stands that may begin a link."""

    def add(self, text: str) -> None:
        if text:
            self.runs.append(Run(text, self.bold, self.italic))

    def take(self, token: re.Match[str]) -> None:
        sign = token[0]
        if sign[0] == "\\":
            self.add(sign[1])
        elif sign == "[":
            self.bracket = len(self.runs)
            self.add(sign)
        elif sign[0] == "]" and self.bracket is not None:
            inside = self.runs[self.bracket + 1 :]
            self.runs[self.bracket :] = [replace(run, link=sign[2:-1]) for run in inside]
            self.bracket = None
        elif sign[0] == "*" and self._turns(token):
            self.bold ^= len(sign) >= 2
            self.italic ^= len(sign) != 2
        else:
            self.add(sign)

    def _turns(self, token: re.Match[str]) -> bool:
        """Whether stars are marks: they close behind words and open before words."""
        count = len(token[0])
        if count > 3:
            return False
        closes = (count >= 2 and self.bold) or (count != 2 and self.italic)
        opens = (count >= 2 and not self.bold) or (count != 2 and not self.italic)
        start = token.start()
        before, behind = self.markdown[max(start - 1, 0) : start], self.markdown[token.end() : token.end() + 1]
        return not (closes and (not before or before.isspace())) and not (opens and (not behind or behind.isspace()))
