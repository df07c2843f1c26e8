"""Enhanced Markdown: read into blocks, written from blocks, and the four ways to update a page with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from notion_client import APIResponseError, Client

from connectors.emulator.clock import VirtualClock
from connectors.notion.emulator.blocks import Draft
from connectors.notion.emulator.markdown import inline, reading, writing
from connectors.notion.emulator.rich_text import text
from connectors.notion.emulator.seed import ROOT_PAGE
from tests.connectors.notion.emulator.conftest import ADA

Add = Callable[..., Any]

EVERYTHING = """\
# One {color="red"}
## Two {toggle="true"}
	Inside a toggle heading
- **bold *both*** plain *a***b** ~~gone~~
	- nested `co*de`
		1. one
		2. two
- [ ] open
- [x] done
> a quote<br>of two lines
	inside the quote
<details color="blue_bg">
<summary>A toggle</summary>
	inside
	<callout icon="💡" color="gray_bg">
		Look
		- here
	</callout>
</details>
<columns>
	<column>
		left
	</column>
	<column>
		right
	</column>
</columns>
<table header-row="true">
<tr>
<td>a</td>
<td>b \\| c</td>
</tr>
</table>
```python
def f():

	return "```"
```
$$
a + b
$$
---
Signs # stay \\* [a **link**](https://example.com/a_(b)) $`e=mc`$ <mention-date start="2026-01-01" end="2026-02-01"/>
<span color="red" underline="true">look</span> here
<empty-block/>
1\\. no list
\\- no list
![A picture](https://example.com/a.png)
<table_of_contents/>"""


def nobody(kind: str, target: str) -> None:
    """Nothing can be mentioned."""


def as_written(draft: Draft) -> writing.Written:
    """A draft as a block that exists."""
    return writing.Written("0" * 32, draft.type, draft.payload, [as_written(child) for child in draft.children])


def again(markdown: str) -> str:
    """*markdown* read and written."""
    return writing.markdown(as_written(draft) for draft in reading.blocks(markdown, nobody))


def test_every_kind_of_block_reads_back_as_it_was_written() -> None:
    """Nothing is lost, nothing is added; the code fence grows around the fence inside."""
    assert again(EVERYTHING) == EVERYTHING.replace("```python", "````python").replace("\n```\n$$", "\n````\n$$")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("## New Section\n\nHello", "## New Section\nHello"),
        ("###### Six", "#### Six"),
        ("* star\n+ plus", "- star\n- plus"),
        ("- a\n  - b\n    - c", "- a\n\t- b\n\t\t- c"),
        (
            "| a | b |\n|---|---|\n| 1 | 2 |",
            '<table header-row="true">\n<tr>\n<td>a</td>\n<td>b</td>\n</tr>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</table>',
        ),
        ('::: callout {icon="🔥"}\nHot\n:::', '<callout icon="🔥">\n\tHot\n</callout>'),
        (
            "<columns><column>a</column><column>b</column></columns>",
            "<columns>\n\t<column>\n\t\ta\n\t</column>\n\t<column>\n\t\tb\n\t</column>\n</columns>",
        ),
        ("2 * 3 * 4 and $5 and $6", "2 \\* 3 \\* 4 and \\$5 and \\$6"),
        ("*open", "\\*open"),
        ("[no link]", "\\[no link\\]"),
    ],
)
def test_what_people_write_is_made_notions_own(given: str, expected: str) -> None:
    """Other spellings of Markdown are understood, blank lines are nothing."""
    assert again(given) == expected
    assert again(expected) == expected


LOOKS = st.fixed_dictionaries({name: st.booleans() for name in ("bold", "italic", "strikethrough", "code", "underline")})
WORDS = st.text(st.sampled_from("ab *_~`$[]<>{}|^\\#-1.!()\n"), min_size=1, max_size=8)


