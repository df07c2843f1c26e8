"""The credentials file: a service account's key, or what a person's consent gave (`authorized_user`)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from connectors.workspace import WorkspaceError

if TYPE_CHECKING:
    from google.auth.credentials import Credentials

SCOPES = (
    "https://www.googleapis.com/auth/drive",
    "https://www.googleapis.com/auth/documents",
    "https://www.googleapis.com/auth/spreadsheets",
)
DIRECTORY_SCOPES = ("https://www.googleapis.com/auth/admin.directory.user.readonly",)


def read_credentials(text: str) -> dict[str, Any]:
    """The file's content. Raises WorkspaceError with what is wrong, never with what stands there.

    What holds a refresh token is a person's consent, also without a type: so it comes out of Google's own consent page.
    """
    try:
        data = json.loads(text)
    except ValueError as error:
        raise WorkspaceError("The credentials file is no JSON: download the key of the service account once more.") from error
    if isinstance(data, dict) and "type" not in data and "refresh_token" in data:
        data["type"] = "authorized_user"
    kind = data.get("type") if isinstance(data, dict) else None
    needed = {
        "service_account": ("client_email", "private_key", "token_uri"),
        "authorized_user": ("client_id", "client_secret", "refresh_token"),
    }.get(str(kind))
    if needed is None:
        raise WorkspaceError(
            "The credentials file is neither a service account's key nor a person's consent: its “type” should be "
            "service_account or authorized_user."
        )
    if missing := [name for name in needed if not data.get(name)]:
        raise WorkspaceError(f"The credentials file lacks {', '.join(missing)}: download it once more.")
    return dict(data)


def credentials(data: dict[str, Any], scopes: tuple[str, ...] = SCOPES, subject: str = "") -> Credentials:
    """What google-auth makes of the file. *subject* is the person for whom a service account acts. Raises WorkspaceError."""
    from google.oauth2 import credentials as consent
    from google.oauth2 import service_account

    try:
        if data["type"] == "authorized_user":
            granted: Credentials = consent.Credentials.from_authorized_user_info(data, scopes=list(scopes))  # type: ignore[no-untyped-call]
            return granted
        found: Credentials = service_account.Credentials.from_service_account_info(  # type: ignore[no-untyped-call]
            data, scopes=list(scopes), subject=subject or None
        )
    except (ValueError, KeyError) as error:
        raise WorkspaceError("The credentials file cannot be used: its key is damaged. Download it once more.") from error
    return found


def account_of(data: dict[str, Any]) -> str:
    """The e-mail address of a service account, lower case; "" for a person's consent, which does not say."""
    return str(data.get("client_email") or "").lower()
