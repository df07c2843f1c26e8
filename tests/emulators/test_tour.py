"""The tour that `make check-emulators` validates ends well here too, without the specification."""

from __future__ import annotations

import json
from pathlib import Path

from tests.emulators.__main__ import Exchange, Specification, problems, recorded


def test_the_tour_touches_every_operation_and_each_answer_has_its_request_id() -> None:
    """Templates are the one list without."""
    exchanges = recorded()
    assert len(exchanges) > 70
    assert [each.path for each in exchanges if "request_id" not in each.answered] == [
        each.path for each in exchanges if each.path.endswith("/templates")
    ]


def test_the_check_finds_what_is_wrong() -> None:
    """A request and an answer that do not fit their schema, and a status that the operation does not have."""
    schema = {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}
    content = {"content": {"application/json": {"schema": schema}}}
    document = {"paths": {"/v1/things/{id}": {"patch": {"requestBody": content, "responses": {"200": content}}}}}
    specification = Specification(json.loads(json.dumps(document)))
    fine = Exchange("PATCH", "/v1/things/1", {"id": "a"}, 200, {"id": "a"})
    assert list(problems(fine, specification)) == []
    wrong = Exchange("PATCH", "/v1/things/1", {"id": 1}, 200, {})
    assert [said.split(":")[0] for said in problems(wrong, specification)] == ["request", "answer 200"]
    assert list(problems(Exchange("PATCH", "/v1/things/1", None, 418, {}), specification)) == [
        "answer: 418 is no answer of this operation"
    ]


def test_the_make_target_exists() -> None:
    """`make check-emulators SPEC=path`."""
    assert "check-emulators:" in (Path(__file__).parents[2] / "Makefile").read_text("utf-8")
