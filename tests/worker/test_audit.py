"""What the audit log says is sealed into a chain; whoever changes any of it is found out."""

from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from maintainuk.application.audit import SEALED_WITHIN
from maintainuk.bootstrap import WorkerServices
from maintainuk.domain.audit import AuditHead, AuditLog, head_of
from maintainuk.infrastructure.security.audit_chain import BEGINNING, AuditChain, Fault, Head, Inspection, Sealed
from maintainuk.worker.audit import seal_all, sealer_of
from tests.world import World

ROWS = 10_000


@dataclass(frozen=True)
class Row:
    """An audit row, as columns."""

    org_id: UUID
    id: UUID
    at: object
    actor_id: UUID
    action: str
    subject_id: UUID
    data: dict
    trace_id: str
    network: str
    program: str
    key_id: UUID | None = None


@pytest.fixture
async def machinery(settings):
    machinery = WorkerServices(settings)
    yield machinery
    await machinery.close()


@pytest.fixture
async def org_id(world):
    return await world.organisation()


async def write(world, org_id, *, rows=1, at=None):
    entries = [
        AuditLog(
            org_id=org_id,
            at=(at or world.now - timedelta(hours=1)) + timedelta(milliseconds=place),
            actor_id=uuid4(),
            action="TicketCommented",
            subject_id=uuid4(),
            data={"place": place},
        )
        for place in range(rows)
    ]
    await world.add(org_id, *entries)


async def tamper(world, org_id, *statements):
    """Write behind the product's back, as the owner of the tables."""
    async with world.owner.session(org_id) as session, session.begin():
        for table in ("audit_log", "audit_seals"):
            await session.execute(text(f"ALTER TABLE app.{table} DISABLE TRIGGER USER"))
        for statement in statements:
            await session.execute(text(statement), {"org": org_id} if ":org" in statement else {})
        await session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        for table in ("audit_log", "audit_seals"):
            await session.execute(text(f"ALTER TABLE app.{table} ENABLE TRIGGER USER"))


AT = "(SELECT id FROM app.audit_seals WHERE org_id = :org AND seq = {})"
TAMPERS = {
    "an edited word": (
        f"UPDATE app.audit_log SET action = 'TicketRejected' WHERE org_id = :org AND id = {AT.format(4711)}",
    ),
    "an edited fact": (f"UPDATE app.audit_log SET data = '{{}}'::jsonb WHERE org_id = :org AND id = {AT.format(1)}",),
    "another person": (f"UPDATE app.audit_log SET actor_id = NULL WHERE org_id = :org AND id = {AT.format(ROWS)}",),
    "a deleted row": (f"DELETE FROM app.audit_log WHERE org_id = :org AND id = {AT.format(5000)}",),
    "a row deleted with its seal": (
        f"DELETE FROM app.audit_log WHERE org_id = :org AND id = {AT.format(5000)}",
        "DELETE FROM app.audit_seals WHERE org_id = :org AND seq = 5000",
    ),
    "a row deleted, and the rest moved up": (
        f"DELETE FROM app.audit_log WHERE org_id = :org AND id = {AT.format(9990)}",
        "DELETE FROM app.audit_seals WHERE org_id = :org AND seq = 9990",
        *(
            f"UPDATE app.audit_seals SET seq = {seq - 1} WHERE org_id = :org AND seq = {seq}"
            for seq in range(9991, ROWS + 1)
        ),
        f"UPDATE app.audit_heads SET seq = {ROWS - 1} WHERE org_id = :org",
    ),
    "an inserted row": (
        """INSERT INTO app.audit_log (org_id, id, at, action, data)
        SELECT org_id, gen_random_uuid(), min(at), 'SignedIn', '{}' FROM app.audit_log
        WHERE org_id = :org GROUP BY 1""",
    ),
    "two rows swapped": (
        """CREATE TEMP TABLE pair ON COMMIT DROP AS
        SELECT seq, id FROM app.audit_seals WHERE org_id = :org AND seq IN (7, 8)""",
        "UPDATE app.audit_seals s SET id = gen_random_uuid() FROM pair p WHERE s.org_id = :org AND s.seq = p.seq",
        "UPDATE app.audit_seals s SET id = p.id FROM pair p WHERE s.org_id = :org AND s.seq = 15 - p.seq",
    ),
    "the end cut off": (
        "DELETE FROM app.audit_log WHERE org_id = :org AND id IN (SELECT id FROM app.audit_seals WHERE seq > 9900)",
        "DELETE FROM app.audit_seals WHERE org_id = :org AND seq > 9900",
        """UPDATE app.audit_heads h SET seq = s.seq, mac = s.mac FROM app.audit_seals s
        WHERE h.org_id = :org AND s.org_id = :org AND s.seq = 9900""",
    ),
    "everything gone": (
        "DELETE FROM app.audit_log WHERE org_id = :org",
        "DELETE FROM app.audit_seals WHERE org_id = :org",
        "DELETE FROM app.audit_heads WHERE org_id = :org",
    ),
    "a forged head": ("UPDATE app.audit_heads SET mac = 'forged' WHERE org_id = :org",),
}


