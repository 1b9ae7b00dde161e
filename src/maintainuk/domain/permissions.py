"""Who may do what: names, how far each reaches, and the person who asks (product specification §7)."""

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
    TICKETS_MERGE = "tickets:merge"
    TICKETS_REJECT = "tickets:reject"
    TICKETS_CANCEL = "tickets:cancel"
    TICKETS_REOPEN = "tickets:reopen"
    TICKETS_CONFIRM = "tickets:confirm"
    HAZARDS_READ = "hazards:read"
    HAZARDS_ASSESS = "hazards:assess"
    HAZARDS_INVESTIGATE = "hazards:investigate"
    HAZARDS_DOWNGRADE = "hazards:downgrade"
    HAZARDS_CLOSE = "hazards:close"
    WORK_ORDERS_READ = "work_orders:read"
    WORK_ORDERS_CREATE = "work_orders:create"
    WORK_ORDERS_ISSUE = "work_orders:issue"
    WORK_ORDERS_AUTHORISE = "work_orders:authorise"
    WORK_ORDERS_RESPOND = "work_orders:respond"
    WORK_ORDERS_SCHEDULE = "work_orders:schedule"
    WORK_ORDERS_PROGRESS = "work_orders:progress"
    WORK_ORDERS_COMPLETE = "work_orders:complete"
    WORK_ORDERS_VERIFY = "work_orders:verify"
    VARIATIONS_APPROVE = "variations:approve"
    QUOTES_READ = "quotes:read"
    QUOTES_REQUEST = "quotes:request"
    QUOTES_SUBMIT = "quotes:submit"
    QUOTES_APPROVE = "quotes:approve"
    QUOTES_AWARD = "quotes:award"
    INVOICES_READ = "invoices:read"
    INVOICES_SUBMIT = "invoices:submit"
    INVOICES_APPROVE = "invoices:approve"
    INVOICES_EXPORT = "invoices:export"
    INVOICES_PAY = "invoices:pay"
    COMPLIANCE_READ = "compliance:read"
    COMPLIANCE_WRITE = "compliance:write"
    COMPLIANCE_ACCEPT = "compliance:accept"
    COMPLIANCE_EXEMPT = "compliance:exempt"
    PROPERTIES_READ = "properties:read"
    PROPERTIES_WRITE = "properties:write"
    TENANCIES_READ = "tenancies:read"
    TENANCIES_WRITE = "tenancies:write"
    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
    PEOPLE_SENSITIVE = "people:sensitive"
    MESSAGES_READ = "messages:read"
    MESSAGES_SEND = "messages:send"
    INTERNAL_NOTES_READ = "internal_notes:read"
    CONTRACTORS_READ = "contractors:read"
    CONTRACTORS_MANAGE = "contractors:manage"
    CONTRACTORS_APPROVE_ACCREDITATION = "contractors:approve_accreditation"
    AI_USE = "ai:use"
    AI_CONFIGURE = "ai:configure"
    AI_AUDIT = "ai:audit"
    REPORTS_READ = "reports:read"
    REPORTS_EXPORT = "reports:export"
    SETTINGS_WRITE = "settings:write"
    USERS_MANAGE = "users:manage"
    ROLES_MANAGE = "roles:manage"
    RULES_MANAGE = "rules:manage"
    SLA_MANAGE = "sla:manage"
    API_KEYS_MANAGE = "api_keys:manage"
    BILLING_MANAGE = "billing:manage"
    WEBHOOKS_MANAGE = "webhooks:manage"
    PRIVACY_READ = "privacy:read"
    PRIVACY_REQUEST = "privacy:request"
    PRIVACY_DSAR = "privacy:dsar"
    PRIVACY_ERASE = "privacy:erase"
    RETENTION_MANAGE = "retention:manage"
    AUDIT_READ = "audit:read"
    OPS_REPLAY = "ops:replay"


