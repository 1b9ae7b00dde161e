"""Homes, the posters in their hallways, and repairs that tenants have reported, each in other words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle
from random import Random
from uuid import UUID

from bench._estate import FAULTS, ROOMS, SENTENCES
from bench._promises import owner_of
from maintainuk.application.links import LinkService
from maintainuk.domain.base import Entity
from maintainuk.domain.links import LinkPurpose
from maintainuk.domain.organisations import Nation
from maintainuk.domain.people import Person, Tenancy, TenancyMember
from maintainuk.domain.properties import Property, PropertyKind, Unit
from maintainuk.domain.tickets import MaintenanceTicket
from maintainuk.infrastructure.security.link_secrets import LinkSecrets
from maintainuk.settings import Settings

EMAIL = "gethin.pugh@example.com"


def house(org_id: UUID) -> Property:
    return Property(
        org_id=org_id,
        kind=PropertyKind.HOUSE,
        address_line="3 Mill Lane",
        town="Leeds",
        postcode="LS6 1AA",
        nation=Nation.ENGLAND,
    )


async def posters(settings: Settings, org_id: UUID, count: int = 40) -> Iterator[str]:
    """Return the codes in the hallways of new homes, in turn: no code brings more than a few reports at once."""
    codes = []
    async with owner_of(settings) as owner:
        for _ in range(count):
            home = _let_home(org_id)
            async with owner.session(org_id) as session, session.begin():
                session.add_all(home.rows)
            async with owner.installation() as session:
                links = LinkService(session, LinkSecrets(settings))
                codes.append(links.make(org_id, LinkPurpose.HOME, home.unit.id, datetime.now(UTC)).secret)
                await session.commit()
    return cycle(codes)


@dataclass(frozen=True)
class _Home:
    place: Property
    unit: Unit
    tenancy: Tenancy
    tenant: Person
    member: TenancyMember

    @property
    def rows(self) -> tuple[Entity, ...]:
        return self.place, self.unit, self.tenant, self.tenancy, self.member


def _let_home(org_id: UUID) -> _Home:
    place = house(org_id)
    unit = Unit(org_id=org_id, property_id=place.id)
    tenant = Person(org_id=org_id, name="Gethin Pugh", email=EMAIL, phone="07700 900124")
    started = datetime.now(UTC).date() - timedelta(days=400)
    tenancy = Tenancy(org_id=org_id, unit_id=unit.id, started_on=started)
    member = TenancyMember(org_id=org_id, tenancy_id=tenancy.id, person_id=tenant.id, is_lead=True)
    return _Home(place, unit, tenancy, tenant, member)


def words(chance: Random) -> tuple[str, str]:
    """Return a title and a description as tenants write them."""
    title = f"{chance.choice(FAULTS.replace(chr(10), '|').split('|'))} {chance.choice(ROOMS.split('|'))}"
    told = SENTENCES.replace("\n", " ").replace("  ", " ").split(". ")
    return title, ". ".join(chance.sample(told, 3))


async def reported(settings: Settings, org_id: UUID, count: int, *, number: int = 1) -> list[str]:
    """Let a tenant have reported so many repairs, numbered from `number`; return the tickets, the newest first."""
    now, chance = datetime.now(UTC), Random(11)
    home = _let_home(org_id)
    tickets = []
    for place_in_line in range(count):
        at = now - timedelta(minutes=count - place_in_line)
        title, description = words(chance)
        tickets.append(
            MaintenanceTicket(
                org_id=org_id,
                number=number + place_in_line,
                property_id=home.place.id,
                unit_id=home.unit.id,
                tenancy_id=home.tenancy.id,
                reporter_id=home.tenant.id,
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
        session.add_all(home.rows)
        await session.flush()
        session.add_all(tickets)
    return [str(ticket.id) for ticket in reversed(tickets)]
