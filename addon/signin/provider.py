"""The company's identity provider: any OpenID Connect issuer, found by its discovery address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask, current_app

from addon.settings import Settings

NAME = "company"
DISCOVERY = "/.well-known/openid-configuration"
PATIENCE_SECONDS = 10
"""How long the provider gets for one answer; somebody waits in front of the page meanwhile."""


class NotThem(Exception):
    """The provider's answer signs nobody in; the message says why and who can help.

    *reason* is the same without an address, *person_id* whom it would have been.
    """

    def __init__(self, message: str, reason: str = "", person_id: str = "") -> None:
        super().__init__(message)
        self.reason = reason or message
        self.person_id = person_id


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
            client_kwargs={
                "scope": "openid email profile",
                "code_challenge_method": "S256",
                "default_timeout": PATIENCE_SECONDS,
            },
        )
        app.extensions["oidc"] = registry
    return app.extensions["oidc"].create_client(NAME)


def claims(settings: Settings) -> Mapping[str, Any]:
    """What the provider says about whoever came back from it, checked: state, PKCE, signature, issuer, audience, nonce, time.

    Raises NotThem.
    """
    from authlib.integrations.base_client.errors import MismatchingStateError, OAuthError
    from joserfc.errors import JoseError
    from requests import RequestException

    provider = client(settings)
    try:
        issuer = provider.load_server_metadata().get("issuer", "")
        if issuer.rstrip("/") != settings.oidc_issuer.rstrip("/"):
            raise NotThem(
                f"the sign-in service calls itself {issuer or 'nothing'}: ask IT to set oidc_issuer to that, if it is right"
            )
        wanted = {"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": settings.oidc_client_id}}
        token = provider.authorize_access_token(claims_options=wanted)
        return _with_email(provider, token)
    except MismatchingStateError as error:
        raise NotThem("the sign-in was begun elsewhere or is too old: start it again") from error
    except OAuthError as error:
        raise NotThem(f"your company's sign-in service said {error.error!r}: start again, or ask IT") from error
    except JoseError as error:
        raise NotThem(f"the answer of your company's sign-in service cannot be trusted ({error}): ask IT") from error
    except (RequestException, ValueError) as error:
        raise NotThem("your company's sign-in service cannot be reached right now: try again in a minute") from error


def _with_email(provider: Any, token: Mapping[str, Any]) -> Mapping[str, Any]:
    """The claims of the signed token; where it leaves the address out, as Okta does, with what userinfo adds."""
    signed: dict[str, Any] = dict(token.get("userinfo") or {})
    if not signed:
        raise NotThem("your company's sign-in service sent no signed token: ask IT to allow the scope `openid`")
    if "email" in signed or "userinfo_endpoint" not in provider.server_metadata:
        return signed
    more = dict(provider.userinfo(token=token))
    if more.get("sub") != signed["sub"]:
        raise NotThem("your company's sign-in service told of somebody else: ask IT")
    return {**more, **signed}


def verified_email(claims: Mapping[str, Any]) -> str:
    """The address that the provider vouches for. Raises NotThem.

    Microsoft sends ``xms_edov`` instead of ``email_verified``; an address that nobody verified could be anybody's.
    """
    email = str(claims.get("email") or "")
    if not email:
        raise NotThem("your provider did not say which address is yours: ask IT to allow the scope `email`")
    if claims.get("email_verified", claims.get("xms_edov")) not in (True, "true", 1, "1"):
        raise NotThem(
            f"your provider has not verified the address {email}: ask IT to verify it there", "an address that is not verified"
        )
    return email
