"""Every card held against Google's own description of cards and its documented limits, and against how it looked before."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from addon.cards.drawing import MOST_WIDGETS, Place, drawn
from addon.cards.preview import page
from addon.cards.samples import CONSOLE, samples
from addon.cards.widgets import Card, Row, Section
from connectors.google.emulator import discovery

PLACE = Place(CONSOLE.rstrip("/"))
SNAPSHOTS = Path(__file__).parent / "snapshots"
#: What the schema has and sidebars do not show.
UNAVAILABLE = {"carousel", "materialIcon", "textSyntax", "platformDataSource", "externalDataSource", "topLabelText",
               "contentText", "bottomLabelText", "startIconVerticalAlignment", "placeholderText"}  # fmt: skip
KNOWN_ICONS = {"BOOKMARK", "CLOCK", "DESCRIPTION", "INVITE", "MULTIPLE_PEOPLE", "PERSON", "STAR", "CONFIRMATION_NUMBER_ICON"}
NEEDS_NAME = {"textInput", "selectionInput", "switchControl"}


def parts(value: Any) -> Iterator[tuple[str, Any]]:
    """Every named value inside."""
    if isinstance(value, dict):
        for name, inside in value.items():
            yield name, inside
            yield from parts(inside)
    elif isinstance(value, list):
        for one in value:
            yield from parts(one)


def problems(card: dict[str, Any]) -> list[str]:
    """What Google would not show."""
    found = [f"{one.where}: {one.why}" for one in discovery.check("chat.v1", "GoogleAppsCardV1Card", card)]
    if sum(len(section["widgets"]) for section in card["sections"]) > MOST_WIDGETS:
        found.append("more widgets than a card has room for")
    found += [f"an empty section {section}" for section in card["sections"] if not section["widgets"]]
    for name, inside in parts(card):
        if name in UNAVAILABLE:
            found.append(f"{name} is not there in sidebars")
        if name in ("url", "function", "imageUrl", "iconUrl") and urlsplit(inside).scheme != "https":
            found.append(f"{name}: {inside}")
        if name in ("imageUrl", "iconUrl") and inside.endswith(".svg"):
            found.append(f"an SVG: {inside}")
        if name == "knownIcon" and inside not in KNOWN_ICONS:
            found.append(f"an icon that nobody knows: {inside}")
        if name in NEEDS_NAME and not inside.get("name"):
            found.append(f"{name} without a name")
        if name == "buttons" and len(inside) > 3:
            found.append("more than three buttons side by side")
        if name == "items" and len(inside) > 100:
            found.append("more than a hundred options")
        if name == "parameters" and not all(isinstance(one["value"], str) for one in inside):
            found.append("a parameter that is no text")
        if name == "onClick" and len(inside) != 1:
            found.append(f"a click that does {len(inside)} things")
    return found


@pytest.mark.parametrize("name", samples())
def test_google_shows_every_card(name: str) -> None:
    """Every field is known, of its type, of a known value, and within the limits."""
    assert problems(drawn(samples()[name], PLACE)) == []


@pytest.mark.parametrize("name", samples())
def test_a_card_looks_as_it_did(name: str) -> None:
    """Run with UPDATE_SNAPSHOTS=1 to accept how the cards look now, and look at them with `throughline addon preview`."""
    now = json.dumps(drawn(samples()[name], PLACE), indent=1, ensure_ascii=False) + "\n"
    file = SNAPSHOTS / f"{name}.json"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(now, "utf-8")
    assert now == file.read_text("utf-8")


def test_there_is_no_snapshot_of_a_card_that_is_gone() -> None:
    """And none is missing."""
    assert {file.stem for file in SNAPSHOTS.iterdir()} == set(samples())


def test_what_is_too_much_for_a_card_is_said() -> None:
    """Of 150 lines a hundred widgets stand there, the last of which tells how many are missing; what follows is left out."""
    rows = tuple(Row(f"Line {number}") for number in range(150))
    card = drawn(Card("Long", (Section(rows[:20]), Section(rows[20:]), Section(rows[:1]))), PLACE)
    assert problems(card) == []
    assert [len(section["widgets"]) for section in card["sections"]] == [20, 80]
    assert card["sections"][-1]["widgets"][-1]["textParagraph"]["text"].startswith("… and 51 more")


def test_what_people_typed_is_never_markup() -> None:
    """Tags and entities of theirs stand there as they typed them, in texts, labels and titles, and in the page of previews."""
    typed = "<b>x</b> & <a href='https://evil.example'>y</a>"
    card = drawn(Card(typed, (Section((Row(typed, above=typed, below=typed),), typed),), typed), PLACE)
    row = card["sections"][0]["widgets"][0]["decoratedText"]
    assert row["text"] == "&lt;b&gt;x&lt;/b&gt; &amp; &lt;a href='https://evil.example'&gt;y&lt;/a&gt;"
    for label in (row["topLabel"], row["bottomLabel"], card["header"]["title"], card["header"]["subtitle"]):
        assert "<" not in label
    assert "<b>x" not in page({"x": card})
    assert "<a href" not in page({"x": card})


def test_a_link_that_is_no_https_opens_nothing() -> None:
    """A button to a place that a browser cannot open is off."""
    from addon.cards.widgets import Button, Buttons, Open

    card = drawn(Card("x", (Section((Buttons((Button("Open", Open("javascript:alert(1)")),)),)),)), PLACE)
    assert card["sections"][0]["widgets"][0]["buttonList"]["buttons"][0]["disabled"] is True
    assert "javascript" not in json.dumps(card)
