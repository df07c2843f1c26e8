"""The company's identity provider: any OpenID Connect issuer, found by its discovery address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask, current_app

from addon.settings import Settings

NAME = "company"
DISCOVERY = "/.well-known/openid-configuration"


class NotThem(Exception):
    """The provider's answer signs nobody in; the message says why and who can help."""


def client(settings: Settings) -> Any:
    """The registered client of this process, made at the first sign-in: the library is slow to import."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    if "oidc" not in app.extensions:
        from authlib.integrations.flask_client import OAuth

        registry: Any = OAuth(app)
        registry.register(
            NAME,
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret,
            server_metadata_url=settings.oidc_issuer.rstrip("/") + DISCOVERY,
            client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256"},
        )
        app.extensions["oidc"] = registry
    return app.extensions["oidc"].create_client(NAME)


def verified_email(claims: Mapping[str, Any]) -> str:
    """The address that the provider vouches for. Raises NotThem.

    Microsoft sends ``xms_edov`` instead of ``email_verified``; an address that nobody verified could be anybody's.
    """
    email = str(claims.get("email") or "")
    if not email:
        raise NotThem("your provider did not say which address is yours: ask IT to allow the scope `email`")
    if claims.get("email_verified") not in (True, "true") and claims.get("xms_edov") not in (True, "true", 1, "1"):
        raise NotThem(f"your provider has not verified the address {email}: ask IT to verify it there")
    return email.casefold()
