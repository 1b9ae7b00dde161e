"""How organisations begin, and the first one of a live installation with its administrator."""

from dataclasses import replace
from datetime import datetime

from maintainuk.application.invitations import InvitationService, NewInvitation
from maintainuk.application.passwords import good_password
from maintainuk.application.sign_in import Browser, SignedIn, SignIn
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.base import new_id
from maintainuk.domain.built_in_roles import BUILT_IN_GRANTS, CLIENT_OF, BuiltInRole
from maintainuk.domain.errors import LinkUnknown, LinkUsed
from maintainuk.domain.founding import Founder, NewOrganisation
from maintainuk.domain.organisations import Organisation
from maintainuk.domain.permissions import Actor
from maintainuk.domain.roles import Role
from maintainuk.domain.sign_in import Client, Identity, Membership
from maintainuk.domain.users import User
from maintainuk.infrastructure.repositories.founding import Foundation
from maintainuk.infrastructure.repositories.sign_in import Place
from maintainuk.infrastructure.security.blind_index import BlindIndex
from maintainuk.infrastructure.security.guesses import neighbourhood
from maintainuk.infrastructure.security.link_secrets import LinkSecrets
from maintainuk.infrastructure.security.set_up_secret import is_set_up_secret
from maintainuk.settings import Settings


class Foundations:
    """How every organisation begins: with its roles, and with somebody who looks after it."""

    def __init__(self, settings: Settings, secrets: LinkSecrets, index: BlindIndex) -> None:
        self.settings, self.secrets, self.index = settings, secrets, index

    async def lay(
        self, work: UnitOfWork, new: NewOrganisation, *, waits_until: datetime | None = None
    ) -> dict[BuiltInRole, Role]:
        """Add the organisation of this work with the roles that each begins with, and return these."""
        organisation = Organisation(
            id=work.actor.org_id,
            name=new.name,
            kind=new.kind,
            nation=new.nation,
            waits_until=waits_until,
            waits_for=self.index.of_email(new.email) if waits_until else None,
            is_invented=self.settings.is_demo,
        )
        roles = {
            role: Role(
                org_id=organisation.id,
                name=role,
                client=CLIENT_OF[role],
                stored_grants={str(permission): str(scope) for permission, scope in grants.items()},
            )
            for role, grants in BUILT_IN_GRANTS.items()
        }
        work.session.add(organisation)
        await work.session.flush()
        work.session.add_all(roles.values())
        await work.session.flush()
        return roles

    async def offer(self, work: UnitOfWork, new: NewOrganisation, *, waits_until: datetime | None = None) -> None:
        """Lay them, and invite the first administrator; until then nobody is in the organisation."""
        asking = work.actor
        roles = await self.lay(work, new, waits_until=waits_until)
        work.audit("OrganisationCreated", subject_id=asking.org_id, data={"nation": new.nation, "kind": new.kind})
        work.actor = replace(Actor.system(asking.org_id), name=asking.name)
        invitation = NewInvitation(email=new.email, role_id=roles[BuiltInRole.ORG_ADMIN].id, subject_id=None)
        await InvitationService(work, self.secrets, self.index).invite(invitation)
        work.actor = asking


class Founding:
    """Done once: after that the way in is shut, whatever anybody shows."""

    def __init__(self, settings: Settings, sign_in: SignIn, foundations: Foundations) -> None:
        self.settings, self.sign_in, self.foundations = settings, sign_in, foundations

    async def found(self, secret: str, founder: Founder, password: object, browser: Browser, now: datetime) -> SignedIn:
        """Found the first organisation and sign its administrator in.

        Raises:
            LinkUnknown: this is not the secret that the server printed.
            LinkUsed: there is an organisation already.
            Invalid: the password may not be one.

        """
        await self.sign_in.guesses.take(f"set-up:{neighbourhood(browser.address)}")
        if not is_set_up_secret(self.settings, secret):
            raise LinkUnknown("set-up-unknown")
        about = (founder.name, founder.organisation.email.partition("@")[0], founder.organisation.name)
        typed = good_password(password, about, "password")
        hashed = await self.sign_in.passwords.hash(typed)
        org_id = new_id()
        async with self.sign_in.work(Actor.system(org_id), browser, now) as work:
            if not await Foundation(work.session).is_first():
                raise LinkUsed("set-up-done")
            identity, place = await self._write(work, founder, hashed)
        entered = await self.sign_in.admit(identity.id, place, browser, now)
        assert entered is not None
        return entered

    async def _write(self, work: UnitOfWork, founder: Founder, hashed: str) -> tuple[Identity, Place]:
        org_id, new = work.actor.org_id, founder.organisation
        roles = await self.foundations.lay(work, new)
        identity = Identity(
            email_index=self.sign_in.index.of_email(new.email),
            password_hash=hashed,
            password_changed_at=work.now,
            created_at=work.now,
        )
        user = User(org_id=org_id, name=founder.name, email=new.email, role_id=roles[BuiltInRole.ORG_ADMIN].id)
        work.session.add_all([identity, user])
        await work.session.flush()
        work.session.add(Membership(identity_id=identity.id, org_id=org_id, user_id=user.id, client=Client.STAFF))
        work.audit("OrganisationFounded", subject_id=org_id, data={"nation": new.nation, "kind": new.kind})
        return identity, Place(org_id, new.name, user.id)
