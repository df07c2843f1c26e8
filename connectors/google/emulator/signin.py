"""The addresses of Google's sign-in, and two of the emulator's own under ``/_emulator/google``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, g, jsonify, redirect, request

from connectors.emulator.app import note
from connectors.google.emulator import auth
from connectors.google.emulator.seed import SERVICE_ACCOUNT

if TYPE_CHECKING:
    from connectors.google.emulator.app import Google

#: Path to the name in the log of calls.
OPERATIONS = {
    "/token": "oauth2.token",
    "/oauth2/v4/token": "oauth2.token",
    "/oauth2/v3/token": "oauth2.token",
    "/o/oauth2/token": "oauth2.token",
    "/o/oauth2/v2/auth": "oauth2.authorize",
    "/revoke": "oauth2.revoke",
    "/.well-known/openid-configuration": "openid.configuration",
    "/oauth2/v3/certs": "openid.keys",
    "/oauth2/v1/certs": "openid.certificates",
    "/v1/userinfo": "openid.userinfo",
    "/oauth2/v3/userinfo": "openid.userinfo",
}


class SignIn:
    """The views."""

    def __init__(self, google: Google) -> None:
        self._google = google

    def token(self) -> Response:
        """A token for a grant."""
        form = dict(request.form.items())
        client = request.authorization
        if client is not None and client.type == "basic" and client.username:
            form.setdefault("client_id", client.username)
        try:
            with self._google.holding():
                answer, said = auth.exchange(self._google.tokens, form, _base())
        except auth.Refused as error:
            return _refused(error)
        if said:
            note(said)
        return jsonify(answer)

    def authorize(self) -> Any:
        """Consent, given at once."""
        try:
            with self._google.holding():
                return redirect(auth.consent(self._google.tokens, request.args.to_dict()))
        except auth.Refused as error:
            return _refused(error)

    def revoke(self) -> Response:
        """A token is nobody's any more."""
        with self._google.holding():
            known = self._google.tokens.revoke(request.values.get("token", ""))
        if not known:
            return _refused(auth.Refused("invalid_token", "Token expired or revoked"))
        return jsonify({})

    def userinfo(self) -> Response:
        """Who the token belongs to."""
        if g.denied is not None:
            raise g.denied
        return jsonify(auth.profile(self._google.world, g.who.email))

    def credentials(self) -> Response:
        """The file of the emulator's own service account, which has to sign with its key from now on."""
        self._google.tokens.keys.setdefault(SERVICE_ACCOUNT, auth.public_pem(auth.CREDENTIALS_KEY_ID))
        return jsonify(auth.credentials(_base()))

    def id_token(self) -> Response:
        """A signed id token for an `audience` and an `email`, as Google sends to add-ons."""
        order = request.get_json(force=True, silent=True) or {}
        email = str(order.get("email") or SERVICE_ACCOUNT)
        issuer = str(order.get("issuer") or "https://accounts.google.com")
        return jsonify(id_token=auth.identity(self._google.world, issuer, str(order.get("audience") or ""), email))

    def mail(self) -> Response:
        """What Drive would have mailed."""
        return jsonify(mail=self._google.world.mail)


def blueprint(google: Google) -> Blueprint:
    """The routes."""
    paths, views = Blueprint("signin", __name__), SignIn(google)
    for path in ("/token", "/oauth2/v4/token", "/oauth2/v3/token", "/o/oauth2/token"):
        paths.add_url_rule(path, f"token{path}", views.token, methods=["POST"])
    paths.add_url_rule("/o/oauth2/v2/auth", "authorize", views.authorize)
    paths.add_url_rule("/revoke", "revoke", views.revoke, methods=["POST"])
    paths.add_url_rule("/.well-known/openid-configuration", "configuration", lambda: jsonify(auth.configuration(_base())))
    paths.add_url_rule("/oauth2/v3/certs", "keys", lambda: jsonify(auth.key_set()))
    paths.add_url_rule("/oauth2/v1/certs", "certificates", lambda: jsonify(auth.certificates()))
    for path in ("/v1/userinfo", "/oauth2/v3/userinfo"):
        paths.add_url_rule(path, f"userinfo{path}", views.userinfo)
    paths.add_url_rule("/_emulator/google/credentials", "credentials", views.credentials)
    paths.add_url_rule("/_emulator/google/id-token", "id_token", views.id_token, methods=["POST"])
    paths.add_url_rule("/_emulator/google/mail", "mail", views.mail)
    return paths


def _base() -> str:
    return request.host_url.rstrip("/")


def _refused(error: auth.Refused) -> Response:
    note(str(error))
    response = jsonify(error=error.code, error_description=str(error))
    response.status_code = 401 if error.code == "unauthorized_client" else 400
    return response
