"""A document as one row of units, one for each UTF-16 code unit that Docs counts.

Text is a unit a code unit (the second half of a pair is an empty one), a chip is one unit, a paragraph ends in a unit
``\\n`` that carries its style, and tables are held together by four signs that count like any other, as in Docs itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from connectors.google.emulator.calls import Media
from connectors.google.emulator.errors import Json, bad_request

#: The signs of a table: its start, the start of a row, of a cell, and its end.
TABLE, ROW, CELL, TABLE_END = "\x10", "\x12", "\x1c", "\x11"
SIGNS = frozenset((TABLE, ROW, CELL, TABLE_END))
#: What stands at index 0, before the body.
SECTION = "\x0c"
#: The id of the tab that every document has.
FIRST_TAB = "t.0"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What a paragraph's end knows of it. *list* is a list's id, "" if it is no list item."""

    style: str = "NORMAL_TEXT"
    heading: str = ""
    properties: Json | None = None
    list: str = ""
    level: int = 0


@dataclass(frozen=True, slots=True)
class Chip:
    """Something in the text that is no text. *kind* is its name in `ParagraphElement`."""

    kind: str
    id: str
    properties: Json


PLAIN = Paragraph()


@dataclass(frozen=True, slots=True)
class Unit:
    """One place in a document. *added* and *removed* are ids of suggestions."""

    text: str
    style: Json | None = None
    mark: Paragraph | Chip | None = None
    added: str = ""
    removed: str = ""

    @property
    def ends(self) -> bool:
        """Whether a paragraph ends here."""
        return self.text == "\n"


def units_of(text: str, style: Json | None = None, mark: Paragraph = PLAIN) -> list[Unit]:
    """*text* as units; its line ends become ends of paragraphs like *mark*."""
    known = {letter: Unit(letter, style) for letter in set(text)}  # units never change: the same letter is the same unit
    if "\n" in known:
        known["\n"] = Unit("\n", style, mark)
    found = [known[letter] for letter in text]
    if text.isascii() or max(text) <= "\uffff":
        return found
    second = Unit("", style)
    return [each for unit in found for each in ((unit, second) if unit.text > "\uffff" else (unit,))]


def cleaned(text: str) -> str:
    """*text* as Docs takes it: one kind of line end, no control signs, nothing of the private area."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        letter for letter in text if not ((ord(letter) < 0x20 and letter not in "\n\t\x0b") or 0xE000 <= ord(letter) <= 0xF8FF)
    )


@dataclass
class Named:
    """A named range: parts of one tab."""

    id: str
    name: str
    ranges: list[tuple[int, int]]


@dataclass
class Tab:
    """One tab of a document."""

    id: str
    title: str
    units: list[Unit] = field(default_factory=lambda: [Unit(SECTION), Unit("\n", None, PLAIN)])
    named: dict[str, Named] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    """A list's id to the preset of its bullets."""
    dropdowns: dict[str, Json] = field(default_factory=dict)
    parent: str = ""

    @property
    def end(self) -> int:
        """The index after the last line end."""
        return len(self.units)

    def paragraph(self, index: int) -> tuple[int, int]:
        """Start and end (its line end included) of the paragraph that holds *index*."""
        end = index
        while not self.units[end].ends:
            end += 1
        start = index
        while start > 1 and self.units[start - 1].text not in ("\n", SECTION, *SIGNS):
            start -= 1
        return start, end + 1

    def mark(self, index: int) -> Paragraph:
        """The style of the paragraph that holds *index*."""
        mark = self.units[self.paragraph(index)[1] - 1].mark
        return mark if isinstance(mark, Paragraph) else PLAIN

    def inside(self, index: int) -> int:
        """*index* if text can stand there. Raises 400."""
        if index >= self.end:
            raise bad_request(f"Index {index} must be less than the end index of the referenced segment, {self.end}.")
        if index < 1 or self.units[index].text in SIGNS:
            raise bad_request(
                "The insertion index must be inside the bounds of an existing paragraph. "
                "You can still create new paragraphs by inserting newlines."
            )
        return index

    def insert(self, index: int, units: Sequence[Unit]) -> None:
        """Put *units* in before *index*; what has a name moves with its text."""
        self.units[index:index] = units
        count = len(units)
        for named in self.named.values():
            named.ranges = [
                (start + count if start >= index else start, end + count if end > index else end) for start, end in named.ranges
            ]

    def delete(self, start: int, end: int) -> None:
        """Take units out; names of nothing go with them."""
        del self.units[start:end]

        def place(index: int) -> int:
            return index if index <= start else max(start, index - (end - start))

        for ident, named in list(self.named.items()):
            named.ranges = [(place(low), place(high)) for low, high in named.ranges if place(low) < place(high)]
            if not named.ranges:
                del self.named[ident]

    def paragraphs(self, start: int, end: int) -> list[int]:
        """The indexes of the line ends of every paragraph that *start* to *end* touches."""
        found, index = [], start
        while index < end:
            if self.units[index].text in SIGNS or index == 0:
                index += 1
                continue
            last = self.paragraph(index)[1]
            found.append(last - 1)
            index = last
        return found

    def restyle(self, index: int, **changes: object) -> None:
        """Change the style of the paragraph that ends at *index*."""
        mark = self.units[index].mark
        held = mark if isinstance(mark, Paragraph) else PLAIN
        self.units[index] = replace(self.units[index], mark=replace(held, **changes))  # type: ignore[arg-type]


