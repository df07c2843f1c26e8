"""What one decides for oneself, and what HR hands over or erases when somebody left."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from addon.jobs.work import doings
from sync.jobs import Job, State
from sync.records import Entry, EntryKind, Reporting, Visibility
from sync.store.queries import jobs, ledger, letters, people, reviews
from tests.addon.web.people import ADA, ADMIN, BOSS, HR, LEAVER, NOW, PEER, PRIVATE, SHARED, TODAY, Office

SETTINGS = "/me/settings/"


def calendar_path(page: str) -> str:
    """The path of the calendar feed that the page names."""
    found = re.search(r'value="http://[^/]+(/calendar/[^"]+)"', page)
    assert found is not None
    return found[1]


def test_reminders_are_switched_off_and_on(office: Office) -> None:
    """The page says how it stands, and the next mail run reads the same."""
    browser = office.browser(ADA)
    for wanted, sentence in (("off", "You get none"), ("on", "one mail a day at most")):
        browser.post("/me/settings/reminders", {"wanted": wanted}, page=SETTINGS)
        assert sentence in browser.text(SETTINGS)
        with office.company.store.read() as tx:
            assert (ADA.id in letters.opted_out(tx)) == (wanted == "off")


def test_a_new_calendar_address_ends_the_one_before(office: Office) -> None:
    """Whoever knew the former one sees nothing any more."""
    browser, program = office.browser(ADA), office.browser()
    before = calendar_path(browser.text(SETTINGS))
    assert program.get(before).status_code == 200
    browser.post("/me/settings/calendar", {}, page=SETTINGS)
    after = calendar_path(browser.text(SETTINGS))
    assert program.get(before).status_code == 404
    assert program.get(after).status_code == 200


def test_the_page_counts_devices_and_ends_them_all(office: Office) -> None:
    """Two browsers are two; afterwards neither is signed in."""
    one, other = office.browser(ADA), office.browser(ADA)
    assert "On 2 devices" in one.text(SETTINGS)
    one.post("/signout/everywhere", {}, page=SETTINGS)
    assert [browser.get(SETTINGS).status_code for browser in (one, other)] == [303, 303]


@pytest.mark.parametrize("form", ["json", "html"])
def test_what_one_takes_along_holds_nothing_that_others_keep_private(office: Office, form: str) -> None:
    """One's own words and what was shared; not the manager's notes, not who looked."""
    with office.company.store.write() as tx:
        reviews.note(tx, NOW, BOSS.id, "zqx-looked", ADA.id)
    answer = office.browser(ADA).post("/me/settings/download", {"as": form}, page=SETTINGS)
    words = answer.get_data(as_text=True)
    assert f"throughline-{ADA.id}.{form}" in answer.headers["Content-Disposition"]
    assert "Cut the waiting time" in words
    assert "zqx-own-token" in words
    assert "you may not see them by yourself" in words
    for secret in ("zqx-private-token", "zqx-looked", BOSS.id):
        assert secret not in words


def test_what_one_takes_along_keeps_what_colleagues_said_for_the_manager(office: Office) -> None:
    """Feedback that the pack does not show is not shown by a download."""
    told = Entry("f1", ADA.id, "", EntryKind.PEER_FEEDBACK, "zqx-peer", Visibility.MANAGER_PRIVATE, TODAY, NOW, "k", "t", "T")
    with office.company.store.write() as tx:
        ledger.append(tx, [told])
    answer = office.browser(ADA).post("/me/settings/download", {"as": "json"}, page=SETTINGS)
    assert "zqx-peer" not in answer.get_data(as_text=True)
    assert SHARED in {row["text"] for row in json.loads(answer.get_data())["written"]}


@pytest.mark.parametrize("form", ["json", "html"])
def test_one_takes_along_what_one_said_about_others_and_nobody_elses_words(office: Office, form: str) -> None:
    """Signed feedback and recognition are one's own; what others said about the same person is not, nor what has no name."""
    private = Visibility.MANAGER_PRIVATE
    said = [
        Entry("f1", BOSS.id, ADA.id, EntryKind.PEER_FEEDBACK, "zqx-mine", private, TODAY, NOW, "k", "t", "T"),
        Entry("f2", BOSS.id, PEER.id, EntryKind.PEER_FEEDBACK, "zqx-theirs", private, TODAY, NOW, "k", "t", "T"),
        Entry("f3", BOSS.id, "", EntryKind.PEER_FEEDBACK, "zqx-nameless", private, TODAY, NOW, "k", "t", "T"),
    ]
    with office.company.store.write() as tx:
        ledger.append(tx, said)
    told = office.browser(ADA).post("/me/settings/download", {"as": form}, page=SETTINGS).get_data(as_text=True)
    assert "zqx-mine" in told
    assert BOSS.name in told
    assert "zqx-theirs" not in told
    assert "zqx-nameless" not in told
    assert "answered without your name" in told


