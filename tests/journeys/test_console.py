"""Each kind of user from signing in to the finished task: real Chromium, the console and its worker as real processes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from addon.company import Company
from addon.settings import Settings, load
from sync.store.queries import leases
from tests.journeys import acting
from tests.journeys.browsing import sign_in
from tests.journeys.desk import PEOPLE, Desk, founded
from tests.journeys.served import ENDED_WITHIN, Process, started, wait_for

pytestmark = pytest.mark.browser
JUNE = "2026-06-10"
WORKED = 120_000
"""Milliseconds within which a worker has surely done what was asked for, and a page is surely there."""
expect.set_options(timeout=WORKED)


@dataclass
class Served:
    """A company that is served, and browsers that look at it."""

    company: Company
    address: str
    chromium: Browser

    @contextmanager
    def seen_by(self, name: str, **how: object) -> Iterator[Page]:
        """A page of somebody who signed in by a link; it ends with the test."""
        context = self.chromium.new_context(base_url=self.address, locale="en-GB", **how)  # type: ignore[arg-type]
        page = context.new_page()
        page.set_default_timeout(WORKED)
        sign_in(self.company, self.address, page, self.company.person(name))
        yield page
        context.close()


@contextmanager
def looked_at(desk: Desk, process: Process, chromium: Browser) -> Iterator[Served]:
    """What *process* serves of the company of *desk*."""
    company = Company(settings_of(desk))
    wait_for(lambda: _answers(process), ENDED_WITHIN, "it answers")
    yield Served(company, f"http://127.0.0.1:{process.port}", chromium)
    company.close()


def _answers(process: Process) -> bool:
    try:
        return process.get("/healthz")[0] == 200
    except OSError:
        return False


def settings_of(desk: Desk) -> Settings:
    """The settings of the home on the day that it is there."""
    return replace(load(desk.home, {}), today=date.fromisoformat(desk.today))


@contextmanager
def somebody_writing(company: Company) -> Iterator[None]:
    """Whoever holds the workspace's lease is waited for: time to press a button."""
    with company.store.write() as tx:
        leases.acquire(tx, "folder", company.holder, company.now)
    yield
    with company.store.write() as tx:
        leases.give_back(tx, "folder", company.holder)


# ---------------------------------------------------------------- HR


def test_hr_sets_up_a_company_and_sees_it_through(tmp_path: Path, chromium: Browser) -> None:
    """A list of people with a wrong row, then without; a cycle; a plan that is approved, paused and resumed; completion."""
    desk = Desk(tmp_path / "home")
    desk.ok("init", "--organisation", "Acme", "--admin-name", "Admin", "--admin-email", "admin@example.org")
    desk.ok("people", "import", desk.csv("hr.csv", "name,email,access\nIda Lund,ida@example.org,hr\n"))
    wrong, right = desk.csv("wrong.csv", PEOPLE.replace("noor@example.org,ben", "noor@,ben")), desk.csv("people.csv", PEOPLE)
    with (
        started("serve", settings_of(desk)) as process,
        looked_at(desk, process, chromium) as served,
        served.seen_by("ida@example.org") as page,
    ):
        page.get_by_role("link", name="To people").click()
        page.get_by_label("CSV file").set_input_files(wrong)
        page.get_by_role("button", name="Look at it").click()
        expect(page.get_by_role("row", name=re.compile(r"^5 .*email"))).to_be_visible()
        page.get_by_role("link", name="Back to people").click()
        page.get_by_label("CSV file").set_input_files(right)
        page.get_by_role("button", name="Look at it").click()
        expect(page.get_by_role("heading", name="What would change")).to_be_visible()
        page.get_by_role("button", name="Carry this out").click()
        expect(page.get_by_role("status")).to_contain_text("Imported")

        page.get_by_role("link", name="Cycles").click()
        page.get_by_label("Short name").fill("2026-h1")
        page.get_by_label("First day").fill("2026-01-01")
        page.get_by_label("Last day").fill("2026-06-30")
        page.get_by_role("button", name="Set it up").click()
        expect(page.get_by_role("heading", name="2026-h1")).to_be_visible()

        page.get_by_role("link", name="Plan", exact=True).click()
        page.get_by_role("button", name="Draw up the plan").click()
        expect(page.get_by_role("heading", name=re.compile(r"\d+ steps for 6 people"))).to_be_visible()
        page.get_by_label("Person or title").fill("Noor")
        page.get_by_role("button", name="Filter").click()
        documents = page.locator("#lines ~ table tbody tr")
        expect(documents.filter(has_text="Noor Said").first).to_be_visible()
        expect(documents.filter(has_text="Tom Weiss")).to_have_count(0)

        with somebody_writing(served.company):
            page.get_by_role("button", name="Approve and apply").click()
            page.get_by_role("button", name="Pause").click()
            expect(page.get_by_text("Stopping after the next documents")).to_be_visible()
        expect(page.get_by_text("Paused.")).to_be_visible()
        assert desk.files() == []
        page.get_by_role("button", name="Resume").click()
        expect(page.get_by_text("Carried out")).to_be_visible()
        page.get_by_role("button", name="Look again").click()
        expect(page.get_by_role("heading", name="Nothing to do")).to_be_visible()

        page.get_by_role("link", name="Overview").click()
        expect(page.get_by_role("row", name=re.compile("^Everybody 6"))).to_be_visible()
        page.get_by_role("link", name="Audit log").click()
        expect(page.get_by_role("row", name=re.compile("Ida Lund.*approve plan")).first).to_be_visible()
    assert desk.json("plan")["counts"]["create"] == 0


