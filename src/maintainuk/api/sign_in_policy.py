"""How an organisation's people prove who they are, over HTTP."""

from functools import partial
from typing import Annotated

from fastapi import Request, Response
from pydantic import AfterValidator, Field

from maintainuk.api.envelope import ApiResponse, Input, View
from maintainuk.api.passwords import Password
from maintainuk.api.preconditions import IfMatch, name_version
from maintainuk.api.routing import Router
from maintainuk.api.security import permitted
from maintainuk.application.passwords import prove_again
from maintainuk.application.sign_in_policy import NewPolicy, SignInPolicyService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.bootstrap import Services
from maintainuk.domain.errors import Invalid, Reason
from maintainuk.domain.permissions import Permission
from maintainuk.domain.sign_in_policy import SignInPolicy
from maintainuk.domain.values import line
from maintainuk.infrastructure.providers.openid import is_https

router = Router(prefix="/api/v1/organisation/sign-in", tags=["organisation"])


def _nothing(text: str | None) -> str | None:
    return line(text or "") or None


class SignInPolicyView(View):
    """What is asked of everybody, and the organisation's own provider; its secret is never shown."""

    is_second_factor_required: bool
    issuer: str | None
    client_id: str | None
    has_client_secret: bool
    sign_in_address: str = Field(description="Where the organisation's people begin to sign in with its own accounts.")
    needs_password: bool = Field(description="Whether one's password is asked before the provider changes.")
    redirect_address: str = Field(description="What the provider must be told to send people back to.")
    version: int


class SignInPolicyInput(Input):
    """What is asked of everybody, and the provider; empty fields mean none, an empty secret keeps the present one."""

    is_second_factor_required: bool
    issuer: Annotated[str | None, Field(max_length=300), AfterValidator(_nothing)]
    client_id: Annotated[str | None, Field(max_length=300), AfterValidator(_nothing)]
    client_secret: Annotated[str | None, Field(max_length=500, repr=False), AfterValidator(_nothing)] = None
    password: Password = Field(
        None,
        repr=False,
        description="One's own, where the provider changes or less is asked of everybody; whoever signed in with the"
        " organisation's own accounts sends none, and must have done so within ten minutes.",
    )


@router.get("")
async def read_sign_in_policy(
    request: Request, response: Response, work: Annotated[UnitOfWork, permitted(Permission.SETTINGS_WRITE)]
) -> ApiResponse[SignInPolicyView]:
    """Read how your organisation's people prove who they are."""
    service = SignInPolicyService(work)
    return await _shown(service, await service.read(), request, response)


@router.put("")
async def change_sign_in_policy(
    new: SignInPolicyInput,
    version: IfMatch,
    request: Request,
    response: Response,
    work: Annotated[UnitOfWork, permitted(Permission.SETTINGS_WRITE)],
) -> ApiResponse[SignInPolicyView]:
    """Decide how your organisation's people prove who they are; sessions that are open stay so.

    It takes the management of users and of roles besides: a provider vouches for everybody, administrators included.
    """
    services: Services = request.app.state.services
    if new.issuer and not (is_https(new.issuer) or services.settings.is_demo):
        raise Invalid(fields={"issuer": Reason("issuer-not-https")})
    service = SignInPolicyService(work)
    wanted = NewPolicy(**new.model_dump(exclude={"password"}))
    proof = partial(prove_again, work, services.sign_in, new.password)
    policy = await service.change(wanted, version=version, prove=proof)
    return await _shown(service, policy, request, response)


async def _shown(
    service: SignInPolicyService, policy: SignInPolicy | None, request: Request, response: Response
) -> ApiResponse[SignInPolicyView]:
    services: Services = request.app.state.services
    view = SignInPolicyView(
        is_second_factor_required=policy.is_second_factor_required if policy else False,
        issuer=policy.issuer if policy else None,
        client_id=policy.client_id if policy else None,
        has_client_secret=bool(policy and policy.client_secret),
        sign_in_address=f"{services.settings.address}/auth/single-sign-on/{service.work.actor.org_id}/begin",
        redirect_address=services.single_sign_on.back_to,
        needs_password=await service.needs_password(),
        version=policy.version if policy else 0,
    )
    response.headers["ETag"] = name_version(view.version)
    return ApiResponse(data=view)
