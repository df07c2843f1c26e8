"""What Google has to know about the sidebar, as `gcloud workspace-add-ons deployments create` takes it. Pure."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from addon.cards.drawing import Place
from addon.cards.event import DRIVE_FILE, EMAIL

TRIGGERS = ("home", "granted", "selected", "event", "preview", "today", "write")
"""What Google calls by itself."""
CLICKS = ("show", "note", "recognise", "tick", "value", "draft", "grant")
"""What it calls when somebody clicks."""
SCOPES = (
    EMAIL,
    DRIVE_FILE,
    "https://www.googleapis.com/auth/drive.addons.metadata.readonly",
    "https://www.googleapis.com/auth/calendar.addons.execute",
    "https://www.googleapis.com/auth/calendar.addons.current.event.read",
    "https://www.googleapis.com/auth/workspace.linkpreview",
)
NAME, COLOUR, QUIET_COLOUR = "Throughline", "#1f6f54", "#5c6770"
PREVIEWED = {"team": "Person", "reviews": "Review", "me": "My review"}
LOGO = "/addon/logo.png"


def addresses(place: Place) -> frozenset[str]:
    """Every address that Google may call: what its tokens are for."""
    return frozenset(place.address(one) for one in (*TRIGGERS, *CLICKS))


def manifest(place: Place) -> dict[str, Any]:
    """The deployment of a sidebar that is reached at *place*."""
    home = {"homepageTrigger": _run(place, "home")}
    editor = home | {"onFileScopeGrantedTrigger": _run(place, "granted"), "linkPreviewTriggers": _previews(place)}
    return {
        "oauthScopes": list(SCOPES),
        "addOns": {
            "common": {
                "name": NAME,
                "logoUrl": place.page(LOGO),
                "layoutProperties": {"primaryColor": COLOUR, "secondaryColor": QUIET_COLOUR},
                "homepageTrigger": _run(place, "home") | {"enabled": True},
                "universalActions": [
                    {"label": "My day", **_run(place, "today")},
                    {"label": "Quick note", **_run(place, "write")},
                    {"label": "Open Throughline", "openLink": place.page("/")},
                ],
                "openLinkUrlPrefixes": [place.page("/"), "https://docs.google.com/", "https://www.notion.so/"],
                "addOnWidgetSet": {"usedWidgets": ["STYLED_BUTTONS", "PERSISTENT_FORMS", "FIXED_FOOTER"]},
            },
            "docs": editor,
            "sheets": editor,
            "slides": {"linkPreviewTriggers": _previews(place)},
            "drive": home | {"onItemsSelectedTrigger": _run(place, "selected")},
            "calendar": home | {"eventOpenTrigger": _run(place, "event"), "currentEventAccess": "READ"},
            "httpOptions": {"authorizationHeader": "SYSTEM_ID_TOKEN", "granularOauthPermissionSupport": "OPT_IN"},
        },
    }


def _run(place: Place, what: str) -> dict[str, Any]:
    return {"runFunction": place.address(what)}


def _previews(place: Place) -> list[dict[str, Any]]:
    parts = urlsplit(place.base)
    below = parts.path.strip("/")
    return [
        {
            **_run(place, "preview"),
            "patterns": [{"hostPattern": parts.hostname or "", "pathPrefix": f"{below}/{prefix}" if below else prefix}],
            "labelText": label,
            "logoUrl": place.page(LOGO),
        }
        for prefix, label in PREVIEWED.items()
    ]
