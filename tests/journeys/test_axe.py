"""Every page in real Chromium, light and dark, wide and narrow: no serious fault for anybody, nothing cut off."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Response
from werkzeug.serving import make_server

from addon.reminders.links import no_more_address
from addon.signin.links import make_link
from connectors.workspace import Document, Part
from sync.pull.serial import to_json as content_json
from sync.records import Artifact, Release
from sync.store.queries import artifacts, reviews
from templates.shapes import Kind, Place
from tests.addon.web.access_table import RULES, Rule
from tests.addon.web.people import ADA, BOSS, CYCLE, HR, LEADER, NOW, PEER, Office, open_office
from tests.journeys.browsing import sign_in

pytestmark = pytest.mark.browser
SERIOUS = ("serious", "critical")
LOOKS = (("light", 1280), ("dark", 390))
NOWHERE = "/nowhere"
SWITCHER = "/signin/as"
#: Ways on to a page, and no pages of their own.
WAYS = frozenset({"/signin/provider", "/signin/return", "/company/connect/notion/return"})


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, str]]:
    """The small company on a port of this machine."""
    office = open_office(tmp_path_factory.mktemp("axe") / "home")
    office.browser(BOSS).post(f"/reviews/{ADA.id}/draft", {}, page=f"/reviews/{ADA.id}")
    office.browser(ADA).post("/me/review/draft", {}, page="/me/review/")
    release(office)
    server = make_server("127.0.0.1", 0, office.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield office, f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()
    office.company.close()


def release(office: Office) -> None:
    """Ada got her review of this cycle."""
    key = f"{CYCLE.id}/{ADA.id}/{Kind.RELEASED_REVIEW.value}"
    paper = Artifact(key, Kind.RELEASED_REVIEW, CYCLE.id, ADA.id, BOSS.id, None, Place.REVIEWS, "Review", "Review.docx", "1")
    text = Document((Part("outcomes", "Outcomes", ("Cut the waiting time.", "[1] Check-in of February")),))
    with office.company.store.write() as tx:
        artifacts.record(tx, "folder", [(paper, content_json(text))])
        reviews.save_release(tx, Release(CYCLE.id, ADA.id, "d1", BOSS.id, NOW, key, "hash"))


def is_page(rule: Rule) -> bool:
    """Whether people look at it: not a file, a picture, what programs ask for, or a part of a page."""
    aside = ("asset", "health", "reminders.calendar")
    part = rule.path.endswith(("/progress", ".png"))
    return rule.method == "GET" and not rule.endpoint.startswith(aside) and not part


@pytest.mark.parametrize("everybody", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["once", "by everybody"])
@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_no_page_has_a_serious_fault(
    chromium: Browser, served: tuple[Office, str], scheme: str, width: int, everybody: bool
) -> None:
    """By the rules of axe, and none is wider than the window: each page as the first who may open it sees it; or as all do."""
    from axe_playwright_python.sync_playwright import Axe

    office, address = served
    problems: list[str] = []
    left = {rule.path for rule in RULES if is_page(rule)} - WAYS | {NOWHERE}
    for who in (None, ADA, BOSS, HR, LEADER, PEER):
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
        page = context.new_page()
        if who is not None:
            sign_in(office.company, address, page, who)
        for path in sorted(left):
            office.company.is_demo = path == SWITCHER
            answer = page.goto(address + way_to(office, path))
            assert answer is not None
            if not shows(answer, path, page.url):
                continue
            if not everybody:
                left.remove(path)
            problems += [f"{path} {scheme} {width}: {one}" for one in faults(Axe().run(page).response["violations"])]
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                problems.append(f"{path} at {width}: wider than the window")
        office.company.is_demo = False
        context.close()
    assert problems == []
    assert everybody or not left, "nobody looked at these"


def way_to(office: Office, path: str) -> str:
    """Where that page is: some are behind an address that is made for one person."""
    if path.startswith("/signin/link/"):
        return "/signin/" + make_link(office.company, ADA).partition("/signin/")[2]
    if path.startswith("/reminders/"):
        return urlsplit(no_more_address(office.company.settings, ADA.id, 0)).path
    return path.format(person=ADA.id)


def shows(answer: Response, path: str, came_to: str) -> bool:
    """Whether the answer is that page, and not the way to the sign-in or a page that is not there for this viewer."""
    if path == NOWHERE:
        return answer.status == 404
    return answer.status == 200 and (path.startswith("/signin") or "/signin" not in came_to)


def faults(violations: list[dict[str, Any]]) -> Iterator[str]:
    """The serious ones, in words."""
    for one in violations:
        if one["impact"] in SERIOUS:
            yield from (f"{one['id']}: {node['target']}" for node in one["nodes"])


def test_no_page_breaks_its_own_policy(chromium: Browser, served: tuple[Office, str]) -> None:
    """No script, style or image of a page is refused by the headers that it comes with."""
    office, address = served
    context = chromium.new_context()
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}") if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    sign_in(office.company, address, page, HR)
    for rule in RULES:
        if is_page(rule) and "hr" in rule.viewers:
            page.goto(address + rule.path.format(person=ADA.id))
    context.close()
    assert said == []
