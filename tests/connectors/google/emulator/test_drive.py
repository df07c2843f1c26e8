"""Drive: places, searches, sharing, changes, push, quotas, faults."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from connectors.emulator.clock import VirtualClock
from connectors.google.emulator.app import create_emulator
from connectors.google.emulator.seed import ANYBODY, DRIVE

SHEET = "application/vnd.google-apps.spreadsheet"
FOLDER = "application/vnd.google-apps.folder"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ALL = "supportsAllDrives=true&includeItemsFromAllDrives=true"
IN_DRIVE = f"corpora=drive&driveId={DRIVE}&{ALL}"


def _folder(http: Any, name: str, parent: str = DRIVE, **more: Any) -> str:
    body = {"name": name, "mimeType": FOLDER, "parents": [parent], **more}
    return str(http.post("/drive/v3/files?supportsAllDrives=true", json=body).json["id"])


def _upload(http: Any, body: dict[str, Any], kind: str, content: bytes, query: str = "") -> Any:
    head = "--edge\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n"
    parts = f"{head}{json.dumps(body)}\r\n--edge\r\nContent-Type: {kind}\r\n\r\n"
    data = parts.encode() + content + b"\r\n--edge--\r\n"
    where = f"/upload/drive/v3/files?uploadType=multipart&supportsAllDrives=true{query}"
    return http.post(where, data=data, headers={"Content-Type": "multipart/related; boundary=edge"})


def _names(http: Any, q: str, more: str = "") -> list[str]:
    answer = http.get("/drive/v3/files", query_string=f"q={q}&{IN_DRIVE}&orderBy=name{more}")
    assert answer.status_code == 200, answer.text
    return [each["name"] for each in answer.json["files"]]


def test_searches(http: Any) -> None:
    """The operators of `q` that this product and gspread use, alone and together."""
    ada, bob = _folder(http, "Ada's folder", description="engineer"), _folder(http, "Bob")
    for number in range(3):
        body = {"name": f"Goals {number}", "mimeType": SHEET, "parents": [ada], "appProperties": {"key": f"k{number}"}}
        http.post("/drive/v3/files?supportsAllDrives=true", json=body)
    assert _names(http, f"'{ada}' in parents") == ["Goals 0", "Goals 1", "Goals 2"]
    assert _names(http, f'parents in "{ada}" and name = "Goals 1"') == ["Goals 1"]
    assert _names(http, "appProperties has { key='key' and value='k2' } and trashed = false") == ["Goals 2"]
    assert _names(http, "name = 'Ada\\'s folder'") == ["Ada's folder"]
    assert _names(http, f"mimeType = '{FOLDER}' and not name contains 'bo'") == ["Ada's folder"]
    assert _names(http, "fullText contains 'engineer' or (name contains 'goals' and name != 'Goals 0')") == [
        "Ada's folder",
        "Goals 1",
        "Goals 2",
    ]
    assert _names(http, "modifiedTime > '2026-03-02T00:00:00' and mimeType contains 'application/vnd.google-apps.s'") == [
        "Goals 0",
        "Goals 1",
        "Goals 2",
    ]
    assert _names(http, "modifiedTime > '2027-01-01T00:00:00Z'") == []
    http.patch(f"/drive/v3/files/{bob}?supportsAllDrives=true", json={"trashed": True})
    assert _names(http, "trashed = true") == ["Bob"]
    assert http.get("/drive/v3/files?q=sharedWithMe or 'me' in owners&fields=files/name").json == {
        "files": [{"name": "A first spreadsheet"}]
    }
    wrong = http.get("/drive/v3/files?q=name ~ 'x'")
    assert wrong.json["error"]["errors"][0] | {} == {
        "message": "Invalid Value",
        "domain": "global",
        "reason": "invalid",
        "location": "q",
        "locationType": "parameter",
    }


def test_lists_come_in_pages_with_the_fields_that_were_asked(http: Any) -> None:
    """A page token leads on; a mask selects inside; an unknown field is refused."""
    for number in range(5):
        _folder(http, f"F{number}")
    first = http.get(
        f"/drive/v3/files?{IN_DRIVE}&pageSize=3&orderBy=name&fields=nextPageToken,files(name,owners/emailAddress)"
    ).json
    assert first["files"] == [{"name": "F0"}, {"name": "F1"}, {"name": "F2"}]
    more = http.get(f"/drive/v3/files?{IN_DRIVE}&pageSize=3&orderBy=name&pageToken={first['nextPageToken']}").json
    assert [each["name"] for each in more["files"]] == ["F3", "F4"]
    assert "nextPageToken" not in more
    wrong = http.get(f"/drive/v3/files?{IN_DRIVE}&fields=files(nonsense)")
    assert wrong.json["error"]["message"] == "Invalid field selection files.nonsense"


def test_a_workbook_is_converted_and_leaves_as_it_came_until_it_is_changed(http: Any) -> None:
    """Values, drop-downs, names and formats survive; custom properties do not, as in Sheets."""
    workbook = openpyxl.Workbook()
    page = workbook.active
    page.title = "Goals"
    page.append(["Goal", "Status", "Progress"])
    page.append(["Ship", "On track", 0.5])
    page["C2"].number_format = "0%"
    page["A3"] = "=SUM(C2:C2)*2"
    rule = DataValidation("list", formula1='"On track,At risk"')
    rule.add("B2:B9")
    page.add_data_validation(rule)
    workbook.defined_names["h_status"] = DefinedName("h_status", attr_text="Goals!$B$1")
    held = io.BytesIO()
    workbook.save(held)
    made = _upload(http, {"name": "Goals of Ada", "mimeType": SHEET, "parents": [DRIVE]}, XLSX, held.getvalue()).json
    exported = http.get(f"/drive/v3/files/{made['id']}/export?mimeType={XLSX}")
    assert exported.data == held.getvalue()
    values = http.get(f"/v4/spreadsheets/{made['id']}/values/Goals!A1:C3").json["values"]
    assert values == [["Goal", "Status", "Progress"], ["Ship", "On track", "50%"], ["1"]]
    assert http.get(f"/v4/spreadsheets/{made['id']}/values/h_status").json["range"] == "Goals!B1"
    http.put(f"/v4/spreadsheets/{made['id']}/values/Goals!A2?valueInputOption=RAW", json={"values": [["Ship it"]]})
    again = openpyxl.load_workbook(io.BytesIO(http.get(f"/drive/v3/files/{made['id']}/export?mimeType={XLSX}").data))["Goals"]
    assert [cell.value for cell in again[2]][:3] == ["Ship it", "On track", 0.5]
    assert again["C2"].number_format == "0%"
    assert again.data_validations.dataValidation[0].formula1 == '"On track,At risk"'
    assert again.parent.defined_names["h_status"].attr_text == "'Goals'!$B$1"


def test_formulas_leave_with_what_they_come_to(http: Any) -> None:
    """Whoever reads the export without calculating reads what people see: numbers, words, truth values and errors."""
    workbook = openpyxl.Workbook()
    page = workbook.active
    page.append(["x"])
    held = io.BytesIO()
    workbook.save(held)
    made = _upload(http, {"name": "Sums", "mimeType": SHEET, "parents": [DRIVE]}, XLSX, held.getvalue()).json
    typed = [["=2000*2", '="a" & "<b>"', "=1>2", "=1/0", "=A1/3"]]
    http.put(f"/v4/spreadsheets/{made['id']}/values/A1:E1?valueInputOption=USER_ENTERED", json={"values": typed})
    data = http.get(f"/drive/v3/files/{made['id']}/export?mimeType={XLSX}").data
    seen = openpyxl.load_workbook(io.BytesIO(data), data_only=True).active
    assert [cell.value for cell in seen[1]] == [4000, "a<b>", False, "#DIV/0!", pytest.approx(4000 / 3)]
    written = openpyxl.load_workbook(io.BytesIO(data)).active
    assert [cell.value for cell in written[1]] == typed[0]


def test_broken_uploads_are_refused(http: Any) -> None:
    """What is no package, or of a type that cannot be converted, is refused at once; a package of nonsense when it is read."""
    assert _upload(http, {"name": "Broken", "mimeType": SHEET, "parents": [DRIVE]}, XLSX, b"no zip").status_code == 400
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        package.writestr("nonsense.txt", "x")
    made = _upload(http, {"name": "Broken", "mimeType": SHEET, "parents": [DRIVE]}, XLSX, held.getvalue()).json
    for _ in range(2):
        assert http.get(f"/v4/spreadsheets/{made['id']}").status_code == 400
    assert _upload(http, {"name": "P", "mimeType": SHEET, "parents": [DRIVE]}, "image/png", b"x").status_code == 400


def test_sharing_is_inherited_and_can_be_cut_off(http: Any, google: Any) -> None:
    """A grant on a folder reaches what is inside; mail goes out unless told not to; limited folders inherit nothing."""
    top = _folder(http, "Top")
    inner = _folder(http, "Inner", top)
    grant = {"type": "user", "role": "writer", "emailAddress": "Ada@example.com"}
    http.post(f"/drive/v3/files/{top}/permissions?supportsAllDrives=true&sendNotificationEmail=false", json=grant)
    assert google.world.mail == []
    listed = http.get(f"/drive/v3/files/{inner}/permissions?supportsAllDrives=true&fields=permissions").json["permissions"]
    ada = next(each for each in listed if each.get("emailAddress") == "ada@example.com")
    assert ada["permissionDetails"] == [{"permissionType": "file", "role": "writer", "inherited": True, "inheritedFrom": top}]
    refused = http.delete(f"/drive/v3/files/{inner}/permissions/{ada['id']}?supportsAllDrives=true")
    assert refused.json["error"]["errors"][0]["reason"] == "cannotDeletePermission"
    http.patch(f"/drive/v3/files/{inner}?supportsAllDrives=true", json={"inheritedPermissionsDisabled": True})
    listed = http.get(f"/drive/v3/files/{inner}/permissions?supportsAllDrives=true&fields=permissions").json["permissions"]
    assert {each["role"] for each in listed} == {"organizer"}
    http.post(f"/drive/v3/files/{inner}/permissions?supportsAllDrives=true", json=grant)
    assert [each["to"] for each in google.world.mail] == ["ada@example.com"]
    for wrong in ({"role": "owner"}, {"role": "organizer"}, {"type": "nobody"}, {"emailAddress": ""}):
        answer = http.post(f"/drive/v3/files/{inner}/permissions?supportsAllDrives=true", json={**grant, **wrong})
        assert answer.status_code in (400, 403), wrong
    http.patch(f"/drive/v3/drives/{DRIVE}", json={"restrictions": {"driveMembersOnly": True}})
    answer = http.post(
        f"/drive/v3/files/{top}/permissions?supportsAllDrives=true", json={**grant, "emailAddress": "x@example.com"}
    )
    assert answer.json["error"]["errors"][0]["reason"] == "teamDriveTeamMembersOnlyRestriction"


def test_changes_are_told_once_a_file(http: Any) -> None:
    """The log has one entry for each file that changed, in pages, with what was removed."""
    start = http.get(f"/drive/v3/changes/startPageToken?driveId={DRIVE}&supportsAllDrives=true").json["startPageToken"]
    one, two = _folder(http, "One"), _folder(http, "Two")
    http.patch(f"/drive/v3/files/{one}?supportsAllDrives=true", json={"name": "Uno"})
    http.delete(f"/drive/v3/files/{two}?supportsAllDrives=true")
    where = f"/drive/v3/changes?driveId={DRIVE}&{ALL}&pageToken="
    fields = "&fields=nextPageToken,newStartPageToken,changes(fileId,removed,file(name,trashed))"
    answer = http.get(f"{where}{start}{fields}").json
    assert answer["changes"] == [
        {"fileId": one, "removed": False, "file": {"name": "Uno", "trashed": False}},
        {"fileId": two, "removed": True},
    ]
    assert http.get(where + answer["newStartPageToken"]).json["changes"] == []
    page = http.get(f"{where}{start}&pageSize=1").json
    assert len(page["changes"]) == 1
    assert http.get(where + page["nextPageToken"]).json["changes"][0]["fileId"] == two
    assert http.get(where + "999").status_code == 400


def test_push_messages(http: Any, app: Any) -> None:
    """A channel hears `sync` first and then of changes, with Google's headers, until it is stopped or expires."""
    heard: list[dict[str, str]] = []
    emulator = app.extensions["emulator"]
    emulator.deliveries.send = lambda url, headers, body: heard.append({"to": url, **headers}) or 200
    start = http.get(f"/drive/v3/changes/startPageToken?driveId={DRIVE}&supportsAllDrives=true").json["startPageToken"]
    body = {"id": "channel-1", "type": "web_hook", "address": "https://goals.example/hook", "token": "secret"}
    opened = http.post(f"/drive/v3/changes/watch?driveId={DRIVE}&{ALL}&pageToken={start}", json=body).json
    assert http.post(f"/drive/v3/changes/watch?driveId={DRIVE}&{ALL}&pageToken={start}", json=body).status_code == 400
    _folder(http, "New")
    emulator.deliveries.run_due()
    assert [each["X-Goog-Resource-State"] for each in heard] == ["sync", "change"]
    assert heard[1]["X-Goog-Message-Number"] == "2"
    assert heard[1]["X-Goog-Channel-Token"] == "secret"
    assert heard[1]["X-Goog-Resource-ID"] == opened["resourceId"]
    http.post("/drive/v3/channels/stop", json={"id": "channel-1", "resourceId": opened["resourceId"]})
    _folder(http, "Newer")
    emulator.deliveries.run_due()
    assert len(heard) == 2


