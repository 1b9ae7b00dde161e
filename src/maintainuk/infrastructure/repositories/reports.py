"""Finding what a tenant may see: the home their link is for, and what became of their report."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.errors import NotFound
from maintainuk.domain.organisations import Organisation, OrganisationSettings
from maintainuk.domain.people import Person, Tenancy, TenancyMember
from maintainuk.domain.properties import Property, Unit
from maintainuk.domain.reports import Report
from maintainuk.domain.tickets import MaintenanceTicket
from maintainuk.domain.timeline import TimelineEvent, TimelineKind, Visibility
from maintainuk.domain.users import User
from maintainuk.domain.values import national_number
from maintainuk.infrastructure.database.sealing import entered
from maintainuk.infrastructure.repositories.present import is_part, is_present, lives_there

SAID_TO_EACH_OTHER = (TimelineKind.TENANT_ASKED, TimelineKind.TENANT_WROTE, TimelineKind.REJECTED)
MOST_WORDS = 200
MOST_REPORTS = 50


@dataclass(frozen=True, slots=True)
class ReportPlace:
    """A home, without anybody in it."""

    home: Property
    unit: Unit | None
    tenancy_id: UUID | None

    @property
    def ids(self) -> tuple[UUID, UUID | None]:
        """Which property and which unit of it."""
        return self.home.id, self.unit.id if self.unit else None

    @property
    def line(self) -> str:
        """The address on one line, as the poster says it."""
        label = self.unit.label if self.unit else ""
        return ", ".join(part for part in (label, self.home.address, self.home.postcode) if part)


@dataclass(frozen=True, slots=True)
class Landlord:
    """Whom a report goes to, and how to reach them."""

    organisation: Organisation
    settings: OrganisationSettings | None


class Reports:
    """The reports of the session's organisation."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def landlord(self, org_id: UUID) -> Landlord:
        """Return the organisation with its settings."""
        query = (
            select(Organisation, OrganisationSettings)
            .outerjoin(OrganisationSettings, OrganisationSettings.org_id == Organisation.id)
            .where(Organisation.id == org_id)
        )
        return Landlord(*(await self.session.execute(query)).one())

    async def place(self, subject_id: UUID) -> ReportPlace:
        """Return the home, or the block's common parts, that a home link is for. Raises `NotFound`."""
        query = (
            select(Property, Unit, Tenancy.id)
            .outerjoin(Unit, and_(Unit.property_id == Property.id, Unit.id == subject_id))
            .outerjoin(Tenancy, and_(Tenancy.unit_id == Unit.id, is_present(Tenancy)))
            .where(or_(Property.id == subject_id, Unit.id == subject_id))
            .order_by(Tenancy.started_on)
            .limit(1)
        )
        if (row := (await self.session.execute(query)).one_or_none()) is None:
            raise NotFound
        return ReportPlace(*row)

    async def home_of(self, person_id: UUID) -> UUID | None:
        """Return the home (a unit) where a person lives now."""
        query = (
            select(Tenancy.unit_id)
            .join(TenancyMember, TenancyMember.tenancy_id == Tenancy.id)
            .where(
                TenancyMember.person_id == person_id,
                lives_there(TenancyMember, Tenancy),
            )
            .order_by(Tenancy.started_on.desc())
            .limit(1)
        )
        return (await self.session.scalars(query)).one_or_none()

    async def member(self, tenancy_id: UUID | None, *, email: str | None, phone: str | None) -> Person | None:
        """Return who of a tenancy left this e-mail address or this phone number."""
        if tenancy_id is None or not (email or phone):
            return None
        query = (
            select(Person)
            .join(TenancyMember, TenancyMember.person_id == Person.id)
            .where(TenancyMember.tenancy_id == tenancy_id, is_part(TenancyMember))
            .order_by(TenancyMember.is_lead.desc())
        )
        for one in await self.session.scalars(query):
            if email and one.email and one.email.lower() == email.lower():
                return one
            if phone and one.phone and national_number(one.phone) == national_number(phone):
                return one
        return None

    async def person(self, person_id: UUID) -> Person:
        """Return somebody of the organisation's files. Raises `NotFound`."""
        if (found := await self.session.scalar(select(Person).where(Person.id == person_id))) is None:
            raise NotFound
        return found

    async def is_tenant(self, person_id: UUID) -> bool:
        """Say whether somebody lives, or lived, in a home of the organisation's."""
        query = select(TenancyMember.id).where(TenancyMember.person_id == person_id).limit(1)
        return await self.session.scalar(query) is not None

    async def name_of_user(self, user_id: UUID | None) -> str | None:
        """Return the name of a member of staff, if there is one to name."""
        if user_id is None:
            return None
        name: str | None = await self.session.scalar(select(User.name).where(User.id == user_id))
        return name

    async def take_turn(self, submission_key: UUID) -> None:
        """Wait until whoever sends the same report at the same moment has sent it."""
        await self.session.execute(
            select(func.pg_advisory_xact_lock(func.hashtextextended(f"report {submission_key}", 0)))
        )

    async def sent_as(self, submission_key: UUID) -> tuple[Report, MaintenanceTicket] | None:
        """Return what was made of a report that the phone has sent before."""
        query = (
            select(Report, MaintenanceTicket)
            .join(MaintenanceTicket, MaintenanceTicket.id == Report.ticket_id)
            .where(Report.submission_key == submission_key)
        )
        row = (await self.session.execute(query)).one_or_none()
        return None if row is None else (row[0], row[1])

    async def behind(self, ticket_id: UUID) -> Report | None:
        """Return what the tenant sent, when the ticket came in through the portal."""
        found: Report | None = await self.session.scalar(select(Report).where(Report.ticket_id == ticket_id))
        return found

    async def ticket(self, ticket_id: UUID, *, locked: bool = False) -> MaintenanceTicket:
        """Return the ticket behind a status link. Raises `NotFound`."""
        query = select(MaintenanceTicket).where(MaintenanceTicket.id == ticket_id)
        if (found := await self.session.scalar(query.with_for_update() if locked else query)) is None:
            raise NotFound
        return found

    async def said(self, ticket_id: UUID) -> list[TimelineEvent]:
        """Return what the tenant and the organisation have written to each other, oldest first."""
        query = (
            select(TimelineEvent)
            .where(
                TimelineEvent.ticket_id == ticket_id,
                TimelineEvent.visibility == Visibility.TENANT,
                TimelineEvent.kind.in_(SAID_TO_EACH_OTHER),
            )
            .order_by(TimelineEvent.seq.desc())
            .limit(MOST_WORDS)
        )
        return list(reversed((await self.session.scalars(query)).all()))

    async def of_person(self, person_id: UUID) -> list[MaintenanceTicket]:
        """Return what a person has reported, newest first."""
        query = (
            select(MaintenanceTicket)
            .where(MaintenanceTicket.reporter_id == person_id)
            .order_by(MaintenanceTicket.reported_at.desc(), MaintenanceTicket.id)
            .limit(MOST_REPORTS)
        )
        return list((await self.session.scalars(query)).all())

    async def people_with(self, email: str) -> list[UUID]:
        """Return who of the organisation's tenants has this e-mail address."""
        if (keys := await entered(self.session)) is None:
            return []
        query = (
            select(Person.id)
            .join(TenancyMember, TenancyMember.person_id == Person.id)
            .join(Tenancy, Tenancy.id == TenancyMember.tenancy_id)
            .where(
                Person.email_index == keys.email(email),
                lives_there(TenancyMember, Tenancy),
            )
            .distinct()
            .limit(5)
        )
        return list((await self.session.scalars(query)).all())
