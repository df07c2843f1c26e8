"""What every workspace promises, in one class. A provider's test module subclasses it and says how people act there."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from datetime import date
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.markdown import plain
from connectors.workspace import (
    Adopted,
    AppendRows,
    AppendToSection,
    Bullet,
    CellValue,
    Change,
    Changed,
    Created,
    Document,
    Edit,
    Failed,
    FillSection,
    Found,
    Grants,
    Link,
    NewItem,
    NewRow,
    Paragraph,
    ReplaceCells,
    ReviseLines,
    SetCells,
    Snapshot,
    Stale,
    Subheading,
    Table,
    Trashed,
    Unchanged,
    Vanished,
    Workspace,
    Written,
    as_read,
    line_as_read,
)
from templates.shapes import DocumentShape, TableShape
from tests.connectors.samples import CHECK_IN, GOALS, TEXTS, check_in, essence, sheet, with_text
from tests.effort import examples


class WorkspaceContract:
    """Subclasses give the fixture `workspace` and the verbs of people."""

    @abstractmethod
    def person_types(self, workspace: Workspace, ref: str, section: str, text: str) -> None:
        """Somebody types a paragraph into a section of a document, by its title."""

    @abstractmethod
    def person_sets(self, workspace: Workspace, ref: str, row: str, column: str, value: CellValue) -> None:
        """Somebody puts a value into a cell of a sheet, by row key and column key."""

    @abstractmethod
    def person_copies(self, workspace: Workspace, ref: str) -> str:
        """Somebody copies an artifact; the copy's ref."""

    @abstractmethod
    def person_moves(self, workspace: Workspace, ref: str) -> str:
        """Somebody moves an artifact elsewhere; its new ref."""

    @abstractmethod
    def person_removes(self, workspace: Workspace, ref: str) -> None:
        """Somebody deletes an artifact."""

    # ------------------------------------------------------------ helpers

    def made(self, workspace: Workspace, *items: NewItem) -> list[str]:
        """The refs of *items*, created now."""
        results = list(workspace.create(items))
        assert [type(result) for result in results] == [Created] * len(items), results
        return [result.ref for result in results if isinstance(result, Created)]

    def seen(self, workspace: Workspace, ref: str, shape: TableShape | DocumentShape | None = None) -> Snapshot:
        """The snapshot of *ref*, which must be readable."""
        (snapshot,) = workspace.read([(ref, shape)])
        assert isinstance(snapshot, Snapshot), snapshot
        return snapshot

    def paragraphs(self, workspace: Workspace, ref: str, section: str) -> tuple[str, ...]:
        """What stands in a section of a check-in."""
        content = self.seen(workspace, ref, CHECK_IN).content
        assert isinstance(content, Document)
        return next(part.paragraphs for part in content.parts if part.section == section)

    def cell(self, workspace: Workspace, ref: str, row: str, column: str) -> str:
        """The text of a cell of a goal sheet."""
        content = self.seen(workspace, ref, GOALS).content
        assert isinstance(content, Table)
        cells = next(each.cells for each in content.rows if each.key == row)
        return cells[column].text if column in cells else ""

    def edit(self, workspace: Workspace, ref: str, *changes: Change, shape: TableShape | DocumentShape = CHECK_IN) -> object:
        """The result of *changes*, computed from the present version."""
        (result,) = workspace.write([Edit(ref, self.seen(workspace, ref, shape).version, shape, changes)])
        return result

    # ------------------------------------------------------------ creating

    def test_creating_gives_a_ref_and_the_version_that_reading_gives(self, workspace: Workspace) -> None:
        """What `create` reports is what stands there."""
        results = list(workspace.create([sheet(), check_in()]))
        shapes: tuple[TableShape | DocumentShape, ...] = (GOALS, CHECK_IN)
        for result, shape in zip(results, shapes, strict=True):
            assert isinstance(result, Created)
            snapshot = self.seen(workspace, result.ref, shape)
            assert (snapshot.key, snapshot.version) == (result.key, result.version)

    @pytest.mark.parametrize(("item", "shape"), [(sheet(), GOALS), (check_in(), CHECK_IN)], ids=["table", "document"])
    def test_a_new_artifact_reads_back_as_read(
        self, workspace: Workspace, item: NewItem, shape: TableShape | DocumentShape
    ) -> None:
        """The ground with which people's words are compared is what reading yields before anybody typed."""
        (ref,) = self.made(workspace, item)
        assert essence(self.seen(workspace, ref, shape).content) == essence(as_read(item.content))

    def test_creating_twice_adopts(self, workspace: Workspace) -> None:
        """A second run finds what the first one made, and changes nothing."""
        (ref,) = self.made(workspace, check_in())
        self.person_types(workspace, ref, "Wins", "We shipped")
        (again,) = workspace.create([check_in()])
        assert again == Adopted(check_in().key, ref, self.seen(workspace, ref, CHECK_IN).version)
        assert self.paragraphs(workspace, ref, "wins") == ("We shipped",)

    def test_a_place_taken_by_something_else_is_not_written_over(self, workspace: Workspace) -> None:
        """Another artifact in the same place fails the new one with a sentence, and stays."""
        (ref,) = self.made(workspace, check_in())
        (result,) = workspace.create([check_in(key="another/key")])
        assert isinstance(result, Failed)
        assert result.subject == "another/key"
        assert result.reason.endswith(".")
        assert self.seen(workspace, ref, CHECK_IN).key == check_in().key

    def test_one_bad_item_does_not_stop_the_others(self, workspace: Workspace) -> None:
        """Each item has its own result, in order."""
        self.made(workspace, check_in("first", "Taken"))
        results = list(workspace.create([sheet(), check_in("second", "Taken"), check_in()]))
        assert [type(result) for result in results] == [Created, Failed, Created]
        refs = [result.ref for result in results if isinstance(result, Created)]
        reads = list(workspace.read([(refs[0], GOALS), (f"{refs[0]}-missing", None), (refs[1], CHECK_IN)]))
        assert [type(result) for result in reads] == [Snapshot, Failed, Snapshot]

    def test_creating_streams(self, workspace: Workspace) -> None:
        """Results come while items are still being asked for, so that progress shows and memory stays small."""
        asked = 0

        def items() -> Iterable[NewItem]:
            nonlocal asked
            for number in range(120):
                asked += 1
                yield check_in(f"k{number}", f"Check-in {number}")

        next(iter(workspace.create(items())))
        assert asked < 120

    # ------------------------------------------------------------ text

    @pytest.mark.parametrize(
        "text",
        [
            "=1+1",
            '=HYPERLINK("x","y")',
            "+49 30 1234",
            "@home",
            "-5",
            "Zoë naïve Łódź",
            "שלום עולם",
            "مرحبا 123 abc",
            "👩🏽‍💻 and 🎉",
            "a < b & c > d \"quoted\" 'so'",
            "two\nlines",
            "a\ttab",
            "_x0041_",
            "  spaces kept  inside  ",
            "日本語テキスト",
        ],
    )
    def test_text_comes_back_as_it_was_given(self, workspace: Workspace, text: str) -> None:
        """Text that begins like a formula, other scripts, emoji and line breaks: in cells and in paragraphs."""
        table, document = self.made(workspace, sheet("s", "Sheet", NewRow("g1", {"title": text})), with_text(check_in(), text))
        assert self.cell(workspace, table, "g1", "title") == text
        (paragraph,) = self.paragraphs(workspace, document, "wins")
        assert paragraph.strip() == text.strip()

    def test_any_text_comes_back(self, workspace: Workspace) -> None:
        """Whatever people's names and goals look like."""

        @settings(max_examples=examples(8))
        @given(st.lists(TEXTS, min_size=1, max_size=4))
        def check(texts: list[str]) -> None:
            rows = tuple(NewRow(f"g{number}", {"title": text}) for number, text in enumerate(texts))
            title = sha256(repr(texts).encode()).hexdigest()
            (result,) = workspace.create([sheet(title, title, *rows)])
            assert isinstance(result, Created | Adopted)
            assert [self.cell(workspace, result.ref, row.key, "title") for row in rows] == texts

        check()

    def test_numbers_shares_and_days_keep_their_values(self, workspace: Workspace) -> None:
        """A number is a number again, a day a day."""
        (ref,) = self.made(workspace, sheet())
        content = self.seen(workspace, ref, GOALS).content
        assert isinstance(content, Table)
        cells = content.rows[0].cells
        assert (cells["target"].number, cells["due"].day) == (12.5, date(2026, 3, 2))
        assert cells["weight"].number == (25.0 if cells["weight"].percent else 0.25)

    # ------------------------------------------------------------ editing

    def test_an_edit_with_an_old_version_is_stale_and_changes_nothing(self, workspace: Workspace) -> None:
        """What people typed since is never lost to an edit."""
        (ref,) = self.made(workspace, check_in())
        old = self.seen(workspace, ref, CHECK_IN).version
        self.person_types(workspace, ref, "Wins", "We shipped")
        now = self.seen(workspace, ref, CHECK_IN)
        (result,) = workspace.write([Edit(ref, old, CHECK_IN, (AppendToSection("wins", (Paragraph("No"),)),))])
        assert result == Stale(ref, now.version)
        assert self.seen(workspace, ref, CHECK_IN) == now

    def test_an_empty_section_is_filled(self, workspace: Workspace) -> None:
        """The result carries the version that reading gives then."""
        (ref,) = self.made(workspace, check_in())
        result = self.edit(workspace, ref, FillSection("wins", (Paragraph("One"), Subheading("Part"), Bullet("Two"))))
        assert result == Written(ref, self.seen(workspace, ref, CHECK_IN).version)
        assert self.paragraphs(workspace, ref, "wins") == ("One", "## Part", "- Two")
        assert self.paragraphs(workspace, ref, "agenda") == ("The move to Bergen", "- desks")

    def test_words_that_lead_to_an_artifact_read_back_as_a_link(self, workspace: Workspace) -> None:
        """With the address that the workspace itself gives; without one the words stand alone."""
        ref, other = self.made(workspace, check_in(), check_in("2026-h1/p7k3m2qd/check-in/2026-03-16", "Other (1) [a]"))
        target = workspace.address(other, ref, "wins")
        said = "[1] Check-in (Ada, 50 %), Wins"
        line = Paragraph(said, Link("Check-in (Ada, 50 %), Wins", target))
        assert isinstance(self.edit(workspace, ref, FillSection("wins", (line,))), Written)
        (read,) = self.paragraphs(workspace, ref, "wins")
        assert plain(read) == said
        assert read == (f"[1] [Check-in (Ada, 50 %), Wins]({target})" if target else said)
        assert read == line_as_read(line)

    def test_a_filled_section_is_never_touched(self, workspace: Workspace) -> None:
        """Filling finds a person's words there and leaves them."""
        (ref,) = self.made(workspace, check_in())
        self.person_types(workspace, ref, "Wins", "Mine")
        before = self.seen(workspace, ref, CHECK_IN)
        assert self.edit(workspace, ref, FillSection("wins", (Paragraph("Ours"),))) == Unchanged(ref, before.version)
        assert self.seen(workspace, ref, CHECK_IN) == before

    def test_appending_keeps_what_people_wrote_above(self, workspace: Workspace) -> None:
        """New blocks come below a person's own."""
        (ref,) = self.made(workspace, check_in())
        self.person_types(workspace, ref, "Notes", "Mine")
        assert isinstance(self.edit(workspace, ref, AppendToSection("notes", (Paragraph("Ours"),))), Written)
        assert self.paragraphs(workspace, ref, "notes") == ("Mine", "Ours")

    def test_lines_are_taken_out_and_put_above_others(self, workspace: Workspace) -> None:
        """Only those that are named; what a person wrote between them stays in its place."""
        (ref,) = self.made(workspace, check_in())
        self.edit(workspace, ref, FillSection("wins", (Subheading("Part"), Bullet("One *a*"), Bullet("Two"))))
        self.person_types(workspace, ref, "Wins", "Mine")
        self.edit(workspace, ref, AppendToSection("wins", (Bullet("Three"),)))
        lines = self.paragraphs(workspace, ref, "wins")
        starred, two, three = (next(line for line in lines if word in line) for word in ("One", "Two", "Three"))
        result = self.edit(workspace, ref, ReviseLines("wins", (two, starred), {three: (Bullet("New"), Paragraph("Newer"))}))
        assert result == Written(ref, self.seen(workspace, ref, CHECK_IN).version)
        left = [line for line in lines if line not in (starred, two, three)]
        assert {one.removeprefix("- ") for one in left} == {"## Part", "Mine"}  # typed behind a list item, it may be one
        assert self.paragraphs(workspace, ref, "wins") == (*left, "- New", "Newer", three)

    def test_a_line_that_stands_otherwise_is_not_taken_out(self, workspace: Workspace) -> None:
        """The whole edit fails and names it; nothing else of it is done."""
        (ref,) = self.made(workspace, check_in())
        self.edit(workspace, ref, FillSection("wins", (Bullet("One"), Bullet("Two"))))
        before = self.seen(workspace, ref, CHECK_IN)
        result = self.edit(workspace, ref, ReviseLines("wins", ("- One", "- Three")))
        assert isinstance(result, Failed)
        assert "Three" in result.reason
        assert self.seen(workspace, ref, CHECK_IN) == before

    def test_rows_are_appended_below_the_filled_ones(self, workspace: Workspace) -> None:
        """In a sheet, and in a document's table."""
        table, document = self.made(workspace, sheet(), check_in())
        row = NewRow("g2", {"title": "Hire two", "target": 2.0})
        assert isinstance(self.edit(workspace, table, AppendRows((row,)), shape=GOALS), Written)
        assert self.cell(workspace, table, "g2", "title") == "Hire two"
        assert self.cell(workspace, table, "g1", "title") == "Ship it"
        action = NewRow("a2", {"what": "Call Cy"})
        assert isinstance(self.edit(workspace, document, AppendRows((action,), "actions")), Written)
        content = self.seen(workspace, document, CHECK_IN).content
        assert isinstance(content, Document)
        rows = next(part.rows for part in content.parts if part.section == "actions")
        assert [(row.key, row.cells["what"].text) for row in rows] == [("a1", "Write to Bo"), ("a2", "Call Cy")]

    def test_only_empty_cells_are_set(self, workspace: Workspace) -> None:
        """A cell that a person filled keeps its text; the empty one beside it is filled."""
        (ref,) = self.made(workspace, sheet("s", "Sheet", NewRow("g1", {"title": "Ship it"})))
        self.person_sets(workspace, ref, "g1", "status", "at risk")
        change = SetCells({"g1": {"status": "on track", "target": 3.0}})
        assert isinstance(self.edit(workspace, ref, change, shape=GOALS), Written)
        assert self.cell(workspace, ref, "g1", "status") == "at risk"
        assert self.cell(workspace, ref, "g1", "target") == "3"

    def test_a_cell_is_replaced_where_that_is_asked_for(self, workspace: Workspace) -> None:
        """What a person filled gives way to what a person asked for instead; the cells beside it stay."""
        (ref,) = self.made(workspace, sheet("s", "Sheet", NewRow("g1", {"title": "Ship it", "target": 3.0})))
        self.person_sets(workspace, ref, "g1", "status", "at risk")
        change = ReplaceCells({"g1": {"status": "on track", "target": 4.0}})
        assert isinstance(self.edit(workspace, ref, change, shape=GOALS), Written)
        assert [self.cell(workspace, ref, "g1", one) for one in ("title", "status", "target")] == ["Ship it", "on track", "4"]

    def test_a_row_without_a_key_is_named_by_its_place(self, workspace: Workspace) -> None:
        """What somebody wrote below the rows of the program has no key; the place at which it was read tells it."""
        (ref,) = self.made(workspace, check_in())
        self.edit(workspace, ref, AppendRows((NewRow("", {"what": "Call Cy"}), NewRow("", {"what": "Call Di"})), "actions"))
        content = self.seen(workspace, ref, CHECK_IN).content
        assert isinstance(content, Document)
        place = next(row.place for part in content.parts for row in part.rows if row.cells["what"].text == "Call Di")
        assert isinstance(self.edit(workspace, ref, SetCells({place: {"due": "soon"}})), Written)
        content = self.seen(workspace, ref, CHECK_IN).content
        assert isinstance(content, Document)
        found = {row.cells["what"].text: row.cells.get("due") for part in content.parts for row in part.rows}
        assert found["Call Cy"] is None
        assert found["Call Di"] is not None
        assert found["Call Di"].text == "soon"

    def test_setting_what_is_set_changes_nothing(self, workspace: Workspace) -> None:
        """An edit that finds all its cells filled is unchanged, with the same version."""
        (ref,) = self.made(workspace, sheet())
        version = self.seen(workspace, ref, GOALS).version
        result = self.edit(workspace, ref, SetCells({"g1": {"title": "Other"}}), shape=GOALS)
        assert result == Unchanged(ref, version)

    def test_an_edit_that_cannot_be_made_fails_whole(self, workspace: Workspace) -> None:
        """A row that is gone is named in a sentence; the other changes of that edit are not made; other edits are."""
        table, document = self.made(workspace, sheet(), check_in())
        version = self.seen(workspace, table, GOALS).version
        changes = (AppendRows((NewRow("g9", {"title": "Nine"}),)), SetCells({"nobody": {"title": "x"}}))
        good = Edit(
            document, self.seen(workspace, document, CHECK_IN).version, CHECK_IN, (FillSection("wins", (Paragraph("x"),)),)
        )
        results = list(workspace.write([Edit(table, version, GOALS, changes), Edit("nowhere", "", GOALS, ()), good]))
        assert [type(result) for result in results] == [Failed, Failed, Written]
        assert isinstance(results[0], Failed)
        assert results[0].subject == table
        assert "nobody" in results[0].reason
        assert self.seen(workspace, table, GOALS).version == version

    # ------------------------------------------------------------ changes

    def test_the_first_look_lists_everything(self, workspace: Workspace) -> None:
        """An empty cursor means: all there is."""
        refs = self.made(workspace, sheet(), check_in())
        first = workspace.changes("")
        assert {changed.ref for changed in first.changed} == set(refs)
        assert (first.vanished, first.failed) == ((), ())

    def test_nothing_done_is_nothing_changed(self, workspace: Workspace) -> None:
        """A second look at a still workspace is empty."""
        self.made(workspace, sheet(), check_in())
        then = workspace.changes("").cursor
        second = workspace.changes(then)
        assert (second.changed, second.vanished, second.failed) == ((), (), ())

    def test_changes_are_exactly_what_a_person_touched(self, workspace: Workspace) -> None:
        """And asking again from the old cursor gives the same answer."""
        table, document, other = self.made(workspace, sheet(), check_in(), check_in("other", "Other"))
        cursor = workspace.changes("").cursor
        self.person_types(workspace, document, "Wins", "We shipped")
        self.person_sets(workspace, table, "g1", "status", "at risk")
        first, again = workspace.changes(cursor), workspace.changes(cursor)
        assert set(first.changed) == {Changed(table), Changed(document)}
        assert first.vanished == ()
        assert (first.changed, first.vanished) == (again.changed, again.vanished)
        after = workspace.changes(first.cursor)
        assert (after.changed, after.vanished) == ((), ())
        assert self.seen(workspace, other, CHECK_IN).key == "other"

    def test_a_removed_artifact_vanishes_once(self, workspace: Workspace) -> None:
        """It is named, and not named again."""
        kept, removed = self.made(workspace, sheet(), check_in())
        cursor = workspace.changes("").cursor
        self.person_removes(workspace, removed)
        found = workspace.changes(cursor)
        assert (found.changed, found.vanished) == ((), (Vanished(removed),))
        assert workspace.changes(found.cursor).vanished == ()
        assert workspace.exists([kept, removed]) == {kept}

    def test_a_moved_artifact_is_one_change_with_its_former_ref(self, workspace: Workspace) -> None:
        """Moving is no disappearance; on platforms whose refs stay when things move there is nothing to say."""
        (ref,) = self.made(workspace, check_in())
        cursor = workspace.changes("").cursor
        moved = self.person_moves(workspace, ref)
        found = workspace.changes(cursor)
        assert found.vanished == ()
        assert moved == ref or found.changed == (Changed(moved, ref),)
        assert self.seen(workspace, moved, CHECK_IN).key == check_in().key

    def test_a_copy_is_found_beside_the_original(self, workspace: Workspace) -> None:
        """It carries the same key, and is a change of its own."""
        (ref,) = self.made(workspace, check_in())
        cursor = workspace.changes("").cursor
        copy = self.person_copies(workspace, ref)
        key = check_in().key
        assert set(workspace.find([key, "no such key"])) == {Found(key, ref), Found(key, copy)}
        assert [changed.ref for changed in workspace.changes(cursor).changed] == [copy]

    def test_an_artifact_put_away_and_made_again_is_new(self, workspace: Workspace) -> None:
        """A removed artifact leaves its place free for its successor."""
        (ref,) = self.made(workspace, check_in())
        self.person_removes(workspace, ref)
        (again,) = workspace.create([check_in()])
        assert isinstance(again, Created)
        assert list(workspace.find([check_in().key])) == [Found(check_in().key, again.ref)]

    # ------------------------------------------------------------ the bin, sharing

    def test_trash_takes_an_artifact_out_of_sight(self, workspace: Workspace) -> None:
        """It vanishes, is not found by its key, and one that is not there fails alone."""
        kept, gone = self.made(workspace, sheet(), check_in())
        cursor = workspace.changes("").cursor
        results = list(workspace.trash([f"{kept}-missing", gone]))
        assert isinstance(results[0], Failed)
        assert results[1] == Trashed(gone)
        assert workspace.changes(cursor).vanished == (Vanished(gone),)
        assert list(workspace.find([check_in().key])) == []
        assert workspace.exists([kept, gone]) == {kept}

    def test_sharing_says_what_became_of_each_ref(self, workspace: Workspace) -> None:
        """A second time there is nothing to do; where a platform cannot share, there never is."""
        (ref,) = self.made(workspace, check_in())
        grants = {ref: Grants(writers=("ada@example.org",), readers=("bo@example.org",))}
        (first,) = workspace.share(grants)
        kept = workspace.capabilities.can_share or workspace.capabilities.marks_rights
        assert isinstance(first, Written if kept else Unchanged)
        (second,) = workspace.share(grants)
        assert isinstance(second, Unchanged)
        assert [drift for drift in workspace.audit(grants) if drift.certain] == []
