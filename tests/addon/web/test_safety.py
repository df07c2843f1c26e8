"""What protects every page, walked over all of them: forged forms, headers, sizes, rates, hostile words, hosts and proxies."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from addon import create_app
from addon.company import Company
from addon.signin.links import make_link
from addon.web.safety import LARGEST_REQUEST, SECRET_IN_THE_ADDRESS, limiter
from sync.records import Visibility
from sync.store.models import quota_use
from sync.store.queries import ledger
from tests.addon.web.access_table import RULES
from tests.addon.web.people import ADA, BOSS, HR, LEADER, PEER, Office, an_entry, open_office

WHOSE_PAGES = (ADA, BOSS, HR, LEADER, PEER)
HOSTILE = (
    "<script>document.title='owned'</script><img src=x onerror=alert(1)>",
    "</textarea></p><!-- ${7*7} {{ 7*7 }} {% raw %} javascript:alert(1)",
    "\u202etxet desrever \u2066\u2069\u200f שלום עולم مرحبا",
    "👩‍👩‍👧‍👦🏳️‍🌈 Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢ \ufeff\u0000\u0007\ufffe\U0010ffff",
    "[a](javascript:alert(1)) ![b](http://evil.example/x.png) <http://evil.example>",
    '=HYPERLINK("http://evil.example") `\'"&;',
)


def every_path(office: Office) -> list[str]:
    """Of each page that is opened by an address."""
    return [rule.path.format(person=ADA.id) for rule in RULES if rule.method == "GET"]


def test_no_form_is_taken_without_its_token(office: Office) -> None:
    """Every route of people that changes something; only a secret in the address itself is as good as the token."""
    browser, checked = office.browser(HR), 0
    views = {name.rpartition(".")[2] for name in SECRET_IN_THE_ADDRESS}
    platforms = office.app.extensions["platforms"]  # they prove each request by themselves
    for rule in office.app.url_map.iter_rules():
        blueprint, _, view = rule.endpoint.rpartition(".")
        if "POST" not in (rule.methods or set()) or view in views or blueprint in platforms:
            continue
        with office.app.test_request_context():
            path = office.app.url_for(rule.endpoint, **dict.fromkeys(rule.arguments, ADA.id))
        for form in ({}, {"csrf_token": "guessed"}):
            assert browser.client.post(path, data=form).status_code == 400, rule
        checked += 1
    assert checked >= 20


def test_no_page_changes_anything_by_being_opened(office: Office) -> None:
    """Only POST does: no route takes PUT, PATCH or DELETE, and OPTIONS tells nothing."""
    methods = {method for rule in office.app.url_map.iter_rules() for method in rule.methods or ()}
    assert methods == {"GET", "HEAD", "POST"}
    browser = office.browser(ADA)
    for path in ("/", "/company/", "/me/notes"):
        assert browser.client.options(path).status_code == 405


def assert_safe(answer: object) -> None:
    """The headers that every answer has."""
    headers = answer.headers  # type: ignore[attr-defined]
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Server" not in headers


def test_every_answer_is_wrapped_in_the_same_headers(office: Office) -> None:
    """Pages, files, redirects and faults of each kind, for somebody and for nobody."""
    for browser in (office.browser(), office.browser(BOSS), office.browser(HR)):
        for path in every_path(office):
            assert_safe(browser.get(path))
        for answer in (
            browser.get("/nothing/here"),
            browser.client.put("/"),
            browser.client.post("/me/notes", data={}),
            browser.client.post(
                "/me/notes", data=b"x" * (LARGEST_REQUEST + 1), content_type="application/x-www-form-urlencoded"
            ),
            browser.client.open("/", method="BREW"),
        ):
            assert answer.status_code in (303, 400, 404, 405, 413)
            assert_safe(answer)


def test_a_page_and_its_head_are_the_same(office: Office) -> None:
    """A monitor that asks for the headers alone gets those of the page."""
    browser = office.browser(HR)
    for path in every_path(office):
        page, head = browser.get(path), browser.client.head(path)
        assert page.status_code == head.status_code, path
        assert head.get_data() == b""


def test_a_fault_of_the_program_says_nothing_about_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence, the headers, and not the words that it broke on."""

    def broken(*_given: object) -> None:
        raise RuntimeError("zqx-secret")

    monkeypatch.setattr("addon.my.looking.documents", broken)
    answer = office.browser(ADA).get("/")
    assert answer.status_code == 500
    assert_safe(answer)
    assert "zqx" not in answer.get_data(as_text=True)
    assert "Something broke" in answer.get_data(as_text=True)


