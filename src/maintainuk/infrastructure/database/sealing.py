"""The organisations' keys as one pool of connections knows them, and when a session's texts are sealed."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from secrets import token_bytes
from time import monotonic
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Dialect, event, inspect
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstanceState, Mapper, ORMExecuteState, Session

from maintainuk.domain.base import Entity, new_id
from maintainuk.domain.sealing import SEALERS, KeyPurpose, Placed, Sealed, Spelling
from maintainuk.infrastructure.security.sealing import KEY, CannotOpen, Keys, MasterKeys
from maintainuk.settings import Settings

FRESH_FOR = 60.0
"""Seconds after which a process looks whether an organisation has new keys; a new one begins later than that."""
LEAD = 3 * FRESH_FOR

# In the driver's own words: each first transaction with an organisation begins with it.
LOOK = """SELECT purpose, version, wrapped, master_version, extract(epoch FROM active_from - now())::float8
FROM app.org_keys WHERE org_id = $1"""
MAKE = """INSERT INTO app.org_keys
(org_id, id, purpose, version, wrapped, master_version, created_at, active_from)
VALUES ($1, $2, $3, 1, $4, $5, now(), now()) ON CONFLICT (org_id, purpose, version) DO NOTHING"""


class KeyRing:
    """Knows the keys of the organisations whose rows pass through one pool; looks again after a minute.

    Keys made in a transaction that has not committed are known to nobody else who enters: they may never have been.
    """

    def __init__(self, masters: MasterKeys) -> None:
        self._masters = masters
        self._known: dict[UUID, tuple[float, Keys]] = {}
        self._made: dict[UUID, Keys] = {}

    def seal(self, place: str, org_id: UUID, row_id: UUID, text: str) -> bytes:
        """Seal a text for a row of an organisation."""
        return self.of(org_id).seal(place, row_id, text)

    def open(self, place: str, org_id: UUID, row_id: UUID, sealed: bytes) -> str:
        """Open what was sealed there."""
        return self.of(org_id).open(place, row_id, sealed)

    def of(self, org_id: UUID) -> Keys:
        """Return the keys of an organisation that has been entered. Raises `CannotOpen` when it has none yet."""
        if made := self._made.get(org_id):
            return made
        if known := self._known.get(org_id):
            return known[1]
        message = f"Organisation {org_id} has no keys here."
        raise CannotOpen(message)

    def enter(self, connection: Connection, org_id: UUID) -> None:
        """Know the organisation's keys before its rows are read; on a warm cache that asks nothing."""
        known = self._known.get(org_id)
        if known is None or known[0] <= monotonic():
            self.look(connection, org_id)

    def look(self, connection: Connection, org_id: UUID) -> None:
        """Look which keys the organisation has now."""
        if found := connection.exec_driver_sql(LOOK, (org_id,)).all():
            self._known[org_id] = monotonic() + FRESH_FOR, self._opened(org_id, found)

    def make(self, connection: Connection, org_id: UUID) -> bool:
        """Give an organisation that has none its keys, and say whether it had none."""
        if org_id in self._made or org_id in self._known:
            return False
        for purpose in KeyPurpose:
            version, wrapped = self._masters.wrap(token_bytes(KEY))
            connection.exec_driver_sql(MAKE, (org_id, new_id(), purpose.value, wrapped, version))
        found = connection.exec_driver_sql(LOOK, (org_id,)).all()
        self._made[org_id] = self._opened(org_id, found)
        return True

    def settle(self, org_id: UUID, *, is_safe: bool) -> None:
        """Keep or forget the keys that a transaction made, now that it has committed or failed."""
        if (made := self._made.pop(org_id, None)) and is_safe:
            self._known[org_id] = monotonic() + FRESH_FOR, made

    def _opened(self, org_id: UUID, found: Sequence[Sequence[Any]]) -> Keys:
        now = monotonic()
        data: dict[int, AESGCM] = {}
        begins: dict[int, float] = {}
        index = b""
        for purpose, version, wrapped, master_version, wait in found:
            key = self._masters.unwrap(master_version, bytes(wrapped))
            if purpose == KeyPurpose.INDEX:
                index = key
            else:
                data[version], begins[version] = AESGCM(key), now + wait
        return Keys(org_id, data, begins, index)


def seal_with(dialect: Dialect, settings: Settings) -> None:
    """Let a pool of connections seal and open with the installation's master keys."""
    SEALERS[dialect] = KeyRing(MasterKeys.of(settings))


def ring_of(session: Session | AsyncSession) -> KeyRing:
    """Return the keys of the session's pool."""
    ring = SEALERS[session.get_bind().dialect]
    assert isinstance(ring, KeyRing)
    return ring


