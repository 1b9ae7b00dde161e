"""What somebody may do: a named set of grants. An organisation changes copies of those that each one begins with."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, OwnedByOrganisation, belongs_to_organisation, one_of
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.permissions import Actor, Grants, Permission, Scope, is_within
from maintainuk.domain.sign_in import Client

ADMINISTERS = (Permission.USERS_MANAGE, Permission.ROLES_MANAGE)


class ActsFor(StrEnum):
    """Whose side somebody is on who is no member of staff."""

    LANDLORD = "landlord"
    CONTRACTOR = "contractor"
    TENANT = "tenant"


SCOPES_OF: Mapping[ActsFor | None, frozenset[Scope]] = MappingProxyType(
    {
        None: frozenset({Scope.OWN, Scope.TEAM, Scope.ORG}),
        ActsFor.LANDLORD: frozenset({Scope.OWN, Scope.PORTFOLIO}),
        ActsFor.CONTRACTOR: frozenset({Scope.OWN, Scope.ASSIGNED}),
        ActsFor.TENANT: frozenset({Scope.OWN}),
    }
)
"""How far permissions may reach for the people of each side; none: of the organisation itself. Nobody is on two."""


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

    @property
    def acts_for(self) -> ActsFor | None:
        """Whose side its holders are on; their user must say which landlord, contractor or tenant that is."""
        if self.client is Client.CONTRACTOR:
            return ActsFor.CONTRACTOR
        if self.client is Client.TENANT:
            return ActsFor.TENANT
        return ActsFor.LANDLORD if Scope.PORTFOLIO in self.grants.values() else None

    @property
    def scopes(self) -> list[Scope]:
        """How far its permissions may reach, from the nearest to the whole."""
        return [scope for scope in Scope if scope in SCOPES_OF[self.acts_for]]

    @property
    def is_built_in(self) -> bool:
        """Whether every organisation has it: releases add to such roles, so an organisation changes copies."""
        return self.name in set(BuiltInRole)

    @property
    def administers(self) -> bool:
        """Whether its holders can let others in and decide what they may do."""
        return all(self.grants.get(permission) is Scope.ORG for permission in ADMINISTERS)

    def regrant(self, grants: Grants) -> None:
        """Replace what the role may do, at once for everybody who holds it."""
        self.stored_grants = {str(permission): str(scope) for permission, scope in grants.items()}
        self.version += 1


def may_hand_out(actor: Actor, role: Role) -> bool:
    """Say whether this person may give somebody the role: it holds no more than theirs, or they manage roles.

    A contractor's administrator hands out roles to their own firm only.
    """
    if actor.grants.get(Permission.USERS_MANAGE) is not Scope.ORG:
        is_theirs = actor.contractor_id is not None and role.client is Client.CONTRACTOR
        return is_theirs and is_within(role.grants, actor.grants, in_one_firm=True)
    return actor.grants.get(Permission.ROLES_MANAGE) is Scope.ORG or is_within(role.grants, actor.grants)