def test_a_channel_ends_when_it_should_and_its_name_is_free_again(http: Any, app: Any, clock: VirtualClock) -> None:
    """An hour if nobody says, a week at most; both channels on one log have one resource; what ended hears nothing."""
    emulator = app.extensions["emulator"]
    heard: list[str] = []
    emulator.deliveries.send = lambda url, headers, body: heard.append(headers["X-Goog-Channel-ID"]) or 200
    start = http.get(f"/drive/v3/changes/startPageToken?driveId={DRIVE}&supportsAllDrives=true").json["startPageToken"]

    def watch(ident: str, **more: Any) -> Any:
        body = {"id": ident, "type": "web_hook", "address": "http://127.0.0.1:1/hook", **more}
        return http.post(f"/drive/v3/changes/watch?driveId={DRIVE}&{ALL}&pageToken={start}", json=body)

    now = clock.now().timestamp() * 1000
    month = str(int(now + 30 * 86_400_000))
    opened = [watch("short").json, watch("long", expiration=month).json, watch("ttl", params={"ttl": "60"}).json]
    assert [round((int(one["expiration"]) - now) / 1000) for one in opened] == [3600, 7 * 86_400, 60]
    assert len({one["resourceId"] for one in opened}) == 1
    assert watch("past", expiration=str(int(now))).status_code == 400
    assert watch("words", expiration="tomorrow").status_code == 400
    assert watch("short").json["error"]["errors"][0]["reason"] == "channelIdNotUnique"
    emulator.deliveries.run_due()
    clock.advance(3601)
    _folder(http, "New")
    emulator.deliveries.run_due()
    assert heard == ["short", "long", "ttl", "long"]
    assert watch("short").status_code == 200
    gone = {"id": "ttl", "resourceId": opened[2]["resourceId"]}
    assert http.post("/drive/v3/channels/stop", json=gone).json["error"]["errors"][0]["reason"] == "notFound"


