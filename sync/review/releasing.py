"""The explicit, logged act by which a manager shows a finished review to its subject."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from connectors.workspace import (
    Adopted,
    Created,
    Document,
    DocumentContent,
    Failed,
    Grants,
    Home,
    NewItem,
    NewRow,
    Workspace,
    as_read,
)
from sync.access import Action, Phase, Viewer, visible
from sync.pull.serial import from_json, to_json
from sync.records import Artifact, Draft, Entry, EntryKind, Person, Release, fingerprint
from sync.review.desk import (
    Desk,
    ReviewError,
    acting_day,
    lease,
    material_of,
    paper_of,
    require,
    review_key,
    strayed,
    titles_of,
)
from sync.review.guard import Violation, stale
from sync.review.language import is_growth
from sync.review.material import Material
from sync.review.notice import Ground, announced
from sync.review.release import FOR_YOU, RATING, SUMMARY, Refusal, Sections, check, filled_rows, released_content, unfit
from sync.review.sources import SOURCES, listed
from sync.review.surprise import Knowledge
from sync.review.wording import GROWTH, SECTIONS
from sync.store import Transaction
from sync.store.queries import artifacts, ledger, reviews
from templates.meanings import NOT_RELEASED
from templates.shapes import DocumentShape, Kind, SectionBody


@dataclass(frozen=True)
class Released:
    """The review stands where its subject reads it. *already* when an earlier release put it there."""

    release: Release
    title: str
    ref: str
    already: bool = False


@dataclass(frozen=True)
class Refused:
    """The review was not released, because of these sentences."""

    refusals: tuple[Refusal, ...]


def release(
    desk: Desk,
    workspace: Workspace,
    name: str,
    person_id: str,
    by: str,
    *,
    holder: str,
    now: Callable[[], datetime],
    today: date,
    correction: str = "",
) -> Released | Refused:
    """Show the finished review to its subject, in a new document; the manager's stays private.

    The text is read afresh from the manager's review document. A second release changes nothing, unless it is a
    *correction*, with its reason: then a new version stands beside the former ones. Raises ReviewError when *by* may not
    release it or there is nothing to release, LeaseHeld when somebody else writes to the workspace.
    """
    person = desk.person(person_id)
    with desk.store.read() as tx:
        done = reviews.releases(tx, desk.cycle.id).get(person_id)
        standing = artifacts.get(tx, done.artifact_key) if done else None
    _require_right(desk, person_id, by, done, correction, today)
    already = (
        Released(done, standing.title if standing else "", standing.ref if standing else "", already=True) if done else None
    )
    if already is not None and not correction:
        return already
    with lease(desk.store, name, holder, now):
        document, written = _as_it_is(desk, workspace, person, by)
        final, rating = _typed(_texts(document), written), _rating(document, desk.template(Kind.RELEASED_REVIEW)[1])
        with desk.store.read() as tx:
            ground = _Ground.load(desk, tx, person, by, acting_day(desk, today))
        final, surprises = _announced(final, ground, today)
        with_rating = {**final, RATING: (*final.get(RATING, ()), *(str(text) for row in rating for text in row.cells.values()))}
        shape = desk.template(Kind.MANAGER_REVIEW)[1]
        checked = {**with_rating, "correction": (correction,)} if correction else with_rating
        refusals = check(checked, ground.hidden, ground.known, ground.changed) + unfit(document, written, shape)
        named = [one.sentence for one in refusals if one.sentence]
        refusals += tuple(one for one in surprises if not any(sentence in one.sentence for sentence in named))
        if refusals:
            with desk.store.write() as tx:
                reviews.note(tx, now(), by, "release-refused", f"{desk.cycle.id}/{person_id}", _counted(refusals))
            return Refused(refusals)
        text_hash = fingerprint(sorted((key, list(texts)) for key, texts in with_rating.items()))
        if already is not None and already.release.text_hash == text_hash:
            return already
        version = already.release.version + 1 if already else 1
        item = _item(desk, person, by, final, rating, ground, today, version, correction)
        done = Release(desk.cycle.id, person.id, ground.draft_id, by, now(), item.key, text_hash, version, correction)
        return _show(desk, workspace, name, person, item, done)


def _require_right(desk: Desk, person_id: str, by: str, done: Release | None, correction: str, today: date) -> None:
    if correction and done is None:
        raise ReviewError("nothing was released yet, so there is nothing to correct: release it without a correction")
    if correction:
        require(desk, by, Action.CORRECT, paper_of(person_id, by, Phase.RELEASED), today, "correct")
    else:
        require(desk, by, Action.RELEASE, paper_of(person_id, by, Phase.DRAFT), today, "release")


def _announced(final: Sections, ground: _Ground, today: date) -> tuple[Sections, tuple[Refusal, ...]]:
    """*final* with its growth points as their reader may get them, and those that would be news."""
    notice, voice = ground.notice(final), ground.material.voice
    growth = announced(final.get(GROWTH, ()), notice, today, voice)
    summary = announced(final.get(SUMMARY, ()), notice, today, voice, is_growth)
    told = {**final, GROWTH: growth.lines, SUMMARY: summary.lines}
    return told, (*summary.refusals, *growth.refusals)


@dataclass(frozen=True)
class _Ground:
    """What a final text is judged by."""

    material: Material
    shared: tuple[Entry, ...]
    hidden: tuple[Entry, ...]
    seen: tuple[Entry, ...]
    changed: tuple[Violation, ...]
    titles: Mapping[str, str]
    made: tuple[Draft, ...]
    own: tuple[Entry, ...]
    """The writer's sentences in the review document, as the ledger has them."""
    knows: Knowledge
    draft_id: str
    """The latest draft that the text may have come from, "" when there was none."""

    @property
    def known(self) -> tuple[str, ...]:
        """Texts that the reader has: the entries they may see, and the titles of their own goals, imported ones too."""
        return (*(entry.text for entry in self.seen), *(goal.title for goal in self.material.goals))

    def notice(self, final: Sections) -> Ground:
        """What the growth points of *final* may rest on."""
        numbered = listed(final.get(SOURCES, ()), self.shared, self.titles, self.material.voice)
        return Ground(self.made, self.own, numbered, self.knows)

    @classmethod
    def load(cls, desk: Desk, tx: Transaction, person: Person, by: str, today: date) -> _Ground:
        """All that was ever noted about the person, and what the writer knows of the others they manage."""
        material = material_of(desk, tx, person.id)
        own_document = review_key(desk.cycle.id, person.id, by)
        noted = {entry.id: entry for entry in _ever_noted(tx, person.id) if entry.artifact_key != own_document}
        reader = Viewer(person.id, desk.directory)
        seen = visible(reader, noted.values(), today)
        others = [one for one in desk.directory.reports_at(by, today) if one.id != person.id]
        known = {entry.id for entry in seen}
        elsewhere = [entry for one in others for entry in _ever_noted(tx, one.id) if _tells(entry)]
        theirs = {entry.id for entry in visible(reader, elsewhere, today)}
        hidden = [entry for entry in noted.values() if entry.id not in known]
        hidden += [entry for entry in elsewhere if entry.id not in theirs]
        made = reviews.drafts_between(tx, desk.cycle.id, person.id, by, person.id)
        shared = material.shared(by, person.id, today)
        changed, latest = _changed(made, material, today), made[0].id if made else ""
        own = tuple(one for one in material.entries if one.artifact_key == own_document)
        decided = reviews.decisions(tx, desk.cycle.id, by, person.id)
        writer = Viewer(by, desk.directory)
        knows = Knowledge(reader, writer, material.entries, ledger.lineage(tx, material.entries), decided, today)
        return cls(material, shared, tuple(hidden), seen, changed, titles_of(tx, shared), made, own, knows, latest)


