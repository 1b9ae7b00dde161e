"""Setting a live installation up: its first organisation and that organisation's administrator."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.application.passwords import good_password
from maintainuk.application.sign_in import Browser, SignedIn, SignIn
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.base import new_id
from maintainuk.domain.built_in_roles import BUILT_IN_GRANTS, CLIENT_OF, BuiltInRole
from maintainuk.domain.errors import LinkUnknown, LinkUsed
from maintainuk.domain.founding import Founder
from maintainuk.domain.organisations import Organisation
from maintainuk.domain.permissions import Actor
from maintainuk.domain.roles import Role
from maintainuk.domain.sign_in import Client, Identity, Membership
from maintainuk.domain.users import User
from maintainuk.infrastructure.repositories.founding import Foundation
from maintainuk.infrastructure.repositories.sign_in import Place
from maintainuk.infrastructure.security.guesses import neighbourhood
from maintainuk.infrastructure.security.set_up_secret import is_set_up_secret
from maintainuk.settings import Settings


async def lay_foundations(
    session: AsyncSession, organisation: Organisation, *, is_demo: bool
) -> dict[BuiltInRole, Role]:
    """Add an organisation with the roles that each begins with, and return these.

    One that is made in a demo is marked, so that the demo starts again beside it.
    """
    organisation.is_invented = is_demo
    roles = {
        role: Role(
            org_id=organisation.id,
            name=role,
            client=CLIENT_OF[role],
            stored_grants={str(permission): str(scope) for permission, scope in grants.items()},
        )
        for role, grants in BUILT_IN_GRANTS.items()
    }
    session.add(organisation)
    await session.flush()
    session.add_all(roles.values())
    await session.flush()
    return roles


class Founding:
    """Done once: after that the way in is shut, whatever anybody shows."""

    def __init__(self, settings: Settings, sign_in: SignIn) -> None:
        self.settings, self.sign_in = settings, sign_in

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
        about = (founder.name, founder.email.partition("@")[0], founder.organisation)
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
        org_id = work.actor.org_id
        organisation = Organisation(id=org_id, name=founder.organisation, kind=founder.kind, nation=founder.nation)
        roles = await lay_foundations(work.session, organisation, is_demo=self.settings.is_demo)
        identity = Identity(
            email_index=self.sign_in.index.of_email(founder.email),
            password_hash=hashed,
            password_changed_at=work.now,
            created_at=work.now,
        )
        user = User(org_id=org_id, name=founder.name, email=founder.email, role_id=roles[BuiltInRole.ORG_ADMIN].id)
        work.session.add_all([identity, user])
        await work.session.flush()
        work.session.add(Membership(identity_id=identity.id, org_id=org_id, user_id=user.id, client=Client.STAFF))
        work.audit("OrganisationFounded", subject_id=org_id, data={"nation": founder.nation, "kind": founder.kind})
        return identity, Place(org_id, founder.organisation, user.id)
