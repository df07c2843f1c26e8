"""`python -m tests.emulators --spec openapi.json`: a tour of the Notion emulator, every request and answer validated.

The specification is Notion's own (https://developers.notion.com/openapi.json). As published it rejects Notion's real
answers (closed objects under `allOf`, `oneOf` whose branches overlap), so both are relaxed first.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from notion_client import Client
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from connectors.emulator.clock import VirtualClock
from connectors.emulator.serving import InProcess
from connectors.notion.emulator.provider import create_app
from tests.emulators.notion_run import tour

VERSION = "2026-03-11"


@dataclass(frozen=True)
class Exchange:
    """One request and its answer."""

    method: str
    path: str
    asked: Any
    status: int
    answered: Any


class Recording(InProcess):
    """The emulator in this process, with everything written down."""

    def __init__(self, app: Any) -> None:
        super().__init__(app)
        self.exchanges: list[Exchange] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer and record."""
        response = super().handle_request(request)
        response.read()
        asked = json.loads(request.content) if request.content else None
        self.exchanges.append(Exchange(request.method, request.url.path, asked, response.status_code, response.json()))
        return response


def relaxed(node: Any) -> Any:
    """A schema without what rejects real answers."""
    if isinstance(node, list):
        return [relaxed(each) for each in node]
    if not isinstance(node, dict):
        return node
    kept = {key: relaxed(value) for key, value in node.items() if not (key == "additionalProperties" and value is False)}
    if "oneOf" in kept:
        kept["anyOf"] = kept.pop("oneOf")
    return kept


class Specification:
    """Notion's operations by method and path."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        whole = relaxed(document)
        self._registry: Registry[Any] = Registry().with_resource(
            "urn:notion", Resource(contents=whole, specification=DRAFT202012)
        )
        self._operations = [
            (method.upper(), re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)), f"#/paths/{_pointer(path)}/{method}", operation)
            for path, methods in whole["paths"].items()
            for method, operation in methods.items()
            if method in ("get", "post", "patch", "delete")
        ]

    def operation(self, method: str, path: str) -> tuple[str, Mapping[str, Any]] | None:
        """The pointer of an operation, and itself."""
        found = [each for each in self._operations if each[0] == method and each[1].fullmatch(path)]
        return (found[0][2], found[0][3]) if found else None

    def problem(self, pointer: str, value: Any) -> str | None:
        """What is wrong with *value* under the schema at *pointer*."""
        validator = Draft202012Validator({"$ref": f"urn:notion{pointer}"}, registry=self._registry)
        error = best_match(validator.iter_errors(value))
        return None if error is None else f"{error.json_path}: {error.message[:300]}"


def _pointer(path: str) -> str:
    return path.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")


def problems(exchange: Exchange, specification: Specification) -> Iterator[str]:
    """What is wrong with a request that was accepted, and with any answer."""
    found = specification.operation(exchange.method, exchange.path)
    if found is None:
        return
    pointer, operation = found
    if exchange.asked is not None and exchange.status < 300 and "requestBody" in operation:
        content = next(iter(operation["requestBody"]["content"]))
        wrong = specification.problem(f"{pointer}/requestBody/content/{_pointer(content)}/schema", exchange.asked)
        if wrong:
            yield f"request: {wrong}"
    answer = operation["responses"].get(str(exchange.status))
    if answer is None:
        if exchange.status not in (202, 501, 529):
            yield f"answer: {exchange.status} is no answer of this operation"
        return
    wrong = specification.problem(f"{pointer}/responses/{exchange.status}/content/application~1json/schema", exchange.answered)
    if wrong:
        yield f"answer {exchange.status}: {wrong}"


def recorded() -> list[Exchange]:
    """The exchanges of a tour."""
    transport = Recording(create_app(VirtualClock(), "off"))
    plain = httpx.Client(transport=transport, base_url="http://notion.test")
    with plain, httpx.Client(transport=transport) as inner:
        notion = Client(auth="ntn_tour", notion_version=VERSION, client=inner, base_url="http://notion.test", retry=False)

        def raw(method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> httpx.Response:
            usual = {"Authorization": "Bearer ntn_tour", "Notion-Version": VERSION}
            return plain.request(method, path, json=body, headers=usual if headers is None else dict(headers))

        tour(notion, raw)
    return [exchange for exchange in transport.exchanges if exchange.path.startswith("/v1/")]


def main() -> int:
    """Print what is wrong; 1 if anything is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spec", type=Path, required=True, help="Notion's OpenAPI document")
    specification = Specification(json.loads(parser.parse_args().spec.read_text("utf-8")))
    exchanges = recorded()
    unknown = Counter(
        f"{each.method} {re.sub('[0-9a-f-]{36}', '…', each.path)}"
        for each in exchanges
        if specification.operation(each.method, each.path) is None
    )
    wrong = [(each, what) for each in exchanges for what in problems(each, specification)]
    for each, what in wrong:
        print(f"{each.method} {each.path}\n  {what}")
    checked = len(exchanges) - sum(unknown.values())
    print(
        f"{checked} exchanges checked, {len(wrong)} problems; not in the specification: {', '.join(sorted(unknown)) or 'none'}."
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
