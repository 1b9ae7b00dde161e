"""Invitations over HTTP: at the desk of whoever sends them, and at the browser of whoever was invited."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import AfterValidator, Field, WithJsonSchema

from maintainuk.api.envelope import ApiResponse, Input, View, typed
from maintainuk.api.organisations import mailbox
from maintainuk.api.routing import Router
from maintainuk.api.same_origin import FromOurOwnPages
from maintainuk.api.security import permitted, public
from maintainuk.api.sign_in import SessionView, browser_of, keep, session_view
from maintainuk.api.users import NamedThing
from maintainuk.application.invitations import InvitationService, NewInvitation, Offered
from maintainuk.application.joining import Answer
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.bootstrap import Services
from maintainuk.domain.errors import Reason
from maintainuk.domain.invitations import InvitationState
from maintainuk.domain.passwords import LONGEST
from maintainuk.domain.permissions import Permission
from maintainuk.domain.roles import ActsFor
from maintainuk.domain.sign_in import Client
from maintainuk.domain.values import line

router = Router(tags=["invitations"])

LONGEST_NAME = 120
MOST_TEAMS = 100
DESK = "/api/v1/invitations"

Managing = Annotated[UnitOfWork, permitted(Permission.USERS_MANAGE)]


class InvitationView(View):
    """An invitation that nobody has taken."""

    id: UUID
    email: str
    role: NamedThing | None
    acts_for: ActsFor | None
    teams: list[NamedThing] = Field(description="Those that are there of the teams they will be in.")
    state: InvitationState
    sent_at: datetime
    expires_at: datetime


class InvitationList(View):
    """Invitations, the newest first."""

    items: list[InvitationView]


class SubjectList(View):
    """For whom somebody may speak, by name."""

    items: list[NamedThing]


class InvitationInput(Input):
    """Whom to let in, and as what; `subjectId` names the landlord, contractor or tenant that the role speaks for."""

    email: Annotated[str, AfterValidator(mailbox), Field(repr=False)]
    role_id: UUID
    subject_id: UUID | None = None
    team_ids: Annotated[list[UUID], Field(max_length=MOST_TEAMS)] = Field(
        default_factory=list, description="The teams that a colleague joins at once."
    )


class InvitationLook(Input):
    """The secret of an invitation's link."""

    token: Annotated[str, Field(min_length=1, max_length=200, repr=False)]


class OfferView(View):
    """What an invitation offers: a role in an organisation, for one address."""

    email: str
    organisation: str
    role: str
    client: Client
    has_account: bool = Field(description="Whether the address has a password here: then that one is asked for.")
    colour: str | None = Field(description="The organisation's own, #rrggbb.")
    logo: str | None = Field(description="Where the organisation's logo is.")


class InvitationAnswer(InvitationLook):
    """How somebody takes their place; who is signed in with the invited address needs no password."""

    name: Annotated[
        str,
        Field(repr=False),
        typed(line, LONGEST_NAME, empty=Reason("name-empty"), long=Reason("name-too-long", longest=LONGEST_NAME)),
    ]
    password: Annotated[
        Any,
        Field(repr=False),
        WithJsonSchema(
            {
                "anyOf": [{"type": "string", "format": "password", "maxLength": LONGEST}, {"type": "null"}],
                "title": "Password",
            }
        ),
    ] = None


class Joined(View):
    """Who is signed in now; nobody, where the sign-in page has to ask first."""

    session: SessionView | None


@router.get(DESK)
async def list_invitations(request: Request, work: Managing) -> ApiResponse[InvitationList]:
    """List the invitations that nobody has taken."""
    found = await _service(request, work).not_taken()
    return ApiResponse(data=InvitationList(items=[_view(one, work.now) for one in found]))


@router.get(DESK + "/subjects")
async def list_subjects(
    request: Request,
    work: Managing,
    side: Annotated[
        ActsFor, Query(description="On whose side the person is who shall be invited.")
    ] = ActsFor.CONTRACTOR,
) -> ApiResponse[SubjectList]:
    """List the landlords or contractors for whom somebody may be invited to speak."""
    found = await _service(request, work).subjects(side)
    return ApiResponse(data=SubjectList(items=[NamedThing(id=id_, name=name) for id_, name in found]))


@router.post(DESK, status_code=201)
async def invite(new: InvitationInput, request: Request, work: Managing) -> ApiResponse[None]:
    """Hold a place for whoever owns a mailbox, and write to it; the link is good for 72 hours and once."""
    invitation = NewInvitation(email=new.email, role_id=new.role_id, subject_id=new.subject_id, team_ids=new.team_ids)
    await _service(request, work).invite(invitation)
    return ApiResponse(data=None)


@router.post(DESK + "/{invitation_id}/letters", status_code=201)
async def send_invitation_again(invitation_id: UUID, request: Request, work: Managing) -> ApiResponse[None]:
    """Write once more, with a new link; the old one opens nothing any more."""
    await _service(request, work).send_again(invitation_id)
    return ApiResponse(data=None)


@router.delete(DESK + "/{invitation_id}")
async def withdraw_invitation(invitation_id: UUID, request: Request, work: Managing) -> ApiResponse[None]:
    """Take an invitation back."""
    await _service(request, work).withdraw(invitation_id)
    return ApiResponse(data=None)


@router.post("/auth/invitation")
@public("asks for the secret of an invitation, and tells its bearer what it offers")
async def look_at_invitation(look: InvitationLook, request: Request, _: FromOurOwnPages) -> ApiResponse[OfferView]:
    """Show what an invitation offers; looking does not use it up."""
    services: Services = request.app.state.services
    offer = await services.joining.look_at(look.token, services.clock())
    return ApiResponse(data=OfferView.model_validate(offer, from_attributes=True))


@router.post("/auth/invitation/acceptance")
@public("asks for the secret of an invitation, and for a password or the session of the address it was sent to")
async def accept_invitation(
    answer: InvitationAnswer, request: Request, response: Response, _: FromOurOwnPages
) -> ApiResponse[Joined]:
    """Take one's place in an organisation, once.

    A new address gets its password here. One that has a password proves it and signs in afterwards; who is signed in
    with it goes on at once. Organisations are never merged.
    """
    services: Services = request.app.state.services
    now = services.clock()
    client = (await services.joining.look_at(answer.token, now)).client
    claims = request.scope.get("claims")
    given = Answer(name=answer.name, password=answer.password, session_id=claims.session_id if claims else None)
    entered = await services.joining.accept(answer.token, given, browser_of(request, client), now)
    if entered is None:
        return ApiResponse(data=Joined(session=None))
    keep(entered, client, response, services.settings)
    return ApiResponse(data=Joined(session=session_view(entered)))


def _service(request: Request, work: UnitOfWork) -> InvitationService:
    services: Services = request.app.state.services
    return InvitationService(work, services.link_secrets, services.sign_in.index)


def _view(offered: Offered, now: datetime) -> InvitationView:
    invitation, role = offered.invitation, offered.role
    return InvitationView(
        id=invitation.id,
        email=invitation.email,
        role=NamedThing(id=role.id, name=role.name) if role else None,
        acts_for=role.acts_for if role else None,
        teams=[NamedThing(id=team.id, name=team.name) for team in offered.teams],
        state=invitation.state(now),
        sent_at=invitation.sent_at,
        expires_at=invitation.expires_at,
    )
