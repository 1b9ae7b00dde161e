"""What an organisation decides about how the product works for it."""

from dataclasses import dataclass

from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.errors import ChangedMeanwhile
from maintainuk.domain.organisations import OrganisationSettings
from maintainuk.domain.permissions import WHOLE_ORGANISATION, Permission, Scope
from maintainuk.infrastructure.repositories.organisations import Facts, SettingsOf
from maintainuk.infrastructure.repositories.tickets import Tickets

MOST_ALARMS = 50
"""As many letters as a person on call can read at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSettings:
    """What an administrator decided; without an e-mail address nobody hears of a danger outside the staff app."""

    emergency_email: str | None
    emergency_phone: str | None
    is_ai_on: bool


class OrganisationService:
    """An organisation and its settings."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work
        self.settings = SettingsOf(work.session)

    async def read(self) -> Facts:
        """Return the organisation with what it has decided; version 0 while nobody has decided anything."""
        return await self.settings.shown()

    async def change(self, new: NewSettings, *, version: int) -> None:
        """Decide, having seen the settings as they were at `version`."""
        self.work.actor.require(Permission.SETTINGS_WRITE, at_least=Scope.ORG)
        settings = await self.settings.held(at=self.work.now)
        before = _told(settings)
        if settings.version != version:
            raise ChangedMeanwhile("settings-changed-meanwhile")
        is_first = bool(new.emergency_email) and not settings.has_emergency_contact
        settings.emergency_email, settings.emergency_phone = new.emergency_email, new.emergency_phone
        settings.is_ai_on, settings.updated_at = new.is_ai_on, self.work.now
        after = _told(settings)
        changes = {field: (before[field], after[field]) for field in after if before[field] != after[field]}
        self.work.audit("OrganisationSettingsChanged", subject_id=settings.id, changes=changes)
        if is_first:
            await self._tell_of_open_alarms()
        await self.work.session.flush()

    async def _tell_of_open_alarms(self) -> None:
        """Write to the first contact about dangers that nobody looks after yet."""
        tickets = Tickets(self.work.session, WHOLE_ORGANISATION)
        waiting = await tickets.dangers(limit=MOST_ALARMS)
        for ticket in (await tickets.all_locked([danger["id"] for danger in waiting])).values():
            ticket.repeat_alarm(at=self.work.now)


def _told(settings: OrganisationSettings) -> dict[str, bool]:
    """Return what the audit log may know of the settings: an address or a number may be somebody's own."""
    return {
        "has_emergency_contact": settings.has_emergency_contact,
        "has_emergency_phone": bool(settings.emergency_phone),
        "is_ai_on": settings.is_ai_on,
    }