def _tells(entry: Entry) -> bool:
    """Whether the words of a teammate's entry are a secret: figures, dates and titles of goals recur from sheet to sheet."""
    of_a_sheet = entry.kind in (EntryKind.GOAL, EntryKind.GOAL_VALUE)
    return not of_a_sheet or entry.anchor.endswith("/comment")


def _ever_noted(tx: Transaction, person_id: str) -> tuple[Entry, ...]:
    """Every entry about a person, those included that were edited or taken out since: their words are as private."""
    found = {entry.id: entry for entry in ledger.about(tx, person_id)}
    for entries in ledger.of_artifacts(tx, [one.key for one in artifacts.of_person(tx, person_id)]).values():
        found.update((entry.id, entry) for entry in entries if entry.about == person_id)
    return tuple(entry for entry in found.values() if entry.text.strip())


def _changed(drafts: Sequence[Draft], material: Material, today: date) -> tuple[Violation, ...]:
    """Stale statements of every draft the text may have come from, but for those that another draft says truly."""
    found = {one.id: stale(one, material, today) for one in drafts}
    outdated = [violation for one in drafts for violation in found[one.id]]
    gone = {one.id: {violation.statement for violation in found[one.id]} for one in drafts}
    true = {statement.text for one in drafts for statement in one.statements if statement not in gone[one.id]}
    return tuple(violation for violation in outdated if violation.statement.text not in true)


