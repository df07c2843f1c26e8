"""Who may be asked for feedback about whom, and in which form: the same for a proposal, a question and a whole list."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from addon import keys
from addon.company import Company
from sync.access import Action, Directory, Paper, Phase, Viewer, can
from sync.feedback import Form, Request, State, mark_of
from sync.records import Cycle, Pair, Person
from sync.store import Transaction
from sync.store.queries import feedback, people
from templates.shapes import Kind

if TYPE_CHECKING:
    from connectors.people.csv_file import PairRow
    from connectors.people.csv_reading import RowProblem

READS = (
    "reads the answers about this person, and who counts their own among them sees fewer than there must be. "
    "A signed answer is possible."
)
ANSWERS = {Form.SIGNED: "a signed answer", Form.ANONYMOUS: "one without a name"}


def would_read(directory: Directory, asked: Request, today: date) -> bool:
    """Whether the giver of an anonymous answer is one of those who read all of them."""
    answers = Paper(Kind.PEER_FEEDBACK, asked.person_id, phase=Phase.SUBMITTED)
    return asked.form is Form.ANONYMOUS and can(Viewer(asked.giver_id, directory), Action.READ, answers, today)


def has_document(asked: Request, pairs: Container[Pair]) -> bool:
    """Whether a signed document of the same hand stands beside an anonymous answer, so that it hides nobody."""
    return asked.form is Form.ANONYMOUS and Pair(asked.giver_id, asked.person_id) in pairs


def keep(tx: Transaction, cycle: Cycle, asked: Request) -> None:
    """Ask. A signed request has a document too, which the next plan makes; an anonymous one must have none."""
    feedback.add(tx, asked)
    if asked.state is State.ASKED:
        with_document(tx, cycle, asked)


def with_document(tx: Transaction, cycle: Cycle, asked: Request) -> None:
    """Have the next plan make the document of a signed request."""
    if asked.form is Form.SIGNED:
        people.add_pairs(tx, cycle.id, [Pair(asked.giver_id, asked.person_id)])


def of_giver(company: Company, tx: Transaction, cycle_id: str, giver_id: str) -> tuple[Request, ...]:
    """What somebody is asked for, as they see it: they alone are told that they have given an answer without a name."""
    found = feedback.of_giver(tx, cycle_id, giver_id)
    nameless = any(one.form is Form.ANONYMOUS for one in found)
    given = feedback.marks(tx, cycle_id) if nameless else frozenset()
    return tuple(
        replace(one, state=State.GIVEN) if one.form is Form.ANONYMOUS and mark(company, one) in given else one for one in found
    )


def mark(company: Company, asked: Request) -> str:
    """What stands for an answer to this request."""
    return mark_of(asked, keys.derived(company.settings, "feedback"))


# ---------------------------------------------------------------- a whole list


@dataclass(frozen=True)
class Asked:
    """What became of a list: how many are asked now, how many stay as they were; with problems nobody is asked."""

    new: int = 0
    before: int = 0
    problems: tuple[RowProblem, ...] = ()


def ask_all(company: Company, cycle: Cycle, rows: Sequence[PairRow], form: Form) -> Asked:
    """Ask everybody of a list of pairs, all in one form, or nobody, with the reason for each row that stands in the way."""
    # Imported here: a page that reads no list needs no reader.
    from addon.people.importing import address_problems, owners_of
    from connectors.people.csv_reading import RowProblem

    given = [(row.line, name, getattr(row, name)) for row in rows for name in ("giver_email", "person_email")]
    if problems := address_problems(company, given):
        return Asked(problems=tuple(problems))
    by_email = owners_of(company)
    with company.store.write() as tx:
        known = {(one.giver_id, one.person_id): one for one in feedback.of_cycle(tx, cycle.id)}
        pairs = frozenset(people.pairs(tx, cycle.id))
        wanted, found = [], []
        for row in rows:
            giver, about = by_email[row.giver_email], by_email[row.person_email]
            asked = Request(cycle.id, giver.id, about.id, form, State.ASKED)
            if why := _refusal(company, asked, giver, about, known, pairs):
                found.append(RowProblem(row.line, "giver_email", why))
            wanted.append(asked)
        if found:
            return Asked(problems=tuple(found))
        new = [one for one in wanted if (one.giver_id, one.person_id) not in known]
        for one in new:
            keep(tx, cycle, one)
    return Asked(len(new), len(wanted) - len(new))


def _refusal(
    company: Company,
    asked: Request,
    giver: Person,
    about: Person,
    known: Mapping[tuple[str, str], Request],
    pairs: Container[Pair],
) -> str:
    """Why this row cannot be asked, "" when it can."""
    before = known.get((giver.id, about.id))
    if not giver.active(company.today) or not about.active(company.today):
        gone = about if giver.active(company.today) else giver
        return f"{gone.name} does not work here today."
    if giver.id == about.id:
        return f"{giver.name} would be asked about themself: a self review is the place for that."
    if would_read(company.directory, asked, company.today):
        return f"{giver.name} {READS}"
    if has_document(asked, pairs):
        return f"{giver.name} has a signed document about {about.name}: two texts by one hand, one of them signed, hide nobody."
    if before is not None and before.form is not asked.form:
        return f"{giver.name} was asked about {about.name} before, for {ANSWERS[before.form]}: take the row out."
    return ""
