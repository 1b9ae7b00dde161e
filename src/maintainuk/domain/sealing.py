"""Columns that nobody reads without the organisation's key: who people are and how to reach them (ADR 26).

To the domain such a column is a text. It is sealed for its own row and column on the way into the database, and opened
on the way out; what it is found by stands beside it as keyed hashes.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Dialect, Index, Label, LargeBinary, TypeDecorator, func, type_coerce
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, OwnedByOrganisation, belongs_to_organisation, one_of


class Sealer(Protocol):
    """Whoever has the keys of the organisations whose rows pass through one pool of connections."""

    def seal(self, place: str, org_id: UUID, row_id: UUID, text: str) -> bytes:
        """Return the text so that it can be opened at this place (table.column) of this row alone."""
        ...

    def open(self, place: str, org_id: UUID, row_id: UUID, sealed: bytes) -> str:
        """Return what was sealed there."""
        ...


SEALERS: WeakKeyDictionary[Dialect, Sealer] = WeakKeyDictionary()
"""Who seals for each pool of connections."""

ID = 16
"""Bytes of an id."""


class Placed(str):
    """A text that knows which row it belongs to; nothing else goes into a sealed column."""

    __slots__ = ("org_id", "row_id")

    org_id: UUID
    row_id: UUID

    @classmethod
    def of(cls, text: str, org_id: UUID, row_id: UUID) -> "Placed":
        """Return a text for a column of this row."""
        placed = cls(text)
        placed.org_id, placed.row_id = org_id, row_id
        return placed


class Sealed(TypeDecorator[str]):
    """A text column that is sealed at rest: `Sealed("people.name")`.

    It can't be compared, sorted or searched by the database. A statement of columns gets it opened like an entity does,
    as long as the column comes straight from its table or an alias of it.
    """

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def column_expression(self, column: Any) -> Any:  # noqa: ANN401  (SQLAlchemy's own signature)
        """Let each value come with the ids of its row, without which it can't be opened."""
        row = (column.element if isinstance(column, Label) else column).table.c
        ids = func.uuid_send(row.org_id, type_=LargeBinary()).op("||")(func.uuid_send(row.id, type_=LargeBinary()))
        return ids.op("||", return_type=self)(type_coerce(column, LargeBinary()))

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:  # noqa: ANN401
        """Seal a text for its row. Raises `TypeError` for one of which no row is known."""
        if value is None:
            return None
        if not isinstance(value, Placed):
            message = f"{self.place} is sealed: write it through an entity, and look for it by its index."
            raise TypeError(message)
        return SEALERS[dialect].seal(self.place, value.org_id, value.row_id, str(value))

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401
        """Open what was sealed for this row."""
        if value is None:
            return None
        org_id, row_id = UUID(bytes=bytes(value[:ID])), UUID(bytes=bytes(value[ID : 2 * ID]))
        return SEALERS[dialect].open(self.place, org_id, row_id, bytes(value[2 * ID :]))


class Spelling(StrEnum):
    """What two ways of writing the same have in common, and a sealed column is found by."""

    EMAIL = "email"
    """One address, whatever its case and width."""
    PHONE = "phone"
    """One number, whatever its notation."""
    NAME = "name"
    """A whole name, whatever its case and accents."""
    WORDS = "words"
    """Each word of a name and each beginning of three letters or more."""


def found_by(column: str, spelling: Spelling) -> dict[str, Any]:
    """Return the `info` of a column that finds a sealed one: it is written whenever that one is."""
    return {"found_by": (column, spelling)}


class KeyPurpose(StrEnum):
    """What one of an organisation's keys is for."""

    DATA = "data"
    """Seals; has versions, of which the newest that has begun is used."""
    INDEX = "index"
    """Finds; a new one would have to write every index anew, so there is one."""


class OrganisationKey(OwnedByOrganisation, Entity, kw_only=True):
    """A key of one organisation, wrapped by the installation's master key, which is in no database."""

    __tablename__ = "org_keys"
    __table_args__ = (
        belongs_to_organisation(),
        Index("uq_org_keys_version", "org_id", "purpose", "version", unique=True),
    )

    purpose: Mapped[KeyPurpose] = mapped_column(one_of(KeyPurpose, "purpose"))
    version: Mapped[int]
    wrapped: Mapped[bytes]
    master_version: Mapped[int]
    created_at: Mapped[datetime]
    active_from: Mapped[datetime]
    """A new version is known to every process before the first one seals with it."""
    retired_at: Mapped[datetime | None] = mapped_column(default=None)
    """Since when nothing is sealed with it any more."""
