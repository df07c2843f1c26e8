"""A person is exported and erased: after half a year, in which their words went into every corner, none is found anywhere."""

from __future__ import annotations

import json
import re
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, inspect, text

from addon.cli import main
from addon.company import Company
from addon.jobs.asking import ask
from addon.settings import load
from sync import engine
from sync.jobs import Job, State
from sync.records import EntryKind, Visibility
from sync.store.models import metadata
from sync.store.queries import accounts, cycles, erasing, ledger, people, reviews
from tests.journeys import acting
from tests.journeys.desk import Desk, founded
from tests.journeys.served import ended, started
from tests.postgres import Postgres

LEAVER = "ada@example.org"


def lived(home: Path, database: str = "") -> Desk:
    """Ada writes, is written about, quoted in drafts, listed in plans and findings; then she leaves."""
    desk = founded(home, database)
    desk.ok("peers", "import", desk.csv("peers.csv", "giver_email,person_email\nada@example.org,noor@example.org\n"))
    for day in ("2026-01-05", "2026-02-02", "2026-03-02", "2026-04-01", "2026-06-10"):
        desk.today = day
        desk.provision()
        if "2026-01-31" < day < "2026-06":
            path = desk.file_of("Ada", "check-in", day)
            acting.write(path, "wins", f"Shipped the cache of {day} with nobody's help.", by="Ada Brandt")
            acting.write(path, "feedback", f"Your talk of {day} was clear to support.", by="Ben Ahmadi")
            acting.under_own_heading(path, "By the way", f"The office is too cold on {day}.")
        desk.ok("sync")
    acting.write(desk.file_of("Ada", "quick-notes"), "notes", "2026-06-01 helped Noor with a ticket nobody wanted.")
    acting.write(desk.file_of("Ada", "manager-notes"), "notes", "Ada looks tired lately.", by="Ben Ahmadi")
    acting.write(desk.file_of("Noor", "check-in", "2026-03-02"), "wins", "Closed the oldest ticket of all.", by="Noor Said")
    shutil.copy(
        desk.file_of("Ada", "check-in", "2026-03-02"), acting.free_copy_name(desk.file_of("Ada", "check-in", "2026-03-02"))
    )
    desk.ok("sync")
    desk.ok("draft", "--all", "--push")
    return desk


def gone(desk: Desk) -> None:
    """Her last day is over."""
    with _company(desk) as company, company.store.write() as tx:
        (ada,) = people.find(tx, LEAVER)
        people.save(tx, [replace(ada, end=date(2026, 6, 5))])


class _company:
    """The desk's company, opened and closed."""

    def __init__(self, desk: Desk) -> None:
        given = {"THROUGHLINE_DATABASE_URL": desk.database} if desk.database else {}
        self._company = Company(replace(load(desk.home, given), today=date.fromisoformat(desk.today)))

    def __enter__(self) -> Company:
        return self._company

    def __exit__(self, *_told: object) -> None:
        self._company.close()


@dataclass
class Traces:
    """What is looked for: whole sentences, names, and the very bytes in which words were stored."""

    sentences: tuple[str, ...]
    blobs: tuple[bytes, ...]
    names: tuple[str, ...] = ("Ada Brandt", LEAVER)

    def in_rows(self, address: str) -> set[str]:
        """Those found in any column of any table of a database, compressed ones included."""
        words = (*self.sentences, *self.names)
        return {word for value in values(address) for word in words if word in value}

    def in_files(self, *paths: Path) -> set[str]:
        """Those found in the bytes of files."""
        data = b"".join(path.read_bytes() for path in paths if path.exists())
        found = {word for word in (*self.sentences, *self.names) if word.encode() in data}
        return found | {f"blob {number}" for number, blob in enumerate(self.blobs) if blob in data}


def values(address: str) -> Iterator[str]:
    """Every value of every table, of the engine's own books too, as text."""
    opened = create_engine(address)
    with opened.connect() as connection:
        for schema in [None] if opened.dialect.name == "sqlite" else ["public", "dbos"]:
            for table in inspect(connection).get_table_names(schema=schema):
                name = f'"{schema}"."{table}"' if schema else f'"{table}"'
                for row in connection.execute(text(f"SELECT * FROM {name}")):
                    yield from map(as_text, row)
    opened.dispose()


def as_text(value: object) -> str:
    """A stored value as text."""
    if not isinstance(value, bytes):
        return json.dumps(value, ensure_ascii=False, default=str)
    try:
        return zlib.decompress(value).decode()
    except zlib.error:
        return value.decode("utf-8", "replace")


def traces(desk: Desk) -> Traces:
    """What the store holds of Ada now."""
    with _company(desk) as company, company.store.read() as tx:
        (ada,) = people.find(tx, LEAVER)
        mine = {one.text for one in erasing.entries_about(tx, ada.id)}
        others = {one.text for who in people.everyone(tx) if who.id != ada.id for one in erasing.entries_about(tx, who.id)}
        keys = [key for _, key, _ in erasing.papers(tx, ada.id)]
        query = text("SELECT content FROM body JOIN snapshot ON body_hash = hash WHERE artifact_key = :key")
        blobs = [bytes(content) for key in keys for content in tx.execute(query, {"key": key}).scalars()]
    lines = {line for told in mine - others for line in told.splitlines() if len(line) > 15}
    return Traces(tuple(sorted(lines)), tuple(blob[20:120] for blob in blobs if len(blob) > 200))


