"""An organisation gets a new key while everybody works on, and a new master key without touching a row."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import LargeBinary, select, text, type_coerce

from maintainuk.application.sealing import OLDEST
from maintainuk.bootstrap import WorkerServices
from maintainuk.domain.people import Person
from maintainuk.infrastructure.database import sealing
from maintainuk.infrastructure.database.engine import Database, engine_for
from maintainuk.infrastructure.security.sealing import HEADER, CannotOpen
from maintainuk.settings import Settings
from maintainuk.worker.sealing import keys_of
from tests.world import World

RAW = type_coerce(Person.__table__.c.name, LargeBinary)


@asynccontextmanager
async def worker(settings: Settings) -> AsyncIterator[WorkerServices]:
    services = WorkerServices(settings)
    yield services
    await services.database.close()


async def versions(database: Database, org_id: object) -> set[int]:
    """Which keys have sealed the names that are there."""
    async with database.session(org_id) as session:  # type: ignore[arg-type]
        return {HEADER.unpack_from(bytes(name))[1] for name in await session.scalars(select(RAW))}


async def test_rows_are_sealed_anew_and_the_older_key_retires(
    world: World, settings: Settings, database: Database
) -> None:
    org_id = await world.organisation()
    await world.add(
        org_id, *(Person(org_id=org_id, name=f"Person {n}", email=f"p{n}@example.com") for n in range(1_100))
    )
    async with worker(settings) as services:
        keys = keys_of(services, org_id)
        assert await keys.rotate(lead=timedelta(0)) == 2
        fresh = Database(engine_for(settings.worker_dsn, settings, application="tests"))
        services.database, old = fresh, services.database
        await old.close()

        assert await keys_of(services, org_id).renew() == 1_100
        assert await keys_of(services, org_id).renew() == 0

    async with world.owner.session(org_id) as session:
        retired = (
            await session.execute(
                text("SELECT version, retired_at IS NULL FROM app.org_keys WHERE purpose = 'data' ORDER BY version")
            )
        ).all()
    assert [tuple(row) for row in retired] == [(1, False), (2, True)]
    assert await versions(database, org_id) == {2}
    reader = Database(engine_for(settings.app_dsn, settings, application="tests"))
    async with reader.session(org_id) as session:
        assert len(set(await session.scalars(select(Person.name)))) == 1_100
    await reader.close()


async def test_nobody_who_works_meanwhile_meets_an_error(
    world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "FRESH_FOR", 0.1)
    org_id = await world.organisation()
    people = [Person(org_id=org_id, name=f"Person {n}") for n in range(300)]
    await world.add(org_id, *people)
    processes = [Database(engine_for(settings.app_dsn, settings, application="tests")) for _ in range(3)]
    is_over = asyncio.Event()
    done = 0

    async def somebody(database: Database, place: int) -> None:
        nonlocal done
        while not is_over.is_set():
            async with database.session(org_id) as session, session.begin():
                person = await session.get_one(Person, (org_id, people[done % 300].id))
                assert person.name.startswith("Person")
                person.name = f"Person {place} {done}"
            async with database.session(org_id) as session:
                assert len(list(await session.scalars(select(Person.name)))) == 300
            done += 1

    async with worker(settings) as services, asyncio.TaskGroup() as working:
        for place, database in enumerate(processes):
            working.create_task(somebody(database, place))
        for _ in range(3):
            keys = keys_of(services, org_id)
            version = await keys.rotate(lead=timedelta(seconds=0.5))
            await asyncio.sleep(0.8)
            await keys.renew()
            assert version
        is_over.set()

    assert done > 10
    assert await versions(processes[0], org_id) == {4}
    for database in processes:
        await database.close()


async def test_a_young_key_is_left_alone_by_the_hourly_look(world: World, settings: Settings) -> None:
    org_id = await world.organisation()
    await world.add(org_id, Person(org_id=org_id, name="Aisha Khan"))

    async with worker(settings) as services:
        keys = keys_of(services, org_id)
        assert await keys.rotate(if_older_than=OLDEST) is None
        assert await keys.renew() == 0

    assert await versions(world.owner, org_id) == {1}


async def test_a_new_master_key_wraps_the_keys_and_touches_no_row(world: World, settings: Settings) -> None:
    org_id = await world.organisation()
    await world.add(org_id, Person(org_id=org_id, name="Aisha Khan"))
    async with world.owner.session(org_id) as session:
        before = list(await session.scalars(select(RAW)))
    ring = f"3:{base64.b64encode(b'm' * 32).decode()}"
    newer = Settings(**settings.model_dump() | {"master_keys": SecretStr(ring)})

    async with worker(newer) as services:
        assert await keys_of(services, org_id).rewrap() == 2
        assert await keys_of(services, org_id).rewrap() == 0

    knows = Database(engine_for(settings.app_dsn, newer, application="tests"))
    async with knows.session(org_id) as session:
        assert list(await session.scalars(select(RAW))) == before
        assert list(await session.scalars(select(Person.name))) == ["Aisha Khan"]
    await knows.close()
    knows_not = Database(engine_for(settings.app_dsn, settings, application="tests"))
    with pytest.raises(CannotOpen, match="Master key 3"):
        async with knows_not.session(org_id) as session:
            await session.scalars(select(Person.name))
    await knows_not.close()
