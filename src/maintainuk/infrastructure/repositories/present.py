"""Who lives where on a day: one condition, asked by every statement that speaks of the present (ADR 25).

A tenancy begins on its first day and is over on the day the home was given back, on which the next may begin. One that
begins later is written down already, and nobody lives there because of it.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, Date, and_, cast, func, or_

TODAY: Final[ColumnElement[Any]] = cast(func.timezone("Europe/London", func.now()), Date)
"""The day it is in the United Kingdom, wherever the database is."""


def is_present(tenancy: Any, on: ColumnElement[Any] = TODAY) -> ColumnElement[bool]:  # noqa: ANN401  (its columns)
    """Return whether a tenancy has begun and is not over on a day."""
    return and_(tenancy.started_on <= on, or_(tenancy.ended_on.is_(None), tenancy.ended_on > on))


def is_part(member: Any, on: ColumnElement[Any] = TODAY) -> ColumnElement[bool]:  # noqa: ANN401
    """Return whether somebody has not moved out of a tenancy on a day, whether or not it has begun."""
    return or_(member.moved_out_on.is_(None), member.moved_out_on > on)


def lives_there(member: Any, tenancy: Any, on: ColumnElement[Any] = TODAY) -> ColumnElement[bool]:  # noqa: ANN401
    """Return whether somebody lives in the home of a tenancy on a day."""
    return and_(is_present(tenancy, on), is_part(member, on))


def is_not_over(tenancy: Any) -> ColumnElement[bool]:  # noqa: ANN401
    """Return whether a tenancy has not ended: it may be yet to begin."""
    return tenancy.ended_on.is_(None)  # type: ignore[no-any-return]
