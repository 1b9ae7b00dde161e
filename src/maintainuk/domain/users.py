"""A person who works in an organisation, and the role that says what they may do."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, OwnedByOrganisation, belongs_to, belongs_to_organisation, one_of
from maintainuk.domain.permissions import Grants, Permission, Scope


class UserStatus(StrEnum):
    """Whether a person may sign in."""

    ACTIVE = "active"
    DISABLED = "disabled"


class Role(OwnedByOrganisation, Entity, kw_only=True):
    """A named set of grants. Each change raises the version, and the server decides by the newest."""

    __tablename__ = "roles"
    __table_args__ = (UniqueConstraint("org_id", "name"), belongs_to_organisation())

    name: Mapped[str]
    stored_grants: Mapped[dict[str, Any]] = mapped_column("grants")
    version: Mapped[int] = mapped_column(default=1)

    @property
    def grants(self) -> Grants:
        """Permission -> scope; a name this release doesn't know grants nothing."""
        known = set(Permission)
        return {Permission(name): Scope(scope) for name, scope in self.stored_grants.items() if name in known}

    def regrant(self, grants: Grants) -> None:
        """Replace what the role may do, at once for everybody who holds it."""
        self.stored_grants = {str(permission): str(scope) for permission, scope in grants.items()}
        self.version += 1


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
