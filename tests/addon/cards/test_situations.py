"""Which card stands where: by application, by document, by who looks. What one may not see is as if it were not there."""

from __future__ import annotations

from typing import Any

import pytest

from addon.cards.event import event_of
from sync.records import Visibility
from sync.review import service
from sync.store.queries import ledger
from tests.addon.cards.google import BASE, Google, card_of, notice_of, words_of
from tests.addon.cards.test_samples import problems
from tests.addon.web.people import (
    ADA,
    ADMIN,
    BOSS,
    CYCLE,
    FORMER,
    HR,
    LEADER,
    NOW,
    OTHER,
    PEER,
    PRIVATE,
    SHARED,
    SKIP,
    TODAY,
    an_entry,
)
from tests.addon.web.test_access import VIEWERS

FILES = {"doc-check-in": "Check-in with", "sheet-goals": "Goals of Ada Brandt", "doc-self": "My self review",
         "doc-review": "Review of Ada Brandt"}  # fmt: skip
OWN_TITLES = {"sheet-goals": "My goals"}
#: Who sees the card of each file; everybody else sees their own day, as beside a file that is none of ours.
OPENERS = {
    "doc-check-in": {"self", "manager"},
    "sheet-goals": {"self", "manager"},
    "doc-self": {"self"},
    "doc-review": {"manager"},
}
#: Who gets a card that names Ada, by what the button carries.
SHOWN = {
    "check-in": {"self", "manager"},
    "goals": {"self", "manager"},
    "goal": {"self", "manager"},
    "review": {"self", "manager"},
}


def title(answer: dict[str, Any]) -> str:
    """The title of the card, after a look that Google would show it."""
    card = card_of(answer)
    assert problems(card) == []
    return str(card["header"]["title"])


@pytest.mark.parametrize("viewer", VIEWERS)
def test_a_file_shows_its_card_to_whom_it_is_for(onlooker: Google, viewer: str) -> None:
    """Beside each document of Ada's, its own card for those who may open it, my day for all others."""
    for file, expected in FILES.items():
        wanted = OWN_TITLES.get(file, expected) if viewer == "self" else expected
        for what, host in (("home", "DOCS"), ("granted", "SHEETS"), ("selected", "DRIVE")):
            found = title(onlooker.call(what, VIEWERS[viewer], host, file=file))
            assert found.startswith(wanted if viewer in OPENERS[file] else "My day"), (file, what)


@pytest.mark.parametrize("viewer", VIEWERS)
def test_an_id_that_a_button_carries_is_checked_like_any_other(onlooker: Google, viewer: str) -> None:
    """Whoever sends an id of Ada's things by hand learns nothing that they could not see, not even that it is there."""
    parameters = {"about": ADA.id, "goal": "g1", "at": "2026-h1/ada00001/goal-sheet"}
    for card, viewers in SHOWN.items():
        answer = onlooker.call("show", VIEWERS[viewer], parameters={"card": card, **parameters})
        nowhere = onlooker.call("show", VIEWERS[viewer], parameters={"card": card, **parameters, "about": "nobody00"})
        if viewer in viewers:
            assert problems(card_of(answer)) == []
        else:
            assert answer == nowhere, card
            assert "Ada" not in words_of(answer)


@pytest.mark.parametrize("viewer", [name for name in VIEWERS if name not in ("self", "manager")])
def test_nobody_else_writes_about_ada(onlooker: Google, viewer: str) -> None:
    """Ticks, values, notes and drafts about her, sent by hand, do what they do about somebody who does not exist."""
    carried = {"about": ADA.id, "goal": "g1", "action": "act1", "nonce": "n", "was": "6.0",
               "at": "2026-h1/ada00001/check-in/2026-03-23"}  # fmt: skip
    typed = {"value": "5", "text": "Something", "readers": "shared", "about": ADA.id}
    with onlooker.office.company.store.read() as tx:
        before = ledger.count(tx)
    for what in ("tick", "value", "note", "draft"):
        answer = onlooker.call(what, VIEWERS[viewer], parameters=carried, inputs=typed)
        strange = {name: "nobody00" if value == ADA.id else value for name, value in typed.items()}
        nobody = onlooker.call(what, VIEWERS[viewer], parameters={**carried, "about": "nobody00"}, inputs=strange)
        assert answer == nobody
        assert notice_of(answer) == "That is not there any more."
    with onlooker.office.company.store.read() as tx:
        assert ledger.count(tx) == before


