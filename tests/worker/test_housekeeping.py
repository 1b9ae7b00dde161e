"""Once an hour, what has served its time goes."""

from datetime import timedelta

from maintainuk.domain.idempotency import IdempotentAnswer
from maintainuk.domain.live import LiveEvent
from maintainuk.domain.sign_in import Session
from maintainuk.infrastructure.database.leftovers import the_only_sweeper
from maintainuk.worker.housekeeping import sweep


async def leave_things_about(office, age: timedelta) -> None:
    world, at = office.world, office.now() - age
    staff = await world.staff(office.org_id)
    await world.add(
        office.org_id,
        LiveEvent(org_id=office.org_id, ticket_id=staff.id, kind="commented", actor_id=None, at=at),
        IdempotentAnswer(org_id=office.org_id, actor_id=staff.id, key=str(age), request_hash=b"", created_at=at),
        Session(
            identity_id=staff.identity_id,
            org_id=office.org_id,
            user_id=staff.id,
            client="staff",
            token_hash=str(age).encode(),
            device_hash=b"",
            created_at=at,
            rotated_at=at,
            expires_at=at + timedelta(days=7),
            ended_at=at,
        ),
    )


async def test_old_things_go_and_young_ones_stay(office):
    await leave_things_about(office, timedelta(days=31))
    await leave_things_about(office, timedelta(hours=23))

    assert await sweep(office.services) == {"live_events": 1, "idempotent_answers": 1, "sessions": 1}
    assert await sweep(office.services) == {}


async def test_one_worker_sweeps_at_a_time(office):
    await leave_things_about(office, timedelta(days=31))

    async with the_only_sweeper(office.services.database) as first:
        assert first
        assert await sweep(office.services) == {}

    assert await sweep(office.services) != {}
