"""What a new list of people proposes, and that carrying it out leaves nothing to propose."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.people import PersonRow
from connectors.people.csv_file import PEOPLE
from sync.directory import Change, FieldChange, Join, Leave, Move, Proposal, Rename, Return, Update, apply_to, propose
from sync.records import Person, Reporting
from tests.effort import examples

TODAY = date(2026, 3, 2)
LATER = date(2026, 5, 4)
EVE = TODAY - timedelta(days=1)
EVERYTHING = frozenset(field.name for field in PEOPLE)


def ids(prefix: str = "p") -> Callable[[], str]:
    """A source of ids: p1, p2 ..."""
    numbers = itertools.count(1)
    return lambda: f"{prefix}{next(numbers)}"


def row(name: str, email: str = "", **fields: object) -> PersonRow:
    """A row of a list that has every column."""
    values: dict[str, object] = {"line": 2, "name": name, "email": email or f"{name.lower()}@x.com", "given": EVERYTHING}
    return PersonRow(**(values | fields))  # type: ignore[arg-type]


def after(current: Sequence[Person], rows: Sequence[PersonRow], on: date = TODAY, prefix: str = "p") -> tuple[Person, ...]:
    """The directory once the list is carried out."""
    return apply_to(current, propose(current, rows, on, ids(prefix)))


def changes(current: Sequence[Person], rows: Sequence[PersonRow], on: date = LATER) -> tuple[Change, ...]:
    """What the list proposes."""
    return propose(current, rows, on, ids("new")).changes


ADA, BEN, CY = row("Ada"), row("Ben", manager_email="ada@x.com"), row("Cy", manager_email="ada@x.com")
COMPANY = after((), (BEN, ADA, CY))


def test_a_first_list_makes_joiners_with_their_managers() -> None:
    """Managers may stand below their reports, defaults fill blanks, and nobody gets a first day that nobody gave."""
    ben, ada = COMPANY[1], COMPANY[0]
    assert (ada.name, ben.name) == ("Ada", "Ben")
    assert ben.reporting == (Reporting(ada.id),)
    assert (ada.work_mode, ada.timezone, ada.access, ada.start) == ("office", "UTC", "none", None)


def test_the_same_list_again_proposes_nothing() -> None:
    """Re-importing is a no-op, in any order of rows."""
    assert changes(COMPANY, (CY, BEN, ADA)) == ()


def test_a_later_joiner_starts_on_the_day_of_the_list() -> None:
    """Without a day of their own, so that nothing is expected from before."""
    (join,) = changes(COMPANY, (ADA, BEN, CY, row("Dee", manager_email="ben@x.com")))
    assert isinstance(join, Join)
    assert join.person.start == LATER
    assert join.person.manager_at(LATER) == COMPANY[1].id
    assert join.describe() == "Dee <dee@x.com> joins, reports to Ben, first day 2026-05-04"


def test_who_is_missing_leaves_the_day_before_and_is_kept() -> None:
    """A leaver stays in the directory, with a last day."""
    rows = (ADA, BEN)
    (leave,) = changes(COMPANY, rows)
    assert leave == Leave(COMPANY[2], LATER - timedelta(days=1), "not in the list any more")
    left = after(COMPANY, rows, LATER)
    assert [person.active(LATER) for person in left] == [True, True, False]
    assert changes(left, rows) == ()


def test_a_leaver_who_is_listed_again_returns_under_the_same_id() -> None:
    """Even on the same day, as after an import of the wrong file."""
    left = after(COMPANY, (ADA, BEN), LATER)
    (back,) = changes(left, (ADA, BEN, CY))
    assert back == Return(left[2], None)
    assert after(left, (ADA, BEN, CY), LATER) == COMPANY


def test_a_last_day_in_the_list_is_a_leave_and_taking_it_out_cancels_it() -> None:
    """A planned leave is one change each way."""
    planned = row("Cy", manager_email="ada@x.com", end=date(2026, 6, 30))
    assert changes(COMPANY, (ADA, BEN, planned)) == (Leave(COMPANY[2], date(2026, 6, 30), "as the list says"),)
    leaving = after(COMPANY, (ADA, BEN, planned), LATER)
    assert changes(leaving, (ADA, BEN, CY)) == (Update(leaving[2], (FieldChange("end", date(2026, 6, 30), None),)),)


def test_a_new_manager_is_a_move_that_keeps_the_history() -> None:
    """The old line ends the day before the new one begins."""
    rows = (ADA, BEN, replace(CY, manager_email="ben@x.com"))
    ada, ben, cy = COMPANY
    (move,) = changes(COMPANY, rows)
    assert move == Move(cy, ada, ben, LATER)
    assert move.describe() == "Cy <cy@x.com> reports to Ben instead of Ada from 2026-05-04"
    moved = after(COMPANY, rows, LATER)[2]
    assert moved.reporting == (Reporting(ada.id, None, LATER - timedelta(days=1)), Reporting(ben.id, LATER))


def test_moving_to_nobody_and_back_on_one_day_leaves_one_line_for_that_day() -> None:
    """A correction on the day of the move replaces it."""
    alone = after(COMPANY, (ADA, BEN, replace(CY, manager_email="")), LATER)
    assert alone[2].manager_at(LATER) == ""
    back = after(alone, (ADA, BEN, CY), LATER)[2]
    assert [back.manager_at(day) for day in (TODAY, LATER)] == [COMPANY[0].id] * 2
    assert len([line for line in back.reporting if line.covers(LATER)]) == 1


def test_fifty_new_addresses_under_the_same_ids_are_fifty_renames() -> None:
    """No joiner, no leaver, and managers are found under their new addresses."""
    old = [row(f"N{i}", f"n{i}@old.com", id=str(i), manager_email="n0@old.com" if i else "") for i in range(50)]
    new = [row(f"N{i}", f"n{i}@new.com", id=str(i), manager_email="n0@new.com" if i else "") for i in range(50)]
    people = after((), old)
    proposal = propose(people, new, LATER, ids("new"))
    assert proposal.counts() == {"join": 0, "return": 0, "rename": 50, "update": 0, "move": 0, "leave": 0}
    assert apply_to(people, proposal)[0].former_emails == ("n0@old.com",)


def test_without_ids_a_name_that_came_and_went_once_is_a_rename_with_its_reason() -> None:
    """The proposal says why it takes the two for one person."""
    (rename,) = changes(COMPANY, (ADA, BEN, replace(CY, email="cy.new@x.com")))
    assert isinstance(rename, Rename)
    assert (rename.field, rename.old, rename.new) == ("email", "cy@x.com", "cy.new@x.com")
    assert "same name" in rename.describe()


def test_without_ids_a_name_that_came_twice_is_not_guessed() -> None:
    """Two newcomers of the leaver's name are two joiners and a leaver."""
    found = changes(COMPANY, (ADA, BEN, replace(CY, email="cy1@x.com"), replace(CY, email="cy2@x.com")))
    assert [type(change) for change in found] == [Join, Join, Leave]


