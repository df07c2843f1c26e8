"""Text inside one block of Notion's Markdown: written so that it reads back as it was, and read without losing a word.

Notion escapes ``\\ * ~ ` $ [ ] < > { } | ^`` with a backslash; a line break inside a block is ``<br>``; mentions, colours
and underlines are tags. What is read becomes the Markdown of `connectors.markdown`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from connectors.markdown import Run, marked

_ESCAPED = re.compile(r"[\\*~`$\[\]<>{}|^]")
_OPENING = re.compile(r"(?P<hash>#{1,6}(?=\s|$))|(?P<plus>\+(?=\s|$))|(?P<number>\d+)(?P<dot>[.)])(?=\s|$)|(?P<rule>-{3,}\s*$)")
"""What would make a block of another kind of a paragraph that begins with it. ``- `` stays: it reads the same."""
_TOKEN = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?P<code>`+)(?P<inside>.+?)(?P=code)(?!`)"
    r"|\$`(?P<formula>.+?)`\$"
    r"|(?P<strike>~~)"
    r"|(?P<stars>\*+)"
    r"|<br\s*/?>(?P<br>)"
    r"|\[\^(?P<citation>[^\]\s]+)\]"
    r"|(?P<image>!)?\[(?P<bracket>)"
    r"|\]\((?P<target>(?:\\.|[^()\\\s]|\([^()\s]*\))*)\)"
    r"|<(?P<tag>/?[a-z][a-z-]*)(?P<attributes>(?:\s+[a-z_-]+=\"[^\"]*\")*)\s*(?P<closed>/?)>"
)
_ATTRIBUTE = re.compile(r'([a-z_-]+)="([^"]*)"')
_COLOUR = re.compile(r'(?<!\\)\s*\{(?:\s*[a-z_-]+="[^"]*")+\s*\}\s*$')
NameOf = Callable[[str], str]
"""A user's id to their name, "" when it is not known."""


def nobody(user: str) -> str:
    """Names nobody."""
    return ""


# ---------------------------------------------------------------- writing


def written(text: str) -> str:
    """Notion's Markdown for *text*, which is taken literally; it fits anywhere inside a block."""
    return _ESCAPED.sub(r"\\\g<0>", text).replace("\n", "<br>")


def written_block(text: str) -> str:
    """The same for the beginning of a block: it stays a paragraph whatever it begins with."""
    bare = text.strip()
    return _opening_escaped(written(bare), bare)


def written_runs(runs: Sequence[Run]) -> str:
    """A block of plain words and links."""
    done = "".join(f"[{written(run.text)}]({run.link})" if run.link else written(run.text) for run in runs)
    return done if not runs or runs[0].link else _opening_escaped(done, "".join(run.text for run in runs))


def _opening_escaped(done: str, bare: str) -> str:
    found = _OPENING.match(bare)
    if found is None:
        return done
    at = len(found["number"]) if found["number"] else 0
    return f"{done[:at]}\\{done[at:]}"


# ---------------------------------------------------------------- reading


def without_colour(text: str) -> str:
    """*text* without the ``{color="red"}`` that may end a block."""
    return _COLOUR.sub("", text)


def read(text: str, name_of: NameOf = nobody) -> str:
    """The Markdown of ours for the *text* of a block. Line breaks inside it stay line breaks."""
    return "\n".join(marked(line) for line in _lines(runs(text, name_of)))


def plain(text: str, name_of: NameOf = nobody) -> str:
    """The words of the *text* of a block, without looks."""
    return "".join(run.text for run in runs(text, name_of))


def runs(text: str, name_of: NameOf = nobody) -> list[Run]:
    """The runs of the *text* of a block. A mark that opens and never closes is text."""
    reading = _Reading(name_of)
    at = 0
    for token in _TOKEN.finditer(text):
        reading.add(text[at : token.start()])
        reading.take(token, text)
        at = token.end()
    reading.add(text[at:])
    return reading.ended()


def _lines(found: list[Run]) -> Iterator[list[Run]]:
    line: list[Run] = []
    for run in found:
        first, *others = run.text.split("\n")
        line.append(replace(run, text=first))
        for other in others:
            yield line
            line = [replace(run, text=other)]
    yield line


