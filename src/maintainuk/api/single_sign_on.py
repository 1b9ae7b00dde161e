"""The pages between the staff app and an organisation's own provider. They show nothing: they lead on."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from starlette.responses import RedirectResponse, Response

from maintainuk.api.routing import Router
from maintainuk.api.security import public
from maintainuk.api.sign_in import Cookie, browser_of, keep
from maintainuk.application.single_sign_on import BACK, JOURNEY_LASTS
from maintainuk.bootstrap import Services
from maintainuk.domain.sign_in import Client
from maintainuk.domain.single_sign_on import NotVouched

STAFF_APP = "/app/"
NOT_VOUCHED = "/app/sign-in?ended=not-vouched"

router = Router(tags=["single-sign-on"])


@router.get("/auth/single-sign-on/{org_id}/begin", include_in_schema=False)
@public("leads to the organisation's own provider, and tells nothing but its address")
async def begin_single_sign_on(org_id: UUID, request: Request) -> Response:
    """Lead to the organisation's provider."""
    services: Services = request.app.state.services
    try:
        address, kept = await services.single_sign_on.start(org_id, browser_of(request, Client.STAFF))
    except NotVouched:
        return RedirectResponse(NOT_VOUCHED, status_code=303)
    response = RedirectResponse(address, status_code=303, headers={"Cache-Control": "no-store"})
    Cookie.of_journey(services.settings).put(kept, JOURNEY_LASTS, response, same_site="lax")
    return response


@router.get(BACK, include_in_schema=False)
@public("asks for what the provider says and for what the browser kept")
async def finish_single_sign_on(
    request: Request,
    state: Annotated[str, Query(max_length=500)] = "",
    code: Annotated[str, Query(max_length=4_000)] = "",
) -> Response:
    """Let in whom the provider vouches for."""
    services: Services = request.app.state.services
    cookie = Cookie.of_journey(services.settings)
    browser = browser_of(request, Client.STAFF)
    try:
        entered = await services.single_sign_on.finish(
            request.cookies.get(cookie.name, ""), state, code, browser, services.clock()
        )
    except NotVouched:
        response = RedirectResponse(NOT_VOUCHED, status_code=303)
    else:
        response = RedirectResponse(STAFF_APP, status_code=303)
        keep(entered, Client.STAFF, response, services.settings)
    response.delete_cookie(cookie.name, path="/", secure=cookie.is_secure, httponly=True, samesite="lax")
    return response
