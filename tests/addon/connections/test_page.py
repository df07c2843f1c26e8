"""HR connects on a page: with a token, a key, or by signing in at the emulated platforms; what is in the way is said there."""

from __future__ import annotations

import html
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from addon import create_app
from addon.company import Company
from addon.connections.sealing import opened
from addon.connections.tokens import renewed, unpacked
from addon.jobs.work import doings
from connectors.notion.emulator.seed import ROOT_PAGE
from connectors.workspace import Trouble, WorkspaceError
from sync.jobs import Job, Refused
from sync.store.queries import connections, jobs, reviews
from tests.addon.web.people import HR, TODAY, Browser, Office, open_office
from tests.connectors.google.house import DRIVE
from tests.connectors.google.house import House as GoogleHouse
from tests.connectors.google.house import house as google_house
from tests.connectors.notion.house import TOKEN
from tests.connectors.notion.house import House as NotionHouse
from tests.connectors.notion.house import house as notion_house

PAGE = f"https://www.notion.so/{ROOT_PAGE.replace('-', '')}"
PLACE = "/company/connect/"
OAUTH = {
    "notion_client_id": "client",
    "notion_client_secret": "a-secret-of-the-client",
    "google_client_id": "project",
    "google_client_secret": "a-secret-of-the-project",
}


@dataclass
class Desk:
    """HR in front of the page."""

    company: Company
    browser: Browser

    def sends(self, where: str, form: dict[str, Any] | None = None) -> str:
        """A form of the page; what stands there afterwards."""
        answer = self.browser.post(f"{PLACE}{where}", form or {}, page=PLACE)
        return self.browser.text(PLACE) if answer.status_code == 303 else answer.get_data(as_text=True)

    def works(self, job: Job, argument: str = "") -> str:
        """What a worker makes of what was asked for: "" when all is well."""
        try:
            with closing(Company(self.company.settings)) as worker:
                doings(worker)[job](argument)
        except Refused as refusal:
            with self.company.store.write() as tx:
                for one in [one for one in jobs.unfinished(tx) if one.name is job]:
                    jobs.end(tx, one.id, jobs.State.FAILED, {}, str(refusal), self.company.real_now)
            return str(refusal)
        return ""

    def signs_in(self, platform: str, **form: str) -> str:
        """To the platform and back."""
        onward = self.sends(f"{platform}/start", form)
        address = html.unescape(re.search(r'btn-primary" href="([^"]+)"', onward)[1])  # type: ignore[index]
        address += "&login_hint=hr@example.org" if platform == "google" else ""
        location = requests.get(address, allow_redirects=False, timeout=5).headers["Location"]
        parts = urlsplit(location)
        answer = self.browser.get(f"{parts.path}?{parts.query}")
        assert answer.status_code == 303
        return self.browser.text(PLACE)

    def connected(self, workspace: str) -> connections.Connected | None:
        """The connection that is kept."""
        with self.company.store.read() as tx:
            return connections.get(tx, workspace)


def desk_in(home: Path, **more: str) -> Desk:
    """A company whose emulators those are."""
    company = Company(replace(open_office(home).company.settings, today=TODAY, **more))  # type: ignore[arg-type]
    app = create_app(company)
    app.config["TESTING"] = True
    return Desk(company, Office(company, app).browser(HR))


@pytest.fixture(scope="module")
def notion() -> Iterator[NotionHouse]:
    """The company's Notion."""
    with notion_house() as made:
        yield made


@pytest.fixture(scope="module")
def google() -> Iterator[GoogleHouse]:
    """The company's Google Workspace."""
    with google_house() as made:
        yield made


@pytest.fixture
def at_notion(notion: NotionHouse, tmp_path: Path) -> Iterator[Desk]:
    """HR, about to connect Notion."""
    desk = desk_in(tmp_path / "home", notion_api=notion.url, **OAUTH)
    yield desk
    desk.company.close()


@pytest.fixture
def at_google(google: GoogleHouse, tmp_path: Path) -> Iterator[Desk]:
    """HR, about to connect Google."""
    desk = desk_in(tmp_path / "home", google_api=google.url, **OAUTH)
    yield desk
    desk.company.close()


