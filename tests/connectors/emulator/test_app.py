"""What the kit does with every call: the log, faults, windows, dropped connections, control paths."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest

from connectors.emulator.app import create_app
from connectors.emulator.clock import RealClock, VirtualClock
from connectors.emulator.deliveries import Deliveries, Notice
from connectors.emulator.serving import InProcess, served
from connectors.emulator.windows import FixedWindow, SlidingWindow
from tests.connectors.emulator.counter import Counter


@pytest.fixture
def clock() -> VirtualClock:
    """Time that only passes when somebody sleeps."""
    return VirtualClock()


@pytest.fixture
def client(clock: VirtualClock) -> Iterator[httpx.Client]:
    """A client of the counter in this process."""
    with httpx.Client(transport=InProcess(create_app(Counter(), clock)), base_url="http://counter") as client:
        yield client


def arm(client: httpx.Client, **fault: object) -> None:
    """Order one fault."""
    client.post("/_emulator/faults", json=fault).raise_for_status()


def test_the_log_counts_operations_and_can_be_filtered(client: httpx.Client) -> None:
    """Every call stands in the log with its operation, status and request id; control paths do not."""
    client.post("/count")
    client.get("/count")
    client.get("/nowhere")
    log = client.get("/_emulator/calls").json()
    assert log["total"] == 3
    assert log["counts"] == {"counter.tell": 1, "counter.up": 1, "unknown": 1}
    assert log["statuses"] == {"200": 2, "501": 1}
    found = client.get("/_emulator/calls", params={"operation": "counter.*", "method": "get"}).json()["calls"]
    assert [(call["path"], call["status"], call["request_id"]) for call in found] == [("/count", 200, "r1")]
    assert len(client.get("/_emulator/calls", params={"status": "5xx", "limit": "5"}).json()["calls"]) == 1
    assert len(client.get("/_emulator/calls", params={"limit": "1"}).json()["calls"]) == 1


def test_a_fault_at_the_third_call_strikes_once(client: httpx.Client) -> None:
    """`at` counts the calls that match, and the fault carries its Retry-After and reason."""
    arm(client, kind="429", operation="counter.up", n=3, seconds=7, reason="too_fast")
    answers = [client.post("/count") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 200, 200]
    assert answers[2].headers["Retry-After"] == "7"
    assert answers[2].json()["reason"] == "too_fast"
    assert client.get("/count").json()["value"] == 4


def test_probable_faults_repeat_with_their_seed(client: httpx.Client) -> None:
    """The same seed strikes the same calls; another strikes others."""

    def struck(seed: int) -> list[int]:
        client.post("/_emulator/reset")
        arm(client, kind="529", method="POST", path="/co*", probability=0.3, seed=seed)
        return [client.post("/count").status_code for _ in range(40)]

    assert struck(1) == struck(1) != struck(2)
    assert 4 <= struck(1).count(529) <= 20


def test_a_503_after_commit_has_done_the_work(client: httpx.Client) -> None:
    """The answer says what was committed; the count has moved on."""
    arm(client, kind="503-after-commit", count=1)
    answer = client.post("/count")
    assert (answer.status_code, answer.json()["committed"]) == (503, {"value": 1})
    assert client.get("/count").json() == {"value": 1}


@pytest.mark.parametrize(
    ("kind", "value"), [("reset", 0), ("reset_after_commit", 1), ("timeout", 0), ("timeout_after_commit", 1)]
)
def test_a_dropped_connection_in_process(client: httpx.Client, clock: VirtualClock, kind: str, value: int) -> None:
    """The client's own exception rises; a timeout takes the client's patience on the emulator's clock."""
    arm(client, kind=kind, count=1)
    began = clock.monotonic()
    with pytest.raises(httpx.ReadTimeout if kind.startswith("timeout") else httpx.ReadError):
        client.post("/count", timeout=20)
    assert clock.monotonic() - began == (20 if kind.startswith("timeout") else 0)
    assert client.get("/count").json() == {"value": value}
    assert client.get("/_emulator/calls", params={"fault": "any"}).json()["calls"][0]["status"] == 0


