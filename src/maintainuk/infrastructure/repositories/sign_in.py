"""Finding who signs in: identities before an organisation is known, members and sessions within one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, Select, and_, select, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.base import new_id
from maintainuk.domain.organisations import Organisation
from maintainuk.domain.roles import Role
from maintainuk.domain.sign_in import Client, Identity, Membership, Session, SessionEnding
from maintainuk.domain.users import User, UserStatus


@dataclass(frozen=True, slots=True)
class Place:
    """An organisation that an identity may enter, and who it is there."""

    org_id: UUID
    organisation: str
    user_id: UUID
    since: datetime | None = None
    """When the organisation was made: of two that are called the same, people know the older one."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody at work in an organisation: who they are and what they may do today."""

    user: User
    role: Role
    organisation: Organisation


def _member(found: Row[User, Role, Organisation]) -> Member:
    user, role, organisation = found
    return Member(user, role, organisation)


class Identities:
    """Identities of the whole installation; what they are called stands in no table that can be read here."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def with_places(self, email_index: bytes, client: Client | None) -> tuple[Identity | None, Sequence[Place]]:
        """Return the identity and the organisations it may enter with this client, or with any, by name.

        One statement whether somebody is known or not: the time it takes must not tell.
        """
        by_client = Membership.client == client if client else true()
        query = (
            select(Identity, Organisation.id, Organisation.name, Membership.user_id, Organisation.created_at)
            .outerjoin(Membership, and_(Membership.identity_id == Identity.id, by_client))
            .outerjoin(Organisation, and_(Organisation.id == Membership.org_id, Organisation.suspended_at.is_(None)))
            .where(Identity.email_index == email_index)
            .order_by(Organisation.name, Organisation.id)
        )
        found = (await self.session.execute(query)).all()
        identity = found[0][0] if found else None
        return identity, [Place(org_id, name, user_id, at) for _, org_id, name, user_id, at in found if org_id]

    async def places(self, identity_id: UUID, client: Client) -> Sequence[Place]:
        """Return the organisations an identity may enter with this client, by name."""
        query = (
            select(Organisation.id, Organisation.name, Membership.user_id, Organisation.created_at)
            .join(Membership, Membership.org_id == Organisation.id)
            .where(Membership.identity_id == identity_id, Membership.client == client)
            .where(Organisation.suspended_at.is_(None))
            .order_by(Organisation.name, Organisation.id)
        )
        return [Place(*found) for found in await self.session.execute(query)]

    async def is_shut_out(self, identity_id: UUID, client: Client, org_id: UUID | None) -> bool:
        """Say whether one of the organisations an identity would enter with this client is suspended."""
        query = (
            select(Organisation.id)
            .join(Membership, Membership.org_id == Organisation.id)
            .where(Membership.identity_id == identity_id, Membership.client == client)
            .where(Organisation.suspended_at.is_not(None))
            .limit(1)
        )
        if org_id is not None:
            query = query.where(Organisation.id == org_id)
        return await self.session.scalar(query) is not None

    async def of_member(self, org_id: UUID, user_id: UUID, client: Client | None = None) -> Identity | None:
        """Return the identity behind an organisation's user; `client`: only if that is the one they sign in to."""
        query = (
            select(Identity)
            .join(Membership, Membership.identity_id == Identity.id)
            .where(Membership.org_id == org_id, Membership.user_id == user_id)
        )
        if client is not None:
            query = query.where(Membership.client == client)
        return (await self.session.scalars(query)).one_or_none()

    async def clients(self, identity_id: UUID) -> frozenset[Client]:
        """Return which clients an identity signs in to, in organisations that are not suspended."""
        query = (
            select(Membership.client)
            .join(Organisation, Organisation.id == Membership.org_id)
            .where(Membership.identity_id == identity_id, Organisation.suspended_at.is_(None))
        )
        return frozenset(await self.session.scalars(query))

    async def members(self, identity_id: UUID) -> Sequence[Membership]:
        """Return everything the identity is, in whichever organisation and client."""
        return (await self.session.scalars(select(Membership).where(Membership.identity_id == identity_id))).all()

    async def as_contractor(self, identity_id: UUID) -> dict[UUID, UUID]:
        """Return for which organisations an identity works as a contractor, and which user it is there."""
        query = select(Membership.org_id, Membership.user_id).where(
            Membership.identity_id == identity_id, Membership.client == Client.CONTRACTOR
        )
        return dict((await self.session.execute(query)).all())

    async def hold(self, identity_id: UUID) -> None:
        """Hold an identity until the transaction ends: of two places taken at once, one waits for the other.

        Both may have written a membership before, which holds the identity's key: that much they may share.
        """
        held = select(Identity.id).where(Identity.id == identity_id).with_for_update(key_share=True)
        await self.session.execute(held)

    async def known_by(self, email_index: bytes) -> Identity | None:
        """Return the identity with this address."""
        return await self.session.scalar(select(Identity).where(Identity.email_index == email_index))

    async def add(self, email_index: bytes, now: datetime) -> Identity | None:
        """Return a new identity with this address; nothing where another transaction was quicker."""
        query = (
            insert(Identity)
            .values(id=new_id(), email_index=email_index, created_at=now)
            .on_conflict_do_nothing(index_elements=[Identity.email_index])
            .returning(Identity)
        )
        return (await self.session.scalars(query)).one_or_none()

    async def member(self, email_index: bytes, org_id: UUID) -> UUID | None:
        """Return which user of the organisation has this address, if any of them has."""
        query = (
            select(Membership.user_id)
            .join(Identity, Identity.id == Membership.identity_id)
            .where(Identity.email_index == email_index, Membership.org_id == org_id)
        )
        return await self.session.scalar(query)

    async def get(self, identity_id: UUID) -> Identity:
        """Return one identity."""
        return await self.session.get_one(Identity, identity_id)

    async def held(self, identity_id: UUID) -> Identity:
        """Return one identity as it is now, held until the transaction ends."""
        return await self.session.get_one(Identity, identity_id, with_for_update=True, populate_existing=True)


