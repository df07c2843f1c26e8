"""The plan as a value: its rules, its guard, its hash, its way through JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.workspace import Capabilities, Grants
from sync.provision.plan import (
    Adopt,
    Create,
    Plan,
    Share,
    Unchanged,
    Unlink,
    UnsafePlan,
    Update,
    from_json,
    guard,
    plan,
    render,
    to_json,
)
from sync.provision.wanted import Wanted, wanted
from sync.records import Artifact, ArtifactState, Goal
from tests.sync.provision.company import COMPANY, CYCLE, PACK, START, goal

WISHES = wanted(COMPANY, (), (), CYCLE, PACK, START)
SHEET = "2026-h1/ada/goal-sheet"
SHARING = Capabilities(can_share=True, can_audit=True, name="test")


def artifact(one: Wanted, **changes: object) -> Artifact:
    made = Artifact(
        one.key,
        one.kind,
        CYCLE.id,
        one.person_id,
        one.other_id,
        one.due,
        one.home.place,
        one.title,
        f"at/{one.key}",
        "v1",
        writers=one.grants.writers,
        readers=one.grants.readers,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


RECORDED = tuple(artifact(one) for one in WISHES)
STANDING = frozenset(one.ref for one in RECORDED)


def made(
    recorded: Sequence[Artifact] = RECORDED,
    existing: Set[str] = STANDING,
    found: Mapping[str, Sequence[str]] | None = None,
    wishes: Sequence[Wanted] = WISHES,
    capabilities: Capabilities = SHARING,
    unwritten: Mapping[str, Sequence[Goal]] | None = None,
    attempted: Set[str] = frozenset(),
    departed: Set[str] = frozenset(),
) -> Plan:
    return plan(wishes, recorded, existing, found or {}, unwritten or {}, capabilities, "test", attempted, departed)


def with_sheet(**changes: object) -> tuple[Artifact, ...]:
    return tuple(replace(one, **changes) if one.key == SHEET else one for one in RECORDED)  # type: ignore[arg-type]


def test_everything_is_created_at_first() -> None:
    """Nothing recorded, nothing found: one create for each wish, in the order of keys."""
    first = made(recorded=())
    assert [step.key for step in first.steps] == sorted(one.key for one in WISHES)
    assert first.counts()["create"] == len(first.writing) == len(WISHES)


def test_what_stands_as_recorded_is_unchanged() -> None:
    """A second plan writes nothing."""
    assert made().writing == ()
    assert made().counts()["unchanged"] == len(WISHES)


def test_other_access_is_shared_where_the_workspace_can() -> None:
    """Where it cannot, the difference is left to the audit."""
    drifted = with_sheet(writers=("ada@example.org", "old@example.org"))
    (step,) = made(drifted).writing
    assert isinstance(step, Share)
    assert step.grants == Grants(("ada@example.org", "bea@example.org"))
    assert step.reason == "adds bea@example.org; ends old@example.org"
    assert made(drifted, capabilities=replace(SHARING, can_share=False)).writing == ()
    noting = replace(SHARING, can_share=False, marks_rights=True)
    assert made(drifted, capabilities=noting).writing == made(drifted).writing


def test_the_order_of_addresses_does_not_matter() -> None:
    """The same people in another order are the same access."""
    assert made(with_sheet(writers=("bea@example.org", "ada@example.org"))).writing == ()


def test_what_vanished_is_unlinked_and_says_what_to_do() -> None:
    """The recorded place is empty and the key stands nowhere else."""
    (step,) = made(existing=STANDING - {f"at/{SHEET}"}).writing
    assert isinstance(step, Unlink)
    assert "Restore it" in step.reason


def test_what_moved_is_adopted_where_it_is() -> None:
    """Its key stands in exactly one other place."""
    (step,) = made(existing=STANDING - {f"at/{SHEET}"}, found={SHEET: ("else/where",)}).writing
    assert isinstance(step, Adopt)
    assert step.refs == ("else/where",)


def test_of_several_copies_none_is_chosen() -> None:
    """The original is gone and two copies stand: a person decides, and the reason names both."""
    (step,) = made(existing=STANDING - {f"at/{SHEET}"}, found={SHEET: ("copy/1", "copy/2")}).writing
    assert isinstance(step, Unlink)
    assert "copy/1, copy/2" in step.reason


def test_an_unlinked_one_stays_so_until_it_is_found_again() -> None:
    """It is neither made anew nor unlinked twice; back in its place, or in another one, it is adopted."""
    unlinked = with_sheet(state=ArtifactState.UNLINKED)
    assert made(unlinked, STANDING - {f"at/{SHEET}"}).writing == ()
    for plan_now in (made(unlinked), made(unlinked, STANDING - {f"at/{SHEET}"}, {SHEET: ("new",)})):
        (step,) = plan_now.writing
        assert isinstance(step, Adopt)


def test_what_is_found_unrecorded_is_adopted() -> None:
    """A stopped run made it: no second one."""
    rest = tuple(one for one in RECORDED if one.key != SHEET)
    (step,) = made(rest, found={SHEET: ("at/x",)}, attempted={SHEET}).writing
    assert isinstance(step, Adopt)
    assert step.wanted is not None
    assert step.refs == ("at/x",)


def test_imported_goals_are_added_to_a_standing_sheet() -> None:
    """The update says how many; a sheet that is yet to be made gets them at once."""
    waiting = {"ada": (goal(1), goal(2))}
    (step,) = made(unwritten=waiting).writing
    assert isinstance(step, Update)
    assert step.goals == ("goal1", "goal2")
    assert "2 imported goals" in step.reason
    assert made(recorded=(), unwritten=waiting).counts()["update"] == 0


def test_what_nothing_asks_for_is_kept() -> None:
    """A leaver's documents stay; where access can be given, they become read-only."""
    without = [one for one in WISHES if one.person_id != "ada"]
    assert made(wishes=without).writing == ()
    shares = made(wishes=without, departed={"ada"}).writing
    assert {step.key.split("/")[1] for step in shares} == {"ada"}
    assert all(isinstance(step, Share) and step.grants.writers == () for step in shares)


