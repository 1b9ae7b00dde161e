"""Looking after the organisations of an installation, without seeing what is in them."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from uuid import UUID

from maintainuk.application.founding import Foundations
from maintainuk.application.unit_of_work import UnitOfWork, unit_of_work
from maintainuk.domain.base import new_id
from maintainuk.domain.errors import NotPermitted
from maintainuk.domain.founding import NewOrganisation
from maintainuk.domain.permissions import Actor
from maintainuk.domain.platform import Steward
from maintainuk.domain.ports import Hints
from maintainuk.infrastructure.database.engine import Database
from maintainuk.infrastructure.repositories.platform import Held, Platform

ROLE = "PlatformAdmin"


@dataclass(frozen=True, slots=True)
class Desk:
    """What somebody of the platform works with: who they are, and the request's own unit of work, which is theirs.

    What is done to an organisation is done in a unit of work of that organisation, and stands in its audit log.
    """

    steward: Steward
    own: UnitOfWork
    database: Database
    hints: Hints

    def inside(self, org_id: UUID) -> AbstractAsyncContextManager[UnitOfWork]:
        """Open a unit of work of one organisation; the platform's own permissions are none."""
        own, steward = self.own, self.steward
        return unit_of_work(
            self.database.session(org_id),
            Actor(org_id=org_id, user_id=steward.identity_id, name=steward.name, role=ROLE),
            own.now,
            trace_parent=own.trace_parent,
            origin=own.origin,
            hints=self.hints,
        )


class PlatformService:
    """The organisations of the installation, for its administrators."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.platform = Platform(desk.own.session)

    async def organisations(self) -> list[Held]:
        """Return all of them with their numbers, by name."""
        return list(await self.platform.organisations())

    async def organisation(self, org_id: UUID) -> Held:
        """Return one of them. Raises `NotFound`."""
        return await self.platform.organisation(org_id)

    async def create(self, new: NewOrganisation, foundations: Foundations) -> UUID:
        """Make an organisation with the roles that each begins with, and invite its first administrator."""
        async with self.desk.inside(new_id()) as work:
            await foundations.offer(work, new)
            return work.actor.org_id

    async def suspend(self, org_id: UUID, reason: str) -> None:
        """Shut an organisation: from now on its people, programs and links are told so. Doing it twice is fine.

        Raises:
            NotFound: there is no such organisation.
            NotPermitted: it is the one through which this administrator has signed in.

        """
        if org_id == self.desk.steward.org_id:
            raise NotPermitted("own-organisation-not-suspended")
        async with self.desk.inside(org_id) as work:
            organisation = await Platform(work.session).held(org_id)
            if organisation.suspended_at is not None:
                return
            organisation.suspended_at, organisation.suspended_because = work.now, reason
            work.audit("OrganisationSuspended", subject_id=org_id)
            work.has_changed = True  # so that its live screens end now

    async def lift(self, org_id: UUID) -> None:
        """Let an organisation work again, with everything as it was. Raises `NotFound`."""
        async with self.desk.inside(org_id) as work:
            organisation = await Platform(work.session).held(org_id)
            if organisation.suspended_at is None:
                return
            organisation.suspended_at = organisation.suspended_because = None
            work.audit("OrganisationRestored", subject_id=org_id)
            work.has_changed = True
