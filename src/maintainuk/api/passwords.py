"""Changing one's password, and getting a new one when it is forgotten."""

from typing import Annotated, Any

from fastapi import Request
from pydantic import Field, WithJsonSchema

from maintainuk.api.envelope import ApiResponse, Input
from maintainuk.api.letters import LettersLeave
from maintainuk.api.routing import Router
from maintainuk.api.same_origin import FromOurOwnPages
from maintainuk.api.security import claims_of, public, signed_in
from maintainuk.api.sign_in import browser_of
from maintainuk.application.passwords import PasswordService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.bootstrap import Services
from maintainuk.domain.passwords import LONGEST, SHORTEST
from maintainuk.domain.sign_in import Client

router = Router(tags=["passwords"])

Password = Annotated[
    Any,
    Field(repr=False),
    WithJsonSchema({"type": "string", "format": "password", "maxLength": LONGEST}),
]
"""The password somebody has. Whatever is sent is theirs or not: no rule about its form is told here."""

NewPassword = Annotated[
    Any,
    Field(repr=False),
    WithJsonSchema({"type": "string", "format": "password", "minLength": SHORTEST, "maxLength": LONGEST}),
]


class ResetWanted(Input):
    """Whose password is forgotten."""

    email: Annotated[str, Field(min_length=3, max_length=320, repr=False)]


class NewPasswordByLink(Input):
    """The secret of a letter's link, and the password that shall be theirs."""

    token: Annotated[str, Field(min_length=1, max_length=200, repr=False)]
    password: NewPassword


class PasswordChange(Input):
    """The password one has, and the one to have from now on."""

    current_password: Password
    new_password: NewPassword


@router.post("/auth/password-reset", status_code=202)
@public("whoever reads the letters of an address may choose its password; the answer tells nothing")
async def ask_for_password_reset(
    wanted: ResetWanted, request: Request, _: FromOurOwnPages, _letters: LettersLeave
) -> ApiResponse[None]:
    """Have a link for a new password sent, if the address is somebody's; the answer is the same if it is nobody's."""
    services: Services = request.app.state.services
    await services.password_reset.ask(wanted.email, browser_of(request, Client.STAFF), services.clock())
    return ApiResponse(data=None)


@router.post("/auth/password-reset/use")
@public("asks for the secret of the letter's link")
async def reset_password(new: NewPasswordByLink, request: Request, _: FromOurOwnPages) -> ApiResponse[None]:
    """Choose a new password by the letter's link, which works once; every session of the person ends."""
    services: Services = request.app.state.services
    browser = browser_of(request, Client.STAFF)
    await services.password_reset.use(new.token, new.password, browser, services.clock())
    return ApiResponse(data=None)


@router.put("/api/v1/me/password")
async def change_password(
    change: PasswordChange, request: Request, work: Annotated[UnitOfWork, signed_in("one's own password")]
) -> ApiResponse[None]:
    """Change your password; every other browser of yours is signed out."""
    services: Services = request.app.state.services
    own = PasswordService(work, browser_of(request, claims_of(request).client), services.sign_in)
    await own.change(change.current_password, change.new_password)
    return ApiResponse(data=None)