# ---------------------------------------------------------------- the others, at the time of the review


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Served]:
    """A company in June: everything provisioned, what people wrote is read, nothing drafted."""
    desk = founded(tmp_path_factory.mktemp("console") / "home")
    desk.provision()
    desk.today = JUNE
    desk.provision()
    notes = desk.file_of("Ada", "quick-notes")
    for month, what in enumerate(
        ("Shipped the new cache", "Helped Noor with a customer", "Answered the security questions"), 2
    ):
        acting.write(notes, "notes", f"2026-0{month}-0{month} {what} in {month} days.", by="Ada Brandt")
    desk.ok("sync")
    with started("serve", settings_of(desk)) as process, looked_at(desk, process, chromium) as seen:
        wait_for(process.is_ready, ENDED_WITHIN, "it is ready")
        yield seen


def test_a_manager_brings_a_review_from_its_first_draft_to_its_reader(served: Served) -> None:
    """Draft, leave out, say it in other words, write it into the document, release; Ada reads, confirms and answers."""
    with served.seen_by("ben@example.org") as page:
        page.get_by_role("link", name="Team").click()
        page.get_by_role("link", name="Ada Brandt").first.click()
        page.get_by_placeholder("What you saw").fill("Kept calm when the cache failed on 9 June.")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Kept calm when the cache failed")).to_be_visible()
        page.get_by_role("link", name="The draft beside its evidence").click()
        page.get_by_role("button", name="Draft it").click()

        draft = page.locator("#draft")
        expect(draft.locator(".line", has_text="Shipped the new cache")).to_be_visible()
        sentence = draft.locator(".line", has_text="Helped Noor with a customer")
        sentence.locator(".why > summary").click()
        sentence.get_by_role("button", name="Leave it out and draft again").click()
        expect(page.get_by_role("status")).to_contain_text("Left out")
        expect(draft.locator(".line", has_text="Helped Noor with a customer")).to_have_count(0)

        sentence = draft.locator(".line", has_text="Answered the security questions")
        sentence.locator(".why > summary").click()
        sentence.get_by_text("Say it in your own words").click()
        sentence.get_by_label("Write this instead").fill("Answered the security questions in four days, without being asked.")
        sentence.get_by_role("button", name="Write this instead").click()
        written = draft.locator(".line.mine", has_text="without being asked")
        expect(written).to_be_visible()

        page.get_by_role("button", name="Write it into your document").click()
        expect(page.locator("#progress")).to_contain_text("sentence")
        expect(page.locator("#progress[data-busy=no]")).to_be_attached()
        page.get_by_text("Release …").click()
        page.get_by_role("button", name="Release it to Ada").click()
        expect(page.get_by_text("nobody has made this review their own yet")).to_be_visible()

        summary = page.get_by_role("region", name="Summary in your own words")
        summary.get_by_label("Add this sentence").fill("Ada, thank you for a steady half-year.")
        summary.get_by_role("button", name="Add this sentence").click()
        expect(draft.locator(".line.mine", has_text="a steady half-year")).to_be_visible()
        page.get_by_text("Release …").click()
        page.get_by_role("button", name="Release it to Ada").click()
        expect(page.get_by_text("Version 1 was released")).to_be_visible()

    with served.seen_by("ada@example.org") as page:
        page.get_by_role("link", name="Read your review").click()
        expect(page.get_by_text("without being asked")).to_be_visible()
        assert "Helped Noor" not in page.locator("article").first.inner_text()
        page.get_by_label(re.compile("^Your comment")).fill("Thank you, I agree.")
        page.get_by_role("button", name="I have read it").click()
        expect(page.get_by_text(re.compile("^You confirmed on"))).to_be_visible()

    with served.seen_by("ben@example.org") as page:
        page.goto(f"/reviews/{served.company.person('ada@example.org').id}/released")
        expect(page.get_by_text("Thank you, I agree.")).to_be_visible()


def test_an_employee_notes_thanks_and_looks_up_without_scripts_on_a_phone(served: Served) -> None:
    """Everything works where no script runs; what was typed and could not be kept is still there."""
    with served.seen_by("noor@example.org", java_script_enabled=False, viewport={"width": 390, "height": 800}) as page:
        expect(page.get_by_text("Close old tickets")).to_be_visible()
        expect(page.get_by_text("unknown", exact=True).first).to_be_visible()
        page.get_by_placeholder("What happened").fill("Closed ninety tickets before lunch.")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("status")).to_contain_text("Saved")
        expect(page.get_by_text("Closed ninety tickets before lunch.")).to_be_visible()

        page.get_by_role("link", name="Give it to somebody").click()
        page.get_by_label("Whom").select_option(label="Tom Weiss, Support")
        page.get_by_label("What they did").fill("Tom took my shift on Friday.")
        page.get_by_role("button", name="Give it").click()
        expect(page.get_by_role("status")).to_contain_text("Tom Weiss reads it, and Greta Olsen.")

        page.get_by_role("link", name="Your self review").click()
        page.get_by_role("button", name="Draft it").click()
        expect(page.locator("#draft")).to_be_visible()
    with served.seen_by("tom@example.org") as page:
        expect(page.get_by_text("Tom took my shift on Friday.")).to_be_visible()


def test_leadership_sees_figures_and_nobody(served: Served) -> None:
    """Six people in small teams: one line for all of them, in which no name and no word of anybody stands."""
    with served.seen_by("greta@example.org") as page:
        page.get_by_role("link", name="Leadership").click()
        expect(page.get_by_role("row", name=re.compile("^Everybody 6"))).to_be_visible()
        told = page.locator("main").inner_text()
        assert not [one.name for one in served.company.people if one.name in told]
        assert "Product" not in told
