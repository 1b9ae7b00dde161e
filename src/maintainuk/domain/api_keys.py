"""API keys: how an organisation's own programs work with the product, each with a part of what its maker may do."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, OwnedByOrganisation, belongs_to_organisation
from maintainuk.domain.permissions import Grants, Permission, Scope

GRANTABLE: Final = frozenset(
    {
        Permission.TICKETS_READ,
        Permission.TICKETS_CREATE,
        Permission.TICKETS_UPDATE,
        Permission.PROPERTIES_READ,
        Permission.AUDIT_READ,
    }
)
"""What a program may be let do: the permissions of the operations that are marked as usable by keys."""

LONGEST_NAME: Final = 80
LIFETIMES: Final = (30, 90, 365)
"""Days. No key is for ever: whoever needs it longer makes the next one while this one still works."""


class ApiKey(OwnedByOrganisation, Entity, kw_only=True):
    """What a program shows. Its secret is kept as a hash; `shown` is its beginning, by which people tell keys apart."""

    __tablename__ = "api_keys"
    __table_args__ = (belongs_to_organisation(),)

    name: Mapped[str]
    stored_grants: Mapped[dict[str, Any]] = mapped_column("grants")
    shown: Mapped[str]
    secret_hash: Mapped[bytes]
    created_by: Mapped[UUID]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)

    def revoke(self, *, at: datetime) -> bool:
        """Shut the key for good; says whether it still opened anything."""
        if self.revoked_at is not None:
            return False
        self.revoked_at = at
        return True


def grants_of(stored: Collection[str]) -> Grants:
    """Return what a key may do, everywhere in its organisation; a name this release doesn't know grants nothing."""
    return {Permission(name): Scope.ORG for name in stored if name in GRANTABLE}


def lifetime(days: int) -> timedelta:
    """Return how long a key of so many days works."""
    return timedelta(days=days)
