"""What Google is answered: cards to show, words to say, rights to ask for. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from addon.cards.drawing import Json, Place, cut, drawn
from addon.cards.widgets import Card

LONGEST_NOTICE = 200


def shown(card: Card, place: Place) -> Json:
    """The answer to a trigger: this card."""
    return {"action": {"navigations": [{"pushCard": drawn(card, place)}]}}


def opened(card: Card, place: Place) -> Json:
    """The answer to a click: this card on top of the one that was there."""
    return _clicked({"navigations": [{"pushCard": drawn(card, place)}]})


def renewed(card: Card, place: Place, notice: str = "") -> Json:
    """The answer to a click: this card in place of the one that was there; what is typed in fields of the same name stays."""
    return _clicked({"navigations": [{"updateCard": drawn(card, place)}]}, notice)


def returned(card: Card, place: Place, notice: str) -> Json:
    """The answer to a form that was sent: back to the card below it, as it is now."""
    return _clicked({"navigations": [{"pop": True}, {"updateCard": drawn(card, place)}]}, notice)


def closed(notice: str) -> Json:
    """The answer to a form that was sent: back to the card below it."""
    return _clicked({"navigations": [{"pop": True}]}, notice)


def said(notice: str) -> Json:
    """The answer to a click: a sentence, and everything stays as it is."""
    return {"renderActions": {"action": {"notification": {"text": cut(notice, LONGEST_NOTICE)}}}}


def _clicked(action: Json, notice: str = "") -> Json:
    told = {"notification": {"text": cut(notice, LONGEST_NOTICE)}} if notice else {}
    return {"renderActions": {"action": action | told}, "stateChanged": True}


def scopes_wanted(scopes: Sequence[str]) -> Json:
    """Google asks the person for these rights, then calls again."""
    return {"requesting_google_scopes": {"scopes": list(scopes)}}


def file_wanted() -> Json:
    """Google asks the person to let the program know which file is open."""
    return {"renderActions": {"hostAppAction": {"editorAction": {"requestFileScopeForActiveDocument": {}}}}}


def previewed(title: str, card: Card, place: Place) -> Json:
    """A link as a chip: *title* stands in the document for everybody who reads it, the card is for whoever points at it."""
    return {"action": {"linkPreview": {"title": title, "previewCard": drawn(card, place)}}}


def nothing() -> Json:
    """There is nothing to show."""
    return {}
