"""Who may do what: names, scopes and the built-in roles (product specification §7)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from maintainuk.domain.errors import NotPermitted


class Permission(StrEnum):
    """What a role may hold; each is named `resource:action`."""

    TICKETS_READ = "tickets:read"
    TICKETS_CREATE = "tickets:create"
    TICKETS_UPDATE = "tickets:update"
    TICKETS_ASSIGN = "tickets:assign"
    TICKETS_TRIAGE = "tickets:triage"
    TICKETS_REJECT = "tickets:reject"
    TICKETS_CANCEL = "tickets:cancel"
    PROPERTIES_READ = "properties:read"
    PEOPLE_READ = "people:read"
    MESSAGES_READ = "messages:read"
    INTERNAL_NOTES_READ = "internal_notes:read"
    AI_USE = "ai:use"
    SETTINGS_WRITE = "settings:write"


class Scope(StrEnum):
    """How far a permission reaches. Without teams the whole organisation is one team."""

    OWN = "own"
    ASSIGNED = "assigned"
    TEAM = "team"
    PORTFOLIO = "portfolio"
    ORG = "org"


WHOLE_ORGANISATION = frozenset({Scope.TEAM, Scope.ORG})

Grants = Mapping[Permission, Scope]


class BuiltInRole(StrEnum):
    """Roles each organisation begins with; their grants are rows and may be changed."""

    ORG_ADMIN = "OrgAdmin"
    MANAGER = "Manager"
    COORDINATOR = "Coordinator"
    FINANCE = "Finance"
    AUDITOR = "Auditor"


def _grants(scope: Scope, *permissions: Permission) -> Grants:
    return MappingProxyType(dict.fromkeys(permissions, scope))


_READS = (
    Permission.TICKETS_READ,
    Permission.PROPERTIES_READ,
    Permission.PEOPLE_READ,
    Permission.MESSAGES_READ,
)

_DESK = tuple(permission for permission in Permission if permission is not Permission.SETTINGS_WRITE)

BUILT_IN_GRANTS: Mapping[BuiltInRole, Grants] = MappingProxyType(
    {
        BuiltInRole.ORG_ADMIN: _grants(Scope.ORG, *Permission),
        BuiltInRole.MANAGER: _grants(Scope.ORG, *_DESK),
        BuiltInRole.COORDINATOR: _grants(Scope.TEAM, *_DESK),
        BuiltInRole.FINANCE: _grants(Scope.ORG, *_READS, Permission.INTERNAL_NOTES_READ),
        BuiltInRole.AUDITOR: _grants(Scope.ORG, *_READS),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The signed-in person, or the system acting for an organisation (`user_id` None)."""

    org_id: UUID
    user_id: UUID | None
    name: str
    role: str
    role_version: int = 0
    grants: Grants = field(default_factory=dict)
    session_id: UUID | None = None

    @classmethod
    def system(cls, org_id: UUID) -> "Actor":
        """Return the product itself, at work for one organisation."""
        return cls(
            org_id=org_id, user_id=None, name="MaintainUK", role="System", grants=_grants(Scope.ORG, *Permission)
        )

    def may(self, permission: Permission) -> bool:
        """Say whether the role's present version holds the permission for every row of the organisation."""
        return self.grants.get(permission) in WHOLE_ORGANISATION

    def require(self, permission: Permission) -> Scope:
        """Return how far the permission reaches, or refuse with `NotPermitted`."""
        if permission not in self.grants:
            raise NotPermitted("outside-your-role", permission=permission)
        return self.grants[permission]

    def require_whole_organisation(self, permission: Permission) -> None:
        """Refuse unless the permission reaches every row of the organisation."""
        if self.require(permission) not in WHOLE_ORGANISATION:
            raise NotPermitted("outside-your-part")
