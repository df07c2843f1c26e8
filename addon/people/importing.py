"""What the import commands do, apart from how they print it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from addon.company import Company, new_id
from addon.setup.commands import ADMIN_SETTING
from addon.terminal import BadInput
from connectors.workspace import text_of
from sync.directory import Join, Move, Proposal, Update, apply_to, propose
from sync.directory import Leave as Leaves
from sync.feedback import Form, State
from sync.identity import has_left
from sync.records import Cycle, Entry, EntryKind, Figure, Goal, GoalValue, Leave, Pair, Person, Visibility, fingerprint
from sync.store.queries import feedback, ledger, people, reviews
from templates.shapes import Kind, TableShape

if TYPE_CHECKING:
    from connectors.people import PersonRow
    from connectors.people.csv_file import GoalRow, LeaveRow, PairRow
    from connectors.people.csv_reading import RowProblem


@dataclass(frozen=True)
class PeopleImport:
    """A proposal, whether it was carried out, and how many people are known now."""

    proposal: Proposal
    done: bool
    people: int

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {**self.proposal.as_json(), "hash": self.proposal.hash, "imported": self.done, "people": self.people}


def import_people(
    company: Company,
    rows: Sequence[PersonRow],
    accept: str | None,
    ids: Callable[[], str] = new_id,
    actor: str = "command line",
) -> PeopleImport:
    """Propose what *rows* mean; carry it out when nobody was imported before, or when *accept* names this proposal.

    *actor* is who does it, for the audit log.
    """
    with company.store.write() as tx:
        current = people.everyone(tx)
        admin = people.setting(tx, ADMIN_SETTING)
        # The first import is the company as it was: joiners have no first day of their own then.
        first = all(person.id == admin for person in current)
        proposal = _keeping(propose(current, rows, company.today, ids), admin)
        if first:
            proposal = _as_it_was(proposal, rows)
        if accept and not proposal.hash.startswith(accept.lower()):
            raise BadInput(
                f"the proposal is now {proposal.hash[:8]}, not {accept}: the file or the directory changed since; "
                "run the import without --accept and look again"
            )
        done = bool(first or accept or not proposal.changes)
        if done and proposal.changes:
            people.save(tx, _administered(_taking_part(apply_to(current, proposal), rows), admin))
            counts = ", ".join(f"{count} {kind}" for kind, count in proposal.counts().items() if count)
            reviews.note(tx, company.now, actor, "people import", proposal.hash[:16], counts)
            for person_id, what in [] if first else _who_sees_more(proposal):
                reviews.note(tx, company.now, actor, "access changed", person_id, what)
        return PeopleImport(proposal, done, people.count(tx))


def _who_sees_more(proposal: Proposal) -> Iterator[tuple[str, str]]:
    """Whose rights, or whose manager, the proposal changes, and how: such a change opens what others wrote."""
    for change in proposal.changes:
        match change:
            case Move(person=person, new_manager=manager):
                yield person.id, f"manager is now {manager.id if manager else 'nobody'}"
            case Update(person=person, fields=fields):
                yield from ((person.id, f"{one.old} to {one.new}") for one in fields if one.field == "access")
            case Join(person=person) if person.access != "none":
                yield person.id, f"joins with {person.access}"


def _keeping(proposal: Proposal, admin: str) -> Proposal:
    """Without the proposal that the first admin leaves, unless the address is another's: they may not be on the payroll."""
    taken = {change.person.email for change in proposal.changes if isinstance(change, Join)}
    kept = (
        change
        for change in proposal.changes
        if not (isinstance(change, Leaves) and change.person.id == admin and change.person.email not in taken)
    )
    return Proposal(tuple(kept))


def _taking_part(everyone: Sequence[Person], rows: Sequence[PersonRow]) -> list[Person]:
    """An admin takes part once the list of people names them."""
    listed = {row.email for row in rows}
    return [replace(person, takes_part=True) if person.email in listed else person for person in everyone]


def _administered(everyone: list[Person], admin: str) -> list[Person]:
    """Somebody must be able to administer: with no admin in the list, the first one stays it."""
    if any(person.access == "admin" for person in everyone):
        return everyone
    return [replace(person, access="admin") if person.id == admin else person for person in everyone]


def _as_it_was(proposal: Proposal, rows: Sequence[PersonRow]) -> Proposal:
    """Joiners of a first import keep the first day that the list gives, or none."""
    starts = {row.email: row.start for row in rows}
    changes = []
    for change in proposal.changes:
        person: Person = change.person
        if type(change).__name__ == "Join":
            changes.append(replace(change, person=replace(person, start=starts[person.email])))
        else:
            changes.append(change)
    return Proposal(tuple(changes))


