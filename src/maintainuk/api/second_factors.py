"""Second factors: adding and losing one's own, and showing one to finish a sign-in.

What carries a password is a PUT: with a POST comes an Idempotency-Key, and a plain hash of the body would be kept.
"""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request, Response
from pydantic import AfterValidator, Field

from maintainuk.api.envelope import ApiResponse, Input, View, typed
from maintainuk.api.idempotency import keep_instead
from maintainuk.api.links import QrCodeView
from maintainuk.api.passwords import Password
from maintainuk.api.routing import Router
from maintainuk.api.same_origin import FromOurOwnPages
from maintainuk.api.security import claims_of, public, signed_in
from maintainuk.api.sign_in import SessionView, browser_of, keep, session_view
from maintainuk.application.second_factors import NewAuthenticator, OwnFactors, SecondStep
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.bootstrap import Services
from maintainuk.domain.errors import Reason
from maintainuk.domain.sign_in import Client
from maintainuk.domain.values import line
from maintainuk.infrastructure.images.qr_code import qr_code
from maintainuk.infrastructure.security.passkeys import LONGEST_ANSWER

router = Router(tags=["second-factors"])

MINE = "one's own second factors"
NAME = typed(line, 60, empty=Reason("passkey-name-empty"), long=Reason("passkey-name-too-long", longest=60))
Ticket = Annotated[str, Field(min_length=1, max_length=200, repr=False)]
Code = Annotated[str, Field(min_length=1, max_length=40, repr=False)]


def _short(answer: dict[str, Any]) -> dict[str, Any]:
    if len(str(answer)) > LONGEST_ANSWER:
        raise ValueError(LONGEST_ANSWER)
    return answer


Credential = Annotated[
    dict[str, Any],
    Field(repr=False, description="What the browser made, as `toJSON` gives it."),
    AfterValidator(_short),
]


class Step(Input):
    """A sign-in that has begun, named by its ticket, and the client that it was begun with."""

    ticket: Ticket
    client: Client = Client.STAFF


class CodeShown(Step):
    """The code of an app, or a recovery code, in a sign-in that has begun."""

    code: Code


class PasskeyShown(Step):
    """The answer of a passkey, in a sign-in that has begun."""

    credential: Credential


class EnrolmentBegun(Step):
    """A sign-in that waits for its person to add a factor."""


class EnrolmentConfirmed(Step):
    """The first code of the app that was added."""

    factor_id: UUID
    code: Code


class Proof(Input):
    """One's password, typed again."""

    password: Password


class FirstCode(Input):
    """The first code that an app shows."""

    code: Code


class NewPasskeyInput(Input):
    """What the browser made, and what its owner calls it."""

    ticket: Ticket
    name: Annotated[str, NAME]
    credential: Credential


class AuthenticatorView(View):
    """An app's seed, shown this once, as text and as a code for its camera."""

    id: UUID
    seed: str
    address: str
    qr_code: QrCodeView


class PasskeyOffer(View):
    """What `navigator.credentials.create` is given."""

    ticket: str
    options: dict[str, Any]


class RecoveryCodesView(View):
    """Recovery codes, shown this once; empty when the earlier ones still work."""

    recovery_codes: list[str]


class EnrolledView(View):
    """Somebody who added a factor to get in."""

    session: SessionView
    recovery_codes: list[str]


@router.post("/auth/second-factor")
@public("asks for the ticket of a sign-in whose password was right")
async def show_code(
    shown: CodeShown, request: Request, response: Response, _: FromOurOwnPages
) -> ApiResponse[SessionView]:
    """Finish a sign-in with the code of an app, or with a recovery code; each works once."""
    services = _services(request)
    browser = browser_of(request, shown.client)
    entered = await _step(services).with_code(shown.ticket, shown.code, browser, services.clock())
    keep(entered, shown.client, response, services.settings)
    return ApiResponse(data=session_view(entered))


@router.post("/auth/second-factor/passkey")
@public("asks for the ticket of a sign-in whose password was right")
async def show_passkey(
    shown: PasskeyShown, request: Request, response: Response, _: FromOurOwnPages
) -> ApiResponse[SessionView]:
    """Finish a sign-in with a passkey."""
    services = _services(request)
    browser = browser_of(request, shown.client)
    entered = await _step(services).with_passkey(shown.ticket, shown.credential, browser, services.clock())
    keep(entered, shown.client, response, services.settings)
    return ApiResponse(data=session_view(entered))


