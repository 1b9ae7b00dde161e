"""Coming in by a link: who may do what without an account, and the way to be sent a new one."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request, Response
from pydantic import AfterValidator, Field

from maintainuk.api import idempotency
from maintainuk.api.envelope import ApiResponse, Input, View
from maintainuk.api.letters import LettersLeave
from maintainuk.api.picker import EmergencyNumberView
from maintainuk.api.routing import Router
from maintainuk.api.same_origin import FromOurOwnPages
from maintainuk.api.security import origin_of, permitted, public, trace_parent
from maintainuk.api.sign_in import Cookie
from maintainuk.application.links import PORTAL, HomePoster, LinkService, PosterService, path_of
from maintainuk.application.reports import ReportService
from maintainuk.application.unit_of_work import UnitOfWork, unit_of_work
from maintainuk.bootstrap import Services
from maintainuk.domain.branding import logo_path
from maintainuk.domain.errors import LinkMissing, LinkUnknown, TooManyAttempts, TooManyEntryLinks
from maintainuk.domain.links import LIFETIMES, Link, LinkPurpose
from maintainuk.domain.permissions import Actor, Permission
from maintainuk.domain.ports import DangerListener
from maintainuk.domain.values import line
from maintainuk.infrastructure.images.qr_code import qr_code
from maintainuk.infrastructure.reference.dangers import gas_emergency
from maintainuk.infrastructure.security.guesses import neighbourhood
from maintainuk.infrastructure.security.link_secrets import as_printed

SCHEME = "link "
VISITOR = "Visitor"

router = Router(prefix="/api/v1/links", tags=["links"])


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody with a good link, inside a unit of work of its organisation."""

    work: UnitOfWork
    link: Link
    links: LinkService
    listener: DangerListener

    @property
    def reports(self) -> ReportService:
        """What they can do."""
        return ReportService(self.work, self.link, self.links, self.listener)


Visiting = Callable[[], AbstractAsyncContextManager[Visit]]


class EntryRequest(Input):
    """Where to send a way in."""

    email: Annotated[str, Field(min_length=3, max_length=320, repr=False), AfterValidator(line)]


class EntryUse(Input):
    """The secret of an entry link."""

    token: Annotated[str, Field(min_length=1, max_length=200, repr=False)]


class QrCodeView(View):
    """A code for a phone's camera: the dark squares as the path of an SVG on a board of `size` by `size`."""

    path: str
    size: int


class PosterOrganisation(View):
    """Who looks after the home."""

    name: str
    phone: str | None
    logo: str | None


class Poster(View):
    """What the poster in a hallway says; nobody's name."""

    code: str = Field(description="Ten characters in two groups, for typing.")
    url: str = Field(description="What the QR code says.")
    portal: str = Field(description="Where the code is typed by whoever has no camera.")
    qr_code: QrCodeView
    address: str
    organisation: PosterOrganisation
    gas_emergency: EmergencyNumberView


def visiting(*purposes: LinkPurpose) -> Any:  # noqa: ANN401  (FastAPI's marker has no type)
    """Hand out a unit of work to the bearer of a link made for one of these purposes, and nobody else."""

    async def guard(request: Request) -> AsyncIterator[Visit]:
        async with _visit(request, purposes) as visit:
            await idempotency.claim(request, visit.work, by=visit.link.id)
            yield visit

    return Depends(_stating(guard, purposes), scope="function")


def visiting_anew(*purposes: LinkPurpose) -> Any:  # noqa: ANN401
    """Hand out a way to open visits, each proving the link anew; for what takes long (`security.permitted_anew`)."""

    async def guard(request: Request) -> Visiting:
        return partial(_visit, request, purposes)

    return Depends(_stating(guard, purposes), scope="function")


def _stating(guard: Any, purposes: tuple[LinkPurpose, ...]) -> Any:  # noqa: ANN401
    guard.permission = None
    guard.purposes = purposes
    guard.reason = f"asks for a link: {', '.join(purposes)}"
    return guard


@asynccontextmanager
async def _visit(request: Request, purposes: tuple[LinkPurpose, ...]) -> AsyncIterator[Visit]:
    services: Services = request.app.state.services
    link = await _link(request, services, purposes)
    async with unit_of_work(
        services.database.session(link.org_id),
        Actor(org_id=link.org_id, user_id=None, name=VISITOR, role=VISITOR),
        services.clock(),
        trace_parent=trace_parent(),
        origin=origin_of(request),
        hints=services.hints,
    ) as work:
        yield Visit(work, link, LinkService(work.session, services.link_secrets), services.listener)


