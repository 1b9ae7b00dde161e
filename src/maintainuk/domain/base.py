"""What every entity shares: an id, an owner organisation and a list of things that happened."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import DateTime, Enum, ForeignKeyConstraint, MetaData, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column
from uuid_utils.compat import uuid7

SCHEMA = "app"


def new_id() -> UUID:
    """Return an id that sorts by the moment it was made (UUIDv7), so that inserts stay at the end of each index."""
    return uuid7()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened in an organisation, named in the past tense."""

    org_id: UUID


class Entity(MappedAsDataclass, DeclarativeBase, kw_only=True, eq=False, repr=False):
    """A row with behaviour. Never holds a session, never does input or output."""

    metadata: ClassVar[MetaData] = MetaData(
        schema=SCHEMA,
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        },
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
    }

    @cached_property
    def happened(self) -> list[Event]:
        """What this entity's verbs have brought about and nobody has reacted to yet."""
        return []

    def __repr__(self) -> str:
        """Name the row and nothing it holds: representations end in logs and error texts."""
        return f"<{type(self).__name__} {getattr(self, 'id', '')}>"


class OwnedByOrganisation(MappedAsDataclass, kw_only=True, eq=False, repr=False):
    """Born with an organisation; narrowed to it on every read, checked on every write.

    The id alone is unique, but keys and foreign keys are (org_id, id): a row cannot point into another organisation.
    """

    org_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-2)
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id, sort_order=-1)


def one_of(states: type[StrEnum], name: str) -> Enum:
    """Return a text column type with a CHECK over the states.

    Text and not an enum type: under row-level security an index serves leakproof operators only, and an enum has none.
    """
    return Enum(
        states,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda kind: [state.value for state in kind],
    )


def belongs_to(table: str, column: str) -> ForeignKeyConstraint:
    """Return a foreign key that carries the organisation with it, so that no row can point into another one.

    Checked at the commit: a change and what follows from it are written in any order.
    """
    return ForeignKeyConstraint(
        ["org_id", column],
        [f"{SCHEMA}.{table}.org_id", f"{SCHEMA}.{table}.id"],
        deferrable=True,
        initially="DEFERRED",
    )


def belongs_to_organisation() -> ForeignKeyConstraint:
    """Return the foreign key of a row that nothing but its organisation owns."""
    return ForeignKeyConstraint(["org_id"], [f"{SCHEMA}.organisations.id"], deferrable=True, initially="DEFERRED")
