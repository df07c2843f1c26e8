"""Everybody in Google's directory, as the Admin SDK lists them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from connectors.google.client import Api

_PERSON = "primaryEmail,name(fullName),suspended,archived,orgUnitPath,relations,organizations,externalIds,locations"
FIELDS = f"nextPageToken,users({_PERSON})"


def users(api: Api, most: int | None = None) -> Iterator[dict[str, Any]]:
    """Every user of the organisation, by address. *api* acts for an administrator. Raises Refused and WorkspaceError."""
    method = api.directory.users().list
    query = {"customer": "my_customer", "maxResults": min(most or 500, 500), "orderBy": "email", "projection": "full"}
    return islice(api.listed(method, "users", **query, fields=FIELDS), most)
