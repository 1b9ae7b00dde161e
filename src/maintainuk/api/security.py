"""Safety by construction: no permission, no unit of work; no organisation, no rows."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.api import cache, idempotency
from maintainuk.api.description import operation_id
from maintainuk.application.unit_of_work import UnitOfWork, unit_of_work
from maintainuk.bootstrap import Services
from maintainuk.domain.api_keys import grants_of
from maintainuk.domain.audit import Origin
from maintainuk.domain.errors import NotFound, NotPermitted, NotSignedIn, OrganisationSuspended, SessionEnded
from maintainuk.domain.permissions import Actor, Grants, Permission
from maintainuk.domain.support import SUPPORT_GRANTS, SUPPORT_ROLE
from maintainuk.infrastructure.database.sealing import opened_text
from maintainuk.infrastructure.repositories.organisations import Standing
from maintainuk.infrastructure.repositories.roles import Roles
from maintainuk.infrastructure.security.api_keys import ShownKey
from maintainuk.infrastructure.security.tokens import Claims
from maintainuk.infrastructure.telemetry import trail

SUPPORT_HEADER = "x-support-access"
"""By which somebody of the platform says which door they come through: ORGANISATION.ACCESS, both ids."""

Opening = Callable[[], AbstractAsyncContextManager[UnitOfWork]]
Route = TypeVar("Route", bound=Callable[..., Any])

REMEMBERED_ROLES = 4_096


class RoleMemory:
    """Grants by role and version. A role that is regranted gets a new version, so an entry is never out of date."""

    def __init__(self) -> None:
        self._grants: dict[tuple[UUID, int], Grants] = {}

    async def grants(self, session: AsyncSession, role_id: UUID, version: int) -> Grants:
        """Return what this version of the role may do, asking the database the first time only."""
        if (known := self._grants.get((role_id, version))) is not None:
            return known
        if len(self._grants) >= REMEMBERED_ROLES:
            self._grants.clear()
        grants = self._grants[role_id, version] = await Roles(session).grants(role_id)
        return grants


ROLES = RoleMemory()


@dataclass(frozen=True, slots=True)
class ShownAccess:
    """The access that somebody of the platform comes with, and the session that they are signed in by."""

    org_id: UUID
    access_id: UUID
    session_id: UUID


Shown = Claims | ShownKey | ShownAccess


def permitted(permission: Permission, *, remembered: bool = False, by_keys: bool = False) -> Any:  # noqa: ANN401  (FastAPI's marker has no type)
    """Hand out a unit of work, but only together with a permission. It commits before the answer leaves.

    A `remembered` answer may be told again until something changes in the organisation (`cache.py`). `by_keys`: a
    program with an API key may do this, too.
    """
    return _guarded(permission, remembered=remembered, by_keys=by_keys)


def signed_in(reason: str) -> Any:  # noqa: ANN401
    """Hand out a unit of work to anybody who is signed in; `reason` says why no permission is asked."""
    return _guarded(None, reason)


def allowed(permission: Permission) -> Any:  # noqa: ANN401
    """Hand out the actor alone, for answers that stay open for long: no transaction may stay open with them."""

    async def guard(request: Request) -> Actor:
        session, actor = await enter(request.app.state.services, claims_of(request), permission)
        await session.close()
        return actor

    return Depends(_stating(guard, permission), scope="function")


def permitted_anew(permission: Permission) -> Any:  # noqa: ANN401
    """Hand out a way to open units of work, each proving the permission anew.

    For what takes long, such as an upload: one before it and one after, and no transaction is open in between.
    """

    async def guard(request: Request) -> Opening:
        services: Services = request.app.state.services
        claims = claims_of(request)

        @asynccontextmanager
        async def opening() -> AsyncIterator[UnitOfWork]:
            session, actor = await enter(services, claims, permission)
            async with unit_of_work(
                session,
                actor,
                services.clock(),
                trace_parent=trace_parent(),
                origin=origin_of(request),
                hints=services.hints,
            ) as work:
                yield work

        return opening

    return Depends(_stating(guard, permission), scope="function")


def trace_parent() -> str | None:
    """Return the trace that the request belongs to."""
    step = trail.current()
    return step.parent if step else None


def origin_of(request: Request) -> Origin:
    """Return from where the request comes, as the audit log keeps it."""
    return Origin.of(request.client.host if request.client else "", request.headers.get("user-agent", ""))


def public(reason: str) -> Callable[[Route], Route]:
    """Mark a route that asks nobody who they are, with the reason why that is safe."""

    def mark(route: Route) -> Route:
        route.public = reason  # type: ignore[attr-defined]
        return route

    return mark


def _guarded(
    permission: Permission | None, reason: str | None = None, *, remembered: bool = False, by_keys: bool = False
) -> Any:  # noqa: ANN401
    async def guard(request: Request) -> AsyncIterator[UnitOfWork]:
        services: Services = request.app.state.services
        shown = _shown(request, by_keys=by_keys)
        session, actor = await enter(services, shown, permission)
        async with unit_of_work(
            session,
            actor,
            services.clock(),
            trace_parent=trace_parent(),
            origin=origin_of(request),
            hints=services.hints,
        ) as work:
            if actor.support_id is not None:
                _note_reading(request, work)
            await idempotency.claim(request, work)
            if remembered and actor.key_id is None and actor.support_id is None:
                await cache.recall(request, actor, services.answers)
            yield work

    guard.by_keys = by_keys  # type: ignore[attr-defined]
    return Depends(_stating(guard, permission, reason), scope="function")


def _stating(guard: Route, permission: Permission | None, reason: str | None = None) -> Route:
    guard.permission = permission  # type: ignore[attr-defined]
    guard.reason = reason  # type: ignore[attr-defined]
    return guard


def _shown(request: Request, *, by_keys: bool) -> Shown:
    """Return who asks: a person, a program where those may, or somebody of the platform who only reads."""
    if by_keys and "key" in request.scope:
        return _key_of(request)
    if (door := request.headers.get(SUPPORT_HEADER)) is None:
        return claims_of(request)
    if request.method != "GET":
        raise NotPermitted("not-for-support")
    org_id, _, access_id = door.partition(".")
    try:
        return ShownAccess(UUID(org_id), UUID(access_id), _claims(request).session_id)
    except ValueError:
        raise NotFound("no-such-support") from None


def _note_reading(request: Request, work: UnitOfWork) -> None:
    """Write into the organisation's own log what support reads: which operation, and about what."""
    about = next(iter(request.path_params.values()), None)
    data = {"access": str(work.actor.support_id), "operation": operation_id(request.scope["route"])}
    work.audit("SupportRead", subject_id=about if isinstance(about, UUID) else _id_in(about), data=data)


