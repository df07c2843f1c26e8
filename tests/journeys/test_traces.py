"""What a served company leaves in its logs, and what its web processes know of each other."""

from __future__ import annotations

import re
from pathlib import Path

import requests

from addon.company import Company
from addon.jobs.asking import ask
from addon.signin.links import make_link
from sync import engine
from sync.jobs import Job
from tests.journeys.office import ADA, BEN, CYCLE, Office, office_in
from tests.journeys.served import ended, started, wait_for

WORDS = "Zqxnote: I am thinking of leaving."


def test_a_day_in_the_console_leaves_no_word_and_no_secret_in_the_logs(tmp_path: Path) -> None:
    """Signing in, writing, searching, taking out, being refused, a fault and a job: pages by name, ids and counts alone."""
    office = office_in(tmp_path / "home")
    office.apply()
    company = office.company()
    link = make_link(company, ADA)
    with started("serve", office.settings) as process:
        wait_for(process.is_ready, 30, "it is ready")
        address = f"http://127.0.0.1:{process.port}"
        path, browser = link[link.index("/signin/link/") :], requests.Session()

        def send(where: str, page: str, **form: str) -> requests.Response:
            found = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(address + page, timeout=10).text)
            assert found is not None, page
            return browser.post(address + where, data={"csrf_token": found[1], **form}, timeout=10)

        assert "Sign in" in browser.get(address, timeout=10).text
        assert ADA.name in send(path, path).text
        send("/me/notes", "/", text=WORDS, readers="mine", nonce="n")
        assert WORDS in browser.get(f"{address}/me/known", timeout=10).text
        send("/me/settings/download", "/me/settings/", **{"as": "json"})
        browser.get(f"{address}/team/{BEN.id}", params={"q": "Zqxsearch"}, timeout=10)
        browser.get(f"{address}/Zqxnothing/{ADA.email}", timeout=10)
        browser.post(f"{address}/me/notes", data={"text": "Zqxforged"}, timeout=10)
        _too_many_sign_ins(address)
        ended(company, [ask(company, Job.SYNC), ask(company, Job.DRAFT, CYCLE.id), ask(company, Job.APPLY, "Zqxplan")])
    log = process.log.read_text("utf-8")
    pages = {line.get("page") for line in process.lines()}
    assert pages >= {"signin.use_link", "my.add_note", "settings.download", "none"}
    secrets = [one.value for one in browser.cookies if one.value] + [path.rpartition("/")[2]]
    for word in ("Zqx", "leaving", ADA.name, ADA.email, BEN.name, *secrets):
        assert word not in log, word
    _close(office, company)


def _too_many_sign_ins(address: str) -> None:
    """Whichever of the web processes answers: ten in a minute, each on a connection of its own."""
    codes = [requests.get(f"{address}/signin/link/Zqxguess", timeout=10).status_code for _ in range(12)]
    assert codes == [404] * 9 + [429] * 3  # she opened her link before


def _close(office: Office, company: Company) -> None:
    company.close()
    office.close()
    engine.let_go()
