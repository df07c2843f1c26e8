"""What stands in the way of a connection, as one sentence with the button that mends it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.workspace import Trouble

SIGN_IN, FORM, CHECK = "sign-in", "form", "check"
"""What the button does: go to the platform, go to the form below, look again."""


@dataclass(frozen=True)
class Mending:
    """*says* is the sentence, *button* what stands on it, *way* what it does."""

    says: str
    button: str
    way: str


_NAMES = {"notion": "Notion", "google": "Google"}


def mending(workspace: str, trouble: str, by_signing_in: bool) -> Mending | None:
    """What HR reads and presses; None when nothing stands in the way. *by_signing_in* is how it was connected."""
    name = _NAMES.get(workspace)
    if not trouble or name is None:
        return None
    key = "the token" if workspace == "notion" else "the key of the service account"
    if trouble == Trouble.PLACE:
        place = "page or a database below it" if workspace == "notion" else "drive or folder"
        return Mending(f"The {place} is gone, or not shared with Throughline any more: share it again.", "Check again", CHECK)
    if by_signing_in and trouble == Trouble.SIGNED_OUT:
        return Mending(f"{name} has ended the sign-in: sign in again to go on.", f"Sign in to {name} again", SIGN_IN)
    if by_signing_in:
        return Mending(
            f"Throughline may not do in {name} all that it must: sign in again and allow everything.", "Allow it again", SIGN_IN
        )
    if trouble == Trouble.SIGNED_OUT:
        return Mending(
            f"{name} does not accept {key} any more: it was replaced, revoked or has run out.", "Give a new one", FORM
        )
    where = "in Notion, in the settings of the connection" if workspace == "notion" else "in the Google Cloud console"
    return Mending(
        f"Throughline may not do in {name} all that it must: turn on {where} what is listed below.", "Check again", CHECK
    )
