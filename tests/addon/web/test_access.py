"""Every route, walked by everybody: what one may not see is not there."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from sync.store.queries import people, reviews
from tests.addon.web.access_table import RULES, Rule
from tests.addon.web.people import (
    ADA,
    ADMIN,
    BOSS,
    EVERYBODY,
    FORMER,
    HR,
    LEADER,
    OTHER,
    PEER,
    PRIVATE,
    SKIP,
    TODAY,
    Browser,
    Office,
    open_office,
)
from tests.postgres import Postgres

VIEWERS = {
    "self": ADA,
    "manager": BOSS,
    "former": FORMER,
    "skip": SKIP,
    "other-manager": OTHER,
    "peer": PEER,
    "hr": HR,
    "leadership": LEADER,
    "admin": ADMIN,
}


def ask(browser: Browser, rule: Rule) -> int:
    """The status that this browser gets."""
    path = rule.path.format(person=ADA.id)
    answer = browser.get(path) if rule.method == "GET" else browser.post(path, dict(rule.form))
    return answer.status_code


def test_every_route_stands_in_the_table(office: Office) -> None:
    """A page that nobody thought about cannot be added."""
    routes = {
        (rule.endpoint, method)
        for rule in office.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == {(rule.endpoint, rule.method) for rule in RULES}


def otherwise(office: Office, viewer: str) -> dict[tuple[str, str], int]:
    """The routes that answer *viewer* otherwise than the table says, with what they answered."""
    browser = office.browser(VIEWERS[viewer])
    wrong = {}
    for rule in RULES:
        status = ask(office.browser(VIEWERS[viewer]) if rule.ends_the_session else browser, rule)
        expected = rule.answers if viewer in rule.viewers else (404,)
        if status not in expected:
            wrong[rule.endpoint, rule.method] = status
    return wrong


@pytest.mark.parametrize("viewer", VIEWERS)
def test_a_viewer_gets_what_the_table_says_and_nothing_else(office: Office, viewer: str) -> None:
    """An answer where the viewer is listed, a 404 where not."""
    assert otherwise(office, viewer) == {}


@pytest.mark.postgres
def test_the_table_holds_with_the_records_on_a_server(server: Postgres, tmp_path: Path) -> None:
    """Every route, for those to whom most of them answer: no statement is understood by one kind of database alone."""
    office = open_office(tmp_path / "home", database=server.fresh())
    assert [otherwise(office, viewer) for viewer in ("manager", "hr", "self", "peer")] == [{}] * 4
    broken = []
    for viewer in (BOSS, HR, ADA):
        browser = office.browser(viewer)
        for rule in (one for one in RULES if not one.ends_the_session):
            path, odd = rule.path.format(person=ADA.id), "a\0b\ufffe\U0010ffff"
            many = {"page": "9" * 30, "before": "9" * 30, "q": odd, "kind": odd, "next": odd}
            form = {
                "text": odd,
                "comment": odd,
                "sentence": odd,
                "reason": odd,
                **{name: f"{value}\0" for name, value in rule.form},
            }
            answer = browser.client.get(path, query_string=many) if rule.method == "GET" else browser.post(path, form)
            if answer.status_code >= 500 and rule.endpoint != "health.readyz":
                broken.append((viewer.name, rule.endpoint))
    assert broken == []
    office.company.close()


def test_nobody_in_particular_is_sent_to_the_sign_in_page(office: Office) -> None:
    """Without a session no page answers but those that sign somebody in."""
    for rule in RULES:
        browser = office.browser()
        path = rule.path.format(person=ADA.id)
        answer = browser.get(path) if rule.method == "GET" else browser.post(path, dict(rule.form), page="/signin")
        if not rule.anonymous:
            assert answer.status_code in (303, 400), rule
            assert "/signin" in answer.headers.get("Location", "/signin"), rule


@pytest.mark.parametrize("viewer", [name for name in VIEWERS if name not in ("manager",)])
def test_a_private_note_stands_on_no_page_of_anybody_but_its_author(office: Office, viewer: str) -> None:
    """The walk of every page that answers never meets the manager's private words."""
    browser = office.browser(VIEWERS[viewer])
    for rule in RULES:
        if rule.method == "GET":
            page = browser.get(rule.path.format(person=ADA.id)).get_data()
            assert PRIVATE.encode() not in page, rule


def test_a_former_manager_learns_nothing_of_when_the_next_one_meets_whom(office: Office) -> None:
    """The days ahead, and the gaps that leave makes in them, are between the person and the manager of today."""
    path = f"/team/{ADA.id}"
    assert "Next check-in" in office.browser(BOSS).text(path)
    assert "Next check-in" not in office.browser(FORMER).text(path)


def test_who_widens_their_own_rights_stands_in_the_audit_log(office: Office) -> None:
    """HR imports a list that makes them an admin and the manager of Pia: both stand there by name, not as a count."""
    lines = ["name,email,access,manager_email"]
    names = {one.id: one.email for one in EVERYBODY}
    for one in (found for found in EVERYBODY if found.active(TODAY)):
        manager = HR.email if one is PEER else names.get(one.manager_at(TODAY), "")
        lines.append(f"{one.name},{one.email},{'admin' if one is HR else one.access},{manager}")
    browser, page = office.browser(HR), "/company/people/"
    sent = {"csv": "\n".join(lines)}
    accept = re.search(r'name="accept" value="([^"]+)"', browser.post(f"{page}import", sent, page=page).get_data(as_text=True))
    assert accept is not None
    browser.post(f"{page}import", {**sent, "accept": accept[1]}, page=page)
    with office.company.store.read() as tx:
        told = {
            (actor, subject, detail) for _, actor, action, subject, detail in reviews.trail(tx) if action == "access changed"
        }
    assert told == {(HR.id, HR.id, "hr to admin"), (HR.id, PEER.id, f"manager is now {HR.id}")}


def test_somebody_who_left_is_nobody(office: Office) -> None:
    """A session ends with the last day."""
    browser = office.browser(ADA)
    with office.company.store.write() as tx:
        people.save(tx, [replace(ADA, end=date(2026, 3, 19))])
    assert browser.get("/").status_code == 303