def _as_it_is(desk: Desk, workspace: Workspace, person: Person, by: str) -> tuple[Document, Document]:
    """The manager's review document as it is now, and what the program wrote there."""
    _, shape = desk.template(Kind.MANAGER_REVIEW)
    key = review_key(desk.cycle.id, person.id, by)
    with desk.store.read() as tx:
        artifact = artifacts.get(tx, key)
        ground = artifacts.grounds(tx, [key])
    if artifact is None or not artifact.ref:
        raise ReviewError(
            f"{person.name} has no review document by {desk.directory.name(by)}: run `throughline plan` and `apply`"
        )
    if why := strayed(desk, artifact):
        raise ReviewError(why)
    read = next(iter(workspace.read([(artifact.ref, shape)])))
    if isinstance(read, Failed):
        raise ReviewError(f"the review document “{artifact.title}” cannot be read: {read.reason}")
    if not isinstance(read.content, Document):
        raise ReviewError(f"“{artifact.title}” is not a document; put the review document back where it was")
    if read.content.left_overs:
        left = read.content.left_overs[0]
        raise ReviewError(
            f"“{left.text}” ({left.place}) stands in no section of “{artifact.title}”: move it into one or delete it"
        )
    written = from_json(ground[key])
    return read.content, written if isinstance(written, Document) else Document(())


def _typed(texts: Sections, ground: Document) -> Sections:
    """*texts* without what was provisioned around them (the rating scale); drafted sentences count as the writer's."""
    ours = _texts(ground)
    drafted = (*SECTIONS, SOURCES)
    kept = {
        key: tuple(text for text in inside if key in drafted or text not in ours.get(key, ())) for key, inside in texts.items()
    }
    return {key: inside for key, inside in kept.items() if inside}


def _texts(document: Document) -> dict[str, tuple[str, ...]]:
    """Paragraphs by section; what stands under a heading of the writer's own belongs to the section above it."""
    found: dict[str, list[str]] = {}
    section = "summary"
    for part in document.parts:
        section = part.section or section
        if section in (*NOT_RELEASED, FOR_YOU):
            continue
        own_heading = [] if part.section or not part.heading else [part.heading]
        found.setdefault(section, []).extend(text for text in (*own_heading, *part.paragraphs) if text.strip())
    return {key: tuple(texts) for key, texts in found.items() if texts}


def _rating(document: Document, shown: DocumentShape) -> tuple[NewRow, ...]:
    """The rows of the rating in which a person chose something, where the pack shows a table of them."""
    section = shown.section(RATING)
    if section is None or section.body is not SectionBody.TABLE:
        return ()
    columns = {column.key for column in section.columns}
    rows = filled_rows(document)
    filled = ({key: cell.text for key, cell in row.cells.items() if key in columns and cell.text.strip()} for row in rows)
    return tuple(NewRow("", cells) for cells in filled if cells)


