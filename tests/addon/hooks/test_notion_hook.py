"""Notices of Notion: the handshake, what an event comes to, buttons."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from addon.connections.sealing import opened, sealed
from addon.hooks.heeding import DRAFT, EXPECTED, MOST_OFFERED, SUBMIT
from connectors.notion.webhooks import ACTION, SECRET, SIGNATURE, signed
from sync.jobs import Job
from sync.records import Artifact
from sync.store.queries import artifacts, hooks, jobs, ledger, people
from templates.shapes import Kind, Place
from tests.addon.hooks.refusals import BOT, Notice, Refuses, connected_office, send, work
from tests.addon.web.people import ADA, CYCLE, LEAVER, NOW, Office

OLD, NEW, UNCONFIRMED, PRESSED = "secret_old", "secret_new", "secret_unconfirmed", "a-button-secret"
PAGE = "page-1"
REF = f"working/check-in/{PAGE}"


def trusting(office: Office) -> None:
    """The secrets of a company that is about to change one for another."""
    with office.company.store.write() as tx:
        for number, (token, trusted) in enumerate(((OLD, True), (NEW, True), (UNCONFIRMED, False))):
            secret = sealed(office.company.settings, token)
            hooks.keep_secret(tx, hooks.Secret(f"s{number}", hooks.NOTION, secret, trusted, NOW))
        hooks.keep_secret(tx, hooks.Secret("b", hooks.BUTTON, sealed(office.company.settings, PRESSED), True, NOW))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A company that works in Notion."""
    made = connected_office(tmp_path / "home", "notion")
    trusting(made)
    return made


def event(number: int = 1, kind: str = "page.content_updated", source: str = "ds-check-ins", **more: Any) -> dict[str, Any]:
    """An event as Notion sends it."""
    return {
        "id": f"event-{number}",
        "type": kind,
        "authors": [{"id": "somebody", "type": "person"}],
        "entity": {"id": PAGE, "type": "page"},
        "data": {"parent": {"id": "db", "type": "database", "data_source_id": source}},
    } | more


def notice(data: Any, secret: str = NEW) -> Notice:
    """An event that is signed."""
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    return Notice("/hooks/notion", body, {SIGNATURE: signed(secret, body)})


def button(action: str, page: str = PAGE, number: int = 1, source: str = "ds-check-ins") -> Notice:
    """A button's webhook."""
    data = {
        "source": {"type": "automation", "event_id": f"press-{number}"},
        "data": {"object": "page", "id": page, "parent": {"type": "data_source_id", "data_source_id": source}},
    }
    return Notice("/hooks/notion/button", json.dumps(data).encode(), {SECRET: PRESSED, ACTION: action})


class TestRefusalsOfTheSubscription(Refuses):
    """What its hook refuses."""

    workspace, proof = "notion", SIGNATURE

    @classmethod
    def prepare(cls, office: Office) -> None:
        """Trusted secrets."""
        trusting(office)

    def good(self, number: int = 1, body: bytes | None = None) -> Notice:
        """A signed event."""
        return notice(event(number) if body is None else body)

    def unknown(self) -> Notice:
        """A kind of event that was made up later."""
        return notice(event(kind="page.sung"))

    def test_one_byte_that_is_another_makes_it_a_forgery(self, office: Office) -> None:
        """The signature is over the bytes as they came, whatever they mean."""
        good = self.good()
        for body in (good.body.replace(b"page-1", b"page-2"), good.body + b" "):
            self.refused(office, replace(good, body=body), 401)

    def test_a_secret_that_nobody_confirmed_proves_nothing(self, office: Office) -> None:
        """It was offered by whoever sent it."""
        self.refused(office, notice(event(), UNCONFIRMED), 401)

    def test_a_handshake_that_nobody_expects_plants_no_secret(self, office: Office) -> None:
        """HR says first that one is to come."""
        self.refused(office, notice({"verification_token": "secret_planted"}, "secret_planted"), 401)
        with office.company.store.read() as tx:
            assert len(hooks.secrets_of(tx, hooks.NOTION)) == 3

    @pytest.mark.parametrize(
        "data",
        [
            {},
            {"id": 7, "type": "page.created"},
            event(entity=None),
            event(data=[]),
            event(entity={"id": 5}),
            event(source="ds-of-somebody-else"),
            event(source="ds-people"),
            event(kind="page.locked"),
            event(kind="comment.created"),
            event(authors=[{"id": BOT, "type": "bot"}]),
            event(data={"parent": {"id": "p", "type": "page"}}),
        ],
    )
    def test_what_changes_nothing_that_is_read_is_acknowledged_only(self, office: Office, data: dict[str, Any]) -> None:
        """Other databases, home pages, locks, comments, what we did ourselves, and events that lack what they need."""
        self.refused(office, notice(data), 202)


