"""The small world a test speaks of: organisations, the people in them, their homes and what breaks there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select, update

from maintainuk.application.unit_of_work import UnitOfWork, unit_of_work
from maintainuk.domain.ai import AiJob
from maintainuk.domain.base import Entity
from maintainuk.domain.built_in_roles import BUILT_IN_GRANTS, CLIENT_OF, BuiltInRole
from maintainuk.domain.organisations import Nation, Organisation, OrganisationKind
from maintainuk.domain.outbox import OutboxMessage
from maintainuk.domain.people import Person, Tenancy, TenancyMember
from maintainuk.domain.permissions import Actor
from maintainuk.domain.platform import PlatformAdministrator
from maintainuk.domain.properties import Property, PropertyKind, Unit
from maintainuk.domain.roles import Role
from maintainuk.domain.sign_in import Client, Identity, Membership, Session
from maintainuk.domain.teams import Team
from maintainuk.domain.ticket_lifecycle import TicketStatus
from maintainuk.domain.tickets import MaintenanceTicket
from maintainuk.domain.users import User, UserStatus
from maintainuk.infrastructure.database.engine import Database, engine_for
from maintainuk.infrastructure.security.blind_index import BlindIndex
from maintainuk.infrastructure.security.passwords import ARGON2ID
from maintainuk.infrastructure.security.tokens import Tokens
from maintainuk.settings import Settings

PASSWORD = "a calm and lengthy phrase"
_HASH = ARGON2ID.hash(PASSWORD)
_numbers = count(1)


def client_of(role: str) -> Client:
    """Which client somebody with this role signs in to; roles of one's own are for staff."""
    return CLIENT_OF.get(BuiltInRole(role), Client.STAFF) if role in set(BuiltInRole) else Client.STAFF


@dataclass(frozen=True)
class Home:
    """A let house, as ids."""

    property_id: UUID
    unit_id: UUID
    tenancy_id: UUID
    tenant_id: UUID


@dataclass(frozen=True)
class Staff:
    """A member of staff who can sign in with `PASSWORD`."""

    id: UUID
    org_id: UUID
    name: str
    email: str
    role: BuiltInRole
    identity_id: UUID