def _show(desk: Desk, workspace: Workspace, name: str, person: Person, item: NewItem, done: Release) -> Released:
    """Create the released document, then record it with the release. The audit trail says beforehand that it is coming."""
    subject = f"{desk.cycle.id}/{person.id}"
    with desk.store.write() as tx:
        reviews.note(tx, done.at, done.by, "release-begun", subject)
    made = next(iter(workspace.create([item])))
    if isinstance(made, Failed):
        raise ReviewError(f"the review of {person.name} could not be put in place: {made.reason}")
    if isinstance(made, Adopted):
        _require_same_text(workspace, made, item)
    with desk.store.write() as tx:
        artifacts.record(tx, name, [(_artifact(desk, person, done.by, item, made), to_json(as_read(item.content)))])
        reviews.save_release(tx, done)
        reviews.note(tx, done.at, done.by, "release" if done.version == 1 else "correct", subject, item.key)
    return Released(done, item.title, made.ref)


def _item(
    desk: Desk,
    person: Person,
    by: str,
    final: Sections,
    rating: tuple[NewRow, ...],
    ground: _Ground,
    today: date,
    version: int,
    correction: str,
) -> NewItem:
    template, shape = desk.template(Kind.RELEASED_REVIEW)
    writer = desk.person(by)
    sources = listed(final.get(SOURCES, ()), ground.shared, ground.titles, ground.material.voice)
    facts: tuple[tuple[str, str], ...] = (("Employee", person.name), ("Manager", writer.name), ("Period", desk.cycle.label))
    if version > 1:
        facts = (*facts, ("Version", f"{version}; the former one stays"), ("Corrected because", correction))
    content = released_content(shape, final, sources, ground.titles, ground.material.voice, rating, facts)
    role = desk.pack.role_for(person.role).title
    title = template.title
    for placeholder, word in (("person", person.name), ("manager", writer.name), ("cycle", desk.cycle.label), ("role", role)):
        title = title.replace(f"{{{placeholder}}}", word)
    hr = {one.email for one in desk.directory.people if one.access == "hr" and one.active(today)}
    readers = tuple(sorted({person.email, writer.email} | hr))
    home = Home(template.place, person.id, person.name, (desk.cycle.label,))
    key = f"{desk.cycle.id}/{person.id}/{Kind.RELEASED_REVIEW}"
    if version > 1:
        key, title = f"{key}/{version}", f"{title} (version {version})"
    return NewItem(key, Kind.RELEASED_REVIEW, title, home, content, Grants((), readers), person.email)


def _require_same_text(workspace: Workspace, made: Adopted, item: NewItem) -> None:
    """An earlier release was cut off after its document was made: it is taken over only when it says the same."""
    assert isinstance(item.content, DocumentContent)
    read = next(iter(workspace.read([(made.ref, item.content.shape)])))
    wanted = as_read(item.content)
    assert isinstance(wanted, Document)
    if isinstance(read, Failed) or not isinstance(read.content, Document) or _texts(read.content) != _texts(wanted):
        raise ReviewError(
            f"a review with another text already stands at {made.ref}, left by a release that was cut off. Compare the two, "
            "move that document away and release again."
        )


def _artifact(desk: Desk, person: Person, by: str, item: NewItem, made: Created | Adopted) -> Artifact:
    return Artifact(
        key=item.key,
        kind=Kind.RELEASED_REVIEW,
        cycle_id=desk.cycle.id,
        person_id=person.id,
        other_id=by,
        due=None,
        place=item.home.place,
        title=item.title,
        ref=made.ref,
        version=made.version,
        writers=item.grants.writers,
        readers=item.grants.readers,
    )


def _counted(refusals: Sequence[object]) -> str:
    return f"{len(refusals)} {'sentence' if len(refusals) == 1 else 'sentences'}"
