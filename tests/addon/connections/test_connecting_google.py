"""HR connects Google Workspace from the command line: the key stays secret, the doctor helps, and the whole way works."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from addon.connections.google_commands import root_id
from addon.terminal import BadInput
from connectors.google.emulator.seed import SERVICE_ACCOUNT
from connectors.google.layout import FOLDER
from tests.connectors.google.house import DRIVE, House, house
from tests.journeys.desk import Desk, founded

PEOPLE = {f"{name}@example.org": name.title() for name in ("hr", "greta", "ben", "ada", "noor", "tom", "ida")}
LINK = f"https://drive.google.com/drive/folders/{DRIVE}?usp=sharing"


@pytest.fixture
def google() -> Iterator[House]:
    """The company's Google Workspace."""
    with house(PEOPLE) as made:
        yield made


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A company that has not provisioned anything yet."""
    desk = founded(tmp_path / "home")
    desk.today = "2026-02-02"
    return desk


def _connected(desk: Desk, google: House, *more: str, drive: str = LINK) -> str:
    key = desk.csv("key.json", google.key_file())
    return desk.ok(
        "connect", "google", "--credentials-file", key, "--drive", drive, "--quota", "off", "--api", google.url, *more
    )


def _notes_of_ada(desk: Desk, applied: Any) -> str:
    """Of one person, whichever document was made first."""
    people = json.loads(desk.ok("people", "list", "--json"))["people"]
    ada = next(one["id"] for one in people if one["email"] == "ada@example.org")
    return next(str(one["ref"]) for one in applied["items"] if f"/{ada}/quick-notes" in one["key"])


def test_the_key_is_kept_sealed_and_never_shown(desk: Desk, google: House) -> None:
    """Not in the database, not in any output."""
    outputs = _connected(desk, google) + desk.ok("doctor") + desk.ok("status")
    secret = json.loads(google.key_file())["private_key"].splitlines()[3]
    (desk.home / "key.json").unlink()
    assert secret not in outputs
    assert SERVICE_ACCOUNT in outputs
    assert [path for path in desk.home.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()] == []


def test_a_connection_that_does_not_work_is_not_kept(desk: Desk, google: House) -> None:
    """No JSON, another JSON, a drive that is not there, a folder where it cannot write: each says what to do."""
    good = desk.csv("good.json", google.key_file())
    folder = {"name": "Goals", "mimeType": FOLDER}
    mine = str(google.person("hr@example.org").call("POST", "drive/v3/files", folder)["id"])
    access = {"type": "user", "role": "writer", "emailAddress": SERVICE_ACCOUNT}
    google.person("hr@example.org").call("POST", f"drive/v3/files/{mine}/permissions", access)
    for key, drive, said in (
        (desk.csv("text.json", "hello"), LINK, "no JSON"),
        (desk.csv("other.json", '{"type": "web"}'), LINK, "service_account"),
        (str(desk.home / "none"), LINK, "cannot be read"),
        (good, "0ANoSuchDriveAnywhere", "add"),
        (good, "?", "no link"),
        (good, mine, "has no storage"),
    ):
        result = desk.run("connect", "google", "--credentials-file", key, "--drive", drive, "--api", google.url)
        assert result.exit_code == 2, result.output
        assert said in result.stderr
    assert "folder" in desk.ok("doctor")


def test_the_doctor_says_what_to_do(desk: Desk, google: House) -> None:
    """A drive whose settings forbid what is needed, an account that lost its rights."""
    _connected(desk, google)
    assert "WRONG" not in desk.ok("doctor")
    drive = google.google.world.drives[DRIVE]
    drive.restrictions |= {"driveMembersOnly": True}
    for member in drive.members.values():
        if member.target == SERVICE_ACCOUNT:
            member.role = "reader"
    result = desk.run("doctor")
    assert result.exit_code == 1
    assert "Allow people who aren’t members" in result.output
    assert "make it a manager" in result.output


def test_the_live_checks_pass_and_clear_up(desk: Desk, google: House) -> None:
    """What they made is in the bin, and no mail was sent."""
    _connected(desk, google)
    output = desk.ok("doctor", "--live")
    assert "live 9: bin" in output
    assert "WRONG" not in output
    world = google.google.world
    made = [file for file in world.files.values() if file.name.startswith("Throughline check 2")]
    assert made
    assert all(file.trashed for file in made)
    assert world.mail == []


def test_the_whole_way_from_connecting_to_evidence(desk: Desk, google: House) -> None:
    """Plan, apply, somebody writes, sync; what stands in the drive is shared as meant; drift is mended."""
    _connected(desk, google)
    planned = json.loads(desk.ok("plan", "--json"))
    applied = json.loads(desk.ok("apply", "--plan", planned["hash"], "--json"))
    assert set(applied["counts"]) == {"created"}
    notes = _notes_of_ada(desk, applied)
    google.person("hr@example.org").types(notes, "What happened", "2026-02-01 Finished the move")
    assert json.loads(desk.ok("sync", "--json"))
    assert "Access is as it should be" in desk.ok("audit")
    access = {"type": "user", "role": "reader", "emailAddress": "tom@example.org"}
    google.person("hr@example.org").call("POST", f"drive/v3/files/{notes}/permissions", access)
    assert desk.run("audit").exit_code == 1
    assert "1 mended, 0 not" in desk.ok("audit", "--mend")
    assert "Access is as it should be" in desk.ok("audit")
    again = json.loads(desk.ok("plan", "--json"))
    assert json.loads(desk.ok("apply", "--plan", again["hash"], "--json"))["counts"] == {}


def test_where_there_is_no_shared_drive_a_folder_of_the_one_who_signed_in_will_do(desk: Desk, google: House) -> None:
    """Provisioned, shared no further, synced and audited in My Drive; what else stands there is nobody's business."""
    hr = "hr@example.org"
    said = _connected(desk, google, drive=google.move_in(hr))
    assert f"Connected to the folder “Goals” as {hr}." in said
    planned = json.loads(desk.ok("plan", "--json"))
    applied = json.loads(desk.ok("apply", "--plan", planned["hash"], "--json"))
    assert set(applied["counts"]) == {"created"}
    assert "Access is as it should be" in desk.ok("audit")
    desk.ok("sync")
    diary = google.person(hr).call("POST", "v1/documents", {"title": "Diary"})["documentId"]
    google.person(hr).edits(diary, {"insertText": {"location": {"index": 1}, "text": "Nobody reads this"}})
    notes = _notes_of_ada(desk, applied)
    google.person(hr).types(notes, "What happened", "2026-02-01 Finished the move")
    google.emulator.calls.clear()
    desk.ok("sync")
    assert google.counts()["docs.documents.get"] == 1
    working = next(one for one in google.google.world.files.values() if one.name.startswith("Ada"))
    shown = google.person("ada@example.org").call(
        "GET", f"drive/v3/files/{working.id}", fields="capabilities(canEdit,canShare)"
    )
    assert shown["capabilities"] == {"canEdit": True, "canShare": False}
    access = {"type": "user", "role": "reader", "emailAddress": "friend@elsewhere.example"}
    google.person(hr).call("POST", f"drive/v3/files/{notes}/permissions", access)
    assert "friend@elsewhere.example has access as reader and should have none here" in desk.run("audit").output
    assert "1 mended, 0 not" in desk.ok("audit", "--mend")
    assert "only the owner" in desk.ok("doctor")