def keys_of(session: AsyncSession) -> Keys | None:
    """Return the keys of the session's organisation once it is entered; nothing before it has sealed anything."""
    try:
        return ring_of(session).of(session.info["org_id"])
    except CannotOpen:
        return None


def opened_text(session: AsyncSession, place: str, row_id: UUID, sealed: bytes) -> str:
    """Return what a row of the session's organisation, which has been entered, holds sealed at this place."""
    return ring_of(session).open(place, session.info["org_id"], row_id, bytes(sealed))


async def entered(session: AsyncSession) -> Keys | None:
    """Enter the session's organisation, if it has not been, and return its keys."""
    await session.connection()
    return keys_of(session)


async def placed(session: AsyncSession, row_id: UUID, text: str) -> Placed:
    """Return a text for a row that a statement writes, and see to it that there are keys to seal it with."""
    await session.run_sync(_keys_to_write)
    return Placed.of(text, session.info["org_id"], row_id)


def enter(session: Session, connection: Connection) -> None:
    """Know the organisation's keys; called as its session begins."""
    ring_of(session).enter(connection, session.info["org_id"])


def seal_entities(session: Session) -> None:
    """Bind the texts that are about to be written to their rows, and write what they are found by."""
    for entity in (*session.new, *session.dirty):
        state: InstanceState[Any] = inspect(entity)
        sealed, finders = _columns(state.mapper)
        changed = [key for key in sealed if _is_written(state, key)]
        if not changed:
            continue
        keys = _keys_to_write(session)
        row = entity.org_id, entity.id
        for key in changed:
            if (value := state.dict.get(key)) is not None:
                setattr(entity, key, Placed.of(value, *row))
        for finder, (key, spelling) in finders.items():
            if key in changed:
                setattr(entity, finder, keys.index_of(spelling, state.dict.get(key)))


def seal_rows(state: ORMExecuteState) -> None:
    """Do the same for rows that go in by one statement."""
    mapper = state.bind_mapper
    if not state.is_insert or mapper is None or not state.parameters:
        return
    sealed, finders = _columns(mapper)
    if not sealed:
        return
    keys = _keys_to_write(state.session)
    if isinstance(state.parameters, Mapping):
        state.parameters = _sealed_row(state.parameters, sealed, finders, keys)
    else:
        state.parameters = [_sealed_row(row, sealed, finders, keys) for row in state.parameters]


def _sealed_row(
    row: Mapping[str, Any], sealed: Sequence[str], finders: Mapping[str, tuple[str, Spelling]], keys: Keys
) -> dict[str, Any]:
    texts = {key: row[key] for key in sealed if row.get(key) is not None}
    placed = {key: Placed.of(text, row["org_id"], row["id"]) for key, text in texts.items()}
    return {
        **row,
        **placed,
        **{finder: keys.index_of(spelling, row.get(key)) for finder, (key, spelling) in finders.items()},
    }


@cache
def _columns(mapper: Mapper[Any]) -> tuple[tuple[str, ...], dict[str, tuple[str, Spelling]]]:
    """Return an entity's sealed attributes, and those that others are found by."""
    attributes = [(attribute.key, attribute.columns[0]) for attribute in mapper.column_attrs]
    sealed = tuple(key for key, column in attributes if isinstance(column.type, Sealed))
    return sealed, {key: column.info["found_by"] for key, column in attributes if "found_by" in column.info}


def _is_written(state: InstanceState[Any], key: str) -> bool:
    return (state.dict.get(key) is not None) if not state.persistent else bool(state.attrs[key].history.has_changes())


def _keys_to_write(session: Session) -> Keys:
    ring, org_id = ring_of(session), session.info["org_id"]
    if ring.make(session.connection(), org_id):
        session.info["has_made_keys"] = True
    return ring.of(org_id)


def _settle(session: Session, *, is_safe: bool) -> None:
    if session.info.pop("has_made_keys", False):
        ring_of(session).settle(session.info["org_id"], is_safe=is_safe)


def listen(kind: type[Session]) -> None:
    """Keep the keys that sessions of this kind make only when they commit."""
    event.listen(kind, "after_commit", lambda session: _settle(session, is_safe=True))
    event.listen(kind, "after_soft_rollback", lambda session, _previous: _settle(session, is_safe=False))


def sealed_tables() -> Iterator[tuple[type[Entity], tuple[str, ...]]]:
    """Return each entity that has sealed columns, with their names."""
    for mapper in Entity.registry.mappers:
        if names := _columns(mapper)[0]:
            yield mapper.class_, names
