"""The workbench of a review, the self review and the released text: every action, and whose eyes they are for."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

import pytest

from addon import create_app
from addon.company import Company
from addon.jobs.work import doings
from addon.settings import load
from addon.setup.commands import found
from sync.jobs import Job
from sync.records import Draft, Person
from sync.review_acts import ActKind, ActResult
from sync.store.queries import cycles, erasing, jobs, review_acts, reviews
from tests.addon.office import Office as Desk
from tests.addon.office import open_office
from tests.addon.web.people import Browser, Office

LATE = "2026-06-20"
HOSTILE = "Shipped <script>alert('x')</script><img src=x onerror=alert(1)> on time & in “full”."
SECRET = "Ada should answer mails within a day; zqx-for-bob-alone."


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company of three that is near its review, with a few notes about Ada."""
    desk = open_office(tmp_path_factory.mktemp("pages") / "home")
    desk.type_into(desk.check_in(), "What went well", HOSTILE)
    desk.type_into(desk.check_in(), "Growth", "I want to lead a workshop.")
    desk.type_into(desk.check_in(), "Feedback from the manager", "You should always raise dates in danger earlier.")
    desk.run("sync")
    desk.run("apply", "--plan", desk.json("plan")["hash"])
    (notes,) = desk.home.glob("private/Bob*/Ada*/**/My notes*.docx")
    desk.type_into(notes, "To raise soon", SECRET)
    desk.run("apply", "--plan", desk_plan(desk), today=LATE)
    desk.run("sync", today=LATE)
    return desk.home


def desk_plan(desk: Desk) -> str:
    """The hash of the plan near the review."""
    return re.search(r'"hash": "(\w+)"', desk.run("plan", "--json", today=LATE))[1]


@pytest.fixture
def desk(start: Path, tmp_path: Path) -> Desk:
    """A copy of it."""
    shutil.copytree(start, tmp_path / "home")
    return Desk(tmp_path / "home")


@pytest.fixture
def office(desk: Desk):
    """Its console, on the day of the review."""
    company = Company(replace(load(desk.home, {}), today=date.fromisoformat(LATE)))
    app = create_app(company)
    app.config["TESTING"] = True
    yield Office(company, app)
    company.close()


def who(office: Office, name: str) -> Person:
    """The person of that name."""
    return office.company.person(name)


@pytest.fixture
def bob(office: Office) -> Browser:
    """Ada's manager, signed in."""
    return office.browser(who(office, "Bob Chen"))


@pytest.fixture
def page(office: Office) -> str:
    """The address of Ada's review."""
    return f"/reviews/{who(office, 'Ada Brandt').id}"


def drafted(bob: Browser, page: str) -> str:
    """The workbench once there is a draft."""
    assert bob.post(f"{page}/draft", {}, page=page).status_code == 303
    return bob.text(page)


def work(office: Office) -> list[dict[str, int]]:
    """Do the jobs that wait, as a worker does; what they counted."""
    done = []
    with office.company.store.read() as tx:
        waiting = jobs.unfinished(tx)
    for one in waiting:
        counts = doings(office.company)[one.name](one.argument)
        done.append(dict(counts))
        with office.company.store.write() as tx:
            jobs.end(tx, one.id, jobs.State.DONE, counts, "", office.company.real_now)
    return done


def current(office: Office, writer: str) -> Draft:
    """The draft about Ada that somebody has now."""
    ada, by = who(office, "Ada Brandt"), who(office, writer)
    with office.company.store.read() as tx:
        (found,) = [one for one in reviews.drafts(tx, "2026-h1", ada.id) if one.writer_id == by.id]
    return found


def review_file(desk: Desk) -> Path:
    """Bob's private review document about Ada."""
    (found,) = desk.home.glob("private/Bob*/Ada*/**/Review draft*.docx")
    return found


# ---------------------------------------------------------------- the draft beside its evidence


def test_each_sentence_leads_to_its_source_and_back(bob: Browser, page: str) -> None:
    """Every anchor of the page has its place, and what people typed stays words."""
    assert "No draft yet" in bob.text(page)
    html = drafted(bob, page)
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)
    assert re.search(r'class="mark" href="#e1"', html)
    assert "&lt;script&gt;alert" in html
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "style=" not in html
    assert html.count('<form method="post"') == html.count('name="csrf_token"')


