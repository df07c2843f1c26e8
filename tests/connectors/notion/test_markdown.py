"""Notion's Markdown: what people wrote comes back word for word, and edits touch one place only."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.markdown import plain as words_of
from connectors.notion.blocks import blocks
from connectors.notion.document import document_of, lay_out, markdown_of, version_of
from connectors.notion.editing import EditRefused, replacements
from connectors.notion.inline import plain, read, written, written_block
from connectors.workspace import (
    AppendRows,
    AppendToSection,
    Bullet,
    Document,
    DocumentContent,
    FillSection,
    NewRow,
    Paragraph,
    SetCells,
    Subheading,
    as_read,
)
from tests.connectors.samples import CHECK_IN, TEXTS, check_in, essence

RICH = """\
> For both of you.
Something above the first heading
## Agenda {color="red"}
> What do you want to talk about?
The **move** to *Bergen* with <mention-user url="user://u-1">Bo Berg</mention-user>
- desks
	- the *big* one
		1. by the window
- [x] plants \\*not\\* cacti
<callout icon="💡" color="blue_bg">
	Mind the <span color="red">budget</span>
	- [ ] ask Cy
</callout>
<details>
<summary>More in here</summary>
	hidden words
	> quoted<br>twice
</details>
<columns>
	<column>
		left side
	</column>
	<column>
		right side
	</column>
