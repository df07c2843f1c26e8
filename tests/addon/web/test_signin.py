"""Getting in and out: links that work once, sessions that end, forms that cannot be forged."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from addon.signin import provider
from addon.signin.links import make_link
from addon.signin.sessions import person_of_email
from addon.signin.views import _safe_next
from addon.web.safety import limiter
from sync.access import Directory
from sync.records import Person
from tests.addon.web.people import ADA, BOSS, LEAVER, TODAY, Office, open_office


def path_of(link: str) -> str:
    """The path of a sign-in link."""
    return "/signin/" + link.partition("/signin/")[2]


def test_a_link_signs_in_once(office: Office) -> None:
    """The second use finds nothing, and opening it without pressing the button uses nothing up."""
    path = path_of(make_link(office.company, ADA))
    browser, thief = office.browser(), office.browser()
    assert browser.get(path).status_code == 200
    assert browser.post(path, {}, page=path).status_code == 303
    assert "Ada Brandt" in browser.text("/")
    assert thief.get(path).status_code == 404
    assert thief.post(path, {}, page="/signin").status_code in (400, 404)


def test_a_link_expires(office: Office) -> None:
    """After its time it is as good as none."""
    path = path_of(make_link(office.company, ADA, timedelta(hours=1)))
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=2), tick=False):
        assert office.browser().get(path).status_code == 404


def test_a_session_ends_when_nobody_uses_it(office: Office) -> None:
    """A day later the browser is nobody again."""
    browser = office.browser(ADA)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=1), tick=False):
        assert browser.get("/").status_code == 303


def test_signing_in_gives_a_fresh_token_and_ends_the_one_before(office: Office) -> None:
    """Whoever planted or copied the former token holds nothing."""
    browser = office.browser(ADA)
    before = browser.client.get_cookie("throughline")
    assert before is not None
    path = path_of(make_link(office.company, BOSS))
    browser.post(path, {}, page=path)
    after = browser.client.get_cookie("throughline")
    assert after is not None
    assert after.value != before.value
    copy = office.browser()
    copy.client.set_cookie("throughline", before.value)
    assert copy.get("/").status_code == 303


def test_signing_out_everywhere_ends_the_other_devices_too(office: Office) -> None:
    """Two browsers of one person, one of them signs out everywhere."""
    first, second = office.browser(ADA), office.browser(ADA)
    assert first.post("/signout/everywhere", {}).status_code == 303
    assert second.get("/").status_code == 303


def test_the_cookie_is_kept_from_scripts_and_from_other_sites(office: Office) -> None:
    """HttpOnly and SameSite always, Secure and bound to the host wherever TLS is used."""
    path = path_of(make_link(office.company, ADA))
    browser = office.browser()
    headers = browser.post(path, {}, page=path).headers.getlist("Set-Cookie")
    cookie = next(one for one in headers if one.startswith("throughline="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_form_without_its_token_does_nothing(office: Office) -> None:
    """A page of another site cannot write a note for whoever is signed in here."""
    browser = office.browser(ADA)
    answer = browser.client.post("/me/notes", data={"text": "forged", "readers": "shared"})
    assert answer.status_code == 400
    assert "forged" not in browser.text("/me/known")


def test_too_many_sign_ins_have_to_wait(tmp_path: Path) -> None:
    """The eleventh in a minute is told so."""
    office = open_office(tmp_path / "home", limited=True)
    codes = [office.browser().get("/signin/link/guess").status_code for _ in range(11)]
    limiter.enabled = False
    office.company.close()
    assert codes == [404] * 10 + [429]


def test_the_switcher_exists_in_a_demo_only(office: Office, tmp_path: Path) -> None:
    """A real company has no page that signs in as anybody."""
    assert office.browser().get("/signin/as").status_code == 404
    demo = open_office(tmp_path / "demo", demo=True)
    browser = demo.browser()
    assert browser.post("/signin/as", {"person": ADA.id}, page="/signin/as").status_code == 303
    assert "Ada Brandt" in browser.text("/")
    demo.company.close()


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:1", "/a\r\nb", "/signin", None]
)
def test_after_signing_in_nobody_is_sent_to_another_site(wanted: str | None) -> None:
    """What is no path of this console means the first page."""
    assert _safe_next(wanted) == "/"


def test_an_address_means_whoever_has_it_now() -> None:
    """A former address is nobody's, and so is one of somebody who left."""
    old = Person("p1", "Old", "old@example.org", former_emails=("shared@example.org",))
    new = Person("p2", "New", "shared@example.org")
    assert person_of_email(Directory((old, new)), "Shared@Example.org", TODAY) == new
    assert person_of_email(Directory((old,)), "shared@example.org", TODAY) is None
    assert person_of_email(Directory((LEAVER,)), LEAVER.email, TODAY) is None
    assert person_of_email(Directory((old,)), "", TODAY) is None


@pytest.mark.parametrize(
    "now_theirs",
    [{"end": date(2026, 3, 1)}, {"start": date(2026, 4, 1)}],
    ids=["who left yesterday", "who starts next week"],
)
def test_an_address_that_passed_on_never_signs_in_who_had_it_before(now_theirs: dict[str, date]) -> None:
    """Whoever has it now may hold it at the provider already, or still: they are nobody here, not their predecessor."""
    old = Person("p1", "Old", "old@example.org", former_emails=("shared@example.org",))
    new = Person("p2", "New", "shared@example.org", **now_theirs)
    assert person_of_email(Directory((old, new)), "shared@example.org", TODAY) is None


@pytest.mark.parametrize("alike", ["stra\u00dfe@example.org", "\u212aim@example.org", "\u017fam@example.org"])
def test_an_address_in_letters_that_only_fold_to_anothers_is_not_theirs(alike: str) -> None:
    """A mailbox with a sharp s, a Kelvin sign or a long s is another mailbox, whatever caseless comparing makes of it."""
    theirs = [Person(f"p{n}", name, f"{name}@example.org") for n, name in enumerate(("strasse", "kim", "sam"))]
    claimed = provider.verified_email({"email": alike, "email_verified": True})
    assert person_of_email(Directory(theirs), claimed, TODAY) is None
    assert person_of_email(Directory(theirs), "KIM@Example.org", TODAY) == theirs[1]


def test_every_answer_carries_the_headers_that_protect_it(office: Office) -> None:
    """No inline script, no frame, no sniffing, no copy in a cache; faults included."""
    browser = office.browser(ADA)
    for path in ("/", "/nothing-here"):
        headers = browser.get(path).headers
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cache-Control"] == "no-store"


def test_what_people_write_is_words_on_a_page_never_markup(office: Office) -> None:
    """A script in a note is shown, not run."""
    page = office.browser(ADA).text("/")
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
