"""One's own way in: where one is signed in, with what one proves oneself, what has happened."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import Field

from maintainuk.api.envelope import ApiResponse, View
from maintainuk.api.routing import Router
from maintainuk.api.security import claims_of, signed_in
from maintainuk.api.sign_in import browser_of
from maintainuk.application.sign_in_history import OwnSignIns
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.bootstrap import Services
from maintainuk.domain.second_factors import FactorKind
from maintainuk.domain.sign_in_history import SignInEventKind
from maintainuk.infrastructure.security.browsers import network_of

router = Router(prefix="/api/v1/me", tags=["sign-in-history"])

MINE = "one's own sign-ins"


class OwnSession(View):
    """A browser that is signed in."""

    id: UUID
    organisation: str
    browser: str = Field(description="A kind, such as Firefox on Linux; empty when nobody can tell.")
    network: str = Field(description="The part of its address that an office shares; empty when nobody can tell.")
    is_here: bool = Field(description="Whether it is the one that asks.")
    is_same_network: bool
    signed_in_at: datetime
    seen_at: datetime = Field(description="To within a quarter of an hour.")


class FactorView(View):
    """A second factor that counts."""

    id: UUID
    kind: FactorKind
    name: str | None
    added_at: datetime
    used_at: datetime | None


class SecurityView(View):
    """All that proves who one is."""

    sessions: list[OwnSession]
    factors: list[FactorView]
    recovery_codes_left: int
    is_factor_required: bool
    has_password: bool
    password_changed_at: datetime | None


class SignInEventView(View):
    """One thing that happened to one's way in."""

    id: UUID
    at: datetime
    kind: SignInEventKind
    browser: str
    network: str


class SignInEventList(View):
    """What happened lately, the newest first; fifty at most."""

    items: list[SignInEventView]


class SessionsEnded(View):
    """How many browsers were signed out."""

    ended: int


@router.get("/security")
async def read_security(request: Request, work: Annotated[UnitOfWork, signed_in(MINE)]) -> ApiResponse[SecurityView]:
    """Read where you are signed in and with what you prove who you are."""
    own = _own(request, work)
    identity, (factors, codes_left) = await own.identity(), await own.factors()
    here = network_of(request.client.host if request.client else "")
    view = SecurityView(
        sessions=[
            OwnSession(
                id=session.id,
                organisation=organisation,
                browser=session.browser or "",
                network=session.network or "",
                is_here=session.id == work.actor.session_id,
                is_same_network=bool(here) and session.network == here,
                signed_in_at=session.created_at,
                seen_at=session.rotated_at,
            )
            for session, organisation in await own.sessions()
        ],
        factors=[
            FactorView(
                id=one.id,
                kind=one.kind,
                name=one.name,
                added_at=one.confirmed_at or one.created_at,
                used_at=one.used_at,
            )
            for one in factors
        ],
        recovery_codes_left=codes_left,
        is_factor_required=await own.is_factor_required(),
        has_password=identity.password_hash is not None,
        password_changed_at=identity.password_changed_at,
    )
    return ApiResponse(data=view)


@router.get("/sign-ins")
async def read_sign_ins(request: Request, work: Annotated[UnitOfWork, signed_in(MINE)]) -> ApiResponse[SignInEventList]:
    """Read what has happened to your way in, the newest first."""
    events = await _own(request, work).history()
    items = [
        SignInEventView(id=one.id, at=one.at, kind=one.kind, browser=one.browser, network=one.network) for one in events
    ]
    return ApiResponse(data=SignInEventList(items=items))


@router.delete("/sessions/{session_id}")
async def end_session(
    session_id: UUID, request: Request, work: Annotated[UnitOfWork, signed_in(MINE)]
) -> ApiResponse[None]:
    """Sign one of your browsers out at once."""
    await _own(request, work).end(session_id)
    return ApiResponse(data=None)


@router.delete("/sessions")
async def end_other_sessions(
    request: Request, work: Annotated[UnitOfWork, signed_in(MINE)]
) -> ApiResponse[SessionsEnded]:
    """Sign all your browsers out but this one."""
    return ApiResponse(data=SessionsEnded(ended=await _own(request, work).end_others()))


def _own(request: Request, work: UnitOfWork) -> OwnSignIns:
    services: Services = request.app.state.services
    return OwnSignIns(work, browser_of(request, claims_of(request).client), services.sign_in)