def test_a_former_address_finds_the_same_person_again() -> None:
    """Going back to the old address is a rename, and the newer one becomes the former."""
    renamed = after(COMPANY, (ADA, BEN, replace(CY, email="c@x.com")), LATER)
    assert renamed[2].former_emails == ("cy@x.com",)
    back = after(renamed, (ADA, BEN, CY), LATER)
    assert (back[2].email, back[2].former_emails) == ("cy@x.com", ("c@x.com",))


def test_a_new_name_at_the_same_address_is_a_rename() -> None:
    """People marry; the address stays."""
    (rename,) = changes(COMPANY, (ADA, BEN, replace(CY, name="Cy Brandt")))
    assert rename == Rename(COMPANY[2], "name", "Cy", "Cy Brandt", "same e-mail")


@pytest.mark.parametrize("former_id", ["", "7"])
def test_an_address_given_to_somebody_else_does_not_hand_over_a_leavers_history(former_id: str) -> None:
    """A leaver's address under another name is a joiner."""
    people = after((), (ADA, row("Jo Smith", "js@x.com", id=former_id)))
    left = after(people, (ADA,), LATER)
    (join,) = changes(left, (ADA, row("Jim Sands", "js@x.com", id=former_id and "8")))
    assert isinstance(join, Join)


def test_an_address_that_changed_hands_goes_to_the_one_of_that_name() -> None:
    """A returning leaver gets their own history back, although somebody else has the address now."""
    with_cy = after((), (ADA, row("Cy", "desk@x.com")))
    without = after(with_cy, (ADA,), TODAY + timedelta(days=9))
    with_dee = after(without, (ADA, row("Dee", "desk@x.com")), TODAY + timedelta(days=20), "q")
    found = changes(with_dee, (ADA, row("Cy", "desk@x.com")))
    assert [(type(change), change.person.name) for change in found] == [(Return, "Cy"), (Leave, "Dee")]


