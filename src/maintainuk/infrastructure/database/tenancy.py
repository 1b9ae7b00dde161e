"""Sessions that see one organisation's rows: the first of the two walls. The second is row-level security."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, event
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, with_loader_criteria

from maintainuk.domain.base import Entity, OwnedByOrganisation
from maintainuk.infrastructure.database import sealing, tables


class CrossTenantWrite(Exception):
    """A bug, never a refusal: one organisation's work touched another's row."""


# In the driver's own words: every transaction begins with one of them, and compiling costs more than running it.
SEE_ORGANISATION = "SELECT set_config('app.org_id', $1, true)"
OPEN_REQUEST = "SELECT * FROM app.open_request($1, $2)"
OPEN_KEY = "SELECT * FROM app.open_key($1, $2, $3)"
OPEN_SUPPORT = "SELECT * FROM app.open_support($1, $2, $3)"

# Built once: the usual lambda form costs about a millisecond on each statement.
_NARROWED = tuple(
    with_loader_criteria(
        mapper.class_,
        mapper.class_.org_id == bindparam("_org"),
        include_aliases=True,
    )
    for mapper in Entity.registry.mappers
    if issubclass(mapper.class_, OwnedByOrganisation)
)
assert tables.METADATA is Entity.metadata


class OrganisationSession(Session):
    """A session of one organisation. Without one it fails on its first statement, it never sees everything."""


def opening(org_id: UUID, session_id: UUID | None) -> dict[str, Any]:
    """Return what a session must know before its first statement: its organisation and, for a person, their session."""
    if session_id is None:
        return {"org_id": org_id, "opening": (SEE_ORGANISATION, (str(org_id),))}
    return {"org_id": org_id, "opening": (OPEN_REQUEST, (org_id, session_id))}


def opening_by_key(org_id: UUID, key_id: UUID, secret_hash: bytes) -> dict[str, Any]:
    """Return what a session must know that a program opens with an API key."""
    return {"org_id": org_id, "opening": (OPEN_KEY, (org_id, key_id, secret_hash))}


def opening_by_support(org_id: UUID, access_id: UUID, session_id: UUID) -> dict[str, Any]:
    """Return what a session must know through which somebody of the platform looks at an organisation."""
    return {"org_id": org_id, "opening": (OPEN_SUPPORT, (org_id, access_id, session_id))}


@event.listens_for(OrganisationSession, "after_begin")
def _enter_organisation(session: Session, _: SessionTransaction, connection: Connection) -> None:
    statement, parameters = session.info["opening"]
    session.info["opened"] = connection.exec_driver_sql(statement, parameters).one_or_none()
    sealing.enter(session, connection)


@event.listens_for(OrganisationSession, "do_orm_execute")
def _narrow_to_organisation(state: ORMExecuteState) -> None:
    org_id = state.session.info["org_id"]
    sealing.seal_rows(state)
    if not (state.is_select or state.is_update or state.is_delete) or state.is_column_load:
        return
    state.statement = state.statement.options(*_NARROWED)
    state.parameters = _with_org(state.parameters, org_id)


def _with_org(parameters: Any, org_id: UUID) -> Any:  # noqa: ANN401  (SQLAlchemy's own union)
    if isinstance(parameters, list):
        return [{**row, "_org": org_id} for row in parameters]
    return {**(parameters or {}), "_org": org_id}


@event.listens_for(OrganisationSession, "before_flush")
def _refuse_foreign_rows(session: Session, *_: object) -> None:
    org_id = session.info["org_id"]
    for entity in (*session.new, *session.dirty, *session.deleted):
        if isinstance(entity, OwnedByOrganisation) and entity.org_id != org_id:
            raise CrossTenantWrite(type(entity).__name__)


@event.listens_for(OrganisationSession, "before_flush")
def _seal(session: Session, *_: object) -> None:
    sealing.seal_entities(session)


sealing.listen(OrganisationSession)