_WORDS = ("unit", "status", "category", "commitment")
"""Columns for which a pack may offer a choice."""
_AMOUNTS = ("start", "target", "now")


def goal_problems(company: Company, rows: Sequence[GoalRow], cycle: Cycle) -> list[RowProblem]:
    """Words that the goal sheet of the cycle does not offer, and addresses that mean nobody."""
    offers = _offers(company, cycle)
    words = (problem for row in rows for problem in _word_problems(row, offers))
    return [*words, *address_problems(company, [(row.line, "email", row.email) for row in rows])]


def _offers(company: Company, cycle: Cycle) -> dict[str, tuple[str, ...]]:
    """The choices of the goal sheet by column; nothing for a column of free text."""
    template = company.pack(cycle).templates.get(Kind.GOAL_SHEET)
    columns = template.shape.columns if template and isinstance(template.shape, TableShape) else ()
    return {column.key: column.choices for column in columns if column.choices and column.key in _WORDS}


def _word_problems(row: GoalRow, offers: Mapping[str, tuple[str, ...]]) -> Iterator[RowProblem]:
    # Imported here: pages that import nobody need no reader.
    from connectors.people.csv_reading import RowProblem

    for name, choices in offers.items():
        word = getattr(row, name)
        if word and word.casefold() not in {choice.casefold() for choice in choices}:
            yield RowProblem(
                row.line, name, f"“{word}” is no word of the goal sheet: write {', '.join(choices)}, or leave it blank."
            )


def _as_offered(row: GoalRow, offers: Mapping[str, tuple[str, ...]]) -> GoalRow:
    """*row* with its words spelt as the goal sheet spells them."""
    spelt: dict[str, Any] = {}
    for name, choices in offers.items():
        word = getattr(row, name).casefold()
        spelt[name] = next((choice for choice in choices if choice.casefold() == word), getattr(row, name))
    return replace(row, **spelt)


def import_goals(company: Company, rows: Sequence[GoalRow], cycle: Cycle, source: str = "the list of goals") -> tuple[int, int]:
    """Add goals that are to be written into goal sheets; returns how many are new and how many were known.

    Their amounts go into the ledger, so that a sentence about them has a source: *source* names the file.
    """
    offers = _offers(company, cycle)
    with company.store.write() as tx:
        by_email = _addressed(company, people.everyone(tx), [(row.line, row.email) for row in rows])
        known = {(goal.person_id, goal.title.casefold()): goal for goal in ledger.goals(tx, cycle.id)}
        new: dict[tuple[str, str], Goal] = {}
        entries: list[Entry] = []
        for row in rows:
            key = (by_email[row.email].id, row.goal.casefold())
            if key not in known and key not in new:
                new[key] = _goal(_as_offered(row, offers), by_email[row.email], cycle, position=len(known) + len(new))
                entries += _amounts(new[key], company, f"{source}, line {row.line}")
        ledger.save_goals(tx, list(new.values()))
        ledger.append(tx, entries)
        ledger.add_goal_values(tx, [value for entry in entries if (value := _value(entry))])
        return len(new), len(rows) - len(new)


def _goal(row: GoalRow, person: Person, cycle: Cycle, position: int) -> Goal:
    key = f"g{fingerprint(cycle.id, person.id, row.goal.casefold())[:6]}"
    extra = {name: text for name, text in (("measure", row.measure), ("comment", row.comment)) if text}
    return Goal(
        id=f"{person.id}-{key}",
        person_id=person.id,
        cycle_id=cycle.id,
        artifact_key=f"{cycle.id}/{person.id}/goal-sheet",
        row_key=key,
        title=row.goal,
        position=position,
        start=row.start,
        target=row.target,
        now=row.now,
        unit=row.unit,
        weight=row.weight,
        due=row.due,
        status=row.status,
        category=row.category,
        commitment=row.commitment,
        parent=row.parent,
        objective=row.objective,
        written=False,
        extra=extra,
    )


def _amounts(goal: Goal, company: Company, place: str) -> Iterator[Entry]:
    """What the list says of a goal in figures, as entries of its row in the goal sheet."""
    for name in _AMOUNTS:
        amount = getattr(goal, name)
        if amount is not None:
            yield Entry(
                id=fingerprint("imported goal", goal.id, name),
                about=goal.person_id,
                by="",
                kind=EntryKind.GOAL_VALUE,
                text=text_of(amount),
                visibility=Visibility.SHARED,
                happened_on=company.today,
                recorded_at=company.now,
                artifact_key=goal.artifact_key,
                anchor=f"row:{goal.row_key}/{name}",
                place=f"{place}, {name.capitalize()}",
                figure=Figure(goal.id, name, amount, goal.unit[:20]),
            )


