"""Peer feedback in the console, against people who want to know who wrote what."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from addon.cli import main
from sync.feedback import Form, Request, State, mark_of
from sync.records import Artifact, Pair
from sync.store import archive
from sync.store.queries import artifacts, feedback, ledger, letters, people
from templates.shapes import Kind, Place
from tests.addon.web.people import ADA, BOSS, CYCLE, HR, LEAVER, OTHER, PEER, SKIP, Office

PAGE = "/feedback/"


def asked(office: Office) -> dict[str, tuple[Form, State]]:
    """Who is asked about Ada, by giver."""
    with office.company.store.read() as tx:
        return {one.giver_id: (one.form, one.state) for one in feedback.about(tx, CYCLE.id, [ADA.id])}


def ask(office: Office, by: object, giver: str, form: str) -> str:
    """Ask, or propose, somebody to say something about Ada; returns the page that follows."""
    browser = office.browser(by)
    browser.post("/feedback/nominate", {"about": ADA.id, "giver": giver, "form": form}, page=PAGE)
    return browser.text(PAGE)


@pytest.mark.parametrize("reader", [BOSS, HR], ids=["manager", "hr"])
def test_whoever_reads_the_answers_gives_none_without_a_name(office: Office, reader: object) -> None:
    """Three answers of which one is their own leave two, and two are too few to hide in."""
    assert "reads the answers" in ask(office, BOSS, reader.id, "anonymous")
    assert reader.id not in asked(office)
    ask(office, BOSS, reader.id, "signed")
    assert asked(office)[reader.id] == (Form.SIGNED, State.ASKED)


def test_who_became_a_reader_after_they_were_asked_gives_no_anonymous_answer(office: Office) -> None:
    """A new manager, asked as a peer: the form says why instead of taking their words."""
    with office.company.store.write() as tx:
        feedback.add(tx, Request(CYCLE.id, BOSS.id, ADA.id, Form.ANONYMOUS, State.ASKED))
    browser = office.browser(BOSS)
    form = f"/feedback/about/{ADA.id}"
    answer = browser.post(form, {"text": "Mine, to count the others."}, page=form).get_data(as_text=True)
    with office.company.store.read() as tx:
        assert feedback.answers(tx, CYCLE.id) == {}
    assert asked(office)[BOSS.id] == (Form.ANONYMOUS, State.ASKED)
    assert "reads the answers" in answer
    assert "Mine, to count the others." in answer  # what they wrote is still theirs to send signed


def test_a_proposal_of_a_reader_cannot_be_approved(office: Office) -> None:
    """Ada may propose HR without a name; her manager is told why nobody is asked."""
    with office.company.store.write() as tx:
        feedback.add(tx, Request(CYCLE.id, HR.id, ADA.id, Form.ANONYMOUS, State.NOMINATED))
    browser = office.browser(BOSS)
    browser.post("/feedback/decide", {"about": ADA.id, "giver": HR.id, "answer": "yes"}, page=PAGE)
    assert asked(office)[HR.id] == (Form.ANONYMOUS, State.NOMINATED)
    assert "reads the answers" in browser.text(PAGE)


def test_asking_twice_changes_nothing_and_says_so(office: Office) -> None:
    """Pia was asked for a signed answer; asking her without a name does not look as if it had worked."""
    page = ask(office, BOSS, PEER.id, "anonymous")
    assert "Pia Peer is asked." not in page
    assert "signed" in page
    assert asked(office)[PEER.id] == (Form.SIGNED, State.ASKED)


def test_an_anonymous_proposal_never_gets_a_document(office: Office) -> None:
    """Ada proposed Olga without a name; her manager asking her signed must not make a document with her name."""
    ask(office, ADA, OTHER.id, "anonymous")
    ask(office, BOSS, OTHER.id, "signed")
    assert asked(office)[OTHER.id] == (Form.ANONYMOUS, State.NOMINATED)
    with office.company.store.read() as tx:
        assert OTHER.id not in {pair.giver_id for pair in people.pairs(tx, CYCLE.id)}


def test_who_has_a_document_is_not_asked_without_a_name_too(office: Office) -> None:
    """Two texts by one hand, one of them signed: the other would be theirs to guess."""
    with office.company.store.write() as tx:
        people.add_pairs(tx, CYCLE.id, [people.Pair(SKIP.id, ADA.id)])
    page = ask(office, BOSS, SKIP.id, "anonymous")
    assert "has a signed document" in page
    assert SKIP.id not in asked(office)


def test_about_somebody_who_left_nothing_is_written_any_more(office: Office) -> None:
    """Neither an answer that was asked for before, nor a note of their last manager."""
    with office.company.store.write() as tx:
        feedback.add(tx, Request(CYCLE.id, PEER.id, LEAVER.id, Form.SIGNED, State.ASKED))
    answer = office.browser(PEER).post(f"/feedback/about/{LEAVER.id}", {"text": "Gone."}, page=PAGE)
    note = office.browser(BOSS).post(f"/team/{LEAVER.id}/notes", {"as": "private", "text": "Gone."}, page=PAGE)
    assert (answer.status_code, note.status_code) == (404, 404)
    with office.company.store.read() as tx:
        assert ledger.about(tx, LEAVER.id) == ()


def test_the_order_in_which_answers_came_is_not_kept(office: Office) -> None:
    """The database's own row numbers say nothing: the rows lie in the order of their random names."""
    givers = [PEER, OTHER, SKIP]
    with office.company.store.write() as tx:
        for giver in givers:
            for number in range(4):
                asked_for = Request(CYCLE.id, giver.id, ADA.id, Form.ANONYMOUS, State.ASKED)
                feedback.keep_answer(tx, asked_for, f"{giver.id} {number}", mark_of(asked_for, b"%d" % number))
    with office.company.store.read() as tx:
        for column, table in (("id", "anonymous_answer"), ("mark", "answer_mark")):
            rows = tx.exec_driver_sql(f"SELECT {column} FROM {table} ORDER BY rowid").scalars().all()
            assert len(rows) == 12
            assert rows == sorted(rows)