@pytest.mark.parametrize("viewer", VIEWERS)
def test_a_link_is_previewed_to_whom_it_opens(onlooker: Google, viewer: str) -> None:
    """The title, which every reader of the document sees, names nobody; the card is for those who may see it."""
    for path, viewers in ((f"/team/{ADA.id}", {"self", "manager"}), (f"/reviews/{ADA.id}", {"self", "manager"})):
        answer = onlooker.call("preview", VIEWERS[viewer], link=f"{BASE}{path}")
        if viewer in viewers:
            assert "Ada" not in answer["action"]["linkPreview"]["title"]
            assert problems(card_of(answer)) == []
        else:
            assert answer == onlooker.call("preview", VIEWERS[viewer], link=f"{BASE}/team/nobody00") == {}


def test_links_to_elsewhere_are_no_business_of_ours(onlooker: Google) -> None:
    """Only pages of this console are previewed, and only those that are about somebody."""
    for link in (
        "",
        "https://evil.example/team/ada00001",
        f"{BASE}.evil.example/team/ada00001",
        f"{BASE}/company/",
        f"{BASE}/",
    ):
        assert onlooker.call("preview", BOSS, link=link) == {}
    assert title(onlooker.call("preview", ADA, link=f"{BASE}/me/review/")) == "My self review"


def test_a_meeting_of_the_two_shows_their_check_in(onlooker: Google) -> None:
    """Whichever of them opens it; a meeting with others, or of two who are no pair, shows my day."""
    both = (ADA.email, BOSS.email.upper())
    assert title(onlooker.call("event", BOSS, "CALENDAR", guests=both)) == "Check-in with Ada Brandt"
    assert title(onlooker.call("event", ADA, "CALENDAR", guests=both)) == "Check-in with Bea Boss"
    for guests in ((*both, PEER.email), (ADA.email, PEER.email), (BOSS.email, "guest@elsewhere.example"), (ADA.email,), ()):
        assert title(onlooker.call("event", ADA, "CALENDAR", guests=guests)) == "My day"


def test_beside_an_unknown_document_the_grant_is_the_second_choice(onlooker: Google) -> None:
    """The next check-in first, then the offer; asked once, a document of nobody's is not asked about again."""
    words = words_of(card_of(onlooker.call("home", ADA, "DOCS")))
    assert words.index("Next check-ins") < words.index("Use with this document")
    assert "Use with this document" not in words_of(card_of(onlooker.call("home", ADA, "DOCS", file="some-other-file")))
    for host in ("CALENDAR", "DRIVE"):
        assert "Use with this document" not in words_of(card_of(onlooker.call("home", ADA, host, file="x")))
    asked = onlooker.call("grant", ADA, "DOCS")
    assert asked == {"renderActions": {"hostAppAction": {"editorAction": {"requestFileScopeForActiveDocument": {}}}}}
    asked = onlooker.call("grant", ADA, "DOCS", scopes=("https://www.googleapis.com/auth/userinfo.email",))
    assert asked == {"requesting_google_scopes": {"scopes": ["https://www.googleapis.com/auth/drive.file"]}}


def test_the_days_of_a_team_stand_on_its_managers_day(onlooker: Google) -> None:
    """With whom, and when; the document opens where it is made. HR finds completion there, others do not."""
    words = words_of(card_of(onlooker.call("today", BOSS)))
    assert "Ada Brandt" in words
    assert "https://docs.google.com/document/d/doc-check-in/edit" in words
    for person, sees in ((HR, True), (ADMIN, True), (LEADER, False), (ADA, False), (BOSS, False)):
        assert ("Completion" in words_of(card_of(onlooker.call("home", person)))) is sees
        answer = onlooker.call("show", person, parameters={"card": "company"})
        assert (notice_of(answer) == "") is sees


def test_the_card_beside_a_check_in_shows_only_what_both_may_read(google: Google) -> None:
    """The manager may share their screen: what only they noted is a number, from four weeks before the review."""
    with google.office.company.store.write() as tx:
        note = an_entry(9, "zqx: repeats the same mistake in every estimate", Visibility.MANAGER_PRIVATE, BOSS)
        ledger.append(tx, [note])
    found = words_of(card_of(google.call("home", BOSS, file="doc-check-in")))
    assert "Cut the waiting time" in found
    assert "zqx" not in found
    assert "never raised" not in found
    assert "zqx" not in words_of(card_of(google.call("home", ADA, file="doc-check-in")))


