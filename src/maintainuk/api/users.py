"""Colleagues over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import TypeAdapter

from maintainuk.api.envelope import ApiResponse, View
from maintainuk.api.routing import Router
from maintainuk.api.security import permitted
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.application.users import UserService
from maintainuk.domain.permissions import Permission

router = Router(prefix="/api/v1/users", tags=["users"])


class StaffMember(View):
    """A member of staff."""

    id: UUID
    name: str
    role: str


class UserList(View):
    """Members of staff, by name."""

    items: list[StaffMember]


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
