"""Which version of a thing people saw, and which one they mean to change (ETag and If-Match)."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from re import compile as pattern
from typing import Annotated

from fastapi import Depends, Header, Response

from maintainuk.api.errors import Malformed, PreconditionRequired
from maintainuk.domain.errors import ChangedMeanwhile

ETAG = pattern(r'(?:W/)?"v(\d{1,9})"')


def name_version(version: int) -> str:
    """Return a version as the `ETag` header says it: `"v3"`."""
    return f'"v{version}"'


async def _expected(
    if_match: Annotated[str | None, Header(description='The version this changes, as its ETag: `"v3"`.')] = None,
) -> int:
    if if_match is None:
        raise PreconditionRequired
    if (told := ETAG.fullmatch(if_match.strip())) is None:
        raise Malformed("if-match-unreadable")
    return int(told[1])


IfMatch = Annotated[int, Depends(_expected)]
"""The version a change is a change of. Missing: 428; unreadable: 400. Whether it is the present one: the use case."""


@asynccontextmanager
async def showing(current: Callable[[], Awaitable[object]]) -> AsyncIterator[None]:
    """Let whoever comes second see how it is now: `current` returns what a successful answer would show."""
    try:
        yield
    except ChangedMeanwhile as too_late:
        too_late.current = await current()
        raise


class NotModified(Exception):
    """What was asked for is what the other side already has: 304, and nothing else is sent."""

    def __init__(self, etag: str, cache_control: str) -> None:
        super().__init__()
        self.answer = Response(status_code=304, headers={"ETag": etag, "Cache-Control": cache_control})
