"""What the audit log keeps of a change: each column of an organisation's records, before and after.

Columns that stand plain in the database stand plain in the log. Of sealed ones the log, which nobody can change, says
only whether there was something; their texts are kept beside it, sealed, and go when somebody is forgotten.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import inspect
from sqlalchemy.orm import InstanceState, Mapper

from maintainuk.domain.assets import Asset
from maintainuk.domain.audit import AuditLog, AuditValue
from maintainuk.domain.base import Entity
from maintainuk.domain.contractors import Accreditation, Contractor, Operative
from maintainuk.domain.hints import Hint
from maintainuk.domain.landlords import Landlord, Portfolio
from maintainuk.domain.people import Person, PersonNeed, Tenancy, TenancyMember
from maintainuk.domain.properties import Property, Unit
from maintainuk.domain.sealing import Sealed

RECORDED: Final[frozenset[type[Entity]]] = frozenset(
    {
        Accreditation,
        Asset,
        Contractor,
        Hint,
        Landlord,
        Operative,
        Person,
        PersonNeed,
        Portfolio,
        Property,
        Tenancy,
        TenancyMember,
        Unit,
    }
)
"""Records people put right by hand. What else changes tells of it by events, which carry before and after."""

UNSAID: Final = frozenset({"version", "updated_at", "search_text", "walk", "firm_id"})
"""Columns that follow from others, and which firm of the installation a contractor is: that is for no organisation."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One column of one row, before and after."""

    entity_id: UUID
    name: str
    before: Any
    after: Any
    is_sealed: bool


@dataclass(slots=True)
class Recorder:
    """Remembers what the flushes of one unit of work change, until a row of the log takes it along."""

    changes: dict[tuple[UUID, str], Changed] = field(default_factory=dict)
    forgotten: set[UUID] = field(default_factory=set)
    """Those who are forgotten in this unit of work: what they were is no change to write down."""

    def look(self, dirty: Iterable[Any]) -> None:
        """Remember what is about to be written over; of two changes of one column, the first before stays."""
        for entity in dirty:
            if type(entity) in RECORDED and inspect(entity).dict["id"] not in self.forgotten:
                for change in _changes(entity):
                    known = self.changes.get((change.entity_id, change.name))
                    before = known.before if known else change.before
                    self.changes[change.entity_id, change.name] = Changed(
                        change.entity_id, change.name, before, change.after, change.is_sealed
                    )

    def forget(self) -> None:
        """Forget what was refused and never written."""
        self.changes.clear()

    def take(self) -> list[Changed]:
        """Hand over what has changed since the last time."""
        taken = [change for change in self.changes.values() if change.before != change.after]
        self.changes.clear()
        return taken


def told(changes: Iterable[Changed]) -> dict[str, list[Any]]:
    """Return what the log itself says, by column; of sealed ones, whether there was a text."""
    return {
        change.name: [bool(change.before), bool(change.after)]
        if change.is_sealed
        else [_plain(change.before), _plain(change.after)]
        for change in changes
    }


def kept(changes: Iterable[Changed], entry: AuditLog) -> Iterable[AuditValue]:
    """Return the sealed texts that go beside an entry."""
    for change in changes:
        if change.is_sealed:
            yield AuditValue(
                org_id=entry.org_id,
                entry_id=entry.id,
                about_id=change.entity_id,
                name=change.name,
                before=change.before,
                after=change.after,
            )


def _changes(entity: Entity) -> Iterable[Changed]:
    state: InstanceState[Any] = inspect(entity)
    for key, is_sealed in _columns(state.mapper):
        history = state.attrs[key].history
        if history.has_changes():
            before, after = (values[0] if values else None for values in (history.deleted, history.added))
            yield Changed(state.dict["id"], key, before, after, is_sealed)


@cache
def _columns(mapper: Mapper[Any]) -> tuple[tuple[str, bool], ...]:
    return tuple(
        (attribute.key, isinstance(attribute.columns[0].type, Sealed))
        for attribute in mapper.column_attrs
        if attribute.key not in UNSAID and "found_by" not in attribute.columns[0].info
    )


def _plain(value: Any) -> Any:  # noqa: ANN401  (whatever a column holds)
    match value:
        case Enum():
            return value.value
        case UUID():
            return str(value)
        case date():
            return value.isoformat()
        case list() | tuple() | set() | frozenset():
            return [_plain(each) for each in value]
        case _:
            return value
