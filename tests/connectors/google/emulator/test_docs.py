"""Docs: indexes, edits, tables, chips, suggestions, conversion."""

from __future__ import annotations

import io
from typing import Any

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.emulator.clock import VirtualClock
from connectors.google.emulator.calls import Media
from connectors.google.emulator.docs.apply import apply_edits
from connectors.google.emulator.docs.body import SIGNS, Document
from connectors.google.emulator.docs.edits import Edits
from connectors.google.emulator.docs.imports import imported
from connectors.google.emulator.docs.render import document
from connectors.google.emulator.errors import GoogleError
from connectors.google.emulator.seed import DRIVE
from connectors.google.emulator.store import World
from tests.effort import examples

DOCUMENT = "application/vnd.google-apps.document"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MARKDOWN = """# Check-in

How are **you**, [Ada](https://example.com)?

- one
    - inner
- two

| Goal | Status |
|---|---|
| Ship | On track |

## Notes
"""


def _made(http: Any, kind: str, content: bytes, name: str = "Check-in") -> str:
    head = {"name": name, "mimeType": DOCUMENT, "parents": [DRIVE]}
    import json

    data = f"--e\r\nContent-Type: application/json\r\n\r\n{json.dumps(head)}\r\n--e\r\nContent-Type: {kind}\r\n\r\n".encode()
    where = "/upload/drive/v3/files?uploadType=multipart&supportsAllDrives=true"
    answer = http.post(where, data=data + content + b"\r\n--e--\r\n", headers={"Content-Type": "multipart/related; boundary=e"})
    assert answer.status_code == 200, answer.text
    return str(answer.json["id"])


def _content(http: Any, ident: str, more: str = "") -> list[dict[str, Any]]:
    return http.get(f"/v1/documents/{ident}?includeTabsContent=true{more}").json["tabs"][0]["documentTab"]["body"]["content"]


def _texts(content: list[dict[str, Any]]) -> list[str]:
    found = []
    for each in content:
        if "paragraph" in each:
            found.append("".join(part.get("textRun", {}).get("content", "") for part in each["paragraph"]["elements"]))
        for row in each.get("table", {}).get("tableRows", ()):
            for cell in row["tableCells"]:
                found += _texts(cell["content"])
    return found


def _edit(http: Any, ident: str, *requests: dict[str, Any], **more: Any) -> Any:
    return http.post(f"/v1/documents/{ident}:batchUpdate", json={"requests": list(requests), **more})


def _insert(index: int, text: str) -> dict[str, Any]:
    return {"insertText": {"location": {"index": index}, "text": text}}


def test_markdown_becomes_headings_lists_and_tables(http: Any) -> None:
    """Styles, links, nesting and cells arrive; the export reads the same."""
    ident = _made(http, "text/markdown", MARKDOWN.encode())
    content = _content(http, ident)
    assert content[0] == {"endIndex": 1, "sectionBreak": content[0]["sectionBreak"]}
    styles = [each["paragraph"]["paragraphStyle"]["namedStyleType"] for each in content if "paragraph" in each]
    assert styles == ["HEADING_1", "NORMAL_TEXT", "NORMAL_TEXT", "NORMAL_TEXT", "NORMAL_TEXT", "HEADING_2"]
    assert content[1]["paragraph"]["paragraphStyle"]["headingId"].startswith("h.")
    runs = [part["textRun"] for part in content[2]["paragraph"]["elements"]]
    assert [run["content"] for run in runs] == ["How are ", "you", ", ", "Ada", "?\n"]
    assert runs[3]["textStyle"]["link"] == {"url": "https://example.com"}
    assert [each["paragraph"]["bullet"].get("nestingLevel", 0) for each in content[3:6]] == [0, 1, 0]
    assert _texts(content)[-5:] == ["Goal\n", "Status\n", "Ship\n", "On track\n", "Notes\n"]
    exported = http.get(f"/drive/v3/files/{ident}/export?mimeType=text/markdown").text
    assert exported.startswith("# Check-in\n\nHow are **you**, [Ada](https://example.com)?\n\n* one\n  * inner\n* two\n")
    assert "| Ship | On track |" in exported


