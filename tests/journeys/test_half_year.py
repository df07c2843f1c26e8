"""A half-year of six people through the command line: what HR types, what people write, what comes out."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from connectors.office.docx import read
from sync.store import Store
from templates.loader import built_in, load
from templates.shapes import DocumentShape, Kind
from tests.journeys import acting
from tests.journeys.conftest import begun
from tests.journeys.desk import PEOPLE, Desk, founded
from tests.sync.pull.conservation import assert_ledger_conserves


def months(desk: Desk) -> Iterator[str]:
    """The check-ins up to the review, each provisioned on its day; what is yielded is the day."""
    for day in ("2026-02-02", "2026-03-02", "2026-04-01", "2026-05-01"):
        desk.today = day
        desk.provision()
        yield day
        desk.ok("sync")


def write_up(desk: Desk) -> None:
    """Four check-ins of Ada and Ben, and Ada's goals, up to the review."""
    wins = ("Shipped the new cache together with the team.", "Helped Noor to close a customer ticket.")
    for number, day in enumerate(months(desk)):
        path = desk.file_of("Ada", "check-in", day)
        acting.write(path, "wins", f"{wins[number % 2]} Round {number}.", by="Ada Brandt")
        acting.write(path, "feedback", f"In round {number} you explained the release clearly to support.", by="Ben Ahmadi")
        acting.set_goal(desk.file_of("Ada", "goal-sheet"), "Cut page load time", {"Now": 4.0 - number * 0.5})
    desk.today = "2026-06-10"
    desk.provision()
    desk.ok("sync")


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def first_month(request: pytest.FixtureRequest, provisioned: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The company in February, with its records in a file and then on a server."""
    if request.param == "sqlite":
        return Desk(provisioned, "2026-02-02")
    return begun(founded(tmp_path_factory.mktemp("on-a-server") / "home", request.getfixturevalue("server").fresh()))


Copy = Callable[[Desk, Path], Desk]


@pytest.fixture(scope="module")
def copy_of(request: pytest.FixtureRequest) -> Copy:
    """The same company once more in another folder, with records of its own."""

    def copy(desk: Desk, home: Path) -> Desk:
        shutil.copytree(desk.home, home)
        database = request.getfixturevalue("server").copy(desk.database) if desk.database else ""
        return Desk(home, desk.today, database)

    return copy


@pytest.fixture(scope="module")
def written(first_month: Desk, copy_of: Copy, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The company in June, review documents provisioned, drafts to be made."""
    desk = copy_of(first_month, tmp_path_factory.mktemp("june") / "home")
    write_up(desk)
    return desk


@pytest.fixture
def june(written: Desk, copy_of: Copy, tmp_path: Path) -> Desk:
    """A copy of it."""
    return copy_of(written, tmp_path / "home")


@pytest.fixture
def february(first_month: Desk, copy_of: Copy, tmp_path: Path) -> Desk:
    """A copy of the company on the day of the first check-in."""
    return copy_of(first_month, tmp_path / "home")


# ---------------------------------------------------------------- the main job


def test_every_text_of_the_half_year_is_in_the_ledger(june: Desk) -> None:
    """What stands in the files, as they were last read, against the evidence."""
    store = Store.open(f"sqlite:///{june.home / 'throughline.db'}")
    assert_ledger_conserves(store, "folder")
    store.close()


def test_the_main_job(june: Desk) -> None:
    """From files to drafts to a release, with the figures of the status at the end."""
    drafts = june.json("draft", "--all", "--push")
    ada = next(one for one in drafts["drafts"] if one["name"] == "Ada Brandt")
    assert {one["name"] for one in drafts["drafts"]} == {"Ben Ahmadi", "Ada Brandt", "Noor Said", "Tom Weiss", "Ida Lund"}
    for statement in ada["statements"]:
        assert bool(statement["evidence"]) == (statement["kind"] != "connective")
        for source in statement["sources"]:
            assert june.file(source["artifact"]).name in source["ref"]
    assert any("Cut page load time" in one["heading"] + one["text"] for one in ada["statements"])
    review = june.file_of("Ada", "manager-review")
    assert any(statement["text"] in acting.words_in(review) for statement in ada["statements"])
    acting.write(review, "summary", "Thank you for a steady half-year.", by="Ben Ahmadi")
    released = june.json("release", "Ada Brandt")
    assert released["released"]
    assert not released["already"]
    shown = june.file_of("Ada", "released-review")
    assert "Reviews" in shown.parts
    assert "Thank you for a steady half-year." in acting.words_in(shown)
    before = june.everything()
    assert june.json("release", "Ada Brandt")["already"]
    assert "released before" in june.ok("release", "Ada Brandt")
    assert june.everything() == before
    figures = june.json("status")
    assert figures["unsupported_statements"] == 0
    assert figures["failed_items"] == 0
    assert (figures["people"], figures["drafts"], figures["released"]) == (6, 5, 1)
    listed = 9  # start, target and now of three goals
    assert figures["evidence"] == len(june.texts("ada@example.org")) + listed


def test_a_pushed_draft_is_no_evidence(june: Desk) -> None:
    """The program's own sentences never come back as what somebody wrote, and a second push changes nothing."""
    before = june.texts("ada@example.org")
    june.ok("draft", "--all", "--push")
    files = june.everything()
    june.ok("draft", "--all", "--push")
    assert june.everything() == files
    june.ok("sync")
    assert june.texts("ada@example.org") == before
    assert june.json("plan")["hash"]
    assert june.provision() == {}


def test_a_draft_is_never_written_over_a_persons_words(june: Desk) -> None:
    """Whoever began the review by hand finds their words where they were, and the draft below; a second push adds none."""
    review = june.file_of("Ada", "manager-review")
    acting.write(review, "outcomes", "I write my reviews myself.")
    assert "revised: review document of Ada Brandt" in june.ok("draft", "ada@example.org", "--push")
    after = review.read_bytes()
    shape = load(built_in("standard")).templates[Kind.MANAGER_REVIEW].shape
    assert isinstance(shape, DocumentShape)
    outcomes = next(part.paragraphs for part in read(after, shape)[1].parts if part.section == "outcomes")
    assert outcomes[0] == "I write my reviews myself."
    assert len(outcomes) >= 3
    assert "unchanged: review document of Ada Brandt\n" in june.ok("draft", "ada@example.org", "--push")
    assert review.read_bytes() == after


def test_an_excluded_entry_takes_every_sentence_that_rests_on_it_along(june: Desk) -> None:
    """Now and later, until it is used no more."""
    cited = [one["evidence"] for one in june.json("draft", "ada@example.org")["drafts"][0]["statements"]]
    gone = next(evidence for evidence in cited if evidence)[0]
    after = june.json("draft", "ada@example.org", "--exclude", gone)["drafts"][0]
    assert gone not in {one for statement in after["statements"] for one in statement["evidence"]}
    later = june.json("draft", "--all")["drafts"]
    assert gone not in {one for draft in later for statement in draft["statements"] for one in statement["evidence"]}


def test_a_source_that_changed_stops_the_release(june: Desk) -> None:
    """The sentence is named with the reason; nothing is shown to anybody."""
    june.ok("draft", "ada@example.org", "--push")
    draft = june.json("draft", "ada@example.org")["drafts"][0]
    quoted = next(one for one in draft["statements"] if one["kind"] == "quotation")
    entry = next(one for one in june.json("evidence", "ada@example.org")["entries"] if one["id"] == quoted["evidence"][0])
    acting.replace_words(june.file(entry["artifact"]), entry["text"], f"It was not quite so. {entry['text'][:20]}")
    june.ok("sync")
    result = june.run("release", "ada@example.org")
    assert result.exit_code == 1
    assert "was not released" in result.stderr
    assert entry["text"][:30] in result.stdout
    assert not [key for key in june.by_key() if "released-review" in key]


# ---------------------------------------------------------------- what is private stays so


def test_a_private_word_is_found_nowhere_that_its_reader_sees(june: Desk) -> None:
    """A random token stands for each private entry: not in the draft, its JSON, the command line or the released file."""
    tokens = ("Xqzvvkpw", "Jhwkqvrt", "Zbnmqplk", "Wvxkqzjp")
    notes = june.file_of("Ada", "manager-notes")
    acting.write(notes, "notes", f"2026-03-04 {tokens[0]} clearly explained it to the customer.", by="Ben Ahmadi")
    acting.write(notes, "to-raise", f"{tokens[1]} helped the team ship on time.", by="Ben Ahmadi")
    acting.write(june.file_of("Ada", "self-review"), "results", f"{tokens[2]} shipped the cache on time.", by="Ada Brandt")
    acting.write(june.file_of("Noor", "manager-notes"), "notes", f"{tokens[3]} about somebody else.", by="Ben Ahmadi")
    june.ok("sync")
    said = [
        june.ok("draft", "ada@example.org", "--json"),
        june.ok("draft", "ada@example.org", "--push"),
        june.ok("draft", "--all"),
        june.ok("draft", "--all", "--json"),
        june.ok("evidence", "ada@example.org", "--as", "ada@example.org").replace(tokens[2], ""),
        june.ok("evidence", "ada@example.org", "--as", "noor@example.org"),
        june.ok("evidence", "ada@example.org", "--as", "admin@example.org"),
        june.ok("plan", "--json"),
        june.ok("status", "--json"),
        acting.raw_text(june.file_of("Ada", "manager-review")),
    ]
    acting.write(june.file_of("Ada", "manager-review"), "summary", "Well done.", by="Ben Ahmadi")
    said += [june.ok("release", "ada@example.org"), acting.raw_text(june.file_of("Ada", "released-review"))]
    assert [token for token in tokens for text in said if token in text] == []
    assert any(tokens[0] in text for text in june.texts("ada@example.org", "ben@example.org"))


def test_a_private_word_in_the_final_text_stops_the_release(june: Desk) -> None:
    """The sentence is named; the file is not made."""
    acting.write(june.file_of("Ada", "manager-notes"), "notes", "Ada told me about her surgery in confidence.", by="Ben Ahmadi")
    june.ok("sync")
    acting.write(june.file_of("Ada", "manager-review"), "summary", "Ada told me about her surgery in confidence.")
    result = june.run("release", "ada@example.org")
    assert result.exit_code == 1
    assert "surgery" in result.stdout
    assert not [key for key in june.by_key() if "released-review" in key]


# ---------------------------------------------------------------- rhythm


def test_open_actions_travel_with_age_and_origin(february: Desk) -> None:
    """The next check-in holds what is still open, since when and from where; what is done stays behind."""
    path = february.file_of("Ada", "check-in", "2026-02-02")
    acting.fill_row(path, "actions", {"Action": "Ask support for the figures", "Who": "Ada"})
    acting.fill_row(path, "actions", {"Action": "Book the room", "Who": "Ben", "Done": "yes"})
    february.ok("sync")
    february.today = "2026-03-02"
    february.provision()
    following = february.file_of("Ada", "check-in", "2026-03-02")
    assert [row["Action"] for row in acting.table_in(following, "actions")] == ["Ask support for the figures"]
    assert "opened 2026-02-02, 28 days, from check-in 2026-02-02" in acting.words_in(following)


@pytest.mark.parametrize("day", ["2026-02-02", "2026-03-02"])
def test_an_action_is_closed_once_from_either_document(february: Desk, day: str) -> None:
    """Ticked in the old document or in the new one, the next check-in is without it and both agree."""
    path = february.file_of("Ada", "check-in", "2026-02-02")
    acting.fill_row(path, "actions", {"Action": "Ask support for the figures", "Who": "Ada"})
    february.ok("sync")
    february.today = "2026-03-02"
    february.provision()
    february.ok("sync")
    before = february.json("status")["evidence"]
    acting.fill_row(february.file_of("Ada", "check-in", day), "actions", {"Done": "yes"}, where="Ask support for the figures")
    february.ok("sync")
    assert "Nothing changed." in february.ok("sync")
    february.today = "2026-04-01"
    february.provision()
    assert acting.table_in(february.file_of("Ada", "check-in", "2026-04-01"), "actions") == []
    assert february.json("status")["evidence"] - before <= 1
    texts = february.texts("ada@example.org")
    assert texts.count("Ask support for the figures") == 1


def test_the_next_check_in_shows_goals_with_their_last_values(february: Desk) -> None:
    """As they were read last."""
    acting.set_goal(february.file_of("Ada", "goal-sheet"), "Cut page load time", {"Now": 3.25, "Status": "at risk"})
    february.ok("sync")
    february.today = "2026-03-02"
    february.provision()
    rows = acting.table_in(february.file_of("Ada", "check-in", "2026-03-02"), "goals")
    row = next(row for row in rows if row["Goal"] == "Cut page load time")
    assert (row["Target"], row["Last value"], row["Status"]) == ("2", "3.25", "at risk")


def test_a_week_of_downtime_is_made_up_for_once(february: Desk) -> None:
    """Missed check-ins stand once; applying again makes nothing."""
    february.today = "2026-04-20"
    assert february.provision()["created"] >= 10
    assert february.provision() == {}
    assert february.json("plan")["hash"] == february.json("plan")["hash"]


def test_leave_and_a_changed_rhythm_change_what_comes(february: Desk) -> None:
    """Whoever is away gets no check-in on that day; a team on a weekly rhythm gets more of them."""
    february.ok("leave", "import", february.csv("leave.csv", "email,from,to\nada@example.org,2026-02-27,2026-03-06\n"))
    february.ok("cycle", "cadence", "2026-h1", "weekly", "--team", "Support", "--since", "2026-03-01")
    february.today = "2026-03-31"
    february.provision()
    days = {
        name: sorted(key.split("/")[3] for key in february.by_key() if f"/{february.person(name)}/check-in/" in key)
        for name in ("Ada", "Noor", "Tom")
    }
    assert "2026-03-02" in days["Noor"]
    assert not [day for day in days["Ada"] if "2026-02-27" <= day <= "2026-03-06"]
    assert len(days["Tom"]) >= len(days["Noor"]) + 3


# ---------------------------------------------------------------- people


def test_fifty_changed_addresses_create_nothing(tmp_path: Path) -> None:
    """Under the same ids they are renames: the plan makes no document."""
    rows = [f"{n},Person {n},p{n}@example.org,{'' if n == 0 else 'p0@example.org'}" for n in range(51)]
    desk = Desk(tmp_path / "home")
    desk.ok("init", "--organisation", "Acme", "--admin-name", "Admin", "--admin-email", "admin@example.org")
    desk.ok("people", "import", desk.csv("people.csv", "id,name,email,manager_email\n" + "\n".join(rows)))
    desk.ok("cycle", "create", "2026-h1", "--start", "2026-01-01", "--end", "2026-06-30")
    desk.provision()
    renamed = "\n".join(rows).replace("@example.org", "@example.com")
    file = desk.csv("renamed.csv", "id,name,email,manager_email\n" + renamed)
    proposal = desk.json("people", "import", file)
    assert not proposal["imported"]
    assert desk.json("people", "list")["people"][0]["email"].endswith("@example.org")
    assert desk.json("people", "import", file, "--accept", proposal["hash"][:8])["imported"]
    assert desk.json("plan")["counts"]["create"] == 0
    assert {one["email"].split("@")[1] for one in desk.json("people", "list")["people"] if one["active"]} >= {"example.com"}
    assert desk.json("evidence", "p7@example.org")["name"] == desk.json("evidence", "p7@example.com")["name"] == "Person 7"


def test_a_changed_list_is_not_accepted_under_an_old_hash(february: Desk) -> None:
    """What HR looked at is what is carried out."""
    first = february.csv("people.csv", PEOPLE.replace("Noor Said", "Noor Haddad"))
    proposal = february.json("people", "import", first)
    second = february.csv("people.csv", PEOPLE.replace("Noor Said", "Noor Khan"))
    result = february.run("people", "import", second, "--accept", proposal["hash"][:8])
    assert result.exit_code == 2
    assert "without --accept" in result.stderr
    assert february.person("Noor Said")


def test_joiner_leaver_and_new_manager_get_the_right_documents_once(february: Desk) -> None:
    """The joiner a full set, the new manager private notes, the leaver nothing more; nobody loses anything."""
    changed = PEOPLE.replace("noor@example.org,ben@example.org", "noor@example.org,greta@example.org")
    changed = "".join(line for line in changed.splitlines(keepends=True) if "Tom Weiss" not in line)
    file = february.csv("people.csv", f"{changed}7,Eva Stone,eva@example.org,ben@example.org,Product,engineer,remote,none\n")
    before = february.by_key()
    proposal = february.json("people", "import", file)
    february.ok("people", "import", file, "--accept", proposal["hash"][:8])
    february.today = "2026-03-02"
    february.provision()
    assert february.provision() == {}
    after = february.by_key()
    assert set(before) <= set(after)
    new = {"/".join(key.split("/")[1:]) for key in set(after) - set(before)}
    eva, noor, tom, greta = (february.person(name) for name in ("Eva", "Noor", "Tom", "Greta"))
    assert {f"{eva}/goal-sheet", f"{eva}/quick-notes", f"{eva}/check-in/2026-03-02"} <= new
    assert f"{noor}/manager-notes/{greta}" in new
    assert not [key for key in new if key.startswith(tom)]
