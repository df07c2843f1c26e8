"""The card beside a review: how much it rests on, what was not used, what would surprise, what to ask about its words. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from addon.cards.phrases import quote
from addon.cards.widgets import Button, Card, Do, Icon, Look, Open, Row, Section, Text, Widget
from addon.web.filters import day, kind_name, moment, plural
from sync.review.sheet import Sheet

SHOWN = 3


@dataclass(frozen=True)
class Review:
    """A review as its writer, or somebody who may read it, sees it; *sheet* is None before the first draft."""

    about: str
    name: str
    is_own: bool
    may_write: bool
    sheet: Sheet | None
    at: str
    console: str
    told: str = ""
    """What is said first: what a worker does, or did not do."""


def review(view: Review) -> Card:
    """Everything that is still to be looked at, by how much it matters."""
    sheet = view.sheet
    title = "My self review" if view.is_own else f"Review of {view.name}"
    draft = Button(
        "Draft again" if sheet else "Draft it",
        Do("draft", (("about", view.about), ("at", view.at))),
        Look.OUTLINED if sheet else Look.FILLED,
    )
    bench = Button("Open workbench", Open(view.console), Look.FILLED if sheet else Look.OUTLINED)
    main: Button
    other: Button | None
    if not view.may_write:
        main, other = bench, None
    else:
        main, other = (bench, draft) if sheet else (draft, bench)
    told = Section((Row(view.told, icon=Icon.BOOKMARK),) if view.told else ())
    if sheet is None:
        words = "There is no draft yet. It quotes what both of you may read, and leaves blank what nothing is known about."
        return Card(title, (told, Section((Text(words),))), "", main, other, name="review")
    sections = (
        told,
        Section(tuple(_coverage(sheet))),
        Section(tuple(_surprises(sheet)), "Would surprise them", SHOWN),
        Section(tuple(_stale(sheet))),
        Section(tuple(_unused(sheet)), f"Not used yet ({len(sheet.unused)})", SHOWN),
        Section(tuple(_hints(sheet)), "Questions about the words", SHOWN),
        Section(tuple(_for_you(sheet))),
    )
    return Card(title, sections, f"Drafted {moment(sheet.draft.made_at)}", main, other, name="review")


def _coverage(sheet: Sheet) -> Iterable[Widget]:
    noted, quoted = (sum(getattr(one, name) for one in sheet.cover.months) for name in ("noted", "quoted"))
    covered = sum(one.noted > 0 for one in sheet.cover.months)
    yield Row(
        f"{quoted} of {plural(noted, 'note')} quoted",
        below=f"{covered} of {plural(len(sheet.cover.months), 'month')} with something in them",
        icon=Icon.DOCUMENT,
    )
    yield from (Row(one) for one in sheet.cover.remarks[:2])
    thin = [one.criterion.title for one in sheet.cover.criteria if not one.enough]
    if thin:
        yield Row(", ".join(thin), above="Little to rest a rating on")


def _surprises(sheet: Sheet) -> Iterable[Widget]:
    points = sheet.open_points
    yield from (Row(quote(one.text), below="Nothing shows that they have heard this before") for one in points[: 2 * SHOWN])


def _stale(sheet: Sheet) -> Iterable[Widget]:
    changed = sum(bool(one.stale) for one in sheet.lines)
    if changed:
        words = plural(changed, "sentence rests on something", "sentences rest on something")
        yield Row(f"{words} that was changed since", below="Draft again to bring them up to date", icon=Icon.CLOCK)


def _unused(sheet: Sheet) -> Iterable[Widget]:
    ranked = sorted(sheet.unused, key=lambda one: (not one.weighty, -one.entry.happened_on.toordinal()))
    for one in ranked[: 2 * SHOWN]:
        above = f"{kind_name(one.entry.kind.value).capitalize()} · {day(one.entry.happened_on)}"
        yield Row(quote(one.entry.text), above=f"{above} · about growth" if one.weighty else above)


def _hints(sheet: Sheet) -> Iterable[Widget]:
    found = [(one.words, one.question) for line in sheet.lines for one in line.hints]
    found += [(one.words, one.question) for one in sheet.whole]
    yield from (Row(question, above=f"“{words}”" if words else "") for words, question in found[: 2 * SHOWN])


def _for_you(sheet: Sheet) -> Iterable[Widget]:
    if sheet.for_you:
        words = plural(len(sheet.for_you), "note is", "notes are")
        yield Row(f"{words} for you alone", below="Never quoted; the workbench shows them", icon=Icon.PERSON)