async def _link(request: Request, services: Services, purposes: tuple[LinkPurpose, ...]) -> Link:
    """Return the link that the request shows."""
    async with services.database.installation() as session:
        link = await LinkService(session, services.link_secrets).open(
            _shown(request, services, purposes), services.clock()
        )
    if link.purpose not in purposes:
        raise LinkUnknown
    return link


def _shown(request: Request, services: Services, purposes: tuple[LinkPurpose, ...]) -> str:
    header = request.headers.get("authorization", "")
    if header.lower().startswith(SCHEME) and (shown := header[len(SCHEME) :].strip()):
        return shown
    if LinkPurpose.VISIT in purposes and (kept := request.cookies.get(Cookie.of_visit(services.settings).name)):
        return kept
    raise LinkMissing


@router.post("/entry", status_code=202)
@public("answers the same for everybody; only the owner of the mailbox learns more")
async def ask_for_entry(
    wanted: EntryRequest, request: Request, _: FromOurOwnPages, _letters: LettersLeave
) -> ApiResponse[None]:
    """Send a way in to a tenant's e-mail address; whether anybody has it is not told."""
    services: Services = request.app.state.services
    address = neighbourhood(request.client.host if request.client else "")
    try:
        await services.guesses.take(f"entry:{wanted.email.lower()}", f"entry-from:{address}")
    except TooManyAttempts as limit:
        raise TooManyEntryLinks(minutes=limit.reason.facts["minutes"], retry_after=limit.retry_after) from None
    services.entry.ask(wanted.email, services.clock())
    return ApiResponse(data=None)


@router.post("/entry/use")
@public("asks for the secret of an entry link, which is used up here and not by opening its page")
async def use_entry(use: EntryUse, request: Request, response: Response, _: FromOurOwnPages) -> ApiResponse[None]:
    """Come in: the browser keeps a visit of twelve hours."""
    services: Services = request.app.state.services
    visit = await services.entry.use(use.token, services.clock())
    lifetime = LIFETIMES[LinkPurpose.VISIT]
    assert lifetime is not None
    Cookie.of_visit(services.settings).put(visit.secret, int(lifetime.total_seconds()), response)
    response.headers["Cache-Control"] = "no-store"
    return ApiResponse(data=None)


@router.delete("/visit")
@public("ends the visit of whoever holds its cookie, and nothing for anybody else")
async def leave(request: Request, response: Response, _: FromOurOwnPages) -> ApiResponse[None]:
    """End the visit at once."""
    services: Services = request.app.state.services
    cookie = Cookie.of_visit(services.settings)
    if shown := request.cookies.get(cookie.name):
        await services.entry.leave(shown, services.clock())
    response.delete_cookie(cookie.name, path="/", secure=cookie.is_secure, httponly=True, samesite="strict")
    return ApiResponse(data=None)


@router.get("/homes/{home_id}")
async def poster(
    home_id: UUID, request: Request, work: Annotated[UnitOfWork, permitted(Permission.PROPERTIES_READ)]
) -> ApiResponse[Poster]:
    """Return what the poster of one home says; the first time its code is made."""
    services: Services = request.app.state.services
    return _poster(await PosterService(work, services.link_secrets).read(home_id), services)


@router.post("/homes/{home_id}/replacement", status_code=201)
async def replace_poster(
    home_id: UUID, request: Request, work: Annotated[UnitOfWork, permitted(Permission.TICKETS_TRIAGE)]
) -> ApiResponse[None]:
    """Switch the code of a home off and make a new one: old posters stop working; reports already sent go on."""
    services: Services = request.app.state.services
    await PosterService(work, services.link_secrets).replace(home_id)
    # Not the new code: answers to a POST are kept for days, and no table of ours holds a code.
    return ApiResponse(data=None)


def _poster(found: HomePoster, services: Services) -> ApiResponse[Poster]:
    code, address, organisation = as_printed(found.code), services.settings.address, found.landlord.organisation
    url = f"{address}{path_of(LinkPurpose.HOME, code)}"
    drawn = qr_code(url)
    return ApiResponse(
        data=Poster(
            code=code,
            url=url,
            portal=f"{address}{PORTAL}",
            qr_code=QrCodeView(path=drawn.path, size=drawn.size),
            address=found.place.line,
            organisation=PosterOrganisation(
                name=organisation.name, phone=organisation.phone, logo=logo_path(organisation.id, organisation.logo)
            ),
            gas_emergency=EmergencyNumberView.model_validate(
                gas_emergency(found.place.home.nation), from_attributes=True
            ),
        )
    )
