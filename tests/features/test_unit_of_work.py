"""One change: its rows, its story, its audit and its promises commit together, or none of them."""

import gc

import pytest
from sqlalchemy import select

from maintainuk.domain.audit import AuditLog
from maintainuk.domain.live import LiveEvent
from maintainuk.domain.messaging import Message
from maintainuk.domain.outbox import OutboxMessage
from maintainuk.domain.permissions import WHOLE_ORGANISATION
from maintainuk.domain.taxonomy import Priority
from maintainuk.domain.tickets import MaintenanceTicket
from maintainuk.domain.timeline import TimelineEvent
from maintainuk.infrastructure.repositories.tickets import Tickets


async def test_a_reported_repair_promises_the_tenant_an_acknowledgement(world, database):
    org_id = await world.organisation()
    home = await world.home(org_id)

    async with world.work(org_id, database) as work:
        work.session.add(reported(world, org_id, home))

    assert await world.promised(org_id) == ["send-email"]
    assert await world.count(org_id, Message) == 1
    assert await kinds(world, org_id) == ["reported", "message_promised"]


async def test_a_repair_that_nobody_in_the_home_reported_promises_nothing(world, database):
    org_id = await world.organisation()
    home = await world.home(org_id)

    async with world.work(org_id, database) as work:
        work.session.add(reported(world, org_id, home, reporter_id=None))

    assert await world.promised(org_id) == []
    assert await kinds(world, org_id) == ["reported"]


async def test_a_failing_request_leaves_nothing_behind(world, database):
    org_id = await world.organisation()
    home = await world.home(org_id)

    with pytest.raises(RuntimeError):
        async with world.work(org_id, database) as work:
            work.session.add(reported(world, org_id, home))
            await work.session.flush()
            raise RuntimeError

    for entity in (MaintenanceTicket, TimelineEvent, OutboxMessage, AuditLog, LiveEvent, Message):
        assert await world.count(org_id, entity) == 0, entity.__name__


async def test_events_survive_an_early_flush(world, database):
    org_id = await world.organisation()
    ticket_id = await world.ticket(org_id)

    async with world.work(org_id, database) as work:
        (await Tickets(work.session, WHOLE_ORGANISATION).locked(ticket_id)).prioritise(Priority.P1, at=work.now)
        await work.session.flush()
        gc.collect()

    assert await kinds(world, org_id) == ["priority_changed"]


async def test_the_same_priority_again_is_no_event(world, database):
    org_id = await world.organisation()
    ticket_id = await world.ticket(org_id, priority=Priority.P2)

    async with world.work(org_id, database) as work:
        (await Tickets(work.session, WHOLE_ORGANISATION).locked(ticket_id)).prioritise(Priority.P2, at=work.now)

    assert await kinds(world, org_id) == []


async def test_the_audit_log_says_what_changed_and_holds_nobodys_words(world, database):
    org_id = await world.organisation()
    ticket_id = await world.ticket(org_id, priority=Priority.P3)

    async with world.work(org_id, database) as work:
        ticket = await Tickets(work.session, WHOLE_ORGANISATION).locked(ticket_id)
        ticket.prioritise(Priority.P1, at=work.now)
        ticket.comment("The key is under the third flowerpot.", at=work.now)

    async with world.work(org_id) as work:
        rows = list(await work.session.scalars(select(AuditLog).order_by(AuditLog.id)))
    assert [(row.action, row.subject_id) for row in rows] == [
        ("TicketPriorityChanged", ticket_id),
        ("TicketCommented", ticket_id),
    ]
    assert rows[0].data == {"ticket_id": str(ticket_id), "before": "P3", "after": "P1"}
    assert "flowerpot" not in str([row.data for row in rows])


def reported(world, org_id, home, **changes):
    ticket = MaintenanceTicket(
        org_id=org_id,
        number=10_001,
        property_id=home.property_id,
        title="Toilet will not flush",
        description="The handle just flops.",
        reported_at=world.now,
        aware_at=world.now,
        status_since=world.now,
        created_at=world.now,
        updated_at=world.now,
        **{"reporter_id": home.tenant_id} | changes,
    )
    ticket.reported()
    return ticket


async def kinds(world, org_id):
    async with world.work(org_id) as work:
        return list(await work.session.scalars(select(TimelineEvent.kind).order_by(TimelineEvent.seq)))
