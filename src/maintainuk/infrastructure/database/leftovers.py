"""Removing what has served its time, by one worker at a time and in portions."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.base import OwnedByOrganisation
from maintainuk.domain.idempotency import IdempotentAnswer
from maintainuk.domain.invitations import Invitation
from maintainuk.domain.links import Link, LinkPurpose
from maintainuk.domain.mailbox import MailboxMessage
from maintainuk.domain.messaging import Message
from maintainuk.domain.organisations import Organisation
from maintainuk.domain.outbox import OutboxMessage, ProviderCall
from maintainuk.domain.roles import Role
from maintainuk.domain.sealing import OrganisationKey
from maintainuk.domain.second_factors import RecoveryCode, SecondFactor
from maintainuk.domain.sign_in import Identity, Membership, Session
from maintainuk.domain.sign_in_history import SignInEvent
from maintainuk.infrastructure.database.engine import Database

BROOM = 727004
HOMELESS = 500
"""Identities of one sweep: each is a handful of statements in a transaction of its own."""
PORTION = 5_000
"""Rows of one statement: each stays well below the deadline, however long nobody has swept."""


@asynccontextmanager
async def the_only_sweeper(database: Database) -> AsyncIterator[bool]:
    """Yield whether we may sweep: one worker does at a time."""
    async with database.connection() as connection:
        alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
        got = bool(await alone.scalar(text("SELECT pg_try_advisory_lock(:broom)"), {"broom": BROOM}))
        try:
            yield got
        finally:
            if got:
                await alone.execute(text("SELECT pg_advisory_unlock(:broom)"), {"broom": BROOM})


async def remove_idempotent_answers(session: AsyncSession, *, before: datetime) -> int:
    """Remove a portion of the organisation's answers that nobody will repeat their question for."""
    portion = select(IdempotentAnswer.id).where(IdempotentAnswer.created_at < before).limit(PORTION)
    gone = delete(IdempotentAnswer).where(IdempotentAnswer.id.in_(portion)).returning(IdempotentAnswer.id)
    return len((await session.scalars(gone, execution_options={"synchronize_session": False})).all())


async def remove_ended_sessions(session: AsyncSession, *, before: datetime) -> int:
    """Remove a portion of the sessions that ended or ran out before then; the table is installation-wide."""
    portion = select(Session.id).where(or_(Session.ended_at < before, Session.expires_at < before)).limit(PORTION)
    gone = delete(Session).where(Session.id.in_(portion)).returning(Session.id)
    return len((await session.scalars(gone, execution_options={"synchronize_session": False})).all())


async def remove_old_sign_in_events(session: AsyncSession, *, before: datetime) -> int:
    """Remove a portion of what happened to people's ways in before then; the table is installation-wide."""
    portion = select(SignInEvent.id).where(SignInEvent.at < before).limit(PORTION)
    gone = delete(SignInEvent).where(SignInEvent.id.in_(portion)).returning(SignInEvent.id)
    return len((await session.scalars(gone, execution_options={"synchronize_session": False})).all())


async def homeless_identities(session: AsyncSession) -> Sequence[UUID]:
    """Return a portion of the identities that nobody has at any organisation; the tables are installation-wide."""
    homeless = ~exists(select(Membership.identity_id).where(Membership.identity_id == Identity.id))
    return (await session.scalars(select(Identity.id).where(homeless).limit(HOMELESS))).all()


async def remove_identity(session: AsyncSession, identity_id: UUID) -> None:
    """Remove a way in with all that was its own.

    What still needs it keeps it by a foreign key (`IntegrityError`): that somebody runs the installation, a visit of
    support that an organisation can read about, or a place that is taken in this moment.
    """
    as_it_is = {"synchronize_session": False}
    for kind in (SignInEvent, RecoveryCode, SecondFactor, Session):
        await session.execute(delete(kind).where(kind.identity_id == identity_id), execution_options=as_it_is)
    await session.execute(delete(Identity).where(Identity.id == identity_id), execution_options=as_it_is)


async def remove_ended_links(session: AsyncSession, *, before: datetime) -> int:
    """Remove a portion of the links that ended before then. A replaced poster stays known: it may hang for years."""
    ended = or_(Link.expires_at < before, Link.used_at < before, Link.revoked_at < before)
    portion = select(Link.id).where(Link.purpose != LinkPurpose.HOME, ended).limit(PORTION)
    gone = delete(Link).where(Link.id.in_(portion)).returning(Link.id)
    return len((await session.scalars(gone, execution_options={"synchronize_session": False})).all())


SIGNED_UP: tuple[type[OwnedByOrganisation], ...] = (
    ProviderCall,
    OutboxMessage,
    MailboxMessage,
    Message,
    Invitation,
    Role,
    OrganisationKey,
)
"""All that an organisation has of its own before somebody confirms it."""


async def remove_unconfirmed(session: AsyncSession, org_id: UUID, *, before: datetime) -> bool:
    """Remove an organisation that waited until then to be confirmed, and say whether it did.

    Whoever confirms it meanwhile keeps it: the row is asked first, and held. What else it had, a log above all, would
    keep it by a foreign key.
    """
    query = delete(Organisation).where(Organisation.id == org_id, Organisation.waits_until <= before)
    if await session.scalar(query.returning(Organisation.id)) is None:
        return False
    for kind in SIGNED_UP:
        await session.execute(delete(kind).where(kind.org_id == org_id))
    await session.execute(delete(Link).where(Link.org_id == org_id))
    return True
