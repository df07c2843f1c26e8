"""Every page in real Chromium, light and dark, wide and narrow: no serious fault for anybody, nothing cut off."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from sync.records import Person
from tests.addon.web.access_table import RULES, Rule
from tests.addon.web.people import ADA, BOSS, HR, LEADER, PEER, Office, open_office
from tests.journeys.browsing import sign_in

pytestmark = pytest.mark.browser
SERIOUS = ("serious", "critical")
LOOKS = (("light", 1280), ("dark", 390))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, str]]:
    """The small company on a port of this machine."""
    office = open_office(tmp_path_factory.mktemp("axe") / "home")
    server = make_server("127.0.0.1", 0, office.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield office, f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()
    office.company.close()


def is_page(rule: Rule) -> bool:
    """Whether people look at it: not a file, a picture, what programs ask for, or a part of a page."""
    aside = ("asset", "health", "reminders.calendar")
    part = rule.path.endswith(("/progress", ".png"))
    return rule.method == "GET" and not rule.endpoint.startswith(aside) and not part


@pytest.mark.parametrize("who", [ADA, *(pytest.param(one, marks=pytest.mark.soak) for one in (None, BOSS, HR, LEADER, PEER))])
def test_no_page_has_a_serious_fault(chromium: Browser, served: tuple[Office, str], who: Person | None) -> None:
    """By the rules of axe, and no page is wider than the window or breaks its own policy."""
    from axe_playwright_python.sync_playwright import Axe

    office, address = served
    problems: list[str] = []
    for scheme, width in LOOKS:
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
        page = context.new_page()
        if who is not None:
            sign_in(office.company, address, page, who)
        for rule in RULES:
            if not is_page(rule):
                continue
            answer = page.goto(address + rule.path.format(person=ADA.id))
            assert answer is not None
            found = Axe().run(page).response["violations"]
            problems += [
                f"{rule.path} {scheme}: {one['id']}: {node['target']}"
                for one in found
                if one["impact"] in SERIOUS
                for node in one["nodes"]
            ]
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                problems.append(f"{rule.path} at {width}: wider than the window")
        context.close()
    assert problems == []


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
