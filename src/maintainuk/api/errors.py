"""Every way the API says no, and how each failure becomes an answer that helps."""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import ClassVar

import structlog
from asyncpg import PostgresConnectionError
from fastapi import Request
from fastapi.exceptions import RequestValidationError, ResponseValidationError
from pydantic.alias_generators import to_camel
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from maintainuk.api.envelope import ApiError, Failure
from maintainuk.api.wording import fields_in_words
from maintainuk.domain.errors import DomainError, IllegalTransition

log = structlog.get_logger("maintainuk.api")

RETRY_AFTER = 5
"""Seconds after which it makes sense to ask an unavailable server again."""

REFUSED_CHARACTERS = "22021"
"""PostgreSQL's state for text it cannot keep, which in practice is a NUL character."""

UNREACHABLE_STATES = ("08", "53", "57")
"""PostgreSQL's classes for lost connections, exhausted resources and an operator's intervention."""


class Malformed(DomainError):
    """The request could not be read at all."""

    code, status = "malformed", 400


class MethodNotAllowed(DomainError):
    """Nothing here takes that method."""

    code, status = "method-not-allowed", 405

    def __init__(self) -> None:
        super().__init__("This address does not take that method.")


class PreconditionRequired(DomainError):
    """A change must say which version it is a change of."""

    code, status = "precondition-required", 428


class KeyReused(DomainError):
    """One Idempotency-Key was sent with two different requests."""

    code, status = "idempotency-key-reused", 422


class TooManyRequests(DomainError):
    """A person, an organisation or an address asks more often than its share."""

    code, status = "too-many-requests", 429

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(DomainError):
    """Something this server needs does not answer just now."""

    code, status = "unavailable", 503
    retry_after: ClassVar[int] = RETRY_AFTER

    def __init__(self) -> None:
        super().__init__("MaintainUK is catching its breath. Nothing was lost; please try again in a few seconds.")


STATUS_IN_WORDS = {
    400: ("malformed", "The request could not be understood."),
    401: ("not-signed-in", "Sign in to go on."),
    404: ("not-found", "There is nothing at this address."),
    405: ("method-not-allowed", "This address does not take that method."),
    408: (
        "too-slow",
        "What was sent stopped coming, so nothing of it was kept. Send it again where the signal is better.",
    ),
    413: ("too-large", ""),
    415: ("unsupported-media-type", "Send the request as application/json."),
}


async def answer_failure(_: Request, error: Exception) -> Response:
    """Answer a failure from inside a route."""
    return failure(error)


def failure(error: Exception) -> Response:  # noqa: PLR0911  (a table of failures)
    """Return the answer to a failure; only the unexpected is logged as an error, with its stack."""
    match error:
        case DomainError():
            return _domain_failure(error)
        case RequestValidationError():
            return _invalid(error)
        case HTTPException(status_code=status):
            code, message = STATUS_IN_WORDS.get(status, (_code_of(status), ""))
            message = message or error.detail
            return _answer(status, ApiError(code=code, message=message), error.headers)
        case StaleDataError():
            return _answer(412, ApiError(code="changed-meanwhile", message="Somebody else changed this meanwhile."))
        case _ if is_unavailable(error):
            log.warning("unavailable", error=type(error).__name__)
            return _domain_failure(Unavailable())
        case DBAPIError() if _sqlstate(error) == REFUSED_CHARACTERS:
            return _answer(422, ApiError(code="invalid", message="The text holds a character that cannot be stored."))
        case _:
            return _unexpected(error)


def is_unavailable(error: BaseException) -> bool:
    """Say whether the database, and not the request, is the cause."""
    match error:
        case TimeoutError() | asyncio.TimeoutError() | PoolTimeout() | OSError() | PostgresConnectionError():
            return True
        case DBAPIError(connection_invalidated=True) | InterfaceError() | OperationalError():
            return True
        case DBAPIError():
            return _sqlstate(error).startswith(UNREACHABLE_STATES)
        case _:
            return False


def _sqlstate(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""


def _domain_failure(error: DomainError) -> Response:
    retry_after = getattr(error, "retry_after", None)
    return _answer(
        error.status,
        ApiError(
            code=error.code,
            message=error.message,
            fields={to_camel(name): list(texts) for name, texts in error.fields.items()} or None,
            allowed_actions=error.allowed if isinstance(error, IllegalTransition) else None,
            current=getattr(error, "current", None),
        ),
        {"Retry-After": str(retry_after)} if retry_after is not None else None,
    )


def _invalid(error: RequestValidationError) -> Response:
    problems = error.errors()
    if problems and problems[0]["type"] == "json_invalid":
        where = problems[0]["loc"][-1]
        return _answer(
            400,
            ApiError(
                code="malformed",
                message=f"The body is not valid JSON: it stops making sense at character {where}. Check quotes, commas"
                " and brackets there, and send it as application/json.",
            ),
        )
    return _answer(
        422,
        ApiError(code="invalid", message="Some details need another look.", fields=fields_in_words(problems)),
    )


def _unexpected(error: Exception) -> Response:
    if isinstance(error, ResponseValidationError):  # its text quotes the answer, which may name people
        log.error("unexpected", error="ResponseValidationError", where=[problem["loc"] for problem in error.errors()])
    else:
        log.error("unexpected", error=type(error).__name__, exc_info=error)
    return _answer(
        500,
        ApiError(
            code="unexpected",
            message="Something went wrong on our side, and nothing was changed. Please try again; if it keeps"
            " happening, tell support the trace id.",
        ),
    )


def _code_of(status: int) -> str:
    return HTTPStatus(status).phrase.lower().replace(" ", "-")


def _answer(status: int, error: ApiError, headers: Mapping[str, str] | None = None) -> Response:
    body = Failure(error=error).model_dump_json(by_alias=True, exclude_none=False)
    return Response(body, status, headers, media_type="application/json")
