"""How an organisation decides that its people prove who they are."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from maintainuk.application.administrators import tell_administrators
from maintainuk.application.passwords import own_session
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.errors import ChangedMeanwhile, Invalid, Reason
from maintainuk.domain.messaging import MessageTemplate
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.domain.roles import ADMINISTERS
from maintainuk.domain.sign_in_policy import SignInPolicy
from maintainuk.infrastructure.repositories.sign_in_policy import PolicyOf


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPolicy:
    """What an administrator decided; without a new secret the present one stays."""

    is_second_factor_required: bool
    issuer: str | None
    client_id: str | None
    client_secret: str | None = field(repr=False)


class SignInPolicyService:
    """The policy of one organisation."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work
        self.policies = PolicyOf(work.session)

    async def read(self) -> SignInPolicy | None:
        """Return it, if anybody has decided."""
        self.work.actor.require(Permission.SETTINGS_WRITE, at_least=Scope.ORG)
        return await self.policies.found()

    async def needs_password(self) -> bool:
        """Say whether they prove who they are by a password, and not by a sign-in of their organisation's own."""
        return self.work.actor.session_id is not None and not (await own_session(self.work)).is_vouched

    async def change(self, new: NewPolicy, *, version: int, prove: Callable[[], Awaitable[None]]) -> SignInPolicy:
        """Decide, having seen the policy as it was at `version` (0 before the first). Raises `ChangedMeanwhile`.

        `prove` that it is still they before anybody else vouches for everybody, or less is asked of everybody.
        """
        # Whoever names the provider may come in as anybody: it takes what an administrator holds.
        for permission in (Permission.SETTINGS_WRITE, *ADMINISTERS):
            self.work.actor.require(permission, at_least=Scope.ORG)
        policy = await self.policies.held()
        if (policy.version if policy else 0) != version:
            raise ChangedMeanwhile("settings-changed-meanwhile")
        if policy is None:
            policy = SignInPolicy(org_id=self.work.actor.org_id, updated_at=self.work.now)
        secret = _secret(policy, new)
        if _is_grave(policy, new, secret):
            await prove()
        self.work.session.add(policy)
        changes: dict[str, tuple[object, object]] = {}
        for name in ("is_second_factor_required", "issuer", "client_id"):
            before, after = getattr(policy, name), getattr(new, name)
            if before != after:
                changes[name] = before, after
                setattr(policy, name, after)
        if secret != policy.client_secret:
            changes["client_secret"] = bool(policy.client_secret), bool(secret)
            policy.client_secret = secret
        policy.updated_at = self.work.now
        await self.work.session.flush()
        self.work.audit("SignInPolicyChanged", subject_id=policy.id, changes=changes)
        if changes:
            await tell_administrators(self.work, MessageTemplate.ADMINISTRATION_CHANGED)
        return policy


def _secret(policy: SignInPolicy, new: NewPolicy) -> str | None:
    """Return the secret from now on; it is shown to no other issuer than the one it was typed for."""
    secret = new.client_secret or (policy.client_secret if new.issuer else None)
    if len({bool(new.issuer), bool(new.client_id), bool(secret)}) > 1:
        raise Invalid(fields={"issuer": Reason("provider-incomplete")})
    if policy.issuer and policy.issuer != new.issuer and not new.client_secret and new.issuer:
        raise Invalid(fields={"clientSecret": Reason("secret-of-another-issuer")})
    return secret


def _is_grave(policy: SignInPolicy, new: NewPolicy, secret: str | None) -> bool:
    provider = policy.issuer, policy.client_id, policy.client_secret
    is_less_asked = policy.is_second_factor_required and not new.is_second_factor_required
    return is_less_asked or provider != (new.issuer, new.client_id, secret)
