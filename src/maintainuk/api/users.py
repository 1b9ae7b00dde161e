"""People who work here over HTTP: who they are, what they may do, and where they are signed in."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import AfterValidator, Field, TypeAdapter

from maintainuk.api.envelope import ApiResponse, Input, View
from maintainuk.api.pagination import Cursor, Cursors, Limit
from maintainuk.api.routing import Router
from maintainuk.api.security import permitted
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.application.users import AccountService, UserService
from maintainuk.domain.permissions import Permission
from maintainuk.domain.roles import ActsFor, may_hand_out
from maintainuk.domain.sign_in import Client
from maintainuk.domain.users import UserStatus
from maintainuk.domain.values import line
from maintainuk.infrastructure.repositories.users import Account

router = Router(prefix="/api/v1/users", tags=["users"])

Managing = Annotated[UnitOfWork, permitted(Permission.USERS_MANAGE)]


class StaffMember(View):
    """A member of staff."""

    id: UUID
    name: str
    role: str


class UserList(View):
    """Members of staff, by name."""

    items: list[StaffMember]


class NamedThing(View):
    """Something by its name."""

    id: UUID
    name: str


class AccountView(View):
    """Somebody who signs in; `mayChange` says whether the reader's role lets them change anything about it."""

    id: UUID
    name: str
    email: str
    role: NamedThing
    client: Client
    acts_for: ActsFor | None
    teams: list[NamedThing]
    status: UserStatus
    last_signed_in_at: datetime | None
    may_change: bool


class AccountList(View):
    """Those who sign in."""

    items: list[AccountView]
    next_cursor: str | None = None


class SignedInBrowser(View):
    """A browser in which somebody is signed in."""

    id: UUID
    client: Client
    browser: str | None = Field(description="Which kind it is, such as Firefox on Linux.")
    since: datetime
    last_seen_at: datetime
    is_yours: bool


class SignedInBrowsers(View):
    """Where somebody is signed in, what was used last first."""

    items: list[SignedInBrowser]


class NewRoleOfUser(Input):
    """What somebody may do from now on."""

    role_id: UUID


CURSORS: Cursors[tuple[UUID]] = Cursors(tuple[UUID])
USERS = TypeAdapter(list[StaffMember])


@router.get("")
async def list_users(
    work: Annotated[UnitOfWork, permitted(Permission.TICKETS_READ, remembered=True)],
    *,
    assignable: Annotated[bool, Query(description="Only those who can be given a ticket now.")] = False,
) -> ApiResponse[UserList]:
    """List the members of staff."""
    items = USERS.validate_python(await UserService(work).colleagues(assignable=assignable))
    return ApiResponse(data=UserList(items=items))


@router.get("/accounts")
async def list_accounts(
    work: Managing,
    *,
    tenants: Annotated[bool, Query(description="Tenants, the newest first, instead of all others.")] = False,
    q: Annotated[str, Query(max_length=320, description="The address of one tenant."), AfterValidator(line)] = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ApiResponse[AccountList]:
    """List who signs in to your organisation; a contractor's administrator sees their own firm.

    All but tenants come in one list, by name; tenants in pages.
    """
    service, place = AccountService(work), CURSORS.read(cursor, "newest")
    if not tenants:
        return ApiResponse(data=AccountList(items=[_shown(account, work) for account in await service.all()]))
    found = await service.tenants(q, after=place[0] if place else None, limit=limit + 1)
    return ApiResponse(
        data=AccountList(
            items=[_shown(account, work) for account in found[:limit]],
            next_cursor=CURSORS.next("newest", [(account.user.id,) for account in found], limit),
        )
    )


@router.get("/{user_id}/account")
async def read_account(user_id: UUID, work: Managing) -> ApiResponse[AccountView]:
    """Read one account."""
    return ApiResponse(data=_shown(await AccountService(work).one(user_id), work))


@router.put("/{user_id}/role")
async def change_role_of_user(user_id: UUID, new: NewRoleOfUser, work: Managing) -> ApiResponse[AccountView]:
    """Give somebody another role, at once. Nobody gives a role beyond their own, unless they manage roles."""
    service = AccountService(work)
    await service.change_role(user_id, new.role_id)
    return ApiResponse(data=_shown(await service.one(user_id), work))


@router.put("/{user_id}/disablement")
async def disable_user(user_id: UUID, work: Managing) -> ApiResponse[AccountView]:
    """Shut somebody out at once: every browser they are signed in with is signed out."""
    service = AccountService(work)
    await service.disable(user_id)
    return ApiResponse(data=_shown(await service.one(user_id), work))


@router.delete("/{user_id}/disablement")
async def enable_user(user_id: UUID, work: Managing) -> ApiResponse[AccountView]:
    """Let somebody in again."""
    service = AccountService(work)
    await service.enable(user_id)
    return ApiResponse(data=_shown(await service.one(user_id), work))


@router.get("/{user_id}/sessions")
async def list_sessions_of_user(user_id: UUID, work: Managing) -> ApiResponse[SignedInBrowsers]:
    """List where somebody is signed in."""
    living = await AccountService(work).sessions(user_id)
    items = [
        SignedInBrowser(
            id=one.id,
            client=one.client,
            browser=one.browser,
            since=one.created_at,
            last_seen_at=one.rotated_at,
            is_yours=one.id == work.actor.session_id,
        )
        for one in living
    ]
    return ApiResponse(data=SignedInBrowsers(items=items))


@router.delete("/{user_id}/sessions")
async def end_sessions_of_user(user_id: UUID, work: Managing) -> ApiResponse[None]:
    """Sign somebody out everywhere, at once."""
    await AccountService(work).end_sessions(user_id)
    return ApiResponse(data=None)


@router.delete("/{user_id}/sessions/{session_id}")
async def end_session_of_user(user_id: UUID, session_id: UUID, work: Managing) -> ApiResponse[None]:
    """Sign somebody out of one browser, at once."""
    await AccountService(work).end_sessions(user_id, session_id)
    return ApiResponse(data=None)


def _shown(account: Account, work: UnitOfWork) -> AccountView:
    user, role = account.user, account.role
    return AccountView(
        id=user.id,
        name=user.name,
        email=user.email,
        role=NamedThing(id=role.id, name=role.name),
        client=role.client,
        acts_for=user.acts_for,
        teams=[NamedThing(id=team.id, name=team.name) for team in account.teams],
        status=user.status,
        last_signed_in_at=user.last_signed_in_at,
        may_change=may_hand_out(work.actor, role),
    )
