"""Row-level security alone: a double takes the organisation out of every condition the product sends (row 11).

What the API then tells of others is what the database itself would let through: nothing. tests/security/test_escape.py
asks each table; the contract of the tables stands in tests/contracts/test_tenancy_wall.py.
"""

import asyncio
import json
import re
from collections import Counter
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import event, text

from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.infrastructure.cache.answers import Answers
from maintainuk.infrastructure.database.tables import INSTALLATION_WIDE
from tests.security.matrix import NEVER_ENDS
from tests.security.stage import ON_ONE_THING, OPERATIONS, Stage, call, playing, staged
from tests.world import World

OF_AN_ORGANISATION = re.compile(r"(?:[\w.]+\.)?org_id = (\$\d+)(?:::UUID)?")
"""A condition by which the product keeps to one organisation, as it reaches the database."""
READS = [operation for operation in OPERATIONS if operation.method == "GET" and operation.name not in NEVER_ENDS]
SHORT, LONG = 600, 10_000
POOL = 2


class Removed(Counter[str]):
    """Takes the conditions out, and counts the statements that had some."""

    def listen(self, engine) -> None:
        event.listen(engine.sync_engine, "before_cursor_execute", self.strip, retval=True)

    def strip(self, _connection, _cursor, statement, parameters, *_):
        # The parameter stays in use, for the driver counts them.
        bare, found = OF_AN_ORGANISATION.subn(r"(\1::uuid IS NOT NULL)", statement)
        self["statements" if found else "others"] += 1
        return bare, parameters


@asynccontextmanager
async def neighbours(settings):
    """Two organisations behind one API whose own conditions are gone."""
    world, removed = World(settings), Removed()
    async with playing(settings.model_copy(update={"database_pool": POOL})) as (services, http):
        ours, theirs = await staged(world, services, http), await staged(world, services, http)
        removed.listen(services.database.engine)
        yield ours, theirs, removed
    await world.close()


@pytest.fixture(scope="module")
async def beside(settings):
    async with neighbours(settings) as both:
        yield both


def mentioned(said, stage: Stage) -> set[str]:
    """What an answer says of an organisation."""
    words = json.dumps(said)
    return {name for name, value in stage.ids.items() if name.endswith("_id") and value in words} | (
        {"organisation"} if str(stage.org_id) in words else set()
    )


@pytest.mark.parametrize("operation", READS, ids=str)
async def test_what_is_told_of_ours_is_ours(beside, operation):
    ours, theirs, _ = beside

    _, said = await call(ours.http, operation, await ours.as_(BuiltInRole.ORG_ADMIN), ours.names(operation))

    assert mentioned(said["data"], theirs) == set()


@pytest.mark.parametrize("operation", ON_ONE_THING, ids=str)
async def test_theirs_never_was(beside, operation):
    ours, theirs, _ = beside

    status, said = await call(ours.http, operation, await ours.as_(BuiltInRole.ORG_ADMIN), theirs.names(operation))

    assert (status, said["data"]) == (404, None)


async def test_the_conditions_were_really_gone(beside):
    """Otherwise the tests above would prove the first wall."""
    ours, _, removed = beside
    before = removed["statements"]

    for operation in READS:
        await call(ours.http, operation, await ours.as_(BuiltInRole.ORG_ADMIN), ours.names(operation))

    assert removed["statements"] - before > len(READS)


async def test_every_table_and_view_shows_one_organisation(beside, database):
    ours, theirs, _ = beside
    async with ours.world.owner.installation() as session:
        has_org_id = text("""
            SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org_id'
            JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'app' AND c.relkind IN ('r', 'p', 'v', 'm')
            AND has_column_privilege('maintainuk_app', c.oid, a.attnum, 'select')""")
        relations = set(await session.scalars(has_org_id)) - set(INSTALLATION_WIDE)

    foreign = set()
    for relation in relations:
        async with database.session(ours.org_id) as session, session.begin():
            of_theirs = text(f"SELECT count(*) FROM app.{relation} WHERE org_id = '{theirs.org_id}'")
            foreign |= {relation} if await session.scalar(of_theirs) else set()

    assert len(relations) > 30
    assert foreign == set()


async def test_a_table_without_its_wall_would_be_seen(pristine_settings):
    async with neighbours(pristine_settings) as (ours, theirs, _):
        async with ours.world.owner.installation() as session:
            await session.execute(text("ALTER TABLE app.properties DISABLE ROW LEVEL SECURITY"))
        operation = next(one for one in READS if one.name == "listProperties")

        _, said = await call(ours.http, operation, await ours.as_(BuiltInRole.ORG_ADMIN), ours.names(operation))

    assert "property_id" in mentioned(said["data"], theirs)


@pytest.mark.parametrize("is_remembered", [True, False], ids=["answers remembered", "each asked anew"])
@pytest.mark.parametrize("number", [SHORT, pytest.param(LONG, marks=[pytest.mark.drill, pytest.mark.timeout(1_800)])])
async def test_two_organisations_interleaved_through_one_pool_are_never_mixed(
    beside, number, is_remembered, monkeypatch
):
    if not is_remembered:
        monkeypatch.setattr(Answers, "recall", nothing_is_remembered)
    ours, theirs, _ = beside
    names = ("listProperties", "listPeople", "listTickets", "listAccounts", "searchAnywhere", "readTicket", "me")
    asked = [operation for operation in READS if operation.name in names]
    sides = [(ours, theirs), (theirs, ours)]
    mixed, good, at_once = [], Counter(), asyncio.Semaphore(8)

    async def ask(turn: int) -> None:
        mine, other = sides[turn % 2]
        operation = asked[turn // 2 % len(asked)]
        headers = await mine.as_(BuiltInRole.ORG_ADMIN)
        async with at_once:
            status, said = await call(mine.http, operation, headers, mine.names(operation))
        good[status] += 1
        mixed.extend(mentioned(said, other))

    for mine, _ in sides:
        await mine.as_(BuiltInRole.ORG_ADMIN)
    await asyncio.gather(*(ask(turn) for turn in range(number)))

    assert mixed == []
    assert good[200] > number * 0.8


async def nothing_is_remembered(*_):
    return None
