"""Deciding how an organisation looks to its tenants."""

from dataclasses import dataclass
from hashlib import sha256

from maintainuk.application.organisations import CHANGED
from maintainuk.application.unit_of_work import Changes, UnitOfWork
from maintainuk.domain.branding import colour_of, logo_path
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.infrastructure.repositories.organisations import SettingsOf

NAME = 32
"""Hex digits of what names a logo: another picture has another name."""


@dataclass(frozen=True, slots=True)
class Look:
    """What tenants see: #rrggbb and the logo's address, or nothing where ours is shown."""

    colour: str | None
    logo: str | None


class BrandingService:
    """An organisation's colour and logo; each change stands in the history of its settings."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work
        self.work.actor.require(Permission.SETTINGS_WRITE, at_least=Scope.ORG)
        self.settings = SettingsOf(work.session)

    async def read(self) -> Look:
        """Return how the organisation looks."""
        organisation = await self.settings.organisation()
        return Look(organisation.colour, logo_path(organisation.id, organisation.logo))

    async def colour(self, text: str | None) -> None:
        """Choose a colour, or ours again. Raises `Invalid` for one on which white words can't be read."""
        organisation = await self.settings.organisation()
        colour = colour_of(text) if text else None
        await self._keep({"colour": (organisation.colour, colour)})
        organisation.colour = colour

    async def logo(self, name: str | None) -> str | None:
        """Show this logo from now on, or ours again; returns the name of the one before, which nobody shows now."""
        organisation = await self.settings.organisation()
        before = organisation.logo
        await self._keep({"logo": (before is not None, name is not None)}, is_another=before != name)
        organisation.logo = name
        return before if before != name else None

    async def _keep(self, changes: Changes, *, is_another: bool = False) -> None:
        if is_another or any(before != after for before, after in changes.values()):
            settings = await self.settings.held(at=self.work.now)
            self.work.audit(CHANGED, subject_id=settings.id, changes=changes)


def name_of(picture: bytes) -> str:
    """Return what names a picture."""
    return sha256(picture).hexdigest()[:NAME]
