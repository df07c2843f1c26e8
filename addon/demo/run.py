"""Plays the story of the fictional company through the same code as the commands, day by day."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from addon.company import Company, new_id
from addon.demo import files, reviewing
from addon.demo.calendar import (
    CYCLE,
    CYCLE_END,
    CYCLE_START,
    DRAFTS,
    FIRST_DAY,
    JOINER_KNOWN,
    LAST_DAY,
    PAIRS_KNOWN,
    REVIEW_ON,
    ROUNDS,
    SELF_REVIEWS,
)
from addon.demo.cast import MOVES, Cast, Member, cast
from addon.demo.home import IMPORTS
from addon.demo.places import Place
from addon.demo.story import Edit, Story
from addon.demo.words import words
from addon.evidence.commands import run_sync
from addon.packs.finding import find
from addon.people import importing
from addon.provisioning.planning import carry_out, keep, make_plan
from addon.reviews.drafting import make_drafts, push_drafts
from addon.settings import FILE, Settings
from addon.setup.commands import STARTING_SETTINGS, found
from addon.status.commands import look
from addon.terminal import BadInput, progress
from connectors.crew import Crew, sound
from connectors.limiter import SystemClock
from connectors.people.csv_file import read_goals, read_leave, read_pairs, read_people
from sync.records import CadenceRule, Cycle, Draft, Person, StatementKind
from sync.review import service
from sync.review.service import Refused
from sync.review.wording import PATTERNS
from sync.store.queries import artifacts, cycles, reviews
from templates.shapes import Kind

BAD = frozenset({"failed", "busy", "twin", "skipped"})
Key = tuple[str, str, str, date | None]
"""How people know a document: its kind, whom it is about, who else it belongs to, its date."""


@dataclass(frozen=True)
class Month:
    """What happened in one round."""

    name: str
    documents: int
    edits: int
    entries: int


@dataclass(frozen=True)
class Report:
    """What the demo did. Everything in it was counted while it was done, or read back afterwards."""

    home: str
    organisation: str
    today: str
    people: int
    teams: int
    goals: int
    months: tuple[Month, ...]
    drafts: int
    self_drafts: int
    statements: int
    unsupported: int
    filled: int
    released: dict[str, str]
    """Who, by whom, and the file; with `refused` and the sentences when the release was refused."""
    failed: tuple[str, ...]
    open: dict[str, str]
    """Paths worth opening."""
    someone: str
    """Whose evidence and draft are worth a look."""
    status: dict[str, object]
    seconds: float = 0.0
    told: tuple[str, ...] = ()
    """What was special about the workspace, such as how many calls it took."""


def play(settings: Settings, people_count: int, place: Place) -> tuple[Company, Report]:
    """Set the company up in the prepared home and play the half-year; whoever gets the company closes it.

    Raises BadInput when it cannot go on.
    """
    begun = time.monotonic()
    story = Story(cast(people_count))
    demo = _Demo(settings, story, place)
    try:
        return demo.company, replace(demo.play(), seconds=round(time.monotonic() - begun, 1))
    except BaseException:
        demo.company.close()
        raise


class _Demo:
    """One run of the story."""

    def __init__(self, settings: Settings, story: Story, place: Place) -> None:
        self.story, self.company, self.place = story, Company(settings), place
        self.failed: list[str] = []
        self.goals = 0

    @property
    def cast(self) -> Cast:
        """Who plays."""
        return self.story.cast

    def play(self) -> Report:
        """From the first day to the last."""
        self.found()
        months = [self.month(step) for step in range(len(ROUNDS))]
        months.append(self.review_days())
        return self.review(tuple(months))

    def on(self, day: date) -> None:
        """Let it be *day*."""
        if self.company.settings.today:
            self.place.days_pass((day - self.company.settings.today).days)
        self.company.settings = replace(self.company.settings, today=day)

    # ------------------------------------------------------------ setting up

    def found(self) -> None:
        """The company, its people, its cycle, its goals, its leave."""
        admin = next((one for one in self.cast.members if one.access == "admin"), self.cast.members[0])
        settings = self.company.settings
        found(settings, words("company")["organisation"], Person(new_id(), admin.name, admin.email, access="admin"))
        (settings.home / FILE).write_text(f'{STARTING_SETTINGS}\ntoday = "{LAST_DAY}"\n', "utf-8")
        self.import_people(FIRST_DAY)
        self.place.set_up(self.company, self.cast)
        pack = find("standard")
        cycle = Cycle(
            id=CYCLE,
            label=CYCLE,
            start=CYCLE_START,
            end=CYCLE_END,
            review_on=REVIEW_ON,
            opened_on=FIRST_DAY,
            pack_name=pack.name,
            pack_version=pack.version,
            cadences=(CadenceRule("company", "", "monthly", CYCLE_START),),
        )
        with self.company.store.write() as tx:
            cycles.create(tx, cycle, pack.sources)
            reviews.note(tx, self.company.now, "command line", "cycle create", CYCLE, f"pack {pack.name} {pack.version}")
        goals = read_goals(self.listed("goals.csv", files.goals_csv(self.story)), "goals.csv")
        _require_good("goals.csv", goals.problems)
        self.goals, _ = importing.import_goals(self.company, goals.rows, cycle)
        if self.cast.away:
            leave = read_leave(self.listed("leave.csv", files.leave_csv(self.cast)), "leave.csv")
            _require_good("leave.csv", leave.problems)
            importing.import_leave(self.company, leave.rows)

    def listed(self, name: str, data: bytes) -> bytes:
        """Put a list beside the others, where a person can look at it."""
        folder = self.company.settings.home / IMPORTS
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
        return data

    def import_people(self, day: date) -> None:
        """The company's list of people as of *day*; after the first one, the proposal is accepted."""
        self.on(day)
        name = f"people-{day}.csv"
        read = read_people(self.listed(name, files.people_csv(self.cast, day)), name)
        _require_good(name, read.problems)
        proposed = importing.import_people(self.company, read.rows, None)
        if not proposed.done:
            importing.import_people(self.company, read.rows, proposed.proposal.hash)

    # ------------------------------------------------------------ a month

    def month(self, step: int) -> Month:
        """Documents are made, people write, a sync reads it; managers and colleagues write, a sync reads that."""
        moment = ROUNDS[step]
        if moment.planned > JOINER_KNOWN > ROUNDS[step - 1].others:
            self.import_people(JOINER_KNOWN)
        if moment.planned > MOVES > ROUNDS[step - 1].others:
            self.import_people(MOVES)
        if moment.planned > PAIRS_KNOWN > ROUNDS[step - 1].others:
            self.ask_for_feedback()
        documents = self.make_documents(moment.name, moment.planned)
        edits, entries = self.write(f"{moment.name}: people write", moment.own, self.story.own(step))
        more, found = self.write(f"{moment.name}: managers write", moment.others, self.story.others(step))
        return Month(moment.name, documents, edits + more, entries + found)

    def review_days(self) -> Month:
        """Self reviews and feedback are written; handing in a self review opens it to the manager."""
        written = [*reviewing.self_reviews(self.story), *reviewing.peer_feedback(self.story)]
        edits, entries = self.write("Self reviews and feedback", SELF_REVIEWS, written)
        return Month("Review", self.make_documents("Review", DRAFTS), edits, entries)

    def ask_for_feedback(self) -> None:
        """HR lists who is asked for feedback about whom."""
        self.on(PAIRS_KNOWN)
        if asked := reviewing.pairs(self.story):
            read = read_pairs(self.listed("feedback-pairs.csv", files.pairs_csv(asked)), "feedback-pairs.csv")
            _require_good("feedback-pairs.csv", read.problems)
            importing.import_pairs(self.company, read.rows, self.company.cycle(CYCLE))

    def make_documents(self, name: str, day: date) -> int:
        """Plan and apply on *day*; returns how many documents were made."""
        self.on(day)
        planned = make_plan(self.company, CYCLE)
        keep(self.company, planned)
        made = 0
        with progress(f"{name}: documents", len(planned.plan.writing)) as advance:
            for outcome in carry_out(self.company, CYCLE, planned.plan):
                made += outcome.result == "created"
                if outcome.result in BAD:
                    self.failed.append(f"{outcome.result}: {outcome.key}: {outcome.message}")
                advance(1)
        return made

    def write(self, what: str, day: date, edits: Iterable[Edit]) -> tuple[int, int]:
        """People edit their files by hand, then a sync reads them; returns the edits and the entries that it found."""
        where = self.documents()
        todo = list(edits)
        by_document: dict[str, list[Edit]] = {}
        for edit in todo:
            by_document.setdefault(where[_key(edit)], []).append(edit)
        with progress(what, len(todo)) as advance:

            def write(ref: str, edits: Iterable[Edit]) -> None:
                for edit in edits:
                    self.place.write(self.company, ref, edit)
                    advance(1)

            sound(Crew(self.place.hands, SystemClock()).all([partial(write, *one) for one in by_document.items()]))
        self.on(day)
        report = run_sync(self.company)
        self.failed += [
            f"sync: {one.subject}: {one.message}" for one in report.needs_person if one.kind in ("failed", "busy", "halted")
        ]
        return len(todo), len(report.new) + len(report.superseded)

    def documents(self) -> dict[Key, str]:
        """The ref of every document, by what people call it."""
        emails = {person.id: person.email for person in self.company.people}
        with self.company.store.read() as tx:
            known = artifacts.all_artifacts(tx, self.company.workspace.capabilities.name, CYCLE)
        return {
            (one.kind.value, emails.get(one.person_id, ""), emails.get(one.other_id, ""), one.due): one.ref for one in known
        }

    # ------------------------------------------------------------ reviews

    def review(self, months: tuple[Month, ...]) -> Report:
        """Drafts for everybody, into the managers' private documents; one is finished and released."""
        self.on(DRAFTS)
        desk = service.open_desk(self.company.store, CYCLE)
        reviewed = [one for one in self.company.people if one.active(DRAFTS) and one.manager_at(DRAFTS)]
        drafts, missing = make_drafts(self.company, desk, reviewed)
        own, missing_own = make_drafts(self.company, desk, reviewed, self_review=True)
        filled = push_drafts(self.company, desk, drafts)
        self.failed += [f"draft: {desk.directory.name(who)}: {why}" for who, why in (*missing.items(), *missing_own.items())]
        self.failed += [
            f"{one.result}: {desk.directory.name(one.draft.person_id)}: {one.message}"
            for one in filled
            if one.result != "filled"
        ]
        shown = reviewing.shown_first(self.story)
        released = self.release(desk, shown, drafts)
        figures, findings = look(self.company)
        self.failed += [
            f"{one.kind}: {one.subject}: {one.message}" for one in findings if one.kind in ("failed", "busy", "halted")
        ]
        return Report(
            home=str(self.company.settings.home),
            organisation=words("company")["organisation"],
            today=str(LAST_DAY),
            people=len(self.cast.members),
            teams=len(self.cast.teams),
            goals=self.goals,
            months=months,
            drafts=len(drafts),
            self_drafts=len(own),
            statements=sum(len(one.statements) for one in (*drafts, *own)),
            unsupported=int(str(figures["unsupported_statements"])),
            filled=sum(one.result == "filled" for one in filled),
            released=released,
            failed=tuple(dict.fromkeys(self.failed)),
            open=self.worth_opening(shown, released),
            someone=shown.name,
            status=figures,
            told=self.place.told(),
        )

    def release(self, desk: service.Desk, member: Member, drafts: Iterable[Draft]) -> dict[str, str]:
        """The manager strikes a sentence, writes a summary, chooses a rating, and shows the review."""
        about = self.company.person(member.email)
        draft = next(one for one in drafts if one.person_id == about.id)
        edit = reviewing.finished(self.story, member, _last_quotation(draft))
        self.on(LAST_DAY)
        self.place.write(self.company, self.documents()[_key(edit)], edit)
        run_sync(self.company)
        result = service.release(
            desk,
            self.company.workspace,
            self.company.workspace.capabilities.name,
            about.id,
            draft.writer_id,
            holder=self.company.holder,
            now=lambda: self.company.now,
            today=LAST_DAY,
        )
        run_sync(self.company)
        who = {"person": member.name, "by": edit.by.name}
        if isinstance(result, Refused):
            self.failed += [f"release of {member.name} refused: {one.sentence}: {one.reason}" for one in result.refusals]
            return who
        return who | {"file": self.place.shown(self.company, result.ref)}

    def worth_opening(self, member: Member, released: dict[str, str]) -> dict[str, str]:
        """Real documents of one person."""
        where = self.documents()
        last = max(one.check_in for one in ROUNDS if one.check_in)
        manager = member.manager_on(LAST_DAY)
        wanted = {
            "goal sheet": (Kind.GOAL_SHEET.value, member.email, "", None),
            "check-in": (Kind.CHECK_IN.value, member.email, "", last),
            "private review draft": (Kind.MANAGER_REVIEW.value, member.email, manager, None),
        }
        paths = {name: self.place.shown(self.company, where[key]) for name, key in wanted.items() if key in where}
        return paths | ({"released review": released["file"]} if "file" in released else {})


def _key(edit: Edit) -> Key:
    return edit.kind.value, edit.person, edit.other, edit.due


def _last_quotation(draft: Draft) -> str:
    """The beginning of the last quotation about the way of working, as it stands in the document."""
    quoted = [one for one in draft.statements if one.section == PATTERNS and one.kind is StatementKind.QUOTATION]
    return quoted[-1].text if len(quoted) > 3 else ""


def _require_good(name: str, problems: Iterable[object]) -> None:
    if wrong := list(problems):
        raise BadInput(f"{name} of the demo cannot be imported: {wrong[0]}")
