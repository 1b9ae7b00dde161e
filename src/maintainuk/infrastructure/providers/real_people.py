"""Keeps what is sent in live mode from addresses that only film, demo and tests use."""

from uuid import UUID

from maintainuk.domain.ports import Email, Mailer, Receipt, Undeliverable
from maintainuk.domain.values import is_invented


class ToRealPeopleAlone:
    """A `Mailer` in front of another one: what goes to nobody is refused before anything leaves."""

    def __init__(self, mailer: Mailer) -> None:
        self._mailer = mailer

    @property
    def name(self) -> str:
        """What logs, metrics and `provider_calls` call it."""
        return self._mailer.name

    @property
    def is_idempotent(self) -> bool:
        """Whether it drops a second call with the same key by itself."""
        return self._mailer.is_idempotent

    @property
    def is_there(self) -> bool:
        """Whether letters go anywhere."""
        return self._mailer.is_there

    async def send(self, email: Email, *, idempotency_key: str) -> Receipt:
        """Deliver once per key. Raises `Undeliverable` for an address that nobody can have."""
        if is_invented(email.to):
            raise Undeliverable("invented-address")
        return await self._mailer.send(email, idempotency_key=idempotency_key)

    async def look_up(self, org_id: UUID, key: str) -> Receipt | None:
        """Find what was taken under our key."""
        return await self._mailer.look_up(org_id, key)
