"""Letting support in for a while, and seeing that it is in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from maintainuk.application.administrators import tell_administrators
from maintainuk.application.platform import Desk
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.errors import AlreadyHere, Invalid, NotFound, NotPermitted, Reason
from maintainuk.domain.live import LiveEvent
from maintainuk.domain.messaging import MessageTemplate
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.domain.support import SupportAccess, SupportBasis, SupportConsent, SupportEnding
from maintainuk.domain.values import compared
from maintainuk.infrastructure.repositories.platform import Platform
from maintainuk.infrastructure.repositories.support import Support

CHANGED = "support_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSupport:
    """Why somebody of the platform wants to look, on what basis, and for how many minutes."""

    basis: SupportBasis
    incident: str | None
    reason: str
    minutes: int


class SupportService:
    """Support as the organisation sees it, and as its administrators decide about it."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work
        self.support = Support(work.session)

    async def open(self) -> Sequence[SupportAccess]:
        """Return who of the platform looks at the organisation's tickets now; everybody who works here may know."""
        return await self.support.open(self.work.now)

    async def all(self) -> tuple[SupportConsent | None, Sequence[SupportAccess]]:
        """Return the consent that is good now, and every access there was, the newest first."""
        self.work.actor.require(Permission.AUDIT_READ, at_least=Scope.ORG)
        return await self.support.consent(self.work.now), await self.support.all()

    async def consent(self, hours: int) -> None:
        """Let support in for so long; a consent given before ends with this one."""
        self._may_decide()
        assert self.work.actor.user_id is not None
        if (before := await self.support.consent(self.work.now)) is not None:
            before.withdrawn_at = self.work.now
        consent = SupportConsent(
            org_id=self.work.actor.org_id,
            given_by=self.work.actor.user_id,
            given_at=self.work.now,
            until=self.work.now + timedelta(hours=hours),
        )
        self.work.session.add(consent)
        self.work.audit("SupportConsentGiven", subject_id=consent.id, data={"hours": hours})

    async def withdraw(self) -> None:
        """Take the consent back: what rests on it ends at once. Doing it twice is fine."""
        self._may_decide()
        if (consent := await self.support.consent(self.work.now)) is None:
            return
        consent.withdrawn_at = self.work.now
        self.work.audit("SupportConsentWithdrawn", subject_id=consent.id)
        for access in await self.support.resting_on_consent(self.work.now):
            end(access, SupportEnding.ORGANISATION, self.work)

    async def shut(self, access_id: UUID) -> None:
        """End an access at once, whatever it rests on. Raises `NotFound`; doing it twice is fine."""
        self._may_decide()
        end(await self.support.held(access_id), SupportEnding.ORGANISATION, self.work)

    def _may_decide(self) -> None:
        self.work.actor.require(Permission.SETTINGS_WRITE, at_least=Scope.ORG)


class SupportDesk:
    """Support as somebody of the platform gives it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def seen(self, org_id: UUID) -> tuple[SupportConsent | None, Sequence[SupportAccess]]:
        """Return whether the organisation lets support in now, and how the platform has looked at it before."""
        await Platform(self.desk.own.session).organisation(org_id)
        async with self.desk.inside(org_id) as work:
            support = Support(work.session)
            return await support.consent(work.now), await support.all()

    async def look(self, org_id: UUID, new: NewSupport) -> SupportAccess:
        """Look at an organisation's tickets for a while: it sees who, why and until when, and its log each reading.

        Raises:
            NotFound: there is no such organisation.
            NotPermitted: it has not consented, or no longer does.
            Invalid: an incident that is written down nowhere; a reason, or an incident, of which the organisation has
                said no by shutting the door.
            AlreadyHere: this administrator looks at it already.

        """
        if new.basis is SupportBasis.INCIDENT and not new.incident:
            raise Invalid(fields={"incident": Reason("incident-missing")})
        steward = self.desk.steward
        async with self.desk.inside(org_id) as work:
            await Platform(work.session).held(org_id)
            support = Support(work.session)
            if any(one.identity_id == steward.identity_id for one in await support.open(work.now)):
                raise AlreadyHere("support-open-already")
            shut = await support.shut_out()
            ends_at = work.now + timedelta(minutes=new.minutes)
            if new.basis is SupportBasis.CONSENT:
                if (consent := await support.consent(work.now)) is None:
                    raise NotPermitted("support-needs-consent")
                ends_at = min(ends_at, consent.until)
                shut = [one for one in shut if one.ended_at and one.ended_at >= consent.given_at]
            self._refuse_again(new, shut)
            access = SupportAccess(
                org_id=org_id,
                identity_id=steward.identity_id,
                supporter=steward.name,
                basis=new.basis,
                incident=new.incident if new.basis is SupportBasis.INCIDENT else None,
                reason=new.reason,
                began_at=work.now,
                ends_at=ends_at,
            )
            work.session.add(access)
            work.audit(
                "SupportBegan", subject_id=access.id, data={"basis": new.basis, "until": access.ends_at.isoformat()}
            )
            _tell_screens(work)
            await tell_administrators(work, MessageTemplate.SUPPORT_BEGAN)
        return access

    def _refuse_again(self, new: NewSupport, shut: Sequence[SupportAccess]) -> None:
        """Refuse to come back with what the organisation has shut out: its no would be worth a minute."""
        wrong = {}
        if compared(new.reason) in {compared(one.reason) for one in shut}:
            wrong["reason"] = Reason("reason-shut-out")
        incidents = {compared(one.incident) for one in shut if one.incident}
        if new.basis is SupportBasis.INCIDENT and compared(new.incident or "") in incidents:
            wrong["incident"] = Reason("incident-shut-out")
        if wrong:
            raise Invalid(fields=wrong)

    async def end(self, org_id: UUID, access_id: UUID) -> None:
        """Stop looking before the time is over. Raises `NotFound` for what is no access of this administrator."""
        await Platform(self.desk.own.session).organisation(org_id)
        async with self.desk.inside(org_id) as work:
            access = await Support(work.session).held(access_id)
            if access.identity_id != self.desk.steward.identity_id:
                raise NotFound("no-such-support")
            end(access, SupportEnding.SUPPORT, work)


def end(access: SupportAccess, by: SupportEnding, work: UnitOfWork) -> None:
    """Shut the door and tell open screens; nothing when it was shut."""
    if access.end(by, at=work.now):
        work.audit("SupportEnded", subject_id=access.id, data={"by": by})
        _tell_screens(work)


def _tell_screens(work: UnitOfWork) -> None:
    event = LiveEvent(org_id=work.actor.org_id, ticket_id=None, kind=CHANGED, actor_id=None, at=work.now)
    work.session.add(event)
    work.has_changed = True