def test_no_check_in_is_written_into_the_past_afterwards() -> None:
    """A cadence or leave that changes later makes no check-in before the last recorded one, unless one was begun."""
    today = date(2026, 4, 20)
    wishes = wanted(COMPANY, (), (), CYCLE, PACK, today)
    gap = "2026-h1/ada/check-in/2026-02-02"
    recorded = [artifact(one) for one in wishes if one.key != gap]
    standing = {one.ref for one in recorded}
    assert made(recorded, standing, wishes=wishes).writing == ()
    (step,) = made(recorded, standing, wishes=wishes, attempted={gap}).writing
    assert isinstance(step, Create)
    assert step.key == gap


def test_the_guard_names_what_is_gone() -> None:
    """Five of twenty goal sheets are more than a fifth: the plan is refused with their titles."""
    sheets = [replace(artifact(_sheet(n))) for n in range(20)]
    for gone in (4, 5):
        planned = made(sheets, {one.ref for one in sheets[gone:]}, wishes=())
        if gone == 4:
            guard(planned)
        else:
            with pytest.raises(UnsafePlan, match="5 of 20 artifacts of the kind goal-sheet"):
                guard(planned)
    many = [artifact(_sheet(n)) for n in range(30)]
    guard(made(many, {one.ref for one in many[5:]}, wishes=()))


def _sheet(number: int) -> Wanted:
    like = next(one for one in WISHES if one.key == SHEET)
    return replace(like, key=f"2026-h1/p{number:02}/goal-sheet", person_id=f"p{number:02}")


def test_fifty_renames_create_nothing() -> None:
    """Other addresses for the same ids: access changes, nothing is made."""
    renamed = [replace(person, email=f"new-{person.email}") for person in COMPANY]
    planned = made(wishes=wanted(renamed, (), (), CYCLE, PACK, START))
    assert planned.counts()["create"] == 0
    assert planned.counts()["share"] > 0


def test_the_hash_follows_the_ground_and_not_the_words() -> None:
    """Reasons do not change it; key, place, title and access do."""
    base = made(recorded=())
    first, *rest = base.steps
    assert isinstance(first, Create)
    assert replace(base, steps=(replace(first, reason="because"), *rest)).hash == base.hash
    for other in (
        replace(first, title="Another"),
        replace(first, wanted=replace(first.wanted, grants=Grants(("x@example.org",)))),
        replace(first, wanted=replace(first.wanted, home=replace(first.wanted.home, inner=("2027",)))),
        Unchanged(first.key, first.title, "", "somewhere"),
    ):
        assert replace(base, steps=(other, *rest)).hash != base.hash


@given(st.data())
def test_a_plan_survives_json(data: st.DataObject) -> None:
    """Whatever is recorded, standing and found, the plan read back is the same, and its order is fixed."""
    recorded = data.draw(st.lists(st.sampled_from(RECORDED), unique_by=lambda one: one.key))
    changed = [replace(one, writers=data.draw(st.sampled_from([one.writers, ()]))) for one in recorded]
    standing = data.draw(st.sets(st.sampled_from(sorted(STANDING))))
    found = {one.key: ("elsewhere",) for one in data.draw(st.lists(st.sampled_from(WISHES), max_size=3))}
    planned = made(changed, standing, found, unwritten={"ada": (goal(1),)})
    assert from_json(json.loads(json.dumps(to_json(planned)))) == planned
    assert made(list(reversed(changed)), standing, found, tuple(reversed(WISHES)), unwritten={"ada": (goal(1),)}) == planned
    assert sum(planned.counts().values()) == len(planned.steps)


def test_a_changed_plan_is_refused() -> None:
    """A plan whose steps do not fit its hash was edited after it was approved."""
    data = to_json(made(recorded=()))
    data["steps"] = data["steps"][1:]
    with pytest.raises(ValueError, match="does not fit its hash"):
        from_json(data)


def test_the_text_groups_by_person() -> None:
    """Company first, then people by name, each step with its reason, and the totals at the end."""
    text = render(made(recorded=()), {person.id: person.name for person in COMPANY})
    assert text.startswith("Company\n  create  Role expectations")
    assert text.index("\nAda Brandt\n") < text.index("\nBea Boss\n") < text.index("\nBen Adler\n")
    assert f"{len(WISHES)} to create; 0 unchanged." in text
