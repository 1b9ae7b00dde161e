"""Who works here, what they may do and where they are signed in."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from maintainuk.application.administrators import tell_administrators
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.errors import Invalid, LastAdministrator, NotFound, NotPermitted, Reason
from maintainuk.domain.links import LinkPurpose
from maintainuk.domain.messaging import MessageTemplate
from maintainuk.domain.permissions import WHOLE_ORGANISATION, Permission, Scope, is_within
from maintainuk.domain.roles import Role, may_hand_out
from maintainuk.domain.sign_in import Session, SessionEnding
from maintainuk.domain.users import UserStatus
from maintainuk.infrastructure.repositories.invitations import Invitations
from maintainuk.infrastructure.repositories.links import Links
from maintainuk.infrastructure.repositories.roles import Roles
from maintainuk.infrastructure.repositories.sign_in import Sessions
from maintainuk.infrastructure.repositories.users import Account, Accounts, Users


class UserService:
    """Who works here."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work

    async def colleagues(self, *, assignable: bool) -> list[dict[str, Any]]:
        """Return the members of staff by name: those who can own a ticket now, or everybody who ever could."""
        self.work.actor.require(Permission.TICKETS_READ, at_least=Scope.TEAM)
        return await Users(self.work.session).staff(everybody=not assignable)


class AccountService:
    """Those who sign in, for whoever manages them: all of an organisation, or all of one contractor's firm."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work
        self.accounts = Accounts(work.session, work.actor.require(Permission.USERS_MANAGE))
        self.roles = Roles(work.session)

    async def all(self) -> list[Account]:
        """Return everybody but tenants, by name."""
        return await self.accounts.all()

    async def tenants(self, email: str, *, after: UUID | None, limit: int) -> list[Account]:
        """Return tenants who sign in, or the one with this address, the newest first."""
        return await self.accounts.tenants(email, after=after, limit=limit)

    async def one(self, user_id: UUID) -> Account:
        """Return one of them. Raises `NotFound`."""
        return await self.accounts.one(user_id)

    async def change_role(self, user_id: UUID, role_id: UUID) -> None:
        """Give somebody another role, at once.

        Raises:
            NotPermitted: their present role, or the new one, holds more than that of whoever asks.
            Invalid: the new role is for people of another side.
            LastAdministrator: nobody would be left who can let others in.

        """
        account = await self._below(user_id)
        try:
            role = await self.roles.get(role_id)
        except NotFound:
            raise Invalid(fields={"role_id": Reason("unknown-role")}) from None
        is_more = not is_within(role.grants, self.work.actor.grants)
        is_raised = role.administers and is_more and user_id == self.work.actor.user_id
        if is_raised or not may_hand_out(self.work.actor, role):
            raise NotPermitted("beyond-your-role")
        if (role.client, role.acts_for) != (account.role.client, account.user.acts_for):
            raise Invalid(fields={"role_id": Reason("role-of-another-side")})
        if role.id == account.role.id:
            return
        await self.roles.hold()
        account.user.role_id = role.id
        await self.leave_an_administrator()
        self.work.audit("UserRoleChanged", subject_id=user_id, data={"from": str(account.role.id), "to": str(role.id)})
        if is_more or role.administers:
            await tell_administrators(self.work, MessageTemplate.ADMINISTRATION_CHANGED)
        self.work.has_changed = True

    async def disable(self, user_id: UUID) -> None:
        """Shut somebody out at once, and everybody whom they have invited and who has not come yet.

        Raises `LastAdministrator`.
        """
        account = await self._below(user_id)
        if account.user.status is UserStatus.DISABLED:
            return
        await self.roles.hold()
        account.user.status = UserStatus.DISABLED
        account.user.forget_account()
        await self.leave_an_administrator()
        await self._end(await self._sessions(user_id, held=True), SessionEnding.DISABLED)
        await self._withdraw_invitations(user_id)
        self.work.audit("UserDisabled", subject_id=user_id)

    async def enable(self, user_id: UUID) -> None:
        """Let somebody in again; they sign in anew."""
        account = await self._below(user_id)
        if account.user.status is UserStatus.ACTIVE:
            return
        account.user.status = UserStatus.ACTIVE
        self.work.audit("UserEnabled", subject_id=user_id)

    async def sessions(self, user_id: UUID) -> Sequence[Session]:
        """Return where somebody is signed in. Raises `NotFound`."""
        await self.one(user_id)
        self.work.audit("SessionsRead", subject_id=user_id)
        return await self._sessions(user_id)

    async def end_sessions(self, user_id: UUID, session_id: UUID | None = None) -> int:
        """Sign somebody out of one browser, or of all, at once. Raises `NotFound`."""
        await self._below(user_id)
        living = [one for one in await self._sessions(user_id, held=True) if session_id in {None, one.id}]
        if session_id is not None and not living:
            raise NotFound("no-such-session")
        await self._end(living, SessionEnding.ENDED_BY_COLLEAGUE)
        self.work.audit("SessionsEnded", subject_id=user_id, data={"ended": [str(one.id) for one in living]})
        return len(living)

    async def leave_an_administrator(self) -> None:
        """Refuse what would leave nobody who can let others in; the roles are held by whoever asks this."""
        await self.work.session.flush()
        administering = [role.id for role in await self.roles.all() if role.administers]
        if not await Users(self.work.session).administrators(administering):
            raise LastAdministrator

    async def _withdraw_invitations(self, user_id: UUID) -> None:
        links = Links(self.work.session)
        for invitation in await Invitations(self.work.session, WHOLE_ORGANISATION).written_by(user_id):
            await links.revoke(invitation.org_id, LinkPurpose.INVITATION, invitation.id, self.work.now)
            invitation.withdrawn(self.work.now)
            self.work.audit("InvitationWithdrawn", subject_id=invitation.id)

    async def _below(self, user_id: UUID) -> Account:
        """Return somebody whose role holds no more than that of whoever asks. Raises `NotFound`, `NotPermitted`."""
        account = await self.accounts.one(user_id, held=True)
        if not may_hand_out(self.work.actor, account.role):
            raise NotPermitted("beyond-your-role")
        return account

    async def _sessions(self, user_id: UUID, *, held: bool = False) -> Sequence[Session]:
        return await Sessions(self.work.session).living(user_id, self.work.now, held=held)

    async def _end(self, sessions: Sequence[Session], because: SessionEnding) -> None:
        for session in sessions:
            session.end(because, at=self.work.now)
        self.work.has_changed = True  # so that their live screens end now


def assignable(work: UnitOfWork, roles: Sequence[Role]) -> set[UUID]:
    """Return the roles that whoever asks may give to others."""
    return {role.id for role in roles if may_hand_out(work.actor, role)}