@pytest.fixture(scope="module")
async def sealed_log(settings):
    """Ten thousand rows, sealed; tampering with them is undone by the test that does it."""
    world, machinery = World(settings), WorkerServices(settings)
    org_id = await world.organisation("Brightwell Lettings")
    for part in range(10):
        await write(world, org_id, rows=ROWS // 10, at=world.now - timedelta(hours=2) + timedelta(seconds=part))
    sealer = sealer_of(machinery, org_id)
    assert await sealer.seal() == ROWS
    yield world, org_id, sealer
    await machinery.close()
    await world.close()


async def test_an_untouched_log_is_whole(sealed_log):
    _, _, sealer = sealed_log

    assert await sealer.verify() == (ROWS, [])


@pytest.mark.parametrize("change", TAMPERS)
async def test_a_single_change_among_ten_thousand_rows_is_found(sealed_log, change):
    world, org_id, sealer = sealed_log
    saved = ("audit_log", "audit_seals", "audit_heads")
    async with world.owner.session(org_id) as session, session.begin():
        for table in saved:
            await session.execute(text(f"DROP TABLE IF EXISTS kept_{table}"))
            await session.execute(
                text(f"CREATE TABLE kept_{table} AS SELECT * FROM app.{table} WHERE org_id = :org"), {"org": org_id}
            )
    try:
        await tamper(world, org_id, *TAMPERS[change])

        _, findings = await sealer.verify()

        assert findings
    finally:
        await tamper(
            world,
            org_id,
            *(f"DELETE FROM app.{table} WHERE org_id = :org" for table in saved),
            *(f"INSERT INTO app.{table} SELECT * FROM kept_{table}" for table in saved),
            *(f"DROP TABLE kept_{table}" for table in saved),
            *(f"ANALYZE app.{table}" for table in saved),  # which nobody puts back in real life
        )
    assert await sealer.verify() == (ROWS, [])


def chain_of(chain, world, length):
    """A sealed chain in memory."""
    org_id, sealed, previous = uuid4(), [], BEGINNING
    for seq in range(1, length + 1):
        row = Row(
            org_id, uuid4(), world.now + timedelta(seconds=seq), uuid4(), "SignedIn", uuid4(), {"n": seq}, "t", "n", "p"
        )
        mac = chain.seal(row, seq=seq, previous=previous)
        sealed.append(Sealed(seq, mac, row.id, row))
        previous = mac
    return sealed


def tampered(sealed, chance, chain):
    """The same chain after one change of a random kind at a random place."""
    log, place = list(sealed), chance.randrange(len(sealed) - 1)
    one = log[place]
    match chance.choice(("edit", "delete", "delete both", "insert", "swap", "truncate", "reseal")):
        case "edit":
            field = chance.choice(("actor_id", "action", "data", "subject_id", "at", "trace_id", "network", "key_id"))
            value = {
                "action": "X",
                "data": {"n": -1},
                "at": one.row.at - timedelta(days=1),
                "trace_id": "x",
                "network": "x",
            }.get(field, uuid4())
            log[place] = replace(one, row=replace(one.row, **{field: value}))
        case "delete":
            log[place] = replace(one, row=None)
        case "delete both":
            del log[place]
        case "insert":
            log.insert(place, replace(one, row=replace(one.row, id=uuid4())))
            log = [replace(each, seq=seq) for seq, each in enumerate(log, 1)]
        case "swap":
            other = log[place + 1]
            log[place], log[place + 1] = replace(one, row=other.row), replace(other, row=one.row)
        case "truncate":
            del log[place + 1 :]
        case "reseal":
            log[place] = replace(one, mac=bytes(32))
    return log


def inspected(chain, log, head):
    inspection = Inspection(chain, [head])
    for sealed in log:
        inspection.look_at(sealed)
    return inspection.end()


def test_ten_thousand_single_changes_are_all_found(settings, world):
    chain, chance = AuditChain(settings), Random(20261123)
    whole = chain_of(chain, world, 24)
    head = Head(whole[-1].seq, whole[-1].mac)
    assert inspected(chain, whole, head) == []

    missed = [number for number in range(10_000) if not inspected(chain, tampered(whole, chance, chain), head)]

    assert missed == []


def test_a_chain_of_another_key_proves_nothing(settings, world):
    whole = chain_of(
        AuditChain(settings.model_copy(update={"secret_key": type(settings.secret_key)("x" * 40)})), world, 3
    )

    findings = inspected(AuditChain(settings), whole, Head(3, whole[-1].mac))

    assert {finding.fault for finding in findings} == {Fault.EDITED}


async def test_what_was_written_is_sealed_once_in_its_order(world, machinery, org_id):
    await write(world, org_id, rows=3)
    sealer = sealer_of(machinery, org_id)

    assert [await sealer.seal(), await sealer.seal()] == [3, 0]
    await write(world, org_id, rows=2, at=world.now)
    assert await sealer.seal() == 2
    assert await sealer.verify() == (5, [])
    assert (await machinery.files.get(head_of(org_id))).startswith(b'{"seq": 5')


async def test_every_organisation_is_sealed(world, machinery, org_id):
    other = await world.organisation("Moorside Homes")
    for one in (org_id, other):
        await write(world, one)

    await seal_all(machinery)

    assert [await world.count(one, AuditHead) for one in (org_id, other)] == [1, 1]


async def test_a_row_slipped_in_with_an_early_time_is_found_even_when_it_was_sealed(world, machinery, org_id):
    await write(world, org_id, rows=2)
    sealer = sealer_of(machinery, org_id)
    await sealer.seal()

    await write(world, org_id, at=world.now - timedelta(hours=3))
    await sealer.seal()

    assert [finding.fault for finding in (await sealer.verify())[1]] == [Fault.INSERTED]


async def test_what_waited_for_days_behind_many_others_is_sealed_like_the_rest(world, machinery, org_id):
    await write(world, org_id, rows=12_000, at=world.now - timedelta(days=7))

    await sealer_of(machinery, org_id).seal()

    assert await sealer_of(machinery, org_id).verify() == (12_000, [])


async def test_a_row_that_nobody_sealed_in_time_is_told(world, machinery, org_id):
    await write(world, org_id, at=world.now - 2 * SEALED_WITHIN)

    assert [finding.fault for finding in (await sealer_of(machinery, org_id).verify())[1]] == [Fault.INSERTED]