class _Reading:
    def __init__(self, name_of: NameOf) -> None:
        self._name_of = name_of
        self._runs: list[Run] = []
        self._bold = self._italic = False
        self._opened: dict[str, tuple[int, str]] = {}
        """``bold`` or ``italic``: at which run and with how many stars it was opened."""
        self._brackets: list[int] = []
        self._targets: list[tuple[str, int, str]] = []
        """Open tags that point somewhere: name, at which run, where to."""

    def add(self, text: str) -> None:
        if text:
            self._runs.append(Run(text, self._bold, self._italic))

    def take(self, token: re.Match[str], text: str) -> None:
        for group, act in (("escaped", self.add), ("inside", self.add), ("formula", self.add), ("citation", self.add)):
            if token[group]:
                act(token[group])
                return
        if token["br"] is not None:
            self.add("\n")
        elif token["stars"]:
            self._stars(token["stars"], token, text)
        elif token["bracket"] is not None:
            self._brackets.append(len(self._runs))
            self._runs.append(Run("["))
        elif token["target"] is not None:
            self._link(token["target"])
        elif token["tag"]:
            self._tag(token)

    def _stars(self, sign: str, token: re.Match[str], text: str) -> None:
        before, behind = text[: token.start()][-1:], text[token.end() :][:1]
        closes = ("bold" in self._opened and len(sign) >= 2) or ("italic" in self._opened and len(sign) != 2)
        if len(sign) > 3 or (closes and (not before or before.isspace())) or (not closes and (not behind or behind.isspace())):
            self.add(sign)
            return
        if len(sign) >= 2:
            self._bold = self._turned("bold", self._bold, "**")
        if len(sign) != 2:
            self._italic = self._turned("italic", self._italic, "*")

    def _turned(self, look: str, on: bool, sign: str) -> bool:
        if on:
            del self._opened[look]
        else:
            self._opened[look] = (len(self._runs), sign)
        return not on

    def _link(self, target: str) -> None:
        if not self._brackets:
            self.add(f"]({target})")
            return
        start = self._brackets.pop()
        address = re.sub(r"\\(.)", r"\1", target)
        inside = self._runs[start + 1 :] or [Run(address)]
        self._runs[start:] = [replace(run, link=address) for run in inside]

    def _tag(self, token: re.Match[str]) -> None:
        name, known = token["tag"], dict(_ATTRIBUTE.findall(token["attributes"]))
        if name.startswith("/"):
            self._close(name[1:])
        elif token["closed"]:
            self.add(self._alone(name, known))
        else:
            self._targets.append((name, len(self._runs), known.get("url", "")))

    def _alone(self, name: str, known: dict[str, str]) -> str:
        """What a tag without text stands for."""
        if name == "mention-user":
            user = known.get("url", "").rpartition("/")[2]
            return f"@{self._name_of(user) or user}"
        if name == "mention-date":
            day = " ".join(part for part in (known.get("start", ""), known.get("startTime", "")) if part)
            return f"{day} to {known['end']}" if known.get("end") else day
        return known.get("alt", "") or known.get("url", "")

    def _close(self, name: str) -> None:
        at = next((n for n in range(len(self._targets) - 1, -1, -1) if self._targets[n][0] == name), None)
        if at is None:
            return
        _, start, url = self._targets.pop(at)
        if name == "mention-user":
            words = "".join(run.text for run in self._runs[start:]).strip() or self._name_of(url.rpartition("/")[2])
            self._runs[start:] = [Run(words if words.startswith("@") else f"@{words}", self._bold, self._italic)]
        elif name.startswith("mention-") and url.startswith("http"):
            self._runs[start:] = [replace(run, link=url) for run in self._runs[start:]]

    def ended(self) -> list[Run]:
        """The runs, marks that never closed given back as text."""
        for look, (at, sign) in sorted(self._opened.items(), key=lambda item: -item[1][0]):
            later = [replace(run, **{look: False}) for run in self._runs[at:]]  # type: ignore[arg-type]
            self._runs[at:] = [Run(sign), *later]
        return [run for run in self._runs if run.text]
