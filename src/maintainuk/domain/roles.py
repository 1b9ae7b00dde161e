"""What a member of staff may do: a named set of grants that an organisation can change."""

from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, OwnedByOrganisation, belongs_to_organisation, one_of
from maintainuk.domain.permissions import Grants, Permission, Scope
from maintainuk.domain.sign_in import Client


class Role(OwnedByOrganisation, Entity, kw_only=True):
    """A named set of grants, for people who sign in with one client.

    Each change raises the version, and the server decides by the newest.
    """

    __tablename__ = "roles"
    __table_args__ = (UniqueConstraint("org_id", "name"), belongs_to_organisation())

    name: Mapped[str]
    stored_grants: Mapped[dict[str, Any]] = mapped_column("grants")
    client: Mapped[Client] = mapped_column(one_of(Client, "client"), default=Client.STAFF)
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
