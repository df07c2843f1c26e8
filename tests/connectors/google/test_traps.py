"""What people do to files besides typing: each is told in a sentence, and nothing that they wrote is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
import requests

from connectors.google.emulator.store import Principal
from connectors.google.layout import DOCUMENT, DOCX, XLSX
from connectors.google.workspace import GoogleWorkspace
from connectors.office import docx, xlsx
from connectors.workspace import (
    AppendToSection,
    Changed,
    Changes,
    Created,
    Document,
    DocumentContent,
    Edit,
    Failed,
    FillSection,
    Found,
    Grants,
    Home,
    Paragraph,
    Snapshot,
    Table,
    Unchanged,
    Vanished,
)
from templates.shapes import DocumentShape, Place, TableShape
from tests.connectors.google.house import House, email, house
from tests.connectors.samples import CHECK_IN, GOALS, check_in, sheet

HR = email("hr")


@pytest.fixture
def google() -> Iterator[House]:
    """An emulated workspace."""
    with house() as made:
        yield made


@pytest.fixture
def workspace(google: House) -> GoogleWorkspace:
    """Our side of it."""
    return google.open()


def made(workspace: GoogleWorkspace) -> tuple[str, str, str]:
    """A sheet, a check-in, and the cursor after both were read."""
    results = list(workspace.create([sheet(), check_in()]))
    refs = [result.ref for result in results if isinstance(result, Created)]
    cursor = workspace.changes("").cursor
    list(workspace.read([(refs[0], GOALS), (refs[1], CHECK_IN)]))
    return refs[0], refs[1], cursor


def seen(workspace: GoogleWorkspace, ref: str, shape: DocumentShape | TableShape | None = CHECK_IN) -> Snapshot:
    """What reading gives."""
    (result,) = workspace.read([(ref, shape)])
    assert isinstance(result, Snapshot), result
    return result


def notes(workspace: GoogleWorkspace, changes: Changes, ref: str, shape: DocumentShape | TableShape = CHECK_IN) -> str:
    """What is told of a file that changed."""
    assert Changed(ref) in changes.changed
    return " ".join(seen(workspace, ref, shape).content.notes)


def words(workspace: GoogleWorkspace, ref: str, section: str) -> tuple[str, ...]:
    """The paragraphs of a section."""
    content = seen(workspace, ref).content
    assert isinstance(content, Document)
    return next(part.paragraphs for part in content.parts if part.section == section)


def upload(google: House, ref: str, data: bytes, mime: str, target: str = "") -> None:
    """Somebody puts an Office file in the place of what is there."""
    token = google.google.tokens.give(Principal(HR))["access_token"]
    about = json.dumps({"mimeType": target} if target else {})
    body = f"--x\r\nContent-Type: application/json\r\n\r\n{about}\r\n--x\r\nContent-Type: {mime}\r\n\r\n".encode()
    answer = requests.patch(
        f"{google.url}/upload/drive/v3/files/{ref}?uploadType=multipart&supportsAllDrives=true",
        data=body + data + b"\r\n--x--\r\n",
        headers={"Authorization": f"Bearer {token}", "Content-Type": "multipart/related; boundary=x"},
        timeout=5,
    )
    assert answer.status_code == 200, answer.text


def test_renamed_and_moved_files_stay_the_same_artifact(google: House, workspace: GoogleWorkspace) -> None:
    """Both are told; the id is the artifact."""
    table, document, cursor = made(workspace)
    person = google.person(HR)
    person.call("PATCH", f"drive/v3/files/{document}", {"name": "Ours"})
    parent = person.call("GET", f"drive/v3/files/{table}", fields="parents,driveId")
    person.call("PATCH", f"drive/v3/files/{table}", {}, addParents=parent["driveId"], removeParents=parent["parents"][0])
    changes = workspace.changes(cursor)
    assert "was renamed from “Check-in of Ada 2026-03-02” to “Ours”" in notes(workspace, changes, document)
    assert "was moved" in notes(workspace, changes, table, GOALS)
    assert changes.vanished == ()
    assert workspace.changes(changes.cursor).changed == ()


def test_a_file_with_another_owner_is_told_and_one_that_is_shared_no_more_is_gone(google: House) -> None:
    """In My Drive a file can be handed over, and whoever has it then may shut us out; nothing else of theirs is looked at."""
    google.move_in(HR)
    workspace, hr, ada = google.open(), google.person(HR), google.person(email("ada"))
    _, document, cursor = made(workspace)
    sharing = f"drive/v3/files/{document}/permissions"
    hr.call("POST", sharing, {"type": "user", "role": "owner", "emailAddress": ada.who}, transferOwnership="true")
    ada.types(document, "Wins", "Mine now")
    own = ada.call("POST", "drive/v3/files", {"name": "Mine", "mimeType": DOCUMENT})["id"]
    ada.call("POST", f"drive/v3/files/{own}/permissions", {"type": "user", "role": "reader", "emailAddress": HR})
    changes = workspace.changes(cursor)
    assert changes.changed == (Changed(document),)
    assert f"belongs to {ada.who} now, before to {HR}." in notes(workspace, changes, document)
    ada.call("PATCH", f"drive/v3/files/{document}", {}, addParents="root")
    given = ada.call("GET", sharing, fields="permissions(id,emailAddress)")["permissions"]
    ada.call("DELETE", f"{sharing}/{next(one['id'] for one in given if one['emailAddress'] == HR)}")
    assert workspace.changes(changes.cursor).vanished == (Vanished(document),)


def test_a_trashed_folder_takes_what_stands_in_it_along(google: House, workspace: GoogleWorkspace) -> None:
    """And taken out of the bin, everything is back."""
    table, document, cursor = made(workspace)
    person = google.person(HR)
    folder = next(file.id for file in workspace.shelf.by_id.values() if file.name == "Ada Brandt - p7k3m2qd")
    person.call("PATCH", f"drive/v3/files/{folder}", {"trashed": True})
    gone = workspace.changes(cursor)
    assert set(gone.vanished) == {Vanished(table), Vanished(document)}
    assert workspace.exists([table, document]) == set()
    person.call("PATCH", f"drive/v3/files/{folder}", {"trashed": False})
    back = google.open()
    assert {one.ref for one in back.changes("").changed} == {table, document}


def test_a_copy_is_no_artifact(google: House, workspace: GoogleWorkspace) -> None:
    """It carries the key, is found beside the original, and is never adopted."""
    _, document, cursor = made(workspace)
    copy = google.person(HR).call("POST", f"drive/v3/files/{document}/copy", {})["id"]
    assert set(workspace.find([check_in().key])) == {Found(check_in().key, document), Found(check_in().key, copy)}
    assert workspace.changes(cursor).changed == (Changed(copy),)
    (again,) = google.open().create([check_in()])
    assert not isinstance(again, Failed)
    assert again.ref == document
    assert not workspace.akin(copy, document)


def test_a_file_turned_into_an_office_file_is_still_read(google: House, workspace: GoogleWorkspace) -> None:
    """Through the Office codec; nothing is written in it, with the reason."""
    table, document, cursor = made(workspace)
    for ref, item, mime in ((table, sheet(), XLSX), (document, check_in(), DOCX)):
        content = item.content
        build = docx.build if isinstance(content, DocumentContent) else xlsx.build
        upload(google, ref, build(content, key=item.key, kind=item.kind, title=item.title), mime, mime)  # type: ignore[operator]
    changes = workspace.changes(cursor)
    assert "turned into an Office file" in notes(workspace, changes, document)
    assert words(workspace, document, "agenda") == ("The move to Bergen", "- desks")
    content = seen(workspace, table, GOALS).content
    assert isinstance(content, Table)
    assert [row.key for row in content.rows] == ["g1"]
    edit = Edit(document, seen(workspace, document).version, CHECK_IN, (FillSection("wins", (Paragraph("x"),)),))
    (result,) = workspace.write([edit])
    assert isinstance(result, Failed)
    assert "Office file" in result.reason


def test_content_replaced_by_an_upload_is_read_and_told(google: House, workspace: GoogleWorkspace) -> None:
    """Headings are new ones then; what stands in the upload arrives."""
    _, document, cursor = made(workspace)
    google.person(HR).types(document, "Wins", "Before")
    cursor = workspace.changes(cursor).cursor
    item = check_in()
    assert isinstance(item.content, DocumentContent)
    other = DocumentContent(CHECK_IN, {"wins": (Paragraph("After"),)})
    upload(google, document, docx.build(other, key="", kind="", title="Mine"), DOCX)
    changes = workspace.changes(cursor)
    assert Changed(document) in changes.changed
    told = seen(workspace, document)
    assert isinstance(told.content, Document)
    assert "replaced by an upload" in " ".join(told.content.notes)
    assert words(workspace, document, "wins") == ("After",)


def test_what_may_only_be_viewed_is_read_and_not_written(google: House, workspace: GoogleWorkspace) -> None:
    """The account lost its rights: it says so, item by item."""
    _, document, _ = made(workspace)
    world = google.google.world
    for permission in world.drives[world.files[document].drive].members.values():
        if permission.target != HR:
            permission.role = "reader"
    (result,) = workspace.write([Edit(document, seen(workspace, document).version, CHECK_IN, (FillSection("wins", ()),))])
    assert isinstance(result, Failed)
    assert "may only be viewed" in result.reason


def test_a_sheet_that_is_too_large_fails_alone_until_it_is_smaller(
    google: House, workspace: GoogleWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sentence with the way out; the others are read; the next look tells it again, and then it is read."""
    table, document, cursor = made(workspace)
    google.person(HR).types(document, "Wins", "Mine")
    google.person(HR).sets(table, "Goals!B9", "More")
    with monkeypatch.context() as patched:
        patched.setattr("connectors.google.emulator.drive.contents.EXPORT_BYTES", 100)
        changes = workspace.changes(cursor)
    assert changes.changed == (Changed(document),)
    (failed,) = changes.failed
    assert failed.subject == table
    assert "is too large" in failed.reason
    again = workspace.changes(changes.cursor)
    assert [one.subject for one in again.failed] == [table]
    google.person(HR).sets(table, "Goals!B9", "Less")
    later = workspace.changes(again.cursor)
    assert (later.changed, later.failed) == ((Changed(table),), ())


