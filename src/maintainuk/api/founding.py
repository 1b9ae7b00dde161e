"""Setting a live installation up, once."""

from typing import Annotated

from fastapi import Request, Response
from pydantic import AfterValidator, Field

from maintainuk.api.envelope import ApiResponse, Input, typed
from maintainuk.api.passwords import NewPassword
from maintainuk.api.routing import Router
from maintainuk.api.same_origin import FromOurOwnPages
from maintainuk.api.security import public
from maintainuk.api.sign_in import SessionView, browser_of, keep, session_view
from maintainuk.api.wording import mistake
from maintainuk.bootstrap import Services
from maintainuk.domain.errors import Reason
from maintainuk.domain.founding import Founder
from maintainuk.domain.organisations import Nation, OrganisationKind
from maintainuk.domain.sign_in import Client
from maintainuk.domain.values import line

router = Router(tags=["set-up"])

LONGEST = 120
NAME = typed(line, LONGEST, empty=Reason("name-empty"), long=Reason("name-too-long", longest=LONGEST))


def email_of(text: str) -> str:
    """Return an address that a letter can go to."""
    name, at, host = line(text).rpartition("@")
    if not (name and at and "." in host.strip(".")):
        raise mistake(Reason("email-unreadable"))
    return line(text)


class SetUp(Input):
    """The secret that the server printed, and the first organisation with its administrator."""

    token: Annotated[str, Field(min_length=1, max_length=200, repr=False)]
    organisation: Annotated[str, NAME]
    kind: OrganisationKind
    nation: Nation
    name: Annotated[str, NAME]
    email: Annotated[str, Field(max_length=254, repr=False), AfterValidator(email_of)]
    password: NewPassword


@router.post("/auth/set-up")
@public("asks for the secret that the server printed, and shuts once there is an organisation")
async def set_up(new: SetUp, request: Request, response: Response, _: FromOurOwnPages) -> ApiResponse[SessionView]:
    """Set a live installation up: its first organisation and that organisation's administrator, who is signed in."""
    services: Services = request.app.state.services
    founder = Founder(organisation=new.organisation, kind=new.kind, nation=new.nation, name=new.name, email=new.email)
    browser = browser_of(request, Client.STAFF)
    entered = await services.founding.found(new.token, founder, new.password, browser, services.clock())
    keep(entered, Client.STAFF, response, services.settings)
    return ApiResponse(data=session_view(entered))
