"""What a sync did, in short, in full, and as JSON. Places and ids, never what people wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sync.pull.foreign import FOREIGN
from sync.pull.report import FileRead, Noted, PullReport
from sync.records import Finding

_SHOWN = 3
"""Messages of one kind that one line of a terminal holds."""
_ACCEPT = "Halted before anything was written. If this is as it should be: throughline sync --accept-vanished"


def in_brief(report: PullReport) -> Iterator[str]:
    """What moved, what needs a person, and the figures, as lines."""
    if report.quiet:
        yield f"Nothing changed.{_still(report)}"
        return
    yield from _moves(report)
    yield from in_short(report.needs_person)
    yield _ACCEPT if report.halted else _figures(report)


def in_full(report: PullReport) -> Iterator[str]:
    """Every file with somebody's words, every place where something is new, and what needs a person, as lines."""
    if report.quiet:
        yield f"Nothing changed.{_still(report)}"
        return
    yield from _section("Read", _files(report))
    yield from _section("Kept under other notes", (_other(one) for one in report.other_notes))
    yield from _section("Moved or gone", _moves(report))
    yield from _section("Needs a person", map(sentence, report.needs_person))
    yield from _section("Said before, still to be done", map(sentence, report.standing))
    yield _ACCEPT if report.halted else _figures(report)


def _still(report: PullReport) -> str:
    return f" {report.still_failing} still cannot be read: throughline status." if report.still_failing else ""


def in_short(findings: Iterable[Finding]) -> Iterator[str]:
    """One line for those of a kind about one document, cut where they are many; so are files that are nobody's."""
    findings = list(findings)
    foreign = [finding for finding in findings if finding.kind == FOREIGN]
    if len(foreign) > _SHOWN:
        findings = [finding for finding in findings if finding.kind != FOREIGN]
        names = ", ".join(finding.subject for finding in foreign[:_SHOWN])
        yield (
            f"{FOREIGN}: {len(foreign)} files are not provisioned by Throughline and not read ({names} and "
            f"{len(foreign) - _SHOWN} more: throughline status); `throughline notes import` reads them."
        )
    for (_, kind), those in groupby(findings, lambda finding: (finding.subject, finding.kind)):
        yield f"{kind}: {_joined([finding.message for finding in those])}"


def _joined(messages: Sequence[str]) -> str:
    """Side by side, the file named once."""
    file = messages[0].partition(": ")[0] + ": "
    rest = [message.removeprefix(file) for message in messages[1:_SHOWN]]
    more = len(messages) - _SHOWN
    return " ".join((messages[0], *rest)) + (f" And {more} more of this kind: throughline status." if more > 0 else "")


def sentence(finding: Finding) -> str:
    """A finding as one line; its message names the file and the place."""
    return f"{finding.kind}: {finding.message}"


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    listed = list(lines)
    if listed:
        yield from (title, *(f"  {line}" for line in listed), "")


def _files(report: PullReport) -> Iterable[str]:
    changes = [
        *(("new", one) for one in report.new),
        *(("changed", one) for one in report.superseded),
        *(("taken out", one) for one in report.withdrawn),
    ]
    by_ref = {
        ref: list(those) for ref, those in groupby(sorted(changes, key=lambda each: each[1].ref), lambda each: each[1].ref)
    }
    for file in report.files:
        yield _file(file)
        for what, one in by_ref.get(file.ref, []):
            size = f", {one.characters} characters" if one.characters else ""
            yield f"  {what:9}  {one.place or 'private'} ({one.kind}{size})  [{one.entry_id}]"
        if file.ref not in by_ref:
            yield "  nothing that was not known"


def _file(file: FileRead) -> str:
    at = f"{file.modified_at:%Y-%m-%d %H:%M}" if isinstance(file.modified_at, datetime) else ""
    saved = " ".join(part for part in (f"by {file.modified_by}" if file.modified_by else "", at) if part)
    return f"{file.ref}{' (a copy)' if file.copy else ''}{f', saved {saved}' if saved else ''}"


def _other(one: Noted) -> str:
    if not one.place:
        return f"{one.ref}: a private text ({one.characters} characters)  [{one.entry_id}]"
    where = f"under {one.heading!r}" if one.heading else "outside every section"
    return f"{one.ref}: {where}, {one.place} ({one.characters} characters)  [{one.entry_id}]"


def _moves(report: PullReport) -> Sequence[str]:
    return [
        *(f"moved: {former} → {ref}" for former, ref in report.moved),
        *(f"unlinked: {ref} is gone; its evidence is kept" for ref in report.unlinked),
    ]


def _figures(report: PullReport) -> str:
    said = f" {len(report.standing)} said before still to be done: throughline status." if report.standing else ""
    return (
        f"{report.changed} changed, {_as_made(report)}{report.read} read: {len(report.new)} new entries, "
        f"{len(report.superseded)} changed, {len(report.withdrawn)} taken out, {len(report.other_notes)} under other notes, "
        f"{report.failed} failed.{said}"
    )


def _as_made(report: PullReport) -> str:
    return f"{report.as_made} of them as they were made, " if report.as_made else ""


def as_json(report: PullReport) -> dict[str, Any]:
    """The whole report."""
    return {
        "changed": report.changed,
        "read": report.read,
        "as_made": report.as_made,
        "files": [_file_json(one) for one in report.files],
        "new": [_noted(one) for one in report.new],
        "superseded": [_noted(one) for one in report.superseded],
        "withdrawn": [_noted(one) for one in report.withdrawn],
        "other_notes": [_noted(one) for one in report.other_notes],
        "moved": [{"from": former, "to": ref} for former, ref in report.moved],
        "unlinked": list(report.unlinked),
        "failed": report.failed,
        "still_failing": report.still_failing,
        "needs_person": [_finding(finding) for finding in report.needs_person],
        "standing": [_finding(finding) for finding in report.standing],
        "halted": list(report.halted),
    }


def _file_json(one: FileRead) -> dict[str, Any]:
    at = one.modified_at.isoformat() if one.modified_at else None
    return {"ref": one.ref, "artifact": one.key, "modified_by": one.modified_by, "modified_at": at, "copy": one.copy}


def _noted(one: Noted) -> dict[str, Any]:
    return {
        "ref": one.ref,
        "place": one.place,
        "evidence": one.entry_id,
        "kind": one.kind,
        "heading": one.heading,
        "characters": one.characters,
    }


def _finding(finding: Finding) -> dict[str, str]:
    return {"subject": finding.subject, "kind": finding.kind, "message": finding.message}