def test_a_renamed_heading_is_known_by_its_id(google: House, workspace: GoogleWorkspace) -> None:
    """Even when several were renamed, and a new heading stands between them."""
    _, document, cursor = made(workspace)
    person = google.person(HR)
    content = person.document(document)["tabs"][0]["documentTab"]["body"]["content"]
    heads = [one for one in content if "paragraph" in one and one["paragraph"]["paragraphStyle"].get("headingId")]
    for head in reversed(heads):
        person.edits(document, {"insertText": {"location": {"index": head["startIndex"]}, "text": "Other "}})
    person.types(document, "Other Wins", "Mine")
    changes = workspace.changes(cursor)
    assert changes.changed == (Changed(document),)
    assert words(workspace, document, "wins") == ("Mine",)


def test_drift_is_told_and_mended(google: House, workspace: GoogleWorkspace) -> None:
    """Somebody who was given a file, somebody whose access was taken: afterwards all is as meant."""
    grants = Grants(writers=(email("ada"), email("bo")))
    item = sheet()
    (result,) = workspace.create([replace(item, grants=grants, about=email("ada"))])
    assert isinstance(result, Created)
    meant = {result.ref: grants}
    assert list(workspace.audit(meant)) == []
    person = google.person(HR)
    person.call(
        "POST", f"drive/v3/files/{result.ref}/permissions", {"type": "user", "role": "writer", "emailAddress": email("cy")}
    )
    home = next(file for file in workspace.shelf.by_id.values() if file.name.startswith("Ada Brandt"))
    listed = person.call("GET", f"drive/v3/files/{home.id}/permissions", fields="permissions(id,emailAddress)")
    bo = next(one["id"] for one in listed["permissions"] if one["emailAddress"] == email("bo"))
    person.call("DELETE", f"drive/v3/files/{home.id}/permissions/{bo}")
    told = sorted(drift.reason for drift in workspace.audit(meant))
    assert any("cy@example.org has access as writer and should have none here" in one for one in told)
    assert any("bo@example.org should have access as writer" in one for one in told)
    assert all(drift.certain for drift in workspace.mend(meant))
    assert list(workspace.audit(meant)) == []