def books(desk: Desk) -> list[Path]:
    """Every file of the home that is no document: databases with their logs, the engine's books, what was printed."""
    return [path for path in desk.home.iterdir() if path.is_file() and path.suffix not in (".csv", ".toml")]


@pytest.fixture(scope="module")
def half_a_year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company in which Ada has worked."""
    return lived(tmp_path_factory.mktemp("erasing") / "home").home


@pytest.fixture
def desk(half_a_year: Path, tmp_path: Path) -> Desk:
    """A copy of it."""
    shutil.copytree(half_a_year, tmp_path / "home")
    return Desk(tmp_path / "home", "2026-06-10")


# ---------------------------------------------------------------- erasing


def test_not_one_sentence_is_left_in_any_file(desk: Desk) -> None:
    """Database, write-ahead log, the engine's books and the worker's log, after a job of each kind was done by a worker."""
    with _company(desk) as company:
        asked = [ask(company, Job.SYNC), ask(company, Job.DRAFT), ask(company, Job.DUE)]
        with started("worker", company.settings):
            ended(company, asked)
        engine.let_go()
        gone(desk)
        looked_for = traces(desk)
        address = company.settings.database_url
        assert len(looked_for.sentences) > 8
        assert set(looked_for.sentences) <= looked_for.in_rows(address)
        assert looked_for.in_files(*books(desk)) >= {*looked_for.sentences, *looked_for.names, "blob 0"}
        (ada,) = [one for one in company.people if one.email == LEAVER]
        erased = ask(company, Job.ERASE, ada.id)
        with started("worker", company.settings):
            (done,) = ended(company, [erased])
        engine.let_go()
        assert (done.state, done.message) == (State.DONE, "")
        assert looked_for.in_rows(address) == set()
        assert any(path.name.endswith("-jobs.db") for path in books(desk))
        assert looked_for.in_files(*books(desk)) == set()
        with company.store.read() as tx:
            assert erasing.tombstones(tx).keys() == {ada.id}


@pytest.mark.postgres
def test_not_one_sentence_is_left_on_a_server(tmp_path: Path, server: Postgres) -> None:
    """In no table of the company's, and in none of the engine's."""
    desk = lived(tmp_path / "home", server.fresh())
    with _company(desk) as company:
        with started("worker", company.settings):
            ended(company, [ask(company, Job.SYNC)])
        engine.let_go()
    gone(desk)
    looked_for = traces(desk)
    assert set(looked_for.sentences) <= looked_for.in_rows(desk.database)
    desk.ok("person", "erase", LEAVER, "--yes")
    assert looked_for.in_rows(desk.database) == set()


def test_others_keep_their_words_and_the_company_goes_on(desk: Desk) -> None:
    """Ben's and Noor's evidence, goals and drafts stay; plan, apply and sync find nothing wrong; her documents are named."""
    gone(desk)
    looked_for = traces(desk)
    before = {who: desk.texts(who) for who in ("ben@example.org", "noor@example.org")}
    result = desk.json("person", "erase", LEAVER, "--yes")
    assert any("Ada Brandt" in ref for ref in result["documents_left"])
    assert {who: desk.texts(who) for who in before} == before
    assert "nobody is called" in desk.run("evidence", LEAVER).stderr
    assert desk.run("sync").exit_code == 0
    assert desk.provision() == {}
    assert {who: desk.texts(who) for who in before} == before
    desk.ok("draft", "--all")
    desk.ok("status")
    found = looked_for.in_rows(f"sqlite:///{desk.home}/throughline.db")
    assert found <= {"Ada Brandt"}, "a document that still stands is named by its path, and never read again"


def test_their_documents_go_to_the_workspaces_bin_when_asked(desk: Desk) -> None:
    """None is left standing; the others' are."""
    gone(desk)
    looked_for = traces(desk)
    (copy,) = desk.json("person", "erase", LEAVER, "--yes", "--trash")["documents_left"]
    assert copy.endswith(" - Copy.docx")
    (desk.home / "workspace" / copy.removeprefix("shared/")).unlink()
    assert not [path for path in desk.files() if "Ada Brandt" in path.parts]
    assert desk.file_of("Noor", "goal-sheet").exists()
    assert desk.run("sync").exit_code == 0
    assert looked_for.in_rows(f"sqlite:///{desk.home}/throughline.db") == set()


def test_somebody_who_works_here_or_manages_others_is_not_erased(desk: Desk) -> None:
    """A sentence says what to do first; asked whether one means it, no is no."""
    assert "works here" in desk.run("person", "erase", LEAVER, "--yes").stderr
    with _company(desk) as company, company.store.write() as tx:
        (ben,) = people.find(tx, "ben@example.org")
        people.save(tx, [replace(ben, end=date(2026, 6, 5))])
    assert "still the manager of" in desk.run("person", "erase", "ben@example.org", "--yes").stderr
    gone(desk)
    environment = {"THROUGHLINE_TODAY": desk.today}
    result = CliRunner().invoke(main, ["--home", str(desk.home), "person", "erase", LEAVER], input="n\n", env=environment)
    assert result.exit_code == 2
    assert traces(desk).sentences


