"""Look at the store and the workspace once, and draw up a plan from what was seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TypeVar

from connectors.workspace import Capabilities, Found, Grants, KnowsMembers, Workspace
from sync.provision.contents import Content, content_for, with_row_keys
from sync.provision.plan import Plan, plan
from sync.provision.wanted import LEAD_DAYS, Wanted, wanted
from sync.records import ActionItem, Artifact, Cycle, Goal, Leave, Pair, Person
from sync.store.database import Store
from sync.store.queries import artifacts, ledger, people
from templates.shapes import Pack

_Item = TypeVar("_Item", Goal, ActionItem)


@dataclass(frozen=True)
class Survey:
    """Everything that planning and applying a cycle rest on, as it was at one moment."""

    cycle: Cycle
    pack: Pack
    today: date
    directory: Mapping[str, Person]
    leave: tuple[Leave, ...]
    pairs: tuple[Pair, ...]
    recorded: tuple[Artifact, ...]
    goals: Mapping[str, tuple[Goal, ...]]
    """By person."""
    actions: Mapping[str, tuple[ActionItem, ...]]
    """By person."""
    capabilities: Capabilities
    existing: Set[str]
    """Those of the recorded refs at which something stands."""
    found: Mapping[str, tuple[str, ...]]
    """Where the keys of open intents and of vanished artifacts stand."""
    attempted: Set[str]
    """The keys of open intents."""
    strangers: Set[str] = frozenset()
    """Addresses of people who are not in the workspace yet, where it tells: they get access once they are."""

    @cached_property
    def recorded_keys(self) -> Set[str]:
        """The keys of what was made."""
        return {artifact.key for artifact in self.recorded}

    @cached_property
    def unwritten(self) -> dict[str, tuple[Goal, ...]]:
        """Imported goals that are not in a sheet yet, by person."""
        waiting = {who: tuple(g for g in goals if not g.written and not g.removed) for who, goals in self.goals.items()}
        return {who: goals for who, goals in waiting.items() if goals}

    def content(self, one: Wanted) -> Content:
        """What *one* holds when it is made now."""
        person = self.directory.get(one.person_id)
        manager = self.directory.get(person.manager_at(one.due or self.today)) if person else None
        return content_for(
            one,
            self.pack,
            self.cycle,
            person=person,
            manager=manager,
            other=self.directory.get(one.other_id),
            goals=self.goals.get(one.person_id, ()),
            actions=self.actions.get(one.person_id, ()),
        )

    def with_row_keys(self, new_key: Callable[[], str]) -> Survey:
        """The same with a row key for every goal that is not in a sheet yet."""
        keyed = {who: with_row_keys(goals, new_key) for who, goals in self.goals.items() if who in self.unwritten}
        return replace(self, goals={**self.goals, **keyed})


def look(store: Store, workspace: Workspace, cycle: Cycle, pack: Pack, today: date) -> Survey:
    """Survey *cycle*. Raises WorkspaceError when the workspace cannot be used."""
    capabilities = workspace.capabilities
    with store.read() as tx:
        directory = {person.id: person for person in people.everyone(tx)}
        leave, pairs = people.leave(tx), people.pairs(tx, cycle.id)
        recorded = artifacts.all_artifacts(tx, capabilities.name, cycle.id)
        goals, actions = ledger.goals(tx, cycle.id), ledger.actions(tx, cycle.id)
        attempted = frozenset(artifacts.open_intents(tx, capabilities.name))
        copies = {finding.subject for finding in ledger.findings(tx, capabilities.name) if finding.kind == "copy"}
    existing = workspace.exists(artifact.ref for artifact in recorded)
    lost = {artifact.key: artifact.ref for artifact in recorded if artifact.ref not in existing}
    found = {
        key: tuple(ref for ref in refs if key not in lost or workspace.akin(ref, lost[key]))
        for key, refs in where(workspace, {*attempted, *lost}, without=copies).items()
    }
    return Survey(
        cycle=cycle,
        pack=pack,
        today=today,
        directory=directory,
        leave=leave,
        pairs=pairs,
        recorded=recorded,
        goals=_by_person(goals),
        actions=_by_person(actions),
        capabilities=capabilities,
        existing=existing,
        found=found,
        attempted=attempted,
        strangers=_strangers(workspace, directory, recorded, today),
    )


def _strangers(workspace: Workspace, directory: Mapping[str, Person], recorded: Iterable[Artifact], today: date) -> Set[str]:
    """Those who have access to nothing yet and are not in the workspace. Who was given access once was found in it."""
    if not isinstance(workspace, KnowsMembers):
        return frozenset()
    granted = {address for artifact in recorded for address in (*artifact.writers, *artifact.readers)}
    concerned = {person.email for person in directory.values() if person.active(today) and _may_have_access(person)}
    return workspace.strangers(sorted(concerned - granted)) if concerned - granted else frozenset()


def _may_have_access(person: Person) -> bool:
    return person.takes_part or person.access == "hr"


def draw_up(seen: Survey, lead_days: int = LEAD_DAYS, submitted: Set[str] = frozenset()) -> Plan:
    """The plan for what was *seen*; *submitted* are the keys of self reviews whose manager may read them."""
    people_in_order: Sequence[Person] = tuple(seen.directory.values())
    wishes = wanted(people_in_order, seen.leave, seen.pairs, seen.cycle, seen.pack, seen.today, lead_days, submitted)
    return plan(
        [_for_members(one, seen) for one in wishes if one.kind not in seen.capabilities.withheld],
        seen.recorded,
        seen.existing,
        seen.found,
        seen.unwritten,
        seen.capabilities,
        seen.capabilities.name,
        seen.attempted,
        {person.id for person in people_in_order if person.end is not None and person.end < seen.today},
    )


def _for_members(one: Wanted, seen: Survey) -> Wanted:
    """Without those who are not in the workspace yet. What has to be made waits for those who are to write in it."""
    if seen.strangers.isdisjoint((*one.grants.writers, *one.grants.readers)):
        return one
    readers = tuple(address for address in one.grants.readers if address not in seen.strangers)
    if one.key not in seen.recorded_keys:
        return replace(one, grants=replace(one.grants, readers=readers))
    writers = tuple(address for address in one.grants.writers if address not in seen.strangers)
    return replace(one, grants=Grants(writers, readers))


def where(workspace: Workspace, keys: Set[str], without: Set[str] = frozenset()) -> dict[str, tuple[str, ...]]:
    """The refs at which each of *keys* stands, those of *without* aside. Asks the workspace only when there are keys."""
    by_key: dict[str, list[str]] = defaultdict(list)
    for hit in _hits(workspace, keys):
        if hit.ref not in without:
            by_key[hit.key].append(hit.ref)
    return {key: tuple(refs) for key, refs in sorted(by_key.items())}


def _hits(workspace: Workspace, keys: Set[str]) -> Iterator[Found]:
    return workspace.find(sorted(keys)) if keys else iter(())


def _by_person(items: Iterable[_Item]) -> dict[str, tuple[_Item, ...]]:
    grouped: dict[str, list[_Item]] = defaultdict(list)
    for item in items:
        grouped[item.person_id].append(item)
    return {who: tuple(some) for who, some in grouped.items()}
