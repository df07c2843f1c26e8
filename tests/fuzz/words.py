"""What the fuzzer types: every text holds one word that stands nowhere else, so that it can be looked for in the ledger."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

PHRASES = (
    "went well",
    "ein Übermaß an Größe, 3,5 %",
    "会議は順調でした。",
    "회의가 잘 되었습니다",
    "سار الاجتماع على ما يرام",
    "הפגישה הלכה טוב \u200f(3)\u200f",
    "बैठक अच्छी रही, क्षेत्र",
    "การประชุมเป็นไปด้วยดี",
    "👩‍💻 👍🏽 🇳🇴 🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "é ñ ạ̈ n̈ Z̷̧̛",
    "𝒜𝒹𝒶 𠮷野家",
    "a\u00a0b\u202fc\u2009d",
    "<b>&amp; \"quoted\" 'so' ]]>",
    "- 2026-03-04: [x] *bold* _under_ | bar | # hash `tick`",
    "=SUM(A1:A9) + 1",
    "_x0041_ %s {0} \\n $HOME",
    "soft\u00adhyphen zero\u200bwidth join\u200der",
    "TAB\there",
)
"""Other scripts, marks that combine and marks that turn the writing round, and what looks like markup."""

_WORD = re.compile(r"qz\d+zq")


@dataclass
class Pen:
    """Writes words that nobody has written before."""

    count: int = 0

    def word(self) -> str:
        """A word of its own."""
        self.count += 1
        return f"qz{self.count}zq"

    def write(self, phrase: int) -> str:
        """A phrase with a word of its own in it."""
        return f"{self.word()} {PHRASES[phrase % len(PHRASES)]}"


def words_in(texts: Iterable[str]) -> set[str]:
    """The words of a pen that stand in *texts*."""
    return {word for text in texts for word in _WORD.findall(text)}