def moved(google: House, workspace: GoogleWorkspace, ref: str, into: str) -> None:
    """HR drags a file into the folder of that name, as Drive's page does."""
    workspace.shelf.load()
    folder = next(one.id for one in workspace.shelf.by_id.values() if one.is_folder and one.name == into)
    query = f"?addParents={folder}&removeParents={workspace.shelf.by_id[ref].parent}&supportsAllDrives=true"
    google.person(HR).call("PATCH", f"drive/v3/files/{ref}{query}", {})


def test_what_was_moved_to_somebody_else_is_told_and_gives_nobody_their_folder(google: House) -> None:
    """Neither mending nor sharing anew takes a stray file for what its new folder is for; only moving it back mends it."""
    ada, bo, ben = email("ada"), email("bo"), email("ben")
    homes = {who: Home(Place.WORKING, who, who.title(), ("2026",)) for who in ("ada", "bo")}
    sheets = [
        replace(
            sheet(f"2026-h1/{who}/goal-sheet", f"Goals {who}"), home=home, grants=Grants((email(who), ben)), about=email(who)
        )
        for who, home in homes.items()
    ]
    private = Home(Place.PRIVATE, "ben", "Ben", ("ada",))
    notes = replace(check_in("2026-h1/ada/manager-notes/ben", "Notes about Ada"), kind="manager-notes", home=private,
                    grants=Grants((ben,)))  # fmt: skip
    workspace = google.open()
    refs = [one.ref for one in workspace.create([*sheets, notes]) if isinstance(one, Created)]
    of_ada, of_bo, of_ben = refs
    meant = {ref: replace(item.grants, home=item.home) for ref, item in zip(refs, [*sheets, notes], strict=True)}
    assert list(workspace.audit(meant)) == []
    moved(google, workspace, of_bo, "Ada - ada")
    moved(google, workspace, of_ben, "Bo - bo")
    copy = google.person(HR).call("POST", f"drive/v3/files/{of_ben}/copy?supportsAllDrives=true", {"name": "Mine"})["id"]
    told = {drift.ref: drift.reason for drift in google.open().audit(meant)}
    assert told == {
        of_bo: f"“Goals bo” stands in “Ada - ada”, where it does not belong. {ada} may open it there. "
        "Move it back into “Bo - bo” in “Working”.",
        of_ben: f"“Notes about Ada” stands in “Bo - bo”, where it does not belong. {bo} may open it there. "
        "Move it back into “Ben - ben” in “Private”.",
        copy: f"“Mine” is a copy that stands in “Bo - bo”, where it does not belong. {bo} may open it there. "
        "Move it back into “Ben - ben” in “Private”.",
    }
    for _ in range(2):
        left = list(google.open().mend(meant))
        assert {one.ref for one in left} == set(told)
        assert not any(one.certain for one in left)
    (refused,) = google.open().share({of_bo: meant[of_bo]})
    assert isinstance(refused, Failed)
    assert google.person(ada).call("GET", f"drive/v3/files/{of_ada}", fields="id")
    with pytest.raises((AssertionError, requests.HTTPError)):
        google.person(bo).call("GET", f"drive/v3/files/{of_ada}", fields="id")
    google.person(HR).call("PATCH", f"drive/v3/files/{copy}", {"trashed": True})
    moved(google, google.open(), of_bo, "Bo - bo")
    moved(google, google.open(), of_ben, "Ben - ben")
    assert list(google.open().audit(meant)) == []