class World:
    """Builds what a test needs as the owner of the database, so that only the code under test is walled in."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.owner = Database(engine_for(settings.owner_dsn, settings, application="tests world"))
        self.tokens = Tokens(settings)
        self.now = datetime.now(UTC)

    async def close(self) -> None:
        await self.owner.close()

    async def organisation(self, name: str = "Fairweather Lettings", nation: Nation = Nation.ENGLAND) -> UUID:
        """An organisation with the built-in roles and nobody in it."""
        organisation = Organisation(
            name=name, kind=OrganisationKind.LETTING_AGENT, nation=nation, phone="01632 960 001"
        )
        async with self.owner.session(organisation.id) as session, session.begin():
            session.add(organisation)
            for role, grants in BUILT_IN_GRANTS.items():
                stored = {str(permission): str(scope) for permission, scope in grants.items()}
                session.add(Role(org_id=organisation.id, name=role, client=CLIENT_OF[role], stored_grants=stored))
        return organisation.id

    async def staff(
        self, org_id: UUID, role: BuiltInRole = BuiltInRole.COORDINATOR, name: str = "Nia Prosser", **changes: Any
    ) -> Staff:
        """Somebody who works there, with a password and a membership."""
        email = changes.pop("email", f"{name.lower().replace(' ', '.')}.{next(_numbers)}.{uuid4().hex[:6]}@example.com")
        identity = Identity(
            email_index=BlindIndex(self.settings).of_email(email), password_hash=_HASH, created_at=self.now
        )
        async with self.owner.session(org_id) as session, session.begin():
            role_id = (await session.scalars(select(Role.id).where(Role.name == role))).one()
            user = User(org_id=org_id, name=name, email=email, role_id=role_id, **changes)
            session.add_all((identity, user))
            await session.flush()
            session.add(Membership(identity_id=identity.id, org_id=org_id, user_id=user.id, client=client_of(role)))
        return Staff(user.id, org_id, name, email, role, identity.id)

    async def steward(self, staff: Staff) -> None:
        """Let somebody look after the installation, as the command does."""
        await self.add(staff.org_id, PlatformAdministrator(identity_id=staff.identity_id, granted_at=self.now))

    async def session(self, staff: Staff) -> UUID:
        """A live session of that person, as if they had signed in just now."""
        session = Session(
            identity_id=staff.identity_id,
            org_id=staff.org_id,
            user_id=staff.id,
            client=client_of(staff.role),
            token_hash=uuid4().bytes,
            device_hash=b"test",
            created_at=self.now,
            rotated_at=self.now,
            expires_at=self.now + timedelta(days=7),
        )
        await self.add(staff.org_id, session)
        return session.id

    async def headers(self, staff: Staff) -> dict[str, str]:
        """The headers of somebody who has signed in."""
        token = self.tokens.issue(
            user_id=staff.id,
            session_id=await self.session(staff),
            org_id=staff.org_id,
            client=client_of(staff.role),
            email=staff.email,
            role=staff.role,
            role_version=1,
            permissions=[str(permission) for permission in BUILT_IN_GRANTS.get(staff.role, ())],
            now=self.now,
        )
        return {"Authorization": f"Bearer {token}"}

    async def home(
        self,
        org_id: UUID,
        *,
        address: str = "14 Ash Grove",
        label: str = "",
        postcode: str = "LS6 1AA",
        nation: Nation = Nation.ENGLAND,
        tenant: str = "Aisha Khan",
        email: str | None = "aisha.khan@example.com",
    ) -> Home:
        """A house with a tenant in it, or the flat with this label."""
        house = Property(
            org_id=org_id, kind=PropertyKind.HOUSE, address_line=address, town="Leeds", postcode=postcode, nation=nation
        )
        unit = Unit(org_id=org_id, property_id=house.id, label=label)
        person = Person(org_id=org_id, name=tenant, email=email, phone="07700 900123")
        tenancy = Tenancy(org_id=org_id, unit_id=unit.id, started_on=self.now.date() - timedelta(days=400))
        member = TenancyMember(org_id=org_id, tenancy_id=tenancy.id, person_id=person.id, is_lead=True)
        await self.add(org_id, house, unit, person, tenancy, member)
        return Home(house.id, unit.id, tenancy.id, person.id)

    async def ticket(self, org_id: UUID, home: Home | None = None, **changes: Any) -> UUID:
        """A ticket that came in just now, with nothing promised about it."""
        place = await self._place(org_id, home, changes)
        reported_at = changes.pop("reported_at", self.now)
        ticket = MaintenanceTicket(
            org_id=org_id,
            number=changes.pop("number", next(_numbers) + 100_000),
            title=changes.pop("title", "Boiler keeps losing pressure"),
            description=changes.pop("description", "It drops to zero every evening."),
            status=changes.pop("status", TicketStatus.NEW),
            reported_at=reported_at,
            aware_at=reported_at,
            status_since=reported_at,
            created_at=reported_at,
            updated_at=changes.pop("updated_at", reported_at),
            has_alarm=changes.pop("has_alarm", "danger" in changes),
            **place | changes,
        )
        await self.add(org_id, ticket)
        return ticket.id

    async def _place(self, org_id: UUID, home: Home | None, changes: dict[str, Any]) -> dict[str, Any]:
        """Where a ticket is and who reported it: nowhere known when its address is only written down."""
        if "address_as_written" in changes:
            return {}
        home = home or await self.home(org_id)
        return {
            "property_id": home.property_id,
            "unit_id": home.unit_id,
            "tenancy_id": home.tenancy_id,
            "reporter_id": home.tenant_id,
        }

    async def ai_job(self, org_id: UUID, ticket_id: UUID, **changes: Any) -> UUID:
        """A question to an advisor, with nothing promised about it."""
        job = AiJob(org_id=org_id, ticket_id=ticket_id, created_at=changes.pop("created_at", self.now), **changes)
        await self.add(org_id, job)
        return job.id

    async def moved(self, org_id: UUID, home: Home, *, address: str) -> None:
        """The council renames the street."""
        async with self.owner.session(org_id) as session, session.begin():
            await session.execute(update(Property).where(Property.id == home.property_id).values(address_line=address))

    async def looked_after(self, org_id: UUID, home: Home, *, team: str) -> UUID:
        """Let a team, which has nobody in it yet, look after the home."""
        its = Team(org_id=org_id, name=team)
        await self.add(org_id, its)
        async with self.owner.session(org_id) as session, session.begin():
            await session.execute(update(Property).where(Property.id == home.property_id).values(team_id=its.id))
        return its.id

    async def add(self, org_id: UUID, *entities: Entity) -> None:
        """Write rows as they are, without events."""
        async with self.owner.session(org_id) as session, session.begin():
            session.add_all(entities)

    async def disable(self, staff: Staff) -> None:
        """Somebody leaves."""
        async with self.owner.session(staff.org_id) as session, session.begin():
            await session.execute(update(User).where(User.id == staff.id).values(status=UserStatus.DISABLED))

    async def enable(self, staff: Staff) -> None:
        """Somebody comes back."""
        async with self.owner.session(staff.org_id) as session, session.begin():
            await session.execute(update(User).where(User.id == staff.id).values(status=UserStatus.ACTIVE))

    async def promised(self, org_id: UUID) -> list[str]:
        """Names of the jobs that wait in the organisation's outbox, oldest first."""
        async with self.owner.session(org_id) as session, session.begin():
            return list(await session.scalars(select(OutboxMessage.type).order_by(OutboxMessage.seq)))

    async def names(self, org_id: UUID) -> list[str]:
        """What the organisation's people are called."""
        async with self.owner.session(org_id) as session, session.begin():
            return list(await session.scalars(select(Person.name)))

    async def count(self, org_id: UUID, entity: type[Entity]) -> int:
        """How many rows of a kind the organisation has."""
        async with self.owner.session(org_id) as session, session.begin():
            return (await session.scalar(select(func.count()).select_from(entity))) or 0

    @asynccontextmanager
    async def work(self, org_id: UUID, database: Database | None = None) -> AsyncIterator[UnitOfWork]:
        """A unit of work of the system itself in that organisation."""
        session = (database or self.owner).session(org_id)
        async with unit_of_work(session, Actor.system(org_id), self.now) as work:
            yield work
