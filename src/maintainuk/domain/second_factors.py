"""What proves who somebody is beside their password: an authenticator app, a passkey, a recovery code.

These tables are installation-wide, as identities are: a person proves themselves once for all their organisations.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, new_id, one_of

RECOVERY_CODES = 10
MOST_PASSKEYS = 10


class FactorKind(StrEnum):
    """What somebody holds."""

    TOTP = "totp"
    PASSKEY = "passkey"


class SecondFactor(Entity, kw_only=True):
    """An authenticator app or a passkey. Counts once it is confirmed; its seed is sealed, a passkey has none."""

    __tablename__ = "second_factors"
    __table_args__ = (Index(None, "identity_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    identity_id: Mapped[UUID] = mapped_column(ForeignKey("app.identities.id"))
    kind: Mapped[FactorKind] = mapped_column(one_of(FactorKind, "kind"))
    name: Mapped[str | None] = mapped_column(default=None)
    """What its owner calls the passkey, such as "Work laptop"."""
    sealed_seed: Mapped[bytes | None] = mapped_column(default=None)
    last_step: Mapped[int | None] = mapped_column(BigInteger, default=None)
    """The half minute (since 1970) of the newest code that was taken: no code is taken twice, nor an older one."""
    credential_id: Mapped[bytes | None] = mapped_column(unique=True, default=None)
    public_key: Mapped[bytes | None] = mapped_column(default=None)
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
    used_at: Mapped[datetime | None] = mapped_column(default=None)

    def took(self, step: int, *, at: datetime) -> bool:
        """Take the code of this half minute, unless it or a later one was taken before."""
        if self.last_step is not None and step <= self.last_step:
            return False
        self.last_step, self.used_at = step, at
        return True


class RecoveryCode(Entity, kw_only=True):
    """A way in for whoever has lost their phone; works once. Only its keyed hash is kept."""

    __tablename__ = "recovery_codes"
    __table_args__ = (Index(None, "identity_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    identity_id: Mapped[UUID] = mapped_column(ForeignKey("app.identities.id"))
    code_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)