@pytest.mark.parametrize(
    "address", ["http://goals.example/hook", "http://localhost.example/hook", "ftp://127.0.0.1/x", "hook", ""]
)
def test_only_https_and_this_machine_are_told(http: Any, address: str) -> None:
    """Plain HTTP is refused everywhere but on the loopback of a rehearsal."""
    body = {"id": "channel", "type": "web_hook", "address": address}
    answer = http.post(f"/drive/v3/changes/watch?driveId={DRIVE}&{ALL}&pageToken=1", json=body)
    assert answer.json["error"]["errors"][0]["reason"] == "push.webhookUrlNotHttps"


def test_a_channel_on_a_file_says_what_happened_to_it(http: Any, app: Any) -> None:
    """Changed names, places, grants and contents, the bin and back, and its end."""
    emulator = app.extensions["emulator"]
    heard: list[tuple[str, str]] = []

    def hear(url: str, headers: Any, body: bytes) -> int:
        heard.append((headers["X-Goog-Resource-State"], headers.get("X-Goog-Changed", "")))
        return 200

    emulator.deliveries.send = hear
    made = http.post("/drive/v3/files", json={"name": "Goals", "mimeType": SHEET}).json["id"]
    folder = http.post("/drive/v3/files", json={"name": "Box", "mimeType": FOLDER}).json["id"]
    body = {"id": "channel", "type": "web_hook", "address": "https://goals.example/hook"}
    http.post(f"/drive/v3/files/{made}/watch", json=body)
    http.patch(f"/drive/v3/files/{made}", json={"name": "Our goals"})
    http.patch(f"/drive/v3/files/{made}?addParents={folder}", json={})
    http.post(f"/drive/v3/files/{made}/permissions", json={"type": "user", "role": "reader", "emailAddress": "ada@example.com"})
    http.put(f"/v4/spreadsheets/{made}/values/A1?valueInputOption=RAW", json={"values": [["x"]]})
    http.patch(f"/drive/v3/files/{made}", json={"trashed": True})
    http.patch(f"/drive/v3/files/{made}", json={"trashed": False})
    http.delete(f"/drive/v3/files/{made}")
    emulator.deliveries.run_due()
    told = [("update", what) for what in ("properties", "parents", "permissions", "content")]
    assert heard == [("sync", ""), *told, ("trash", ""), ("untrash", ""), ("remove", "")]


