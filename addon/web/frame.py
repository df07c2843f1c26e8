"""The frame around every page: where one can go from here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask, g, request, url_for
from markupsafe import Markup, escape

from addon.terminal import BadInput
from addon.web import charts
from addon.web.filters import amount
from addon.web.seat import Seat, company
from connectors import markdown
from sync.access import Action
from sync.store import StoreError

LONGEST = 10_000
"""Of how many characters a page shows one text whole."""


@dataclass(frozen=True)
class Way:
    """One entry of the navigation."""

    title: str
    address: str
    here: bool


def setup_frame(app: Flask) -> None:
    """What `layout.html` needs on every page."""

    @app.context_processor
    def frame() -> dict[str, object]:
        mine: Seat | None = g.get("seat")
        return {
            "company_ways": _company_ways,
            "me": mine.me if mine else None,
            "ways": list(_ways(mine)) if mine else [],
            "is_demo": _is_demo(),
        }

    app.add_template_filter(words)
    app.add_template_global(charts.progress_bar)
    app.add_template_global(charts.course)
    app.add_template_global(charts.months, "month_chart")
    app.add_template_global(charts.coverage, "coverage_chart")


def words(text: str) -> Markup:
    """Evidence text, which is Markdown, as plain words: workspace text never becomes markup of a page.

    Of a text that nobody reads on a page the beginning is shown.
    """
    shown = escape(markdown.plain(text[:LONGEST]))
    if len(text) <= LONGEST:
        return shown
    return shown + Markup(' <em class="quiet">… {} more characters stand in the document.</em>').format(
        amount(len(text) - LONGEST)
    )


def _is_demo() -> bool:
    """Whether the frame says so; a page that tells of a database that is not there has a frame, too."""
    try:
        return company().is_demo
    except (StoreError, BadInput):
        return False


#: Where HR goes, below the main navigation: title and endpoint. Pages mark themselves by their blueprint.
COMPANY_WAYS = (
    ("Overview", "status.overview"),
    ("People", "people.listed"),
    ("Cycles", "cycles.listed"),
    ("Templates", "packs.listed"),
    ("Plan", "provisioning.shown"),
    ("Reviews", "reviews.listed"),
    ("Sync and jobs", "jobs.listed"),
    ("Access", "drift.shown"),
    ("Connection", "connections.shown"),
    ("Audit log", "status.audit"),
)
#: What HR reads and an admin does not.
HR_ONLY = frozenset({"reviews.listed"})
_COMPANY = frozenset(endpoint.split(".")[0] for _, endpoint in COMPANY_WAYS if endpoint not in HR_ONLY)


def _ways(mine: Seat) -> Iterator[Way]:
    here = (request.endpoint or "").split(".")[0]
    of_hr = here in _COMPANY or request.endpoint in HR_ONLY
    reviewing = here == "reviews" and not of_hr
    yield Way("Today", url_for("my.today"), here in ("my", "my_review"))
    if mine.team:
        yield Way("Team", url_for("team.overview"), here == "team" or reviewing)
    yield Way("Feedback", url_for("feedback.overview"), here == "feedback")
    if mine.may(Action.PROVISION):
        yield Way("Company", url_for("status.overview"), of_hr or (reviewing and not mine.team))
    if mine.may(Action.AGGREGATE):
        yield Way("Leadership", url_for("leadership.figures"), here == "leadership")


def _company_ways() -> list[Way]:
    mine: Seat | None = g.get("seat")
    reads = mine is not None and mine.me.access == "hr"
    return [
        Way(title, url_for(endpoint), _is_here(endpoint))
        for title, endpoint in COMPANY_WAYS
        if reads or endpoint not in HR_ONLY
    ]


def _is_here(endpoint: str) -> bool:
    """Whether the page is that one or belongs to it; the first page of a feature with two stands for itself alone."""
    feature = endpoint.split(".")[0]
    alone = sum(one.startswith(f"{feature}.") for _, one in COMPANY_WAYS) == 1
    return request.endpoint == endpoint or (alone and request.blueprint == feature)
