"""The console of a large company: how long the server takes for each page, and how many questions it asks the database.

Once on SQLite, once on PostgreSQL where there is one. Server time is the work of this process, SQLite's included, and the
wait for PostgreSQL, which is another process: others on the same cores lengthen little of it. One person asks at a time.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event

from addon import create_app
from addon.company import Company
from addon.reminders.links import calendar_address, no_more_address
from addon.settings import Settings
from addon.web.safety import limiter
from sync.store import Store
from tests import postgres
from tests.addon.web.counting import MOST, counted
from tests.bench import large
from tests.bench.large import ADMIN, HR, LEADER, id_of, manager_of, released
from tests.bench.load import crowd
from tests.bench.table import Row
from tests.bench.visitors import Scale, at_95, managers, of_all, reports, sign_in, token_of, with_drafts

SLOWEST = 0.060
#: What is no page: a file, what machines ask for, and the steps of signing in, at which nobody has a seat yet.
NO_PAGES = frozenset(
    {
        "asset",
        "cards.logo",
        "health.healthz",
        "health.readyz",
        "health.warmup",
        "signin.back",
        "signin.link",
        "signin.start",
        "signin.switcher",
    }
    | {"connections.back"}
)


def console(folder: Path, scale: Scale) -> Iterator[Row]:
    """Rows of every page, and of many people at once, on each database."""
    yield from _on("SQLite", folder / "sqlite", scale, "")
    if not scale.also_postgresql:
        return
    if not postgres.is_here():
        yield Row("console", "PostgreSQL: pgserver is not installed for this Python, so nothing was measured", 0, "pages")
        return
    with postgres.serving() as server:
        yield from _on("PostgreSQL", folder / "postgresql", scale, server.bare())


def _on(database: str, folder: Path, scale: Scale, url: str) -> Iterator[Row]:
    company = large.build(folder, scale.people, with_drafts(scale), url)
    try:
        yield from measured(company, scale, database)
        yield from crowd(company, scale, database)
    finally:
        company.close()


# ---------------------------------------------------------------- the pages


@dataclass(frozen=True)
class Page:
    """One page: by which address each kind of viewer asks for it."""

    name: str
    endpoint: str
    path: Callable[[int], str]
    viewers: Mapping[str, Callable[[int], str]]


def pages(count: int, settings: Settings) -> tuple[Page, ...]:
    """Every page that is opened by an address, for everybody who sees something else there."""
    anybody, manager, report, those = of_all(count), managers(count), reports(count), released(count)
    got = lambda turn: those[turn * 7 % len(those)]  # noqa: E731
    hr, admin = {"HR": lambda _: id_of(HR)}, {"admin": lambda _: ADMIN.id}
    leader = {"leadership": lambda _: id_of(LEADER)}
    employee = {"employee": lambda turn: id_of(anybody(turn))}
    bosses = {"manager": lambda turn: id_of(manager(turn))}
    own = {"employee": lambda turn: id_of(report(turn)), **hr}
    all_of_them = {**employee, **bosses, **hr, **leader, **admin}
    company, nobody = {**hr, **admin}, {"anybody": lambda _: ""}
    at = lambda path: lambda _: path  # noqa: E731
    return (
        Page("sign-in", "signin.page", at("/signin"), nobody),
        Page("today", "my.today", at("/"), all_of_them),
        Page("everything known about me", "my.everything_known", at("/me/known"), all_of_them),
        Page("my settings", "settings.shown", at("/me/settings/"), all_of_them),
        Page("recognition", "my.recognise", at("/me/recognition"), all_of_them),
        Page("own review", "my_review.shown", at("/me/review/"), own),
        Page("own review, progress", "my_review.progress", at("/me/review/progress"), own),
        Page("own review, released", "my_review.released", at("/me/review/released"), {"employee": lambda t: id_of(got(t))}),
        Page("feedback", "feedback.overview", at("/feedback/"), all_of_them),
        Page("feedback form", "feedback.form", lambda turn: f"/feedback/about/{id_of(anybody(turn) + 1)}", employee),
        Page("team", "team.overview", at("/team/"), {**bosses, **hr}),
        Page("a report", "team.person", lambda turn: f"/team/{id_of(report(turn))}", bosses),
        Page("workbench", "reviews.bench", lambda turn: f"/reviews/{id_of(report(turn))}", {**bosses, **hr}),
        Page("workbench, progress", "reviews.progress", lambda turn: f"/reviews/{id_of(report(turn))}/progress", bosses),
        Page("a released review", "reviews.released", lambda turn: f"/reviews/{id_of(got(turn))}/released",
             {"manager": lambda turn: id_of(manager_of(got(turn))), **hr}),
        Page("reviews", "reviews.listed", lambda turn: f"/reviews/?page={1 + turn}", hr),
        Page("reviews, searched", "reviews.listed", lambda turn: f"/reviews/?q=Person 0{turn}", hr),
        Page("company", "status.overview", lambda turn: f"/company/?page={1 + turn % 3}", company),
        Page("leadership", "leadership.figures", at("/leadership/"), {**hr, **leader}),
        Page("people", "people.listed", lambda turn: f"/company/people/?page={1 + turn}", company),
        Page("people, searched", "people.listed", lambda turn: f"/company/people/?q=Person 0{turn}", company),
        Page("a person", "people.person", lambda turn: f"/company/people/{id_of(turn)}", company),
        Page("erasing a person", "people.confirm_erasing", at(f"/company/people/{id_of(count - 1)}/erase"), hr),
        Page("cycles", "cycles.listed", at("/company/cycles/"), company),
        Page("templates", "packs.listed", at("/company/templates/"), company),
        Page("a template", "packs.preview", at("/company/templates/standard"), company),
        Page("a cycle's template", "packs.of_cycle", at(f"/company/templates/cycle/{large.CYCLE}"), company),
        Page("plan", "provisioning.shown", lambda turn: f"/company/plan/?page={1 + turn}", company),
        Page("plan, searched", "provisioning.shown", lambda turn: f"/company/plan/?kind=check-in&q=Person 0{turn}", company),
        Page("plan's progress", "provisioning.progress", at("/company/plan/progress"), company),
        Page("connections", "connections.shown", at("/company/connect/"), company),
        Page("jobs", "jobs.listed", at("/company/jobs/"), company),
        Page("access", "drift.shown", at("/company/access/"), company),
        Page("audit log", "status.audit", lambda turn: f"/company/audit?before={count * 10 - turn * 100}", company),
        Page("calendar feed", "reminders.calendar",
             lambda turn: _path(settings, calendar_address(settings, id_of(manager(turn)), 0)), nobody),
        Page("end of reminders", "reminders.ask",
             lambda turn: _path(settings, no_more_address(settings, id_of(anybody(turn)), 0)), nobody),
    )  # fmt: skip


def _path(settings: Settings, address: str) -> str:
    return address.removeprefix(settings.public_url)


# ---------------------------------------------------------------- the stopwatch


@dataclass(frozen=True)
class Asked:
    """One page, asked for by one kind of viewer."""

    viewer: str
    times: list[float]
    queries: int
    """The most that one page sent, but for the first, which may find nothing kept yet."""

    @property
    def p95(self) -> float:
        """So long it takes for nearly everybody at most."""
        return at_95(self.times)


def measured(company: Company, scale: Scale, database: str) -> Iterator[Row]:
    """A row for each page."""
    app = create_app(company)
    limiter.enabled = False
    browsers = _Browsers(company, app)
    most = 0, ""
    for page in pages(scale.people, company.settings):
        found = [_asked(browsers, page, viewer, scale.asked) for viewer in page.viewers]
        slowest = max(found, key=lambda one: one.p95)
        most = max(most, *((one.queries, page.name) for one in found))
        middle, longest = statistics.median(slowest.times) * 1000, max(slowest.times) * 1000
        note = f"{slowest.viewer}: median {middle:.0f} ms, slowest {longest:.0f} ms, {slowest.queries} queries"
        yield Row(
            "console",
            f"{database}: server time of the page “{page.name}”, p95 of {scale.asked}",
            slowest.p95,
            "s",
            SLOWEST,
            note,
        )
    yield Row("console", f"{database}: most queries of one page ({most[1]})", most[0], "queries", MOST)


@dataclass
class _Browsers:
    """One for each person, signed in."""

    company: Company
    app: Any

    def __post_init__(self) -> None:
        self._open: dict[str, Any] = {}

    def of(self, person_id: str) -> Any:
        """The browser of that person; "" is somebody who is not signed in."""
        if person_id not in self._open:
            self._open[person_id] = self.app.test_client()
            if person_id:
                sign_in(self.company, person_id)
                self._open[person_id].set_cookie("throughline", token_of(person_id))
        return self._open[person_id]


def _asked(browsers: _Browsers, page: Page, viewer: str, often: int) -> Asked:
    store = browsers.company.store
    times, queries = [], 0
    for turn in range(often):
        browser, path = browsers.of(page.viewers[viewer](turn)), page.path(turn)
        with counted(store) as sent, _waited(store) as waits:
            begun = time.process_time()
            answer = browser.get(path, environ_overrides={"throughline.raise": "yes"})
            times.append(time.process_time() - begun + sum(waits))
        assert answer.status_code == 200, (page.name, viewer, path, answer.status_code)
        queries = max(queries, len(sent)) if turn else queries
    return Asked(viewer, times, queries)


@contextmanager
def _waited(store: Store) -> Iterator[list[float]]:
    """How long each statement waited for another process meanwhile; SQLite works in this one."""
    waits: list[float] = []
    begun: list[float] = []

    def ask(*_told: Any) -> None:
        begun.append(time.perf_counter())

    def answered(*_told: Any) -> None:
        waits.append(time.perf_counter() - begun.pop())

    if store.is_sqlite:
        yield waits
        return
    event.listen(store._engine, "before_cursor_execute", ask)
    event.listen(store._engine, "after_cursor_execute", answered)
    try:
        yield waits
    finally:
        event.remove(store._engine, "before_cursor_execute", ask)
        event.remove(store._engine, "after_cursor_execute", answered)
