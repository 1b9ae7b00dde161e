"""Once an hour, what has served its time goes."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from maintainuk.bootstrap import WorkerServices
from maintainuk.domain.idempotency import IdempotentAnswer
from maintainuk.domain.links import Link, LinkPurpose
from maintainuk.domain.live import LiveEvent
from maintainuk.domain.second_factors import FactorKind, RecoveryCode, SecondFactor
from maintainuk.domain.sign_in import Identity, Membership, Session
from maintainuk.domain.sign_in_history import SignInEvent, SignInEventKind
from maintainuk.infrastructure.database.leftovers import PORTION, the_only_sweeper
from maintainuk.infrastructure.repositories.live import LiveEvents
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


async def test_what_happened_to_a_way_in_is_told_for_ninety_days(office):
    staff = await office.world.staff(office.org_id)
    happened = {"identity_id": staff.identity_id, "kind": SignInEventKind.SIGNED_IN, "browser": "", "network": ""}
    for days in (91, 89):
        await office.world.add(office.org_id, SignInEvent(at=office.now() - timedelta(days=days), **happened))

    assert await sweep(office.services) == {"sign_in_events": 1}


async def test_old_things_go_and_young_ones_stay(office):
    await leave_things_about(office, timedelta(days=31))
    await leave_things_about(office, timedelta(hours=23))

    assert await sweep(office.services) == {"live_events": 1, "idempotent_answers": 1, "sessions": 1}
    assert await sweep(office.services) == {}


async def test_a_way_in_goes_once_it_leads_nowhere(office):
    world, org_id, at = office.world, office.org_id, office.now()
    gone, stays, runs_it = [await world.staff(org_id) for _ in range(3)]
    await world.steward(runs_it)
    for one in (gone, stays):
        await world.session(one)
        theirs = {"identity_id": one.identity_id, "created_at": at}
        happened = SignInEvent(
            identity_id=one.identity_id, kind=SignInEventKind.SIGNED_IN, browser="", network="", at=at
        )
        codes = RecoveryCode(code_hash=one.id.bytes, **theirs), SecondFactor(kind=FactorKind.TOTP, **theirs)
        await world.add(org_id, happened, *codes)
    async with world.owner.installation() as session:
        await session.execute(delete(Membership).where(Membership.user_id.in_([gone.id, runs_it.id])))
        await session.commit()

    assert await sweep(office.services) == {"identities": 1}

    ids = [one.identity_id for one in (gone, stays, runs_it)]
    async with world.owner.installation() as session:
        kept = set(await session.scalars(select(Identity.id).where(Identity.id.in_(ids))))
        left = [
            set(await session.scalars(select(kind.identity_id).where(kind.identity_id.in_(ids))))
            for kind in (Session, SignInEvent, SecondFactor, RecoveryCode)
        ]
    assert kept == {stays.identity_id, runs_it.identity_id}
    assert left == [{stays.identity_id}] * 4


@pytest.mark.parametrize("ended", ["expires_at", "used_at", "revoked_at"])
async def test_links_go_a_month_after_their_end_and_posters_stay(office, ended):
    at = {"poster": 60, "old": 31, "young": 29}
    for name, purpose in {"poster": LinkPurpose.HOME, "old": LinkPurpose.STATUS, "young": LinkPurpose.STATUS}.items():
        link = Link(
            org_id=office.org_id,
            purpose=purpose,
            subject_id=office.org_id,
            secret_index=f"{name} {ended}".encode(),
            created_at=office.now() - timedelta(days=200),
        )
        setattr(link, ended, office.now() - timedelta(days=at[name]))
        await office.world.add(office.org_id, link)

    assert await sweep(office.services) == {"links": 1}

    kept = await office.watch.fetch("SELECT secret_index FROM app.link_tokens WHERE org_id = $1", office.org_id)
    assert {row["secret_index"] for row in kept} == {f"poster {ended}".encode(), f"young {ended}".encode()}


async def test_a_great_heap_goes_portion_by_portion(office):
    old = office.now() - timedelta(days=2)
    await office.watch.execute(
        "INSERT INTO app.live_events (org_id, id, ticket_id, kind, at)"
        " SELECT $1, gen_random_uuid(), gen_random_uuid(), 'commented', $2 FROM generate_series(1, $3)",
        office.org_id,
        old,
        PORTION + 1_000,
    )

    async with office.services.database.session(office.org_id) as session:
        assert await LiveEvents(session).prune(office.now() - timedelta(days=1)) == PORTION  # rolled back again

    assert await sweep(office.services) == {"live_events": PORTION + 1_000}


async def test_an_organisation_whose_rows_are_locked_does_not_keep_the_others_waiting(office):
    hasty = WorkerServices(office.settings.model_copy(update={"database_deadline": 3.0}), clock=office.now)
    others = [await office.world.organisation() for _ in range(2)]
    old = office.now() - timedelta(days=2)
    for org_id in (office.org_id, *others):
        await office.world.add(
            org_id, LiveEvent(org_id=org_id, ticket_id=org_id, kind="commented", actor_id=None, at=old)
        )

    async with office.world.owner.session(office.org_id) as busy:
        await busy.execute(select(LiveEvent).with_for_update())
        removed = await sweep(hasty)
    await hasty.close()

    assert removed == {"live_events": 2}


async def test_one_worker_sweeps_at_a_time(office):
    await leave_things_about(office, timedelta(days=31))

    async with the_only_sweeper(office.services.database) as first:
        assert first
        assert await sweep(office.services) == {}

    assert await sweep(office.services) != {}
