"""Many people at once: `throughline web` as it is deployed, on this machine's own address, and nobody who waits between pages.

Each opens a page, then the next one; now and then somebody writes a note. Afterwards every note stands once in the ledger.
"""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx

from addon.company import Company
from sync.store.queries import ledger
from tests.bench.large import HR, LEADER, id_of
from tests.bench.table import Row
from tests.bench.visitors import Scale, at_95, managers, of_all, reports, sign_in, token_of
from tests.journeys.served import started, wait_for

OF_LEADERS, OF_HR, OF_MANAGERS = 50, 16, 4
"""One in so many is one; the rest are employees."""
NOTES = 10
"""Every so many pages of one's own, a note."""
PATIENCE = 30.0
_TOKEN, _NONCE = (re.compile(rf'name="{name}" value="([^"]+)"') for name in ("csrf_token", "nonce"))


@dataclass
class Visitor:
    """One of them: which pages they open, and what came of it."""

    number: int
    person_id: str
    paths: tuple[str, ...]
    waits: list[float] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def stay(self, address: str, until: float) -> None:
        """Open one page after the other until that moment, and one at least."""
        chance = random.Random(self.number)
        with httpx.Client(base_url=address, timeout=PATIENCE, trust_env=False) as browser:
            browser.cookies.set("throughline", token_of(self.person_id), domain="127.0.0.1")
            while not self.waits or time.monotonic() < until:
                if len(self.waits) % NOTES == NOTES - 1:
                    self._write(browser)
                else:
                    self._ask(browser, "GET", chance.choice(self.paths))

    def _write(self, browser: httpx.Client) -> None:
        page = self._ask(browser, "GET", "/")
        csrf, nonce = _TOKEN.search(page), _NONCE.search(page)
        if csrf is None or nonce is None:
            return
        text = f"Note {len(self.notes)} of visitor {self.number}."
        self._ask(browser, "POST", "/me/notes", {"csrf_token": csrf[1], "nonce": nonce[1], "text": text, "readers": "shared"})
        self.notes.append(text)

    def _ask(self, browser: httpx.Client, method: str, path: str, form: dict[str, str] | None = None) -> str:
        """What the page says, "" when it does not."""
        begun = time.perf_counter()
        try:
            answer = browser.request(method, path, data=form)
        except httpx.HTTPError as error:
            self.faults[f"{path}: {type(error).__name__}"] += 1
            return ""
        finally:
            self.waits.append(time.perf_counter() - begun)
        if answer.status_code != (303 if form else 200):
            self.faults[f"{path}: {answer.status_code}"] += 1
        return answer.text


def crowd(company: Company, scale: Scale, database: str) -> Iterator[Row]:
    """Rows of many people at once."""
    those = visitors(scale)
    for person_id in {one.person_id for one in those}:
        sign_in(company, person_id)
    with started("web", company.settings) as process:
        wait_for(lambda: _answers(f"http://127.0.0.1:{process.port}"), PATIENCE, "it answers")
        until = time.monotonic() + scale.seconds
        with ThreadPoolExecutor(len(those)) as pool:
            for one in [pool.submit(one.stay, f"http://127.0.0.1:{process.port}", until) for one in those]:
                one.result()
    waits = [wait for one in those for wait in one.waits]
    faults = sum((one.faults for one in those), Counter[str]())
    lost = _lost(company, those)
    what = f"{database}: {scale.crowd} people for {scale.seconds:g} s"
    rate, notes = len(waits) / scale.seconds, sum(len(one.notes) for one in those)
    note = f"{len(waits):,} requests, {notes} of them notes, {rate:.0f} a second; {dict(faults.most_common(3)) or 'no fault'}"
    yield Row("console", f"{what}, errors", faults.total(), "errors", 0, note)
    yield Row("console", f"{what}, notes that are missing or stand twice", lost, "notes", 0)
    yield Row("console", f"{what}, wait for a page, p95", at_95(waits), "s", note=f"slowest {max(waits):.2f} s")


def visitors(scale: Scale) -> list[Visitor]:
    """Everybody, each with what they may open."""
    anybody, boss, report = of_all(scale.people), managers(scale.people), reports(scale.people)
    own = ("/", "/me/known", "/me/review/", "/feedback/", "/me/settings/")
    company = ("/company/", "/company/people/?q=Person 01", "/company/plan/?kind=check-in", "/company/audit", "/reviews/")
    found = []
    for number in range(scale.crowd):
        if number % OF_LEADERS == 0:
            found.append(Visitor(number, id_of(LEADER), ("/leadership/", "/")))
        elif number % OF_HR == 1:
            found.append(Visitor(number, id_of(HR), company))
        elif number % OF_MANAGERS == 2:
            about = id_of(report(number))
            found.append(Visitor(number, id_of(boss(number)), ("/team/", f"/team/{about}", f"/reviews/{about}", *own)))
        else:
            found.append(Visitor(number, id_of(anybody(number)), own))
    return found


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/healthz", trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def _lost(company: Company, those: list[Visitor]) -> int:
    """How many notes do not stand exactly once."""
    wanted = {(one.person_id, text) for one in those for text in one.notes}
    with company.store.read() as tx:
        found = Counter(
            (entry.about, entry.text)
            for person_id in {one.person_id for one in those if one.notes}
            for entry in ledger.about(tx, person_id)
        )
    return sum(found[note] != 1 for note in wanted)