def test_more_than_fits_is_refused_before_it_is_read(office: Office) -> None:
    """As a form and as a file."""
    browser = office.browser(HR)
    big = "x" * (LARGEST_REQUEST + 1)
    for path in ("/me/notes", "/company/people/import"):
        answer = browser.post(path, {"text": big, "csv": big})
        assert answer.status_code == 413
        assert "too much at once" in answer.get_data(as_text=True)


@pytest.fixture
def limited(tmp_path: Path) -> Iterator[Office]:
    """The same company with its limits on."""
    office = open_office(tmp_path / "limited", limited=True)
    yield office
    limiter.enabled = False
    office.company.close()


def test_who_writes_too_much_has_to_wait_and_nobody_else(limited: Office) -> None:
    """Sixty notes a minute, for each person apart."""
    browser = limited.browser(ADA)
    codes = [browser.client.post("/me/notes", data={"text": str(number)}).status_code for number in range(70)]
    assert codes == [400] * 70  # a forged form is refused before it is counted
    form = {"text": "A note", "readers": "mine", "nonce": ""}
    codes = [browser.post("/me/notes", form | {"nonce": str(number)}).status_code for number in range(61)]
    assert codes == [303] * 60 + [429]
    assert_safe(browser.get("/"))
    assert limited.browser(BOSS).post("/me/notes", form).status_code == 303


def test_a_limit_holds_for_all_processes_together_and_tells_nothing_of_whom(limited: Office) -> None:
    """Another process counts on from where this one was; neither an id nor an address can be read from the counts."""
    ada = limited.browser(ADA)
    other, company = behind_proxy(limited, 0, "http://127.0.0.1:8080")
    apps = [other, *[limited.app, other] * 4]  # she opened a link before
    assert [app.test_client().get("/signin/link/x").status_code for app in apps] == [404] * 9
    assert other.test_client().get("/signin/link/x").status_code == 429
    ada.post("/me/notes", {"text": "A note", "readers": "mine", "nonce": "1"})
    with company.store.read() as tx:
        told = " ".join(tx.execute(select(quota_use.c.key)).scalars())
    assert told
    assert not [word for word in (ADA.id, "127.0.0.1", "signin") if word in told]
    company.close()


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_are_words_on_every_page(office: Office, words: str) -> None:
    """Whatever stands in a document, a name or a search: no page breaks, and none of it becomes markup."""
    with office.company.store.write() as tx:
        ledger.append(tx, [replace(an_entry(9, words), id="hostile", place=words[:80])])
    for viewer in WHOSE_PAGES:
        browser = office.browser(viewer)
        for path in every_path(office):
            answer = browser.client.get(
                path, query_string={"q": words, "kind": words, "page": "9" * 30, "before": "9" * 30, "next": words}
            )
            page = answer.data.decode(errors="replace")
            assert answer.status_code != 500, path
            assert "<script>document" not in page
            assert "onerror=alert(1)>" not in page
            assert 'href="javascript:' not in page
            assert 'src="http://evil' not in page


def test_a_paragraph_of_ten_megabytes_does_not_stop_a_page(office: Office) -> None:
    """Its beginning is shown, the rest stands in the document."""
    with office.company.store.write() as tx:
        ledger.append(tx, [replace(an_entry(9, "long *words* " * 800_000), id="long")])
    for viewer, path in ((ADA, "/"), (ADA, "/me/known"), (BOSS, f"/team/{ADA.id}")):
        browser = office.browser(viewer)
        begun = time.process_time()
        page = browser.text(path)
        assert time.process_time() - begun < 2
        assert len(page) < 200_000
        assert "more characters stand in the document" in page


def behind_proxy(office: Office, hops: int, base_url: str = "https://throughline.example.com") -> tuple[Flask, Company]:
    """The same company as it runs behind so many proxies."""
    company = Company(replace(office.company.settings, base_url=base_url, trusted_proxies=hops))
    return create_app(company), company


