"""The escape matrix: every way out of one organisation that SQL offers, tried on every table, by each role.

The first wall (the session's filter) and the second (row-level security) are attacked apart: raw SQL knows nothing of
the first, so what it cannot see is hidden by the second alone.
"""

from contextlib import suppress
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.ai import AiJob
from maintainuk.domain.api_keys import ApiKey
from maintainuk.domain.assets import Asset, AssetKind
from maintainuk.domain.audit import AuditHead, AuditLog, AuditSeal, AuditValue
from maintainuk.domain.base import Entity, OwnedByOrganisation
from maintainuk.domain.consents import Consent, ContactPurpose, ContactWay
from maintainuk.domain.contractors import Accreditation, Contractor, Operative, Scheme
from maintainuk.domain.documents import Document, DocumentKind
from maintainuk.domain.exports import Export
from maintainuk.domain.hints import Hint, HintKind
from maintainuk.domain.idempotency import IdempotentAnswer
from maintainuk.domain.import_records import ImportChange, ImportMade, ImportProblem
from maintainuk.domain.imports import ImportRun
from maintainuk.domain.invitations import Invitation
from maintainuk.domain.landlords import Landlord, Portfolio
from maintainuk.domain.mailbox import MailboxMessage
from maintainuk.domain.organisations import OrganisationSettings, ReferenceCounter
from maintainuk.domain.outbox import OutboxMessage, ProviderCall
from maintainuk.domain.people import ConsentChannel, NeedKind, Person, PersonNeed
from maintainuk.domain.photos import Photo
from maintainuk.domain.privacy import Erasure, PrivacyRequest, PrivacyRequestKind
from maintainuk.domain.properties import Property, Unit
from maintainuk.domain.reports import Report
from maintainuk.domain.retention import LegalHold, RetentionKind, RetentionRule, RetentionRun
from maintainuk.domain.sign_in_policy import SignInPolicy
from maintainuk.domain.support import SupportConsent
from maintainuk.domain.teams import Team, TeamMember
from maintainuk.domain.tickets import MaintenanceTicket
from maintainuk.infrastructure.database.engine import Database, engine_for
from maintainuk.infrastructure.database.tenancy import CrossTenantWrite, OrganisationSession
from maintainuk.infrastructure.repositories.searching import searched
from tests.features.test_unit_of_work import reported
from tests.security.support_matrix import access

TABLES = sorted(
    mapper.class_.__tablename__ for mapper in Entity.registry.mappers if issubclass(mapper.class_, OwnedByOrganisation)
)


