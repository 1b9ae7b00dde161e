"""A desk at which a test sits: somebody of an organisation, a home they look after, and the requests they make."""

from typing import Any
from uuid import UUID

import httpx

from maintainuk.domain.built_in_roles import BuiltInRole
from tests.trial import Trial
from tests.world import Home, Staff, World

TICKETS = "/api/v1/tickets"


class Desk:
    def __init__(self, trial: Trial, world: World, staff: Staff, home: Home, headers: dict[str, str]) -> None:
        self.trial, self.world, self.staff, self.home, self.headers = trial, world, staff, home, headers
        self.http, self.org_id = trial.http, staff.org_id

    async def report(self, **changes: Any) -> httpx.Response:
        body = {
            "title": "Boiler keeps losing pressure",
            "description": "It drops to zero every evening.",
            "propertyId": str(self.home.property_id),
            "unitId": str(self.home.unit_id),
            "reporterId": str(self.home.tenant_id),
        }
        return await self.http.post(TICKETS, json=body | changes, headers=self.headers)

    async def get(self, path: str = "", **params: Any) -> httpx.Response:
        return await self.http.get(f"{TICKETS}{path}", params=params, headers=self.headers)

    async def put(self, path: str, body: dict[str, Any], version: int) -> httpx.Response:
        seen = {"If-Match": f'"v{version}"'}
        return await self.http.put(f"{TICKETS}{path}", json=body, headers=self.headers | seen)

    async def post(self, path: str, body: dict[str, Any], version: int | None = None, **headers: str) -> httpx.Response:
        seen = {} if version is None else {"If-Match": f'"v{version}"'}
        return await self.http.post(f"{TICKETS}{path}", json=body, headers=self.headers | seen | headers)

    async def prioritise(self, ticket_id: UUID, priority: str, version: int) -> httpx.Response:
        return await self.put(f"/{ticket_id}/priority", {"priority": priority}, version)

    async def assign(self, ticket_id: UUID, owner_id: UUID | None, version: int) -> httpx.Response:
        return await self.put(f"/{ticket_id}/owner", {"ownerId": str(owner_id) if owner_id else None}, version)

    async def comment(self, ticket_id: UUID, body: str) -> httpx.Response:
        return await self.http.post(f"{TICKETS}/{ticket_id}/comments", json={"body": body}, headers=self.headers)

    async def story(self, ticket_id: UUID, **params: Any) -> list[dict[str, Any]]:
        """What the timeline shows, newest first."""
        return (await self.get(f"/{ticket_id}/timeline", **params)).json()["data"]["items"]

    async def titles(self, **params: Any) -> list[str]:
        """The titles of a list, in its order."""
        return [ticket["title"] for ticket in (await self.get(**params)).json()["data"]["items"]]

    async def beside(
        self, role: BuiltInRole = BuiltInRole.COORDINATOR, name: str = "Owen Baptiste", **side: UUID
    ) -> "Desk":
        """A colleague's desk, or that of somebody who speaks for a landlord, a contractor or a tenant (`side`)."""
        staff = await self.world.staff(self.org_id, role, name=name, **side)
        return Desk(self.trial, self.world, staff, self.home, await self.world.headers(staff))


async def desk_of(trial: Trial, world: World, role: BuiltInRole = BuiltInRole.COORDINATOR) -> Desk:
    """A desk in an organisation of its own."""
    org_id = await world.organisation()
    staff = await world.staff(org_id, role)
    return Desk(trial, world, staff, await world.home(org_id), await world.headers(staff))