class Members:
    """The people who may work in the session's organisation now."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def active(self, user_id: UUID) -> Member | None:
        """Return a member; nothing when they are disabled or their organisation is suspended."""
        query = self._active().where(User.id == user_id)
        found = (await self.session.execute(query)).one_or_none()
        return _member(found) if found else None

    async def everybody(self) -> Sequence[Member]:
        """Return all members."""
        return [_member(found) for found in await self.session.execute(self._active())]

    @staticmethod
    def _active() -> Select[User, Role, Organisation]:
        return (
            select(User, Role, Organisation)
            .join(Role, and_(Role.org_id == User.org_id, Role.id == User.role_id))
            .join(Organisation, Organisation.id == User.org_id)
            .where(User.status == UserStatus.ACTIVE, Organisation.suspended_at.is_(None))
        )


class Sessions:
    """Signed-in browsers."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def locked(self, session_id: UUID) -> Session | None:
        """Return the session, held until the transaction ends: of fifty refreshes at once, one goes first."""
        query = select(Session).where(Session.id == session_id).with_for_update()
        return (await self.session.scalars(query)).one_or_none()

    async def alive(self, session_id: UUID, now: datetime) -> Session | None:
        """Return a session that lives."""
        query = select(Session).where(Session.id == session_id, Session.ended_at.is_(None), Session.expires_at > now)
        return (await self.session.scalars(query)).one_or_none()

    async def live(
        self, identity_id: UUID, now: datetime, *, in_org: UUID | None = None
    ) -> Sequence[tuple[Session, str]]:
        """Return an identity's signed-in browsers with the organisation's name, the last seen first."""
        query = (
            select(Session, Organisation.name)
            .join(Organisation, Organisation.id == Session.org_id)
            .where(Session.identity_id == identity_id, Session.ended_at.is_(None), Session.expires_at > now)
            .order_by(Session.rotated_at.desc(), Session.id.desc())
        )
        if in_org is not None:
            query = query.where(Session.org_id == in_org)
        return [(session, name) for session, name in await self.session.execute(query)]

    async def end_all(  # noqa: PLR0913  (whose, why, when and which)
        self,
        identity_id: UUID,
        because: SessionEnding,
        now: datetime,
        *,
        but: UUID | None = None,
        only: UUID | None = None,
        in_org: UUID | None = None,
    ) -> Sequence[Session]:
        """End an identity's sessions in all its organisations, or in one, and return which ended."""
        query = (
            update(Session)
            .where(Session.identity_id == identity_id, Session.ended_at.is_(None))
            .values(ended_at=now, ended_because=because)
            .returning(Session)
        )
        if but is not None:
            query = query.where(Session.id != but)
        if only is not None:
            query = query.where(Session.id == only)
        if in_org is not None:
            query = query.where(Session.org_id == in_org)
        return (await self.session.scalars(query)).all()

    async def living(self, user_id: UUID, now: datetime, *, held: bool = False) -> Sequence[Session]:
        """Return where somebody is signed in, what was used last first; if need be held until the transaction ends."""
        query = (
            select(Session)
            .where(Session.org_id == self.session.info["org_id"], Session.user_id == user_id)
            .where(Session.ended_at.is_(None), Session.expires_at > now)
            .order_by(Session.rotated_at.desc(), Session.id)
        )
        return (await self.session.scalars(query.with_for_update() if held else query)).all()


class Organisations:
    """The organisations of the installation."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def among(self, ids: Collection[UUID]) -> Sequence[Organisation]:
        """Return those that exist, by name."""
        query = select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.name)
        return (await self.session.scalars(query)).all()
