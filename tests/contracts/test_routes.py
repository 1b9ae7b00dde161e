"""Every operation of the API says who may use it, or why nobody need be asked."""

import re
from inspect import isasyncgenfunction, iscoroutinefunction

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import SecretStr

from maintainuk.api.app import create_app
from maintainuk.api.security import public
from maintainuk.settings import Settings

OFFLINE = Settings(
    secret_key=SecretStr("only for looking at the routes, never for keys"),
    database_url=SecretStr("postgresql://nobody@127.0.0.1:1/none"),
)


def operations(app: FastAPI) -> list[APIRoute]:
    return [
        context.original_route
        for context in iter_route_contexts(app.routes)
        if isinstance(context.original_route, APIRoute)
    ]


def states_who_may(route: APIRoute) -> bool:
    return bool(getattr(route.endpoint, "public", "")) or any(
        getattr(one.call, "permission", None) or getattr(one.call, "reason", None)
        for one in everything(route.dependant)
    )


def everything(dependant):
    yield dependant
    for inner in dependant.dependencies:
        yield from everything(inner)


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return create_app(OFFLINE)


def test_every_route_states_a_permission_or_why_it_is_public(app):
    assert operations(app)
    assert [route.path for route in operations(app) if not states_who_may(route)] == []


def test_nothing_a_request_asks_for_is_sent_to_a_thread(app):
    """FastAPI runs what is not `async def` in a thread, which costs more than all our layers together."""
    called = {one.call for route in operations(app) for one in everything(route.dependant)}

    asynchronous = {one for one in called if iscoroutinefunction(one) or isasyncgenfunction(one)}
    assert {one.__qualname__ for one in called - asynchronous} == set()


def test_a_route_that_states_nothing_is_seen():
    app = FastAPI()
    app.get("/careless")(lambda: None)
    app.get("/considered")(public("It says nothing about anybody.")(lambda: None))

    assert [route.path for route in operations(app) if not states_who_may(route)] == ["/careless"]


def test_every_operation_is_described_and_named_once(app):
    document = app.openapi()
    described = [
        operation
        for path in document["paths"].values()
        for method, operation in path.items()
        if method in {"get", "put", "post", "delete", "patch"}
    ]

    names = [operation["operationId"] for operation in described]
    assert len(set(names)) == len(names)
    assert [operation["operationId"] for operation in described if not operation.get("description")] == []


def test_every_shape_has_a_name_of_its_own(app):
    """Two of one name would carry their Python module into the public description and the generated clients."""
    assert [name for name in app.openapi()["components"]["schemas"] if "__" in name] == []


def test_urls_are_nouns_in_kebab_case(app):
    for path in app.openapi()["paths"]:
        for part in path.strip("/").split("/"):
            assert re.fullmatch(r"[a-z0-9.-]+|\{[a-z_]+\}", part), path
