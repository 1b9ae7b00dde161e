"""Load the demo: two organisations with their staff, homes, tenants and a year of repairs."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from asyncpg import InvalidSchemaNameError, UndefinedTableError
from sqlalchemy import insert, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.base import Entity, new_id
from maintainuk.domain.branding import logo_file
from maintainuk.domain.built_in_roles import BUILT_IN_GRANTS, CLIENT_OF, BuiltInRole
from maintainuk.domain.contractors import Contractor
from maintainuk.domain.links import Link, LinkPurpose
from maintainuk.domain.organisations import Organisation, OrganisationSettings
from maintainuk.domain.people import Person, Tenancy, TenancyMember
from maintainuk.domain.platform import PlatformAdministrator
from maintainuk.domain.properties import Property
from maintainuk.domain.roles import Role
from maintainuk.domain.sign_in import Client, Identity, Membership
from maintainuk.domain.teams import Team
from maintainuk.domain.users import User
from maintainuk.infrastructure.database.engine import Database, engine_for
from maintainuk.infrastructure.demo.access import (
    FIRM_BOSS_EMAIL,
    boss_of,
    guests,
    has_account,
    look_after,
    waiting,
)
from maintainuk.infrastructure.demo.documents import documents_of, put
from maintainuk.infrastructure.demo.history import portfolio, repairs
from maintainuk.infrastructure.demo.office import COLOURS, done_in_the_office, logo_of
from maintainuk.infrastructure.demo.people import (
    DEMO_ORGANISATION_IDS,
    DEMO_ORGANISATIONS,
    DEMO_PASSWORD,
    DEMO_PEOPLE,
    DemoOrganisation,
)
from maintainuk.infrastructure.demo.portfolio import known_of
from maintainuk.infrastructure.problems import CannotStart
from maintainuk.infrastructure.security.blind_index import BlindIndex
from maintainuk.infrastructure.security.link_secrets import LinkSecrets
from maintainuk.infrastructure.security.passwords import Passwords
from maintainuk.infrastructure.storage.files import Files
from maintainuk.settings import Settings

CHUNK = 2_000
IS_REAL = "coalesce(to_jsonb(organisations) ->> 'is_invented', 'false') = 'false'"
"""Asked before the database is migrated as well, when it may not have the column."""


def load(settings: Settings, now: datetime | None = None) -> Mapping[str, int]:
    """Load what is not there yet and return how many rows were added by table; a second run adds none.

    Raises:
        CannotStart: the database belongs to real organisations.

    """
    return asyncio.run(_load(settings, now or datetime.now(UTC)))


def refuse_real_organisations(settings: Settings) -> None:
    """Keep demo mode, where anybody signs in and reads each letter, away from a database that real people use.

    Raises:
        CannotStart: the database holds an organisation that the demo did not invent.

    """
    asyncio.run(_look_first(settings))


async def _look_first(settings: Settings) -> None:
    database = Database(engine_for(settings.owner_dsn, settings, application="maintainuk demo"))
    try:
        _refuse_real(await _real_organisations(database))
    except ProgrammingError as error:
        if not isinstance(error.orig and error.orig.__cause__, (UndefinedTableError, InvalidSchemaNameError)):
            raise  # an empty database is nobody's
    finally:
        await database.close()


async def _organisations(database: Database) -> set[UUID]:
    async with database.installation() as session:
        return set(await session.scalars(select(Organisation.id)))


async def _real_organisations(database: Database) -> set[UUID]:
    """Return those that neither the demo invented nor anybody who tried it."""
    async with database.installation() as session:
        return set(await session.scalars(select(Organisation.id).where(text(IS_REAL)))) - DEMO_ORGANISATION_IDS


def _refuse_real(organisations: set[UUID]) -> None:
    if real := len(organisations):
        raise CannotStart(
            f"Demo mode signs anybody in, and this database holds {real} organisation(s) that are not the demo's."
            " Nothing was changed. Set MAINTAINUK_MODE=live, or point MAINTAINUK_DATABASE_URL at another database."
        )


async def _load(settings: Settings, now: datetime) -> Mapping[str, int]:
    database = Database(engine_for(settings.owner_dsn, settings, application="maintainuk demo"))
    try:
        _refuse_real(await _real_organisations(database))
        known = await _organisations(database)
        added: Counter[str] = Counter()
        hashed = await Passwords().hash(DEMO_PASSWORD) if known.isdisjoint(o.id for o in DEMO_ORGANISATIONS) else ""
        for organisation in DEMO_ORGANISATIONS:
            if organisation.id not in known:
                async with database.session(organisation.id) as session, session.begin():
                    await session.execute(text("SET LOCAL synchronous_commit = off"))
                    await _add(session, organisation, settings, hashed, now, added)
        if added:
            async with database.installation() as session:
                await session.execute(text("ANALYZE"))
        return added
    finally:
        await database.close()


async def _add(  # noqa: PLR0913  (one organisation, all of it, in one transaction)
    session: AsyncSession,
    organisation: DemoOrganisation,
    settings: Settings,
    hashed: str,
    now: datetime,
    added: Counter[str],
) -> None:
    chance = Random(organisation.domain)  # noqa: S311  (the same invented people on each machine)
    roles = {
        role: Role(org_id=organisation.id, name=role, client=CLIENT_OF[role], stored_grants={})
        for role in BUILT_IN_GRANTS
    }
    for name, role in roles.items():
        role.regrant(BUILT_IN_GRANTS[name])
        role.version = 1
    people = [person for person in DEMO_PEOPLE if person.organisation is organisation]
    index, files = BlindIndex(settings), Files(settings.storage_url)
    logo, picture = logo_of(organisation)
    await files.put(logo_file(organisation.id, logo), picture)
    session.add(
        Organisation(
            id=organisation.id,
            name=organisation.name,
            kind=organisation.kind,
            nation=organisation.nation,
            phone=organisation.phone,
            is_invented=True,
            colour=COLOURS[organisation.kind],
            logo=logo,
        )
    )
    await session.flush()
    session.add_all(roles.values())
    for person in people:
        identity = Identity(email_index=index.of_email(person.email), password_hash=hashed, created_at=now)
        user = User(
            org_id=organisation.id,
            id=person.id,
            name=person.name,
            email=person.email,
            role_id=roles[person.role].id,
            last_signed_in_at=now - timedelta(minutes=20 + person.id.int % 6_000),
        )
        session.add_all((identity, user))
        await session.flush()
        session.add(Membership(identity_id=identity.id, org_id=organisation.id, user_id=person.id, client=Client.STAFF))
        if person.runs_installation:
            session.add(PlatformAdministrator(identity_id=identity.id, granted_at=now))
    await session.flush()
    added["users"] += len(people)
    rows = portfolio(organisation, chance, now)
    looking_after = list(look_after(organisation, rows[Property]))
    teams = {one.name: one.id for one in looking_after if isinstance(one, Team)}
    session.add_all((*looking_after, *waiting(organisation, roles, teams, index, now)))
    await _let_guests_in(session, organisation, roles, index)
    rows |= repairs(organisation, [person.id for person in people], rows, chance, now)
    known = known_of(organisation, rows, Random(f"{organisation.domain} portfolio"), now)  # noqa: S311  (the same)
    rows[Person] += known.pop(Person)
    rows |= known
    firm = await has_account(session, rows[Contractor], now)
    kept = documents_of(organisation, rows, now)
    await put(files, kept)
    rows |= kept.rows | done_in_the_office(organisation, rows, now)
    for entity, values in rows.items():
        await _insert(session, entity, values)
        added[entity.__tablename__] += len(values)
    session.add(
        OrganisationSettings(
            org_id=organisation.id,
            emergency_email=f"on-call@{organisation.domain}",
            emergency_phone=organisation.phone,
            updated_at=now,
        )
    )
    session.add(_poster(rows, settings, now))
    await _let_firm_in(session, firm, roles[BuiltInRole.CONTRACTOR_ADMIN], index, hashed, now)


async def _let_guests_in(
    session: AsyncSession, organisation: DemoOrganisation, roles: Mapping[BuiltInRole, Role], index: BlindIndex
) -> None:
    """Give people of the other organisation, who are there already, a place here too."""
    emails = {index.of_email(person.email): person.email for person in DEMO_PEOPLE}
    known = await session.execute(select(Identity.email_index, Identity.id).where(Identity.email_index.in_(emails)))
    for user, membership in guests(organisation, roles, {emails[found]: id_ for found, id_ in known}):
        session.add(user)
        await session.flush()
        session.add(membership)


async def _let_firm_in(  # noqa: PLR0913  (who, as what, and what proves it)
    session: AsyncSession, firm: dict[str, Any], role: Role, index: BlindIndex, hashed: str, now: datetime
) -> None:
    """Let the administrator of a contractor sign in: one identity for both organisations that the firm works for."""
    known_by = index.of_email(FIRM_BOSS_EMAIL)
    identity = await session.scalar(select(Identity).where(Identity.email_index == known_by))
    if identity is None:
        identity = Identity(email_index=known_by, password_hash=hashed, created_at=now)
        session.add(identity)
    user = boss_of(firm, role)
    session.add(user)
    await session.flush()
    session.add(Membership(identity_id=identity.id, org_id=role.org_id, user_id=user.id, client=Client.CONTRACTOR))


def _poster(rows: Mapping[type[Entity], list[dict[str, Any]]], settings: Settings, now: datetime) -> Link:
    """Return the link of one let home, whose poster the front door shows: a tenant with an e-mail address lives there."""
    written_to = {person["id"] for person in rows[Person] if person["email"]}
    lead = next(one for one in rows[TenancyMember] if one["is_lead"] and one["person_id"] in written_to)
    home = next(one for one in rows[Tenancy] if one["id"] == lead["tenancy_id"])
    secrets, link_id = LinkSecrets(settings), new_id()
    secret = secrets.secret(LinkPurpose.HOME, link_id)
    return Link(
        id=link_id,
        org_id=home["org_id"],
        purpose=LinkPurpose.HOME,
        subject_id=home["unit_id"],
        secret_index=secrets.index(secret),
        created_at=now,
    )


async def _insert(session: AsyncSession, entity: type[Entity], values: list[dict[str, Any]]) -> None:
    for start in range(0, len(values), CHUNK):
        await session.execute(insert(entity), values[start : start + CHUNK])