@pytest.mark.parametrize(
    ("kind", "value"), [("reset", 0), ("reset_after_commit", 1), ("timeout", 0), ("timeout_after_commit", 1)]
)
def test_a_dropped_connection_over_a_socket(kind: str, value: int) -> None:
    """Over a socket the connection is really cut, and the server goes on."""
    with served(create_app(Counter())) as url, httpx.Client(base_url=url) as client:
        arm(client, kind=kind, count=1, seconds=0.2)
        with pytest.raises((httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError)):
            client.post("/count", timeout=httpx.Timeout(30, read=0.1 if kind.startswith("timeout") else 30))
        while not client.get("/_emulator/calls", params={"fault": "any"}).json()["calls"]:
            time.sleep(0.01)  # on a busy machine the client's patience ends before the server has begun
        assert client.get("/count").json() == {"value": value}


def test_a_connection_stays_open_for_the_next_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """Call after call comes over the same one, also behind a body that no view has read; it ends with the server."""
    with served(create_app(Counter(), RealClock())) as url:
        connection = HTTPConnection(url.removeprefix("http://"))
        connection.connect()
        first = connection.sock
        statuses = []
        for method, path, body in [
            ("POST", "/count", None),
            ("POST", "/nowhere", b"GET / HTTP/1.1\r\n\r\n"),
            ("HEAD", "/count", None),
        ]:
            connection.request(method, path, body)
            answer = connection.getresponse()
            answer.read()
            statuses.append(answer.status)
        connection.request("GET", "/count")
        assert json.loads(connection.getresponse().read())["value"] == 1
    assert connection.sock.recv(1) == b""  # the other side has hung up
    assert (statuses, connection.sock) == ([200, 501, 200], first)
    with pytest.raises(ConnectionError):
        HTTPConnection(url.removeprefix("http://")).request("GET", "/count")
    connection.close()


@pytest.mark.parametrize("window", [FixedWindow(4, 60, "per_minute"), SlidingWindow(4, 60, "per_minute")])
def test_windows_are_enforced_for_each_caller(window: FixedWindow | SlidingWindow, clock: VirtualClock) -> None:
    """Two dear calls fill the window; the refusal names the limit and the wait; another caller goes on."""
    app = create_app(Counter(window), clock)
    with httpx.Client(transport=InProcess(app), base_url="http://counter") as client:
        client.post("/count")
        clock.sleep(20)
        client.post("/count")
        refused = client.get("/count")
        assert (refused.status_code, refused.headers["Retry-After"], refused.json()["reason"]) == (429, "40", "per_minute")
        assert client.get("/count", headers={"X-Caller": "another"}).status_code == 200
        clock.sleep(40)
        assert client.post("/count").status_code == 200
        assert client.post("/count").status_code == (200 if isinstance(window, FixedWindow) else 429)


def test_latency_passes_on_the_clock(clock: VirtualClock) -> None:
    """An hour of calls takes no time of ours."""
    app = create_app(Counter(), clock, latency=0.25)
    with httpx.Client(transport=InProcess(app), base_url="http://counter") as client:
        for _ in range(8):
            client.get("/count")
    assert clock.monotonic() == 2


