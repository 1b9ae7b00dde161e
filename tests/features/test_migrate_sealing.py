"""An installation that has people in clear is brought to where nobody stands in clear, and loses nobody."""

import asyncio
import tempfile
from pathlib import Path

import asyncpg
from sqlalchemy import select

from maintainuk.domain.people import Person
from maintainuk.domain.timeline import TimelineEvent
from maintainuk.domain.users import User
from maintainuk.infrastructure.database.engine import Database, engine_for
from maintainuk.infrastructure.database.migrate import migrate
from maintainuk.infrastructure.database.sealing import keys_of
from maintainuk.infrastructure.embedded.scratch import scratch_services, services_in
from maintainuk.settings import Settings
from tests.database import settings_for

IN_CLEAR = "2026_11_23_0008"
BEFORE = """
INSERT INTO app.organisations (id, name, kind, nation) VALUES (uuidv7(), 'Old Hall Lettings', 'letting_agent', 'ENG');
SELECT set_config('app.org_id', (SELECT id::text FROM app.organisations), false);
INSERT INTO app.people (org_id, id, name, email, phone, language)
    SELECT app.org(), uuidv7(), 'Person ' || n, CASE WHEN n % 2 = 0 THEN 'p' || n || '@example.com' END,
        '07700 900123', 'en'
    FROM generate_series(1, 2500) n;
INSERT INTO app.roles (org_id, id, name, grants, version, client) VALUES (app.org(), uuidv7(), 'Old', '{}', 1, 'staff');
INSERT INTO app.users (org_id, id, name, email, role_id, status)
    SELECT app.org(), uuidv7(), 'Nia Prosser', 'nia@example.com', id, 'active' FROM app.roles;
INSERT INTO app.maintenance_tickets (org_id, id, number, title, description, address_as_written, category,
        priority, status, channel,
        reported_at, aware_at, created_at, status_since, updated_at, version)
    SELECT app.org(), uuidv7(), 1, 'Tap', 'Drips', '1 Old Hall Road', 'other',
        'P3', 'new', 'phone', now(), now(), now(), now(), now(), 1;
INSERT INTO app.timeline_events (org_id, id, ticket_id, kind, body, data, visibility, occurred_at)
    SELECT app.org(), uuidv7(), id, kind, 'call 07700 900999', '{}', 'tenant', now()
    FROM app.maintenance_tickets, (VALUES ('contact_left'), ('commented')) AS k(kind);
"""


async def test_everybody_there_is_is_sealed_and_still_known() -> None:
    with scratch_services() as environment:
        settings = settings_for(environment)
        await asyncio.to_thread(migrate, settings, IN_CLEAR)
        connection = await asyncpg.connect(settings.owner_dsn)
        await connection.execute(BEFORE)
        org_id = await connection.fetchval("SELECT app.org()")

        await asyncio.to_thread(migrate, settings)

        columns = await connection.fetch("SELECT to_jsonb(p)::text FROM app.people p")
        assert not any(word in row[0] for row in columns for word in ("Person", "@example", "07700 900123"))
        colleagues = await connection.fetch("SELECT to_jsonb(u)::text FROM app.users u")
        assert not any(word in row[0] for row in colleagues for word in ("Nia", "@example"))
        await connection.close()
        database = Database(engine_for(settings.app_dsn, settings, application="tests"))
        async with database.session(org_id) as session:
            people = list(await session.scalars(select(Person)))
            keys = keys_of(session)
            assert keys
            wanted = keys.asked("pers 2500")
            assert {person.name for person in people} == {f"Person {number}" for number in range(1, 2501)}
            assert list(await session.scalars(select(User.name))) == ["Nia Prosser"]
            assert sum(person.email is None for person in people) == 1250
            assert [person.name for person in people if {*wanted} <= {*person.name_tokens}] == ["Person 2500"]
            assert (await session.scalars(select(User.email))).one() == "nia@example.com"
            lines = (await session.execute(select(TimelineEvent.kind, TimelineEvent.body, TimelineEvent.private))).all()
            assert {tuple(line) for line in lines} == {
                ("contact_left", None, "call 07700 900999"),
                ("commented", "call 07700 900999", None),
            }
        await database.close()


def test_once_they_are_sealed_nobody_stands_in_clear_in_any_file_of_the_database() -> None:
    with tempfile.TemporaryDirectory(prefix="maintainuk-scratch-") as folder:
        Path(folder).chmod(0o711)  # the account that runs PostgreSQL has to get through
        state = Path(folder) / "state"
        with services_in(state) as environment:
            settings = settings_for(environment)
            migrate(settings, IN_CLEAR)
            asyncio.run(_fill(settings))
        assert _files_with(state, b"Person 2", b"nia@example.com")

        with services_in(state) as environment:
            migrate(settings_for(environment))

        assert not _files_with(state, b"Person 2", b"p2500@example.com", b"Nia Prosser", b"nia@example.com")


async def _fill(settings: Settings) -> None:
    connection = await asyncpg.connect(settings.owner_dsn)
    await connection.execute(BEFORE)
    await connection.execute("ANALYZE")
    await connection.close()


def _files_with(state: Path, *words: bytes) -> list[Path]:
    """Return those files of the database, its log of changes apart, that hold one of these words."""
    files = [file for base in state.rglob("base") for file in base.rglob("*") if file.is_file()]
    assert files
    return [file for file in files if any(word in file.read_bytes() for word in words)]