def test_a_new_id_at_the_same_name_and_address_is_the_same_person_only_while_they_are_here() -> None:
    """A new HR system changes ids; years after a leave, another id is another person."""
    people = after((), (ADA, row("Jo", id="7")))
    again = (ADA, row("Jo", id="8"))
    assert changes(people, again) == (Update(people[1], (FieldChange("hr_id", "7", "8"),)),)
    assert [type(change) for change in changes(after(people, (ADA,), LATER), again)] == [Join]


def test_a_leaver_keeps_their_last_manager() -> None:
    """What a list says of somebody who has left does not change their history."""
    gone = replace(CY, end=TODAY)
    people = after(COMPANY, (ADA, BEN, gone), TODAY)
    assert changes(people, (ADA, BEN, replace(gone, manager_email="ben@x.com"))) == ()


def test_two_people_may_swap_their_addresses() -> None:
    """Ids decide, so each keeps their own history."""
    people = after((), (row("Ada", "a@x.com", id="1"), row("Ben", "b@x.com", id="2")))
    swapped = after(people, (row("Ada", "b@x.com", id="1"), row("Ben", "a@x.com", id="2")), LATER)
    assert [(person.id, person.name, person.email) for person in swapped] == [
        ("p1", "Ada", "b@x.com"),
        ("p2", "Ben", "a@x.com"),
    ]


def test_columns_that_the_list_lacks_change_nothing() -> None:
    """A short list takes nobody's access, team, manager or last day away."""
    full = row("Ada", access="admin", team="Ops", timezone="Asia/Tokyo", end=date(2027, 1, 1), manager_email="ben@x.com")
    people = after((), (full, row("Ben")))
    short = [replace(row(name), given=frozenset({"name", "email"})) for name in ("Ada", "Ben")]
    assert changes(people, short) == ()


def test_blanks_clear_what_can_be_blank_and_keep_what_everybody_has() -> None:
    """A blank team or access is meant; a blank time zone, work mode or first day says nothing."""
    full = row("Ada", access="admin", team="Ops", timezone="Asia/Tokyo", work_mode="remote", start=TODAY)
    (update,) = changes(after((), (full,)), (row("Ada"),))
    assert isinstance(update, Update)
    assert update.fields == (FieldChange("team", "Ops", ""), FieldChange("access", "admin", "none"))
    assert update.describe() == "Ada <ada@x.com>: team Ops → blank, access admin → none"


def test_a_manager_who_is_not_listed_is_an_error_with_both_names() -> None:
    """The check that every source makes before is not trusted blindly."""
    with pytest.raises(ValueError, match=r"ada@x\.com reports to zoe@x\.com"):
        changes(COMPANY, (replace(ADA, manager_email="zoe@x.com"),))


def test_the_hash_pins_what_a_person_approves_and_not_the_new_ids() -> None:
    """Other ids or another order of rows: same hash. Another day or another team: another hash."""
    rows = (ADA, BEN, row("Dee"))
    first = propose(COMPANY, rows, LATER, ids("x"))
    assert first.hash == propose(COMPANY, rows[::-1], LATER, ids("y")).hash
    assert first.hash != propose(COMPANY, rows, LATER + timedelta(days=1), ids("x")).hash
    assert first.hash != propose(COMPANY, (ADA, BEN, row("Dee", team="Ops")), LATER, ids("x")).hash


def test_changes_come_in_a_fixed_order_and_as_json() -> None:
    """Joiners first, so that they can be managers; leavers last. The JSON form is plain data."""
    rows = (replace(ADA, team="Ops", name="Ada B"), replace(BEN, manager_email="dee@x.com"), row("Dee"))
    proposal = propose(COMPANY, rows, LATER, ids("new"))
    assert [type(change) for change in proposal.changes] == [Join, Rename, Update, Move, Leave]
    data = json.loads(json.dumps(proposal.as_json()))
    assert [change["change"] for change in data["changes"]] == ["join", "rename", "update", "move", "leave"]
    assert data["counts"]["leave"] == 1


