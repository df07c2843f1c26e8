"""Charts as accessible SVG, drawn by the server. Each stands beside the same numbers in words or in a table.

Presentation attributes only: the content security policy allows no inline style.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

_WIDTH, _BAR = 240, 8
_PLOT_WIDTH, _PLOT_HEIGHT, _MARGIN = 320, 96, 8
_NOTHING = Markup("")


def progress_bar(share: float | None, label: str, level: str = "") -> Markup:
    """How much of the way; an empty dashed track where it is unknown. More than the whole is shown as the whole.

    *level*, ``warn`` or ``bad``, colours it; the figure beside it says the same.
    """
    if share is None:
        body = _element("rect", x=1, y=1, width=_WIDTH - 2, height=_BAR - 2, fill="none", class_="grid", stroke_dasharray="4 4")
    else:
        filled = round(max(0.0, min(1.0, share)) * _WIDTH)
        body = _element("rect", class_="track", width=_WIDTH, height=_BAR)
        if filled:
            body += _element("rect", class_=f"fill {level}".strip(), width=max(filled, _BAR), height=_BAR)
    return _svg(_WIDTH, _BAR, label, body, "chart bar", "none")


def course(points: Sequence[tuple[int, float]], target: float | None, label: str) -> Markup:
    """A figure over time: *points* are days from anywhere, ascending, and values. Nothing for fewer than two."""
    if len(points) < 2:
        return _NOTHING
    values = [value for _, value in points] + ([target] if target is not None else [])
    low, high = min(values), max(values)
    first, days = points[0][0], max(1, points[-1][0] - points[0][0])

    def place(day: int, value: float) -> tuple[float, float]:
        x = _MARGIN + (day - first) / days * (_PLOT_WIDTH - 2 * _MARGIN)
        y = _PLOT_HEIGHT - _MARGIN - (value - low) / ((high - low) or 1.0) * (_PLOT_HEIGHT - 2 * _MARGIN)
        return round(x, 1), round(y, 1)

    places = [place(day, value) for day, value in points]
    body = _NOTHING
    if target is not None:
        y = place(first, target)[1]
        body += _element("line", class_="grid", x1=_MARGIN, x2=_PLOT_WIDTH - _MARGIN, y1=y, y2=y, stroke_dasharray="4 4")
    body += _element("polyline", class_="line", points=" ".join(f"{x},{y}" for x, y in places))
    for x, y in places:
        body += _element("circle", class_="dot", cx=x, cy=y, r=3)
    return _svg(_PLOT_WIDTH, _PLOT_HEIGHT, label, body, "chart")


def months(counts: Sequence[tuple[str, int]], label: str) -> Markup:
    """One column a month: how much is known of it."""
    if not counts:
        return _NOTHING
    most = max(count for _, count in counts) or 1
    step = _PLOT_WIDTH / len(counts)
    body = _NOTHING
    for position, (name, count) in enumerate(counts):
        height = round(count / most * (_PLOT_HEIGHT - 36))
        x, y = round(position * step + step * 0.2, 1), _PLOT_HEIGHT - 18 - height
        middle = round(position * step + step / 2, 1)
        body += _element("rect", class_="fill", x=x, y=y, width=round(step * 0.6, 1), height=height, rx=2)
        body += _text(middle, y - 4, str(count)) + _text(middle, _PLOT_HEIGHT - 4, name)
    return _svg(_PLOT_WIDTH, _PLOT_HEIGHT, label, body, "chart")


def coverage(counts: Sequence[tuple[str, int, int]], label: str) -> Markup:
    """One column a month: how much was noted, and the darker part of it that is quoted."""
    if not counts:
        return _NOTHING
    most = max(noted for _, noted, _ in counts) or 1
    step = _PLOT_WIDTH / len(counts)
    body = _NOTHING
    for position, (name, noted, quoted) in enumerate(counts):
        x, middle = round(position * step + step * 0.2, 1), round(position * step + step / 2, 1)
        for kind, count in (("track", noted), ("fill", quoted)):
            height = round(count / most * (_PLOT_HEIGHT - 36))
            top = _PLOT_HEIGHT - 18 - height
            body += _element("rect", class_=kind, x=x, y=top, width=round(step * 0.6, 1), height=height, rx=2)
        top = _PLOT_HEIGHT - 18 - round(noted / most * (_PLOT_HEIGHT - 36))
        body += _text(middle, top - 4, f"{quoted}/{noted}" if noted else "0") + _text(middle, _PLOT_HEIGHT - 4, name)
    return _svg(_PLOT_WIDTH, _PLOT_HEIGHT, label, body, "chart")


def _element(name: str, **attributes: object) -> Markup:
    """An element without content; every value is escaped."""
    return Markup(f"<{name}{_attributes(attributes)}/>")  # noqa: S704 - its parts are escaped


def _text(x: float, y: float, words: str) -> Markup:
    return Markup("<text{}>{}</text>").format(_attributes({"x": x, "y": y, "text_anchor": "middle"}), words)


def _attributes(attributes: Mapping[str, object]) -> Markup:
    """Put together as plain text: a page has hundreds, and `Markup.format` takes ten times as long."""
    pairs = ((name.rstrip("_").replace("_", "-"), escape(value)) for name, value in attributes.items())
    return Markup("".join(f' {name}="{value}"' for name, value in pairs))  # noqa: S704 - each value is escaped


def _svg(width: int, height: int, label: str, body: Markup, kind: str, ratio: str = "xMidYMid") -> Markup:
    given = {
        "class": kind,
        "viewBox": f"0 0 {width} {height}",
        "role": "img",
        "aria-label": label,
        "preserveAspectRatio": ratio,
    }
    return Markup(f"<svg{_attributes(given)}>{body}</svg>")  # noqa: S704 - its parts are escaped
