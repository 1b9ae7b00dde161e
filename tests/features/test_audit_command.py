"""`./maintainuk audit verify` on a log of our own."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from maintainuk.bootstrap import WorkerServices
from maintainuk.cli import app
from maintainuk.domain.audit import AuditLog
from maintainuk.infrastructure.embedded.configuration import environment_of
from maintainuk.worker.audit import sealer_of


@pytest.fixture
async def log(settings, world):
    """An organisation with a sealed log."""
    org_id = await world.organisation("Brightwell Lettings")
    row = AuditLog(org_id=org_id, at=world.now - timedelta(hours=1), actor_id=None, action="SignedIn")
    await world.add(org_id, row)
    services = WorkerServices(settings)
    await sealer_of(services, org_id).seal()
    await services.close()
    return org_id


async def verify(settings, org_id):
    words = ["audit", "verify", "--organisation", str(org_id)]
    return await asyncio.to_thread(CliRunner().invoke, app, words, env=environment_of(settings))


async def test_a_log_that_nobody_touched_is_whole(settings, log):
    result = await verify(settings, log)

    assert (result.exit_code, result.output) == (0, f"{log}  1 rows sealed, whole\n")


async def test_a_changed_row_is_named(settings, world, log):
    async with world.owner.session(log) as session, session.begin():
        await session.execute(text("ALTER TABLE app.audit_log DISABLE TRIGGER USER"))
        await session.execute(text("UPDATE app.audit_log SET action = 'SignedOut' WHERE org_id = :org"), {"org": log})
        await session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        await session.execute(text("ALTER TABLE app.audit_log ENABLE TRIGGER USER"))

    result = await verify(settings, log)

    assert result.exit_code == 1
    assert "1 wrong" in result.output
    assert "edited at 1" in result.output
