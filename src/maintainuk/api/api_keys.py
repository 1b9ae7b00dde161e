"""API keys over HTTP."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Request
from pydantic import Field

from maintainuk.api.envelope import ApiResponse, Input, View, typed
from maintainuk.api.idempotency import keep_instead
from maintainuk.api.routing import Router
from maintainuk.api.security import permitted
from maintainuk.application.api_keys import ApiKeyService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.bootstrap import Services
from maintainuk.domain.api_keys import GRANTABLE, LONGEST_NAME
from maintainuk.domain.errors import Reason
from maintainuk.domain.permissions import Permission
from maintainuk.domain.values import line

router = Router(prefix="/api/v1/api-keys", tags=["api-keys"])


class ApiKeyView(View):
    """A key without its secret; `shown` is how it begins, `createdBy` whose hands it came from.

    A key acts for the organisation and works on when its maker leaves (`makerHasLeft`), until somebody revokes it.
    """

    id: UUID
    name: str
    shown: str
    permissions: list[Permission]
    created_by: str | None
    created_by_id: UUID
    maker_has_left: bool
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class ApiKeyList(View):
    """The keys, newest first, those that were revoked last; and what you may let a new one do."""

    items: list[ApiKeyView]
    grantable: list[Permission]


class NewApiKey(Input):
    """What a program is called, what it may do, and for how many days."""

    name: Annotated[
        str,
        typed(
            line, LONGEST_NAME, empty=Reason("key-name-empty"), long=Reason("key-name-too-long", longest=LONGEST_NAME)
        ),
    ]
    permissions: Annotated[list[Permission], Field(min_length=1, max_length=len(GRANTABLE))]
    days: Literal[30, 90, 365]


class MadeApiKey(View):
    """A new key. `key` is told this once and never again, not even to a repetition of the request."""

    id: UUID
    name: str
    key: str | None
    expires_at: datetime


Managing = Annotated[UnitOfWork, permitted(Permission.API_KEYS_MANAGE)]


@router.get("")
async def list_api_keys(request: Request, work: Managing) -> ApiResponse[ApiKeyList]:
    """List the organisation's API keys."""
    service = _service(request, work)
    items = [
        ApiKeyView.model_validate(key | {"permissions": sorted(GRANTABLE & key["grants"].keys())})
        for key in await service.all()
    ]
    return ApiResponse(data=ApiKeyList(items=items, grantable=list(service.grantable())))


@router.post("", status_code=201)
async def make_api_key(new: NewApiKey, request: Request, work: Managing) -> ApiResponse[MadeApiKey]:
    """Make an API key for a program; show it as `Authorization: Bearer mu_…`."""
    key, text = await _service(request, work).make(new.name, new.permissions, days=new.days)
    made = MadeApiKey(id=key.id, name=key.name, key=text, expires_at=key.expires_at)
    keep_instead(request, ApiResponse(data=made.model_copy(update={"key": None})))
    return ApiResponse(data=made)


@router.post("/{key_id}/revocation")
async def revoke_api_key(key_id: UUID, request: Request, work: Managing) -> ApiResponse[None]:
    """Revoke an API key at once and for good."""
    await _service(request, work).revoke(key_id)
    return ApiResponse(data=None)


def _service(request: Request, work: UnitOfWork) -> ApiKeyService:
    services: Services = request.app.state.services
    return ApiKeyService(work, services.api_keys)