def test_who_answered_in_the_console_is_not_reminded_of_the_document(office: Office) -> None:
    """Pia is asked in both ways for one thing, and one answer is enough."""
    key = f"2026-h1/{ADA.id}/peer-feedback/{PEER.id}"
    paper = Artifact(key, Kind.PEER_FEEDBACK, CYCLE.id, ADA.id, PEER.id, None, Place.PRIVATE, "About Ada", "private/a.docx", "")
    with office.company.store.write() as tx:
        artifacts.record(tx, "folder", [(paper, None)])
        assert key not in letters.written(tx, CYCLE.id)
    page = f"/feedback/about/{ADA.id}"
    office.browser(PEER).post(page, {"text": "She helps."}, page=page)
    with office.company.store.read() as tx:
        assert key in letters.written(tx, CYCLE.id)


def everything(office: Office) -> dict[str, set[str]]:
    """Every row of what a backup would hold."""
    with office.company.store.read() as tx:
        return {one.name: {repr(row) for row in tx.execute(select(one))} for one in archive.tables()}


def test_two_backups_around_an_answer_do_not_tell_whose_it_is(office: Office) -> None:
    """All that is new is the words about Ada and a mark that nobody reads without the key; nothing names Pia."""
    with office.company.store.write() as tx:
        tx.exec_driver_sql("DELETE FROM feedback_request")
        for giver in (PEER, OTHER, SKIP):
            feedback.add(tx, Request(CYCLE.id, giver.id, ADA.id, Form.ANONYMOUS, State.ASKED))
    browser, page = office.browser(PEER), f"/feedback/about/{ADA.id}"
    before = everything(office)
    browser.post(page, {"text": "She helps."}, page=page)
    after = everything(office)
    new = {name: rows ^ before[name] for name, rows in after.items() if rows != before[name]}
    assert new.keys() == {"anonymous_answer", "answer_mark"}
    assert PEER.id not in repr(new)
    assert 'tag good">given' in browser.text(PAGE)
    assert browser.post(page, {"text": "She helps a lot."}, page=PAGE).status_code == 404
    assert everything(office) == after


