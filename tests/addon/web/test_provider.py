"""Signing in by a real OpenID Connect provider, over real HTTP, as a browser goes from one to the other and back."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
import requests
from werkzeug.serving import make_server

from addon import create_app
from addon.company import Company
from sync.store.queries import reviews
from tests.addon.web.issuer import CLIENT_ID, CLIENT_SECRET, Issuer, running
from tests.addon.web.people import open_office
from tests.journeys.browsing import launched


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    """A provider."""
    with running() as one:
        yield one


class Console:
    """The console on a port of this machine, and one browser."""

    def __init__(self, company: Company, address: str) -> None:
        self.company, self.address = company, address
        self.browser = requests.Session()

    def begin(self, next_: str = "/") -> requests.Response:
        """Follow the link; not followed to the provider yet."""
        page = self.browser.get(f"{self.address}/signin", params={"next": next_}, timeout=5).text
        (link,) = re.findall(r'href="(/signin/provider[^"]*)"', page)
        return self.browser.get(self.address + unescape(link), allow_redirects=False, timeout=5)

    def sign_in(self, next_: str = "/") -> requests.Response:
        """All the way."""
        begun = self.begin(next_)
        return self.browser.get(begun.headers["Location"], timeout=5)

    def refusals(self) -> list[str]:
        """What the audit log says about sign-ins that were refused."""
        with self.company.store.read() as tx:
            return [row[5] for row in reviews.trail_page(tx, 99, 50) if "sign-in-refused" in row]


@pytest.fixture
def console(issuer: Issuer, tmp_path: Path) -> Iterator[Console]:
    """A company whose provider that is."""
    office = open_office(tmp_path / "home")
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    address = f"http://127.0.0.1:{server.port}"
    settings = replace(
        office.company.settings,
        oidc_issuer=issuer.address,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=CLIENT_SECRET,
        base_url=address,
    )
    company = Company(settings)
    server.app = create_app(company)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield Console(company, address)
    server.shutdown()
    thread.join()
    server.server_close()
    company.close()
    office.company.close()


def test_whom_the_provider_vouches_for_is_signed_in(console: Console) -> None:
    """From the button to one's own page."""
    page = console.sign_in()
    assert page.url == f"{console.address}/"
    assert "Ada Brandt" in page.text


@pytest.mark.browser
def test_a_browser_follows_the_provider_to_another_site_and_back(console: Console, issuer: Issuer) -> None:
    """In real Chromium, from the button to one's own page: the page's policy stops nobody on the way."""
    issuer.signs_in_at = issuer.address.replace("127.0.0.1", "localhost")
    with launched() as chromium:
        page = chromium.new_page()
        page.goto(f"{console.address}/me/known")
        page.get_by_role("link", name="Sign in with your work account").click()
        page.wait_for_url(f"{console.address}/me/known")
        assert "Ada Brandt" in page.content()


def test_another_account_with_the_same_address_is_refused(console: Console, issuer: Issuer) -> None:
    """The first one is Ada's from then on; the second stands in the audit log with her id and without her address."""
    assert "Ada Brandt" in console.sign_in().text
    console.browser.cookies.clear()
    issuer.lies = {"sub": "subject-2"}
    assert "signs in with another account" in console.sign_in().text
    assert console.refusals() == ["another account is bound to the person with that address"]


def test_one_comes_back_to_the_page_that_one_asked_for(console: Console) -> None:
    """The first address leads to the sign-in and from there on."""
    asked = console.browser.get(f"{console.address}/me/known", timeout=5)
    assert asked.url.endswith("/signin?next=/me/known")
    assert console.sign_in("/me/known").url == f"{console.address}/me/known"


def test_a_provider_that_tells_the_address_apart_is_asked_for_it(console: Console, issuer: Issuer) -> None:
    """Okta's token holds no address; its userinfo does."""
    issuer.told_apart = True
    assert "Ada Brandt" in console.sign_in().text


def test_what_is_told_apart_about_another_counts_for_nothing(console: Console, issuer: Issuer) -> None:
    """The token's subject and the userinfo's must be the same."""
    issuer.told_apart, issuer.userinfo_of = True, "subject-2"
    assert "told of somebody else" in console.sign_in().text


