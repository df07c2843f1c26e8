"""The addresses of Google's sign-in, and two of the emulator's own under ``/_emulator/google``."""

from __future__ import annotations

import base64
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


def blueprint(google: Google) -> Blueprint:
    """The routes."""
    paths = Blueprint("signin", __name__)

    def token() -> Response:
        form = dict(request.form.items())
        client = request.authorization
        if client is not None and client.type == "basic" and client.username:
            form.setdefault("client_id", client.username)
        try:
            with google.holding():
                answer, said = auth.exchange(google.tokens, form, _base())
        except auth.Refused as error:
            return _refused(error, 400)
        if said:
            note(said)
        return jsonify(answer)

    def authorize() -> Any:
        try:
            with google.holding():
                return redirect(auth.consent(google.tokens, request.args.to_dict()))
        except auth.Refused as error:
            return _refused(error, 400)

    def revoke() -> Response:
        given = request.values.get("token", "")
        google.tokens.access.pop(given, None)
        google.tokens.refresh.pop(given, None)
        return jsonify({})

    def userinfo() -> Response:
        if g.denied is not None:
            raise g.denied
        return jsonify(auth.profile(google.world, g.who.email))

    def credentials() -> Response:
        from connectors.google.emulator.app import hand_out_key

        hand_out_key(google)
        return jsonify(auth.credentials(_base()))

    def id_token() -> Response:
        order = request.get_json(force=True, silent=True) or {}
        email = str(order.get("email") or SERVICE_ACCOUNT)
        issuer = str(order.get("issuer") or "https://accounts.google.com")
        return jsonify(id_token=auth.identity(google.world, issuer, str(order.get("audience") or ""), email))

    def mail() -> Response:
        return jsonify(mail=google.world.mail)

    for path in ("/token", "/oauth2/v4/token", "/oauth2/v3/token", "/o/oauth2/token"):
        paths.add_url_rule(path, f"token{path}", token, methods=["POST"])
    paths.add_url_rule("/o/oauth2/v2/auth", "authorize", authorize)
    paths.add_url_rule("/revoke", "revoke", revoke, methods=["POST"])
    paths.add_url_rule("/.well-known/openid-configuration", "configuration", lambda: jsonify(auth.configuration(_base())))
    paths.add_url_rule("/oauth2/v3/certs", "keys", lambda: jsonify(auth.key_set()))
    paths.add_url_rule("/oauth2/v1/certs", "certificates", lambda: jsonify(auth.certificates()))
    for path in ("/v1/userinfo", "/oauth2/v3/userinfo"):
        paths.add_url_rule(path, f"userinfo{path}", userinfo)
    paths.add_url_rule("/_emulator/google/credentials", "credentials", credentials)
    paths.add_url_rule("/_emulator/google/id-token", "id_token", id_token, methods=["POST"])
    paths.add_url_rule("/_emulator/google/mail", "mail", mail)
    return paths


def _base() -> str:
    return request.host_url.rstrip("/")


def _refused(error: auth.Refused, status: int) -> Response:
    note(str(error))
    response = jsonify(error=error.code, error_description=str(error))
    response.status_code = status
    return response


def basic(client: str, secret: str) -> str:
    """A Basic header, for tests and tools."""
    return "Basic " + base64.b64encode(f"{client}:{secret}".encode()).decode()