def test_time_erases_those_who_left_long_ago(desk: Desk) -> None:
    """After retention_months, by the same code; nobody before, and nobody where no time is set."""
    gone(desk)
    assert "retention_months is not set" in desk.run("person", "retain").stderr
    (desk.home / "settings.toml").write_text("retention_months = 6\n", "utf-8")
    desk.today = "2026-12-04"
    assert desk.json("person", "retain", "--dry-run")["people"] == []
    desk.today = "2026-12-05"
    assert "Ada Brandt, who left on 2026-06-05" in desk.ok("person", "retain", "--dry-run")
    looked_for = traces(desk)
    with _company(desk) as company:
        asked = ask(company, Job.RETAIN)
        with started("worker", company.settings):
            (done,) = ended(company, [asked])
        engine.let_go()
        assert done.counts == {"people": 1}
        assert looked_for.in_rows(company.settings.database_url) == set()


def test_every_table_is_dealt_with() -> None:
    """A table of a later feature has a column `person_id`, or somebody says here why it holds nobody's words."""
    dealt = {one.name for one in erasing.by_column()} | erasing.IMPERSONAL | erasing.BY_HAND
    assert set(metadata.tables) <= dealt


# ---------------------------------------------------------------- export


def exported(desk: Desk, folder: Path) -> tuple[dict[str, Any], str]:
    """What Ada is handed: data and page."""
    result = desk.json("person", "export", LEAVER, "--to", str(folder))
    data, page = (Path(one) for one in result["files"])
    assert {path.stat().st_mode & 0o077 for path in (data, page)} == {0}
    return json.loads(data.read_text("utf-8")), page.read_text("utf-8")


def test_an_export_holds_everything_about_the_person_and_nothing_about_others(desk: Desk, tmp_path: Path) -> None:
    """As data and as a page, word for word the same; what she answered to a review, and with which account she comes, too."""
    with _company(desk) as company, company.store.write() as tx:
        (ada,) = people.find(tx, LEAVER)
        reviews.acknowledge(tx, "2026-h1/review", ada.id, company.real_now, "I see <it> otherwise.")
        accounts.bind(tx, "https://login.example.org", "subject-of-ada", ada.id, company.real_now)
    data, page = exported(desk, tmp_path / "out")
    assert data["answers_to_reviews"][0]["comment"] == "I see <it> otherwise."
    assert "I see &lt;it&gt; otherwise." in page
    assert "subject-of-ada at https://login.example.org" in page
    looked_for = traces(desk)
    told = json.dumps(data, ensure_ascii=False)
    plain = re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), page)
    for sentence in looked_for.sentences:
        assert json.dumps(sentence, ensure_ascii=False)[1:-1] in told, sentence
    assert "Shipped the cache of 2026-02-02 with nobody's help." in plain
    assert "Ada looks tired lately." in {one["text"] for one in data["kept_private_by_others"]}
    assert "Closed the oldest ticket of all." not in told + plain
    assert [one["title"] for one in data["goals"]] == ["Cut page load time", "Onboard two people"]
    assert data["person"]["reporting"] == [{"to": "Ben Ahmadi", "since": None, "until": None}]


def test_what_was_given_anonymously_is_not_handed_on(desk: Desk, tmp_path: Path) -> None:
    """Neither its words, nor a sentence of a draft that rests on them."""
    secret = "She talks over everybody in planning."
    with _company(desk) as company, company.store.write() as tx:
        (ada,) = people.find(tx, LEAVER)
        (cycle,) = cycles.all_cycles(tx)
        template = next(one for one in ledger.about(tx, ada.id) if one.visibility is Visibility.SHARED)
        given = replace(template, id="anon1", by="", kind=EntryKind.PEER_FEEDBACK, text=secret, recorded_at=datetime.now(UTC))
        ledger.append(tx, [given])
        (draft,) = reviews.drafts(tx, cycle.id, ada.id)
        quoting = next(one for one in draft.statements if one.citations)
        quoted = replace(quoting, text=f"“{secret}”", citations=(replace(quoting.citations[0], entry_id="anon1"),))
        reviews.save_draft(tx, replace(draft, id="d-anon", statements=(*draft.statements, quoted)), 0)
    data, page = exported(desk, tmp_path / "out")
    assert secret not in json.dumps(data)
    assert secret not in page
    assert page.count("given anonymously") == 2


def test_hostile_words_are_only_words_on_the_page(desk: Desk, tmp_path: Path) -> None:
    """A script in a note is text."""
    acting.write(desk.file_of("Ada", "quick-notes"), "notes", "2026-06-02 <script>alert(1)</script>")
    desk.ok("sync")
    _, page = exported(desk, tmp_path / "out")
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)" in page
