"""The front door: in demo mode one button for each invented person; in live mode it leads to the staff app."""

from uuid import UUID

from fastapi import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from maintainuk.api.html_pages import PAGES, page
from maintainuk.api.routing import Router
from maintainuk.api.same_origin import FromOurOwnPages
from maintainuk.api.security import public
from maintainuk.api.sign_in import browser_of, keep
from maintainuk.application.front_door import DemoDoor
from maintainuk.bootstrap import Services
from maintainuk.domain.sign_in import Client
from maintainuk.infrastructure.demo.people import DEMO_PASSWORD, DEMO_PEOPLE

STAFF_APP = "/app/"
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

router = Router()
"""Live mode: nothing but the way in, and how a page looks that says there is nothing."""

demo_router = Router()


@router.head("/", include_in_schema=False)
@router.get("/", include_in_schema=False)
@public("leads to the sign-in page")
async def go_to_the_staff_app() -> Response:
    """Lead people to where they work."""
    return RedirectResponse(STAFF_APP, status_code=307)


@demo_router.head("/", include_in_schema=False)
@demo_router.get("/", include_in_schema=False)
@public("demo mode only: names invented people")
async def front_door(request: Request) -> Response:
    """Show who one can be."""
    services: Services = request.app.state.services
    return page(
        "front_door.html",
        policy=CONTENT_SECURITY_POLICY,
        organisations=await DemoDoor(services.sign_in, services.link_secrets).staff(),
        example=DEMO_PEOPLE[0].email,
        password=DEMO_PASSWORD,
    )


@router.get("/front-door.css", include_in_schema=False)
@demo_router.get("/front-door.css", include_in_schema=False)
@public("a style sheet")
async def front_door_style() -> Response:
    """Return how the server's own pages look."""
    return FileResponse(PAGES / "front_door.css", media_type="text/css", headers={"Cache-Control": "no-cache"})


@demo_router.post("/demo/sign-in", include_in_schema=False)
@public("demo mode only: signs in as an invented person")
async def be_somebody(person: UUID, request: Request, _: FromOurOwnPages) -> Response:
    """Sign in as one of the demo's people and go to work."""
    services: Services = request.app.state.services
    browser = browser_of(request, Client.STAFF)
    entered = await DemoDoor(services.sign_in, services.link_secrets).enter(person, browser, services.clock())
    response = RedirectResponse(STAFF_APP, status_code=303)
    keep(entered, Client.STAFF, response, services.settings)
    return response
