"""Writing down that people agreed to be written to, or took it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from maintainuk.application.people import PersonService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.consents import Consent, ContactPurpose, ContactWay, may_write
from maintainuk.domain.errors import Invalid, Reason
from maintainuk.domain.london import london_day
from maintainuk.domain.people import ConsentChannel
from maintainuk.domain.permissions import Permission
from maintainuk.infrastructure.reference.consents import Wording, wordings
from maintainuk.infrastructure.repositories.consents import Consents
from maintainuk.infrastructure.repositories.organisations import SettingsOf
from maintainuk.infrastructure.repositories.users import Users


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentFacts:
    """What somebody said: to which way and purpose, yes or no, how and when, and the words they had before them."""

    way: ContactWay
    purpose: ContactPurpose
    is_given: bool
    told_by: ConsentChannel
    told_on: date
    wording: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether somebody may be written to now, and since when they have said so; nothing while they never did."""

    way: ContactWay
    purpose: ContactPurpose
    may_write: bool
    is_given: bool | None
    since: date | None


class ConsentService:
    """What people agreed to."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work
        self.consents = Consents(work.session)

    async def history(self, person_id: UUID) -> Sequence[Consent]:
        """Return everything somebody agreed to or took back, the latest first. Raises `NotFound`."""
        await PersonService(self.work).within(Permission.PEOPLE_READ).one(person_id)
        return await self.consents.of(person_id)

    async def recorders(self, history: Sequence[Consent]) -> dict[UUID, str]:
        """Return the names of those who wrote it down."""
        return await Users(self.work.session).names({one.recorded_by for one in history if one.recorded_by})

    async def wordings(self) -> list[Wording]:
        """Return what people of this organisation are told when they are asked."""
        organisation = await SettingsOf(self.work.session).organisation()
        return wordings(organisation.name)

    async def record(self, person_id: UUID, said: ConsentFacts) -> None:
        """Write down what somebody said. Raises `NotFound` or `Invalid`."""
        person = await PersonService(self.work).within(Permission.PEOPLE_WRITE).locked(person_id)
        if said.told_on > london_day(self.work.now):
            raise Invalid(fields={"told_on": Reason("date-in-the-future")})
        if said.is_given and said.wording is None:
            raise Invalid(fields={"wording": Reason("consent-without-wording")})
        ours = {one.text: one.version for one in await self.wordings()}
        self.work.session.add(
            Consent(
                org_id=person.org_id,
                person_id=person.id,
                way=said.way,
                purpose=said.purpose,
                is_given=said.is_given,
                told_by=said.told_by,
                told_on=said.told_on,
                wording=said.wording,
                wording_version=ours.get(said.wording or ""),
                note=said.note,
                recorded_at=self.work.now,
                recorded_by=self.work.actor.user_id,
            )
        )
        self.work.audit(
            "ConsentGiven" if said.is_given else "ConsentWithdrawn",
            subject_id=person.id,
            data={"way": said.way.value, "purpose": said.purpose.value, "told_by": said.told_by.value},
        )
        self.work.has_changed = True


def standing(history: Sequence[Consent]) -> list[Standing]:
    """Return what the latest of each says, for every way and purpose."""
    latest = {(one.way, one.purpose): one for one in reversed(history)}
    return [
        Standing(
            way,
            purpose,
            may_write(way, purpose, latest=said.is_given if said else None),
            said.is_given if said else None,
            said.told_on if said else None,
        )
        for purpose in ContactPurpose
        for way in ContactWay
        for said in (latest.get((way, purpose)),)
    ]
