"""What the API's description (OpenAPI 3.1) says beyond what FastAPI sees in the routes."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from maintainuk.api.envelope import Failure

_WHEN: Mapping[int | str, str] = {
    400: "The request could not be read.",
    401: "Nobody is signed in, or the session has ended.",
    403: "The role does not include the permission.",
    404: "No such thing in this organisation.",
    422: "Some details need another look; `error.fields` says which and why.",
    429: "Too many requests; `Retry-After` says when to go on.",
    503: "The server cannot answer just now; `Retry-After` says when to try again.",
    "default": "Any other refusal, in the same envelope.",
}
FAILURES: dict[int | str, dict[str, Any]] = {
    status: {"model": Failure, "description": text} for status, text in _WHEN.items()
}

SIGNED_IN, LINK, API_KEY, PLATFORM = "signedIn", "link", "apiKey", "platform"
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Makes a repetition safe: the same key gives the same answer, and one effect. A UUID does well.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}


def operation_id(route: APIRoute) -> str:
    """Return the name that generated clients call the operation by: its function's, in camelCase."""
    first, *rest = route.name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def describe(app: FastAPI) -> None:
    """Let the API's description say what its layers ask of every request."""
    write = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            _complete(write(), app)
        assert app.openapi_schema is not None
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way of extending the document


def asks_for_a_link(needs: Dependant) -> bool:
    """Say whether a link lets people in here, and not an account."""
    return any(hasattr(one.call, "purposes") or asks_for_a_link(one) for one in needs.dependencies)


def asks_for_the_platform(needs: Dependant) -> bool:
    """Say whether this is for those who run the installation."""
    return any(hasattr(one.call, "of_the_platform") or asks_for_the_platform(one) for one in needs.dependencies)


def lets_keys_in(needs: Dependant) -> bool:
    """Say whether a program with an API key may do this."""
    return any(getattr(one.call, "by_keys", False) or lets_keys_in(one) for one in needs.dependencies)


def _complete(description: dict[str, Any], app: FastAPI) -> None:
    description.setdefault("components", {})["securitySchemes"] = {
        SIGNED_IN: {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "From /auth/login."},
        API_KEY: {"type": "http", "scheme": "bearer", "description": "`mu_…`, made under Settings, API keys."},
        PLATFORM: {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "From /auth/login, of somebody who runs the installation.",
        },
        LINK: {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Link` and the secret of a poster or of a report's page; visits show a cookie instead.",
        },
    }
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if not isinstance(route, APIRoute) or not route.include_in_schema:
            continue
        for method in route.methods or ():
            operation = description["paths"].get(route.path_format, {}).get(method.lower())
            if operation is not None and not hasattr(route.endpoint, "public"):
                operation["security"] = [{_scheme(route.dependant): []}]
                if lets_keys_in(route.dependant):
                    operation["security"].append({API_KEY: []})
                if method == "POST":
                    operation.setdefault("parameters", []).append(KEY)


def _scheme(needs: Dependant) -> str:
    if asks_for_a_link(needs):
        return LINK
    return PLATFORM if asks_for_the_platform(needs) else SIGNED_IN