def test_words_in_comments_chips_tables_and_tabs_arrive(google: House, workspace: GoogleWorkspace) -> None:
    """Everything that people see of a document stands in a part, a left-over or the template's text."""
    _, document, _ = made(workspace)
    person = google.person(HR)
    at = next(
        one["startIndex"]
        for one in person.document(document)["tabs"][0]["documentTab"]["body"]["content"]
        if "paragraph" in one and one.get("endIndex", 0) - one.get("startIndex", 0) == 1
    )
    person.edits(
        document,
        {"insertPerson": {"location": {"index": at}, "personProperties": {"email": email("bo")}}},
        {"insertText": {"location": {"index": at}, "text": "Thanks to "}},
        {"addDocumentTab": {"tabProperties": {"title": "Ideas"}}},
    )
    tab = person.document(document)["tabs"][1]["tabProperties"]["tabId"]
    person.edits(document, {"insertText": {"location": {"index": 1, "tabId": tab}, "text": "A bolder plan"}})
    person.call("POST", f"drive/v3/files/{document}/comments", {"content": "Well said"}, fields="id")
    content = seen(workspace, document).content
    assert isinstance(content, Document)
    lines = [line for part in content.parts for line in part.paragraphs]
    assert "Thanks to Bo" in lines
    assert "A bolder plan" in lines
    assert "Well said" in [one.text for one in content.left_overs]