def test_a_pasted_token_connects_and_is_shown_to_nobody(at_notion: Desk) -> None:
    """A worker tries it; the page says what was found; who connected stands in the audit log."""
    page = at_notion.sends("notion", {"token": TOKEN, "parent": PAGE, "plan": "business"})
    assert "A new connection is being tried" in page
    assert at_notion.works(Job.CONNECT, "notion") == ""
    assert at_notion.works(Job.CHECK) == ""
    page = at_notion.browser.text(PLACE)
    assert "People work in Notion" in page
    assert "capability: insert content" in page
    assert TOKEN not in page
    at_notion.sends("confirm", {"database": "Manager notes"})
    assert at_notion.works(Job.CHECK) == ""
    assert f"confirmed by {HR.name}" in at_notion.browser.text(PLACE)
    with at_notion.company.store.read() as tx:
        assert (HR.id, "connect", "notion") in {row[1:4] for row in reviews.trail(tx)}
        assert connections.asked(tx, "notion") is None


def test_what_does_not_work_is_said_and_the_former_place_stays(at_notion: Desk) -> None:
    """A link that is none, a token that is none, a token that Notion does not know."""
    assert "Copy link" in at_notion.sends("notion", {"token": TOKEN, "parent": "https://www.notion.so/", "plan": "free"})
    assert "one word" in at_notion.sends("notion", {"token": "two words", "parent": PAGE, "plan": "free"})
    at_notion.sends("notion", {"token": "invalid_token", "parent": PAGE, "plan": "free"})
    assert "does not know the token" in at_notion.works(Job.CONNECT, "notion")
    page = at_notion.browser.text(PLACE)
    assert "The last try to connect did not work" in page
    assert "People work in a folder" in page
    assert "invalid_token" not in page
    assert at_notion.connected("notion") is None


def test_signing_in_to_notion_gives_a_pair_that_renews_itself(at_notion: Desk, notion: NotionHouse) -> None:
    """A token that Notion refuses is renewed in the middle of the work; old and new are kept sealed only."""
    at_notion.signs_in("notion", parent=PAGE, plan="business")
    assert at_notion.works(Job.CONNECT, "notion") == ""
    before = pair_of(at_notion)
    assert before.refresh.startswith("nrt_")
    grants = notion.app.extensions["notion"].store.grants
    grants.access["ntn_gone"] = grants.access.pop(before.access)
    assert at_notion.works(Job.SYNC) == ""
    after = pair_of(at_notion)
    assert after.access != before.access
    assert after.refresh != before.refresh
    database = (at_notion.company.settings.home / "throughline.db").read_bytes()
    assert not any(one.encode() in database for one in (before.refresh, after.access, after.refresh))


def pair_of(desk: Desk) -> Any:
    """The tokens that are kept."""
    found = desk.connected("notion")
    assert found is not None
    return unpacked(opened(desk.company.settings, found.secret))


RENEWING = """
import sys
from dataclasses import replace
from pathlib import Path
from addon.company import Company
from addon.connections.tokens import renewed
from addon.settings import load
settings = replace(load(Path(sys.argv[1]), {}), notion_client_id="client", notion_client_secret="s", notion_api=sys.argv[2])
print(renewed(Company(settings), sys.argv[3]))
"""


def test_of_processes_that_renew_at_once_one_does_and_no_pair_is_lost(at_notion: Desk, notion: NotionHouse) -> None:
    """Notion is asked once; all of them go on with the same token, and that is the one that is kept."""
    at_notion.signs_in("notion", parent=PAGE, plan="business")
    at_notion.works(Job.CONNECT, "notion")
    stale = pair_of(at_notion).access
    notion.emulator.calls.clear()
    command = [sys.executable, "-c", RENEWING, str(at_notion.company.settings.home), notion.url, stale]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    tokens = {one.communicate(timeout=60)[0].strip() for one in running}
    assert tokens == {pair_of(at_notion).access}
    assert tokens != {stale}
    assert notion.emulator.calls.counts()["oauth.token"] == 1


