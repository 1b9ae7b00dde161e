"""Sign-in: /auth/login, /auth/refresh, /auth/logout, and who one is: /api/v1/me."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Request, Response
from pydantic import Field, WithJsonSchema
from typing_extensions import TypeAliasType

from maintainuk.api.envelope import ApiResponse, Input, View
from maintainuk.api.routing import Router
from maintainuk.api.same_origin import FromOurOwnPages
from maintainuk.api.security import public, signed_in
from maintainuk.application.portfolio_exports import lists_within
from maintainuk.application.sign_in import Browser, NextStep, SignedIn
from maintainuk.application.switching import switch
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.bootstrap import Services
from maintainuk.domain.errors import NotSignedIn, SessionEnded
from maintainuk.domain.imports import ImportKind
from maintainuk.domain.organisations import Nation, OrganisationKind
from maintainuk.domain.passwords import LONGEST
from maintainuk.domain.permissions import Permission
from maintainuk.domain.second_factors import FactorKind
from maintainuk.domain.sign_in import REFRESH_LIFETIME, Client
from maintainuk.domain.values import compared
from maintainuk.infrastructure.repositories.sign_in import Member, Members
from maintainuk.infrastructure.security.tokens import LIFETIME
from maintainuk.infrastructure.telemetry import trail
from maintainuk.settings import Settings

KNOWN_FOR = 365 * 24 * 3600
"""Seconds for which a browser is remembered as one that an account was signed in with."""

router = Router(tags=["sign-in"])


class Credentials(Input):
    """What somebody types, and which client they type it into."""

    email: Annotated[str, Field(max_length=320, repr=False)]
    password: Annotated[
        Any,
        Field(repr=False),
        WithJsonSchema({"type": "string", "format": "password", "maxLength": LONGEST, "title": "Password"}),
    ]
    client: Client
    organisation_id: UUID | None = Field(None, description="Where to work, for people in several organisations.")


class WhichClient(Input):
    """Which of the browser's sessions is meant: each client has its own."""

    client: Client


class OtherPlace(WhichClient):
    """Another organisation of whoever is signed in."""

    organisation_id: UUID


class UserView(View):
    """The person who is signed in."""

    id: UUID
    name: str
    email: str
    role: str
    permissions: list[Permission] = Field(description="For display alone: the server decides each time anew.")
    lists: list[ImportKind] = Field(description="The lists they may take along as files; for display alone as well.")


class OrganisationView(View):
    """The organisation they work in."""

    id: UUID
    name: str
    kind: OrganisationKind
    nation: Nation = Field(description="Where most of its homes are: what forms begin with.")


class OtherOrganisation(View):
    """Another organisation they may sign in to; `since` tells it from another of theirs that is called the same."""

    id: UUID
    name: str
    since: datetime | None = Field(description="When it was made; null where its name says which it is.")


class Me(View):
    """Who is signed in, and what they may do now."""

    user: UserView
    organisation: OrganisationView


class SessionView(Me):
    """A signed-in browser. The refresh token is in an HttpOnly cookie and never in a body."""

    access_token: str
    expires_in: int = Field(description="Seconds.")
    organisations: list[OtherOrganisation]
    is_platform_administrator: bool = Field(description="For display alone: whether they run this installation.")


class StepView(View):
    """What is left of a sign-in whose password was right."""

    ticket: str = Field(description="Names this sign-in in the next step; good for ten minutes and one success.")
    ways: list[FactorKind] = Field(description="What can be shown; empty when a factor must be added first.")
    passkey_options: dict[str, Any] | None = Field(description="For `navigator.credentials.get`.")


SignInAnswer = TypeAliasType("SignInAnswer", SessionView | StepView)


@router.post("/auth/login")
@public("asks for the password itself")
async def sign_in(
    credentials: Credentials, request: Request, response: Response, _: FromOurOwnPages
) -> ApiResponse[SignInAnswer]:
    """Sign in with e-mail and password; whoever has a second factor, or must add one, is told what is left."""
    services = _services(request)
    entered = await services.sign_in.with_password(
        credentials.email,
        credentials.password,
        browser_of(request, credentials.client),
        services.clock(),
        org_id=credentials.organisation_id,
    )
    if isinstance(entered, NextStep):
        response.headers["Cache-Control"] = "no-store"
        step = StepView(ticket=entered.ticket, ways=sorted(entered.ways), passkey_options=entered.passkey_options)
        return ApiResponse(data=step)
    keep(entered, credentials.client, response, services.settings)
    return ApiResponse(data=session_view(entered))


@router.post("/auth/refresh")
@public("asks for the refresh token in the client's cookie")
async def refresh(
    which: WhichClient, request: Request, response: Response, _: FromOurOwnPages
) -> ApiResponse[SessionView]:
    """Exchange the refresh token in the cookie for a new one and a new access token."""
    services = _services(request)
    entered = await services.sign_in.refresh(browser_of(request, which.client), services.clock())
    keep(entered, which.client, response, services.settings)
    return ApiResponse(data=session_view(entered))