@dataclass
class Document:
    """A document. Until somebody looks inside, *source* holds what was uploaded."""

    new_id: Callable[[int, str], str]
    held: list[Tab] = field(default_factory=list)
    source: Media | None = None
    revision: int = 1
    suggestions: dict[str, Json] = field(default_factory=dict)

    @property
    def tabs(self) -> list[Tab]:
        """Its tabs in order."""
        if self.source is not None:
            from connectors.google.emulator.docs.imports import read_into  # parsers only where they are needed

            source, self.source = self.source, None
            read_into(self, source)
        return self.held

    def tab(self, ident: str) -> Tab:
        """The tab with this id; the first for "". Raises 400."""
        for tab in self.tabs:
            if tab.id == ident or not ident:
                return tab
        raise bad_request(f"No tab with id: {ident}")

    def clone(self) -> Document:
        """An independent copy; units are shared, for they never change."""
        tabs = [
            Tab(
                tab.id,
                tab.title,
                list(tab.units),
                {ident: Named(each.id, each.name, list(each.ranges)) for ident, each in tab.named.items()},
                dict(tab.lists),
                {ident: dict(each) for ident, each in tab.dropdowns.items()},
                tab.parent,
            )
            for tab in self.held
        ]
        return Document(
            self.new_id, tabs, self.source, self.revision, {ident: dict(each) for ident, each in self.suggestions.items()}
        )

    def become(self, other: Document) -> None:
        """Take over everything of *other*."""
        self.held, self.source, self.suggestions = other.held, other.source, other.suggestions
        self.revision += 1

    def heading_id(self, style: str) -> str:
        """A new id for a heading; "" for other paragraphs."""
        return self.new_id(14, "h.").lower().replace("-", "0").replace("_", "1") if style.startswith("HEADING") else ""

    def plain_text(self) -> str:
        """Every text in it, for searches."""
        return "\n".join(plain(tab.units) for tab in self.tabs)


def plain(units: Iterable[Unit]) -> str:
    """The text of *units*, chips as what they show."""
    return "".join(shown(unit) for unit in units if unit.text not in SIGNS and unit.text != SECTION)


def shown(unit: Unit) -> str:
    """What a person sees of *unit*."""
    if not isinstance(unit.mark, Chip):
        return unit.text
    held = unit.mark.properties
    return str(
        held.get("displayValue") or held.get("displayText") or held.get("name") or held.get("title") or held.get("email") or ""
    )
