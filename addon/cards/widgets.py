"""What a card is made of, as values. They carry plain words: nothing that anybody typed ever becomes markup."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Do:
    """A call of one of our own addresses, such as ``tick``. *parameters* are seen by the user and checked like a form.

    *needs* names the fields without which Google does not send it.
    """

    what: str
    parameters: tuple[tuple[str, str], ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Open:
    """A page or document in a tab of its own; only ``https`` opens."""

    address: str


Click = Do | Open


class Look(StrEnum):
    """How much a button stands out: one filled button a card at the most."""

    FILLED = "FILLED"
    OUTLINED = "OUTLINED"
    QUIET = "BORDERLESS"


class Icon(StrEnum):
    """The icons that Google draws itself."""

    BOOKMARK = "BOOKMARK"
    CLOCK = "CLOCK"
    DOCUMENT = "DESCRIPTION"
    EVENT = "INVITE"
    PEOPLE = "MULTIPLE_PEOPLE"
    PERSON = "PERSON"
    STAR = "STAR"
    TICKET = "CONFIRMATION_NUMBER_ICON"


@dataclass(frozen=True)
class Button:
    """A verb to click."""

    words: str
    click: Click
    look: Look = Look.OUTLINED


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    words: str


@dataclass(frozen=True)
class Tick:
    """A check box that acts when it is ticked."""

    name: str
    click: Do
    ticked: bool = False


@dataclass(frozen=True)
class Row:
    """A line with what it is about above it and what qualifies it below."""

    words: str
    above: str = ""
    below: str = ""
    icon: Icon | None = None
    click: Click | None = None
    end: Button | Tick | None = None


@dataclass(frozen=True)
class Buttons:
    """Up to three buttons side by side."""

    buttons: tuple[Button, ...]


@dataclass(frozen=True)
class Field:
    """Something to type: of several lines, of one, or a figure (of one)."""

    name: str
    label: str
    hint: str = ""
    value: str = ""
    limit: int = 0
    is_long: bool = False


@dataclass(frozen=True)
class Choice:
    """One of several: value and words of each; *chosen* is a value."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    chosen: str
    is_list: bool = False
    """A list to open, for many; otherwise all of them are seen."""


@dataclass(frozen=True)
class Divider:
    """A thin line."""


Widget = Text | Row | Buttons | Field | Choice | Divider


@dataclass(frozen=True)
class Section:
    """Widgets under a title. With *shown*, all beyond so many are folded away."""

    widgets: tuple[Widget, ...]
    title: str = ""
    shown: int = 0


@dataclass(frozen=True)
class Card:
    """A card, with one main thing to do at its foot."""

    title: str
    sections: tuple[Section, ...]
    subtitle: str = ""
    main: Button | None = None
    other: Button | None = None
    name: str = ""
