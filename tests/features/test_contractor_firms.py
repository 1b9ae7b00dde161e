"""A contractor firm is one account for many organisations, and none of them learns of another by it."""

import asyncio
import json
from uuid import UUID

import pytest
from sqlalchemy import select

from maintainuk.domain.audit import AuditLog
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.contractors import Contractor, ContractorFirm
from tests.desk import Desk, desk_of
from tests.features.test_invitations import PHRASE, accept, guest_of, invite, tokens
from tests.world import PASSWORD


@pytest.fixture
async def first(trial, world) -> Desk:
    return await desk_of(trial, world, BuiltInRole.ORG_ADMIN)


@pytest.fixture
async def second(trial, world) -> Desk:
    return await desk_of(trial, world, BuiltInRole.ORG_ADMIN)


async def contractor(desk: Desk, name: str = "Aire Heating") -> UUID:
    """A firm as an organisation has written it down."""
    firm = Contractor(org_id=desk.org_id, name=name)
    await desk.world.add(desk.org_id, firm)
    return firm.id


async def offered(desk: Desk, contractor_id: UUID, email: str, role: str = "ContractorAdmin") -> str:
    """Invite somebody of a firm, and return what the letter shows."""
    answer = await invite(desk, email, role, subjectId=str(contractor_id))
    assert answer.status_code == 201, answer.text
    return (await tokens(desk))[-1]


async def firm_of(desk: Desk, contractor_id: UUID) -> UUID | None:
    async with desk.world.owner.session(desk.org_id) as session:
        return await session.scalar(select(Contractor.firm_id).where(Contractor.id == contractor_id))


async def shown(desk: Desk, contractor_id: UUID):
    return (await desk.http.get(f"/api/v1/contractors/{contractor_id}", headers=desk.headers)).json()["data"]


async def test_whoever_administers_it_makes_its_account_and_the_page_says_since_when(first, visitor):
    known = await contractor(first)
    assert (await shown(first, known))["accountSince"] is None

    joined = await accept(visitor(), await offered(first, known, guest_of(first)))

    assert joined.status_code == 200, joined.text
    assert await firm_of(first, known) is not None
    assert (await shown(first, known))["accountSince"] is not None


async def test_the_same_person_at_another_organisation_is_the_same_firm_and_goes_from_one_to_the_other(
    first, second, visitor
):
    here, there = await contractor(first), await contractor(second, "Aire Heating Ltd")
    await accept(visitor(), await offered(first, here, guest_of(first)))
    browser = visitor()
    await browser.signs_in(guest_of(first), PHRASE, client="contractor")

    joined = await accept(browser, await offered(second, there, guest_of(first).upper()), password=None)

    assert joined.status_code == 200, joined.text
    assert await firm_of(first, here) == await firm_of(second, there) is not None
    entered = (await browser.refreshes("contractor")).json()["data"]
    assert [one["id"] for one in entered["organisations"]] == [str(first.org_id)]
    body = {"organisationId": str(first.org_id), "client": "contractor"}
    back = await browser.http.post("/auth/switch", json=body)
    assert back.json()["data"]["organisation"]["id"] == str(first.org_id)


async def test_no_organisation_reads_anywhere_which_firm_a_contractor_is(first, second, visitor):
    here, there = await contractor(first), await contractor(second)
    await accept(visitor(), await offered(first, here, guest_of(first)))
    await accept(visitor(), await offered(second, there, guest_of(first)), PHRASE)
    firm = str(await firm_of(second, there))

    for desk, known in ((first, here), (second, there)):
        for path in ("/api/v1/contractors", f"/api/v1/contractors/{known}", "/api/v1/audit", "/api/v1/users/accounts"):
            answer = await desk.http.get(path, headers=desk.headers)
            assert answer.status_code == 200, path
            assert firm not in answer.text
        async with desk.world.owner.session(desk.org_id) as session:
            rows = await session.scalars(select(AuditLog).where(AuditLog.org_id == desk.org_id))
            assert firm not in json.dumps([row.data for row in rows])
    other = (await shown(second, there))["accountSince"]
    assert other > (await shown(first, here))["accountSince"]


async def test_somebody_who_only_works_for_it_makes_no_account(first, visitor):
    known = await contractor(first)

    await accept(visitor(), await offered(first, known, guest_of(first), "Operative"))

    assert await firm_of(first, known) is None
    assert (await shown(first, known))["accountSince"] is None


