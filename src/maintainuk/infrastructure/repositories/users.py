"""Finding members of staff."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Boolean, Select, Text, Uuid, and_, bindparam, or_, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.errors import NotFound
from maintainuk.domain.organisations import OrganisationSettings
from maintainuk.domain.permissions import Reach
from maintainuk.domain.roles import Role
from maintainuk.domain.teams import Team, TeamMember
from maintainuk.domain.users import User, UserStatus
from maintainuk.infrastructure.database.reading import rows
from maintainuk.infrastructure.database.sealing import entered
from maintainuk.infrastructure.repositories import reach

U, R = User.__table__.c, Role.__table__.c
IS_ACTIVE = type_coerce(U.status, Text()) == UserStatus.ACTIVE.value
IS_STAFF = and_(U.landlord_id.is_(None), U.contractor_id.is_(None), U.person_id.is_(None))
"""Whoever acts for the organisation itself."""
MAY_OWN = and_(IS_STAFF, IS_ACTIVE)
"""Whom a ticket may be given to."""
STAFF: Final = (
    select(U.id, U.name, R.name.label("role"))
    .select_from(User.__table__.join(Role.__table__, and_(R.org_id == U.org_id, R.id == U.role_id)))
    .where(U.org_id == bindparam("org"), IS_STAFF, or_(IS_ACTIVE, bindparam("everybody", type_=Boolean())))
)
ACTIVE: Final = select(U.id).where(U.org_id == bindparam("org"), U.id == bindparam("id", type_=Uuid()), MAY_OWN)


class Users:
    """The members of staff of the session's organisation."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def staff(self, *, everybody: bool) -> list[dict[str, Any]]:
        """Return who works here, by name; `everybody` includes those who may no longer sign in."""
        found = [row._asdict() for row in await rows(self.session, STAFF, everybody=everybody)]
        return sorted(found, key=lambda one: (one["name"].casefold(), one["id"]))

    async def names(self, ids: Collection[UUID]) -> dict[UUID, str]:
        """Return what these colleagues are called, by id."""
        found = await self.session.execute(select(User.id, User.name).where(User.id.in_(ids))) if ids else ()
        return {row[0]: row[1] for row in found}

    async def is_active(self, user_id: UUID) -> bool:
        """Say whether this is a member of staff who may sign in."""
        return bool(await rows(self.session, ACTIVE, id=user_id))

    async def administrators(self, roles: Collection[UUID]) -> Sequence[User]:
        """Return who may sign in with one of these roles, the longest known first."""
        query = select(User).where(User.role_id.in_(roles), User.status == UserStatus.ACTIVE).order_by(User.id)
        return (await self.session.scalars(query)).all()

    async def held(self, user_id: UUID) -> User:
        """Return one of them, held until the transaction ends."""
        return (await self.session.scalars(select(User).where(User.id == user_id).with_for_update())).one()

    async def of_account(self, issuer: str, subject: str) -> User | None:
        """Return whose account this is at the organisation's provider."""
        query = select(User).where(User.vouched_issuer == issuer, User.vouched_subject == subject)
        return await self.session.scalar(query)

    async def head_of_service(self) -> User | None:
        """Return who answers for the service: whom the organisation has named, while they may sign in."""
        query = (
            select(User)
            .join(OrganisationSettings, OrganisationSettings.head_of_service_id == User.id)
            .where(User.status == UserStatus.ACTIVE)
        )
        return await self.session.scalar(query)


@dataclass(slots=True)
class Account:
    """Somebody who signs in, with their role and their teams."""

    user: User
    role: Role
    teams: list[Team] = field(default_factory=list)


class Accounts:
    """Those people who sign in to the session's organisation that are within reach of whoever asks."""

    def __init__(self, session: AsyncSession, within: Reach) -> None:
        self.session = session
        self.within = within

    async def all(self) -> list[Account]:
        """Return everybody but tenants, of whom there may be tens of thousands, by name."""
        accounts = [
            Account(user, role) for user, role in await self._read(self._query().where(User.person_id.is_(None)))
        ]
        by_user = {account.user.id: account for account in accounts}
        places = await self.session.execute(
            select(TeamMember.user_id, Team).join(Team, Team.id == TeamMember.team_id).order_by(Team.name)
        )
        for user_id, team in places:
            if user_id in by_user:
                by_user[user_id].teams.append(team)
        return sorted(accounts, key=lambda account: (account.user.name.casefold(), account.user.id))

    async def tenants(self, email: str, *, after: UUID | None, limit: int) -> list[Account]:
        """Return tenants who sign in, or the one with this address, the newest first, beginning behind `after`."""
        query = self._query().where(User.person_id.is_not(None)).order_by(User.id.desc()).limit(limit)
        if after:
            query = query.where(User.id < after)
        if email:
            keys = await entered(self.session)
            query = query.where(User.email_index == (keys.email(email) if keys else None))
        return [Account(user, role) for user, role in await self._read(query)]

    async def held(self, ids: Collection[UUID]) -> Sequence[User]:
        """Return those of these that are here, held until the transaction ends, in one order whoever asks."""
        query = select(User).where(User.id.in_(ids), reach.users(self.within.scope)).order_by(User.id)
        return (await self.session.scalars(query.with_for_update(of=User), reach.values(self.within))).all()

    async def one(self, user_id: UUID, *, held: bool = False) -> Account:
        """Return one of them, if need be held until the transaction ends. Raises `NotFound`."""
        query = self._query().where(User.id == user_id)
        for user, role in await self._read(query.with_for_update(of=User) if held else query):
            teams = await self.session.scalars(
                select(Team).join(TeamMember, TeamMember.team_id == Team.id).where(TeamMember.user_id == user_id)
            )
            return Account(user, role, sorted(teams, key=lambda team: team.name))
        raise NotFound("no-such-user")

    async def _read(self, query: Select[User, Role]) -> Sequence[tuple[User, Role]]:
        return (await self.session.execute(query, reach.values(self.within))).all()

    def _query(self) -> Select[User, Role]:
        return (
            select(User, Role)
            .join(Role, and_(Role.org_id == User.org_id, Role.id == User.role_id))
            # Who was forgotten has no address left: no account is there any more, only a row that the story hangs on.
            .where(reach.users(self.within.scope), User.email_index.is_not(None))
        )