def test_cookies_under_tls_belong_to_this_host_and_to_tls(office: Office) -> None:
    """`__Host-`, Secure, HttpOnly, no domain: signing in, the form's own, and signing out."""
    app, company = behind_proxy(office, 1)
    client = app.test_client()
    client.environ_base["HTTP_X_FORWARDED_PROTO"] = "https"
    link = make_link(company, ADA)
    assert link.startswith("https://throughline.example.com/signin/link/")
    path = link.removeprefix("https://throughline.example.com")
    referer = {"Referer": f"https://throughline.example.com{path}", "Host": "throughline.example.com"}
    page = client.get(path, base_url="https://throughline.example.com")
    token = page.get_data(as_text=True).partition('csrf_token" value="')[2].partition('"')[0]
    answer = client.post(path, data={"csrf_token": token}, headers=referer, base_url="https://throughline.example.com")
    assert answer.status_code == 303
    assert answer.headers["Strict-Transport-Security"]
    cookies = [*page.headers.getlist("Set-Cookie"), *answer.headers.getlist("Set-Cookie")]
    assert {cookie.partition("=")[0] for cookie in cookies} == {"__Host-form", "__Host-throughline"}
    for cookie in cookies:
        parts = [part.strip() for part in cookie.split(";")]
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(parts)
        assert not any(part.startswith("Domain") for part in parts)
    company.close()


def test_a_form_from_another_site_is_refused_even_with_a_token(office: Office) -> None:
    """Under TLS the page that sent it must be one of ours."""
    app, company = behind_proxy(office, 0)
    client = app.test_client()
    page = client.get("/signin", base_url="https://throughline.example.com").get_data(as_text=True)
    for referer in ("https://evil.example/", ""):
        answer = client.post(
            "/signout",
            data={"csrf_token": page.partition('csrf_token" value="')[2].partition('"')[0]},
            headers={"Referer": referer},
            base_url="https://throughline.example.com",
        )
        assert answer.status_code == 400
    company.close()


@pytest.mark.parametrize("hops", [0, 1])
def test_a_host_that_somebody_made_up_stands_in_no_answer(office: Office, hops: int) -> None:
    """Addresses come from the settings: a forged Host or X-Forwarded-Host leads nobody away."""
    app, company = behind_proxy(office, hops)
    client = app.test_client()
    forged = dict.fromkeys(("Host", "X-Forwarded-Host"), "evil.example") | {"Forwarded": "host=evil.example"}
    for path in ["/", "/signin", "/nothing", *every_path(office)]:
        answer = client.get(path, headers=forged)
        assert b"evil.example" not in answer.data, path
        assert "evil.example" not in str(answer.headers), path
    company.close()


def test_only_a_trusted_proxy_says_from_where_somebody_comes(limited: Office) -> None:
    """Without one, a made-up address does not help against the limit; behind one, each address is counted apart."""

    def codes(hops: int, addresses: str) -> list[int]:
        with limited.company.store.write() as tx:
            tx.execute(quota_use.delete())
        app, company = behind_proxy(limited, hops)
        given = [{"X-Forwarded-For": addresses.format(number)} for number in range(11)]
        found = [app.test_client().get("/signin/link/x", headers=one).status_code for one in given]
        company.close()
        return found

    assert codes(0, "10.0.0.{}")[-1] == 429
    assert codes(1, "1.1.1.1, 10.0.0.{}") == [404] * 11
    assert codes(1, "9.9.9.{}, 10.1.1.1")[-1] == 429


def test_a_token_that_somebody_planted_signs_nobody_in(office: Office) -> None:
    """Before, while and after somebody else signs in with it in their browser."""
    planted = "planted-token-of-the-thief"
    victim, thief = office.browser(), office.browser()
    for browser in (victim, thief):
        browser.client.set_cookie("throughline", planted)
    path = "/signin/" + make_link(office.company, ADA).partition("/signin/")[2]
    assert victim.post(path, {}, page=path).status_code == 303
    assert "Ada Brandt" in victim.text("/")
    assert thief.get("/").status_code == 303


def test_no_cache_keeps_a_page(office: Office) -> None:
    """Neither the browser's nor one on the way."""
    with office.company.store.write() as tx:
        ledger.append(tx, [an_entry(10, "zqx-mine", Visibility.AUTHOR_PRIVATE)])
    browser = office.browser(ADA)
    for path in every_path(office):
        if not path.startswith("/static"):
            assert browser.get(path).headers["Cache-Control"] == "no-store", path
