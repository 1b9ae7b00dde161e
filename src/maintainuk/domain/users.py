"""The people who sign in to an organisation."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, OwnedByOrganisation, belongs_to, belongs_to_organisation, one_of
from maintainuk.domain.roles import ActsFor
from maintainuk.domain.sealing import Sealed, Spelling, found_by


class UserStatus(StrEnum):
    """Whether a person may sign in."""

    ACTIVE = "active"
    DISABLED = "disabled"


class User(OwnedByOrganisation, Entity, kw_only=True):
    """Somebody who signs in, as their organisation knows them.

    A member of staff has none of the ids below. Whoever acts for a landlord, works for a contractor or is a tenant has
    one of them, and what they may see begins there.
    """

    __tablename__ = "users"
    __table_args__ = (
        Index("uq_users_email", "org_id", "email_index", unique=True),
        UniqueConstraint("org_id", "vouched_issuer", "vouched_subject"),
        belongs_to_organisation(),
        belongs_to("roles", "role_id"),
        belongs_to("landlords", "landlord_id"),
        belongs_to("contractors", "contractor_id"),
        belongs_to("people", "person_id"),
        Index(None, "org_id", "landlord_id"),
        Index(None, "org_id", "contractor_id"),
        Index(None, "org_id", "person_id"),
    )

    name: Mapped[str] = mapped_column(Sealed("users.name"))
    email: Mapped[str] = mapped_column(Sealed("users.email"))
    role_id: Mapped[UUID]
    status: Mapped[UserStatus] = mapped_column(one_of(UserStatus, "status"), default=UserStatus.ACTIVE)
    landlord_id: Mapped[UUID | None] = mapped_column(default=None)
    contractor_id: Mapped[UUID | None] = mapped_column(default=None)
    person_id: Mapped[UUID | None] = mapped_column(default=None)
    email_index: Mapped[bytes | None] = mapped_column(init=False, info=found_by("email", Spelling.EMAIL))
    """What the address is found by, inside the organisation; an `Identity` has another for the whole installation."""
    last_signed_in_at: Mapped[datetime | None] = mapped_column(default=None)
    vouched_issuer: Mapped[str | None] = mapped_column(default=None)
    vouched_subject: Mapped[str | None] = mapped_column(default=None)
    """The account at the organisation's provider that is theirs: addresses pass on to newcomers, these never do."""

    def has_account(self, issuer: str, subject: str) -> bool:
        """Say whether this account is theirs; the first one that an issuer vouches for becomes it."""
        if self.vouched_issuer != issuer:
            self.vouched_issuer, self.vouched_subject = issuer, subject
        return self.vouched_subject == subject

    def forget_account(self) -> None:
        """Let the next account that is vouched for be theirs."""
        self.vouched_issuer = self.vouched_subject = None

    @property
    def acts_for(self) -> ActsFor | None:
        """Whose side the person is on, when they are no member of staff."""
        ids = {
            ActsFor.LANDLORD: self.landlord_id,
            ActsFor.CONTRACTOR: self.contractor_id,
            ActsFor.TENANT: self.person_id,
        }
        return next((side for side, id_ in ids.items() if id_), None)
