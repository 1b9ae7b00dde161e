"""Every way the API says no, and how each failure becomes an answer that helps."""

import asyncio
from collections.abc import Mapping

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
from starlette.types import Scope

from maintainuk.api.envelope import ApiError, Failure, trace_id
from maintainuk.api.html_pages import page
from maintainuk.api.wording import FIELDS, REFUSALS, fields_in_words, in_words
from maintainuk.domain.errors import ChangedMeanwhile, DomainError, IllegalTransition, Invalid, NotFound

log = structlog.get_logger("maintainuk.api")

REFUSED_CHARACTERS = "22021"
"""PostgreSQL's state for text it cannot keep, which in practice is a NUL character."""

UNREACHABLE_STATES = ("08", "53", "57")
"""PostgreSQL's classes for lost connections, exhausted resources and an operator's intervention."""


FOR_PROGRAMS = ("/api/", "/auth/", "/health", "/metrics")
"""Addresses that answer in the envelope, whoever asks."""


class Malformed(DomainError):
    """The request could not be read at all."""

    code, status = "malformed", 400


class MethodNotAllowed(DomainError):
    """Nothing here takes that method."""

    code, status = "method-not-allowed", 405


class TooSlow(DomainError):
    """The body did not arrive within the time that one request may take."""

    code, status = "too-slow", 408


class TooLarge(DomainError):
    """The body is longer than any request needs; the sentence says what would have been taken."""

    code, status = "too-large", 413


class UnsupportedMediaType(DomainError):
    """What was sent is not said to be JSON."""

    code, status = "unsupported-media-type", 415


class HeadTooLarge(DomainError):
    """Address and headers together are longer than any request needs."""

    code, status = "head-too-large", 431


class PreconditionRequired(DomainError):
    """A change must say which version it is a change of."""

    code, status = "precondition-required", 428


class KeyReused(DomainError):
    """One Idempotency-Key was sent with two different requests."""

    code, status = "idempotency-key-reused", 422


class TooManyRequests(DomainError):
    """A person, an organisation or an address asks more often than its share."""

    code, status = "too-many-requests", 429


class Unexpected(DomainError):
    """Something went wrong on our side; the log has it under the trace id."""

    code, status = "unexpected", 500


class Unavailable(DomainError):
    """Something this server needs does not answer just now."""

    code, status = "unavailable", 503
    retry_after = 5


OF_FRAMEWORK: Mapping[int, type[DomainError]] = {400: Malformed, 404: NotFound, 405: MethodNotAllowed}
"""What the framework means by the statuses that it answers with by itself."""


async def answer_failure(request: Request, error: Exception) -> Response:
    """Answer a failure from inside a route."""
    return failure(error, request.scope)


def failure(error: Exception, scope: Scope) -> Response:
    """Return the answer to a failure: the envelope for programs, a page for people who came by a link.

    Only the unexpected is logged as an error, with its stack.
    """
    if isinstance(error, HTTPException) and isinstance(error.__cause__, DomainError):
        error = error.__cause__  # the framework makes a 400 of whatever a layer says while the body is read
    refusal = _refusal(error)
    message = in_words(refusal.reason, REFUSALS)
    told = ApiError(
        code=refusal.code,
        message=message,
        fields=_fields(refusal, error) or None,
        allowed_actions=refusal.allowed if isinstance(refusal, IllegalTransition) else None,
        taken_by=getattr(refusal, "taken_by", None),
        current=refusal.current if isinstance(refusal, ChangedMeanwhile) else None,
    )
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    if refusal.retry_after is not None:
        headers["Retry-After"] = str(refusal.retry_after)
    if isinstance(refusal, TooSlow):
        headers["Connection"] = "close"  # nobody waits for the rest
    if _is_read_by_a_person(scope):
        heading, _, lead = message.partition(". ")
        shown = page("refusal.html", status=refusal.status, heading=heading.rstrip("."), lead=lead, trace_id=trace_id())
        shown.headers.update(headers)
        return shown
    body = Failure(error=told).model_dump_json(by_alias=True, exclude_none=False)
    return Response(body, refusal.status, headers, media_type="application/json")


def _is_read_by_a_person(scope: Scope) -> bool:
    return b"text/html" in scope["header"].get(b"accept", b"") and not scope["path"].startswith(FOR_PROGRAMS)


def _refusal(error: Exception) -> DomainError:  # noqa: PLR0911  (a table of failures)
    match error:
        case DomainError():
            return error
        case RequestValidationError():
            problem = error.errors()[0]
            return Malformed("not-json", place=problem["loc"][-1]) if problem["type"] == "json_invalid" else Invalid()
        case HTTPException(status_code=status) if status in OF_FRAMEWORK:
            return OF_FRAMEWORK[status]()
        case StaleDataError():
            return ChangedMeanwhile()
        case _ if is_unavailable(error):
            log.warning("unavailable", error=type(error).__name__)
            return Unavailable()
        case DBAPIError() if _sqlstate(error) == REFUSED_CHARACTERS:
            return Invalid("text-not-storable")
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


def _unexpected(error: Exception) -> Unexpected:
    if isinstance(error, ResponseValidationError):  # its text quotes the answer, which may name people
        log.error("unexpected", error="ResponseValidationError", where=[problem["loc"] for problem in error.errors()])
    else:
        log.error("unexpected", error=type(error).__name__, exc_info=error)
    return Unexpected()


def _fields(refusal: DomainError, error: Exception) -> dict[str, list[str]]:
    if isinstance(error, RequestValidationError) and isinstance(refusal, Invalid):
        return fields_in_words(error.errors())
    return {to_camel(name): [in_words(reason, FIELDS)] for name, reason in refusal.fields.items()}