def test_hr_hands_over_everything_about_who_left(office: Office) -> None:
    """Private notes included, in a part of their own; it stands in the audit log."""
    about = Entry(
        "l1", LEAVER.id, BOSS.id, EntryKind.MANAGER_NOTE, PRIVATE, Visibility.MANAGER_PRIVATE, TODAY, NOW, "k", "n", "N"
    )
    with office.company.store.write() as tx:
        ledger.append(tx, [about])
    page = f"/company/people/{LEAVER.id}"
    answer = office.browser(HR).post(f"{page}/export", {"as": "json"}, page=page)
    assert json.loads(answer.get_data())["kept_private_by_others"][0]["text"] == PRIVATE
    with office.company.store.read() as tx:
        assert any(row[1:4] == (HR.id, "export", LEAVER.id) for row in reviews.trail(tx))


def test_nobody_takes_out_what_is_kept_about_somebody_who_works_here(office: Office) -> None:
    """Neither HR nor an admin, and the page offers it to nobody."""
    for viewer in (HR, ADMIN):
        browser = office.browser(viewer)
        assert "Hand over" not in browser.text(f"/company/people/{ADA.id}")
        assert browser.post(f"/company/people/{ADA.id}/export", {"as": "json"}).status_code == 404
        assert browser.get(f"/company/people/{ADA.id}/erase").status_code == 404
    assert "Hand over" not in office.browser(ADMIN).text(f"/company/people/{LEAVER.id}")


def test_erasing_asks_for_the_name_and_then_a_worker_does_it(office: Office) -> None:
    """Without the name nothing is asked for; with it a job is, and after that job nobody is left."""
    browser, page = office.browser(HR), f"/company/people/{LEAVER.id}/erase"
    assert browser.post(page, {"name": "Leo"}, page=page).headers["Location"] == page
    with office.company.store.read() as tx:
        assert jobs.last_of(tx, [Job.ERASE]) == {}
    assert browser.post(page, {"name": "leo left"}, page=page).headers["Location"] == "/company/jobs/"
    with office.company.store.read() as tx:
        asked = jobs.last_of(tx, [Job.ERASE])[Job.ERASE]
    assert (asked.argument, asked.state) == (LEAVER.id, State.WAITING)
    assert "Erase a person" in browser.text("/company/jobs/")
    doings(office.company)[Job.ERASE](asked.argument)
    assert browser.get(f"/company/people/{LEAVER.id}").status_code == 404
    with office.company.store.read() as tx:
        assert LEAVER.id not in {one.id for one in people.everyone(tx)}


def test_a_manager_who_left_with_people_is_not_erased_yet(office: Office) -> None:
    """The page says what has to happen first, and has no button."""
    with office.company.store.write() as tx:
        people.save(tx, [replace(ADA, reporting=(Reporting(LEAVER.id),))])
    page = office.browser(HR).text(f"/company/people/{LEAVER.id}/erase")
    assert "is still the manager of Ada Brandt" in page
    assert "Erase beyond recall" not in page