def test_a_sentence_is_left_out_with_its_source_and_comes_back(office: Office, bob: Browser, page: str) -> None:
    """The draft is made again each time; the entry stays readable."""
    drafted(bob, page)
    quoted = next(one for one in current(office, "Bob Chen").statements if "Shipped" in one.text)
    entry = quoted.citations[0].entry_id
    bob.post(f"{page}/evidence", {"way": "out", "entry": entry, "at": "draft"}, page=page)
    assert not any("Shipped" in one.text for one in current(office, "Bob Chen").statements)
    assert 'id="left-out"' in bob.text(page)
    bob.post(f"{page}/evidence", {"way": "in", "entry": entry}, page=page)
    assert any("Shipped" in one.text for one in current(office, "Bob Chen").statements)
    bob.post(f"{page}/evidence", {"way": "out", "entry": "nothing"}, page=page)
    assert "Not done: no such entry about Ada Brandt" in bob.text(page)


def test_what_one_leaves_out_of_a_self_review_stays_in_the_managers_draft(office: Office, bob: Browser, page: str) -> None:
    """Neither writer decides what the other may use, nor learns of it."""
    ada = office.browser(who(office, "Ada Brandt"))
    ada.post("/me/review/draft", {}, page="/me/review/")
    entry = next(one for one in current(office, "Ada Brandt").statements if "Shipped" in one.text).citations[0].entry_id
    ada.post("/me/review/evidence", {"way": "out", "entry": entry}, page="/me/review/")
    assert not any("Shipped" in one.text for one in current(office, "Ada Brandt").statements)
    assert 'id="left-out"' not in drafted(bob, page)
    assert any("Shipped" in one.text for one in current(office, "Bob Chen").statements)


def test_a_question_on_wording_is_answered_with_one_click(bob: Browser, page: str) -> None:
    """It stands beside its sentence and goes for good."""
    html = drafted(bob, page)
    assert "<q>always</q>" in html
    form = re.search(r'value="dismissed"><input type="hidden" name="point" value="(\w+)">', html)
    answer = bob.post(f"{page}/mark", {"kind": "dismissed", "point": form[1], "other": "L7", "at": "s3"}, page=page)
    assert answer.headers["Location"].endswith("#s3")
    drafted(bob, page)
    assert "<q>always</q>" not in bob.text(page)


def test_what_was_noted_and_never_raised_is_counted_on_the_team_page_until_it_is_settled(bob: Browser, page: str) -> None:
    """With the way to where it stands; the note itself stands on the manager's page alone."""
    assert "1 never raised" in bob.text("/team/")
    html = drafted(bob, page)
    point = re.search(r'value="settled"><input type="hidden" name="point" value="(\w+)">', html)
    assert "zqx-for-bob-alone" in html
    bob.post(f"{page}/mark", {"kind": "settled", "point": point[1], "at": "unraised"}, page=page)
    assert "never raised</span>" not in bob.text("/team/")
    bob.post(f"{page}/mark", {"kind": "settled", "point": point[1], "undo": "yes"}, page=page)
    assert "1 never raised" in bob.text("/team/")
    bob.post(f"{page}/mark", {"kind": "discussed", "point": point[1], "day": "never"}, page=page)
    assert "say on which day you discussed it" in bob.text(page)
    bob.post(f"{page}/mark", {"kind": "discussed", "point": point[1], "day": "2026-06-30"}, page=page)
    assert "is still to come" in bob.text(page)
    assert bob.post(f"{page}/mark", {"kind": "praised", "point": point[1]}, page=page).status_code == 400


def test_no_rating_is_proposed(bob: Browser, page: str) -> None:
    """What one would rest on is counted; no point of the scale is named."""
    html = drafted(bob, page)
    assert "What a rating would rest on" in html
    assert "too little" in html
    assert not re.search(r">\s*(?:Fully|Partly|Exceeds)\b", html)


# ---------------------------------------------------------------- through the worker


def test_the_draft_is_written_into_the_document_by_a_worker(office: Office, bob: Browser, page: str) -> None:
    """The page says that it waits, then what became of it; the job knows ids and counts."""
    drafted(bob, page)
    bob.post(f"{page}/push", {}, page=page)
    html = bob.text(page)
    assert 'data-busy="yes"' in html
    assert "none runs" in html
    assert "Load the page again" in html
    assert work(office) == [{"done": 1}]
    assert "Your document was filled" in bob.text(f"{page}/progress")
    assert 'data-busy="no"' in bob.text(page)
    with office.company.store.read() as tx:
        (job,) = [one for one in jobs.latest(tx, 5) if one.name is Job.PUSH]
    assert re.fullmatch(r"2026-h1/\w{8}/\w{8}", job.argument)
    assert job.message == ""


