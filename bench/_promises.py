"""Organisations with promises to keep, written as the owner of the database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

from maintainuk.application.jobs import SendEmail
from maintainuk.application.unit_of_work import unit_of_work
from maintainuk.domain.messaging import Message, MessageChannel, MessageTemplate
from maintainuk.domain.organisations import Nation, Organisation, OrganisationKind
from maintainuk.domain.people import Person, Tenancy, TenancyMember
from maintainuk.domain.permissions import Actor
from maintainuk.domain.properties import Property, PropertyKind, Unit
from maintainuk.domain.tickets import MaintenanceTicket
from maintainuk.infrastructure.database.engine import Database, engine_for
from maintainuk.settings import Settings


@asynccontextmanager
async def owner_of(settings: Settings) -> AsyncIterator[Database]:
    database = Database(engine_for(settings.owner_dsn, settings, application="bench"))
    try:
        yield database
    finally:
        await database.close()


async def organisation(settings: Settings) -> UUID:
    """Found an organisation in which nothing is yet; return it."""
    made = Organisation(
        name="Harbour View Lettings",
        kind=OrganisationKind.LETTING_AGENT,
        nation=Nation.ENGLAND,
        phone="01632 960 002",
    )
    async with owner_of(settings) as owner, owner.session(made.id) as session, session.begin():
        session.add(made)
    return made.id


async def promise_messages(settings: Settings, count: int) -> UUID:
    """Promise as many e-mails about one ticket of a new organisation, in one transaction; return the organisation."""
    org_id, now = await organisation(settings), datetime.now(UTC)
    house = Property(
        org_id=org_id,
        kind=PropertyKind.HOUSE,
        address_line="3 Mill Lane",
        town="Leeds",
        postcode="LS6 1AA",
        nation=Nation.ENGLAND,
    )
    unit = Unit(org_id=org_id, property_id=house.id)
    tenant = Person(org_id=org_id, name="Gethin Pugh", email="gethin.pugh@example.com", phone="07700 900124")
    tenancy = Tenancy(org_id=org_id, unit_id=unit.id, started_on=now.date() - timedelta(days=400))
    member = TenancyMember(org_id=org_id, tenancy_id=tenancy.id, person_id=tenant.id, is_lead=True)
    ticket = MaintenanceTicket(
        org_id=org_id,
        number=10_001,
        property_id=house.id,
        unit_id=unit.id,
        tenancy_id=tenancy.id,
        reporter_id=tenant.id,
        title="No hot water since Saturday",
        description="The boiler shows a red light.",
        reported_at=now,
        aware_at=now,
        status_since=now,
        created_at=now,
        updated_at=now,
    )
    async with (
        owner_of(settings) as owner,
        unit_of_work(owner.session(org_id), Actor.system(org_id), now) as work,
    ):
        work.session.add_all((house, unit, tenant, tenancy, member, ticket))
        await work.session.flush()
        for _ in range(count):
            message = Message(
                org_id=org_id,
                ticket_id=ticket.id,
                recipient_id=tenant.id,
                channel=MessageChannel.EMAIL,
                template=MessageTemplate.TICKET_ACKNOWLEDGEMENT,
                created_at=now,
            )
            message.promised()
            work.session.add(message)
            work.promise(SendEmail(message_id=message.id))
    return org_id
