"""What may be a hazard: rejecting it, or taking it for less, is for few and never without words."""

from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.taxonomy import HazardClass
from maintainuk.domain.ticket_lifecycle import TicketStatus
from tests.desk import Desk
from tests.features.test_triage import DAMP

HARMLESS = DAMP | {"hazardClass": "none"}
NO_REPAIR = {"reason": "not_a_repair", "text": "The window was open."}


async def damp_in_triage(desk: Desk):
    hazard = HazardClass.POTENTIAL_SIGNIFICANT
    return await desk.world.ticket(desk.org_id, desk.home, status=TicketStatus.TRIAGE, hazard_class=hazard)


async def test_a_coordinator_neither_rejects_nor_lowers_what_may_be_a_hazard(desk: Desk):
    ticket_id = await damp_in_triage(desk)

    rejected = await desk.post(f"/{ticket_id}/rejection", NO_REPAIR, version=1)
    lowered = await desk.put(f"/{ticket_id}/classification", HARMLESS | {"loweredBecause": "Looks dry."}, version=1)

    for answer in (rejected, lowered):
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not-permitted")
    ticket = (await desk.get(f"/{ticket_id}")).json()["data"]
    assert ("reject" in ticket["allowedActions"], ticket["mayLowerHazard"]) == (False, False)
    assert (ticket["hazardClass"], ticket["version"]) == ("potential_significant", 1)


async def test_a_manager_lowers_it_with_words_that_stay_in_its_story(desk: Desk):
    ticket_id, manager = await damp_in_triage(desk), await desk.beside(BuiltInRole.MANAGER)

    wordless = await manager.put(f"/{ticket_id}/classification", HARMLESS, version=1)
    lowered = await manager.put(
        f"/{ticket_id}/classification", HARMLESS | {"loweredBecause": "The surveyor found none."}, version=1
    )

    assert "loweredBecause" in wordless.json()["error"]["fields"]
    assert lowered.json()["data"]["hazardClass"] == "none"
    line = next(line for line in await desk.story(ticket_id) if line["kind"] == "hazard_lowered")
    assert (line["body"], line["data"]) == (
        "The surveyor found none.",
        {"from": "potential_significant", "to": "none"},
    )


async def test_a_manager_may_reject_it(desk: Desk):
    ticket_id, manager = await damp_in_triage(desk), await desk.beside(BuiltInRole.MANAGER)

    assert (await manager.post(f"/{ticket_id}/rejection", NO_REPAIR, version=1)).json()["data"]["status"] == "rejected"


async def test_among_others_of_a_selection_nothing_is_lowered(desk: Desk):
    ticket_id, manager = await damp_in_triage(desk), await desk.beside(BuiltInRole.MANAGER)

    answer = await manager.post("/classification", HARMLESS | {"tickets": [{"id": str(ticket_id), "version": 1}]})

    assert answer.json()["data"]["items"][0]["refusal"]["code"] == "must-be-opened"
