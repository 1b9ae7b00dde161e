"""What the database refuses because somebody else has it already, told as a refusal of a field."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.errors import Invalid, Reason


@asynccontextmanager
async def refusing(session: AsyncSession, taken: Mapping[str, Mapping[str, Reason]]) -> AsyncIterator[None]:
    """Write what the body adds and changes; raise `Invalid` where a constraint that `taken` names stands against it.

    The database decides, so of two at once one is refused. `taken` says for each constraint which field to blame. What
    was done before the body stands, and can be asked about.
    """
    try:
        async with session.begin_nested():
            yield
            await session.flush()
    except IntegrityError as error:
        name: str | None = getattr(error.orig and error.orig.__cause__, "constraint_name", None)
        if name is None or name not in taken:
            raise
        raise Invalid(fields=taken[name]) from None
