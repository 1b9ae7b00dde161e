"""Finding invitations."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.base import Entity
from maintainuk.domain.contractors import Contractor
from maintainuk.domain.errors import NotFound
from maintainuk.domain.invitations import Invitation
from maintainuk.domain.landlords import Landlord
from maintainuk.domain.people import Person, Tenancy, TenancyMember
from maintainuk.domain.permissions import Reach, Scope
from maintainuk.domain.roles import ActsFor
from maintainuk.infrastructure.repositories.present import is_not_over, is_part

SIDES: dict[ActsFor, type[Landlord | Contractor | Person]] = {
    ActsFor.LANDLORD: Landlord,
    ActsFor.CONTRACTOR: Contractor,
    ActsFor.TENANT: Person,
}
LONGEST_LIST = 500


class Invitations:
    """The invitations of the session's organisation that are within reach of whoever asks."""

    def __init__(self, session: AsyncSession, within: Reach) -> None:
        self.session = session
        self.within = within

    async def not_taken(self) -> Sequence[Invitation]:
        """Return those that nobody has accepted or withdrawn, the newest first."""
        query = (
            select(Invitation)
            .where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
            .order_by(Invitation.created_at.desc())
            .limit(LONGEST_LIST)
        )
        return [one for one in await self.session.scalars(query) if self._is_within(one)]

    async def locked(self, invitation_id: UUID) -> Invitation:
        """Return one, held until the transaction ends. Raises `NotFound`."""
        query = select(Invitation).where(Invitation.id == invitation_id).with_for_update()
        found = await self.session.scalar(query)
        if found is None or not self._is_within(found):
            raise NotFound("no-such-invitation")
        return found

    async def written_by(self, user_id: UUID) -> Sequence[Invitation]:
        """Return the invitations of somebody that nobody has accepted or withdrawn, held until the transaction ends."""
        query = (
            select(Invitation)
            .where(Invitation.invited_by == user_id)
            .where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
            .order_by(Invitation.id)
            .with_for_update()
        )
        return (await self.session.scalars(query)).all()

    async def is_waiting(self, email_index: bytes, now: datetime) -> bool:
        """Say whether an invitation to this mailbox waits for an answer."""
        query = select(Invitation.id).where(
            Invitation.email_index == email_index,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
            Invitation.expires_at > now,
        )
        return (await self.session.scalars(query.limit(1))).first() is not None

    async def knows(self, side: ActsFor, subject_id: UUID) -> bool:
        """Say whether the organisation has this landlord, contractor or tenant."""
        kind: type[Entity] = SIDES[side]
        columns = kind.__table__.c
        query = select(columns.id).where(columns.org_id == self.session.info["org_id"], columns.id == subject_id)
        return await self.session.scalar(query) is not None

    async def lives_here(self, person_id: UUID) -> bool:
        """Say whether somebody is part of a tenancy that is not over: one that begins later counts, too."""
        living = exists().where(
            TenancyMember.person_id == person_id,
            is_part(TenancyMember),
            TenancyMember.tenancy_id == Tenancy.id,
            is_not_over(Tenancy),
        )
        return bool(await self.session.scalar(select(living)))

    async def subjects(self, side: ActsFor) -> list[tuple[UUID, str]]:
        """Return the landlords or contractors somebody may be invited to speak for, by name; tenants come by link."""
        if side is ActsFor.CONTRACTOR:
            mine = self.within.contractor_id if self.within.scope is Scope.OWN else None
            contractors = await self.session.scalars(select(Contractor))
            found = [(one.id, one.name) for one in contractors if mine in {None, one.id}]
        elif side is ActsFor.LANDLORD and self.within.scope is Scope.ORG:
            query = select(Landlord, Person).join(Person, Person.id == Landlord.person_id)
            found = [(one.id, one.company or person.name) for one, person in await self.session.execute(query)]
        else:
            found = []
        return sorted(found, key=lambda one: (one[1].casefold(), one[0]))

    def _is_within(self, invitation: Invitation) -> bool:
        if self.within.scope is Scope.ORG:
            return True
        return self.within.contractor_id is not None and invitation.contractor_id == self.within.contractor_id
