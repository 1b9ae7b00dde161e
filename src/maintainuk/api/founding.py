"""Setting a live installation up, once; and beginning an organisation where the installation lets anybody do so."""

from typing import Annotated

from fastapi import Request, Response
from pydantic import AfterValidator, Field

from maintainuk.api.envelope import ApiResponse, Input, View, typed
from maintainuk.api.letters import LettersLeave
from maintainuk.api.organisations import mailbox
from maintainuk.api.passwords import NewPassword
from maintainuk.api.routing import Router
from maintainuk.api.same_origin import FromOurOwnPages
from maintainuk.api.security import public
from maintainuk.api.sign_in import SessionView, browser_of, keep, session_view
from maintainuk.api.wording import mistake
from maintainuk.bootstrap import Services
from maintainuk.domain.errors import Reason
from maintainuk.domain.founding import Founder, NewOrganisation, leads_somewhere
from maintainuk.domain.organisations import Nation, OrganisationKind
from maintainuk.domain.sign_in import Client
from maintainuk.domain.values import line

router = Router(tags=["set-up"])

LONGEST = 120
NAME = typed(line, LONGEST, empty=Reason("name-empty"), long=Reason("name-too-long", longest=LONGEST))


def _no_address(name: str) -> str:
    if leads_somewhere(name):
        raise mistake(Reason("name-leads-somewhere"))
    return name


class NewOrganisationInput(Input):
    """An organisation to be, and where its first administrator reads letters."""

    name: Annotated[str, NAME]
    kind: OrganisationKind
    nation: Nation
    email: Annotated[str, Field(max_length=254, repr=False), AfterValidator(mailbox)]

    def wanted(self) -> NewOrganisation:
        """Return it in the domain's words."""
        return NewOrganisation(name=self.name, kind=self.kind, nation=self.nation, email=self.email)


class SignUpInput(NewOrganisationInput):
    """An organisation that anybody begins: what they call it stands in a letter to whoever they name."""

    name: Annotated[str, NAME, AfterValidator(_no_address)]


class SetUp(Input):
    """The secret that the server printed, and the first organisation with its administrator."""

    token: Annotated[str, Field(min_length=1, max_length=200, repr=False)]
    organisation: Annotated[str, NAME]
    kind: OrganisationKind
    nation: Nation
    name: Annotated[str, NAME]
    email: Annotated[str, Field(max_length=254, repr=False), AfterValidator(mailbox)]
    password: NewPassword


class SignUpView(View):
    """Whether anybody may begin an organisation here."""

    is_open: bool


@router.post("/auth/set-up")
@public("asks for the secret that the server printed, and shuts once there is an organisation")
async def set_up(new: SetUp, request: Request, response: Response, _: FromOurOwnPages) -> ApiResponse[SessionView]:
    """Set a live installation up: its first organisation and that organisation's administrator, who is signed in."""
    services: Services = request.app.state.services
    organisation = NewOrganisation(name=new.organisation, kind=new.kind, nation=new.nation, email=new.email)
    founder = Founder(organisation=organisation, name=new.name)
    browser = browser_of(request, Client.STAFF)
    entered = await services.founding.found(new.token, founder, new.password, browser, services.clock())
    keep(entered, Client.STAFF, response, services.settings)
    return ApiResponse(data=session_view(entered))


@router.get("/auth/sign-up")
@public("says whether the installation takes new organisations, which its sign-in page shows to everybody")
async def read_sign_up(request: Request) -> ApiResponse[SignUpView]:
    """Say whether anybody may begin an organisation here."""
    services: Services = request.app.state.services
    return ApiResponse(data=SignUpView(is_open=services.settings.is_sign_up_open and services.settings.has_mailer))


@router.post("/auth/sign-up", status_code=202)
@public("whoever reads the letters of an address may begin an organisation; until then nobody can enter it")
async def sign_up(new: SignUpInput, request: Request, _: FromOurOwnPages, _letters: LettersLeave) -> ApiResponse[None]:
    """Begin an organisation: a letter goes to the address, and whoever takes its place there is the administrator.

    The answer is the same whether the address is known here or not. What nobody confirms in 72 hours is forgotten.
    """
    services: Services = request.app.state.services
    await services.sign_up.ask(new.wanted(), browser_of(request, Client.STAFF), services.clock())
    return ApiResponse(data=None)
