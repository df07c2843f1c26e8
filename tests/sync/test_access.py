"""Who may do what: every kind, phase and relation, written out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.access import (
    Action,
    Company,
    Directory,
    Paper,
    Phase,
    Relation,
    Viewer,
    both_may_see,
    can,
    relation,
    relations,
    visible,
)
from sync.records import Entry, EntryKind, Person, Reporting, Visibility
from templates.shapes import Kind

TODAY = date(2026, 5, 20)
EARLIER = date(2026, 2, 10)
CHANGE = date(2026, 4, 1)


def someone(person_id: str, access: str = "none", *lines: Reporting, end: date | None = None) -> Person:
    """A person whose name is their id."""
    return Person(person_id, person_id.title(), f"{person_id}@example.com", access=access, reporting=lines, end=end)


DIRECTORY = Directory(
    (
        someone("ada", "none", Reporting("former", None, date(2026, 3, 31)), Reporting("manager", CHANGE)),
        someone("manager", "none", Reporting("skip")),
        someone("former", "none", Reporting("skip")),
        someone("skip"),
        someone("giver", "none", Reporting("other")),
        someone("hr", "hr"),
        someone("leader", "leadership"),
        someone("admin", "admin"),
        someone("other"),
        someone("peer", "none", Reporting("other")),
        someone("left", "none", Reporting("manager"), end=date(2026, 4, 30)),
    )
)
WHO = {
    "S": "ada",
    "M": "manager",
    "F": "former",
    "K": "skip",
    "G": "giver",
    "H": "hr",
    "L": "leader",
    "A": "admin",
    "O": "other",
}
"""One letter a relation: self, manager, former manager, skip-level, giver, HR, leadership, admin, another's manager."""

# kind, the writer it belongs to, day; who may read in draft, submitted, calibration, released; the same for write.
PAPERS = [
    ("role-expectations", "", None, ["SMFKGHLAO", "SMFKGHLAO", "SMFKGHLAO", "SMFKGHLAO"], ["H", "H", "H", "H"]),
    ("goal-sheet", "", None, ["SM", "SM", "SM", "SM"], ["SM", "SM", "SM", "SM"]),
    ("check-in", "", EARLIER, ["SMF", "SMF", "SMF", "SMF"], ["SM", "SM", "SM", "SM"]),
    ("check-in", "", TODAY, ["SM", "SM", "SM", "SM"], ["SM", "SM", "SM", "SM"]),
    ("quick-notes", "", None, ["SM", "SM", "SM", "SM"], ["S", "S", "S", "S"]),
    ("self-review", "", None, ["S", "SM", "SM", "SM"], ["S", "S", "", ""]),
    ("peer-feedback", "giver", None, ["G", "GMH", "GMH", "GMHS"], ["G", "G", "", ""]),
    ("manager-notes", "manager", None, ["M", "M", "M", "M"], ["M", "M", "M", "M"]),
    ("manager-notes", "former", None, ["F", "F", "F", "F"], ["", "", "", ""]),
    ("manager-review", "manager", None, ["M", "M", "MH", "M"], ["M", "M", "M", ""]),
    ("manager-review", "former", None, ["F", "F", "FH", "F"], ["", "", "", ""]),
    ("released-review", "manager", None, ["", "", "", "SMH"], ["", "", "", ""]),
]


@pytest.mark.parametrize(("kind", "by", "on", "readers", "writers"), PAPERS)
def test_every_paper_in_every_phase_is_open_to_exactly_those_in_the_table(kind, by, on, readers, writers) -> None:
    """Each kind, phase and relation reads and writes as the hand-written table says."""
    for phase, may_read, may_write in zip(Phase, readers, writers, strict=True):
        paper = Paper(Kind(kind), "" if kind == "role-expectations" else "ada", by, phase, on)
        for letter, who in WHO.items():
            viewer = Viewer(who, DIRECTORY)
            assert can(viewer, Action.READ, paper, TODAY) == (letter in may_read), (kind, by, phase, who, "read")
            assert can(viewer, Action.WRITE, paper, TODAY) == (letter in may_write), (kind, by, phase, who, "write")


def test_the_table_names_every_kind() -> None:
    """A new kind of artifact needs a line here before anybody sees it."""
    assert {line[0] for line in PAPERS} == {kind.value for kind in Kind}


# action, kind, the writer it belongs to; who may in draft, submitted, calibration, released.
DEEDS = [
    ("draft", "manager-review", "manager", ["M", "M", "M", "M"]),
    ("draft", "manager-review", "former", ["", "", "", ""]),
    ("draft", "self-review", "", ["S", "S", "S", "S"]),
    ("release", "manager-review", "manager", ["M", "M", "M", ""]),
    ("release", "manager-review", "former", ["", "", "", ""]),
    ("release", "self-review", "", ["", "", "", ""]),
]