class Scope(StrEnum):
    """How far a permission reaches, from the nearest to the whole."""

    OWN = "own"
    """What is about the person or their firm."""
    ASSIGNED = "assigned"
    """What their work orders are about."""
    TEAM = "team"
    """The homes their teams look after, the homes no team looks after, and what they own themselves."""
    PORTFOLIO = "portfolio"
    """The homes of the landlord they act for."""
    ORG = "org"
    """Everything the organisation has."""


Grants = Mapping[Permission, Scope]

FURTHER: Mapping[Scope, frozenset[Scope]] = MappingProxyType(
    {
        Scope.OWN: frozenset(Scope),
        Scope.ASSIGNED: frozenset({Scope.ASSIGNED, Scope.TEAM, Scope.ORG}),
        Scope.TEAM: frozenset({Scope.TEAM, Scope.ORG}),
        Scope.PORTFOLIO: frozenset({Scope.PORTFOLIO, Scope.ORG}),
        Scope.ORG: frozenset({Scope.ORG}),
    }
)
"""The scopes that reach at least as far as each one."""


def is_within(grants: Grants, limit: Grants, *, in_one_firm: bool = False) -> bool:
    """Say whether nothing in `grants` goes beyond `limit`: nobody hands out more than they hold.

    What is a contractor firm's own takes in what its operatives are assigned (`in_one_firm`).
    """
    return all(
        limit.get(permission) in FURTHER[scope]
        or (in_one_firm and (scope, limit.get(permission)) == (Scope.ASSIGNED, Scope.OWN))
        for permission, scope in grants.items()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Which of an organisation's rows a permission reaches, for the person who asks.

    Repositories turn it into conditions (`infrastructure/repositories/reach.py`).
    """

    scope: Scope
    user_id: UUID | None = None
    team_ids: tuple[UUID, ...] = ()
    landlord_id: UUID | None = None
    contractor_id: UUID | None = None
    person_id: UUID | None = None


WHOLE_ORGANISATION = Reach(scope=Scope.ORG)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The signed-in person, or the system acting for an organisation (`user_id` None).

    A person may act for a landlord, work for a contractor or be a tenant: the ids say which one of the organisation's.
    """

    org_id: UUID
    user_id: UUID | None
    name: str
    role: str
    role_version: int = 0
    grants: Grants = field(default_factory=dict)
    session_id: UUID | None = None
    key_id: UUID | None = None
    """The API key a program acts with; `user_id` is None then, for it is nobody's own doing."""
    support_id: UUID | None = None
    """The access by which somebody of the platform looks at the organisation; `user_id` is their identity then."""
    team_ids: tuple[UUID, ...] = ()
    landlord_id: UUID | None = None
    contractor_id: UUID | None = None
    person_id: UUID | None = None

    @property
    def is_staff(self) -> bool:
        """Whether they act for the organisation itself, and not as its landlord, contractor or tenant."""
        return self.landlord_id is None and self.contractor_id is None and self.person_id is None

    @classmethod
    def system(cls, org_id: UUID) -> "Actor":
        """Return the product itself, at work for one organisation."""
        grants = MappingProxyType(dict.fromkeys(Permission, Scope.ORG))
        return cls(org_id=org_id, user_id=None, name="MaintainUK", role="System", grants=grants)

    def may(self, permission: Permission) -> bool:
        """Say whether the role's present version holds the permission, however far it reaches."""
        return permission in self.grants

    def reaches_as_far(self, permission: Permission, other: Permission) -> bool:
        """Say whether the one permission reaches whatever the other, which the role holds, does."""
        return self.grants.get(permission) in FURTHER[self.grants[other]]

    def require(self, permission: Permission, *, at_least: Scope = Scope.OWN) -> Reach:
        """Return which rows the permission reaches; refuse with `NotPermitted` unless it reaches `at_least` so far."""
        if permission not in self.grants:
            raise NotPermitted("outside-your-role", permission=permission)
        if self.grants[permission] not in FURTHER[at_least]:
            raise NotPermitted("outside-your-part")
        return Reach(
            scope=self.grants[permission],
            user_id=self.user_id,
            team_ids=self.team_ids,
            landlord_id=self.landlord_id,
            contractor_id=self.contractor_id,
            person_id=self.person_id,
        )
