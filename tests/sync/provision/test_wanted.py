"""What should stand: who gets what, where, with whose access."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from connectors.workspace import Grants, Home
from sync.provision.wanted import Wanted, wanted
from sync.records import CadenceRule, Cycle, Leave, Pair, Person, Reporting
from templates.shapes import Kind, Place
from tests.sync.provision.company import ADA, BEN, BOSS, COMPANY, CYCLE, HANNA, PACK, START


def keys(
    today: date,
    directory: Sequence[Person] = COMPANY,
    leave: Sequence[Leave] = (),
    pairs: Sequence[Pair] = (),
    cycle: Cycle = CYCLE,
) -> dict[str, Wanted]:
    return {one.key: one for one in wanted(directory, leave, pairs, cycle, PACK, today)}


def of(person: Person, found: dict[str, Wanted]) -> set[str]:
    return {key.split("/", 2)[2] for key in found if key.split("/")[1] == person.id}


def test_on_the_first_day_everybody_gets_their_own_documents() -> None:
    """A goal sheet, quick notes, the first check-in and the manager's notes; reviews come later."""
    found = keys(START)
    assert of(ADA, found) == {"goal-sheet", "quick-notes", "check-in/2026-01-01", "manager-notes/boss"}
    assert of(BOSS, found) == {"goal-sheet", "quick-notes"}


def test_roles_in_use_get_their_expectations_once() -> None:
    """Two engineers share one page of expectations."""
    found = [key for key in keys(START) if "/company/" in key]
    assert found == ["2026-h1/company/role-expectations/engineering", "2026-h1/company/role-expectations/general"]


def test_keys_are_unique_and_so_are_places() -> None:
    """No two wishes share a key, or a place and title."""
    pairs = [Pair("ben", "ada"), Pair("hanna", "ada"), Pair("boss", "ada")]
    found = wanted(COMPANY, (), pairs, CYCLE, PACK, date(2026, 6, 10))
    assert len({one.key for one in found}) == len(found)
    assert len({(one.home, one.title) for one in found}) == len(found)


def test_homes_are_the_working_private_and_company_places() -> None:
    """A private folder is the writer's and has a folder per person written about."""
    found = keys(START)
    assert found["2026-h1/ada/goal-sheet"].home == Home(Place.WORKING, "ada", "Ada Brandt", ("2026 H1",))
    private = Home(Place.PRIVATE, "boss", "Bea Boss", ("Ada Brandt - ada", "2026 H1"))
    assert found["2026-h1/ada/manager-notes/boss"].home == private
    assert found["2026-h1/company/role-expectations/general"].home == Home(Place.COMPANY, inner=("2026 H1",))


def test_access_follows_the_template() -> None:
    """Person and manager write the goal sheet, only the manager the notes, HR the expectations that everyone reads."""
    found = keys(START)
    assert found["2026-h1/ada/goal-sheet"].grants == Grants(("ada@example.org", "bea@example.org"))
    assert found["2026-h1/ada/manager-notes/boss"].grants == Grants(("bea@example.org",))
    assert found["2026-h1/company/role-expectations/general"].grants == Grants(("hanna@example.org",), ("*",))


def test_check_ins_are_prepared_a_week_ahead() -> None:
    """The check-in of 2 February is wanted from 26 January on."""
    assert "2026-h1/ada/check-in/2026-02-02" not in keys(date(2026, 1, 25))
    assert "2026-h1/ada/check-in/2026-02-02" in keys(date(2026, 1, 26))


def test_a_check_in_waits_until_the_one_before_is_over() -> None:
    """Otherwise it could not carry on what was agreed there."""
    weekly = replace(CYCLE, cadences=(CadenceRule("company", "", "weekly", START),))
    assert "check-in/2026-01-05" in of(ADA, keys(date(2026, 1, 5), cycle=weekly))
    assert "check-in/2026-01-12" not in of(ADA, keys(date(2026, 1, 5), cycle=weekly))
    assert "check-in/2026-01-12" in of(ADA, keys(date(2026, 1, 6), cycle=weekly))


def test_days_missed_by_downtime_are_all_wanted() -> None:
    """Past check-ins stay wanted, so that six weeks without a run lose none."""
    found = of(ADA, keys(date(2026, 4, 20)))
    assert {name for name in found if name.startswith("check-in")} == {
        f"check-in/{day}" for day in ("2026-01-01", "2026-02-02", "2026-03-02", "2026-04-01")
    }


def test_the_last_check_in_of_a_quarter_is_marked() -> None:
    """The March check-in of a monthly rhythm is the quarterly one."""
    found = keys(date(2026, 4, 20)).values()
    assert [one.due for one in found if one.person_id == "ada" and one.quarterly] == [date(2026, 3, 2)]


