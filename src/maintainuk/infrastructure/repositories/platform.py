"""What those who run the installation see of it: organisations, and how much each of them has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Uuid, and_, column, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.errors import NotFound
from maintainuk.domain.organisations import Organisation
from maintainuk.domain.platform import PlatformAdministrator
from maintainuk.domain.sign_in import Client, Session
from maintainuk.infrastructure.repositories.organisations import CONFIRMED

COUNTS = func.app.organisation_counts().table_valued(
    column("org_id", Uuid()), column("homes", BigInteger()), column("users", BigInteger())
)


@dataclass(frozen=True, slots=True)
class Held:
    """An organisation, and how many homes and people it has: numbers, and no row of theirs."""

    organisation: Organisation
    homes: int
    users: int


class Platform:
    """The installation, for its administrators."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def administering(self, session_id: UUID, now: datetime) -> UUID | None:
        """Return the identity behind a session when it looks after organisations.

        A session that an organisation's own provider vouched for proves nothing outside that organisation.
        """
        query = (
            select(PlatformAdministrator.identity_id)
            .join(Session, Session.identity_id == PlatformAdministrator.identity_id)
            .where(
                Session.id == session_id,
                Session.client == Client.STAFF,
                Session.is_vouched.is_(False),
                Session.ended_at.is_(None),
                Session.expires_at > now,
            )
        )
        return await self.session.scalar(query)

    async def organisations(self) -> Sequence[Held]:
        """Return every organisation with its numbers, by name."""
        query = (
            select(Organisation, func.coalesce(COUNTS.c.homes, 0), func.coalesce(COUNTS.c.users, 0))
            .outerjoin(COUNTS, and_(COUNTS.c.org_id == Organisation.id))
            .order_by(func.lower(Organisation.name), Organisation.id)
        )
        return [Held(*row) for row in await self.session.execute(query)]

    async def organisation(self, org_id: UUID) -> Held:
        """Return one of them. Raises `NotFound`."""
        if (found := next((one for one in await self.organisations() if one.organisation.id == org_id), None)) is None:
            raise NotFound("no-such-organisation")
        return found

    async def held(self, org_id: UUID) -> Organisation:
        """Return an organisation that is confirmed, held until the transaction ends. Raises `NotFound`."""
        query = select(Organisation).where(Organisation.id == org_id, CONFIRMED).with_for_update()
        if (found := await self.session.scalar(query)) is None:
            raise NotFound("no-such-organisation")
        return found
