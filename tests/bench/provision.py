"""Provisioning a company, beside building the same files with the libraries; and applying again with nothing to do."""

from __future__ import annotations

from collections.abc import Iterator

from addon.provisioning.planning import approved_plan, carry_out, make_plan
from tests.bench import plain
from tests.bench.company import GOALS, THREE, Ground
from tests.bench.table import Row, best, timed

MOST_OF_PLAIN = 0.15
MOST_AGAIN = 1.0


def provisioning(ground: Ground) -> Iterator[Row]:
    """A sample the plain way, half of it before and half after, so that both sides have the same neighbours."""
    files = plain.files(ground)
    half = len(files) // 2
    _, before = timed(lambda: plain.build_all(files[:half]))
    took = ground.provisioned
    _, after = timed(lambda: plain.build_all(files[half:]))
    wall, cpu = (before.wall + after.wall) / ground.sample, (before.cpu + after.cpu) / ground.sample
    yield Row(
        "provision",
        f"{ground.size:,} people, {len(THREE)} files each ({GOALS} goals a sheet), planned, applied and durable; "
        f"plain libraries measured on {ground.sample} people and scaled",
        took.wall / (wall * ground.size),
        "× plain",
        MOST_OF_PLAIN,
        f"{took}; {1000 * took.wall / ground.size:.1f} ms a person, plain {1000 * wall:.0f}; "
        f"in CPU time {took.cpu / (cpu * ground.size):.2g} ×",
    )


def again(ground: Ground, rounds: int = 3) -> Iterator[Row]:
    """`throughline apply` with a plan that was done already, and `throughline plan` where nothing is to do."""
    _ = ground.provisioned
    company, hash_ = ground.company, ground.plan
    planning, applying = [], []
    for _ in range(rounds):
        planned, took = timed(lambda: make_plan(company))
        assert not planned.plan.writing
        planning.append(took)
        outcomes, took = timed(lambda: list(carry_out(company, *approved_plan(company, hash_))))
        assert {outcome.result for outcome in outcomes} == {"unchanged"}
        applying.append(took)
    yield Row(
        "again",
        f"apply a plan of {len(THREE) * ground.size:,} files a second time (survey, plan, apply); best of {rounds}",
        best(applying).wall,
        "s",
        MOST_AGAIN,
        f"{best(applying)}; planning alone {best(planning)}",
    )