def test_review_documents_come_with_the_window() -> None:
    """Four weeks before the review: self review, manager review, and feedback for the pairs that were asked."""
    pairs = [Pair("ben", "ada")]
    assert not {"self-review"} & of(ADA, keys(date(2026, 5, 24), pairs=pairs))
    found = keys(date(2026, 5, 25), pairs=pairs)
    assert {"self-review", "manager-review/boss", "peer-feedback/ben"} <= of(ADA, found)
    assert "released-review" not in {one.kind for one in found.values()}
    feedback = found["2026-h1/ada/peer-feedback/ben"]
    assert feedback.home.owner_id == "ben"
    assert feedback.grants == Grants(("ben@example.org",), ("bea@example.org", "hanna@example.org"))


def test_a_self_review_is_the_persons_alone_until_it_is_submitted() -> None:
    """The manager may read it from the moment it is handed in."""
    key, today = "2026-h1/ada/self-review", date(2026, 5, 25)
    before = {one.key: one for one in wanted(COMPANY, (), (), CYCLE, PACK, today)}
    after = {one.key: one for one in wanted(COMPANY, (), (), CYCLE, PACK, today, submitted={key})}
    assert before[key].grants == Grants(("ada@example.org",))
    assert after[key].grants == Grants(("ada@example.org",), ("bea@example.org",))


def test_a_leaver_is_wanted_nothing_for_and_loses_access() -> None:
    """From the day after the last one; a manager who left has no access and gets no documents."""
    left = replace(ADA, end=date(2026, 3, 31))
    assert of(ADA, keys(date(2026, 3, 31), (BOSS, left, BEN)))
    assert not of(ADA, keys(date(2026, 4, 1), (BOSS, left, BEN)))
    gone = replace(BOSS, end=date(2026, 3, 31))
    found = keys(date(2026, 4, 1), (gone, ADA, BEN))
    assert found["2026-h1/ada/goal-sheet"].grants == Grants(("ada@example.org",))
    assert "2026-h1/ada/manager-notes/boss" not in found


def test_a_joiner_is_prepared_a_week_ahead() -> None:
    """Documents stand before the first day; check-ins begin with the first whole period."""
    joiner = replace(ADA, start=date(2026, 2, 9))
    assert not of(ADA, keys(date(2026, 2, 1), (BOSS, joiner)))
    assert of(ADA, keys(date(2026, 2, 2), (BOSS, joiner))) == {"goal-sheet", "quick-notes", "manager-notes/boss"}
    assert "check-in/2026-03-02" in of(ADA, keys(date(2026, 3, 1), (BOSS, joiner)))


def test_a_new_manager_gets_what_is_due_from_then_on() -> None:
    """Check-ins, notes and the review are the new manager's; those before stay with the old one."""
    moved = replace(ADA, reporting=(Reporting("boss", None, date(2026, 3, 15)), Reporting("ben", date(2026, 3, 16))))
    found = keys(date(2026, 5, 25), (BOSS, moved, BEN, HANNA))
    assert found["2026-h1/ada/check-in/2026-03-02"].grants.writers == ("ada@example.org", "bea@example.org")
    assert found["2026-h1/ada/check-in/2026-04-01"].grants.writers == ("ada@example.org", "ben@example.org")
    assert found["2026-h1/ada/goal-sheet"].grants.writers == ("ada@example.org", "ben@example.org")
    assert {"manager-notes/ben", "manager-review/ben"} <= of(ADA, found)
    assert not {"manager-notes/boss", "manager-review/boss"} & of(ADA, found)


def test_only_kinds_of_the_pack_are_wanted() -> None:
    """A pack without quick notes makes none."""
    small = replace(PACK, templates={kind: one for kind, one in PACK.templates.items() if kind is not Kind.QUICK_NOTES})
    assert Kind.QUICK_NOTES not in {one.kind for one in wanted(COMPANY, (), (), CYCLE, small, START)}


def test_a_locked_or_unopened_cycle_wants_nothing() -> None:
    """Before it is opened and after it is locked."""
    assert not keys(START, cycle=replace(CYCLE, locked=True))
    assert not keys(START - timedelta(days=1))


def test_an_address_that_changed_is_a_rename() -> None:
    """The same key and place under the new address: nothing new is wanted."""
    renamed = replace(ADA, email="ada.new@example.org", former_emails=("ada@example.org",))
    assert keys(START, (BOSS, renamed)).keys() == keys(START, (BOSS, ADA)).keys()