def _id_in(text: object) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None


def _key_of(request: Request) -> ShownKey:
    key: ShownKey = request.scope["key"]
    return key


def claims_of(request: Request) -> Claims:
    """Return what the shown token says. Raises `NotSignedIn`, and `NotPermitted` for keys and for support."""
    if SUPPORT_HEADER in request.headers:
        raise NotPermitted("not-for-support")
    return _claims(request)


def _claims(request: Request) -> Claims:
    if "key" in request.scope:
        raise NotPermitted("not-for-keys")
    claims: Claims | None = request.scope.get("claims")
    if claims is None:
        raise NotSignedIn
    return claims


async def enter(services: Services, shown: Shown, permission: Permission | None) -> tuple[AsyncSession, Actor]:
    """Open the organisation's session for whoever is behind the claims or key, as the database knows them now.

    The token says only who asks. Whether they may is decided by the role they hold now, or by the key's own grants.
    """
    match shown:
        case ShownKey():
            session = services.database.session_by_key(shown.org_id, shown.key_id, shown.secret_hash)
        case ShownAccess():
            session = services.database.session_by_support(shown.org_id, shown.access_id, shown.session_id)
        case _:
            session = services.database.session(shown.org_id, shown.session_id)
    try:
        async with asyncio.timeout(services.settings.database_deadline):  # to get a connection and to be let in
            await session.connection()
        match shown:
            case ShownKey():
                actor = await _program(session, shown)
            case ShownAccess():
                actor = _supporter(session, shown)
            case _:
                actor = await _actor(session, shown)
        _require(actor, permission)
    except BaseException:
        await session.close()
        raise
    return session, actor


def _require(actor: Actor, permission: Permission | None) -> None:
    """Refuse whoever does not hold the permission; what asks for none is for the organisation's own people."""
    if permission is not None:
        actor.require(permission)
    elif actor.support_id is not None:
        raise NotPermitted("not-for-support")


async def _program(session: AsyncSession, key: ShownKey) -> Actor:
    if (opened := session.info["opened"]) is None:
        if await Standing(session).suspends_key(key.key_id, key.secret_hash):
            raise OrganisationSuspended
        raise NotSignedIn("key-unknown")
    grants = grants_of(json.loads(opened.grants) if isinstance(opened.grants, str) else opened.grants)
    return Actor(org_id=key.org_id, user_id=None, name=opened.key_name, role="ApiKey", grants=grants, key_id=key.key_id)


def _supporter(session: AsyncSession, shown: ShownAccess) -> Actor:
    if (opened := session.info["opened"]) is None:
        raise NotFound("no-such-support")
    return Actor(
        org_id=shown.org_id,
        user_id=opened.identity_id,
        name=SUPPORT_ROLE,
        role=SUPPORT_ROLE,
        grants=SUPPORT_GRANTS,
        session_id=shown.session_id,
        support_id=opened.access_id,
    )


async def _actor(session: AsyncSession, claims: Claims) -> Actor:
    if (opened := session.info["opened"]) is None:
        if await Standing(session).suspends_session(claims.session_id):
            raise OrganisationSuspended
        raise SessionEnded
    return Actor(
        org_id=claims.org_id,
        user_id=opened.user_id,
        name=opened_text(session, "users.name", opened.user_id, opened.user_name),
        role=opened.role_name,
        role_version=opened.role_version,
        grants=await ROLES.grants(session, opened.role_id, opened.role_version),
        session_id=claims.session_id,
        team_ids=tuple(opened.team_ids),
        landlord_id=opened.landlord_id,
        contractor_id=opened.contractor_id,
        person_id=opened.person_id,
    )