def test_word_files_come_and_go(http: Any) -> None:
    """Built-in headings, and styles based on them, are headings; the export has them again."""
    made = docx.Document()
    style = made.styles.add_style("Section", docx.enum.style.WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = made.styles["Heading 1"]
    made.add_paragraph("Wins", style="Section")
    made.add_paragraph("Shipped.", style="List Bullet").runs[0].bold = True
    made.add_table(1, 2).rows[0].cells[1].text = "cell"
    held = io.BytesIO()
    made.save(held)
    ident = _made(http, DOCX, held.getvalue())
    content = _content(http, ident)
    assert content[1]["paragraph"]["paragraphStyle"]["namedStyleType"] == "HEADING_1"
    assert "bullet" in content[2]["paragraph"]
    back = docx.Document(io.BytesIO(http.get(f"/drive/v3/files/{ident}/export?mimeType={DOCX}").data))
    assert [(each.text, each.style.name) for each in back.paragraphs] == [("Wins", "Heading 1"), ("Shipped.", "List Bullet")]
    assert back.tables[0].cell(0, 1).text == "cell"
    assert http.get(f"/drive/v3/files/{ident}/export?mimeType=text/plain").data.decode("utf-8-sig").startswith("Wins\r\n")


def test_indexes_count_utf16_and_edits_move_them(http: Any) -> None:
    """A sign outside the basic plane counts two; text is put in and taken out by index."""
    ident = http.post("/v1/documents", json={"title": "D"}).json["documentId"]
    _edit(http, ident, _insert(1, "🌵 wins\nlosses\n"))
    content = _content(http, ident)
    assert [(each["startIndex"], each["endIndex"]) for each in content[1:]] == [(1, 9), (9, 16), (16, 17)]
    _edit(http, ident, {"deleteContentRange": {"range": {"startIndex": 1, "endIndex": 4}}}, _insert(1, "Big "))
    assert _texts(_content(http, ident)) == ["Big wins\n", "losses\n", "\n"]
    for wrong in (_insert(99, "x"), {"deleteContentRange": {"range": {"startIndex": 1, "endIndex": 23}}}, _insert(1, "")):
        answer = _edit(http, ident, _insert(1, "never"), wrong)
        assert answer.status_code == 400
        assert answer.json["error"]["message"].startswith("Invalid requests[1].")
    assert "never" not in "".join(_texts(_content(http, ident)))


def test_styles_bullets_names_and_replacements(http: Any) -> None:
    """Paragraph and text styles, lists, named ranges that follow their text, replacing everywhere."""
    ident = _made(http, "text/plain", b"Wins\none\ntwo\n{{name}} and {{NAME}}")
    _edit(
        http,
        ident,
        {
            "updateParagraphStyle": {
                "range": {"startIndex": 1, "endIndex": 2},
                "paragraphStyle": {"namedStyleType": "HEADING_2"},
                "fields": "namedStyleType",
            }
        },
        {"createParagraphBullets": {"range": {"startIndex": 6, "endIndex": 11}, "bulletPreset": "BULLET_CHECKBOX"}},
        {"updateTextStyle": {"range": {"startIndex": 6, "endIndex": 9}, "textStyle": {"bold": True}, "fields": "bold"}},
        {"createNamedRange": {"name": "goal:1", "range": {"startIndex": 6, "endIndex": 9}}},
        _insert(1, "Big "),
        {"replaceAllText": {"containsText": {"text": "{{name}}"}, "replaceText": "Ada"}},
    )
    read = http.get(f"/v1/documents/{ident}").json
    content = read["body"]["content"]
    assert _texts(content) == ["Big Wins\n", "one\n", "two\n", "Ada and Ada\n"]
    assert content[1]["paragraph"]["paragraphStyle"]["headingId"]
    assert content[2]["paragraph"]["bullet"]["listId"] == content[3]["paragraph"]["bullet"]["listId"]
    assert content[2]["paragraph"]["elements"][0]["textRun"]["textStyle"] == {"bold": True}
    named = read["namedRanges"]["goal:1"]["namedRanges"][0]
    assert named["ranges"] == [{"startIndex": 10, "endIndex": 13, "tabId": "t.0"}]
    _edit(http, ident, {"replaceNamedRangeContent": {"namedRangeName": "goal:1", "text": "uno"}})
    assert "uno\n" in _texts(_content(http, ident))


def test_tables_grow_and_shrink(http: Any) -> None:
    """Rows and columns are put in and taken out; indexes are laid out as Docs lays them out."""
    ident = http.post("/v1/documents", json={"title": "T"}).json["documentId"]
    _edit(http, ident, {"insertTable": {"rows": 2, "columns": 2, "location": {"index": 1}}})
    table = _content(http, ident)[2]
    assert (table["startIndex"], table["endIndex"]) == (2, 14)
    assert table["table"]["tableRows"][0]["tableCells"][0]["content"][0]["startIndex"] == 5
    _edit(http, ident, _insert(5, "Goal"))
    place = {"tableStartLocation": {"index": 2}, "rowIndex": 0, "columnIndex": 1}
    _edit(
        http,
        ident,
        {"insertTableRow": {"tableCellLocation": place, "insertBelow": True}},
        {"insertTableColumn": {"tableCellLocation": place, "insertRight": True}},
        {"deleteTableRow": {"tableCellLocation": {**place, "rowIndex": 2}}},
        {"deleteTableColumn": {"tableCellLocation": place}},
    )
    table = _content(http, ident)[2]["table"]
    assert (table["rows"], table["columns"]) == (2, 2)
    assert _texts([{"table": table}]) == ["Goal\n", "\n", "\n", "\n"]
    assert _edit(http, ident, {"deleteContentRange": {"range": {"startIndex": 2, "endIndex": 6}}}).status_code == 400


def test_chips_are_written_and_read(http: Any) -> None:
    """People, dates, links and drop-downs stand in the text as one place each."""
    ident = http.post("/v1/documents", json={"title": "C"}).json["documentId"]
    at = {"location": {"index": 1}}
    options = [
        {"optionId": "dropdownItem.on", "displayValue": "On track"},
        {"optionId": "dropdownItem.risk", "displayValue": "At risk"},
    ]
    definition = {
        "dropdownDefinitionId": "kix.status1",
        "dropdownDefinitionProperties": {"title": "Status", "options": options},
    }
    answer = _edit(
        http,
        ident,
        {"insertPerson": {**at, "personProperties": {"email": "hr@example.com"}}},
        {
            "insertDate": {
                **at,
                "dateElementProperties": {"timestamp": "2026-12-01T00:00:00Z", "dateFormat": "DATE_FORMAT_ISO8601"},
            }
        },
        {"insertRichLink": {**at, "richLinkProperties": {"uri": "https://example.com/x"}}},
        {"createDropdownDefinition": {"tabId": "t.0", "dropdownDefinition": definition}},
        {"insertDropdown": {**at, "dropdownDefinitionId": "kix.status1", "selectedOptionId": "dropdownItem.on"}},
    )
    dropdown = answer.json["replies"][4]["insertDropdown"]["dropdown"]["dropdownId"]
    change = {
        "dropdownId": dropdown,
        "dropdownProperties": {"selectedOptionId": "dropdownItem.risk"},
        "fields": "selectedOptionId",
    }
    _edit(http, ident, {"updateDropdownProperties": change})
    elements = _content(http, ident)[1]["paragraph"]["elements"]
    assert elements[0]["dropdown"]["dropdownProperties"]["displayValue"] == "At risk"
    assert elements[2]["dateElement"]["dateElementProperties"]["displayText"] == "2026-12-01"
    assert elements[3]["person"]["personProperties"] == {"name": "Hanna Roth", "email": "hr@example.com"}
    text = http.get(f"/drive/v3/files/{ident}/export?mimeType=text/plain").data.decode("utf-8-sig")
    assert text == "At riskhttps://example.com/x2026-12-01Hanna Roth"


def test_suggestions_comments_and_revisions(http: Any) -> None:
    """A suggestion is marked, previewed both ways and settled; comments show; a former revision is refused."""
    ident = _made(http, "text/plain", b"keep drop")
    before = http.get(f"/v1/documents/{ident}").json["revisionId"]
    answer = _edit(
        http,
        ident,
        {"deleteContentRange": {"range": {"startIndex": 5, "endIndex": 10}}},
        _insert(1, "please "),
        writeControl={"writeMode": "SUGGEST"},
    )
    suggestion = answer.json["suggestionResponses"][0]["createdSuggestionIds"][0]
    runs = [each["textRun"] for each in _content(http, ident)[1]["paragraph"]["elements"]]
    assert [(run["content"], run.get("suggestedInsertionIds"), run.get("suggestedDeletionIds")) for run in runs] == [
        ("please ", [suggestion], None),
        ("keep", None, None),
        (" drop", None, [suggestion]),
        ("\n", None, None),
    ]
    assert _texts(_content(http, ident, "&suggestionsViewMode=PREVIEW_SUGGESTIONS_ACCEPTED")) == ["please keep\n"]
    assert _texts(_content(http, ident, "&suggestionsViewMode=PREVIEW_WITHOUT_SUGGESTIONS")) == ["keep drop\n"]
    _edit(http, ident, {"acceptSuggestion": {"suggestionId": suggestion}})
    assert _texts(_content(http, ident)) == ["please keep\n"]
    late = _edit(http, ident, _insert(1, "x"), writeControl={"requiredRevisionId": before})
    assert (late.status_code, late.json["error"]["status"]) == (400, "INVALID_ARGUMENT")
    http.post(f"/drive/v3/files/{ident}/comments?fields=id", json={"content": "well said"})
    read = http.get(f"/v1/documents/{ident}?commentsViewMode=COMMENTS_VIEW_MODE_INCLUDED").json
    assert read["comments"][0]["headPost"]["content"] == "well said"


def test_tabs(http: Any) -> None:
    """A tab is added with its own body; the old fields show the first one."""
    ident = http.post("/v1/documents", json={"title": "T"}).json["documentId"]
    made = _edit(http, ident, {"addDocumentTab": {"tabProperties": {"title": "Second"}}}).json["replies"][0]
    tab = made["addDocumentTab"]["tabProperties"]["tabId"]
    _edit(http, ident, {"insertText": {"endOfSegmentLocation": {"tabId": tab}, "text": "there"}})
    read = http.get(f"/v1/documents/{ident}?includeTabsContent=true").json
    assert [each["tabProperties"]["title"] for each in read["tabs"]] == ["Tab 1", "Second"]
    assert _texts(read["tabs"][1]["documentTab"]["body"]["content"]) == ["there\n"]
    assert _texts(http.get(f"/v1/documents/{ident}").json["body"]["content"]) == ["\n"]


@pytest.fixture(scope="module")
def world() -> World:
    """Somewhere to take ids from."""
    return World(VirtualClock())


_TEXTS = st.text(st.sampled_from("ab 🌵ß\n"), min_size=1, max_size=8)


@settings(max_examples=examples(25), deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["put", "take", "table"]), st.integers(1, 40), st.integers(1, 12), _TEXTS), max_size=12)
)
def test_whatever_is_edited_indexes_stay_whole(world: World, steps: list[tuple[str, int, int, str]]) -> None:
    """After any edits that are let through, elements meet without gaps and every paragraph ends in a line end."""
    held: Document = imported(Media("text/markdown", MARKDOWN.encode()), world)
    for kind, at, length, text in steps:
        request = {
            "put": _insert(at, text),
            "take": {"deleteContentRange": {"range": {"startIndex": at, "endIndex": at + length}}},
            "table": {"insertTable": {"rows": 1, "columns": 2, "location": {"index": at}}},
        }[kind]
        trial = held.clone()
        if not trial.tabs:
            continue
        try:
            apply_edits(Edits(trial, world.clock.now()), [request])
        except GoogleError:
            continue
        held.become(trial)
    body = document(held, "x", "t")["body"]["content"]
    _meets(body, 0, held.tabs[0].end)
    assert sum(unit.text not in SIGNS for unit in held.tabs[0].units) == len("".join(_texts(body)).encode("utf-16-le")) // 2 + 1


def _meets(content: list[dict[str, Any]], start: int, end: int) -> None:
    """Each element begins where the last one ended, down to the runs."""
    for each in content:
        assert each.get("startIndex", 0) == start
        start = each["endIndex"]
        if "paragraph" in each:
            runs = each["paragraph"]["elements"]
            assert [run["endIndex"] for run in runs[:-1]] == [run["startIndex"] for run in runs[1:]]
            assert runs[-1]["textRun"]["content"].endswith("\n")
        for row in each.get("table", {}).get("tableRows", ()):
            for cell in row["tableCells"]:
                _meets(cell["content"], cell["startIndex"] + 1, cell["endIndex"])
    assert start == end