def test_an_empty_proposal_has_a_hash_too() -> None:
    """Nothing to do can be approved as well."""
    assert len(Proposal(()).hash) == 64


def test_without_ids_another_name_at_an_active_address_is_a_leaver_and_a_joiner() -> None:
    """No word in common: the address went to somebody else, the reason says so, and the leaver keeps it as history."""
    people = after((), (ADA, row("Jo Smith", "js@x.com")))
    rows = (ADA, row("Jim Sands", "js@x.com"))
    join, leave = changes(people, rows)
    assert isinstance(join, Join)
    assert isinstance(leave, Leave)
    assert leave.describe().endswith("js@x.com is Jim Sands's there, who is taken for somebody else)")
    later = after(people, rows, LATER, "q")
    assert [(person.name, person.email, person.active(LATER)) for person in later[1:]] == [
        ("Jo Smith", "js@x.com", False),
        ("Jim Sands", "js@x.com", True),
    ]
    assert changes(later, rows) == ()


@pytest.mark.parametrize(("old", "new"), [("Jo Smith", "JO Brandt"), ("Smith, Jo", "Jo Brandt"), ("Jürgen", "Juergen")])
def test_a_name_that_keeps_a_word_is_a_rename(old: str, new: str) -> None:
    """In whatever order, case or spelling of its letters."""
    people = after((), (ADA, row(old, "js@x.com")))
    assert [type(change) for change in changes(people, (ADA, row(new, "js@x.com")))] == [Rename]


def test_an_id_makes_another_name_at_the_same_address_a_rename() -> None:
    """With ids the id decides, whatever became of the name."""
    people = after((), (ADA, row("Jo Smith", "js@x.com", id="7")))
    assert [type(change) for change in changes(people, (ADA, row("Jim Sands", "js@x.com", id="7")))] == [Rename]


def test_an_admin_of_the_set_up_is_known_by_the_address_alone() -> None:
    """They were on no list before, and may have been called Admin."""
    admin = Person("adm", "Admin", "ada@x.com", access="admin", takes_part=False)
    assert Rename in [type(change) for change in changes((admin,), (replace(ADA, access="admin"),))]


# ---------------------------------------------------------------- any history of lists

NAMES = st.sampled_from(["Ada", "Ben", "ben", "Cy Dorn"])
DAYS = st.sampled_from([None, None, EVE, TODAY, LATER, date(2027, 1, 1)])


@st.composite
def lists(draw: st.DrawFn) -> list[PersonRow]:
    """A consistent list: addresses and ids stand once, managers are among those above; some columns may be absent."""
    emails = draw(st.lists(st.sampled_from([f"{letter}@x.com" for letter in "abcdef"]), unique=True, max_size=5))
    numbers = draw(st.permutations(["1", "2", "3", "", "", ""]))
    given_fields = frozenset(draw(st.sets(st.sampled_from(sorted(EVERYTHING)))) | {"name", "email"})
    rows = []
    for position, email in enumerate(emails):
        fields = {
            "id": numbers[position],
            "manager_email": draw(st.sampled_from(["", *emails[:position]])),
            "team": draw(st.sampled_from(["", "Ops"])),
            "access": draw(st.sampled_from(["", "hr"])),
            "end": draw(DAYS),
            "start": draw(DAYS),
        }
        rows.append(row(draw(NAMES), email, given=given_fields, **{key: fields[key] for key in fields if key in given_fields}))
    return rows


@given(st.lists(st.tuples(lists(), st.integers(0, 90)), min_size=1, max_size=4))
@settings(max_examples=examples(80), deadline=None)
def test_carrying_out_a_proposal_leaves_nothing_to_propose(history: list[tuple[list[PersonRow], int]]) -> None:
    """After any history of lists: the same list again is empty, ids never change or vanish, one manager a day."""
    people: tuple[Person, ...] = ()
    day = TODAY
    for number, (rows, later) in enumerate(history):
        day += timedelta(days=later)
        before = [person.id for person in people]
        people = after(people, rows, day, f"list{number}-")
        assert propose(people, rows, day, ids("again")).changes == ()
        assert [person.id for person in people][: len(before)] == before
        assert len({person.id for person in people}) == len(people)
        assert all(len([line for line in person.reporting if line.covers(day)]) <= 1 for person in people)
        active = [person.email for person in people if person.active(day)]
        assert len(set(active)) == len(active)