@given(st.lists(st.tuples(WORDS, LOOKS, st.sampled_from(["default", "red", "blue_background"])), max_size=6))
def test_no_word_is_lost_whatever_it_looks_like(runs: list[tuple[str, dict[str, bool], str]]) -> None:
    """The words of any rich text survive Markdown, and writing them again gives the same line."""
    parts = [text(words, None, **look, color=colour) for words, look, colour in runs]
    line = inline.written(parts)
    back = inline.read(line, nobody)
    assert "".join(part["plain_text"] for part in back) == "".join(words for words, _, _ in runs)


@given(st.text(st.sampled_from("ab *~`$[]<>{}|^\\#-1.!()>:x\t"), max_size=30))
def test_any_paragraph_stays_a_paragraph(words: str) -> None:
    """However its text begins, it is no list, heading, table or fence when it is read back."""
    words = words.strip()
    paragraph = writing.Written("0", "paragraph", {"rich_text": [text(words)] if words else [], "color": "default"})
    back = reading.blocks(writing.markdown([paragraph]), nobody)
    assert [draft.type for draft in back] == ["paragraph"]
    assert "".join(part["plain_text"] for part in back[0].payload["rich_text"]) == words


# ---------------------------------------------------------------- updates


@pytest.fixture
def page(add: Add) -> str:
    """A check-in with three sections."""
    return str(add("Check-in", "## Wins\n- First\n- Second\n## Blockers\n- [ ] Follow up\n## Notes\nThanks")["id"])


def update(notion: Client, page: str, kind: str, **order: Any) -> str:
    """The Markdown of *page* after an update."""
    answer: Any = notion.pages.update_markdown(page, type=kind, **{kind: order})
    assert list(answer)[:5] == ["object", "id", "markdown", "truncated", "unknown_block_ids"]
    return str(answer["markdown"])


def blocks(notion: Client, page: str) -> list[tuple[str, str]]:
    """Ids and types of what stands on *page*."""
    answer: Any = notion.blocks.children.list(page)
    return [(block["id"], block["type"]) for block in answer["results"]]


def test_update_content_replaces_what_matches_once(notion: Client, page: str) -> None:
    """Blocks that read as before keep their ids; a block that changed its words keeps its own."""
    before = blocks(notion, page)
    change = {"old_str": "- [ ] Follow up", "new_str": "- [x] Followed up\n- [ ] Again"}
    shown = update(notion, page, "update_content", content_updates=[change])
    assert "- [x] Followed up\n- [ ] Again\n## Notes" in shown
    after = blocks(notion, page)
    assert [each for each in after if each in before] == before
    assert len(after) == len(before) + 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"old_str": "nowhere", "new_str": ""}, "Could not find the old_str"),
        ({"old_str": "##", "new_str": "#"}, "matches 3 times"),
        ({"new_str": "x"}, "old_str should be defined, instead was `undefined`"),
    ],
)
def test_update_content_refuses_what_it_cannot_place(notion: Client, page: str, change: dict[str, Any], message: str) -> None:
    """Nothing of such an update is done."""
    before = blocks(notion, page)
    first = {"old_str": "First", "new_str": "Changed"}
    with pytest.raises(APIResponseError, match=message):
        update(notion, page, "update_content", content_updates=[first, change])
    assert blocks(notion, page) == before
    assert "First" in notion.pages.retrieve_markdown(page)["markdown"]  # type: ignore[index]


def test_all_matches_on_request(notion: Client, page: str) -> None:
    """`replace_all_matches` changes every one."""
    change = {"old_str": "## ", "new_str": "### ", "replace_all_matches": True}
    assert update(notion, page, "update_content", content_updates=[change]).count("### ") == 3


def test_insert_content_at_start_end_and_after_a_selection(notion: Client, page: str) -> None:
    """What stood there keeps its ids."""
    before = blocks(notion, page)
    update(notion, page, "insert_content", content="Top", position={"type": "start"})
    update(notion, page, "insert_content", content="End")
    shown = update(notion, page, "insert_content", content="- Third", after="- First...Second")
    assert shown.startswith("Top\n## Wins\n- First\n- Second\n- Third\n## Blockers")
    assert shown.endswith("Thanks\nEnd")
    assert [each for each in blocks(notion, page) if each in before] == before


