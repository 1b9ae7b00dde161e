"""Mass assignment: no write takes a field that is no part of the question, whatever the row behind it has.

Generated from the OpenAPI document and the entities: a new operation or column is asked about without anybody's doing.
"""

import json
from typing import Any

import pytest
from fastapi.routing import APIRoute
from pydantic.alias_generators import to_camel

from maintainuk.api.app import create_app
from maintainuk.domain.base import Entity
from maintainuk.infrastructure.database.tables import METADATA
from tests.contracts.test_routes import OFFLINE, operations

assert METADATA is Entity.metadata
COLUMNS = sorted({to_camel(column.name) for table in METADATA.tables.values() for column in table.columns})
"""Every column there is, as somebody outside would spell it."""

DOCUMENT = create_app(OFFLINE).openapi()
SHAPES: dict[str, Any] = DOCUMENT["components"]["schemas"]
WRITES = {"post", "put", "patch", "delete"}


def bodies() -> dict[str, str]:
    """Operation -> the shape of its body, of every write that takes JSON."""
    return {
        operation["operationId"]: operation["requestBody"]["content"]["application/json"]["schema"]
        for methods in DOCUMENT["paths"].values()
        for method, operation in methods.items()
        if method in WRITES and "application/json" in operation.get("requestBody", {}).get("content", {})
    }


def shapes_in(schema: Any, seen: set[str]) -> set[str]:
    """The names of all shapes that a body is made of, however deep."""
    match schema:
        case {"$ref": str(reference)}:
            name = reference.rpartition("/")[2]
            if name not in seen:
                seen.add(name)
                shapes_in(SHAPES[name], seen)
        case dict():
            for part in schema.values():
                shapes_in(part, seen)
        case list():
            for part in schema:
                shapes_in(part, seen)
    return seen


INPUTS = sorted({name for schema in bodies().values() for name in shapes_in(schema, set())})
OBJECTS = [name for name in INPUTS if SHAPES[name].get("type") == "object"]
NOBODYS_CHOICE = {"id", "orgId", "version", "createdAt", "updatedAt", "statusSince", "awareAt", "secretHash"}
"""What the product alone decides, wherever it stands."""


def models() -> dict[str, Any]:
    """Shape -> the class that reads it."""
    found: dict[str, Any] = {}

    def gather(annotation: Any) -> None:
        if isinstance(annotation, type) and hasattr(annotation, "model_fields"):
            if annotation.__name__ in found:
                return
            found[annotation.__name__] = annotation
            for field in annotation.model_fields.values():
                gather(field.annotation)
        for part in getattr(annotation, "__args__", ()):
            gather(part)

    for route in operations(create_app(OFFLINE)):
        assert isinstance(route, APIRoute)
        if route.body_field is not None:
            gather(route.body_field.field_info.annotation)
    return found


MODELS = models()


def test_there_is_something_to_ask():
    assert len(OBJECTS) > 20
    assert len(COLUMNS) > 100


@pytest.mark.parametrize("name", OBJECTS)
def test_a_shape_that_people_send_refuses_what_it_does_not_know(name):
    assert SHAPES[name].get("additionalProperties") is False, name


@pytest.mark.parametrize("name", OBJECTS)
def test_each_column_that_is_no_part_of_the_question_is_refused(name):
    model = MODELS[name]
    asked_for = {field.alias or field_name for field_name, field in model.model_fields.items()}

    for column in (one for one in COLUMNS if one not in asked_for):
        problems = wrong_with(model, {column: "anything"})
        assert ("extra_forbidden", (column,)) in problems, column


@pytest.mark.parametrize("name", OBJECTS)
def test_nobody_is_asked_for_what_the_product_alone_decides(name):
    asked_for = {field.alias or field_name for field_name, field in MODELS[name].model_fields.items()}
    chosen = asked_for & NOBODYS_CHOICE

    # An id, with or without a version, names what was looked at, and changes neither.
    assert not chosen or chosen in ({"id", "version"}, {"id"}), json.dumps(sorted(chosen))


def wrong_with(model: Any, sent: dict[str, Any]) -> set[tuple[str, tuple[Any, ...]]]:
    from pydantic import ValidationError

    try:
        model.model_validate(sent)
    except ValidationError as refusal:
        return {(problem["type"], problem["loc"]) for problem in refusal.errors()}
    return set()


def test_a_careless_shape_would_be_seen():
    from pydantic import BaseModel

    class Careless(BaseModel):
        text: str

    assert ("extra_forbidden", ("status",)) not in wrong_with(Careless, {"status": "closed", "text": "x"})