class TestRefusalsOfButtons(Refuses):
    """What their hook refuses."""

    workspace, proof = "notion", SECRET

    @classmethod
    def prepare(cls, office: Office) -> None:
        """A secret."""
        trusting(office)

    def good(self, number: int = 1, body: bytes | None = None) -> Notice:
        """A press of a button."""
        made = button(SUBMIT, number=number)
        return made if body is None else replace(made, body=body)

    def unknown(self) -> Notice:
        """A button that was made up later."""
        return button("sing")

    def test_the_secret_of_a_subscription_presses_no_button(self, office: Office) -> None:
        """Each hook has its own."""
        good = self.good()
        self.refused(office, replace(good, headers={**good.headers, SECRET: NEW}), 401)

    def test_a_row_that_is_no_check_in_of_ours_submits_nothing(self, office: Office) -> None:
        """And a stranger's page drafts nothing."""
        self.refused(office, button(SUBMIT, "page-of-nobody"), 202)
        self.refused(office, button(DRAFT, "page-of-nobody"), 202)


def test_an_event_marks_its_artifact_and_one_sync_waits(office: Office) -> None:
    """Signed with either secret, however many there are."""
    assert send(office, notice(event(1), OLD)).status_code == 202
    assert send(office, notice(event(2, entity={"id": "page-2", "type": "page"}))).status_code == 202
    assert work(office.company) == (1, (REF, "working/check-in/page-2"))


def test_the_same_event_counts_once_however_often_it_comes(office: Office) -> None:
    """Notion repeats what it thinks was not heard; what is done is not done again."""
    send(office, notice(event()))
    with office.company.store.write() as tx:
        ledger.clean(tx, "notion", [REF])
        (waiting,) = jobs.unfinished(tx)
        jobs.end(tx, waiting.id, jobs.State.DONE, {}, "", NOW)
    assert send(office, notice(event(attempt_number=2))).status_code == 202
    assert work(office.company) == (0, ())


def test_what_others_did_with_us_counts(office: Office) -> None:
    """Gathered events may have several authors."""
    send(office, notice(event(authors=[{"id": BOT}, {"id": "somebody"}])))
    assert work(office.company) == (1, (REF,))


def test_a_goal_is_no_artifact_but_something_to_read(office: Office) -> None:
    """Its sheet is put together anew by the sync."""
    send(office, notice(event(source="ds-goals")))
    assert work(office.company) == (1, ())


def test_a_company_that_works_elsewhere_by_now_reads_nothing_for_it(office: Office) -> None:
    """A subscription that was left behind does no harm."""
    with office.company.store.write() as tx:
        people.set_setting(tx, "workspace", "google")
    assert send(office, notice(event())).status_code == 202
    assert work(office.company) == (0, ())


def test_a_handshake_that_is_expected_is_kept_sealed_for_hr(office: Office) -> None:
    """It proves nothing until HR has confirmed it; a few at most are kept; a wrong signature is none."""
    with office.company.store.write() as tx:
        people.set_setting(tx, EXPECTED, (office.company.real_now + timedelta(minutes=5)).isoformat())
    answers = [send(office, notice({"verification_token": f"secret_{n}"}, f"secret_{n}")).status_code for n in range(9)]
    assert answers == [202] * (MOST_OFFERED - 1) + [401] * (9 - MOST_OFFERED + 1)
    with office.company.store.read() as tx:
        kept = [one for one in hooks.secrets_of(tx, hooks.NOTION) if not one.trusted]
    assert "secret_0" in {opened(office.company.settings, one.secret) for one in kept}
    assert send(office, notice(event(), "secret_0")).status_code == 401
    with office.company.store.write() as tx:
        hooks.trust(tx, next(one.id for one in kept if opened(office.company.settings, one.secret) == "secret_0"))
    assert send(office, notice(event(), "secret_0")).status_code == 202
    assert send(office, notice({"verification_token": "secret_x"}, "secret_y")).status_code == 401


def a_paper(kind: Kind, ref: str, about: str) -> Artifact:
    """A document of the running cycle."""
    return Artifact(f"2026-h1/{about}/{kind}", kind, CYCLE.id, about, "", date(2026, 2, 2), Place.WORKING, "A title", ref, "v1")


def test_a_button_is_for_the_person_of_its_row(office: Office) -> None:
    """Submitting reads the check-in; drafting asks for that person's own review, as far as they may write one."""
    self_review = "working/self-review/page-5"
    with office.company.store.write() as tx:
        papers = [a_paper(Kind.CHECK_IN, REF, ADA.id), a_paper(Kind.SELF_REVIEW, self_review, LEAVER.id)]
        artifacts.record(tx, "notion", [(one, {}) for one in papers])
    send(office, button(SUBMIT))
    send(office, button(SUBMIT))
    assert work(office.company) == (1, (REF,))
    send(office, button(DRAFT, "home-of-ada", 2, "ds-people"))
    send(office, button(DRAFT, "home-of-ada", 2, "ds-people"))
    send(office, button(DRAFT, PAGE, 3))
    with office.company.store.read() as tx:
        drafts = [one for one in jobs.unfinished(tx) if one.name is Job.DRAFT]
    assert [one.argument for one in drafts] == [f"{CYCLE.id}/{ADA.id}"]


def test_notices_are_forgotten_when_nobody_repeats_them_any_more(office: Office) -> None:
    """The list of what was heard does not grow for ever."""
    store = office.company.store
    with store.write() as tx:
        for age in (1, 47, 49):
            hooks.is_new(tx, f"{age} hours ago", NOW - timedelta(hours=age))
        assert hooks.forget_deliveries(tx, NOW) == 1
        assert not hooks.is_new(tx, "47 hours ago", NOW)