def test_a_crash_is_the_platforms_500_and_logged(client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    """A view that fails answers in the provider's shape, with the reason in the log of calls."""
    answer = client.get("/broken")
    assert (answer.status_code, answer.json()["detail"]) == (500, "ZeroDivisionError: broken on purpose")
    assert "failed at GET /broken" in caplog.text
    assert client.get("/_emulator/calls").json()["calls"][0]["note"] == "ZeroDivisionError: broken on purpose"


def test_bad_orders_teach(client: httpx.Client) -> None:
    """A fault that is none, a key that is none, a number that is none: each is a sentence and 400."""
    for order, words in [
        ({"kind": "flood"}, "'flood' is no fault. Known are 429"),
        ({"kind": "429", "when": 3}, "when: a fault has no such key"),
        ({"kind": "429", "at": "soon"}, "cannot be read"),
        ({"kind": "429", "probability": 3}, "probability: 3.0"),
    ]:
        answer = client.post("/_emulator/faults", json=order)
        assert answer.status_code == 400
        assert words in answer.json()["message"]
    assert client.get("/_emulator/nothing").status_code == 404


def test_reset_forgets_data_unless_it_is_to_be_kept(client: httpx.Client) -> None:
    """Calls and faults always go; data only without ``keep``."""
    client.post("/count")
    arm(client, kind="500")
    client.post("/_emulator/reset", json={"keep": "data"})
    assert client.get("/count").json() == {"value": 1}
    client.post("/_emulator/reset")
    assert client.get("/count").json() == {"value": 0}
    assert client.get("/_emulator/calls").json()["total"] == 1


def test_the_clock_can_be_put_forward(client: httpx.Client, clock: VirtualClock) -> None:
    """A test need not wait for a minute to end."""
    client.post("/_emulator/clock", json={"advance": 90})
    assert clock.monotonic() == 90
    real = RealClock()
    before = real.now()
    real.advance(3600)
    assert 3600 <= (real.now() - before).total_seconds() < 3700


def test_stale_reads_age_the_reads_they_match(clock: VirtualClock) -> None:
    """The provider is told how old its answer is to be, and for which calls."""
    app = create_app(Counter(), clock)
    faults = app.extensions["emulator"].faults
    with httpx.Client(transport=InProcess(app), base_url="http://counter") as client:
        arm(client, kind="stale_reads", operation="counter.tell", seconds=12)
    assert faults.can_be_stale
    assert (faults.staleness("counter.tell", "GET", "/count"), faults.staleness("counter.up", "POST", "/count")) == (12, 0)


def test_threads_on_a_virtual_clock_wake_in_order(clock: VirtualClock) -> None:
    """Time jumps only when all who take part sleep: three sleepers of 1, 2 and 3 s end after 3 s, in order."""
    woke: list[float] = []

    def nap(seconds: float) -> None:
        with clock.taking_part():
            ready.wait()
            clock.sleep(seconds)
            woke.append(clock.monotonic())
            clock.sleep(0)

    ready = threading.Barrier(3)
    threads = [threading.Thread(target=nap, args=(seconds,)) for seconds in (3.0, 1.0, 2.0)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    assert woke == [1, 2, 3]


def test_a_notice_is_attempted_until_it_is_taken(clock: VirtualClock) -> None:
    """Refused or unreachable: again after each pause, with the attempt's number; taken: never again."""
    answers = iter([OSError("nobody"), 500, 204])
    heard: list[tuple[float, bytes]] = []

    def send(url: str, headers: object, body: bytes) -> int:
        heard.append((clock.monotonic(), body))
        answer = next(answers)
        if isinstance(answer, OSError):
            raise answer
        return answer

    deliveries = Deliveries(clock, send)
    deliveries.add(Notice("http://there", lambda attempt: ({}, f"attempt {attempt}".encode()), pauses=(5, 50)), delay=1)
    for _ in range(70):
        deliveries.run_due()
        clock.advance(1)
    assert heard == [(1, b"attempt 1"), (6, b"attempt 2"), (56, b"attempt 3")]
    assert [attempt["status"] for attempt in deliveries.shown()] == [0, 500, 204]
    assert deliveries.waiting() == 0


def test_a_provider_says_which_answers_call_for_another_attempt(clock: VirtualClock) -> None:
    """An answer that is not among those ends a notice; silence and those that are do not."""
    answers = iter([503, OSError("nobody there"), 429, 404])

    def send(url: str, headers: object, body: bytes) -> int:
        answer = next(answers)
        if isinstance(answer, OSError):
            raise answer
        return answer

    deliveries = Deliveries(clock, send)
    for pauses in ((1, 1, 1), (1,)):
        deliveries.add(Notice("http://there", lambda attempt: ({}, b""), pauses=pauses, repeated={500, 503}))
        for _ in range(5):
            deliveries.run_due()
            clock.advance(1)
    assert [attempt["status"] for attempt in deliveries.shown()] == [503, 0, 429, 404]
    assert deliveries.waiting() == 0


def test_a_running_server_delivers_notices() -> None:
    """A served emulator delivers from its own thread, over real HTTP."""
    heard: list[bytes] = []

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *given: object) -> None:
            pass

    app = create_app(Counter())
    with HTTPServer(("127.0.0.1", 0), Ear) as ear, served(app):
        thread = threading.Thread(target=ear.handle_request)
        thread.start()
        app.extensions["emulator"].deliveries.add(
            Notice(f"http://127.0.0.1:{ear.server_port}", lambda attempt: ({"Content-Type": "text/plain"}, b"hello"))
        )
        thread.join(timeout=10)
        deadline = time.monotonic() + 5
        while not app.extensions["emulator"].deliveries.shown() and time.monotonic() < deadline:
            time.sleep(0.01)
    assert heard == [b"hello"]
    assert app.extensions["emulator"].deliveries.shown()[0]["status"] == 200
