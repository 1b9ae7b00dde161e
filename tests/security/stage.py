"""Where the matrix is played: one API and few organisations for a whole run, and a database that keeps nothing.

Each request runs to its end and every rule of the database is asked; then its transaction is rolled back instead of
committed. So thousands of writes find the same things in the same state, and nobody builds them anew.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.api.app import create_app
from maintainuk.application.links import LinkService
from maintainuk.domain.ai import AiJobStatus
from maintainuk.domain.api_keys import ApiKey
from maintainuk.domain.audit import AuditLog, AuditValue
from maintainuk.domain.import_files import file_of
from maintainuk.domain.imports import ImportRun, Plan
from maintainuk.domain.invitations import GOOD_FOR, Invitation
from maintainuk.domain.links import LinkPurpose
from maintainuk.domain.organisations import OrganisationSettings
from maintainuk.domain.roles import Role
from maintainuk.domain.sign_in_policy import SignInPolicy
from maintainuk.domain.teams import Team
from maintainuk.infrastructure.security.link_secrets import LinkSecrets
from maintainuk.settings import Settings
from tests.contracts.test_routes import OFFLINE
from tests.security import exports_matrix as exports
from tests.security import imports_matrix as imports
from tests.security import portfolio_matrix as portfolio
from tests.security import support_matrix as support
from tests.security.matrix import ASKED, BODIES, EACH_NEEDS, OF_ONESELF, STANDS_AT
from tests.world import Home, World

NO_LIMITS = {"requests_per_minute": 1_000_000, "organisation_requests_per_minute": 1_000_000}


@dataclass(frozen=True)
class Operation:
    name: str
    method: str
    path: str

    def __str__(self) -> str:
        return self.name


def operations_that(prove: Callable[[list[Any]], bool]) -> list[Operation]:
    """The operations whose ways to prove who calls are such."""
    document = create_app(OFFLINE).openapi()
    return [
        Operation(operation["operationId"], method.upper(), path)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if path.startswith("/api/v1") and prove(operation.get("security", []))
    ]


OPERATIONS = operations_that(lambda ways: {"signedIn": []} in ways)
"""Every operation that asks who calls it; tests/contracts/test_routes.py asks the others why they don't."""
BY_LINK = operations_that(lambda ways: ways == [{"link": []}])
"""Every operation that a link opens, and no account."""
OF_PLATFORM = operations_that(lambda ways: ways == [{"platform": []}])
"""Every operation of those who run the installation; tests/features/test_platform.py says what they do."""
ON_ONE_THING = [operation for operation in OPERATIONS if "_id}" in operation.path and operation.name not in OF_ONESELF]


def filled(body: Any, ids: dict[str, str]) -> Any:
    """The same body, with the ids that it names by a placeholder."""
    match body:
        case dict():
            return {key: filled(value, ids) for key, value in body.items()}
        case list():
            return [filled(value, ids) for value in body]
        case str():
            return ids.get(body.strip("{}"), body)
    return body


async def things(world: World, org_id: UUID, ticket_id: UUID, home: Home) -> dict[str, str]:
    """Ids by which a request can name what there is."""
    ai_job_id = await world.ai_job(org_id, ticket_id, status=AiJobStatus.SUCCEEDED)
    run = ImportRun(org_id=org_id, file_name="repairs.csv", created_at=world.now)
    run.checked(Plan({}), rows=1, bad=0, problems=[])
    entry = AuditLog(org_id=org_id, at=world.now, actor_id=None, action="OrganisationSettingsChanged")
    key = ApiKey(
        org_id=org_id,
        name="Rota",
        stored_grants={},
        shown="mu_first",
        secret_hash=b"hash",
        created_by=uuid4(),
        created_at=world.now,
        expires_at=world.now,
    )
    colleague = await world.staff(org_id, name="Owen Baptiste")
    session_id = await world.session(colleague)
    role, team = Role(org_id=org_id, name="Late desk", stored_grants={}), Team(org_id=org_id, name="East")
    promised = Role(org_id=org_id, name="Early desk", stored_grants={})
    settings = OrganisationSettings(org_id=org_id, updated_at=world.now)
    policy = SignInPolicy(org_id=org_id, updated_at=world.now)
    await world.add(org_id, settings, policy, run, entry, key, role, promised, team)
    invitation = Invitation(
        org_id=org_id,
        email="callum.fraser@example.com",
        email_index=uuid4().bytes,
        role_id=promised.id,
        created_at=world.now,
        sent_at=world.now,
        expires_at=world.now + GOOD_FOR,
    )
    told = AuditValue(
        org_id=org_id, entry_id=entry.id, about_id=settings.id, name="emergency_phone", after="01632 960001"
    )
    await world.add(org_id, invitation, told)
    return {
        "organisation_id": str(org_id),
        "ticket_id": str(ticket_id),
        "property_id": str(home.property_id),
        "home_id": str(home.unit_id),
        "ai_job_id": str(ai_job_id),
        "import_id": str(run.id),
        "entry_id": str(entry.id),
        "key_id": str(key.id),
        "factor_id": str(uuid4()),
        "user_id": str(colleague.id),
        "session_id": str(session_id),
        "role_id": str(role.id),
        "team_id": str(team.id),
        "invitation_id": str(invitation.id),
        **await portfolio.things(world, org_id, home),
        **await portfolio.things_of_all(world, org_id),
        **await support.things(world, org_id),
    }


