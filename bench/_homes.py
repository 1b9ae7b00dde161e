"""Homes, the posters in their hallways, and repairs that tenants have reported, each in other words."""

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from bench._estate import FAULTS, ROOMS, SENTENCES
from bench._promises import owner_of
from maintainuk.application.links import LinkService
from maintainuk.domain.links import LinkPurpose
from maintainuk.domain.organisations import Nation
from maintainuk.domain.people import Person, Tenancy, TenancyMember
from maintainuk.domain.properties import Property, PropertyKind, Unit
from maintainuk.domain.tickets import MaintenanceTicket
from maintainuk.infrastructure.security.link_secrets import LinkSecrets
from maintainuk.settings import Settings


def house(org_id: UUID) -> Property:
    return Property(
        org_id=org_id,
        kind=PropertyKind.HOUSE,
        address_line="3 Mill Lane",
        town="Leeds",
        postcode="LS6 1AA",
        nation=Nation.ENGLAND,
    )


async def poster(settings: Settings, org_id: UUID) -> str:
    """Return the code in the hallway of a new home."""
    place = house(org_id)
    unit = Unit(org_id=org_id, property_id=place.id)
    async with owner_of(settings) as owner:
        async with owner.session(org_id) as session, session.begin():
            session.add_all((place, unit))
        async with owner.installation() as session:
            made = LinkService(session, LinkSecrets(settings)).make(
                org_id, LinkPurpose.HOME, unit.id, datetime.now(UTC)
            )
            await session.commit()
    return made.secret


def words(chance: Random) -> tuple[str, str]:
    """Return a title and a description as tenants write them."""
    title = f"{chance.choice(FAULTS.replace(chr(10), '|').split('|'))} {chance.choice(ROOMS.split('|'))}"
    told = SENTENCES.replace("\n", " ").replace("  ", " ").split(". ")
    return title, ". ".join(chance.sample(told, 3))


async def reported(settings: Settings, org_id: UUID, count: int, *, number: int = 1) -> list[str]:
    """Let a tenant have reported so many repairs, numbered from `number`; return the tickets, the newest first."""
    now, chance = datetime.now(UTC), Random(11)
    place = house(org_id)
    unit = Unit(org_id=org_id, property_id=place.id)
    tenant = Person(org_id=org_id, name="Gethin Pugh", email="gethin.pugh@example.com", phone="07700 900124")
    tenancy = Tenancy(org_id=org_id, unit_id=unit.id, started_on=now.date() - timedelta(days=400))
    member = TenancyMember(org_id=org_id, tenancy_id=tenancy.id, person_id=tenant.id, is_lead=True)
    tickets = []
    for place_in_line in range(count):
        at = now - timedelta(minutes=count - place_in_line)
        title, description = words(chance)
        tickets.append(
            MaintenanceTicket(
                org_id=org_id,
                number=number + place_in_line,
                property_id=place.id,
                unit_id=unit.id,
                tenancy_id=tenancy.id,
                reporter_id=tenant.id,
                title=title,
                description=description,
                reported_at=at,
                aware_at=at,
                status_since=at,
                created_at=at,
                updated_at=at,
            )
        )
    async with owner_of(settings) as owner, owner.session(org_id) as session, session.begin():
        session.add_all((place, unit, tenant, tenancy, member))
        await session.flush()
        session.add_all(tickets)
    return [str(ticket.id) for ticket in reversed(tickets)]