async def test_an_operative_elsewhere_does_not_make_it_the_same_firm(first, second, visitor):
    here, there = await contractor(first), await contractor(second)
    await accept(visitor(), await offered(first, here, "boss." + guest_of(first)))
    await accept(visitor(), await offered(first, here, guest_of(first), "Operative"))

    await accept(visitor(), await offered(second, there, guest_of(first)), PHRASE)

    assert await firm_of(second, there) not in {None, await firm_of(first, here)}


async def test_a_second_administrator_joins_the_account_that_is_there(first, visitor):
    known = await contractor(first)
    await accept(visitor(), await offered(first, known, guest_of(first)))
    firm = await firm_of(first, known)

    joined = await accept(visitor(), await offered(first, known, "second." + guest_of(first)))

    assert joined.status_code == 200
    assert await firm_of(first, known) == firm


async def test_who_administers_another_firm_is_refused_and_the_invitation_stays_good(first, second, visitor):
    here, there = await contractor(first), await contractor(second)
    await accept(visitor(), await offered(first, here, guest_of(first)))
    await accept(visitor(), await offered(second, there, guest_of(second)))
    firm = await firm_of(second, there)
    token = await offered(second, there, guest_of(first))

    refused = await accept(visitor(), token, PHRASE)

    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "already-here")
    assert "another firm" in refused.json()["error"]["message"]
    assert "Aire" not in refused.text
    assert await firm_of(second, there) == firm
    assert (await accept(visitor(), token, PHRASE)).status_code == 409


async def test_between_two_firms_nothing_is_guessed(trial, world, first, second, visitor):
    """Somebody who administers two becomes a third one's administrator: it is a firm of its own."""
    third = await desk_of(trial, world, BuiltInRole.ORG_ADMIN)
    one, other, new = await contractor(first), await contractor(second), await contractor(third)
    await accept(visitor(), await offered(first, one, guest_of(first)))
    await accept(visitor(), await offered(second, other, guest_of(first)), PHRASE)
    async with world.owner.session(second.org_id) as session, session.begin():
        apart = ContractorFirm(created_at=world.now)
        session.add(apart)
        await session.flush()
        (await session.get_one(Contractor, (second.org_id, other))).firm_id = apart.id

    await accept(visitor(), await offered(third, new, guest_of(first)), PHRASE)

    known = {await firm_of(first, one), await firm_of(second, other)}
    assert len(known) == 2
    assert await firm_of(third, new) not in {None, *known}


async def test_one_firm_is_one_contractor_of_an_organisation(first, second, visitor):
    """The firm is written down twice: its colleague's account stays, and the second line is a firm of its own."""
    here, twice = await contractor(first), await contractor(first, "Aire Heating (boilers)")
    there = await contractor(second)
    boss, colleague = guest_of(first), "second." + guest_of(first)
    await accept(visitor(), await offered(second, there, boss))
    await accept(visitor(), await offered(second, there, colleague))
    await accept(visitor(), await offered(first, here, boss), PHRASE)

    joined = await accept(visitor(), await offered(first, twice, colleague), PHRASE)

    assert joined.status_code == 200, joined.text
    assert await firm_of(first, here) == await firm_of(second, there)
    assert await firm_of(first, twice) not in {None, await firm_of(first, here)}


@pytest.mark.parametrize("time", range(4))
async def test_of_two_places_taken_at_once_both_are_the_same_firm(first, second, world, visitor, time):
    somebody = await world.staff(first.org_id, BuiltInRole.AUDITOR, "Yusuf Demir")
    third = await desk_of(first.trial, world, BuiltInRole.ORG_ADMIN)
    here, there = await contractor(second), await contractor(third)
    shown_ = [await offered(second, here, somebody.email), await offered(third, there, somebody.email)]

    answers = await asyncio.gather(*(accept(visitor(), token, PASSWORD) for token in shown_))
    for token, answer in zip(shown_, answers, strict=True):
        assert answer.status_code in {200, 412}
        if answer.status_code == 412:
            assert (await accept(visitor(), token, PASSWORD)).status_code == 200

    assert await firm_of(second, here) == await firm_of(third, there) is not None
