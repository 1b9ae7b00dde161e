"""A tenant's phone: it shows a link, and reports and reads what the link is for."""

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import select, update

from maintainuk.application.links import LinkService
from maintainuk.domain.links import Link, LinkPurpose
from maintainuk.domain.tickets import MaintenanceTicket
from maintainuk.infrastructure.security.link_secrets import LinkSecrets, as_printed
from tests.desk import Desk

REPORTS = "/api/v1/reports"


@dataclass
class Phone:
    desk: Desk
    token: str | None
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def http(self) -> httpx.AsyncClient:
        return self.desk.http

    def with_token(self, token: str) -> "Phone":
        return replace(self, token=token)

    def without_token(self) -> "Phone":
        return replace(self, token=None)

    @property
    def headers(self) -> dict[str, str]:
        shown = {"Authorization": f"Link {self.token}"} if self.token else {}
        kept = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}
        return shown | kept

    async def get(self, path: str) -> httpx.Response:
        return await self.http.get(f"{REPORTS}{path}", headers=self.headers)

    async def post(self, path: str, body: dict[str, Any]) -> httpx.Response:
        return await self.http.post(f"{REPORTS}{path}", json=body, headers=self.headers)

    async def report(self, **said: Any) -> httpx.Response:
        return await self.post("", {"submissionKey": str(uuid4())} | said)

    async def sends(self, words: str) -> "Phone":
        """Report something and open the report's own page."""
        return self.with_token((await self.report(description=words)).json()["data"]["statusToken"])

    async def ticket(self, work: Any, ticket_id: str) -> MaintenanceTicket:
        found = await work.session.scalars(select(MaintenanceTicket).where(MaintenanceTicket.id == UUID(ticket_id)))
        return found.one()

    async def link(self, purpose: LinkPurpose, **changes: Any) -> None:
        """Change the organisation's links of one purpose."""
        async with self.desk.world.owner.installation() as session:
            await session.execute(
                update(Link).where(Link.org_id == self.desk.org_id, Link.purpose == purpose).values(**changes)
            )

    async def entry(self) -> str:
        """The secret of an entry link for the home's tenant, as its letter would carry it."""
        world = self.desk.world
        async with world.owner.installation() as session:
            links = LinkService(session, LinkSecrets(world.settings))
            return links.make(self.desk.org_id, LinkPurpose.ENTRY, self.desk.home.tenant_id, world.now).secret


async def phone_at(desk: Desk) -> Phone:
    """The phone of somebody in front of the poster of the desk's home."""
    world = desk.world
    async with world.owner.installation() as session:
        links = LinkService(session, LinkSecrets(world.settings))
        code = links.make(desk.org_id, LinkPurpose.HOME, desk.home.unit_id, world.now).secret
    return Phone(desk, as_printed(code))
