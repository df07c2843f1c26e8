"""The frame around every page: where one can go from here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask, g, request, url_for
from markupsafe import Markup, escape

from addon.web import charts
from addon.web.seat import Seat, company
from connectors import markdown
from sync.access import Action


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
        return {"me": mine.me if mine else None, "ways": list(_ways(mine)) if mine else [], "is_demo": company().is_demo}

    app.add_template_filter(words)
    app.add_template_global(charts.progress_bar)
    app.add_template_global(charts.course)
    app.add_template_global(charts.months, "month_chart")


def words(text: str) -> Markup:
    """Evidence text, which is Markdown, as plain words: workspace text never becomes markup of a page."""
    return escape(markdown.plain(text))


def _ways(mine: Seat) -> Iterator[Way]:
    yield _way("Today", "my.today", "my.")
    if mine.team:
        yield _way("Team", "team.overview", "team.")
    for title, endpoint, action in (
        ("Company", "company.overview", Action.PROVISION),
        ("Leadership", "leadership.overview", Action.AGGREGATE),
    ):
        if mine.may(action) and endpoint in _endpoints():
            yield _way(title, endpoint, endpoint.split(".")[0] + ".")


def _way(title: str, endpoint: str, prefix: str) -> Way:
    return Way(title, url_for(endpoint), (request.endpoint or "").startswith(prefix))


def _endpoints() -> set[str]:
    from flask import current_app

    return set(current_app.view_functions)