def test_files_move_copy_and_end_in_the_bin(http: Any) -> None:
    """Moving takes new sharing on, a copy has none of its own, the bin holds what is inside a folder."""
    here, there = _folder(http, "Here"), _folder(http, "There")
    file = http.post("/drive/v3/files?supportsAllDrives=true", json={"name": "S", "mimeType": SHEET, "parents": [here]}).json[
        "id"
    ]
    moved = http.patch(f"/drive/v3/files/{file}?supportsAllDrives=true&addParents={there}&fields=parents", json={})
    assert moved.json == {"parents": [there]}
    copied = http.post(f"/drive/v3/files/{file}/copy?supportsAllDrives=true&fields=name,parents", json={}).json
    assert copied == {"name": "Copy of S", "parents": [there]}
    http.patch(f"/drive/v3/files/{there}?supportsAllDrives=true", json={"trashed": True})
    shown = http.get(f"/drive/v3/files/{file}?supportsAllDrives=true&fields=trashed,explicitlyTrashed").json
    assert shown == {"trashed": True, "explicitlyTrashed": False}
    wrong = http.post(
        "/drive/v3/files?supportsAllDrives=true", json={"id": "x", "name": "S", "mimeType": SHEET, "parents": [here]}
    )
    assert wrong.status_code == 400