def _value(entry: Entry) -> GoalValue | None:
    """The first point of a goal's history."""
    figure = entry.figure
    return GoalValue(figure.goal_id, entry.happened_on, figure.value, entry.id) if figure and figure.column == "now" else None


def import_leave(company: Company, rows: Sequence[LeaveRow]) -> int:
    """Add leave; returns how many periods are new."""
    with company.store.write() as tx:
        by_email = _addressed(company, people.everyone(tx), [(row.line, row.email) for row in rows])
        return people.add_leave(tx, [Leave(by_email[row.email].id, row.first_day, row.last_day) for row in rows])


def import_pairs(company: Company, rows: Sequence[PairRow], cycle: Cycle) -> int:
    """Add feedback pairs; returns how many rows there are."""
    with company.store.write() as tx:
        given = [(row.line, email) for row in rows for email in (row.giver_email, row.person_email)]
        by_email = _addressed(company, people.everyone(tx), given)
        pairs = [Pair(by_email[row.giver_email].id, by_email[row.person_email].id) for row in rows]
        people.add_pairs(tx, cycle.id, pairs)
        return len(pairs)


def pair_problems(company: Company, rows: Sequence[PairRow], cycle: Cycle) -> list[RowProblem]:
    """Every pair whose giver is asked for an answer without a name: a signed document beside it would tell whose it is."""
    from connectors.people.csv_reading import RowProblem

    owners = _owners(company.people, company.today)
    with company.store.read() as tx:
        nameless = {
            (one.giver_id, one.person_id)
            for one in feedback.of_cycle(tx, cycle.id)
            if one.form is Form.ANONYMOUS and one.state is not State.DECLINED
        }
    return [
        RowProblem(
            row.line,
            "giver_email",
            f"{row.giver_email} is asked in the console for an answer without a name about {row.person_email}. Two texts by "
            "one hand, one of them signed, hide nobody: leave this row out.",
        )
        for row in rows
        if {(giver.id, whom.id) for giver in owners.get(row.giver_email, ()) for whom in owners.get(row.person_email, ())}
        & nameless
    ]


def _addressed(company: Company, everyone: Sequence[Person], given: Sequence[tuple[int, str]]) -> dict[str, Person]:
    """Whom each address means that is *given* with its line. Raises BadInput, with every line that means nobody or two."""
    owners = _owners(everyone, company.today)
    problems = [(line, reason) for line, email in given if (reason := _doubt(email, owners.get(email, ())))]
    if problems:
        told = "; ".join(f"line {line}: {reason}" for line, reason in problems)
        raise BadInput(f"{told}: nothing was imported; import the people first, or correct the addresses")
    return {email: owners[email][0] for _, email in given}


def address_problems(company: Company, given: Iterable[tuple[int, str, str]]) -> list[RowProblem]:
    """Every address, *given* with its line and column, that means nobody or two."""
    from connectors.people.csv_reading import RowProblem

    owners = _owners(company.people, company.today)
    return [
        RowProblem(line, column, f"{reason}: import the people first, or correct the address.")
        for line, column, email in given
        if email and (reason := _doubt(email, owners.get(email, ())))
    ]


def owners_of(company: Company) -> dict[str, Person]:
    """Whom each address means that means one person."""
    owners = _owners(company.people, company.today)
    return {email: those[0] for email, those in owners.items() if not _doubt(email, those)}


def _owners(everyone: Sequence[Person], today: date) -> dict[str, list[Person]]:
    """People by address. Who works here comes before who left, and a current address before a former one."""
    here = [(person.email, person) for person in everyone if not has_left(person, today)]
    left = [(person.email, person) for person in everyone if has_left(person, today)]
    former = [(email, person) for person in everyone for email in dict.fromkeys(person.former_emails)]
    return _grouped(former) | _grouped(left) | _grouped(here)


def _grouped(pairs: Sequence[tuple[str, Person]]) -> dict[str, list[Person]]:
    found: dict[str, list[Person]] = {}
    for email, person in pairs:
        found.setdefault(email, []).append(person)
    return found


def _doubt(email: str, owners: Sequence[Person]) -> str:
    """Why *email* means nobody in particular, "" when it means one person."""
    if not owners:
        return f"nobody has the e-mail address {email!r}"
    if len(owners) > 1:
        names = " and ".join(person.name for person in owners)
        return f"the e-mail address {email!r} was that of {names}: give the one that the person has now"
    return ""
