"""Making API keys, and shutting them."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.api_keys import GRANTABLE, ApiKey, grants_of, lifetime
from maintainuk.domain.base import new_id
from maintainuk.domain.errors import Invalid, NotFound, Reason
from maintainuk.domain.permissions import Permission, Scope, is_within
from maintainuk.infrastructure.repositories.api_keys import ApiKeys
from maintainuk.infrastructure.security.api_keys import SHOWN, ApiKeySecrets


class ApiKeyService:
    """An organisation's API keys, for those who manage them."""

    def __init__(self, work: UnitOfWork, secrets: ApiKeySecrets) -> None:
        self.work = work
        self.secrets = secrets
        self.keys = ApiKeys(work.session)

    async def all(self) -> Sequence[dict[str, Any]]:
        """Return the organisation's keys."""
        self._may_manage()
        return await self.keys.listed()

    def grantable(self) -> Sequence[Permission]:
        """Return what the person may let a key do: what they may do themselves, everywhere in the organisation."""
        grants = self.work.actor.grants
        return sorted(one for one in GRANTABLE if grants.get(one) is Scope.ORG)

    async def make(self, name: str, permissions: Collection[Permission], *, days: int) -> tuple[ApiKey, str]:
        """Make a key and return it with the text that is shown this once."""
        self._may_manage()
        actor = self.work.actor
        grants = grants_of(permissions)
        if len(grants) < len(set(permissions)) or not is_within(grants, actor.grants):
            raise Invalid("key-goes-too-far", fields={"permissions": Reason("key-goes-too-far")})
        assert actor.user_id is not None
        key_id = new_id()
        text, secret_hash = self.secrets.make(actor.org_id, key_id)
        key = ApiKey(
            org_id=actor.org_id,
            id=key_id,
            name=name,
            stored_grants={str(permission): str(scope) for permission, scope in grants.items()},
            shown=text[:SHOWN],
            secret_hash=secret_hash,
            created_by=actor.user_id,
            created_at=self.work.now,
            expires_at=self.work.now + lifetime(days),
        )
        self.work.session.add(key)
        self.work.audit("ApiKeyMade", subject_id=key_id, data={"permissions": sorted(grants), "days": days})
        return key, text

    async def revoke(self, key_id: UUID) -> None:
        """Shut a key at once and for good. Raises `NotFound`; shutting it twice is fine."""
        self._may_manage()
        if (key := await self.keys.locked(key_id)) is None:
            raise NotFound("no-such-key")
        if key.revoke(at=self.work.now):
            self.work.audit("ApiKeyRevoked", subject_id=key_id)

    def _may_manage(self) -> None:
        self.work.actor.require(Permission.API_KEYS_MANAGE, at_least=Scope.ORG)
