"""The poster in a hallway: what it says, and a new one when the old one has got about."""

from dataclasses import dataclass
from uuid import UUID

from maintainuk.application.links import LinkService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.links import LinkPurpose
from maintainuk.domain.permissions import Permission
from maintainuk.infrastructure.repositories.reports import Landlord, ReportPlace, Reports
from maintainuk.infrastructure.security.link_secrets import LinkSecrets


@dataclass(frozen=True, slots=True)
class HomePoster:
    """What the poster of a home, or of a block's common parts, says; nobody's name."""

    code: str
    place: ReportPlace
    landlord: Landlord


class PosterService:
    """The posters of one organisation."""

    def __init__(self, work: UnitOfWork, secrets: LinkSecrets) -> None:
        self.work = work
        self.links = LinkService(work.session, secrets)
        self.reports = Reports(work.session)

    async def read(self, home_id: UUID) -> HomePoster:
        """Return the poster of a home; its code is made the first time. Raises `NotFound`."""
        org_id = self.work.actor.org_id
        place = await self.reports.place(home_id)
        code = await self.links.secret_for(org_id, LinkPurpose.HOME, home_id, self.work.now)
        return HomePoster(code, place, await self.reports.landlord(org_id))

    async def replace(self, home_id: UUID) -> None:
        """Switch off every code of the home and make a new one. Raises `NotFound`.

        Whoever triages may: they are the ones who hear of false reports, and it must not wait for an administrator.
        """
        self.work.actor.require_whole_organisation(Permission.TICKETS_TRIAGE)
        org_id = self.work.actor.org_id
        await self.reports.place(home_id)
        switched_off = await self.links.links.revoke(org_id, LinkPurpose.HOME, home_id, self.work.now)
        self.links.make(org_id, LinkPurpose.HOME, home_id, self.work.now)
        self.work.audit("PosterReplaced", subject_id=home_id, data={"switched_off": switched_off})