class Nothing(dict[str, str]):
    """Ids that name nothing, whatever they are asked for."""

    def __missing__(self, name: str) -> str:
        return self.setdefault(name, str(uuid4()))

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if name.endswith("_id") else default


@dataclass
class Stage:
    """One organisation with a home, a ticket and one of each thing that an operation can name."""

    world: World
    http: httpx.AsyncClient
    org_id: UUID
    home: Home
    ids: dict[str, str]
    tickets: dict[str, str]
    others: dict[str, str] = field(default_factory=dict)
    """Ids of what is somebody else's in the same organisation."""
    _headers: dict[str, dict[str, str]] = field(default_factory=dict)

    async def as_(self, role: str, **changes: Any) -> dict[str, str]:
        """The headers of somebody with that role; the same person each time."""
        if role not in self._headers:
            somebody = await self.world.staff(self.org_id, role, name=f"Somebody as {role}", **changes)
            self._headers[role] = await self.world.headers(somebody)
        return self._headers[role]

    async def by_link(self, purpose: LinkPurpose) -> dict[str, str]:
        """The headers of whoever follows a link that was made for this."""
        if purpose not in self._headers:
            subject = {LinkPurpose.HOME: self.home.unit_id, LinkPurpose.STATUS: UUID(self.ids["ticket_id"])}
            async with self.world.owner.installation() as session:
                links = LinkService(session, LinkSecrets(self.world.settings))
                link = links.make(self.org_id, purpose, subject.get(purpose, self.home.tenant_id), self.world.now)
            self._headers[purpose] = {"Authorization": f"Link {link.secret}"}
        return self._headers[purpose]

    def names(self, operation: Operation) -> dict[str, str]:
        """The ids of the stage, with a ticket that stands where the operation is possible."""
        instead = {name: self.ids[other] for name, other in imports.INSTEAD.get(operation.name, {}).items()}
        return self.ids | {"ticket_id": self.tickets[STANDS_AT.get(operation.name, "new")]} | instead


async def staged(world: World, services: Any, http: httpx.AsyncClient, *, team: str | None = None) -> Stage:
    """Build one: its home is nobody's in particular, or a team's in which nobody is."""
    org_id = await world.organisation()
    home = await world.home(org_id)
    if team is not None:
        await world.looked_after(org_id, home, team=team)
    ticket_id = await world.ticket(org_id, home)
    tickets = {"new": str(ticket_id)} | {
        status: str(await world.ticket(org_id, home, status=status)) for status in set(STANDS_AT.values())
    }
    ids = await things(world, org_id, ticket_id, home) | await imports.things(world, services, org_id)
    ids |= await exports.things(world, org_id)
    await services.files.put(file_of(org_id, ids["import_id"]), BODIES["uploadImport"])
    return Stage(world, http, org_id, home, ids, tickets)


async def _only_pretend(self: AsyncSession) -> None:
    """Ask every rule of the database, as a commit would, and keep nothing."""
    await self.flush()
    await self.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    self.expunge_all()  # what was read or written is told as it is, as after a commit
    await self.rollback()


@asynccontextmanager
async def playing(settings: Settings) -> AsyncIterator[tuple[Any, httpx.AsyncClient]]:
    """The API over a database that keeps nothing of what units of work do."""
    app = create_app(settings.model_copy(update=NO_LIMITS))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AsyncSession, "commit", _only_pretend)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as http,
        ):
            yield app.state.services, http


async def call(
    http: httpx.AsyncClient, operation: Operation, headers: dict[str, str], ids: dict[str, str]
) -> tuple[int, Any]:
    """Send a good request; answer its status and what it said, without the trace."""
    body = BODIES.get(operation.name)
    if operation.method != "GET":
        assert body is not None, f"say in BODIES what a good {operation.name} looks like"
        body = filled(body, ids)
    path = operation.path.format_map(ids) if "{" in operation.path else operation.path
    sent = {"content": body} if isinstance(body, bytes) else {"json": body}
    asked = filled(ASKED.get(operation.name, {}), ids)
    answer = await http.request(operation.method, path, headers=headers | EACH_NEEDS, params=asked, **sent)
    if answer.headers["content-type"].startswith("text/csv"):
        return answer.status_code, {"data": answer.text, "error": None}
    said = answer.json()
    said.pop("traceId")
    return answer.status_code, said