def test_a_sentence_of_ones_own_takes_the_place_of_a_drafted_one_and_stays(office: Office, bob: Browser, page: str) -> None:
    """It goes into the document as if typed there, keeps the source, and a new draft never brings the other one back."""
    drafted(bob, page)
    statement = next(one for one in current(office, "Bob Chen").statements if "Shipped" in one.text)
    form = {"section": statement.section, "sentence": "You shipped <b>it</b> on time.", "instead": statement.text}
    bob.post(f"{page}/write", form | {"instead": "It never stood there."}, page=page)
    assert work(office) == [{"failed": 1}]
    html = bob.text(page)
    assert "does not stand in your document" in html
    assert "You shipped &lt;b&gt;it&lt;/b&gt; on time." in html  # what was typed is not lost
    bob.post(f"{page}/write", form, page=page)
    assert work(office) == [{"done": 1}]
    html = bob.text(page)
    assert re.search(r"you wrote</span> You shipped &lt;b&gt;it&lt;/b&gt; on time.\s*<a class=\"mark\"", html)
    bob.post(f"{page}/write", {"section": "summary", "sentence": "You kept your dates."}, page=page)
    assert work(office) == [{"done": 1}]
    assert "You kept your dates." in bob.text(page)
    drafted(bob, page)
    bob.post(f"{page}/push", {}, page=page)
    bob.post(f"{page}/release", {}, page=page)
    work(office)
    bob.post(f"{page}/release", {}, page=page)
    work(office)
    told = office.browser(who(office, "Ada Brandt")).text("/me/review/released")
    assert "You shipped &lt;b&gt;it&lt;/b&gt; on time." in told
    assert "onerror" not in told
    bob.post(f"{page}/write", {"section": "summary", "sentence": " "}, page=page)
    assert "write a sentence first" in bob.text(page)


def test_a_second_request_waits_until_the_first_is_done(office: Office, bob: Browser, page: str) -> None:
    """One document has one writer."""
    drafted(bob, page)
    bob.post(f"{page}/push", {}, page=page)
    bob.post(f"{page}/release", {}, page=page)
    assert "Wait until what you asked for last is done" in bob.text(page)
    with office.company.store.read() as tx:
        assert [one.name for one in jobs.unfinished(tx)] == [Job.PUSH]


def test_a_refused_release_names_the_sentence_to_its_writer_alone(desk: Desk, office: Office, bob: Browser, page: str) -> None:
    """It is marked on the page, released, read, acknowledged and corrected; each version stays."""
    drafted(bob, page)
    bob.post(f"{page}/push", {}, page=page)
    work(office)
    desk.type_into(review_file(desk), "Growth", "Answer letters <b>sooner</b>.")
    desk.type_into(review_file(desk), "Summary in my own words", "You kept your dates.")
    bob.post(f"{page}/release", {}, page=page)
    assert work(office) == [{"refused": 1}]
    html = bob.text(page)
    assert "Not released: 1 point" in html
    assert "Answer letters" in html
    assert "<b>sooner" not in html
    with office.company.store.read() as tx:
        assert not any("letters" in f"{one.message}{one.argument}{one.counts}" for one in jobs.latest(tx, 9))
    hana = office.browser(who(office, "Hana Roth"))
    assert "Not released" not in hana.text(page)
    point = re.search(r'value="later"><input type="hidden" name="point" value="(\w+)">', html)
    bob.post(f"{page}/mark", {"kind": "discussed", "point": point[1], "day": "2026-06-18"}, page=page)
    assert "New, discussed on" in bob.text(page)
    bob.post(f"{page}/release", {}, page=page)
    assert work(office) == [{"done": 1}]
    assert "Version 1 was released" in bob.text(page)
    ada = office.browser(who(office, "Ada Brandt"))
    assert "Read your review" in ada.text("/")
    told = ada.text("/me/review/released")
    assert "You kept your dates." in told
    assert "new, discussed on 18 June" in told
    assert "zqx-for-bob-alone" not in told
    key = re.search(r'name="review" value="([^"]+)"', told)[1]
    ada.post("/me/review/acknowledge", {"review": key, "comment": "Thank <i>you</i>."}, page="/me/review/released")
    assert "Thank <i>you</i>." in unescape(bob.text(f"{page}/released"))
    assert "<i>you" not in bob.text(f"{page}/released")
    desk.type_into(review_file(desk), "Summary in my own words", "And you helped Hana.")
    bob.post(f"{page}/release", {"correction": "Hana was missing"}, page=page)
    work(office)
    told = ada.text("/me/review/released")
    assert "Corrected: Hana was missing" in told
    assert "And you helped Hana." in told
    assert "Version 1," in told