def test_no_list_of_pairs_puts_a_signed_document_beside_an_answer_without_a_name(office: Office, tmp_path: Path) -> None:
    """The row is named with its line, whether the manager has decided already or not; others are not in its way."""
    ask(office, ADA, OTHER.email, "anonymous")
    listed = tmp_path / "pairs.csv"
    home = ["--home", str(office.company.settings.home), "peers", "import", str(listed)]
    environment = {"THROUGHLINE_TODAY": str(office.company.today)}
    listed.write_text(f"giver_email,person_email\n{SKIP.email},{ADA.email}\n{OTHER.email},{ADA.email}\n", "utf-8")
    refused = CliRunner().invoke(main, home, env=environment)
    assert (refused.exit_code, "line 3" in refused.output, "without a name" in refused.output) == (2, True, True)
    listed.write_text(f"giver_email,person_email\n{SKIP.email},{ADA.email}\n", "utf-8")
    assert CliRunner().invoke(main, home, env=environment).exit_code == 0


# ---------------------------------------------------------------- a whole list


def send(office: Office, rows: str, form: str = "signed", by: object = HR) -> str:
    """HR sends a CSV of pairs; the page that follows."""
    browser = office.browser(by)
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.text(PAGE))
    assert token is not None
    file = (BytesIO(f"giver_email,person_email\n{rows}".encode()), "pairs.csv")
    answer = browser.client.post("/feedback/pairs", data={"file": file, "form": form, "csrf_token": token[1]})
    return browser.text(PAGE) if answer.status_code == 303 else answer.get_data(as_text=True)


def test_hr_asks_everybody_of_a_list_once(office: Office) -> None:
    """Who was asked before stays as they are; a signed answer gets a document with the next plan."""
    told = send(office, "pia@example.org,ada@example.org\nsam@example.org,ada@example.org\n")
    assert "1 asked; 1 were asked or proposed before" in told
    assert asked(office)[SKIP.id] == (Form.SIGNED, State.ASKED)
    with office.company.store.read() as tx:
        assert Pair(SKIP.id, ADA.id) in people.pairs(tx, CYCLE.id)


@pytest.mark.parametrize(
    ("row", "form", "why"),
    [
        ("nobody@example.org,ada@example.org", "signed", "nobody has the e-mail address"),
        ("pia@example.org,ada@example.org", "anonymous", "for a signed answer"),
        ("bea@example.org,ada@example.org", "anonymous", "reads the answers"),
        ("pia@example.org,leo@example.org", "signed", "does not work here"),
    ],
)
def test_a_list_with_a_wrong_row_asks_nobody(office: Office, row: str, form: str, why: str) -> None:
    """Each problem stands with its line."""
    before = asked(office)
    told = send(office, f"olga@example.org,ada@example.org\n{row}\n", form)
    assert why in told
    assert ">3<" in told
    assert asked(office) == before


def test_a_document_is_not_asked_of_who_answers_without_a_name(office: Office) -> None:
    """Two texts by one hand, one of them signed, hide nobody."""
    with office.company.store.write() as tx:
        feedback.add(tx, Request(CYCLE.id, OTHER.id, ADA.id, Form.ANONYMOUS, State.ASKED))
    assert "for one without a name" in send(office, f"{OTHER.email},ada@example.org\n")
    with office.company.store.read() as tx:
        assert Pair(OTHER.id, ADA.id) not in people.pairs(tx, CYCLE.id)