def test_replace_content_and_a_range_of_it(notion: Client, page: str) -> None:
    """A range goes from the words before the dots to those behind them."""
    shown = update(notion, page, "replace_content_range", content="## Calm", content_range="## Blockers...Follow up")
    assert shown == "## Wins\n- First\n- Second\n## Calm\n## Notes\nThanks"
    assert update(notion, page, "replace_content", new_str="Nothing left") == "Nothing left"


def test_pages_and_databases_are_not_deleted_by_accident(notion: Client, page: str) -> None:
    """400 unless `allow_deleting_content`; then the child is in the trash. A mention of it keeps it where it is."""
    child: Any = notion.pages.create(parent={"page_id": page}, properties={"title": [{"text": {"content": "Child"}}]})
    with pytest.raises(APIResponseError, match="Child pages or databases would be deleted"):
        update(notion, page, "replace_content", new_str="x")
    reference = f'<page url="https://app.notion.com/p/{child["id"].replace("-", "")}">Child</page>'
    assert update(notion, page, "replace_content", new_str=f"{reference}\nx") == f"{reference}\nx"
    update(notion, page, "replace_content", new_str="x", allow_deleting_content=True)
    assert notion.pages.retrieve(child["id"])["in_trash"] is True  # type: ignore[index]


def test_what_markdown_cannot_write_survives_an_update(notion: Client, page: str) -> None:
    """A bookmark is an `<unknown>`; an update elsewhere leaves the block alone."""
    made: Any = notion.blocks.children.append(page, children=[{"bookmark": {"url": "https://example.com"}}])
    shown = update(notion, page, "update_content", content_updates=[{"old_str": "First", "new_str": "1st"}])
    assert 'alt="bookmark"/>' in shown
    assert (made["results"][0]["id"], "bookmark") in blocks(notion, page)


def test_an_update_moves_the_pages_time_only_if_something_changed(notion: Client, page: str, clock: VirtualClock) -> None:
    """The time is the page's, and who edited is told."""
    clock.advance(120)
    update(notion, page, "update_content", content_updates=[{"old_str": "First", "new_str": "First"}])
    assert notion.pages.retrieve(page)["last_edited_time"] == "2026-03-02T09:00:00.000Z"  # type: ignore[index]
    update(notion, page, "insert_content", content="More")
    assert notion.pages.retrieve(page)["last_edited_time"] == "2026-03-02T09:02:00.000Z"  # type: ignore[index]


def test_people_can_act_too(http: httpx.Client, page: str) -> None:
    """A header of the emulator's own says which person edits."""
    order = {"type": "insert_content", "insert_content": {"content": "Mine"}}
    http.patch(f"/v1/pages/{page}/markdown", json=order, headers={"X-Emulator-User": "ada@example.com"})
    shown = http.get(f"/v1/pages/{page}").json()
    assert shown["last_edited_by"]["id"] == ADA


def test_an_asynchronous_update_is_accepted_and_told_later(http: httpx.Client, page: str) -> None:
    """202 with a task, whose result is the Markdown."""
    order = {"type": "insert_content", "insert_content": {"content": "Later"}, "allow_async": True}
    answer = http.patch(f"/v1/pages/{page}/markdown", json=order)
    assert (answer.status_code, answer.json()["status"]) == (202, "queued")
    task = http.get(f"/v1/async_tasks/{answer.json()['id']}").json()
    assert task["status"] == "succeeded"
    assert task["result"]["markdown"].endswith("Later")


def test_mentions_become_mentions(notion: Client, page: str) -> None:
    """Of people and pages that exist; others stay words."""
    known = f'<mention-user url="user://{ADA}">someone</mention-user>'
    shown = update(
        notion, page, "replace_content", new_str=f'{known} and <mention-user url="user://{ROOT_PAGE}">nobody</mention-user>'
    )
    assert shown == f'<mention-user url="user://{ADA}">@Ada Byron</mention-user> and nobody'