def test_a_former_manager_sees_the_check_in_they_sat_in_and_nothing_newer(google: Google) -> None:
    """Beside a document of January the former manager reads what both could read then; no goals, no actions of today."""
    from datetime import date

    from sync.store.queries import artifacts
    from templates.shapes import Kind
    from tests.addon.cards.conftest import an_artifact

    old = an_artifact("2026-h1/ada00001/check-in/2026-01-19", Kind.CHECK_IN, "doc-january", due=date(2026, 1, 19))
    with google.office.company.store.write() as tx:
        artifacts.record(tx, "google", [(old, {})])
    card = card_of(google.call("home", FORMER, file="doc-january"))
    assert card["header"]["title"] == "Check-in with Ada Brandt"
    for secret in ("Write the runbook", "Answer within 4 days", "Cut the waiting time", "zqx"):
        assert secret not in words_of(card)


def test_a_review_is_drafted_from_its_card(google: Google) -> None:
    """Before, the card says that there is none; after a click it stands there, with how much it rests on."""
    first = google.call("home", BOSS, file="doc-review")
    assert "no draft yet" in words_of(first)
    key = f"2026-h1/ada00001/manager-review/{BOSS.id}"
    answer = google.call("draft", BOSS, parameters={"about": ADA.id, "at": key})
    assert notice_of(answer) == "Drafted from what both of you may see."
    assert title(answer) == "Review of Ada Brandt"
    assert "quoted" in words_of(answer)
    assert PRIVATE not in words_of(answer)
    desk = service.open_desk(google.office.company.store, CYCLE.id)
    assert service.read_draft(desk, ADA.id, BOSS.id, BOSS.id, now=NOW, today=TODAY) is not None


def test_what_people_typed_stands_escaped(onlooker: Google) -> None:
    """A note with a script in it is words."""
    words = words_of(card_of(onlooker.call("home", ADA, file="doc-check-in")))
    assert SHARED.partition("<")[0].strip() in words
    assert "<script>" not in words


def test_events_are_read_leniently() -> None:
    """Unknown hosts, missing parts and wrong types are as if they were empty; what is there is read."""
    assert event_of(None) == event_of({"commonEventObject": {"hostApp": "FUTURE", "parameters": [1]}, "docs": 3})
    body = {
        "commonEventObject": {
            "hostApp": "DRIVE",
            "parameters": {"a": "x", "b": 3},
            "formInputs": {"text": {"stringInputs": {"value": ["one", "two"]}}, "day": {"dateInput": {"msSinceEpoch": 1}}},
            "later": {"unknown": True},
        },
        "authorizationEventObject": {"authorizedScopes": ["s", 1]},
        "drive": {"selectedItems": [{"id": "f", "addonHasFileScopePermission": True}]},
    }
    event = event_of(body)
    assert (event.document_id, event.input("text"), event.input("day")) == ("f", "one", "")
    assert (event.parameter("a"), event.parameter("b"), event.parameter("c")) == ("x", "", "")
    assert "s" in event.scopes


def test_people_who_are_nobodys_manager_have_no_say_over_others(onlooker: Google) -> None:
    """The form of a note offers one's own team and oneself, and nobody else."""
    for person, names in ((BOSS, ["Me", "Ada Brandt"]), (OTHER, ["Me", "Pia Peer"]), (SKIP, ["Me", "Bea Boss"])):
        answer = onlooker.call("show", person, parameters={"card": "note", "about": ADA.id})
        (choice,) = [
            widget["selectionInput"]
            for section in card_of(answer)["sections"]
            for widget in section["widgets"]
            if widget.get("selectionInput", {}).get("name") == "about"
        ]
        assert [one["text"] for one in choice["items"]] == names


def test_a_card_that_does_not_exist_is_not_there(onlooker: Google) -> None:
    """A card that is asked for by a name that no card has."""
    assert notice_of(onlooker.call("show", ADA, parameters={"card": "everything"})) == "That is not there any more."