@pytest.fixture
async def neighbours(world):
    """Two organisations that both have something in their tables."""
    ids = []
    for name in ("Fairweather Lettings", "Moorside Homes"):
        org_id = await world.organisation(name)
        staff = await world.staff(org_id)
        home = await world.home(org_id)
        async with world.work(org_id) as work:
            work.session.add(reported(world, org_id, home))
        async with world.owner.session(org_id) as session:
            promise = (await session.scalars(select(OutboxMessage.id))).one()
            ticket_id = (await session.scalars(select(MaintenanceTicket.id))).one()
        await world.add(
            org_id,
            ReferenceCounter(org_id=org_id, kind="ticket", last=10_001),
            IdempotentAnswer(org_id=org_id, actor_id=staff.id, key="first", request_hash=b"", created_at=world.now),
            ProviderCall(
                org_id=org_id, outbox_id=promise, key="first", attempt=1, provider="mailbox", started_at=world.now
            ),
            MailboxMessage(
                org_id=org_id,
                key="first",
                recipient="aisha.khan@example.com",
                sender="repairs@example.com",
                subject="We have your report",
                html="<p>We have your report.</p>",
                text="We have your report.",
                received_at=world.now,
                raw_path="mailbox/first.eml",
            ),
            OrganisationSettings(org_id=org_id, emergency_email="oncall@example.com", updated_at=world.now),
            SignInPolicy(org_id=org_id, client_secret="known to few", updated_at=world.now),
            imported := ImportRun(org_id=org_id, file_name="tickets.csv", created_at=world.now),
            ImportProblem(org_id=org_id, import_id=imported.id, row=2, reason="cell-missing"),
            ImportMade(org_id=org_id, import_id=imported.id, made_in="units", ids=[uuid4()]),
            ImportChange(
                org_id=org_id,
                import_id=imported.id,
                changed_in="people",
                subject_id=uuid4(),
                before="{}",
                left_at=2,
            ),
            Export(org_id=org_id, asked_at=world.now),
            AiJob(org_id=org_id, ticket_id=ticket_id, created_at=world.now),
            Photo(org_id=org_id, ticket_id=ticket_id, upload_key=uuid4(), bytes_received=1, received_at=world.now),
            Report(org_id=org_id, ticket_id=ticket_id, submission_key=uuid4(), link_id=uuid4(), submitted_at=world.now),
            landlord := Landlord(org_id=org_id, person_id=home.tenant_id),
            Portfolio(org_id=org_id, landlord_id=landlord.id, name="Leeds"),
            ApiKey(
                org_id=org_id,
                name="Rota",
                stored_grants={},
                shown="mu_first",
                secret_hash=b"hash",
                created_by=staff.id,
                created_at=world.now,
                expires_at=world.now,
            ),
            logged := AuditLog(org_id=org_id, at=world.now, actor_id=None, action="PersonChanged"),
            AuditValue(org_id=org_id, entry_id=logged.id, about_id=home.tenant_id, name="name", before="Aisha"),
            AuditSeal(org_id=org_id, seq=1, mac=b"seal"),
            AuditHead(org_id=org_id, seq=1, mac=b"seal", sealed_at=world.now),
            team := Team(org_id=org_id, name="North"),
            TeamMember(org_id=org_id, team_id=team.id, user_id=staff.id),
            *portfolio(world, org_id, home),
            await access(world, org_id),
            SupportConsent(org_id=org_id, given_by=staff.id, given_at=world.now, until=world.now),
            Invitation(
                org_id=org_id,
                email="zainab.malik@example.com",
                email_index=b"zainab",
                role_id=None,
                created_at=world.now,
                sent_at=world.now,
                expires_at=world.now,
            ),
        )
        ids.append(org_id)
    return ids


def portfolio(world, org_id, home):
    """What is written down about a home, the people in it and the firm that mends it."""
    today, owned = world.now.date(), {"org_id": org_id}
    firm = Contractor(**owned, name="Brightwell Heating")
    return (
        firm,
        Erasure(**owned, person_id=home.tenant_id, erased_at=world.now),
        PrivacyRequest(
            **owned,
            person_id=home.tenant_id,
            kind=PrivacyRequestKind.ACCESS,
            received_on=today,
            due_on=today,
        ),
        Operative(**owned, contractor_id=firm.id, person_id=home.tenant_id),
        Accreditation(**owned, contractor_id=firm.id, scheme=Scheme.GAS_SAFE, number="123456", expires_on=today),
        Document(
            **owned,
            property_id=home.property_id,
            kind=DocumentKind.GAS_RECORD,
            title="Gas record 2026",
            added_at=world.now,
        ),
        Hint(**owned, property_id=home.property_id, kind=HintKind.KEY_SAFE, starts_on=today),
        Asset(**owned, property_id=home.property_id, kind=AssetKind.BOILER),
        RetentionRule(**owned, kind=RetentionKind.NEEDS, months=6, changed_at=world.now),
        RetentionRun(**owned, ran_on=today, started_at=world.now),
        LegalHold(**owned, person_id=home.tenant_id, reason="A claim of disrepair.", placed_at=world.now),
        Consent(
            **owned,
            person_id=home.tenant_id,
            way=ContactWay.SMS,
            purpose=ContactPurpose.NEWS,
            is_given=True,
            told_by=ConsentChannel.PHONE,
            told_on=today,
            recorded_at=world.now,
        ),
        PersonNeed(
            **owned,
            person_id=home.tenant_id,
            kind=NeedKind.HEARING,
            consented_on=today,
            consent_channel=ConsentChannel.PHONE,
            consent_wording="May we note this?",
            recorded_at=world.now,
        ),
    )