</columns>
## Wins
> What went well?
See [the plan](https://example.org/a_b) and <mention-page url="https://app.notion.com/p/x">Roadmap</mention-page>
<synced_block url="https://app.notion.com/p/y">
	said in two places
</synced_block>
```python
a = b * c  # **not bold**
```
$$
x^2
$$
<unknown url="https://app.notion.com/p/z" alt="bookmark"/>
### A part of it
on <mention-date start="2026-03-02" end="2026-03-04"/>
<table header-row="true">
<tr>
<td>one</td>
<td>two</td>
</tr>
</table>
## Actions
> Who does what until when?
<table header-row="true">
	<tr>
		<td>Key</td>
		<td>What</td>
		<td>By</td>
		<td>Mood</td>
	</tr>
	<tr>
		<td>a1</td>
		<td>Write to **Bo**</td>
		<td>2026-03-09</td>
		<td>fine<br>really</td>
	</tr>
</table>
## Holiday plans
Two weeks
## Notes
"""


def _document(markdown: str) -> Document:
    return document_of(lay_out(markdown, CHECK_IN, {"u-1": "Bo Berg"}.get), CHECK_IN)  # type: ignore[arg-type]


def _letters(text: str) -> list[str]:
    """The words of a text in order of the alphabet: how often each stands in it."""
    return sorted(re.findall(r"\w+", text))


def _all_text(document: Document) -> str:
    """Every word that reading gave: evidence, the template's own, left-overs."""
    found = [*document.template_text, *(left.text for left in document.left_overs)]
    for part in document.parts:
        found += [part.heading, *map(words_of, part.paragraphs)]
        found += [cell.text for row in part.rows for cell in row.cells.values()] + [row.key for row in part.rows]
    return "\n".join(found)


def test_every_word_of_a_body_is_evidence_template_or_left_over() -> None:
    """Toggles, columns, callouts, to-dos, tables, mentions, links, synced blocks: conservation."""
    shown = re.sub(r'<mention-date start="([^"]*)" end="([^"]*)"/>', r"\1 to \2", RICH)
    shown = re.sub(r'<unknown[^>]*alt="([^"]*)"/>', r"\1", shown)
    shown = re.sub(r"\{color=[^}]*\}|<[^>]*>|```python|```|\]\([^)]*\)|\[x\]|^\s*1\. ", " ", shown, flags=re.MULTILINE)
    read_words = _letters(re.sub(r"(?m)^\s*1\. |\[x\]|\]\([^)]*\)", " ", _all_text(_document(RICH))))
    assert read_words == _letters(shown)


def test_what_people_wrote_stands_in_its_section_with_its_looks() -> None:
    """Bold, lists in lists, ticks, a renamed column, a heading of one's own."""
    document = _document(RICH)
    parts = {part.section or part.heading: part for part in document.parts}
    assert parts["agenda"].paragraphs == (
        "The **move** to *Bergen* with @Bo Berg",
        "- desks",
        "  - the *big* one",
        "    1. by the window",
        "- [x] plants \\*not\\* cacti",
        "Mind the budget",
        "- [ ] ask Cy",
        "More in here",
        "hidden words",
        "quoted\ntwice",
        "left side",
        "right side",
    )
    assert "[the plan](https://example.org/a_b)" in parts["wins"].paragraphs[0]
    assert "said in two places" in parts["wins"].paragraphs
    assert "## A part of it" in parts["wins"].paragraphs
    assert "| one | two |" in parts["wins"].paragraphs
    (row,) = parts["actions"].rows
    assert (row.key, row.cells["what"].text, row.cells["?Mood"].text) == ("a1", "Write to Bo", "fine\nreally")
    assert parts["Holiday plans"].paragraphs == ("Two weeks",)
    assert document.left_overs[0].text == "Something above the first heading"
    assert any("Mood" in note for note in document.notes)


@pytest.mark.parametrize(
    ("old", "new"),
    [("## Wins", "## What made me proud"), ("## Wins\n> What went well?", "## Proud moments"), ("## Wins", "#### wins")],
    ids=["guidance tells", "place tells", "case and level do not matter"],
)
def test_a_renamed_heading_is_still_its_section(old: str, new: str) -> None:
    """By the guidance under it, else by its place between the others; and it is said."""
    item = check_in()
    assert isinstance(item.content, DocumentContent)
    markdown = markdown_of(item.content).replace(old, f"{new}\nWe shipped", 1)
    document = _document(markdown)
    wins = next(part for part in document.parts if part.section == "wins")
    assert wins.paragraphs == ("We shipped",)


@given(TEXTS)
def test_any_text_reads_back_as_it_was_written(text: str) -> None:
    """Inside a block, and as a block of its own."""
    assert plain(written(text)) == text
    item = check_in()
    assert isinstance(item.content, DocumentContent)
    content = DocumentContent(CHECK_IN, {"wins": (Paragraph(text), Bullet(text), Subheading(text))})
    assert essence(_document(markdown_of(content))) == essence(as_read(content))


@given(st.text(st.sampled_from("ab *_~`$[](){}<>|^\\#-+>.1\n!"), max_size=24))
def test_nothing_that_is_no_markup_is_lost(text: str) -> None:
    """Whatever signs stand in a body, reading raises nothing, and escaped text keeps each of them."""
    blocks(text)
    bare = text.strip()
    assert plain(written_block(bare)) == bare
    assert words_of(read(written(bare)).replace("\n", " ")) == bare.replace("\n", " ")


def _made(markdown: str, *changes: object) -> str:
    for step in replacements(markdown, CHECK_IN, changes):  # type: ignore[arg-type]
        assert markdown.count(step.old) == 1
        markdown = markdown.replace(step.old, step.new)
    return markdown


def test_edits_find_one_place_even_where_lines_are_alike() -> None:
    """The anchor grows until there is only one of its kind; people's words around it stay."""
    markdown = "## Agenda\nsame\nsame\n## Wins\nsame\nsame\n## Notes\nsame\nsame"
    done = _made(markdown, AppendToSection("wins", (Paragraph("ours"),)))
    assert done == "## Agenda\nsame\nsame\n## Wins\nsame\nsame\nours\n## Notes\nsame\nsame"


def test_rows_and_cells_are_filled_where_nothing_stood() -> None:
    """A row below the last filled one, a cell that was empty; a filled one stays."""
    item = check_in()
    assert isinstance(item.content, DocumentContent)
    markdown = markdown_of(item.content)
    done = _made(
        markdown,
        AppendRows((NewRow("a2", {"what": "Call <Cy>"}),), "actions"),
        SetCells({"a2": {"due": "soon", "what": "other"}}),
    )
    rows = next(part.rows for part in _document(done).parts if part.section == "actions")
    assert [(row.key, row.cells["what"].text) for row in rows] == [("a1", "Write to Bo"), ("a2", "Call <Cy>")]
    assert rows[1].cells["due"].text == "soon"


def test_an_edit_of_what_is_gone_says_so() -> None:
    """A section, a table, a row."""
    for change in (
        FillSection("agenda", (Paragraph("x"),)),
        AppendRows((NewRow("a", {}),), "notes"),
        SetCells({"a9": {"what": "x"}}),
    ):
        with pytest.raises(EditRefused):
            replacements("## Notes\nhello", CHECK_IN, (change,))


def test_equal_reading_is_an_equal_version() -> None:
    """Blank lines and indentation that Notion changes do not matter; words do."""
    assert version_of("## A\n\n\nb") == version_of("## A\nb")
    assert version_of("a") != version_of("b")
    assert version_of("a", (("Mood", "fine"),)) != version_of("a", ())


def test_a_section_made_for_a_table_without_one_reads_its_words() -> None:
    """Somebody deleted the table and typed instead."""
    shape = replace(CHECK_IN, intro="")
    document = document_of(lay_out("## Actions\nBo calls Cy", shape), shape)
    assert document.parts[0].paragraphs == ("Bo calls Cy",)
