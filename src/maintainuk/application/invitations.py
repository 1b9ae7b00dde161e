"""Letting people in: inviting them, and what becomes of an invitation at the other end."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from maintainuk.application.jobs import SendEmail
from maintainuk.application.links import LinkService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.errors import (
    AlreadyHere,
    Invalid,
    NotFound,
    NotPermitted,
    Reason,
)
from maintainuk.domain.invitations import GOOD_FOR, Invitation, InvitationState
from maintainuk.domain.links import LinkPurpose
from maintainuk.domain.messaging import Message, MessageChannel, MessageTemplate
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.domain.roles import ActsFor, Role, may_hand_out
from maintainuk.domain.teams import Team
from maintainuk.infrastructure.repositories.invitations import Invitations
from maintainuk.infrastructure.repositories.roles import Roles
from maintainuk.infrastructure.repositories.sign_in import Identities
from maintainuk.infrastructure.repositories.teams import Teams
from maintainuk.infrastructure.security.blind_index import BlindIndex
from maintainuk.infrastructure.security.link_secrets import LinkSecrets

SUBJECTS = {ActsFor.LANDLORD: "landlord_id", ActsFor.CONTRACTOR: "contractor_id", ActsFor.TENANT: "person_id"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInvitation:
    """Whom to let in, and as what; `subject_id` is the landlord, contractor or tenant that the role speaks for."""

    email: str = field(repr=False)
    role_id: UUID
    subject_id: UUID | None
    team_ids: Sequence[UUID] = ()
    """The teams that a colleague joins at once."""


@dataclass(frozen=True, slots=True)
class Offered:
    """An invitation with what it brings."""

    invitation: Invitation
    role: Role | None
    teams: Sequence[Team]


class InvitationService:
    """The invitations of one organisation."""

    def __init__(self, work: UnitOfWork, secrets: LinkSecrets, index: BlindIndex) -> None:
        self.work = work
        self.links = LinkService(work.session, secrets)
        self.index = index
        self.within = work.actor.require(Permission.USERS_MANAGE)
        self.invitations = Invitations(work.session, self.within)
        self.roles = Roles(work.session)

    async def not_taken(self) -> list[Offered]:
        """Return the invitations that nobody has taken, with their roles, and the teams among theirs that are there."""
        roles = {role.id: role for role in await self.roles.all()}
        teams = await Teams(self.work.session).all()
        return [
            Offered(
                one,
                roles.get(one.role_id) if one.role_id else None,
                [team for team in teams if team.id in one.team_ids],
            )
            for one in await self.invitations.not_taken()
        ]

    async def subjects(self, side: ActsFor) -> list[tuple[UUID, str]]:
        """Return for whom somebody on this side may speak, by name."""
        return await self.invitations.subjects(side)

    async def invite(self, new: NewInvitation) -> UUID:
        """Hold a place for whoever owns this mailbox, and write to it.

        Raises:
            NotPermitted: the role holds more than that of whoever asks, or they look after no teams.
            Invalid: a landlord, contractor, tenant or team that is not there, or not for this role; a tenant who lives
                in none of the homes.
            AlreadyHere: somebody with this address is here, or is invited already.

        """
        role = await self._role(new.role_id)
        subject = await self._subject(role, new.subject_id)
        teams = await self._teams(role, new.team_ids)
        index = self.index.of_email(new.email)
        if await Identities(self.work.session).member(index, self.work.actor.org_id):
            raise AlreadyHere("works-here-already", fields={"email": Reason("address-here-already")})
        if await self.invitations.is_waiting(index, self.work.now):
            raise AlreadyHere("invited-already", fields={"email": Reason("address-invited-already")})
        invitation = Invitation(
            org_id=self.work.actor.org_id,
            email=new.email,
            email_index=index,
            role_id=role.id,
            team_ids=[team.id for team in teams],
            invited_by=self.work.actor.user_id,
            created_at=self.work.now,
            sent_at=self.work.now,
            expires_at=self.work.now + GOOD_FOR,
            **subject,
        )
        self.work.session.add(invitation)
        self._write_to(invitation)
        told = {"role": str(role.id)} | ({"teams": [str(team.id) for team in teams]} if teams else {})
        self.work.audit("PersonInvited", subject_id=invitation.id, data=told)
        await self.work.session.flush()
        return invitation.id

    async def send_again(self, invitation_id: UUID) -> None:
        """Write once more, with a new link that is good for another 72 hours; the old one opens nothing any more."""
        invitation = await self._open(invitation_id)
        role = await self._role(invitation.role_id)
        await self._revoke(invitation)
        invitation.sent_again(self.work.now)
        self._write_to(invitation)
        self.work.audit("InvitationSentAgain", subject_id=invitation.id, data={"role": str(role.id)})
        await self.work.session.flush()

    async def withdraw(self, invitation_id: UUID) -> None:
        """Take an invitation back: its link opens nothing any more. Raises `AlreadyHere` once it was accepted."""
        invitation = await self._open(invitation_id)
        await self._revoke(invitation)
        invitation.withdrawn(self.work.now)
        self.work.audit("InvitationWithdrawn", subject_id=invitation.id)
        await self.work.session.flush()

    async def _role(self, role_id: UUID | None) -> Role:
        try:
            role = await self.roles.get(role_id) if role_id else None
        except NotFound:
            role = None
        if role is None:
            raise Invalid(fields={"role_id": Reason("unknown-role")})
        if not may_hand_out(self.work.actor, role):
            raise NotPermitted("beyond-your-role")
        return role

    async def _subject(self, role: Role, subject_id: UUID | None) -> dict[str, Any]:
        side = role.acts_for
        if side is ActsFor.CONTRACTOR and self.work.actor.contractor_id is not None:
            subject_id = self.work.actor.contractor_id
        if side is None:
            if subject_id is not None:
                raise Invalid(fields={"subject_id": Reason("role-speaks-for-nobody")})
            return {}
        if subject_id is None or not await self.invitations.knows(side, subject_id):
            raise Invalid(fields={"subject_id": Reason("speaks-for-whom")})
        if side is ActsFor.TENANT and not await self.invitations.lives_here(subject_id):
            raise Invalid(fields={"subject_id": Reason("tenant-without-home")})
        return {SUBJECTS[side]: subject_id}

    async def _teams(self, role: Role, team_ids: Sequence[UUID]) -> list[Team]:
        if not team_ids:
            return []
        self.work.actor.require(Permission.USERS_MANAGE, at_least=Scope.ORG)
        if role.acts_for is not None:
            raise Invalid(fields={"team_ids": Reason("teams-are-for-colleagues")})
        wanted = {team.id: team for team in await Teams(self.work.session).all() if team.id in team_ids}
        if not wanted.keys() >= set(team_ids):
            raise Invalid(fields={"team_ids": Reason("unknown-team")})
        return list(wanted.values())

    async def _open(self, invitation_id: UUID) -> Invitation:
        invitation = await self.invitations.locked(invitation_id)
        match invitation.state(self.work.now):
            case InvitationState.ACCEPTED:
                raise AlreadyHere("invitation-accepted")
            case InvitationState.WITHDRAWN:
                raise NotFound("no-such-invitation")
            case _:
                return invitation

    async def _revoke(self, invitation: Invitation) -> None:
        await self.links.links.revoke(invitation.org_id, LinkPurpose.INVITATION, invitation.id, self.work.now)

    def _write_to(self, invitation: Invitation) -> None:
        self.links.make(invitation.org_id, LinkPurpose.INVITATION, invitation.id, self.work.now)
        message = Message(
            org_id=invitation.org_id,
            invitation_id=invitation.id,
            channel=MessageChannel.EMAIL,
            template=MessageTemplate.INVITATION,
            created_at=self.work.now,
        )
        message.promised()
        self.work.session.add(message)
        self.work.promise(SendEmail(message_id=message.id))
