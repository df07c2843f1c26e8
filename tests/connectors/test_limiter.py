"""Limiters let through as much as is allowed in any stretch of time, and nothing above it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.limiter import Limiter, MemoryLimiter, Rule, SystemClock, Window, always, earliest, for_keys
from sync.store import Store
from sync.store.limiter import StoreLimiter
from tests.effort import examples


class Hand:
    """A clock that moves when somebody sleeps on it."""

    def __init__(self) -> None:
        self.at = 0.0
        self.slept: Callable[[], None] = lambda: None

    def now(self) -> datetime:
        """The date and time."""
        return datetime(2026, 3, 2, tzinfo=UTC) + timedelta(seconds=self.at)

    def monotonic(self) -> float:
        """Seconds since the start."""
        return self.at

    def sleep(self, seconds: float) -> None:
        """Move on."""
        self.at += max(0.0, seconds)
        self.slept()


Make = Callable[[Rule, Hand], Limiter]


@pytest.fixture(params=["memory", "store"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    """How a limiter is made: in memory, or in a database of its own."""
    if request.param == "memory":
        yield MemoryLimiter
        return
    store = Store.open(f"sqlite:///{tmp_path / 'quota.db'}")
    yield lambda rule, clock: StoreLimiter(store, rule, clock)
    store.close()


def test_a_window_that_is_full_lets_the_next_one_in_when_the_first_has_aged(make: Make) -> None:
    """Three in ten seconds at once; the fourth waits for the first of them."""
    clock = Hand()
    limiter = make(always(Window(3, 10)), clock)
    moments = []
    for _ in range(7):
        limiter.acquire("a")
        moments.append(round(clock.at, 3))
    assert moments == [0, 0, 0, 10, 10, 10, 20]


def test_keys_have_quotas_of_their_own_and_costs_weigh(make: Make) -> None:
    """A costly call takes more of the window; another key has its own; one that no rule names is free."""
    clock = Hand()
    limiter = make(for_keys([("user:", (Window(4, 60),))]), clock)
    limiter.acquire("user:a", 3)
    limiter.acquire("user:b", 3)
    for _ in range(50):
        limiter.acquire("other")
    assert clock.at == 0
    limiter.acquire("user:a", 2)
    assert clock.at == pytest.approx(60)


def test_the_strictest_of_several_windows_decides(make: Make) -> None:
    """A short window and a long one hold at the same time."""
    clock = Hand()
    limiter = make(always(Window(2, 1), Window(5, 100)), clock)
    moments = []
    for _ in range(6):
        limiter.acquire("a")
        moments.append(round(clock.at, 3))
    assert moments == [0, 0, 1, 1, 2, 100]


def test_what_never_fits_is_said(make: Make) -> None:
    """A cost above the window would wait for ever."""
    with pytest.raises(ValueError, match="never fit"):
        make(always(Window(3, 10)), Hand()).acquire("a", 4)


@pytest.mark.parametrize("rule", [always(Window(3, 10)), always()], ids=["limited", "free"])
def test_a_penalty_makes_everybody_wait_who_shares_the_key(make: Make, rule: Rule) -> None:
    """Nothing is spent before it is over, whatever is left of the window."""
    clock = Hand()
    limiter = make(rule, clock)
    limiter.acquire("a")
    limiter.penalise("a", 90)
    limiter.penalise("a", 5)
    limiter.acquire("b")
    assert clock.at == 0
    limiter.acquire("a")
    assert clock.at == pytest.approx(90)


def test_a_penalty_holds_for_those_who_wait_already(make: Make) -> None:
    """Who slept for their turn finds the pause when they wake, and waits for its end, too."""
    clock = Hand()
    limiter = make(always(Window(1, 10)), clock)
    limiter.acquire("a")
    told = []

    def tell() -> None:
        if not told:
            told.append(clock.at)
            limiter.penalise("a", 30)

    clock.slept = tell
    limiter.acquire("a")
    assert (told[0], clock.at) == (pytest.approx(10), pytest.approx(40))


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.floats(0, 30), st.sampled_from([1.0, 2.0, 3.0])), max_size=40),
    st.sampled_from([(Window(3, 10),), (Window(4, 7), Window(9, 40))]),
)
def test_no_stretch_of_time_ever_holds_more_than_allowed(gaps: list[tuple[float, float]], windows: tuple[Window, ...]) -> None:
    """Whenever calls come and whatever they cost, every window holds everywhere."""
    now, booked = 0.0, []
    for gap, cost in gaps:
        now += gap
        booked.append((earliest(windows, booked, now, cost), cost))
    for window in windows:
        for start, _ in booked:
            inside = sum(units for at, units in booked if start <= at < start + window.seconds - 1e-9)
            assert inside <= window.units


@settings(max_examples=examples(25), deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.sampled_from([1.0, 2.0, 3.0]), st.integers(0, 40)), max_size=25),
    st.sampled_from([(Window(3, 10),), (Window(4, 7), Window(9, 40))]),
)
def test_the_database_gives_the_same_turns_as_memory(
    tmp_path_factory: pytest.TempPathFactory, calls: list[tuple[int, float, int]], windows: tuple[Window, ...]
) -> None:
    """Whatever calls come and whatever pauses are ordered, both limiters let each one through at the same moment."""
    store = Store.open(f"sqlite:///{tmp_path_factory.mktemp('turns') / 'quota.db'}")
    clocks = Hand(), Hand()
    limiters = MemoryLimiter(always(*windows), clocks[0]), StoreLimiter(store, always(*windows), clocks[1])
    for gap, cost, pause in calls:
        moments = []
        for limiter, clock in zip(limiters, clocks, strict=True):
            clock.sleep(gap)
            limiter.acquire("a", cost)
            moments.append(clock.at)
            if pause > 30:
                limiter.penalise("a", pause)
        assert moments[1] == pytest.approx(moments[0], abs=1e-3)
    store.close()


def test_threads_share_a_quota() -> None:
    """Eight threads together get what one would."""
    limiter = MemoryLimiter(always(Window(20, 0.2)), SystemClock())
    clock = SystemClock()
    begun = clock.monotonic()
    threads = [threading.Thread(target=lambda: [limiter.acquire("a") for _ in range(10)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert clock.monotonic() - begun >= 0.6


def test_two_processes_share_a_quota_in_the_database(tmp_path: Path) -> None:
    """What one has spent, the other one lacks."""
    clock = Hand()
    stores = [Store.open(f"sqlite:///{tmp_path / 'quota.db'}") for _ in range(2)]
    first, second = (StoreLimiter(store, always(Window(2, 60)), clock) for store in stores)
    first.acquire("a")
    second.acquire("a")
    assert clock.at == 0
    first.acquire("a")
    assert clock.at == pytest.approx(60)
    for store in stores:
        store.close()
