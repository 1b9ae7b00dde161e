"""Pages of a list that grows while it is read: a cursor names the last row seen, not a number of rows."""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query
from pydantic import TypeAdapter, ValidationError

from maintainuk.domain.errors import Invalid, Reason

Key = TypeVar("Key", bound=tuple[Any, ...])

Limit = Annotated[int, Query(ge=1, le=200, description="How many to return at most.")]
Cursor = Annotated[str | None, Query(max_length=400, description="The nextCursor of the page before; none: the first.")]

START_AGAIN = Reason("cursor-unknown")


class Cursors(Generic[Key]):
    """Writes and reads the cursors of one list; `key` is the type of a row's place in it."""

    def __init__(self, key: Any) -> None:  # noqa: ANN401  (a type form, such as tuple[int])
        self._adapter: TypeAdapter[tuple[str, Key]] = TypeAdapter(tuple[str, key])

    def write(self, order: str, key: Key) -> str:
        """Return an opaque cursor that continues the list behind `key`, in this order only."""
        return base64.urlsafe_b64encode(self._adapter.dump_json((order, key))).decode().rstrip("=")

    def read(self, cursor: str | None, order: str) -> Key | None:
        """Return the place a cursor names. Raises `Invalid` for one of another list or order, or of no list at all."""
        if cursor is None:
            return None
        try:
            told, key = self._adapter.validate_json(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        except (ValueError, binascii.Error, ValidationError):
            raise Invalid("page-unknown", fields={"cursor": START_AGAIN}) from None
        if not all(map(_is_in_our_time, key)):
            raise Invalid("page-unknown", fields={"cursor": START_AGAIN})
        if told != order:
            raise Invalid("page-of-another-order", fields={"cursor": START_AGAIN})
        return key

    def next(self, order: str, keys: Sequence[Key], limit: int) -> str | None:
        """Return the cursor behind the first `limit` of `keys`, when there are more than that."""
        return self.write(order, keys[limit - 1]) if len(keys) > limit else None


def _is_in_our_time(part: object) -> bool:
    """Say whether a moment is one that PostgreSQL can be asked about, whatever its time zone."""
    return not isinstance(part, datetime) or 1900 < part.year < 3000  # noqa: PLR2004