@pytest.mark.parametrize("proof", [True, "true", 1, "1"])
def test_microsoft_vouches_in_its_own_word(console: Console, issuer: Issuer, proof: object) -> None:
    """`xms_edov` stands for a verified address."""
    issuer.who = {"email": "Ada@Example.org", "xms_edov": proof}
    assert "Ada Brandt" in console.sign_in().text


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ({"email": "ada@example.org", "email_verified": False}, "has not verified the address ada@example.org"),
        ({"email": "ada@example.org"}, "has not verified the address"),
        ({"email": "ada@example.org", "xms_edov": False}, "has not verified the address"),
        ({"email": "ada@example.org", "email_verified": False, "xms_edov": True}, "has not verified the address"),
        ({}, "did not say which address is yours"),
        ({"email": "eve@example.org", "email_verified": True}, "eve@example.org is not in the directory"),
        ({"email": "leo@example.org", "email_verified": True}, "leo@example.org is not in the directory"),
    ],
)
def test_whom_nobody_vouches_for_is_told_why(console: Console, issuer: Issuer, who: dict[str, object], sentence: str) -> None:
    """Unverified, unknown, or gone: a sentence, and a line in the audit log."""
    issuer.who = who
    page = console.sign_in("/me/known")
    assert page.url == f"{console.address}/signin?next=/me/known"
    assert sentence in page.text
    assert len(console.refusals()) == 1
    assert console.browser.get(f"{console.address}/me/known", allow_redirects=False, timeout=5).status_code == 303


@pytest.mark.parametrize(
    "lies",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another-client"},
        {"aud": "another-client", "azp": CLIENT_ID},
        {"aud": None},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1_600_000_000, "iat": 1_599_999_000},
        {"exp": None},
        {"iat": 4_000_000_000},
        {"sub": None},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_this_sign_in_is_refused(console: Console, issuer: Issuer, lies: dict[str, object]) -> None:
    """Whoever signed it: it must be of this issuer, for this client, for this moment, and for this very request."""
    issuer.lies = lies
    page = console.sign_in()
    assert "cannot be trusted" in page.text
    assert "Ada Brandt" not in page.text
    assert len(console.refusals()) == 1


def test_a_token_that_somebody_else_signed_is_refused(console: Console, issuer: Issuer) -> None:
    """The key of the provider decides."""
    issuer.key_name = "forged"
    assert "cannot be trusted" in console.sign_in().text
    assert len(console.refusals()) == 1


def test_a_provider_that_calls_itself_otherwise_is_refused(console: Console, issuer: Issuer) -> None:
    """Its discovery must name the issuer of the settings."""
    issuer.calls_itself = "https://other.example"
    assert "calls itself https://other.example" in console.sign_in().text
    assert len(console.refusals()) == 1


def test_an_answer_to_another_browsers_sign_in_is_refused(console: Console) -> None:
    """Whoever sends somebody their own answer signs nobody in: the state belongs to the browser that asked."""
    begun = console.begin()
    answer = requests.get(begun.headers["Location"], allow_redirects=False, timeout=5).headers["Location"]
    stranger = requests.Session()
    page = stranger.get(answer, timeout=5)
    assert "begun elsewhere or is too old" in page.text
    assert len(console.refusals()) == 1
    assert "Ada Brandt" in console.browser.get(answer, timeout=5).text


def test_an_answer_is_good_for_once(console: Console) -> None:
    """The same address a second time signs nobody in."""
    begun = console.begin()
    answer = console.browser.get(begun.headers["Location"], allow_redirects=False, timeout=5).headers["Location"]
    assert console.browser.get(answer, timeout=5).ok
    console.browser.cookies.clear()
    assert "Not signed in" in console.browser.get(answer, timeout=5).text


def test_a_provider_that_says_no_is_quoted(console: Console, issuer: Issuer) -> None:
    """Its own word stands in the sentence."""
    issuer.refuses = "access_denied"
    assert "access_denied" in console.sign_in().text
    assert len(console.refusals()) == 1


def test_a_provider_that_is_not_there_is_said(console: Console, issuer: Issuer) -> None:
    """A sentence instead of a fault."""
    object.__setattr__(console.company.settings, "oidc_issuer", "http://127.0.0.1:9")
    begun = console.begin("/me/known")
    assert begun.headers["Location"].endswith("/signin?next=/me/known")
    assert "cannot be reached" in console.browser.get(f"{console.address}{begun.headers['Location']}", timeout=5).text


def test_every_request_to_the_provider_has_its_own_secrets(console: Console, issuer: Issuer) -> None:
    """State, nonce and challenge are fresh each time; the verifier is seen by nobody."""
    for _ in range(2):
        console.browser.get(console.begin().headers["Location"], allow_redirects=False, timeout=5)
    first, second = issuer.asked
    assert all(first[name] != second[name] for name in ("state", "nonce", "code_challenge"))
    assert "code_verifier" not in first


def test_the_session_begins_anew_with_the_sign_in(console: Console) -> None:
    """A cookie that somebody planted before is worth nothing after."""
    console.browser.cookies.set("throughline", "planted", domain="127.0.0.1", path="/")
    console.sign_in()
    values = [cookie.value for cookie in console.browser.cookies if cookie.name == "throughline"]
    assert "planted" not in values
    planted = requests.get(f"{console.address}/", cookies={"throughline": "planted"}, timeout=5)
    assert planted.url.endswith("/signin?next=/")
