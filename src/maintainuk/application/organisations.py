"""What an organisation decides about how the product works for it."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import flag_modified

from maintainuk.application.unit_of_work import Changes, UnitOfWork
from maintainuk.domain.branding import logo_path
from maintainuk.domain.errors import ChangedMeanwhile
from maintainuk.domain.organisations import Nation, OrganisationSettings
from maintainuk.domain.permissions import WHOLE_ORGANISATION, Permission, Scope
from maintainuk.infrastructure.repositories.audit import AuditEntries, AuditFilter
from maintainuk.infrastructure.repositories.organisations import Facts, Organisations, SettingsOf
from maintainuk.infrastructure.repositories.tickets import Tickets

CHANGED = "OrganisationSettingsChanged"
MOST_REMEMBERED = 50
MOST_ALARMS = 50
"""As many letters as a person on call can read at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSettings:
    """What an administrator decided; without an e-mail address nobody hears of a danger outside the staff app."""

    emergency_email: str | None
    emergency_phone: str | None
    is_ai_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProfile:
    """How the organisation appears to tenants, and the nation that is offered first for a new property."""

    name: str
    phone: str | None
    nation: Nation


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotices:
    """The organisation's own words; empty means ours."""

    privacy_notice: str | None
    accessibility_statement: str | None


async def public_notices(session: AsyncSession) -> Facts | None:
    """Return what anybody may know of the session's organisation; nothing when there is none, or it is suspended."""
    organisation = await Organisations(session).open(session.info["org_id"])
    if organisation is None:
        return None
    settings = await SettingsOf(session).present()
    return {
        "name": organisation.name,
        "phone": organisation.phone,
        "colour": organisation.colour,
        "logo": logo_path(organisation.id, organisation.logo),
        "privacy_notice": settings.privacy_notice if settings else None,
        "accessibility_statement": settings.accessibility_statement if settings else None,
    }


class OrganisationService:
    """An organisation and its settings."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work
        self.settings = SettingsOf(work.session)

    async def present_itself(self, new: NewProfile, *, version: int) -> None:
        """Say what the organisation is called, which number tenants ring and which nation its homes are mostly in."""
        settings = await self._held(version)
        organisation = await self.settings.organisation()
        changes: dict[str, tuple[Any, Any]] = {
            field: (getattr(organisation, field), value)
            for field, value in asdict(new).items()
            if getattr(organisation, field) != value
        }
        for field, (_, after) in changes.items():
            setattr(organisation, field, after)
        # Whose number it is the log can't tell: an organisation may be one person.
        if number := changes.get("phone"):
            changes["phone"] = bool(number[0]), bool(number[1])
        await self._keep(settings, changes)

    async def notices(self) -> Facts:
        """Return the organisation's own words for its public notices, as whoever may change them sees them."""
        self.work.actor.require(Permission.SETTINGS_WRITE, at_least=Scope.ORG)
        settings = await self.settings.present()
        return {
            "privacy_notice": settings.privacy_notice if settings else None,
            "accessibility_statement": settings.accessibility_statement if settings else None,
            "version": settings.version if settings else 0,
        }

    async def give_notice(self, new: NewNotices, *, version: int) -> None:
        """Decide what everybody may read about privacy and accessibility; no words of its own means ours."""
        settings = await self._held(version)
        changes: dict[str, tuple[object, object]] = {}
        for field, text in asdict(new).items():
            before = getattr(settings, field)
            if before != text:
                changes[field] = (_length(before), _length(text))
                setattr(settings, field, text)
        await self._keep(settings, changes)

    async def history(self) -> list[Facts]:
        """Return who changed the settings when, newest first, with what was before and after."""
        self.work.actor.require(Permission.SETTINGS_WRITE, at_least=Scope.ORG)
        if (settings := await self.settings.present()) is None:
            return []
        wanted = AuditFilter(action=CHANGED, subject=settings.id)
        return [
            {"id": row.id, "at": row.at, "who": row.actor_name, "changes": row.data.get("changes", {})}
            for row in await AuditEntries(self.work.session).page(wanted, limit=MOST_REMEMBERED)
        ]

    async def _held(self, version: int) -> OrganisationSettings:
        self.work.actor.require(Permission.SETTINGS_WRITE, at_least=Scope.ORG)
        settings = await self.settings.held(at=self.work.now)
        if settings.version != version:
            raise ChangedMeanwhile("settings-changed-meanwhile")
        return settings

    async def _keep(self, settings: OrganisationSettings, changes: Changes) -> None:
        settings.updated_at = self.work.now
        if changes:
            flag_modified(settings, "updated_at")  # the version counts what is kept in the organisation's own row, too
            self.work.audit(CHANGED, subject_id=settings.id, changes=changes)
        await self.work.session.flush()

    async def read(self) -> Facts:
        """Return the organisation with what it has decided; version 0 while nobody has decided anything."""
        return await self.settings.shown()

    async def change(self, new: NewSettings, *, version: int) -> None:
        """Decide, having seen the settings as they were at `version`."""
        settings = await self._held(version)
        changes = _told(settings, new)
        is_first = bool(new.emergency_email) and not settings.has_emergency_contact
        settings.emergency_email, settings.emergency_phone = new.emergency_email, new.emergency_phone
        settings.is_ai_on, settings.updated_at = new.is_ai_on, self.work.now
        self.work.audit(CHANGED, subject_id=settings.id, changes=changes)
        if is_first:
            await self._tell_of_open_alarms()
        await self.work.session.flush()

    async def _tell_of_open_alarms(self) -> None:
        """Write to the first contact about dangers that nobody looks after yet."""
        tickets = Tickets(self.work.session, WHOLE_ORGANISATION)
        waiting = await tickets.dangers(limit=MOST_ALARMS)
        for ticket in (await tickets.all_locked([danger["id"] for danger in waiting])).values():
            ticket.repeat_alarm(at=self.work.now)


def _told(settings: OrganisationSettings, new: NewSettings) -> dict[str, tuple[bool, bool]]:
    """Return what the audit log may know of a change: whether there is an address or a number, and that it is another.

    Which one it is may be somebody's own.
    """
    changes: dict[str, tuple[bool, bool]] = {}
    if settings.emergency_email != new.emergency_email:
        changes["has_emergency_contact"] = settings.has_emergency_contact, bool(new.emergency_email)
    if settings.emergency_phone != new.emergency_phone:
        changes["has_emergency_phone"] = bool(settings.emergency_phone), bool(new.emergency_phone)
    if settings.is_ai_on != new.is_ai_on:
        changes["is_ai_on"] = settings.is_ai_on, new.is_ai_on
    return changes


def _length(text: str | None) -> int | None:
    """Return how long a text is: the log tells that it changed, and is no place to read it."""
    return None if text is None else len(text)
