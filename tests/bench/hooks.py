"""From what somebody writes on the platform to what the console shows, over HTTP, with console and worker as processes.

Wall-clock time of a whole machine: of several rows measured at once, or beside other work, none tells anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests

from addon.connections.sealing import opened
from connectors.notion.webhooks import SIGNATURE, signed
from sync.jobs import State
from sync.store.queries import hooks
from tests.bench.table import Row
from tests.journeys.listening import PATIENCE, Place, listening
from tests.journeys.served import wait_for

SLOWEST = 5.0
SIDES = 8


def hearing(folder: Path, edits: int, notices: int) -> Iterator[Row]:
    """Each platform: until what was written is shown; on Notion also what a burst comes to."""
    for platform in ("notion", "google"):
        with listening(folder / platform, platform) as place:
            place.seconds_until_shown("The first sync of a worker loads the connector.")
            times = sorted(place.seconds_until_shown(f"Written at {number}.") for number in range(edits))
            most = times[max(0, -(-95 * len(times) // 100) - 1)]
            told = f"median {times[len(times) // 2]:.1f} s, {edits} edits"
            yield Row("hooks", f"{platform}: written until shown, p95", most, "s", SLOWEST, told)
            if platform == "notion":
                yield _burst(place, notices)


def _burst(place: Place, notices: int) -> Row:
    with place.company.store.read() as tx:
        secret = opened(place.company.settings, hooks.secrets_of(tx, hooks.NOTION)[0].secret)
    page = place.paper().ref.rpartition("/")[2]
    source = place.house.person().call("GET", f"pages/{page}")["parent"]["data_source_id"]
    before = len(place.syncs())
    place.house.emulator.calls.clear()

    def notify(number: int) -> int:
        event = {
            "id": f"burst-{number}",
            "type": "page.content_updated",
            "authors": [{"id": "somebody"}],
            "entity": {"id": page},
            "data": {"parent": {"data_source_id": source}},
        }
        body = json.dumps(event).encode()
        headers = {SIGNATURE: signed(secret, body), "Content-Type": "application/json"}
        return requests.post(f"{place.address}/hooks/notion", data=body, headers=headers, timeout=60).status_code

    with ThreadPoolExecutor(SIDES) as crowd:
        assert set(crowd.map(notify, range(notices))) == {202}
    wait_for(lambda: all(one.state is State.DONE for one in place.syncs()), PATIENCE, "it was read")
    reads = len(place.house.emulator.calls.matching({"method": "GET", "path": f"*{page}/markdown"}))
    syncs = len(place.syncs()) - before
    return Row("hooks", f"notion: syncs after {notices} notices", syncs, "", 1, f"{reads} read of the row")
