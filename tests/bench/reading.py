"""Reading every file beside loading them with the libraries; and syncs of everything, of nothing and of one in a hundred."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from addon.demo import handwriting_docx, handwriting_xlsx
from addon.demo.handwriting import Hand, write
from addon.evidence.commands import run_sync
from connectors.workspace import Failed
from sync.records import Artifact
from sync.store.queries import artifacts
from templates.shapes import Kind
from tests.bench import plain
from tests.bench.company import CYCLE, Ground, goal_title
from tests.bench.table import Row, Time, best, timed

MOST_OF_PLAIN = 0.15
MOST_CHANGED = 0.5
MOST_FIRST = 8.0


def reading(ground: Ground, rounds: int = 2) -> Iterator[Row]:
    """Read every file with its shape; those of the sampled people with the libraries, in three ways."""
    known = _recorded(ground)
    shapes = {kind: template.shape for kind, template in ground.company.pack(CYCLE).templates.items()}
    wanted = [(one.ref, shapes[one.kind]) for one in known]
    times = []
    for _ in range(rounds):
        failed, took = timed(lambda: sum(isinstance(one, Failed) for one in ground.company.workspace.read(wanted)))
        assert not failed
        times.append(took)
    took, whole = best(times), ground.size / ground.sample
    people = {one.person_id for one in known}
    chosen = set(sorted(people)[: ground.sample])
    ours = [_path(ground, one) for one in known if one.person_id in chosen]
    theirs = plain.files(ground)
    plain.build_all(file for file in theirs if not file[0].exists())
    loaded = best(_each(plain.load, ours) for _ in range(rounds))
    read = best(_each(plain.read, ours) for _ in range(rounds))
    others = best(_each(plain.load, [path for path, _, _ in theirs]) for _ in range(rounds))
    yield Row(
        "read",
        f"{len(known):,} files with their shapes; libraries only loading the same files, without taking text out, "
        f"measured on {len(ours)} and scaled; best of {rounds}",
        took.wall / (loaded.wall * whole),
        "× plain",
        MOST_OF_PLAIN,
        f"{took}; {1000 * took.wall / len(known):.2f} ms a file, plain {1000 * loaded.wall / len(ours):.2f}; "
        f"in CPU time {took.cpu / (loaded.cpu * whole):.2g} ×\n"
        f"beside libraries that take the text out, too: {took.wall / (read.wall * whole):.2g} ×; "
        f"beside loading files as they write them: {took.wall / (others.wall * whole):.2g} ×",
    )


def _each(work: Callable[[Path], object], paths: Sequence[Path]) -> Time:
    return timed(lambda: [work(path) for path in paths])[1]


def syncing(ground: Ground, rounds: int = 3) -> Iterator[Row]:
    """The first sync looks at everything, the next ones at nothing, the last ones read what people changed by hand."""
    known = _recorded(ground)
    report, first = timed(lambda: run_sync(ground.company))
    assert (report.as_made, report.read) == (len(known), 0)
    yield Row("sync", f"the first one: {len(known):,} files as they were made", first.wall, "s", MOST_FIRST, str(first))
    quiet = best(_sync(ground, 0) for _ in range(rounds))
    yield Row(
        "sync", f"nothing changed among {len(known):,} files; best of {rounds}", quiet.wall, "s", MOST_CHANGED, str(quiet)
    )
    count = max(1, len(known) // 100)
    times = []
    for number in range(rounds):
        _edit(ground, known[number::rounds][:count], number)
        times.append(_sync(ground, count))
    yield Row(
        "sync",
        f"{count} of {len(known):,} files changed by hand; best of {rounds}",
        best(times).wall,
        "s",
        MOST_CHANGED,
        str(best(times)),
    )
    _edit(ground, known, rounds)
    whole = _sync(ground, len(known))
    yield Row("sync", f"everybody wrote in all of {len(known):,} files", whole.wall, "s", note=str(whole))


def _sync(ground: Ground, changed: int) -> Time:
    report, took = timed(lambda: run_sync(ground.company))
    assert (report.changed, report.read, report.failed) == (changed, changed, 0)
    return took


def _recorded(ground: Ground) -> tuple[Artifact, ...]:
    _ = ground.provisioned
    company = ground.company
    with company.store.read() as tx:
        return artifacts.all_artifacts(tx, company.workspace.capabilities.name)


def _path(ground: Ground, artifact: Artifact) -> Path:
    return ground.company.settings.workspace_dir / artifact.ref.removeprefix("shared/")


def _edit(ground: Ground, chosen: Sequence[Artifact], number: int) -> None:
    """Somebody types a value or a note into each of the files, in an office program of theirs."""
    at = datetime(2026, 1, 20, 9, tzinfo=UTC) + timedelta(days=number)
    strokes = {
        Kind.GOAL_SHEET: handwriting_xlsx.SetCells(goal_title(3), {"Now": 7.5 + number, "Status": "on track"}),
        Kind.CHECK_IN: handwriting_docx.Type(
            "What went well", (f"Closed the backlog of week {number}, with two days to spare.",)
        ),
        Kind.QUICK_NOTES: handwriting_docx.Type("What happened", (f"2026-01-2{number}: helped the new colleague to begin.",)),
    }
    for artifact in chosen:
        write(_path(ground, artifact), Hand("Ada Brandt"), at, (strokes[artifact.kind],))
