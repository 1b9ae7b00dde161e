"""The states of a maintenance ticket and the commands between them (product specification §6.1)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from maintainuk.domain.lifecycle import Lifecycle, step
from maintainuk.domain.permissions import Actor, Permission
from maintainuk.domain.taxonomy import HazardClass


class TicketStatus(StrEnum):
    """Where a ticket stands on its way from report to closed."""

    DRAFT = "draft"
    NEW = "new"
    TRIAGE = "triage"
    AWAITING_INFO = "awaiting_info"
    AWAITING_APPROVAL = "awaiting_approval"
    APPROVED = "approved"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    MERGED = "merged"


FINAL = frozenset({TicketStatus.CLOSED, TicketStatus.REJECTED, TicketStatus.CANCELLED, TicketStatus.MERGED})
OPEN = frozenset(TicketStatus) - FINAL - {TicketStatus.DRAFT, TicketStatus.RESOLVED}


class TicketAction(StrEnum):
    """What people may do with a ticket, in the order they are offered it."""

    TRIAGE = "triage"
    CLASSIFY = "classify"
    REQUEST_INFO = "request_info"
    RECEIVE_INFO = "receive_info"
    APPROVE = "approve"
    REJECT = "reject"
    COMMENT = "comment"
    PRIORITISE = "prioritise"
    ASSIGN = "assign"
    PLAN = "plan"
    LINK_HOME = "link_home"
    CANCEL = "cancel"


_UNFINISHED = frozenset(TicketStatus) - FINAL
_SCHEDULED_LATER = _UNFINISHED - {TicketStatus.IN_PROGRESS, TicketStatus.RESOLVED}

LIFECYCLE: Lifecycle[TicketStatus, TicketAction] = Lifecycle(
    MappingProxyType(
        {
            # A rejection can be appealed against: somebody looks at the report again.
            TicketAction.TRIAGE: step(TicketStatus.NEW, TicketStatus.REJECTED, to=TicketStatus.TRIAGE),
            # Classifying a report that nobody has opened yet begins its triage.
            TicketAction.CLASSIFY: step(TicketStatus.NEW, TicketStatus.TRIAGE, to=TicketStatus.TRIAGE),
            TicketAction.REQUEST_INFO: step(TicketStatus.TRIAGE, to=TicketStatus.AWAITING_INFO),
            TicketAction.RECEIVE_INFO: step(TicketStatus.AWAITING_INFO, to=TicketStatus.TRIAGE),
            TicketAction.APPROVE: step(TicketStatus.TRIAGE, to=TicketStatus.APPROVED),
            TicketAction.REJECT: step(TicketStatus.TRIAGE, to=TicketStatus.REJECTED),
            TicketAction.COMMENT: step(frozenset(TicketStatus) - {TicketStatus.MERGED}),
            TicketAction.PRIORITISE: step(_UNFINISHED),
            TicketAction.ASSIGN: step(_UNFINISHED),
            TicketAction.PLAN: step(_UNFINISHED),
            TicketAction.LINK_HOME: step(_UNFINISHED),
            TicketAction.CANCEL: step(_SCHEDULED_LATER, TicketStatus.ON_HOLD, to=TicketStatus.CANCELLED),
        }
    )
)
"""The part of §6.1 that leads from report to approval; orders, holds and closing come with the work itself."""

NEEDS: Mapping[TicketAction, Permission] = MappingProxyType(
    {
        TicketAction.TRIAGE: Permission.TICKETS_TRIAGE,
        TicketAction.CLASSIFY: Permission.TICKETS_TRIAGE,
        TicketAction.REQUEST_INFO: Permission.TICKETS_TRIAGE,
        TicketAction.RECEIVE_INFO: Permission.TICKETS_TRIAGE,
        TicketAction.APPROVE: Permission.TICKETS_TRIAGE,
        TicketAction.REJECT: Permission.TICKETS_REJECT,
        TicketAction.COMMENT: Permission.TICKETS_UPDATE,
        TicketAction.PRIORITISE: Permission.TICKETS_UPDATE,
        TicketAction.ASSIGN: Permission.TICKETS_ASSIGN,
        TicketAction.PLAN: Permission.TICKETS_UPDATE,
        TicketAction.LINK_HOME: Permission.TICKETS_UPDATE,
        TicketAction.CANCEL: Permission.TICKETS_CANCEL,
    }
)
"""The permission behind each action."""


def allowed_actions(status: TicketStatus, actor: Actor, *, hazard_class: HazardClass) -> list[TicketAction]:
    """Return what this person may do with a ticket in this state, taken for this dangerous."""
    return [
        action for action in LIFECYCLE.allowed(status) if all(map(actor.may, permissions_for(action, hazard_class)))
    ]


def permissions_for(action: TicketAction, hazard_class: HazardClass | None) -> tuple[Permission, ...]:
    """Return what the action asks for: to reject what may be a hazard is to lower it (specification §6.1)."""
    is_hazard = hazard_class not in {None, HazardClass.NONE}
    if action is TicketAction.REJECT and is_hazard:
        return NEEDS[action], Permission.HAZARDS_DOWNGRADE
    return (NEEDS[action],)
