"""A person who works in an organisation."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, OwnedByOrganisation, belongs_to, belongs_to_organisation, one_of


class UserStatus(StrEnum):
    """Whether a person may sign in."""

    ACTIVE = "active"
    DISABLED = "disabled"


class User(OwnedByOrganisation, Entity, kw_only=True):
    """A member of staff, as their organisation knows them."""

    __tablename__ = "users"
    __table_args__ = (
        UniqueConstraint("org_id", "email"),
        belongs_to_organisation(),
        belongs_to("roles", "role_id"),
    )

    name: Mapped[str]
    email: Mapped[str]
    role_id: Mapped[UUID]
    status: Mapped[UserStatus] = mapped_column(one_of(UserStatus, "status"), default=UserStatus.ACTIVE)
