"""Two people who change the same thing at once: one is told, and nobody's change is overwritten unseen."""

import asyncio

from tests.desk import Desk

RACES = 50


async def test_of_two_who_change_a_ticket_at_once_exactly_one_is_told_to_look_again(desk: Desk):
    colleague = await desk.beside(name="Owen Baptiste")
    ticket_id = await desk.world.ticket(desk.org_id, desk.home)

    for version in range(1, RACES + 1):
        was = (await desk.get(f"/{ticket_id}")).json()["data"]["priority"]
        mine, theirs = [priority for priority in ("P1", "P2", "P3") if priority != was][:2]
        answers = await asyncio.gather(
            desk.prioritise(ticket_id, mine, version), colleague.prioritise(ticket_id, theirs, version)
        )

        won, lost = sorted(answers, key=lambda answer: answer.status_code)
        assert (won.status_code, lost.status_code) == (200, 412)
        assert lost.json()["error"]["current"] == (await desk.get(f"/{ticket_id}")).json()["data"]
        assert lost.json()["error"]["current"]["priority"] == won.json()["data"]["priority"]
        assert lost.json()["error"]["current"]["version"] == version + 1

    assert len(await desk.story(ticket_id, limit=200)) == RACES


async def test_many_at_once_leave_one_change_each_round(desk: Desk):
    desks = [desk, *[await desk.beside(name=f"Coordinator {number}") for number in range(4)]]
    ticket_id = await desk.world.ticket(desk.org_id, desk.home)

    answers = await asyncio.gather(*(one.assign(ticket_id, one.staff.id, version=1) for one in desks))

    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412, 412]
    assert len(await desk.story(ticket_id)) == 1


async def test_many_reports_at_once_get_a_number_each(desk: Desk):
    answers = await asyncio.gather(*(desk.report() for _ in range(12)))

    assert sorted(answer.json()["data"]["reference"] for answer in answers) == [f"T-{10_001 + n}" for n in range(12)]
