"""Who may open what: every route of the console, once, with those who get an answer. Everybody else gets a 404.

A route that is missing here fails the walk. *viewers* are relations to the subject; a route without a subject lists who
may ask for it at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from addon.cards.manifest import CLICKS, TRIGGERS

Who = Literal["self", "manager", "former", "skip", "other-manager", "peer", "hr", "leadership", "admin", "leaver"]

EVERYBODY: frozenset[Who] = frozenset(
    {"self", "manager", "former", "skip", "other-manager", "peer", "hr", "leadership", "admin"}
)
TAKING_PART: frozenset[Who] = EVERYBODY - {"admin"}
HR_AND_ADMIN: frozenset[Who] = frozenset({"hr", "admin"})
MANAGERS: frozenset[Who] = frozenset({"manager", "skip", "other-manager"})


@dataclass(frozen=True)
class Rule:
    """*path* with ``{person}`` for the subject, Ada. *form* is what a POST carries: enough to be understood."""

    endpoint: str
    method: str
    path: str
    viewers: frozenset[Who]
    form: tuple[tuple[str, str], ...] = ()
    anonymous: bool = False
    """Whether nobody in particular gets an answer too, instead of being sent to the sign-in page."""
    ends_the_session: bool = False
    answers: tuple[int, ...] = (200, 303)
    """What those who may ask get. No worker runs beside these tests, so the process is not ready."""


RULES = (
    Rule("asset", "GET", "/static/0/none.css", frozenset(), anonymous=True),
    Rule("health.healthz", "GET", "/healthz", EVERYBODY, anonymous=True),
    Rule("health.readyz", "GET", "/readyz", EVERYBODY, anonymous=True, answers=(503,)),
    Rule("health.warmup", "GET", "/_ah/warmup", EVERYBODY, anonymous=True, answers=(204,)),
    Rule("reminders.calendar", "GET", "/calendar/{person}/wrong.ics", frozenset(), anonymous=True),
    Rule("reminders.ask", "GET", "/reminders/{person}/wrong", frozenset(), anonymous=True),
    Rule("reminders.end", "POST", "/reminders/{person}/wrong", frozenset(), anonymous=True),
    # Nobody is signed in at these: each request proves itself, and these bring no proof.
    Rule("hooks.notion", "POST", "/hooks/notion", EVERYBODY, anonymous=True, answers=(401, 415)),
    Rule("hooks.button", "POST", "/hooks/notion/button", EVERYBODY, anonymous=True, answers=(401, 415)),
    Rule("hooks.drive", "POST", "/hooks/drive", EVERYBODY, anonymous=True, answers=(401, 415)),
    Rule("signin.page", "GET", "/signin", EVERYBODY, anonymous=True),
    Rule("signin.start", "GET", "/signin/provider", frozenset(), anonymous=True),
    Rule("signin.back", "GET", "/signin/return", frozenset(), anonymous=True),
    Rule("signin.link", "GET", "/signin/link/unknown", frozenset(), anonymous=True),
    Rule("signin.use_link", "POST", "/signin/link/unknown", frozenset(), anonymous=True),
    Rule("signin.switcher", "GET", "/signin/as", frozenset(), anonymous=True),
    Rule("signin.switch", "POST", "/signin/as", frozenset(), (("person", "ada00001"),), anonymous=True),
    Rule("my.today", "GET", "/", EVERYBODY),
    Rule("my.everything_known", "GET", "/me/known", EVERYBODY),
    Rule("my.add_note", "POST", "/me/notes", EVERYBODY, (("text", "A note"), ("readers", "shared"), ("nonce", "n"))),
    Rule("my.recognise", "GET", "/me/recognition", EVERYBODY),
    Rule(
        "my.give_recognition",
        "POST",
        "/me/recognition",
        EVERYBODY,
        (("to", "pia@example.org"), ("text", "Helped"), ("readers", "shared"), ("nonce", "n")),
    ),
    Rule("my.acknowledge", "POST", "/me/review/acknowledge", frozenset(), (("review", "2026-h1/ada00001/none"),)),
    Rule("settings.shown", "GET", "/me/settings/", EVERYBODY),
    Rule("settings.reminders", "POST", "/me/settings/reminders", EVERYBODY, (("wanted", "off"),)),
    Rule("settings.renew_calendar", "POST", "/me/settings/calendar", EVERYBODY),
    Rule("settings.download", "POST", "/me/settings/download", EVERYBODY, (("as", "html"),)),
    Rule("team.overview", "GET", "/team/", MANAGERS),
    Rule("team.person", "GET", "/team/{person}", frozenset({"manager", "former"})),
    Rule(
        "team.add_note",
        "POST",
        "/team/{person}/notes",
        frozenset({"manager"}),
        (("text", "Seen today"), ("as", "shared"), ("nonce", "n")),
    ),
    Rule("reviews.listed", "GET", "/reviews/", frozenset({"hr"})),
    Rule("reviews.bench", "GET", "/reviews/{person}", frozenset({"manager"})),
    Rule("reviews.progress", "GET", "/reviews/{person}/progress", frozenset({"manager"})),
    Rule("reviews.released", "GET", "/reviews/{person}/released", frozenset()),
    Rule("reviews.draft", "POST", "/reviews/{person}/draft", frozenset({"manager"})),
    Rule("reviews.evidence", "POST", "/reviews/{person}/evidence", frozenset({"manager"}), (("way", "out"), ("entry", "e3"))),
    Rule("reviews.mark", "POST", "/reviews/{person}/mark", frozenset({"manager"}), (("kind", "settled"), ("point", "e4"))),
    Rule("reviews.push", "POST", "/reviews/{person}/push", frozenset({"manager"})),
    Rule("reviews.write", "POST", "/reviews/{person}/write", frozenset({"manager"}), (("sentence", ""),)),
    Rule("reviews.release", "POST", "/reviews/{person}/release", frozenset({"manager"})),
    Rule("my_review.shown", "GET", "/me/review/", TAKING_PART),
    Rule("my_review.progress", "GET", "/me/review/progress", TAKING_PART),
    Rule("my_review.released", "GET", "/me/review/released", frozenset()),
    Rule("my_review.draft", "POST", "/me/review/draft", TAKING_PART),
    Rule("my_review.evidence", "POST", "/me/review/evidence", TAKING_PART, (("way", "out"), ("entry", "e3"))),
    Rule("my_review.mark", "POST", "/me/review/mark", TAKING_PART, (("kind", "dismissed"), ("point", "none"))),
    Rule("my_review.push", "POST", "/me/review/push", TAKING_PART),
    Rule("my_review.write", "POST", "/me/review/write", TAKING_PART, (("sentence", ""),)),
    Rule("feedback.overview", "GET", "/feedback/", EVERYBODY),
    Rule(
        "feedback.nominate",
        "POST",
        "/feedback/nominate",
        frozenset({"self", "manager"}),
        (("about", "ada00001"), ("giver", "pia@example.org"), ("form", "anonymous")),
    ),
    Rule("feedback.ask_many", "POST", "/feedback/pairs", HR_AND_ADMIN),
    Rule("feedback.decide", "POST", "/feedback/decide", frozenset({"manager"}), (("about", "ada00001"), ("giver", "peer0001"))),
    Rule("feedback.form", "GET", "/feedback/about/{person}", frozenset({"peer"})),
    Rule("feedback.give", "POST", "/feedback/about/{person}", frozenset({"peer"}), (("text", ""),)),
    Rule("status.overview", "GET", "/company/", HR_AND_ADMIN),
    Rule("status.audit", "GET", "/company/audit", HR_AND_ADMIN),
    Rule("people.listed", "GET", "/company/people/", HR_AND_ADMIN),
    Rule("people.propose", "POST", "/company/people/import", HR_AND_ADMIN, (("csv", "name,email\nX,no-address\n"),)),
    Rule("people.person", "GET", "/company/people/{person}", HR_AND_ADMIN),
    Rule("people.unbind", "POST", "/company/people/{person}/unbind", frozenset({"hr"})),
    Rule("people.export", "POST", "/company/people/left0001/export", frozenset({"hr"}), (("as", "json"),)),
    Rule("people.confirm_erasing", "GET", "/company/people/left0001/erase", frozenset({"hr"})),
    Rule("people.erase", "POST", "/company/people/left0001/erase", frozenset({"hr"}), (("name", "Somebody"),)),
    Rule("cycles.listed", "GET", "/company/cycles/", HR_AND_ADMIN),
    Rule("cycles.create_one", "POST", "/company/cycles/", HR_AND_ADMIN, (("id", "BAD"),)),
    Rule("cycles.rhythm", "POST", "/company/cycles/2026-h1/rhythm", HR_AND_ADMIN, (("cadence", "never"),)),
    Rule("cycles.close", "POST", "/company/cycles/2026-h1/lock", HR_AND_ADMIN, (("reason", ""),)),
    Rule("cycles.open_again", "POST", "/company/cycles/2026-h1/reopen", HR_AND_ADMIN, (("reason", ""),)),
    Rule("packs.listed", "GET", "/company/templates/", HR_AND_ADMIN),
    Rule("packs.preview", "GET", "/company/templates/standard", HR_AND_ADMIN),
    Rule("packs.of_cycle", "GET", "/company/templates/cycle/2026-h1", HR_AND_ADMIN),
    Rule("provisioning.shown", "GET", "/company/plan/", HR_AND_ADMIN),
    Rule("provisioning.progress", "GET", "/company/plan/progress", HR_AND_ADMIN),
    Rule("provisioning.look", "POST", "/company/plan/look", HR_AND_ADMIN),
    Rule("provisioning.approve", "POST", "/company/plan/approve", HR_AND_ADMIN, (("plan", "none"),)),
    Rule("provisioning.hold", "POST", "/company/plan/pause", HR_AND_ADMIN),
    Rule("drift.shown", "GET", "/company/access/", HR_AND_ADMIN),
    Rule("drift.look", "POST", "/company/access/look", HR_AND_ADMIN),
    Rule("connections.shown", "GET", "/company/connect/", HR_AND_ADMIN),
    Rule("connections.check", "POST", "/company/connect/check", HR_AND_ADMIN),
    Rule("connections.confirm", "POST", "/company/connect/confirm", HR_AND_ADMIN, (("database", "Manager notes"),)),
    Rule("connections.notion", "POST", "/company/connect/notion", HR_AND_ADMIN),
    Rule("connections.google", "POST", "/company/connect/google", HR_AND_ADMIN),
    Rule("connections.start", "POST", "/company/connect/notion/start", frozenset()),
    Rule("connections.back", "GET", "/company/connect/notion/return", frozenset()),
    Rule("connections.expect", "POST", "/company/connect/hooks/expect", HR_AND_ADMIN),
    Rule("connections.trust", "POST", "/company/connect/hooks/trust", HR_AND_ADMIN, (("secret", "none"),)),
    Rule("connections.forget", "POST", "/company/connect/hooks/forget", HR_AND_ADMIN, (("secret", "none"),)),
    Rule("connections.button", "POST", "/company/connect/hooks/button", HR_AND_ADMIN),
    Rule("jobs.listed", "GET", "/company/jobs/", HR_AND_ADMIN),
    Rule("jobs.sync_now", "POST", "/company/jobs/sync", HR_AND_ADMIN),
    Rule("leadership.figures", "GET", "/leadership/", frozenset({"hr", "leadership"})),
    Rule("cards.logo", "GET", "/addon/logo.png", EVERYBODY, anonymous=True),
    # Google calls these, with proofs of its own: a session is none (`tests/addon/cards/test_caller.py`).
    *(
        Rule(f"cards.{what}", "POST", f"/addon/{what}", EVERYBODY, anonymous=True, answers=(401,))
        for what in (*TRIGGERS, *CLICKS)
    ),
    Rule("signin.leave_everywhere", "POST", "/signout/everywhere", EVERYBODY, ends_the_session=True),
    Rule("signin.leave", "POST", "/signout", EVERYBODY, ends_the_session=True),
)