@pytest.mark.parametrize(("action", "kind", "by", "allowed"), DEEDS)
def test_drafting_and_releasing_belong_to_the_manager_of_this_person(action, kind, by, allowed) -> None:
    """To manage somebody is no permission; to manage this person is."""
    for phase, letters in zip(Phase, allowed, strict=True):
        for letter, who in WHO.items():
            got = can(Viewer(who, DIRECTORY), Action(action), Paper(Kind(kind), "ada", by, phase), TODAY)
            assert got == (letter in letters), (action, kind, by, phase, who)


def test_no_other_kind_can_be_drafted_or_released() -> None:
    """Drafts are of reviews only."""
    drafted = {Kind.MANAGER_REVIEW, Kind.SELF_REVIEW}
    for kind in set(Kind) - drafted:
        for who in WHO.values():
            paper = Paper(kind, "ada", who)
            assert not can(Viewer(who, DIRECTORY), Action.DRAFT, paper, TODAY)
            assert not can(Viewer(who, DIRECTORY), Action.RELEASE, paper, TODAY)


@pytest.mark.parametrize(
    ("action", "letters"),
    [
        ("provision", "HA"),
        ("administer", "A"),
        ("aggregate", "HL"),
        ("read", ""),
        ("write", ""),
        ("draft", ""),
        ("release", ""),
    ],
)
def test_what_concerns_the_whole_company_goes_by_access(action: str, letters: str) -> None:
    """Leadership sees aggregates only; an admin administers and sees none."""
    for letter, who in WHO.items():
        assert can(Viewer(who, DIRECTORY), Action(action), Company(), TODAY) == (letter in letters), who


# ---------------------------------------------------------------- entries


def entry(kind: EntryKind, visibility: Visibility, by: str, on: date = TODAY, about: str = "ada") -> Entry:
    """An entry of the ledger."""
    return Entry("e", about, by, kind, "words", visibility, on, datetime(2026, 5, 20, tzinfo=UTC), "k", "notes", "Notes")


# kind, visibility, author, day; who reads it.
ENTRIES = [
    ("note", "shared", "ada", TODAY, "SM"),
    ("note", "shared", "ada", EARLIER, "SMF"),
    ("note", "shared", "", EARLIER, "SMF"),
    ("note", "shared", "former", EARLIER, "SMF"),
    ("note", "shared", "former", TODAY, "SMF"),
    ("note", "shared", "", TODAY, "SM"),
    ("goal-value", "shared", "ada", TODAY, "SM"),
    ("win", "shared", "manager", TODAY, "SM"),
    ("recognition", "shared", "giver", TODAY, "SMG"),
    ("recognition", "shared", "giver", EARLIER, "SMGF"),
    ("recognition", "manager-private", "giver", TODAY, "MG"),
    ("self-review", "shared", "ada", TODAY, "SM"),
    ("self-review", "author-private", "ada", TODAY, "S"),
    ("peer-feedback", "manager-private", "giver", TODAY, "MGH"),
    ("peer-feedback", "manager-private", "giver", EARLIER, "MGH"),
    ("peer-feedback", "shared", "giver", TODAY, "SMGH"),
    ("peer-feedback", "author-private", "giver", TODAY, "G"),
    ("manager-note", "manager-private", "manager", TODAY, "M"),
    ("manager-note", "manager-private", "former", EARLIER, "F"),
    ("manager-note", "manager-private", "former", TODAY, "F"),
    ("manager-note", "manager-private", "", TODAY, ""),
    ("manager-note", "manager-private", "", EARLIER, ""),
    ("manager-note", "author-private", "manager", TODAY, "M"),
    ("manager-note", "author-private", "", TODAY, ""),
    ("other-notes", "manager-private", "former", EARLIER, "F"),
    ("review-text", "manager-private", "manager", TODAY, "M"),
    ("review-text", "manager-private", "former", EARLIER, "F"),
    ("note", "manager-private", "ada", TODAY, "SM"),
    ("note", "author-private", "ada", TODAY, "S"),
]


@pytest.mark.parametrize(("kind", "visibility", "by", "on", "letters"), ENTRIES)
def test_every_entry_is_seen_by_exactly_those_in_the_table(kind, visibility, by, on, letters) -> None:
    """Kind, visibility, author and day decide; HR reads peer feedback and no notes, an admin nothing."""
    one = entry(EntryKind(kind), Visibility(visibility), by, on)
    for letter, who in WHO.items():
        viewer = Viewer(who, DIRECTORY)
        assert can(viewer, Action.READ, one, TODAY) == (letter in letters), who
        assert bool(visible(viewer, [one], TODAY)) == (letter in letters), who


def test_private_words_of_nobody_known_are_read_by_the_owner_of_their_document() -> None:
    """A former manager's notes do not go to whoever manages on the day that they carry."""
    one = replace(entry(EntryKind.MANAGER_NOTE, Visibility.MANAGER_PRIVATE, ""), artifact_key="c/ada/manager-notes/former")
    assert [letter for letter, who in WHO.items() if can(Viewer(who, DIRECTORY), Action.READ, one, TODAY)] == ["F"]
    about_owner = replace(one, about="former")
    assert not can(Viewer("former", DIRECTORY), Action.READ, about_owner, TODAY)