def test_a_pair_that_was_put_there_meanwhile_is_not_written_over(at_notion: Desk) -> None:
    """Somebody connects anew while an old token is renewed: theirs stays, and is what is used."""
    at_notion.signs_in("notion", parent=PAGE, plan="business")
    at_notion.works(Job.CONNECT, "notion")
    kept = pair_of(at_notion)
    assert renewed(at_notion.company, "an older token") == kept.access
    found = at_notion.connected("notion")
    assert found is not None
    with at_notion.company.store.write() as tx:
        assert not connections.swap_secret(tx, "notion", b"another", b"new")
    assert pair_of(at_notion) == kept


def test_a_sign_in_that_was_ended_is_one_sentence_with_its_button(at_notion: Desk, notion: NotionHouse) -> None:
    """On the page and on the overview; signing in again, without giving the place again, mends it."""
    at_notion.signs_in("notion", parent=PAGE, plan="business")
    at_notion.works(Job.CONNECT, "notion")
    grants = notion.app.extensions["notion"].store.grants
    grants.access.pop(pair_of(at_notion).access)
    assert "sign in to Notion again" in at_notion.works(Job.SYNC)
    for where in (PLACE, "/company/"):
        page = at_notion.browser.text(where)
        assert "Notion has ended the sign-in: sign in again to go on." in page
        assert "Sign in to Notion again" in page
    with pytest.raises(WorkspaceError) as caught:
        renewed(at_notion.company, pair_of(at_notion).access)
    assert caught.value.trouble is Trouble.SIGNED_OUT
    at_notion.signs_in("notion")
    assert at_notion.works(Job.CONNECT, "notion") == ""
    assert "ended the sign-in" not in at_notion.browser.text("/company/")


def test_only_who_began_a_sign_in_ends_it(at_notion: Desk) -> None:
    """Another state, an answer that comes twice, a consent that was refused."""
    onward = at_notion.sends("notion/start", {"parent": PAGE, "plan": "business"})
    state = re.search(r"state=([\w-]+)", onward)[1]  # type: ignore[index]
    at_notion.browser.get(f"{PLACE}notion/return?code=c&state=another")
    assert "begun elsewhere" in at_notion.browser.text(PLACE)
    at_notion.browser.get(f"{PLACE}notion/return?code=c&state={state}")
    assert "begun elsewhere" in at_notion.browser.text(PLACE)
    onward = at_notion.sends("notion/start", {"parent": PAGE, "plan": "business"})
    state = re.search(r"state=([\w-]+)", onward)[1]  # type: ignore[index]
    at_notion.browser.get(f"{PLACE}notion/return?error=access_denied&state={state}")
    assert "Notion was not allowed" in at_notion.browser.text(PLACE)
    with at_notion.company.store.read() as tx:
        assert connections.asked(tx, "notion") is None


def test_a_missing_right_is_said_with_what_to_turn_on(at_notion: Desk, notion: NotionHouse) -> None:
    """A capability that somebody took away; given back, the next look says that all is well."""
    at_notion.sends("notion", {"token": TOKEN, "parent": PAGE, "plan": "business"})
    at_notion.works(Job.CONNECT, "notion")
    store = notion.app.extensions["notion"].store
    whole = store.workspace
    store.workspace = replace(whole, capabilities=whole.capabilities - {"insert_content"})
    at_notion.works(Job.CHECK)
    assert "turn on in Notion, in the settings of the connection" in at_notion.browser.text("/company/")
    store.workspace = whole
    at_notion.works(Job.CHECK)
    assert "turn on in Notion" not in at_notion.browser.text("/company/")


# ---------------------------------------------------------------- Google


