"""Who people are is sealed for their own row, found by keyed hashes, and stands nowhere in clear."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
from pydantic import SecretStr
from sqlalchemy import LargeBinary, insert, select, text, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.base import new_id
from maintainuk.domain.organisations import Organisation
from maintainuk.domain.people import Person
from maintainuk.infrastructure.database.engine import Database, engine_for
from maintainuk.infrastructure.database.sealing import keys_of, ring_of
from maintainuk.infrastructure.repositories.imports import Imports
from maintainuk.infrastructure.security.sealing import CannotOpen, beginnings, words_of
from maintainuk.settings import Settings
from tests.world import World

AMARA = {"name": "Amara Okonkwo-Féthière", "email": "Amara.O@Example.com", "phone": "07700 900321"}


async def person(world: World, org_id: UUID, **told: Any) -> UUID:
    somebody = Person(org_id=org_id, **(AMARA | told))
    await world.add(org_id, somebody)
    return somebody.id


async def stored(session: AsyncSession, person_id: UUID, column: str = "name") -> bytes:
    """What the database itself has."""
    query = select(type_coerce(Person.__table__.c[column], LargeBinary)).where(Person.__table__.c.id == person_id)
    found = await session.scalar(query)
    assert isinstance(found, bytes)
    return found


async def test_what_is_written_comes_back_and_stands_nowhere_in_clear(world: World, database: Database) -> None:
    org_id = await world.organisation()

    amara = await person(world, org_id)

    async with database.session(org_id) as session:
        row = (await session.execute(text("SELECT to_jsonb(p)::text FROM app.people p"))).scalar_one()
        found = await session.get_one(Person, (org_id, amara))
        columns = (await session.execute(select(Person.name, Person.email, Person.phone))).one()
    assert (found.name, found.email, found.phone) == tuple(AMARA.values()) == tuple(columns)
    for told in AMARA.values():
        assert told not in row
        assert told.encode().hex() not in row


async def test_a_change_is_sealed_anew_and_found_by_its_new_words(world: World, database: Database) -> None:
    org_id = await world.organisation()
    amara = await person(world, org_id)
    async with database.session(org_id) as session:
        before = await stored(session, amara)

    async with database.session(org_id) as session, session.begin():
        (await session.get_one(Person, (org_id, amara))).name = "Amara Bell"

    async with database.session(org_id) as session:
        assert await stored(session, amara) != before
        assert (await session.get_one(Person, (org_id, amara))).name == "Amara Bell"
        assert [one.id for one in await Imports(session).people((), {"AMARA  bell"})] == [amara]
        assert await Imports(session).people((), {AMARA["name"]}) == []


async def test_rows_that_go_in_by_one_statement_are_sealed_as_well(world: World, database: Database) -> None:
    org_id = await world.organisation()
    rows = [{"org_id": org_id, "id": new_id(), "name": name, "email": None, "phone": None} for name in ("Ann", "Ben")]

    async with database.session(org_id) as session, session.begin():
        await session.execute(insert(Person), rows)

    async with database.session(org_id) as session:
        assert set(await session.scalars(select(Person.name))) == {"Ann", "Ben"}


async def test_a_text_that_no_row_is_known_of_is_refused_and_not_written_in_clear(
    world: World, database: Database
) -> None:
    org_id = await world.organisation()
    amara = await person(world, org_id)

    async with database.session(org_id) as session:
        with pytest.raises(Exception, match="is sealed"):
            await session.execute(update(Person).where(Person.id == amara).values(name="In clear"))


@pytest.mark.parametrize("moved_to", ["row", "column", "organisation"])
async def test_what_is_moved_elsewhere_can_not_be_opened(world: World, database: Database, moved_to: str) -> None:
    ours, theirs = await world.organisation(), await world.organisation()
    amara, ben, carol = await person(world, ours), await person(world, ours), await person(world, theirs)
    async with database.session(ours) as session:
        sealed = await stored(session, amara)
    org_id, row, column = {
        "row": (ours, ben, "name"),
        "column": (ours, amara, "email"),
        "organisation": (theirs, carol, "name"),
    }[moved_to]

    async with database.session(org_id) as session:
        await session.execute(
            text(f"UPDATE app.people SET {column} = :sealed WHERE id = :id"),
            {"sealed": sealed, "id": row},
        )
        with pytest.raises(CannotOpen) as refused:
            (await session.scalars(select(Person).where(Person.id == row))).one()

    assert AMARA["name"] not in str(refused.value)


async def test_the_same_person_is_found_however_they_are_written(world: World, database: Database) -> None:
    org_id = await world.organisation()
    amara = await person(world, org_id)

    async with database.session(org_id) as session:
        await session.connection()
        keys = keys_of(session)
        assert keys
        by_phone = [keys.phone(way) for way in ("+44 7700 900321", "(07700) 900 321", "0044 7700900321")]
        found = await session.scalars(select(Person.id).where(Person.phone_index.in_(by_phone)))
        assert set(found) == {amara}
        assert len(set(by_phone)) == 1
        for way in ("amara.o@example.COM", " ａｍａｒａ.o@example.com"):  # noqa: RUF001
            assert [one.id for one in await Imports(session).people({way}, ())] == [amara]


async def test_the_same_name_has_other_hashes_in_another_organisation(world: World) -> None:
    ours, theirs = await world.organisation(), await world.organisation()
    for org_id in (ours, theirs):
        await person(world, org_id)

    found = []
    for org_id in (ours, theirs):
        async with world.owner.session(org_id) as session:
            row = (await session.execute(select(Person.email_index, Person.name_index, Person.name_tokens))).one()
            found.append({row[0], row[1], *row[2]})

    assert not found[0] & found[1]


def test_names_are_found_by_whole_words_and_their_beginnings() -> None:
    assert words_of("Siân O’Brien-ŁUKASIK  Li") == ["sian", "obrien", "lukasik", "li"]  # noqa: RUF001
    assert {"sia", "sian", "obr", "brien", "luk", "li"} <= beginnings("Siân O'Brien-Łukasik Li")
    assert not {"si", "l", "ob"} & beginnings("Siân O'Brien-Łukasik Li")


async def test_keys_made_in_work_that_fails_seal_nothing_afterwards(world: World, database: Database) -> None:
    org_id = await world.organisation()

    async with database.session(org_id) as session:
        session.add(Person(org_id=org_id, name="Never Was"))
        await session.flush()
        await session.rollback()
    await person(world, org_id, name="Was There")

    async with database.session(org_id) as session:
        assert list(await session.scalars(select(Person.name))) == ["Was There"]


async def test_two_who_begin_at_once_seal_with_the_same_keys(world: World, settings: Settings) -> None:
    org_id = await world.organisation()

    async with two_processes(settings) as (one, other):
        async with one.session(org_id) as session, session.begin():
            session.add(Person(org_id=org_id, name="First"))
        async with other.session(org_id) as session, session.begin():
            session.add(Person(org_id=org_id, name="Second"))
        async with one.session(org_id) as session:
            names = set(await session.scalars(select(Person.name)))

    assert names == {"First", "Second"}


async def test_without_the_master_key_nothing_is_opened_and_nothing_made_anew(world: World, settings: Settings) -> None:
    org_id = await world.organisation()
    await person(world, org_id)
    other = settings.model_copy(update={"index_key": SecretStr("another-index-key-of-32-characters!")})
    other.__dict__.pop("master_key_ring", None)
    database = Database(engine_for(settings.app_dsn, other, application="tests"))

    async with database.session(org_id) as session:
        with pytest.raises(CannotOpen, match="MAINTAINUK_MASTER_KEYS"):
            await session.scalars(select(Person))

    await database.close()


async def test_an_organisation_without_keys_has_an_empty_list_of_people(world: World, database: Database) -> None:
    org_id = await world.organisation()

    async with database.session(org_id) as session:
        assert await Imports(session).people({"a@example.com"}, {"anybody"}) == []
        assert await session.get(Organisation, org_id)
        assert keys_of(session) is None
        assert ring_of(session)


@asynccontextmanager
async def two_processes(settings: Settings) -> AsyncIterator[tuple[Database, Database]]:
    pair = tuple(Database(engine_for(settings.app_dsn, settings, application="tests")) for _ in range(2))
    yield pair[0], pair[1]
    for database in pair:
        await database.close()