def test_a_release_that_cannot_be_done_says_why(office: Office, bob: Browser, page: str, desk: Desk) -> None:
    """A document that is gone is named, not a fault."""
    drafted(bob, page)
    review_file(desk).unlink()
    bob.post(f"{page}/release", {}, page=page)
    assert work(office) == [{"failed": 1}]
    assert "Not released:" in bob.text(page)


def test_a_locked_cycle_is_only_read(office: Office, bob: Browser, page: str) -> None:
    """Drafting, marking, pushing and releasing are refused with a sentence."""
    drafted(bob, page)
    with office.company.store.write() as tx:
        cycles.set_locked(tx, "2026-h1", True)
    assert "This cycle is locked" in bob.text(page)
    assert "/release" not in bob.text(page)
    for action, form in (("draft", {}), ("push", {}), ("release", {}), ("mark", {"kind": "settled", "point": "x"})):
        bob.post(f"{page}/{action}", form, page="/")
        assert "is locked" in bob.text(page).replace("This cycle is locked", ""), action
    with office.company.store.read() as tx:
        assert not jobs.unfinished(tx)


# ---------------------------------------------------------------- whose eyes


def test_hr_reads_at_calibration_what_both_may_see_and_is_noted(office: Office, bob: Browser, page: str) -> None:
    """No form, nothing that only the manager may see, a line in the audit trail; before that day there is no page."""
    drafted(bob, page)
    hana = office.browser(who(office, "Hana Roth"))
    assert "Ada Brandt" in hana.text("/reviews/")
    html = hana.text(page)
    assert "You read this as HR" in html
    assert 'action="/reviews/' not in html
    assert "zqx-for-bob-alone" not in html
    assert hana.get(f"{page}/released").status_code == 404
    assert hana.post(f"{page}/draft", {}).status_code == 404
    with office.company.store.read() as tx:
        assert any(line[1:3] == (who(office, "Hana Roth").id, "read-draft") for line in reviews.trail(tx))
    office.company.settings = replace(office.company.settings, today=date(2026, 6, 1))
    assert hana.get(page).status_code == 404
    assert "Not yet" in hana.text("/reviews/")


def test_before_the_first_cycle_the_list_says_what_comes_first(tmp_path: Path) -> None:
    """The way to it stands on every page of HR's, so it leads somewhere."""
    settings = load(tmp_path / "home", {})
    hana = Person("hr000001", "Hana Roth", "hana@example.org", access="hr")
    found(settings, "Acme", hana)
    company = Company(settings)
    app = create_app(company)
    app.config["TESTING"] = True
    assert "Nothing has begun yet" in Office(company, app).browser(hana).text("/reviews/")
    company.close()


def test_a_self_review_is_for_its_writer_alone(office: Office, bob: Browser) -> None:
    """Its draft holds nothing that only the manager sees, and no judgement about what is new."""
    ada = office.browser(who(office, "Ada Brandt"))
    ada.post("/me/review/draft", {}, page="/me/review/")
    html = ada.text("/me/review/")
    assert "Shipped" in html
    assert "zqx-for-bob-alone" not in html
    assert "New to Ada" not in html
    ada.post("/me/review/push", {}, page="/me/review/")
    assert work(office) == [{"done": 1}]
    assert "Your document was filled" in ada.text("/me/review/")
    assert ada.get("/me/review/released").status_code == 404
    assert ada.get(f"/reviews/{who(office, 'Ada Brandt').id}").status_code == 404
    assert ada.post("/me/review/mark", {"kind": "dismissed", "point": "x"}, page="/me/review/").status_code == 303


def test_what_was_refused_is_erased_with_the_person(office: Office, bob: Browser, page: str) -> None:
    """And with whoever wrote it."""
    ada, writer = who(office, "Ada Brandt"), who(office, "Bob Chen")
    drafted(bob, page)
    for whom in (ada, writer):
        bob_acts = review_acts.Act("2026-h1", ada.id, writer.id, ActKind.RELEASE, "j", datetime(2026, 6, 20, tzinfo=UTC))
        refused = replace(bob_acts, result=ActResult.REFUSED, refusals=(("zqx", "why"),))
        with office.company.store.write() as tx:
            review_acts.keep(tx, refused)
            assert review_acts.get(tx, "2026-h1", ada.id, writer.id, ActKind.RELEASE) == refused
            erasing.erase(tx, whom, "asked", office.company.real_now)
            assert review_acts.get(tx, "2026-h1", ada.id, writer.id, ActKind.RELEASE) is None