def test_an_edit_under_an_old_revision_is_stale(google: House, workspace: GoogleWorkspace) -> None:
    """Somebody typed between the look and the write: Docs refuses the batch, and nothing is overwritten."""
    _, document, _ = made(workspace)
    version = seen(workspace, document).version
    real = workspace.api.make

    def typing_first(request: object) -> object:
        workspace.api.make = real  # type: ignore[method-assign]
        google.person(HR).types(document, "Wins", "Mine")
        return real(request)

    workspace.api.make = typing_first  # type: ignore[method-assign]
    (result,) = workspace.write([Edit(document, version, CHECK_IN, (AppendToSection("wins", (Paragraph("Ours"),)),))])
    assert type(result).__name__ == "Stale"
    assert words(workspace, document, "wins") == ("Mine",)


def test_who_may_only_read_one_paper_keeps_writing_the_others_in_their_own_folder(google: House) -> None:
    """A manager's report moves on: the notes about the others stay theirs. When all are read-only, so is the folder."""
    ben = email("ben")
    papers = [
        replace(
            check_in(f"2026-h1/{person}/manager-notes/b3n", f"Notes about {person}"),
            kind="manager-notes",
            home=Home(Place.PRIVATE, "b3n", "Ben", (person,)),
            grants=Grants((ben,)),
        )
        for person in ("ada", "noor")
    ]
    workspace = google.open()
    about_ada, about_noor = (one.ref for one in workspace.create(papers) if isinstance(one, Created))
    assert isinstance(next(iter(workspace.share({about_ada: Grants((), (ben,))}))), Unchanged)
    google.person(ben).types(about_noor, "Wins", "Noor led the move.")
    assert list(workspace.audit({about_ada: Grants((), (ben,)), about_noor: Grants((ben,))})) == []
    list(workspace.share({about_noor: Grants((), (ben,))}))
    assert google.person(ben).document(about_noor)
    with pytest.raises((AssertionError, requests.HTTPError)):
        google.person(ben).types(about_noor, "Wins", "More.")
