"""Work that a request lets Notion do later (``allow_async``). Here it is done at once and its result kept.

https://developers.notion.com/reference/retrieve-an-async-task.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, request

from connectors.notion.emulator.asking import Asking, Begin, Paths
from connectors.notion.emulator.ids import fine


def blueprint(begin: Begin) -> Blueprint:
    """The path of tasks."""
    paths = Paths("async_tasks", begin)

    @paths.path("GET", "/async_tasks/<task_id>", "retrieve")
    def retrieve(asking: Asking, task_id: str) -> Any:
        if task_id not in asking.store.tasks:
            raise asking.missing("async_task", task_id)
        return asking.store.tasks[task_id]

    return paths.blueprint


def accepted(asking: Asking, name: str, result: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
    """202 for work whose *result* is known already."""
    task_id = f"task_{asking.store.ids.random().replace('-', '')}"
    task = {
        "object": "async_task",
        "id": task_id,
        "status": "queued",
        "status_url": f"{request.host_url}v1/async_tasks/{task_id}",
        "created_time": fine(asking.store.clock.now()).replace("+00:00", "Z"),
    }
    operation = {"surface": "rest", "name": name}
    asking.store.tasks[task_id] = {**task, "status": "succeeded", "operation": operation, "result": dict(result)}
    return {**task, "poll_after_seconds": 2, "operation": operation}, 202
