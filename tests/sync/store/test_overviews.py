"""What the pages show of many people at once, asked on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.health.completion import State, late_before, rate, state
from sync.records import Artifact, Coverage, Draft, Entry, EntryKind, Person, Release, Visibility
from sync.store import Store, models
from sync.store.queries import artifacts, ledger, overviews, people, reviews
from sync.store.queries.overviews import Sought, Written
from templates.shapes import Kind, Place

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY, REVIEW = date(2026, 3, 20), date(2026, 3, 18)
CYCLE = "2026-h1"
EVERYBODY = tuple(
    Person(name.lower(), name, f"{name.lower()}@example.org", team="Sales") for name in ("Ada", "Bob", "Cy", "Eve")
)


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    """Four people and nothing else, once in a file and once on a server."""
    store = Store.open(database)
    with store.write() as tx:
        people.save(tx, EVERYBODY)
    yield store
    store.close()


def drafted(store: Store, about: str, by: str) -> None:
    """*by* drafted the review of *about*."""
    with store.write() as tx:
        draft = Draft(f"{about}-{by}", CYCLE, about, by, by, NOW, (), Coverage({}, 0, 0, 0))
        reviews.save_draft(tx, draft, unsupported=0)


def released(store: Store, about: str, by: str) -> None:
    """That review was shown to its person."""
    with store.write() as tx:
        reviews.save_release(tx, Release(CYCLE, about, f"{about}-{by}", by, NOW, "key", "hash"))


def found(store: Store, first: int = 0, most: int = 9, **sought: object) -> tuple[int, list[Written]]:
    """What Eve finds."""
    with store.read() as tx:
        return overviews.reviews(tx, Sought(CYCLE, "eve", **{"with_drafts": True, **sought}), first, most)  # type: ignore[arg-type]


def test_reviews_are_listed_drafts_first_by_name_a_page_at_a_time(store: Store) -> None:
    """Self reviews and the reader's own are not among them; the count is of all pages, those beyond the end too."""
    for about, by in (("cy", "ada"), ("bob", "ada"), ("ada", "eve"), ("eve", "ada"), ("bob", "bob")):
        drafted(store, about, by)
    released(store, "ada", "eve")
    whole = [Written("bob", "ada", False), Written("cy", "ada", False), Written("ada", "eve", True)]
    assert found(store) == (3, whole)
    assert found(store, 1, 1) == (3, whole[1:2])
    assert found(store, 50, 50) == (3, [])


def test_before_the_reviews_day_only_what_was_released_is_listed(store: Store) -> None:
    """Drafts are their writers' until then."""
    drafted(store, "cy", "ada")
    drafted(store, "ada", "eve")
    released(store, "ada", "eve")
    assert found(store, with_drafts=False) == (1, [Written("ada", "eve", True)])


def test_a_search_finds_the_person_and_the_writer_among_any_number(store: Store) -> None:
    """More ids than a database takes parameters make one question; nobody fits is an answer."""
    drafted(store, "cy", "ada")
    drafted(store, "bob", "cy")
    drafted(store, "ada", "bob")
    many = frozenset(f"p{number}" for number in range(40_000))
    assert found(store, person_ids=many | {"cy"}) == (2, [Written("bob", "cy", False), Written("cy", "ada", False)])
    assert found(store, person_ids=frozenset()) == (0, [])


days = st.dates(TODAY - timedelta(10), TODAY + timedelta(3)) | st.none()
papers = st.lists(st.tuples(st.sampled_from(EVERYBODY), days, st.booleans()), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(papers=papers)
def test_completion_is_counted_as_the_rule_says(store: Store, papers: list[tuple[Person, date | None, bool]]) -> None:
    """Whatever was planned and written, the database counts what the rule counts one by one."""
    with store.write() as tx:
        for table in (models.artifact, models.entry):
            tx.execute(table.delete())
        for number, (person, due, is_written) in enumerate(papers):
            key = f"{CYCLE}/{person.id}/{number}"
            made = Artifact(key, Kind.CHECK_IN, CYCLE, person.id, "", due, Place.WORKING, "Check-in", key, "v1")
            artifacts.record(tx, "folder", [(made, {})])
            if is_written:
                text = Entry(
                    f"e{number}", person.id, person.id, EntryKind.WIN, "Won", Visibility.SHARED, TODAY, NOW, key, "a", "b"
                )
                ledger.append(tx, [text])
        counted = overviews.completion(
            tx, CYCLE, (Kind.CHECK_IN,), until=TODAY, late_before=late_before(TODAY), otherwise=REVIEW
        )
    due_ones = [(one, due or REVIEW, is_written) for one, due, is_written in papers if (due or REVIEW) <= TODAY]
    states = [(one, state(due, is_written, TODAY)) for one, due, is_written in due_ones]
    expected = rate(each for _, each in states)
    whose = {one.id for one, each in states if each in (State.DONE, State.LATE)}
    assert counted == ([("Sales", Kind.CHECK_IN, expected.due, expected.done, len(whose))] if expected.due else [])
