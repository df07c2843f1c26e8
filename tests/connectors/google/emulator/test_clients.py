"""Google's own client libraries, unmodified, sign in and work."""

from __future__ import annotations

import io
from typing import Any

import gspread
import httplib2
import pytest
from google.auth.transport.requests import Request
from google.oauth2 import id_token, service_account
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaInMemoryUpload, MediaIoBaseDownload
from requests import get

from connectors.google.emulator.seed import DRIVE, SERVICE_ACCOUNT
from tests.connectors.google.emulator.clients import Redirected

ALL = ["https://www.googleapis.com/auth/drive", "https://www.googleapis.com/auth/admin.directory.user.readonly"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def credentials(url: str) -> service_account.Credentials:
    """The emulator's own service account, from the file it hands out."""
    info = get(f"{url}/_emulator/google/credentials", timeout=10).json()
    return service_account.Credentials.from_service_account_info(info, scopes=ALL)


def _service(url: str, credentials: Any, name: str, version: str) -> Any:
    where = f"{url}/discovery/v1/apis/{{api}}/{{apiVersion}}/rest"
    return build(name, version, credentials=credentials, discoveryServiceUrl=where, static_discovery=False)


def test_a_service_account_works_in_its_shared_drive(url: str, credentials: service_account.Credentials) -> None:
    """It signs in with its key, converts an upload, lists, exports; without a shared drive it has no storage."""
    drive = _service(url, credentials, "drive", "v3")
    media = MediaInMemoryUpload(b"Goal,Status\nShip,On track\n", "text/csv", resumable=True, chunksize=256 * 1024)
    body = {"name": "Goals", "mimeType": "application/vnd.google-apps.spreadsheet", "parents": [DRIVE]}
    body |= {"appProperties": {"key": "2026/ada"}}
    made = (
        drive.files().create(body=body, media_body=media, supportsAllDrives=True, fields="id,driveId,appProperties").execute()
    )
    assert made["driveId"] == DRIVE
    found = drive.files().list(
        q="appProperties has { key='key' and value='2026/ada' } and trashed=false",
        corpora="drive",
        driveId=DRIVE,
        includeItemsFromAllDrives=True,
        supportsAllDrives=True,
    )
    assert [each["id"] for each in found.execute()["files"]] == [made["id"]]
    target = io.BytesIO()
    MediaIoBaseDownload(target, drive.files().export_media(fileId=made["id"], mimeType="text/csv")).next_chunk()
    with pytest.raises(HttpError, match="File not found"):
        drive.files().get(fileId=made["id"]).execute()
    del body["parents"]
    with pytest.raises(HttpError, match="Service Accounts do not have storage quota"):
        drive.files().create(body=body).execute()


def test_a_service_account_of_one_s_own_has_files_of_its_own(url: str) -> None:
    """One that the seed does not name stands for an older one: any key will do, and My Drive holds what it makes."""
    info = get(f"{url}/_emulator/google/credentials", timeout=10).json()
    info["client_email"] = "robot@older.iam.gserviceaccount.com"
    client = gspread.service_account_from_dict(info)
    client.http_client.session.mount("https://", Redirected(url))
    made = client.create("Mine")
    assert {each["name"] for each in client.list_spreadsheet_files()} == {"A first spreadsheet", "Mine"}
    assert made.list_permissions()[0]["emailAddress"] == info["client_email"]


def test_the_wrong_key_does_not_sign_in(url: str) -> None:
    """A service account whose key is known must sign with it."""
    info = get(f"{url}/_emulator/google/credentials", timeout=10).json()
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    info["private_key"] = other.private_bytes(*form).decode()
    wrong = service_account.Credentials.from_service_account_info(info, scopes=ALL)
    with pytest.raises(Exception, match="Invalid JWT Signature"):
        wrong.refresh(Request())


def test_docs_and_the_directory_answer_the_same_way(url: str, credentials: service_account.Credentials) -> None:
    """One signed-in client writes a document; another, for an administrator, lists people."""
    drive = _service(url, credentials, "drive", "v3")
    media = MediaInMemoryUpload(b"# Check-in\n\nHow was it?\n", "text/markdown")
    body = {"name": "Check-in", "mimeType": "application/vnd.google-apps.document", "parents": [DRIVE]}
    made = drive.files().create(body=body, media_body=media, supportsAllDrives=True).execute()
    docs = _service(url, credentials, "docs", "v1")
    read = docs.documents().get(documentId=made["id"], includeTabsContent=True).execute()
    assert read["tabs"][0]["documentTab"]["body"]["content"][1]["paragraph"]["paragraphStyle"]["namedStyleType"] == "HEADING_1"
    order = {"insertText": {"location": {"index": 1}, "text": "New "}}
    control = {"requiredRevisionId": read["revisionId"]}
    docs.documents().batchUpdate(documentId=made["id"], body={"requests": [order], "writeControl": control}).execute()
    with pytest.raises(HttpError, match="does not match the latest revision"):
        docs.documents().batchUpdate(documentId=made["id"], body={"requests": [order], "writeControl": control}).execute()
    people = _service(url, credentials.with_subject("hr@example.com"), "admin", "directory_v1")
    users = people.users().list(customer="my_customer", query="orgUnitPath='/Engineering'").execute()["users"]
    assert users[0]["relations"] == [{"value": "hr@example.com", "type": "manager"}]
    stranger = _service(url, credentials, "admin", "directory_v1")
    with pytest.raises(HttpError, match="Not Authorized"):
        stranger.users().list(customer="my_customer").execute()


def test_batches_of_calls(url: str, credentials: service_account.Credentials) -> None:
    """Several grants travel in one request, and each answers for itself."""
    drive = _service(url, credentials, "drive", "v3")
    body = {"name": "Ada", "mimeType": "application/vnd.google-apps.folder", "parents": [DRIVE]}
    folder = drive.files().create(body=body, supportsAllDrives=True).execute()["id"]
    answers: dict[str, Any] = {}
    batch = drive.new_batch_http_request(callback=lambda ident, answer, error: answers.update({ident: error or answer}))
    for email, role in (("ada@example.com", "writer"), ("nobody", "writer"), ("hr@example.com", "reader")):
        grant = {"type": "user", "role": role, "emailAddress": email}
        more = {"sendNotificationEmail": False, "supportsAllDrives": True}
        batch.add(drive.permissions().create(fileId=folder, body=grant, **more), request_id=email)
    batch.execute()
    assert answers["ada@example.com"]["role"] == "writer"
    assert isinstance(answers["nobody"], HttpError)
    assert answers["hr@example.com"]["role"] == "reader"


def test_gspread_signs_in_with_a_credentials_file(url: str) -> None:
    """gspread's own sign-in, from the file that the emulator hands out."""
    info = get(f"{url}/_emulator/google/credentials", timeout=10).json()
    client = gspread.service_account_from_dict(info)
    client.http_client.session.mount("https://", Redirected(url))
    made = client.create("In the drive", folder_id=DRIVE)
    made.sheet1.update([["x"]], "A1")
    assert client.open("In the drive", folder_id=DRIVE).sheet1.acell("A1").value == "x"


def test_a_person_signs_in(url: str) -> None:
    """The code of a consent buys tokens once; the id token verifies with google-auth against the emulator's keys."""
    asked = {
        "client_id": "web-client",
        "access_type": "offline",
        "redirect_uri": "http://127.0.0.1/back",
        "response_type": "code",
        "scope": "openid email profile",
        "state": "s1",
        "nonce": "n1",
        "login_hint": "hr@example.com",
    }
    away = get(f"{url}/o/oauth2/v2/auth", params=asked, allow_redirects=False, timeout=10)
    back = httplib2.urllib.parse.urlparse(away.headers["Location"])
    answer = dict(httplib2.urllib.parse.parse_qsl(back.query))
    assert answer["state"] == "s1"
    import requests

    form = {"grant_type": "authorization_code", "code": answer["code"], "redirect_uri": asked["redirect_uri"]}
    tokens = requests.post(f"{url}/token", data=form, timeout=10).json()
    assert requests.post(f"{url}/token", data=form, timeout=10).json()["error"] == "invalid_grant"
    refresh = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], "client_id": "web-client"}
    again = requests.post(f"{url}/token", data=refresh | {"scope": "openid"}, timeout=10)
    assert again.json()["scope"] == "openid"
    for change, said in (({"client_id": "x"}, "unauthorized_client"), ({"scope": "openid drive"}, "invalid_scope")):
        assert requests.post(f"{url}/token", data=refresh | change, timeout=10).json()["error"] == said
    keys = f"{url}/oauth2/v1/certs"
    claims = id_token.verify_token(tokens["id_token"], Request(), "web-client", certs_url=keys, clock_skew_in_seconds=10**9)
    assert (claims["email"], claims["hd"], claims["nonce"]) == ("hr@example.com", "example.com", "n1")
    told = get(f"{url}/v1/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"}, timeout=10).json()
    assert told["name"] == "Hanna Roth"
    found = get(f"{url}/.well-known/openid-configuration", timeout=10).json()
    assert found["jwks_uri"] == f"{url}/oauth2/v3/certs"
    requests.post(f"{url}/revoke", data={"token": tokens["refresh_token"]}, timeout=10)
    assert requests.post(f"{url}/token", data=refresh, timeout=10).json()["error"] == "invalid_grant"
    assert (
        get(f"{url}/v1/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"}, timeout=10).status_code == 401
    )