def test_people_come_from_the_directory(desk: Desk, google: House) -> None:
    """In an administrator's name, with managers; who is suspended leaves, and only when it is accepted."""
    people = google.google.world.people
    people["hr@example.org"]["isAdmin"] = True
    people["ada@example.org"]["relations"] = [{"value": "ben@example.org", "type": "manager"}]
    people["ada@example.org"]["orgUnitPath"] = "/Company/Design"
    _connected(desk, google, "--directory-admin", "hr@example.org")
    assert "read in the name of hr@example.org" in desk.ok("doctor")
    proposed = json.loads(desk.ok("people", "import", "--from", "google", "--json"))
    desk.ok("people", "import", "--from", "google", "--accept", proposed["hash"][:8])
    listed = {one["email"]: one for one in json.loads(desk.ok("people", "list", "--json"))["people"]}
    assert (listed["ada@example.org"]["manager"], listed["ada@example.org"]["team"]) == ("Ben", "Design")
    people["ida@example.org"]["suspended"] = True
    output = desk.ok("people", "import", "--from", "google")
    assert "ida@example.org is suspended" in output
    assert "leaves" in output


def test_links_and_ids_are_understood() -> None:
    """As Drive's address line shows them, or the bare id."""
    assert root_id(LINK) == root_id(DRIVE) == DRIVE
    with pytest.raises(BadInput):
        root_id("https://drive.google.com/")
