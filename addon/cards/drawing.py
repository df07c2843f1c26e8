"""Cards as Google takes them: ``google.apps.card.v1`` as JSON, within its documented limits. Pure.

Texts take a few HTML tags there, so what people typed is escaped; labels and titles take none, and lose their angle
brackets to signs that look like them.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urlsplit

from addon.cards.widgets import Button, Buttons, Card, Choice, Click, Divider, Do, Field, Open, Row, Section, Text, Tick, Widget

Json = dict[str, Any]

MOST_WIDGETS = 100
"""Of a card with more, Google drops whole sections."""
MOST_OPTIONS = 100
LONGEST_TEXT, LONGEST_LABEL, LONGEST_TITLE, LONGEST_BUTTON = 500, 160, 100, 40
"""Characters, so that a card stays one to look at."""
FIELD_ROOM = 4000
_BRACKETS = str.maketrans({"<": "‹", ">": "›"})


@dataclass(frozen=True)
class Place:
    """Where the program is reached: ``https://throughline.example.com``."""

    base: str

    def address(self, what: str) -> str:
        """The address that Google calls for *what*."""
        return f"{self.base}/addon/{what}"

    def page(self, path: str) -> str:
        """A page of the console."""
        return f"{self.base}{path}"


def drawn(card: Card, place: Place) -> Json:
    """The JSON of *card*."""
    header: Json = {"title": _label(card.title, LONGEST_TITLE)}
    if card.subtitle:
        header["subtitle"] = _label(card.subtitle)
    found: Json = {"header": header, "sections": [_section(one, place) for one in _fitting(card.sections)]}
    if card.name:
        found["name"] = card.name
    if card.main is not None:
        found["fixedFooter"] = {"primaryButton": _button(card.main, place)}
        if card.other is not None:
            found["fixedFooter"]["secondaryButton"] = _button(card.other, place)
    return found


def _fitting(sections: tuple[Section, ...]) -> list[Section]:
    """As much as Google shows; what is left out is said."""
    kept: list[Section] = []
    room = MOST_WIDGETS
    for section in sections:
        if not section.widgets:
            continue
        if len(section.widgets) <= room:
            kept.append(section)
            room -= len(section.widgets)
            continue
        if room > 1:
            rest = len(section.widgets) - room + 1
            told = Text(f"… and {rest} more. The console shows all of them.")
            kept.append(Section((*section.widgets[: room - 1], told), section.title, section.shown))
        break
    return kept


def _section(section: Section, place: Place) -> Json:
    found: Json = {"widgets": [_widget(one, place) for one in section.widgets]}
    if section.title:
        found["header"] = _label(section.title)
    if 0 < section.shown < len(section.widgets):
        found |= {"collapsible": True, "uncollapsibleWidgetsCount": section.shown}
    return found


def _widget(widget: Widget, place: Place) -> Json:
    match widget:
        case Text(words):
            return {"textParagraph": {"text": _words(words)}}
        case Row():
            return {"decoratedText": _row(widget, place)}
        case Buttons(buttons):
            return {"buttonList": {"buttons": [_button(one, place) for one in buttons]}}
        case Field():
            return {"textInput": _field(widget)}
        case Choice():
            return {"selectionInput": _choice(widget)}
        case Divider():
            return {"divider": {}}


def _row(row: Row, place: Place) -> Json:
    found: Json = {"text": _words(row.words), "wrapText": True}
    if row.above:
        found["topLabel"] = _label(row.above)
    if row.below:
        found["bottomLabel"] = _label(row.below)
    if row.icon is not None:
        found["startIcon"] = {"knownIcon": row.icon.value}
    if row.click is not None and (click := _click(row.click, place)):
        found["onClick"] = click
    match row.end:
        case Button():
            found["button"] = _button(row.end, place)
        case Tick(name, do, ticked):
            found["switchControl"] = {
                "name": name,
                "value": "yes",
                "selected": ticked,
                "controlType": "CHECK_BOX",
                "onChangeAction": _action(do, place),
            }
    return found


def _button(button: Button, place: Place) -> Json:
    words = _label(button.words, LONGEST_BUTTON)
    return {"text": words, "type": button.look.value, "onClick": _click(button.click, place) or {}} | (
        {} if _click(button.click, place) else {"disabled": True}
    )


def _click(click: Click, place: Place) -> Json:
    """{} for an address that a card may not open."""
    match click:
        case Do():
            return {"action": _action(click, place)}
        case Open(address):
            return {"openLink": {"url": address}} if urlsplit(address).scheme == "https" else {}


def _action(do: Do, place: Place) -> Json:
    found: Json = {"function": place.address(do.what), "loadIndicator": "SPINNER"}
    if do.parameters:
        found["parameters"] = [{"key": key, "value": value} for key, value in do.parameters]
    if do.needs:
        found["requiredWidgets"] = list(do.needs)
    return found


def _field(field: Field) -> Json:
    found: Json = {"name": field.name, "label": _label(field.label)}
    found["type"] = "MULTIPLE_LINE" if field.is_long else "SINGLE_LINE"
    if field.hint:
        found["hintText"] = _label(field.hint)
    if field.value:
        found["value"] = field.value[:FIELD_ROOM]
    if field.limit:
        found["validation"] = {"characterLimit": field.limit}
    return found


def _choice(choice: Choice) -> Json:
    items = [
        {"text": _label(words), "value": value, "selected": value == choice.chosen}
        for value, words in choice.options[:MOST_OPTIONS]
    ]
    kind = "DROPDOWN" if choice.is_list else "RADIO_BUTTON"
    return {"name": choice.name, "label": _label(choice.label), "type": kind, "items": items}


# ---------------------------------------------------------------- words


def _words(text: str) -> str:
    return escape(cut(text, LONGEST_TEXT), quote=False)


def _label(text: str, longest: int = LONGEST_LABEL) -> str:
    return cut(" ".join(text.split()), longest).translate(_BRACKETS)


def cut(text: str, longest: int) -> str:
    """*text*, or its beginning up to the end of a word with a mark that more follows."""
    if len(text) <= longest:
        return text
    short = text[: longest - 1]
    at = short.rfind(" ", longest // 2)
    return f"{(short[:at] if at > 0 else short).rstrip()}…"