def test_only_the_first_consent_lasts_unless_the_client_insists(google: Any) -> None:
    """As at Google: a refresh token comes with offline access, once, and again only with prompt=consent."""
    from connectors.google.emulator import auth

    def lasts(**more: str) -> bool:
        asked = {"client_id": "c", "redirect_uri": "http://127.0.0.1/", "response_type": "code", "scope": "email", **more}
        code = auth.consent(google.tokens, asked).partition("code=")[2].partition("&")[0].replace("%2F", "/")
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": asked["redirect_uri"]}
        return "refresh_token" in auth.exchange(google.tokens, form, "https://issuer")[0]

    offline = {"access_type": "offline", "login_hint": "hr@example.com"}
    assert [lasts(), lasts(**offline), lasts(**offline), lasts(**offline, prompt="consent")] == [False, True, False, True]


def test_scopes_and_tokens_are_checked(http: Any, google: Any) -> None:
    """An unknown token of Google's is 401, one without the scope is 403, none at all is 401 where the seed says so."""
    from connectors.google.emulator.app import create_emulator
    from connectors.google.emulator.store import Principal

    assert http.get("/drive/v3/files", headers={"Authorization": ""}).status_code == 200
    strict = create_emulator(seed={"anonymous": False}).test_client()
    assert strict.get("/drive/v3/files").json["error"]["errors"][0]["reason"] == "authError"
    assert (
        http.get("/v4/spreadsheets/x", headers={"Authorization": "Bearer ya29.unknown"}).json["error"]["status"]
        == "UNAUTHENTICATED"
    )
    weak = google.tokens.give(Principal(SERVICE_ACCOUNT, scopes=("https://www.googleapis.com/auth/spreadsheets.readonly",)))
    header = {"Authorization": f"Bearer {weak['access_token']}"}
    assert http.get("/drive/v3/files", headers=header).json["error"]["errors"][0]["reason"] == "insufficientPermissions"
    assert http.post("/v4/spreadsheets", json={}, headers=header).json["error"]["status"] == "PERMISSION_DENIED"