@pytest.fixture(params=["app_dsn", "worker_dsn"])
async def role(request, settings):
    database = Database(engine_for(getattr(settings, request.param), settings, application="tests escape"))
    yield database
    await database.close()


def sweeps(role: Database, table: str) -> bool:
    """The worker sees the outbox of all organisations: the one exception, listed by name in the guard."""
    return table == "outbox_messages" and role.engine.url.username == "maintainuk_worker"


@pytest.mark.parametrize("table", TABLES)
async def test_raw_sql_sees_only_its_own_organisation(neighbours, role, table):
    ours, theirs = neighbours

    async with role.session(ours) as session, session.begin():
        seen = set(await session.scalars(text(f"SELECT DISTINCT org_id FROM app.{table}")))

    assert ours in seen
    assert seen == {ours} or (sweeps(role, table) and theirs in seen)


@pytest.mark.parametrize("table", TABLES)
async def test_without_an_organisation_there_are_no_rows(neighbours, role, table):
    async with role.installation() as session:
        shown = await session.scalar(text(f"SELECT count(*) FROM app.{table}"))

    assert bool(shown) == sweeps(role, table)


@pytest.mark.parametrize("table", TABLES)
async def test_a_row_cannot_be_moved_into_another_organisation(neighbours, role, table):
    ours, theirs = neighbours

    for attack in (
        f"UPDATE app.{table} SET org_id = '{theirs}'",
        f"UPDATE app.{table} SET org_id = org_id WHERE org_id = '{theirs}' RETURNING id",
        f"DELETE FROM app.{table} WHERE org_id = '{theirs}' RETURNING id",
    ):
        assert await touched(role, ours, attack) == []


async def touched(role, org_id, attack) -> list:
    """What an attack reached; a refusal by the database reaches nothing."""
    with suppress(ProgrammingError):
        async with role.session(org_id) as session, session.begin():
            rows = await session.execute(text(attack))
            return list(rows) if rows.returns_rows else [rows.rowcount] if rows.rowcount else []
    return []


@pytest.mark.parametrize("table", TABLES)
async def test_a_row_cannot_be_put_into_another_organisation(neighbours, role, table):
    """A copy of a row of one's own, under a new id, so that nothing but the wall stands in its way."""
    ours, theirs = neighbours

    async with role.session(ours) as session, session.begin():
        columns = await session.scalar(
            text(f"""
            SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute
            WHERE attrelid = 'app.{table}'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''""")
        )
        with pytest.raises(ProgrammingError, match="violates row-level security policy"):
            await session.execute(
                text(f"""
                INSERT INTO app.{table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM (
                    SELECT (jsonb_populate_record(
                        own, jsonb_build_object('id', gen_random_uuid(), 'org_id', '{theirs}'))).*
                    FROM app.{table} own WHERE org_id = '{ours}' LIMIT 1) AS copy""")
            )


async def test_the_organisation_does_not_outlive_its_transaction(neighbours, role):
    ours, _ = neighbours

    async with role.session(ours) as session, session.begin():
        connection = await session.scalar(text("SELECT pg_backend_pid()"))

    await nobodys(role, connection)


async def test_nor_does_the_organisation_of_a_request(neighbours, database):
    ours, _ = neighbours

    async with database.session(ours, uuid4()) as session, session.begin():
        assert await session.scalar(text("SELECT app.org()")) == ours
        connection = await session.scalar(text("SELECT pg_backend_pid()"))

    await nobodys(database, connection)


