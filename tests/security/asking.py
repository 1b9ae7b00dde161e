"""Asks the API with requests that Schemathesis makes up from the OpenAPI document, and holds each answer to it.

Half of them are mostly good, so that they get beyond the reading: ids name what is there, and the body is a good one
in which one part was made up.
"""

import copy
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy.util import await_only, greenlet_spawn

from maintainuk.domain.errors import DomainError
from tests.security.matrix import BODIES, EACH_NEEDS
from tests.security.stage import Operation, Stage, filled

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
BASE = "http://localhost"
GOOD = 300
NOT_READY = ("/health/ready", 503)
"""What that operation is there to say, and says on a machine that is too busy."""
TURNS = 2**16


def refusals(kind: type[DomainError] = DomainError) -> set[int]:
    """The statuses by which the API says no; the document calls them its default answer."""
    own = {kind.status} if "status" in vars(kind) else set()
    return own.union(*(refusals(one) for one in kind.__subclasses__())) - {500}


REFUSALS = refusals()


def strict(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document in which no answer may say more than its shape does, and nobody is asked who they are.

    Whom the operations answer is the matrix's question; here the role asks, and not a header that was made up.
    """
    closed = copy.deepcopy(dict(document))
    for methods in closed["paths"].values():
        for operation in methods.values():
            operation.pop("security", None)
    for shape in closed["components"]["schemas"].values():
        if shape.get("type") == "object" and "properties" in shape:
            shape.setdefault("additionalProperties", False)
    return closed


def loaded(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Each operation's requests, by its name."""
    schema = schemathesis.openapi.from_dict(strict(document))
    found = (result.ok() for result in schema.get_all_operations())
    return {operation.definition.raw["operationId"]: operation for operation in found}


@dataclass
class Asking:
    """Somebody who asks whatever comes to mind, as each role in turn, or each time as every role."""

    stage: Stage
    roles: Sequence[dict[str, str]]
    as_each: bool = False
    """Making a request up takes as long as having it answered: made up once, it is asked as every role."""
    answers: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    async def ask(self, name: str, requests_of: Any, examples: int) -> None:
        """Ask one operation so many times; what is wrong with the answers is in `wrong`."""
        await greenlet_spawn(self._ask, name, requests_of, examples)  # a thread would fight with the API for each step

    def _ask(self, name: str, requests_of: Any, examples: int) -> None:
        made_up = st.one_of(*(requests_of.as_strategy(generation_mode=mode) for mode in GenerationMode))
        turns = iter(range(TURNS * TURNS))

        @settings(
            max_examples=examples,
            phases=[Phase.generate],
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        # A number that means nothing keeps what takes no parameters from being asked once only.
        @given(case=made_up, is_good=st.booleans(), _=st.integers(0, TURNS))
        def each(case: Case, *, is_good: bool, _: int) -> None:
            roles = self.roles if self.as_each else [self.roles[next(turns) % len(self.roles)]]
            self._one(name, case, roles, is_good=is_good)

        each()

    def _one(self, name: str, case: Case, roles: Sequence[dict[str, str]], *, is_good: bool) -> None:
        if is_good:
            self._improve(name, case)
        prepared = requests.Session().prepare_request(requests.Request(**case.as_transport_kwargs(base_url=BASE)))
        for headers in roles:
            answer = await_only(self._send(prepared, headers))
            self.answers[answer.status_code] += 1
            for problem in wrong_with(case, answer, is_made_up=not is_good):
                said = f"{name} as {case.method} {case.formatted_path}: {problem}"
                if len(self.wrong) < 20:
                    self.wrong.append(said[:600])

    def _improve(self, name: str, case: Case) -> None:
        ids = self.stage.names(Operation(name, case.method, case.path))
        case.path_parameters = {key: ids.get(key, value) for key, value in case.path_parameters.items()}
        case.headers.update(EACH_NEEDS)
        good = filled(BODIES.get(name), ids)
        if isinstance(good, dict):
            made_up = case.body if isinstance(case.body, dict) else {}
            changed = next(iter(made_up.items()), None)
            case.body = good | (dict([changed]) if changed else {})
        elif good is not None:
            case.body = good

    async def _send(self, prepared: requests.PreparedRequest, headers: dict[str, str]) -> Response:
        body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body
        own = {key: value for key, value in prepared.headers.items() if key.lower() not in {"host", "content-length"}}
        try:
            answer = await self.stage.http.request(
                prepared.method or "GET", prepared.url or BASE, content=body, headers=own | headers
            )
        except (httpx.InvalidURL, UnicodeEncodeError):  # no client could send that
            answer = httpx.Response(400)
        return Response(
            status_code=answer.status_code,
            headers={key: answer.headers.get_list(key) for key in answer.headers},
            content=answer.content,
            request=prepared,
            elapsed=0,
            verify=False,
        )


def wrong_with(case: Case, answer: Response, *, is_made_up: bool) -> Iterator[str]:
    """What the document did not promise."""
    if answer.status_code == 400 and not answer.content:
        return
    known = {int(status) for status in case.operation.definition.raw["responses"] if status.isdigit()} | REFUSALS
    if answer.status_code not in known:
        yield f"answers {answer.status_code}, which it nowhere says"
    checks = [*CHECKS, negative_data_rejection] if is_made_up and answer.status_code < GOOD else list(CHECKS)
    if (case.path, answer.status_code) == NOT_READY:
        checks.remove(not_a_server_error)
    try:
        case.validate_response(answer, checks=checks)
    except FailureGroup as group:
        yield from (f"{one.title}: {one.message}" for one in group.exceptions)
