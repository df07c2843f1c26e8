"""What is particular to Google App Engine: which instance this is, and who really calls.

Every instance there is called `localhost`, so its host name tells it from no other one. Header names that begin with
`X-Appengine-` are the platform's own: it takes them off what callers send.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from addon.settings import environment

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CALLER = "HTTP_X_APPENGINE_USER_IP"
#: Nobody on the internet has such an address: requests from it are the platform's.
PLATFORM = ip_network("0.0.0.0/8")


def is_here() -> bool:
    """Whether this process runs on App Engine."""
    return "GAE_INSTANCE" in environment()


def instance() -> str:
    """Which instance this is, "" elsewhere."""
    return environment().get("GAE_INSTANCE", "")


def is_platform(request: WSGIEnvironment) -> bool:
    """Whether App Engine itself asks; nobody does elsewhere."""
    try:
        return is_here() and ip_address(request.get(CALLER, "")) in PLATFORM
    except ValueError:
        return False


class CallersAddress:
    """Around an application: the caller's own address in place of a proxy's, so that limits count people one by one."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """As WSGI calls it."""
        if caller := environ.get(CALLER):
            environ["REMOTE_ADDR"] = caller
        return self._application(environ, start_response)