async def nobodys(role, connection) -> None:
    """See that whoever gets this connection next is in no organisation."""
    async with role.installation() as session:
        assert await session.scalar(text("SELECT pg_backend_pid()")) == connection
        assert await session.scalar(text("SELECT app.org()")) is None


async def test_search_functions_find_nothing_of_others(neighbours, role):
    ours, theirs = neighbours

    async with role.session(ours) as session, session.begin():
        for words in (
            "toilet",
            f"org:{theirs}",
            f"toilet or org:{theirs}",
            "khan",
            "ash grove",
            "%",
            "_",
            "' OR 1=1 --",
        ):
            for function in ("search_tickets", "search_homes"):
                found = set(
                    await session.scalars(
                        text(f"SELECT app.{function}(:words, :names)"), await searched(session, words)
                    )
                )
                mine = set(
                    await session.scalars(text("SELECT id FROM app.maintenance_tickets UNION SELECT id FROM app.units"))
                )
                assert found <= mine, (function, words)
    async with role.installation() as session:
        assert list(await session.scalars(text("SELECT app.search_tickets('toilet', '{1}')"))) == []


@pytest.mark.parametrize(
    "trick", ["SET ROLE postgres", "SET ROLE maintainuk_search", "SET row_security = off; TABLE app.people"]
)
async def test_a_role_cannot_become_another(neighbours, role, trick):
    ours, _ = neighbours

    with pytest.raises(DBAPIError):
        async with role.session(ours) as session, session.begin():
            for statement in trick.split(";"):
                await session.execute(text(statement))


async def test_a_foreign_row_cannot_be_pointed_at(neighbours, database, world):
    ours, theirs = neighbours
    foreign = await world.home(theirs)

    with pytest.raises(DBAPIError):
        async with world.work(ours, database) as work:
            work.session.add(reported(world, ours, foreign))


async def test_the_session_refuses_to_write_a_foreign_row(neighbours, world, database):
    ours, theirs = neighbours

    with pytest.raises(CrossTenantWrite):
        async with world.work(ours, database) as work:
            work.session.add(Person(org_id=theirs, name="Nobody Here"))


async def test_the_session_refuses_a_foreign_row_that_an_event_brings_about(neighbours, world, database):
    ours, theirs = neighbours

    with pytest.raises(CrossTenantWrite):
        async with world.work(ours, database) as work:
            ticket = (await work.session.scalars(select(MaintenanceTicket))).one()
            ticket.comment("Rang the tenant.", at=world.now)
            ticket.happened[-1] = replace(ticket.happened[-1], org_id=theirs)


async def test_the_first_wall_holds_alone(neighbours, world):
    """With row-level security taken off, the session's own filter still shows one organisation."""
    ours, theirs = neighbours

    async with world.owner.session(ours) as session:
        for entity in (Person, Property, Unit, MaintenanceTicket):
            await session.execute(text(f"ALTER TABLE app.{entity.__tablename__} NO FORCE ROW LEVEL SECURITY"))
        assert await session.scalar(text("SELECT count(DISTINCT org_id) FROM app.people")) > 1

        for entity in (Person, Property, Unit, MaintenanceTicket):
            assert {row.org_id for row in await session.scalars(select(entity))} == {ours}
            assert set(await session.scalars(select(entity.org_id))) == {ours}
        assert (
            await session.execute(update(Person).where(Person.org_id == theirs).values(language="cy"))
        ).rowcount == 0
        assert (await session.execute(delete(Person).where(Person.org_id == theirs))).rowcount == 0
        await session.rollback()


@pytest.mark.parametrize("statement", [select(Person), text("SELECT 1"), update(Person).values(language="cy")])
async def test_a_session_without_an_organisation_fails(database, statement):
    async with AsyncSession(database.engine, sync_session_class=OrganisationSession) as session:
        with pytest.raises(KeyError):
            await session.execute(statement)