def test_nobody_changes_an_entry() -> None:
    """The ledger is append-only for everybody."""
    one = entry(EntryKind.NOTE, Visibility.SHARED, "ada")
    for who in WHO.values():
        for action in set(Action) - {Action.READ}:
            assert not can(Viewer(who, DIRECTORY), action, one, TODAY)


def test_hr_is_nothing_but_self_towards_themself() -> None:
    """HR does not read the peer feedback that was given about HR."""
    one = entry(EntryKind.PEER_FEEDBACK, Visibility.MANAGER_PRIVATE, "giver", about="hr")
    assert relations(Viewer("hr", DIRECTORY), "hr", TODAY) == {Relation.SELF}
    assert not can(Viewer("hr", DIRECTORY), Action.READ, one, TODAY)


def test_relations_follow_the_day() -> None:
    """The manager of March is a former manager in May, and the one of May was a stranger in March."""
    assert relation(Viewer("former", DIRECTORY), "ada", EARLIER) is Relation.MANAGER
    assert relation(Viewer("former", DIRECTORY), "ada", TODAY) is Relation.FORMER_MANAGER
    assert relation(Viewer("manager", DIRECTORY), "ada", EARLIER) is Relation.STRANGER
    assert relation(Viewer("skip", DIRECTORY), "ada", TODAY) is Relation.SKIP_LEVEL
    assert relation(Viewer("peer", DIRECTORY), "ada", TODAY) is Relation.STRANGER


def test_a_reporting_loop_ends() -> None:
    """Two people who manage each other by mistake do not hang the program."""
    looped = Directory((someone("a", "none", Reporting("b")), someone("b", "none", Reporting("a"))))
    assert relation(Viewer("b", looped), "a", TODAY) is Relation.MANAGER
    assert relation(Viewer("c", looped), "a", TODAY) is Relation.STRANGER


def test_both_sides_must_see_what_a_draft_rests_on() -> None:
    """The manager's own notes and the person's own notes both drop out."""
    notes = [
        entry(EntryKind.NOTE, Visibility.SHARED, "ada"),
        entry(EntryKind.MANAGER_NOTE, Visibility.MANAGER_PRIVATE, "manager"),
        entry(EntryKind.SELF_REVIEW, Visibility.AUTHOR_PRIVATE, "ada"),
    ]
    assert both_may_see(Viewer("manager", DIRECTORY), Viewer("ada", DIRECTORY), notes, TODAY) == (notes[0],)


# ---------------------------------------------------------------- properties

anything = st.builds(
    entry,
    st.sampled_from(EntryKind),
    st.sampled_from(Visibility),
    st.sampled_from(["", "ada", "manager", "former", "giver"]),
    st.dates(date(2026, 1, 1), date(2026, 6, 30)),
    st.sampled_from(["ada", "left"]),
)
papers = st.builds(
    Paper,
    st.sampled_from(sorted(set(Kind) - {Kind.ROLE_EXPECTATIONS})),
    st.sampled_from(["ada", "left"]),
    st.sampled_from(["", "manager", "former", "giver"]),
    st.sampled_from(Phase),
    st.none() | st.dates(date(2026, 1, 1), date(2026, 6, 30)),
)
days = st.dates(date(2026, 1, 1), date(2026, 6, 30))
outsiders = st.sampled_from(["other", "peer", "admin", "leader", "skip"])


@given(outsiders, st.sampled_from(Action), anything | papers, days)
def test_who_is_nothing_to_a_person_can_do_nothing(who, action, subject, day) -> None:
    """Strangers, admins, leadership and the manager's manager neither read nor write, whatever it is."""
    assert not can(Viewer(who, DIRECTORY), action, subject, day)


@given(st.sampled_from(sorted(WHO.values())), st.sampled_from(sorted(set(Action) - {Action.READ})), papers, days)
def test_what_is_about_a_leaver_is_changed_by_nobody(who, action, paper, day) -> None:
    """After the last day everything about a person is read-only."""
    if day > date(2026, 4, 30):
        assert not can(Viewer(who, DIRECTORY), action, replace(paper, about="left"), day)


@given(st.sampled_from(Action), anything | papers, days)
def test_a_leaver_can_do_nothing_any_more(action, subject, day) -> None:
    """Not even with what is about themself; that goes through HR."""
    if day > date(2026, 4, 30):
        assert not can(Viewer("left", DIRECTORY), action, subject, day)
        assert not can(Viewer("nobody", DIRECTORY), action, subject, day)


@given(anything, days)
def test_a_private_entry_is_never_seen_by_its_subject_unless_they_wrote_it(one, day) -> None:
    """What a manager or giver keeps from the person stays kept, whatever its kind."""
    if one.visibility is not Visibility.SHARED and one.by != "ada":
        assert not can(Viewer("ada", DIRECTORY), Action.READ, one, day)


@given(anything, days)
def test_a_former_manager_reads_nothing_shared_after_their_time(one, day) -> None:
    """Only their own words, and what was shared while they managed."""
    if one.about == "ada" and one.by != "former" and one.happened_on >= CHANGE and day >= CHANGE:
        assert not can(Viewer("former", DIRECTORY), Action.READ, one, day)
