"""What people do with one ticket."""

import pytest

from maintainuk.domain.permissions import BuiltInRole
from tests.trial import Trial
from tests.world import Home, Staff, World

TICKETS = "/api/v1/tickets"


class Desk:
    """A coordinator at work: their organisation, a home in it, and the headers they send."""

    def __init__(self, trial: Trial, world: World, nia: Staff, home: Home, headers: dict[str, str]) -> None:
        self.http, self.world, self.nia, self.home, self.headers = trial.http, world, nia, home, headers
        self.org_id = nia.org_id

    async def report(self, **changes):
        body = {
            "title": "Boiler keeps losing pressure",
            "description": "It drops to zero every evening.",
            "propertyId": str(self.home.property_id),
            "unitId": str(self.home.unit_id),
            "reporterId": str(self.home.tenant_id),
        } | changes
        return await self.http.post(TICKETS, json=body, headers=self.headers)

    async def get(self, path: str, **params):
        return await self.http.get(f"{TICKETS}{path}", params=params, headers=self.headers)

    async def put(self, path: str, body: dict, version: int):
        return await self.http.put(f"{TICKETS}{path}", json=body, headers=self.headers | {"If-Match": f'"v{version}"'})

    async def comment(self, ticket_id, body: str):
        return await self.http.post(f"{TICKETS}/{ticket_id}/comments", json={"body": body}, headers=self.headers)

    async def timeline(self, ticket_id, **params) -> list[dict]:
        return (await self.get(f"/{ticket_id}/timeline", **params)).json()["data"]["items"]


@pytest.fixture
async def desk(trial: Trial, world: World) -> Desk:
    return await desk_of(trial, world)


async def desk_of(trial: Trial, world: World, role: BuiltInRole = BuiltInRole.COORDINATOR) -> Desk:
    org_id = await world.organisation()
    nia = await world.staff(org_id, role, name="Nia Prosser")
    return Desk(trial, world, nia, await world.home(org_id), await world.headers(nia))


async def test_a_reported_repair_gets_the_next_number_and_is_there_to_read(desk: Desk):
    first, second = await desk.report(), await desk.report(title="Kitchen tap drips")

    assert first.status_code == 201
    assert [first.json()["data"]["reference"], second.json()["data"]["reference"]] == ["T-10001", "T-10002"]
    assert first.headers["ETag"] == '"v1"'
    read = await desk.http.get(first.headers["Location"], headers=desk.headers)
    assert read.json()["data"] == first.json()["data"]
    assert read.json()["data"] | {"title": "", "description": ""} == read.json()["data"] | {
        "title": "",
        "description": "",
        "status": "new",
        "priority": "P3",
        "category": "other",
        "channel": "staff",
        "nation": "ENG",
        "property": {"id": str(desk.home.property_id), "address": "14 Ash Grove, Leeds", "postcode": "LS6 1AA"},
        "reporter": {
            "id": str(desk.home.tenant_id),
            "name": "Aisha Khan",
            "email": "aisha.khan@example.com",
            "phone": "07700 900123",
        },
        "tenancyId": str(desk.home.tenancy_id),
        "owner": None,
        "version": 1,
        "allowedActions": ["comment", "prioritise", "assign"],
    }
