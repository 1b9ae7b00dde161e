"""Roles over HTTP: what each may do, and how far."""

from typing import Annotated
from uuid import UUID

from fastapi import Response

from maintainuk.api.envelope import ApiResponse, Input, View, typed
from maintainuk.api.preconditions import IfMatch, name_version
from maintainuk.api.routing import Router
from maintainuk.api.security import permitted
from maintainuk.application.roles import RoleInUse, RoleService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.errors import ChangedMeanwhile, Reason
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.domain.roles import ActsFor
from maintainuk.domain.sign_in import Client
from maintainuk.domain.values import line

router = Router(prefix="/api/v1/roles", tags=["roles"])

LONGEST_NAME = 60

Reading = Annotated[UnitOfWork, permitted(Permission.USERS_MANAGE)]
Managing = Annotated[UnitOfWork, permitted(Permission.ROLES_MANAGE)]
Name = Annotated[
    str,
    typed(line, LONGEST_NAME, empty=Reason("name-empty"), long=Reason("name-too-long", longest=LONGEST_NAME)),
]


class Grant(View):
    """A permission, and how far it reaches."""

    permission: Permission
    scope: Scope


class RoleView(View):
    """A role; `holders` counts the people who hold it, `isAssignable` whether the reader may give it to others."""

    id: UUID
    name: str
    client: Client
    acts_for: ActsFor | None
    scopes: list[Scope]
    grants: list[Grant]
    is_built_in: bool
    is_assignable: bool
    holders: int
    version: int


class RoleList(View):
    """Roles: those that every organisation has, then its own."""

    items: list[RoleView]


class GrantInput(Input):
    """A permission, and how far it shall reach."""

    permission: Permission
    scope: Scope


class ChangedRole(Input):
    """What a role is called and may do from now on: what is not named here, it may not."""

    name: Name
    grants: list[GrantInput]


class NewRole(ChangedRole):
    """A role for the same people as the role `like`: staff, contractors or tenants."""

    like: UUID


@router.get("")
async def list_roles(work: Reading) -> ApiResponse[RoleList]:
    """List your organisation's roles with what each may do."""
    return ApiResponse(data=RoleList(items=[_view(one) for one in await RoleService(work).all()]))


@router.get("/{role_id}")
async def read_role(role_id: UUID, response: Response, work: Reading) -> ApiResponse[RoleView]:
    """Read one role."""
    return await _shown(RoleService(work), role_id, response)


@router.post("", status_code=201)
async def create_role(new: NewRole, response: Response, work: Managing) -> ApiResponse[RoleView]:
    """Make a role of your own, usually as a copy of another."""
    service = RoleService(work)
    role_id = await service.create(new.name, _grants(new), like=new.like)
    response.headers["Location"] = f"{router.prefix}/{role_id}"
    return await _shown(service, role_id, response)


@router.put("/{role_id}")
async def change_role(
    role_id: UUID, new: ChangedRole, version: IfMatch, response: Response, work: Managing
) -> ApiResponse[RoleView]:
    """Change what a role of your own may do, at once for everybody who holds it."""
    service = RoleService(work)
    try:
        await service.change(role_id, new.name, _grants(new), version=version)
    except ChangedMeanwhile as too_late:
        too_late.current = _view(await service.one(role_id))
        raise
    return await _shown(service, role_id, response)


@router.delete("/{role_id}")
async def delete_role(role_id: UUID, version: IfMatch, work: Managing) -> ApiResponse[None]:
    """Remove a role of your own that nobody holds."""
    await RoleService(work).delete(role_id, version=version)
    return ApiResponse(data=None)


def _grants(new: ChangedRole) -> dict[Permission, Scope]:
    return {grant.permission: grant.scope for grant in new.grants}


async def _shown(service: RoleService, role_id: UUID, response: Response) -> ApiResponse[RoleView]:
    view = _view(await service.one(role_id))
    response.headers["ETag"] = name_version(view.version)
    return ApiResponse(data=view)


def _view(one: RoleInUse) -> RoleView:
    role, grants = one.role, one.role.grants
    return RoleView(
        id=role.id,
        name=role.name,
        client=role.client,
        acts_for=role.acts_for,
        scopes=role.scopes,
        grants=[Grant(permission=each, scope=grants[each]) for each in Permission if each in grants],
        is_built_in=role.is_built_in,
        is_assignable=one.is_assignable,
        holders=one.holders,
        version=role.version,
    )
