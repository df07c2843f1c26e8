"""The process that is killed: one verb of the program over HTTP, ended by SIGKILL at a given call to Notion."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from typing import Any

from addon.company import Company
from addon.evidence.commands import run_sync
from addon.provisioning.planning import carry_out, keep, make_plan
from addon.settings import Settings
from connectors.notion.workspace import NotionWorkspace


def provision(company: Company) -> None:
    """Plan and apply."""
    planned = make_plan(company)
    keep(company, planned)
    list(carry_out(company, planned.cycle.id, planned.plan))


VERBS: dict[str, Callable[[Company], Any]] = {"apply": provision, "sync": run_sync}


def run(verb: str, settings: Settings, number: int, after: bool, told: Any) -> None:
    """Do *verb* and die at call *number*, counted from 1: before it is sent or *after* it was answered.

    Tells how many calls there were when it comes to its end.
    """
    company = Company(settings)
    workspace = company.workspace
    assert isinstance(workspace, NotionWorkspace)
    counting, sent = threading.Lock(), 0

    def noted(message: object) -> None:
        nonlocal sent
        with counting:
            sent += 1
            if sent == number:
                os.kill(os.getpid(), signal.SIGKILL)

    workspace.api._client.client.event_hooks["response" if after else "request"].append(noted)
    VERBS[verb](company)
    company.close()
    told.send(sent)