@router.post("/auth/logout")
@public("ends the session of whoever holds its cookie, and nothing for anybody else")
async def sign_out(which: WhichClient, request: Request, response: Response, _: FromOurOwnPages) -> ApiResponse[None]:
    """Sign out at once; signing out twice is fine."""
    services = _services(request)
    await services.sign_in.sign_out(browser_of(request, which.client), services.clock())
    cookie = Cookie.of_session(which.client, services.settings)
    response.delete_cookie(cookie.name, path="/", secure=cookie.is_secure, httponly=True, samesite="strict")
    return ApiResponse(data=None)


@router.post("/auth/switch")
@public("asks for the session of whoever is signed in, which goes on in another of their organisations")
async def switch_organisation(
    to: OtherPlace, request: Request, response: Response, _: FromOurOwnPages
) -> ApiResponse[SessionView]:
    """Go on in another of one's organisations without a password; the session in the present one ends."""
    services = _services(request)
    if (claims := request.scope.get("claims")) is None:
        raise NotSignedIn
    browser = browser_of(request, to.client)
    entered = await switch(services.sign_in, claims.session_id, to.organisation_id, browser, services.clock())
    keep(entered, to.client, response, services.settings)
    return ApiResponse(data=session_view(entered))


@router.get("/api/v1/me")
async def me(work: Annotated[UnitOfWork, signed_in("everybody may know who they are")]) -> ApiResponse[Me]:
    """Return who is signed in and what they may do now."""
    assert work.actor.user_id is not None
    member = await Members(work.session).active(work.actor.user_id)
    if member is None:
        raise SessionEnded
    return ApiResponse(data=Me(user=_user(member), organisation=_organisation(member)))


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie that scripts cannot read and other sites cannot send."""

    name: str
    is_secure: bool

    @classmethod
    def of_session(cls, client: Client, settings: Settings) -> "Cookie":
        """Return the cookie with the client's refresh token."""
        return cls._named(f"mu_{client}", settings)

    @classmethod
    def of_visit(cls, settings: Settings) -> "Cookie":
        """Return the cookie of a tenant who came in by an entry link."""
        return cls._named("mu_visit", settings)

    @classmethod
    def of_device(cls, settings: Settings) -> "Cookie":
        """Return the cookie by which a browser is known again."""
        return cls._named("mu_device", settings)

    @classmethod
    def of_journey(cls, settings: Settings) -> "Cookie":
        """Return the cookie of somebody on their way to an organisation's own provider and back."""
        return cls._named("mu_journey", settings)

    @classmethod
    def _named(cls, name: str, settings: Settings) -> "Cookie":
        if settings.is_https:
            return cls(f"__Host-{name}", is_secure=True)
        # Cookies don't know ports: without theirs, two copies on one machine would sign each other's people out.
        return cls(f"{name}_{urlsplit(settings.address).port or 80}", is_secure=False)

    def put(
        self, value: str, seconds: int, response: Response, *, same_site: Literal["strict", "lax"] = "strict"
    ) -> None:
        """Have the browser keep it for so long; `lax` for what must come along when another site leads back here."""
        response.set_cookie(
            self.name, value, max_age=seconds, path="/", secure=self.is_secure, httponly=True, samesite=same_site
        )


def browser_of(request: Request, client: Client) -> Browser:
    """Return who is at the other end of a request."""
    settings = _services(request).settings
    step = trail.current()
    return Browser(
        client=client,
        address=request.client.host if request.client else "",
        user_agent=request.headers.get("user-agent", ""),
        refresh_token=request.cookies.get(Cookie.of_session(client, settings).name),
        device_mark=request.cookies.get(Cookie.of_device(settings).name),
        trace_parent=step.parent if step else None,
    )


def keep(signed_in: SignedIn, client: Client, response: Response, settings: Settings) -> None:
    """Have the browser keep what it needs to stay signed in."""
    seconds = int(REFRESH_LIFETIME.total_seconds())
    Cookie.of_session(client, settings).put(signed_in.refresh_token.text, seconds, response)
    if signed_in.device_mark is not None:
        Cookie.of_device(settings).put(signed_in.device_mark, KNOWN_FOR, response)
    response.headers["Cache-Control"] = "no-store"


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


def session_view(signed_in: SignedIn) -> SessionView:
    """Return what a browser is told that has signed in."""
    member = signed_in.member
    called = Counter(compared(place.organisation) for place in signed_in.places)
    return SessionView(
        access_token=signed_in.access_token,
        expires_in=int(LIFETIME.total_seconds()),
        user=_user(member),
        organisation=_organisation(member),
        organisations=[
            OtherOrganisation(
                id=place.org_id,
                name=place.organisation,
                since=place.since if called[compared(place.organisation)] > 1 else None,
            )
            for place in signed_in.places
            if place.org_id != member.organisation.id
        ],
        is_platform_administrator=signed_in.is_steward,
    )


def _user(member: Member) -> UserView:
    user, grants = member.user, member.role.grants
    return UserView(
        id=user.id,
        name=user.name,
        email=user.email,
        role=member.role.name,
        permissions=sorted(grants),
        lists=lists_within(grants),
    )


def _organisation(member: Member) -> OrganisationView:
    organisation = member.organisation
    return OrganisationView(
        id=organisation.id, name=organisation.name, kind=organisation.kind, nation=organisation.nation
    )