def test_signing_in_to_google_lasts(at_google: Desk, google: GoogleHouse) -> None:
    """Offline, with PKCE and a state; what is kept is what google-auth renews by itself."""
    onward = at_google.sends("google/start", {"drive": DRIVE, "domain": "example.org"})
    for part in ("access_type=offline", "code_challenge_method=S256", "code_challenge=", "state=", "prompt=consent"):
        assert part in onward
    at_google.signs_in("google", drive=DRIVE, domain="example.org")
    assert at_google.works(Job.CONNECT, "google") == ""
    found = at_google.connected("google")
    assert found is not None
    secret = json.loads(opened(at_google.company.settings, found.secret))
    assert secret["type"] == "authorized_user"
    assert "People work in Google Workspace" in at_google.browser.text(PLACE)
    google.google.tokens.refresh.clear()
    google.google.tokens.access.clear()
    assert "does not accept the credentials" in at_google.works(Job.SYNC)
    page = at_google.browser.text("/company/")
    assert "Google has ended the sign-in" in page
    assert f'action="{PLACE}google/start"' in page


def test_a_consent_that_leaves_something_out_is_not_kept(at_google: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """People may untick boxes on Google's page."""
    onward = at_google.sends("google/start", {"drive": DRIVE, "domain": ""})
    address = html.unescape(re.search(r'btn-primary" href="([^"]+)"', onward)[1])  # type: ignore[index]
    fewer = re.sub(r"scope=[^&]+", "scope=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fdrive", address)
    parts = urlsplit(requests.get(fewer, allow_redirects=False, timeout=5).headers["Location"])
    at_google.browser.get(f"{parts.path}?{parts.query}")
    assert "Google was not allowed documents, spreadsheets" in at_google.browser.text(PLACE)


def test_a_key_is_uploaded_and_shown_to_nobody(at_google: Desk, google: GoogleHouse) -> None:
    """The JSON of a service account; anything else is said to be none, never repeated."""
    for data, said in ((b"", "choose the JSON key"), (b"\xff\xfe", "no text"), (70_000 * b"x", "choose the JSON key")):
        file = (io.BytesIO(data), "key.json")
        assert said in at_google.sends("google", {"key": file, "drive": DRIVE, "domain": ""})
    at_google.sends("google", {"key": (io.BytesIO(b'{"type": "web"}'), "key.json"), "drive": DRIVE, "domain": ""})
    assert "service_account" in at_google.works(Job.CONNECT, "google")
    key = google.key_file()
    at_google.sends("google", {"key": (io.BytesIO(key.encode()), "key.json"), "drive": DRIVE, "domain": ""})
    assert at_google.works(Job.CONNECT, "google") == ""
    page = at_google.browser.text(PLACE)
    assert json.loads(key)["private_key"].splitlines()[3] not in page
    assert json.loads(key)["client_email"] in page


def test_a_drive_that_is_not_shared_any_more_is_said_until_it_is(at_google: Desk, google: GoogleHouse) -> None:
    """On the overview, with the button that looks again; the next sync that works takes it away."""
    at_google.sends("google", {"key": (io.BytesIO(google.key_file().encode()), "key.json"), "drive": DRIVE, "domain": ""})
    assert at_google.works(Job.CONNECT, "google") == ""
    drive = google.google.world.drives[DRIVE]
    members = dict(drive.members)
    drive.members.clear()
    assert "Share it again" in at_google.works(Job.SYNC)
    page = at_google.browser.text("/company/")
    assert "The drive or folder is gone, or not shared with Throughline any more" in page
    assert "Check again" in page
    drive.members.update(members)
    assert at_google.works(Job.SYNC) == ""
    assert "not shared with Throughline" not in at_google.browser.text("/company/")


def test_a_scope_that_was_taken_back_is_asked_for_again(at_google: Desk, google: GoogleHouse) -> None:
    """Somebody withdrew a part of what they had allowed."""
    at_google.signs_in("google", drive=DRIVE, domain="example.org")
    assert at_google.works(Job.CONNECT, "google") == ""
    tokens = google.google.tokens
    less = ("https://www.googleapis.com/auth/spreadsheets",)
    for token, grant in tokens.refresh.items():
        tokens.refresh[token] = replace(grant, who=replace(grant.who, scopes=less))
    assert "invalid_scope" in at_google.works(Job.SYNC)
    page = at_google.browser.text("/company/")
    assert "Throughline may not do in Google all that it must: sign in again and allow everything." in page
    assert "Allow it again" in page
