"""Log lines as JSON, one each, holding only what is on the list below: no name, address or word of anybody's."""

import json
import logging
import os
import traceback
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import structlog

from maintainuk.infrastructure.telemetry import trail

FIELDS: Mapping[str, str] = {
    name: "".join([name.split("_")[0], *(word.capitalize() for word in name.split("_")[1:])])
    for name in (
        *("method", "route", "path", "status", "duration_ms", "bytes_out", "client"),
        *("error", "where", "stack", "sqlstate", "constraint"),
        *("org_id", "user_id", "session_id", "ticket_id", "message_id", "job_id", "outbox_id", "role_id"),
        *(
            "job",
            "attempts",
            "outcome",
            "count",
            "provider",
            "reason",
            "code",
            "logger",
            "port",
            "version",
            "pid",
            "part",
        ),
    )
}
"""What a line may hold beside timestamp, level, message and trace. A field that is not here is dropped."""

LONGEST = 8_000
FRAMES = 25


def write_json(level: str) -> None:
    """Write every log line of this process to its output as JSON, those of libraries too."""
    lowest = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    structlog.configure(
        processors=[as_line],
        wrapper_class=structlog.make_filtering_bound_logger(lowest),
        logger_factory=lambda *_: _Output(),
        cache_logger_on_first_use=False,
    )
    handler = _Library()
    logging.basicConfig(handlers=[handler], level=max(lowest, logging.WARNING), force=True)
    logging.captureWarnings(capture=True)
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).setLevel(lowest)


def as_line(_: object, level: str, event: MutableMapping[str, Any]) -> bytes:
    """Return a line for an event; an exception gives its kinds and places, never its texts, which may name people."""
    line: dict[str, Any] = {
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "level": level,
        "message": event.pop("event", ""),
    }
    if (step := trail.current()) is not None:
        line["traceId"] = step.trace_id
        if step.org_id is not None:
            line["orgId"] = step.org_id
            line["userId"] = step.user_id
    error = event.pop("exc_info", None)
    for name, value in event.items():
        if (said := FIELDS.get(name)) is not None:
            line[said] = value
    if isinstance(error, BaseException):
        line["stack"] = stack_of(error)
    return json.dumps(line, default=_plain, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def stack_of(error: BaseException) -> list[str]:
    """Return the kinds of an error and its causes, each with the places it came through."""
    told: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(told) < FRAMES:
        told.append(_kind(cause))
        frames = traceback.extract_tb(cause.__traceback__)[-FRAMES:]
        told.extend(f"  {_place(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames)
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return told


def _kind(error: BaseException) -> str:
    facts = [str(fact) for name in ("sqlstate", "constraint_name") if (fact := getattr(error, name, None))]
    return " ".join([f"{type(error).__module__}.{type(error).__qualname__}", *facts])


def _place(path: str) -> str:
    for marker in ("/site-packages/", "/src/"):
        _, found, rest = path.rpartition(marker)
        if found:
            return rest
    return path.rpartition("/")[2]


def _plain(value: object) -> str:
    return str(value) if isinstance(value, UUID | datetime) else type(value).__name__


class _Output:
    """Writes whole lines straight to the process's output, so that a killed process has said what it knew."""

    def msg(self, line: bytes) -> None:
        with suppress(OSError):  # a full disk costs the line, never the answer it is about
            os.write(1, line)

    log = debug = info = warn = warning = error = critical = exception = fatal = msg


class _Library(logging.Handler):
    """Lines of libraries, which format their own texts: kept short, and an exception's text is left out."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        message = record.getMessage() if error is None else str(record.msg)
        first_line = message[:LONGEST].partition("\n")[0]
        event = {"event": first_line, "logger": record.name, "exc_info": error}
        _Output().msg(as_line(None, record.levelname.lower(), event))