def test_long_questions_and_unknown_methods(http: Any) -> None:
    """A long GET comes as a POST; what the emulator lacks answers 501 in the API's own shape."""
    _folder(http, "Found")
    headers = {"X-HTTP-Method-Override": "GET", "Content-Type": "application/x-www-form-urlencoded"}
    answer = http.post("/drive/v3/files", data=f"q=name = 'Found'&{IN_DRIVE}", headers=headers)
    assert [each["name"] for each in answer.json["files"]] == ["Found"]
    lacking = http.get(f"/drive/v3/files/{DRIVE}/listLabels")
    assert (lacking.status_code, lacking.json["error"]["errors"][0]["reason"]) == (501, "notImplemented")
    order = {"requests": [{"addChart": {"chart": {}}}]}
    made = http.post("/v4/spreadsheets", json={"properties": {"title": "T"}}).json["spreadsheetId"]
    lacking = http.post(f"/v4/spreadsheets/{made}:batchUpdate", json=order)
    assert (lacking.status_code, lacking.json["error"]["status"]) == (501, "UNIMPLEMENTED")


@pytest.fixture
def limited(clock: VirtualClock) -> Any:
    """An emulator that enforces quotas."""
    return create_emulator(quota=True, clock=clock)


def test_quotas_are_enforced_on_the_clock(limited: Any, clock: VirtualClock) -> None:
    """Sixty reads of Sheets a minute and user, then 429, until the minute is over; beyond Drive's units 403."""
    http, headers = limited.test_client(), {"Authorization": "Bearer a"}
    made = http.post("/v4/spreadsheets", json={}, headers=headers).json["spreadsheetId"]
    answers = [http.get(f"/v4/spreadsheets/{made}", headers=headers).status_code for _ in range(61)]
    assert answers == [200] * 60 + [429]
    error = http.get(f"/v4/spreadsheets/{made}", headers=headers).json["error"]
    assert error["status"] == "RESOURCE_EXHAUSTED"
    assert "'Read requests per minute per user'" in error["message"]
    clock.advance(61)
    assert http.get(f"/v4/spreadsheets/{made}", headers=headers).status_code == 200
    window = next(
        window for quota, window in limited.extensions["emulator"].provider.quotas._windows.items() if quota.units == 325_000
    )
    window.take(ANYBODY, clock.monotonic(), 325_000 - 200)
    assert http.get(f"/drive/v3/files/{made}/export?mimeType=text/csv", headers=headers).status_code == 200
    refused = http.get(f"/drive/v3/files/{made}/export?mimeType=text/csv", headers=headers)
    assert (refused.status_code, refused.json["error"]["errors"][0]["reason"]) == (403, "userRateLimitExceeded")


