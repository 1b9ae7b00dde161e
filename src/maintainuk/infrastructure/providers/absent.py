"""What stands in for a provider that live mode has not been given: it takes nothing, so nothing is called sent."""

from uuid import UUID

from maintainuk.domain.ports import Receipt, Undeliverable


class NoMailer:
    """A `Mailer` for installations without one. The embedded mailbox would say "sent" of letters nobody can read."""

    name = "none"
    is_idempotent = True
    is_there = False

    async def send(self, *_: object, **__: object) -> Receipt:
        """Refuse."""
        raise Undeliverable("no-mailer")

    async def look_up(self, org_id: UUID, key: str) -> Receipt | None:
        """Find nothing, since nothing was taken."""
