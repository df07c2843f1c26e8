"""The store on a real SQLite file: schema, transactions, leases, and what each query gives back."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from sync.decisions import Decision, DecisionKind
from sync.records import (
    ActionItem,
    Artifact,
    CadenceRule,
    Citation,
    Coverage,
    Cycle,
    Draft,
    Entry,
    EntryKind,
    Figure,
    Finding,
    Gap,
    Goal,
    GoalValue,
    Leave,
    Person,
    Release,
    Reporting,
    Statement,
    StatementKind,
    Visibility,
)
from sync.store import LeaseHeld, LeaseLost, Store, StoreError
from sync.store.database import HEAD, MIGRATIONS, cannot_keep_books
from sync.store.models import metadata
from sync.store.queries import artifacts, cycles, leases, ledger, people, reviews
from templates.shapes import Kind, Place
from tests import postgres

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LINE = Reporting("bob00001")
ADA = Person(
    "ada00001", "Ada Brandt", "ada@example.org", former_emails=("a.old@example.org",), reporting=(Reporting("bob00001"),)
)
BOB = Person("bob00001", "Bob Chen", "bob@example.org")
CYCLE = Cycle(
    id="2026-h1",
    label="First half of 2026",
    start=date(2026, 1, 1),
    end=date(2026, 6, 30),
    review_on=date(2026, 6, 15),
    opened_on=date(2026, 1, 2),
    pack_name="standard",
    pack_version="abc",
    cadences=(CadenceRule("company", "", "monthly", date(2026, 1, 1)),),
)
SHEET = Artifact(
    key="2026-h1/ada00001/goal-sheet",
    kind=Kind.GOAL_SHEET,
    cycle_id="2026-h1",
    person_id="ada00001",
    other_id="",
    due=None,
    place=Place.WORKING,
    title="Goals",
    ref="shared/Goals.xlsx",
    version="v1",
    writers=("ada@example.org",),
)


def an_entry(name: str, text: str = "Shipped it", **more: object) -> Entry:
    """An entry about Ada."""
    base = Entry(name, ADA.id, ADA.id, EntryKind.WIN, text, Visibility.SHARED, date(2026, 3, 1), NOW, SHEET.key, "wins", "Wins")
    return replace(base, **more)  # type: ignore[arg-type]


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    """An empty store, once a file and once on a server."""
    store = Store.open(database)
    yield store
    store.close()


def test_the_migrations_build_exactly_the_tables_that_the_code_knows(database: str, store: Store) -> None:
    """Autogenerate finds nothing to add to a freshly migrated database."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    engine = create_engine(database)
    with engine.connect() as connection:
        # PostgreSQL takes text of any length here, as SQLite does: lengths differ from what the code says.
        context = MigrationContext.configure(connection, opts={"compare_type": connection.dialect.name == "sqlite"})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_known_head_is_the_newest_revision() -> None:
    """The constant that spares a start the migration tool tells the truth."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_a_database_file_is_durable_and_lets_readers_in(tmp_path: Path) -> None:
    """Write-ahead logging with full synchronisation."""
    store = Store.look(f"sqlite:///{tmp_path}/t.db")
    raw = store._engine.raw_connection()  # as the program gets it: the tests' own are in haste
    cursor = raw.cursor()
    assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert cursor.execute("PRAGMA synchronous").fetchone() == (2,)
    raw.close()
    store.close()


def test_a_block_that_raises_leaves_nothing_behind(store: Store) -> None:
    """What a failing transaction wrote is undone."""
    with pytest.raises(ZeroDivisionError), store.write() as tx:  # noqa: PT012 - the block is what is tested
        people.save(tx, [ADA])
        raise ZeroDivisionError
    with store.read() as tx:
        assert people.count(tx) == 0


def test_a_newer_database_is_refused_with_what_to_do(database: str, store: Store) -> None:
    """An older program does not touch what a newer one migrated."""
    with store.write() as tx:
        tx.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    store.close()
    with pytest.raises(StoreError, match="install the newer program"):
        Store.open(database)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    """The message names the file."""
    (tmp_path / "x.db").write_bytes(b"not a database at all, only words" * 100)
    with pytest.raises(StoreError, match=r"x\.db"):
        Store.open(f"sqlite:///{tmp_path}/x.db")


def test_text_of_any_length_and_script_fits_and_is_ordered_by_its_characters(store: Store) -> None:
    """No database cuts a long name, refuses it, or sorts by the language of its server."""
    names = ["a", "Z", "é", "B-1", "B1"]
    crowd = [replace(ADA, id=f"p{number}", name=name * 300, reporting=()) for number, name in enumerate(names)]
    with store.write() as tx:
        people.save(tx, crowd)
        assert [one.name[:2] for one in people.everyone(tx)] == [(name * 2)[:2] for name in sorted(names)]


def test_a_password_is_not_in_what_is_said_about_an_address() -> None:
    """Neither when no server answers, nor when the address is none."""
    for address in ("postgresql://ada:s3cret@127.0.0.1:1/none", "nonsense://ada:s3cret@host/none", "s3cret"):
        with pytest.raises(StoreError) as told:
            Store.open(address)
        assert "s3cret" not in str(told.value)


@pytest.mark.postgres
def test_two_processes_may_open_an_empty_database_at_once(server: postgres.Postgres, tmp_path: Path) -> None:
    """The first one migrates, the other one waits and finds it done."""
    for address in (f"sqlite:///{tmp_path}/two.db", server.bare()):
        with ThreadPoolExecutor(4) as pool:
            stores = list(pool.map(Store.open, [address] * 4))
        assert {store.revision for store in stores} == {HEAD}
        for store in stores:
            store.close()


def test_writers_wait_for_one_another(store: Store) -> None:
    """What a writer has read is still so when it writes: forty increments from four threads make forty."""

    def increment(_number: int) -> None:
        with store.write() as tx:
            people.set_setting(tx, "count", str(int(people.setting(tx, "count") or 0) + 1))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(increment, range(40)))
    with store.read() as tx:
        assert people.setting(tx, "count") == "40"


def test_a_reader_sees_one_state_and_writes_nothing(store: Store) -> None:
    """What is kept meanwhile shows in the next transaction."""
    with store.read() as tx:
        assert people.count(tx) == 0
        with store.write() as other:
            people.save(other, [ADA])
        assert people.count(tx) == 0
    with store.read() as tx:
        assert people.count(tx) == 1


def test_people_come_back_as_they_were_saved(store: Store) -> None:
    """Fields, former e-mails and reporting lines round-trip, and a second save replaces the first."""
    with store.write() as tx:
        people.save(tx, [ADA, BOB])
        people.save(tx, [ADA])
        assert people.everyone(tx) == (ADA, BOB)


def test_two_people_may_swap_their_addresses_in_one_import(store: Store) -> None:
    """The unique e-mail column does not get in the way of a swap."""
    with store.write() as tx:
        people.save(tx, [ADA, BOB])
        people.save(tx, [replace(ADA, email=BOB.email), replace(BOB, email=ADA.email)])
        assert {p.id: p.email for p in people.everyone(tx)} == {ADA.id: BOB.email, BOB.id: ADA.email}


@pytest.mark.parametrize("words", ["ada00001", "ADA@example.org", "a.old@example.org", "ada brandt"])
def test_a_person_is_found_by_any_of_their_names(store: Store, words: str) -> None:
    """Id, e-mail, former e-mail and name, whatever the case."""
    with store.write() as tx:
        people.save(tx, [ADA, BOB])
        assert people.find(tx, words) == (ADA,)


@pytest.mark.parametrize("words", ["Bob Ö", "bob ö", "BOB O\u0308"])
def test_names_are_found_whatever_their_script_and_case(store: Store, words: str) -> None:
    """Capitals beyond ASCII and letters typed in two parts are the same name."""
    bob = replace(BOB, name="Bob Ö")
    with store.write() as tx:
        people.save(tx, [ADA, bob])
        assert people.find(tx, words) == (bob,)
        assert people.find(tx, "") == ()


def test_leave_is_added_once(store: Store) -> None:
    """The same days imported twice stand once."""
    days = Leave(ADA.id, date(2026, 2, 1), date(2026, 2, 10))
    with store.write() as tx:
        assert people.add_leave(tx, [days, days]) == 1
        assert people.add_leave(tx, [days]) == 0
        assert people.leave(tx) == (days,)


def test_a_cycle_keeps_the_texts_of_its_pack(store: Store) -> None:
    """What was frozen at creation comes back to the letter, with the cadence rules."""
    with store.write() as tx:
        cycles.create(tx, CYCLE, {"pack.yaml": "title: Ünïcode\n"})
        assert cycles.get(tx, "2026-h1") == CYCLE
        assert cycles.pack_sources(tx, "2026-h1") == {"pack.yaml": "title: Ünïcode\n"}


def test_the_running_cycle_is_the_one_that_today_lies_in(store: Store) -> None:
    """Before, inside and after."""
    later = replace(CYCLE, id="2026-h2", start=date(2026, 7, 1), end=date(2026, 12, 31), cadences=())
    with store.write() as tx:
        cycles.create(tx, later, {})
        cycles.create(tx, CYCLE, {})
        assert [c and c.id for c in (cycles.running(tx, date(2026, m, 5)) for m in (3, 8))] == ["2026-h1", "2026-h2"]
        assert (found := cycles.running(tx, date(2027, 3, 1))) is not None
        assert found.id == "2026-h2"


def test_a_plan_is_found_by_the_beginning_of_its_hash_unless_two_begin_so(store: Store) -> None:
    """An ambiguous beginning finds nothing rather than the wrong plan."""
    with store.write() as tx:
        cycles.save_plan(tx, "abc1", "2026-h1", NOW, {"steps": []})
        cycles.save_plan(tx, "abd2", "2026-h1", NOW, {"steps": [1]})
        assert cycles.find_plan(tx, "abd") == ("2026-h1", {"steps": [1]})
        assert cycles.find_plan(tx, "ab") is None
        assert cycles.find_plan(tx, "%") is None


def test_artifacts_keep_their_ground_when_they_are_updated(store: Store) -> None:
    """What was provisioned stays known after a move."""
    with store.write() as tx:
        artifacts.record(tx, "folder", [(SHEET, {"rows": []})])
        artifacts.update(tx, [replace(SHEET, ref="shared/Moved.xlsx")])
        assert artifacts.by_refs(tx, "folder", ["shared/Moved.xlsx"])["shared/Moved.xlsx"].key == SHEET.key
        assert artifacts.grounds(tx, [SHEET.key]) == {SHEET.key: {"rows": []}}
        assert artifacts.all_artifacts(tx, "folder", "other") == ()


def test_an_intent_is_open_until_it_is_settled(store: Store) -> None:
    """It survives with its body and its beginning."""
    with store.write() as tx:
        artifacts.begin(tx, "folder", {SHEET.key: {"title": "Goals"}}, NOW)
    with store.write() as tx:
        assert artifacts.open_intents(tx, "folder") == {SHEET.key: (NOW, {"title": "Goals"})}
        artifacts.settle(tx, [SHEET.key])
        assert artifacts.open_intents(tx, "folder") == {}


def test_equal_content_is_kept_once_and_the_latest_snapshot_is_found(store: Store) -> None:
    """Two versions of the same words share one body."""
    with store.write() as tx:
        artifacts.record(tx, "folder", [(SHEET, {})])
        for number, words in enumerate(["a", "b", "a"]):
            at = NOW + timedelta(hours=number)
            artifacts.add_snapshots(tx, [artifacts.Taken(SHEET.key, SHEET.ref, f"v{number}", {"text": words})], at)
        assert tx.exec_driver_sql("SELECT count(*) FROM body").scalar() == 2
        assert artifacts.last_snapshots(tx, [SHEET.key]) == {SHEET.key: {"text": "a"}}


def test_the_ledger_takes_an_entry_once_and_hides_what_is_superseded(store: Store) -> None:
    """Repeating a batch changes nothing; history stays readable."""
    first, second = an_entry("e1"), an_entry("e2", "Shipped it on time", supersedes="e1")
    with store.write() as tx:
        for _ in range(2):
            ledger.append(tx, [first])
            ledger.append(tx, [second])
        assert ledger.about(tx, ADA.id) == (second,)
        assert ledger.of_artifacts(tx, [SHEET.key]) == {SHEET.key: [first, second]}
        assert ledger.superseded(tx, ["e1", "e2", "e9"]) == {"e1", "e9"}
        assert ledger.count(tx) == 1


def test_a_withdrawn_text_is_no_longer_current(store: Store) -> None:
    """Taking a sentence out of a document leaves its trace, not its evidence."""
    with store.write() as tx:
        ledger.append(tx, [an_entry("e1"), an_entry("e2", supersedes="e1", withdrawn=True)])
        assert ledger.about(tx, ADA.id) == ()


def test_figures_survive_the_ledger(store: Store) -> None:
    """A goal value keeps goal, column, value and unit."""
    entry = an_entry("e1", "72 %", kind=EntryKind.GOAL_VALUE, figure=Figure("g1", "now", 72.0, "%"))
    with store.write() as tx:
        ledger.append(tx, [entry])
        assert ledger.about(tx, ADA.id, since=date(2026, 3, 1), until=date(2026, 3, 1)) == (entry,)


def test_goals_values_and_actions_come_back(store: Store) -> None:
    """Missing values stay missing, never zero."""
    goal = Goal("g1", ADA.id, CYCLE.id, SHEET.key, "g1", "Answer sooner", 1, start=48.0, target=24.0, extra={"why": "x"})
    action = ActionItem("a1", ADA.id, CYCLE.id, "Call the bank", "Ada", "Friday", date(2026, 3, 2), "k")
    point = GoalValue("g1", date(2026, 3, 1), 40.0, "e1")
    with store.write() as tx:
        ledger.save_goals(tx, [goal])
        ledger.save_actions(tx, [action])
        ledger.add_goal_values(tx, [point, point])
        assert ledger.goals(tx, CYCLE.id, ADA.id) == (goal,)
        assert ledger.actions(tx, CYCLE.id) == (action,)
        assert ledger.goal_values(tx, CYCLE.id) == {"g1": [point]}


def test_the_sync_state_is_remembered(store: Store) -> None:
    """Cursor, dirty refs and findings."""
    with store.write() as tx:
        assert ledger.cursor(tx, "folder") == ""
        ledger.move_cursor(tx, "folder", "c1", NOW)
        ledger.mark_dirty(tx, "folder", ["a", "a", "b"])
        ledger.clean(tx, "folder", ["a"])
        ledger.replace_findings(tx, "folder", [], [Finding("a", "busy", "open elsewhere")], NOW)
        assert (ledger.cursor(tx, "folder"), ledger.last_sync(tx, "folder")) == ("c1", NOW)
        assert ledger.dirty(tx, "folder") == ("b",)
        ledger.replace_findings(tx, "folder", ["a"], [], NOW)
        assert ledger.findings(tx, "folder") == ()


def test_drafts_round_trip_and_the_newest_is_current(store: Store) -> None:
    """A second draft for the same writer and reader replaces the first in lists, not by id."""
    statement = Statement("patterns", "Teamwork", "On 2 March …", StatementKind.QUOTATION, (Citation("e1", "h"),))
    coverage = Coverage({"2026-03": 1}, 1, 1, 1)
    first = Draft("d1", CYCLE.id, ADA.id, BOB.id, ADA.id, NOW, (statement,), coverage, (Gap("growth", "", "nothing"),), ("e2",))
    second = replace(first, id="d2", for_you=("e9",))
    with store.write() as tx:
        reviews.save_draft(tx, first, 0)
        reviews.save_draft(tx, second, 2)
        assert reviews.drafts(tx, CYCLE.id, ADA.id) == (second,)
        assert reviews.draft(tx, "d1") == first
        assert reviews.draft_counts(tx) == (1, 2)


def test_exclusions_and_the_audit_trail_are_kept(store: Store) -> None:
    """Who left what out, and who did what."""
    with store.write() as tx:
        reviews.exclude(tx, CYCLE.id, ADA.id, ["e1", "e1"], BOB.id, NOW)
        reviews.note(tx, NOW, BOB.id, "release", ADA.id, "2026-h1")
        assert reviews.exclusions(tx, CYCLE.id, ADA.id, BOB.id) == frozenset({"e1"})
        assert reviews.trail(tx) == ((NOW, BOB.id, "release", ADA.id, "2026-h1"),)


def test_a_lease_keeps_a_second_writer_out_until_it_expires(store: Store) -> None:
    """Held, renewed, expired, taken over, lost."""
    later = NOW + timedelta(minutes=11)
    with store.write() as tx:
        leases.acquire(tx, "folder", "one", NOW)
        leases.acquire(tx, "folder", "one", NOW)
        with pytest.raises(LeaseHeld, match="written by one"):
            leases.acquire(tx, "folder", "two", NOW)
        leases.acquire(tx, "folder", "two", later)
        with pytest.raises(LeaseLost):
            leases.renew(tx, "folder", "one", later)
        leases.give_back(tx, "folder", "two")
        leases.acquire(tx, "folder", "one", later)


def test_the_lease_of_a_process_that_was_killed_is_free_at_once(store: Store) -> None:
    """Nobody waits ten minutes for somebody who will not come back."""
    with store.write() as tx:
        leases.acquire(tx, "folder", "here:1", NOW)
        assert leases.holders(tx) == ("here:1",)
        leases.free(tx, "here:1")
        leases.acquire(tx, "folder", "two", NOW)


def test_nobody_else_may_read_the_database_file(tmp_path: Path) -> None:
    """A new one is made so, and one that stood open is closed."""
    path = tmp_path / "open.db"
    path.touch(mode=0o644)
    path.chmod(0o644)
    store = Store.open(f"sqlite:///{path}")
    with store.write() as tx:
        people.save(tx, [ADA])
        modes = {one.name: one.stat().st_mode & 0o077 for one in tmp_path.glob("open.db*")}
    assert len(modes) == 3
    assert set(modes.values()) == {0}
    store.close()


def test_one_question_tells_what_several_told(store: Store) -> None:
    """History, goals with their values, documents and choices: the same as asked for one by one."""
    first = an_entry("h1", "Before.")
    second = replace(first, id="h2", text="After.", supersedes="h1")
    with store.write() as tx:
        ledger.append(tx, [first, second])
        ever = ledger.ever_about(tx, first.about)
        assert ever.current == ledger.about(tx, first.about)
        assert {one: ever.lineage[one] for one in ("h1", "h2")} == ledger.lineage(tx, [first, second])
        assert ledger.ever_about(tx) == ledger.Ever()


def test_goals_come_with_their_values_in_one_question(store: Store) -> None:
    """A value that was taken out is not among them; a goal without values is."""
    goal = Goal("g1", ADA.id, CYCLE.id, SHEET.key, "1", "Answer sooner", 1, 9, 4, 6, extra={"note": "x"})
    bare = replace(goal, id="g2", row_key="2", position=2)
    value = an_entry("v1", "6", figure=Figure("g1", "now", 6.0))
    with store.write() as tx:
        ledger.save_goals(tx, [bare, goal])
        ledger.append(tx, [value, replace(value, id="v2"), replace(value, id="v3", supersedes="v2", withdrawn=True)])
        ledger.add_goal_values(tx, [GoalValue("g1", CYCLE.start, 6.0, one) for one in ("v1", "v2", "elsewhere")])
        goals, values = ledger.goals_and_values(tx, CYCLE.id, ADA.id)
        assert goals == ledger.goals(tx, CYCLE.id, ADA.id) == (goal, bare)
        assert values == ledger.goal_values(tx, CYCLE.id, ADA.id)
        assert [one.entry_id for one in values["g1"]] == ["elsewhere", "v1"]


def test_a_writers_choices_come_in_one_question_and_are_theirs(store: Store) -> None:
    """Decisions of this cycle, points moved from others, and what they left out; nobody else's."""
    later = Decision("2025-h2", ADA.id, BOB.id, DecisionKind.LATER, "old", NOW)
    told = Decision(CYCLE.id, ADA.id, BOB.id, DecisionKind.DISCUSSED, "new", NOW, day=CYCLE.start)
    with store.write() as tx:
        reviews.decide(tx, [later, told])
        reviews.exclude(tx, CYCLE.id, ADA.id, ["e1", "e2"], BOB.id, NOW)
        reviews.exclude(tx, CYCLE.id, ADA.id, ["e1"], ADA.id, NOW)
        reviews.include(tx, CYCLE.id, ADA.id, ["e2"], BOB.id)
        assert reviews.choices(tx, CYCLE.id, BOB.id, ADA.id) == reviews.Choices((told,), ("old",), frozenset({"e1"}))
        assert reviews.choices(tx, CYCLE.id, ADA.id, ADA.id) == reviews.Choices((), (), frozenset({"e1"}))
        assert reviews.decisions_of(tx, BOB.id) == (told, later)


