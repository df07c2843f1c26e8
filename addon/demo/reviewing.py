"""The last weeks of the story: self reviews, feedback from colleagues, and the review that one manager finishes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from addon.demo import handwriting_docx as page
from addon.demo.calendar import DRAFTS, LAST_DAY, SELF_REVIEWS
from addon.demo.cast import Member, Pace
from addon.demo.dice import dice
from addon.demo.story import Edit, Story
from addon.demo.words import words
from templates.shapes import Kind

_SPRING = (date(2026, 2, 9), date(2026, 6, 5))


def pairs(story: Story) -> tuple[tuple[Member, Member], ...]:
    """Who is asked for feedback about whom: about every fourth person, by a colleague of the team or department."""
    there = [one for one in story.cast.members if one.here(DRAFTS)]
    asked = []
    for member in [one for one in there if one.manager][2::4]:
        near = [one for one in there if one.department == member.department and one.email not in (member.email, member.manager)]
        others = near or [one for one in there if one.email not in (member.email, member.manager, member.later_manager)]
        if others:
            asked.append((dice("pair", member.email).choice(others), member))
    return tuple(asked)


def self_reviews(story: Story) -> Iterator[Edit]:
    """Most people write one and hand it in; some thin writers do not get round to it."""
    for member in story.cast.members:
        chance = dice("self review", member.email)
        if not member.here(SELF_REVIEWS) or (member.pace is Pace.THIN and chance.random() < 0.3):
            continue
        strokes: list[object] = [page.Type("Results", tuple(_results(story, member)))]
        for heading, kind in (
            ("What I did well", "strengths"),
            ("What I want to do differently", "growth"),
            ("What I need", "support"),
        ):
            strokes.append(page.Type(heading, (story.pens[member.email].say(kind, *_SPRING, "reviews"),)))
        if member.pace is Pace.RICH or chance.random() < 0.85:
            ready = chance.choice(("yes", SELF_REVIEWS.isoformat()))
            strokes.append(page.Type("Ready for my manager", (ready,)))
        at = datetime.combine(SELF_REVIEWS, time(chance.randint(8, 17), chance.randrange(60)))
        yield Edit(Kind.SELF_REVIEW, member.email, member, at, tuple(strokes))


def _results(story: Story, member: Member) -> Iterator[str]:
    """Two results at the most: one of the goals with its figures, and something else."""
    pen, aims = story.pens[member.email], story.aims[member.email]
    counted = [aim for aim in aims if aim.unit != "yes/no" and member.email != story.cast.stale]
    if counted:
        aim = dice("result", member.email).choice(counted)
        amounts: dict[str, Any] = {"goal": aim.title, "start": aim.shown(aim.start), "now": aim.shown(aim.value(5))}
        yield pen.say("results", *_SPRING, "reviews", **amounts)
    if member.pace is not Pace.THIN or not counted:
        yield pen.say("results_more", *_SPRING, "reviews")


def peer_feedback(story: Story) -> Iterator[Edit]:
    """Signed feedback by those who were asked."""
    for giver, member in pairs(story):
        pen, chance = story.pens[member.email], dice("peer", giver.email, member.email)
        strokes = tuple(
            page.Type(heading, (pen.say(kind, *_SPRING, "reviews", first=member.first),))
            for heading, kind in (
                ("Keep doing", "peer_strengths"),
                ("Do differently", "peer_growth"),
                ("One situation", "peer_example"),
            )
        )
        at = datetime.combine(SELF_REVIEWS, time(chance.randint(8, 17), chance.randrange(60)))
        yield Edit(Kind.PEER_FEEDBACK, member.email, giver, at, strokes, other=giver.email)


def shown_first(story: Story) -> Member:
    """Whose review is finished and released: somebody who writes a lot and had one manager all the time."""
    staying = [one for one in story.cast.members if one.manager and not one.later_manager and one.here(LAST_DAY)]
    plain = [one for one in staying if not one.leads and one.access == "none" and not one.joins_later]
    return next((one for one in plain if one.pace is Pace.RICH), (plain or staying)[0])


def finished(story: Story, member: Member, strike: str) -> Edit:
    """The manager's own work on the draft of *member*: a quotation struck out, a summary, a rating chosen, a question."""
    manager = story.cast[member.manager_on(LAST_DAY)]
    filled = [line.replace("{first}", member.first) for line in words("managers")["summaries"]]
    strokes: list[object] = [
        page.Type("Summary in my own words", tuple(filled)),
        page.FillRow("Rating", (("Point of the scale", "Fully"), ("Because", words("managers")["reasons"][0]))),
        page.Type("Questions to settle first", (f"Does {member.first} want the autumn project? Ask before the talk.",)),
    ]
    if strike:
        strokes.insert(0, page.Strike("How the work was done", strike))
    at = datetime.combine(LAST_DAY, time(9, 40))
    return Edit(Kind.MANAGER_REVIEW, member.email, manager, at, tuple(strokes), other=manager.email)