@router.post("/auth/enrolment")
@public("asks for the ticket of a sign-in whose password was right")
async def begin_enrolment(
    begun: EnrolmentBegun, request: Request, response: Response, _: FromOurOwnPages
) -> ApiResponse[AuthenticatorView]:
    """Begin to add the authenticator app that the organisation asks for."""
    services = _services(request)
    new = await _step(services).begin_enrolment(begun.ticket, browser_of(request, begun.client), services.clock())
    response.headers["Cache-Control"] = "no-store"
    return ApiResponse(data=_authenticator(new))


@router.post("/auth/enrolment/confirmation")
@public("asks for the ticket of a sign-in whose password was right")
async def confirm_enrolment(
    confirmed: EnrolmentConfirmed, request: Request, response: Response, _: FromOurOwnPages
) -> ApiResponse[EnrolledView]:
    """Confirm the app with its first code, and be signed in; the recovery codes are shown this once."""
    services = _services(request)
    browser = browser_of(request, confirmed.client)
    enrolled = await _step(services).enrol(
        confirmed.ticket, confirmed.code, browser, services.clock(), factor_id=confirmed.factor_id
    )
    keep(enrolled.signed_in, confirmed.client, response, services.settings)
    view = EnrolledView(session=session_view(enrolled.signed_in), recovery_codes=enrolled.recovery_codes)
    return ApiResponse(data=view)


@router.put("/api/v1/me/authenticator")
async def begin_authenticator(
    proof: Proof, request: Request, response: Response, work: Annotated[UnitOfWork, signed_in(MINE)]
) -> ApiResponse[AuthenticatorView]:
    """Begin to add an authenticator app; it counts once its first code is shown."""
    new = await _own(request, work).begin_authenticator(proof.password)
    response.headers["Cache-Control"] = "no-store"
    return ApiResponse(data=_authenticator(new))


@router.put("/api/v1/me/authenticator/{factor_id}/confirmation")
async def confirm_authenticator(
    factor_id: UUID, first: FirstCode, request: Request, work: Annotated[UnitOfWork, signed_in(MINE)]
) -> ApiResponse[RecoveryCodesView]:
    """Let the app count from now on; with the first factor come recovery codes, shown this once."""
    return _codes(request, await _own(request, work).confirm_authenticator(factor_id, first.code))


@router.put("/api/v1/me/passkey-offer")
async def offer_passkey(
    proof: Proof, request: Request, work: Annotated[UnitOfWork, signed_in(MINE)]
) -> ApiResponse[PasskeyOffer]:
    """Ask for what the browser needs to make a passkey."""
    ticket, options = await _own(request, work).offer_passkey(proof.password)
    return ApiResponse(data=PasskeyOffer(ticket=ticket, options=options))


@router.post("/api/v1/me/passkeys", status_code=201)
async def add_passkey(
    new: NewPasskeyInput, request: Request, work: Annotated[UnitOfWork, signed_in(MINE)]
) -> ApiResponse[RecoveryCodesView]:
    """Keep the passkey that the browser has made; with the first factor come recovery codes, shown this once."""
    return _codes(request, await _own(request, work).add_passkey(new.ticket, new.name, new.credential))


@router.put("/api/v1/me/factors/{factor_id}/removal")
async def remove_factor(
    factor_id: UUID, proof: Proof, request: Request, work: Annotated[UnitOfWork, signed_in(MINE)]
) -> ApiResponse[None]:
    """Take a second factor away; the last one only where the organisation asks for none."""
    await _own(request, work).remove(factor_id, proof.password)
    return ApiResponse(data=None)


@router.put("/api/v1/me/recovery-codes")
async def renew_recovery_codes(
    proof: Proof, request: Request, work: Annotated[UnitOfWork, signed_in(MINE)]
) -> ApiResponse[RecoveryCodesView]:
    """Make new recovery codes, shown this once; the earlier ones stop working."""
    return _codes(request, await _own(request, work).renew_codes(proof.password))


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


def _step(services: Services) -> SecondStep:
    return SecondStep(services.sign_in, services.authenticators)


def _own(request: Request, work: UnitOfWork) -> OwnFactors:
    services = _services(request)
    return OwnFactors(work, browser_of(request, claims_of(request).client), services.sign_in, services.authenticators)


def _codes(request: Request, codes: list[str]) -> ApiResponse[RecoveryCodesView]:
    # A repeated request must not find them in the answers that are kept.
    keep_instead(request, ApiResponse(data=RecoveryCodesView(recovery_codes=[])))
    return ApiResponse(data=RecoveryCodesView(recovery_codes=codes))


def _authenticator(new: NewAuthenticator) -> AuthenticatorView:
    code = qr_code(new.address)
    return AuthenticatorView(
        id=new.id, seed=new.seed, address=new.address, qr_code=QrCodeView(path=code.path, size=code.size)
    )