def test_every_version_of_a_released_review_comes_in_order(store: Store) -> None:
    """The first one, then its corrections with their reasons."""
    first = Release(CYCLE.id, ADA.id, "d", BOB.id, NOW, "k", "h")
    second = replace(first, version=2, reason="A name was missing", artifact_key="k/2")
    with store.write() as tx:
        reviews.save_release(tx, second)
        reviews.save_release(tx, first)
        assert reviews.releases_of(tx, CYCLE.id, ADA.id) == (first, second)
        assert reviews.releases_of(tx, CYCLE.id, BOB.id) == ()
        assert reviews.released_people(tx, CYCLE.id, [ADA.id, BOB.id]) == {ADA.id}


def test_documents_come_with_what_stands_in_one_of_them(store: Store) -> None:
    """Its ground and its latest reading where it lies now, and the workspace."""
    taken = [artifacts.Taken(SHEET.key, SHEET.ref, version, {"text": version}, "", None) for version in ("1", "2")]
    with store.write() as tx:
        artifacts.record(tx, "folder", [(SHEET, {"ground": 1})])
        assert artifacts.shelf(tx, [], SHEET.key) == artifacts.Shelf({SHEET.key: SHEET}, "folder", {"ground": 1}, None)
        for one in taken:
            artifacts.add_snapshots(tx, [one], NOW)
        assert artifacts.shelf(tx, ["none"], SHEET.key).last == {"text": "2"}
        assert artifacts.with_grounds(tx, [SHEET.key]) == {SHEET.key: (SHEET, "folder", {"ground": 1})}
        assert artifacts.shelf(tx, [SHEET.key], "none").ground is None


def test_a_python_with_an_older_sqlite_is_told_before_the_job_engine_fails() -> None:
    """Python 3.12 and newer beside an SQLite of before 3.42."""
    assert cannot_keep_books((3, 40, 1), (3, 13))
    assert not cannot_keep_books((3, 40, 1), (3, 11))
    assert not cannot_keep_books((3, 46, 0), (3, 13))