def test_faults_strike_in_googles_shapes(http: Any) -> None:
    """A 429, a 503 after the work was done, reads that are old: all in Drive's own words, all in the log."""
    http.post(
        "/_emulator/faults", json={"kind": "429", "operation": "drive.files.create", "at": 1, "reason": "userRateLimitExceeded"}
    )
    refused = http.post("/drive/v3/files", json={"name": "x", "mimeType": FOLDER})
    assert (refused.status_code, refused.json["error"]["errors"][0]["reason"]) == (403, "userRateLimitExceeded")
    http.post("/_emulator/faults", json={"kind": "503_after_commit", "operation": "drive.files.create", "at": 1})
    body = {"name": "made all the same", "mimeType": FOLDER, "parents": [DRIVE]}
    assert http.post("/drive/v3/files?supportsAllDrives=true", json=body).json["error"]["code"] == 503
    assert _names(http, "name contains 'made'") == ["made all the same"]
    http.post("/_emulator/faults", json={"kind": "stale_reads", "operation": "drive.files.list", "seconds": 30})
    assert _names(http, "name contains 'made'") == []
    calls = http.get("/_emulator/calls").json
    assert calls["counts"]["drive.files.create"] == 2
    http.post("/_emulator/reset", json={})
    assert http.get("/_emulator/calls").json["total"] == 0


def test_properties_are_searched_changed_and_limited(http: Any) -> None:
    """A search by `appProperties` follows every change of them; a key and value have 124 bytes."""
    for number in range(30):
        body = {"name": f"F{number}", "mimeType": FOLDER, "parents": [DRIVE], "appProperties": {"key": str(number)}}
        http.post("/drive/v3/files?supportsAllDrives=true", json=body)
    assert _names(http, "appProperties has { key='key' and value='7' }") == ["F7"]
    found = http.get(f"/drive/v3/files?q=name='F7'&{IN_DRIVE}&fields=files(id,appProperties)").json["files"][0]
    http.patch(f"/drive/v3/files/{found['id']}?supportsAllDrives=true", json={"appProperties": {"key": None, "other": "x"}})
    assert _names(http, "appProperties has { key='key' and value='7' }") == []
    assert _names(http, "appProperties has { key='other' and value='x' }") == ["F7"]
    long = http.patch(f"/drive/v3/files/{found['id']}?supportsAllDrives=true", json={"appProperties": {"k": "x" * 124}})
    assert long.json["error"]["errors"][0]["reason"] == "propertyTooLong"


def test_another_project_does_not_see_our_properties(http: Any, google: Any) -> None:
    """`appProperties` are private to the client's project."""
    from connectors.google.emulator.store import Principal

    body = {"name": "Ours", "mimeType": FOLDER, "parents": [DRIVE], "appProperties": {"key": "1"}}
    made = http.post("/drive/v3/files?supportsAllDrives=true", json=body).json["id"]
    token = google.tokens.give(Principal(ANYBODY, app="another"))["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    shown = http.get(f"/drive/v3/files/{made}?supportsAllDrives=true&fields=id,appProperties", headers=headers).json
    assert shown == {"id": made}


def test_access_that_ends_is_told_to_who_lost_it(http: Any, google: Any) -> None:
    """Whoever is taken off a file finds it removed in the own log of changes, and then not at all."""
    from connectors.google.emulator.store import Principal

    token = google.tokens.give(Principal("ada@example.com"))["access_token"]
    ada = {"Authorization": f"Bearer {token}"}
    made = _folder(http, "Shared for a while")
    grant = {"type": "user", "role": "reader", "emailAddress": "ada@example.com"}
    start = http.get("/drive/v3/changes/startPageToken", headers=ada).json["startPageToken"]
    ident = http.post(f"/drive/v3/files/{made}/permissions?supportsAllDrives=true", json=grant).json["id"]
    refused = http.patch(f"/drive/v3/files/{made}?supportsAllDrives=true", json={"name": "x"}, headers=ada)
    assert refused.json["error"]["errors"][0]["reason"] == "insufficientFilePermissions"
    http.delete(f"/drive/v3/files/{made}/permissions/{ident}?supportsAllDrives=true")
    told = http.get(f"/drive/v3/changes?pageToken={start}&{ALL}", headers=ada).json["changes"]
    assert [(each["fileId"], each["removed"]) for each in told] == [(made, True)]
    assert http.get(f"/drive/v3/files/{made}?supportsAllDrives=true", headers=ada).status_code == 404
