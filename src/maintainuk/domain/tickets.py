"""A maintenance ticket: something in a home is broken and somebody has said so (product specification §6.1, §14)."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, Index, UniqueConstraint, false
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.ai import SuggestionMark
from maintainuk.domain.base import Entity, OwnedByOrganisation, belongs_to, one_of
from maintainuk.domain.emergencies import Danger
from maintainuk.domain.errors import IllegalTransition, Invalid, Reason
from maintainuk.domain.taxonomy import Category, Channel, Classification, HazardClass, Priority, Responsibility, Trade
from maintainuk.domain.ticket_events import (
    AlarmRepeated,
    ContactLeft,
    DangerAcknowledged,
    DangerReleased,
    DangerReported,
    HazardLowered,
    HazardRaised,
    HomeFound,
    InfoReceived,
    NextStepPlanned,
    RejectionReason,
    ReporterFound,
    ReviewAsked,
    TenantAsked,
    TenantWrote,
    TicketApproved,
    TicketCancelled,
    TicketClassified,
    TicketCommented,
    TicketEvent,
    TicketImported,
    TicketOwnerChanged,
    TicketPriorityChanged,
    TicketRejected,
    TicketReported,
    TicketTriageBegun,
)
from maintainuk.domain.ticket_lifecycle import FINAL, LIFECYCLE, OPEN, TicketAction, TicketStatus

LONGEST_TITLE = 160
LONGEST_DESCRIPTION = 20_000
LONGEST_COMMENT = 10_000
FIRST_TICKET_NUMBER = 10_001
APPEAL_WITHIN = timedelta(days=28)
"""How long a tenant may ask for another look at a rejected report (specification §6.1)."""


class MaintenanceTicket(OwnedByOrganisation, Entity, kw_only=True):
    """One repair, from the first word about it until it is proven done."""

    __tablename__ = "maintenance_tickets"
    __table_args__ = (
        UniqueConstraint("org_id", "number"),
        belongs_to("properties", "property_id"),
        belongs_to("units", "unit_id"),
        belongs_to("tenancies", "tenancy_id"),
        belongs_to("people", "reporter_id"),
        belongs_to("users", "owner_id"),
        belongs_to("users", "danger_acknowledged_by"),
        CheckConstraint("aware_at <= created_at", name="aware_before_created"),
        CheckConstraint("property_id IS NOT NULL OR address_as_written IS NOT NULL", name="somewhere"),
        Index("ix_maintenance_tickets_newest", "org_id", "reported_at", "id"),
        Index("ix_maintenance_tickets_updated", "org_id", "updated_at", "id"),
        Index("ix_maintenance_tickets_status", "org_id", "status", "reported_at", "id"),
        Index("ix_maintenance_tickets_priority", "org_id", "priority", "reported_at", "id"),
        Index("ix_maintenance_tickets_owner", "org_id", "owner_id", "reported_at", "id"),
        Index("ix_maintenance_tickets_property", "org_id", "property_id"),
        Index("ix_maintenance_tickets_reporter", "org_id", "reporter_id"),
        Index(
            "ix_maintenance_tickets_tally",
            "org_id",
            "status",
            "priority",
            "owner_id",
            postgresql_include=["suggestion", "has_alarm"],
        ),
        Index("ix_maintenance_tickets_alarm", "org_id", "has_alarm", "reported_at", "id"),
        Index(
            "ix_maintenance_tickets_suggestion",
            "org_id",
            "has_alarm",
            "reported_at",
            "id",
            postgresql_where="suggestion IS NOT NULL",
        ),
        Index("ix_maintenance_tickets_external", "org_id", "external_reference", unique=True),
        Index(
            "ix_maintenance_tickets_danger",
            "org_id",
            "reported_at",
            postgresql_where="danger IS NOT NULL AND danger_acknowledged_at IS NULL",
        ),
        Index("ix_maintenance_tickets_home_unknown", "org_id", "reported_at", postgresql_where="property_id IS NULL"),
        Index("ix_maintenance_tickets_search", "search", postgresql_using="gin"),
    )

    number: Mapped[int]
    property_id: Mapped[UUID | None] = mapped_column(default=None)
    unit_id: Mapped[UUID | None] = mapped_column(default=None)
    tenancy_id: Mapped[UUID | None] = mapped_column(default=None)
    reporter_id: Mapped[UUID | None] = mapped_column(default=None)
    owner_id: Mapped[UUID | None] = mapped_column(default=None)
    title: Mapped[str]
    description: Mapped[str]
    category: Mapped[Category] = mapped_column(one_of(Category, "category"), default=Category.OTHER)
    priority: Mapped[Priority] = mapped_column(one_of(Priority, "priority"), default=Priority.P3)
    status: Mapped[TicketStatus] = mapped_column(one_of(TicketStatus, "status"), default=TicketStatus.NEW)
    channel: Mapped[Channel] = mapped_column(one_of(Channel, "channel"), default=Channel.STAFF)
    trade: Mapped[Trade | None] = mapped_column(one_of(Trade, "trade"), default=None)
    hazard_class: Mapped[HazardClass | None] = mapped_column(one_of(HazardClass, "hazard_class"), default=None)
    responsibility: Mapped[Responsibility | None] = mapped_column(
        one_of(Responsibility, "responsibility"), default=None
    )
    danger: Mapped[Danger | None] = mapped_column(one_of(Danger, "danger"), default=None)
    danger_acknowledged_at: Mapped[datetime | None] = mapped_column(default=None)
    danger_acknowledged_by: Mapped[UUID | None] = mapped_column(default=None)
    has_alarm: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether a danger, or a hazard that nobody chose and the product raised, waits for a person to look at it."""
    suggestion: Mapped[SuggestionMark | None] = mapped_column(one_of(SuggestionMark, "suggestion"), default=None)
    """What of an advisor's waits for a decision: a mark for lists. Setting it makes no new version of the ticket."""
    rejection: Mapped[RejectionReason | None] = mapped_column(one_of(RejectionReason, "rejection"), default=None)
    next_step: Mapped[str | None] = mapped_column(default=None)
    next_step_due_at: Mapped[datetime | None] = mapped_column(default=None)
    address_as_written: Mapped[str | None] = mapped_column(default=None)
    """Where it is in the words of whoever wrote it, until somebody recognises the home."""
    external_reference: Mapped[str | None] = mapped_column(default=None)
    """What another system calls it; unique within the organisation, so that an import can be repeated."""
    status_since: Mapped[datetime]
    reported_at: Mapped[datetime]
    aware_at: Mapped[datetime]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(init=False)
    search: Mapped[Any] = mapped_column(
        TSVECTOR,
        Computed(
            "array_to_tsvector(ARRAY['org:' || org_id::text])"
            " || setweight(to_tsvector('app.english', 'T-' || number::text || ' ' || number::text), 'A')"
            " || setweight(to_tsvector('app.english', title), 'A')"
            " || to_tsvector('app.english', description)"
            " || to_tsvector('app.english', coalesce(address_as_written, ''))"
            " || to_tsvector('app.english', coalesce(external_reference, ''))",
            persisted=True,
        ),
        init=False,
        deferred=True,
        deferred_raiseload=True,
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy's own protocol)

    @property
    def reference(self) -> str:
        """What people call the ticket, such as T-10482."""
        return reference(self.number)

    @property
    def is_in_danger(self) -> bool:
        """Whether a danger that the tenant chose waits for somebody to look after it."""
        return self.danger is not None and self.danger_acknowledged_at is None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.status in OPEN

    def reported(self) -> None:
        """Say that the ticket has come in; called once, by whoever makes it."""
        self._tell(TicketReported, reporter_id=self.reporter_id)
        if self.danger:
            self.has_alarm = True
            self._tell(DangerReported, danger=self.danger)

    def imported(self) -> None:
        """Say that the ticket was brought in from another system; called once, instead of `reported`."""
        self._tell(TicketImported)

    def acknowledge_danger(self, by: UUID | None, *, at: datetime) -> None:
        """Record who looks after the alarm, chosen by the tenant or raised; a second time changes nothing."""
        if not self.has_alarm:
            return
        if self.danger is not None:
            self.danger_acknowledged_at, self.danger_acknowledged_by = at, by
        self.has_alarm, self.updated_at = False, at
        self._tell(DangerAcknowledged)

    def repeat_alarm(self, *, at: datetime) -> None:
        """Have the emergency contact told of a danger that nobody looks after yet."""
        if self.danger and self.danger_acknowledged_at is None:
            self.updated_at = at
            self._tell(AlarmRepeated, danger=self.danger)

    def release_danger(self, *, at: datetime) -> None:
        """Let the alarm wait for somebody again; where none was ever raised, nothing changes."""
        if self.has_alarm or (self.danger is None and self.hazard_class is not HazardClass.POTENTIAL_EMERGENCY):
            return
        self.danger_acknowledged_at = self.danger_acknowledged_by = None
        self.has_alarm, self.updated_at = True, at
        self._tell(DangerReleased)

    def looked_at(self) -> None:
        """Take in that a person has decided something; a danger that the tenant chose waits to be acknowledged."""
        if self.danger is None or self.danger_acknowledged_at is not None:
            self.has_alarm = False

    def triage(self, *, at: datetime) -> None:
        """Begin to look at the report."""
        self._step(TicketAction.TRIAGE, at)
        self.rejection = None
        self.looked_at()
        self._tell(TicketTriageBegun)

    def classify(self, as_: Classification, *, lowered_because: str | None = None, at: datetime) -> None:
        """Say what it is, how soon, how dangerous and whose duty; a person's decision, whoever proposed it.

        A hazard goes down only with words for why (specification §6.1).
        """
        self._step(TicketAction.CLASSIFY, at)
        if as_.hazard_class.is_below(self.hazard_class):
            if not lowered_because:
                raise Invalid(fields={"lowered_because": Reason("hazard-reason-empty")})
            self._tell(HazardLowered, before=self.hazard_class, after=as_.hazard_class, body=lowered_because)
        self.looked_at()
        self.category, self.trade, self.priority = as_.category, as_.trade, as_.priority
        self.hazard_class, self.responsibility = as_.hazard_class, as_.responsibility
        self._tell(TicketClassified, **asdict(as_))

    def raise_hazard(self, hazard_class: HazardClass, *, ai_job_id: UUID | None = None, at: datetime) -> None:
        """Raise the alarm by an advice; a class that is not worse than the present one changes nothing."""
        if hazard_class.severity > (self.hazard_class or HazardClass.NONE).severity:
            self._alarm(hazard_class, ai_job_id, at)

    def heard(self, hazard_class: HazardClass, *, at: datetime) -> None:
        """Raise the alarm by new words: also once more, where somebody has looked after an earlier one."""
        before = (self.hazard_class or HazardClass.NONE).severity
        is_anew = hazard_class is HazardClass.POTENTIAL_EMERGENCY and not self.has_alarm
        if hazard_class.severity > before or is_anew:
            self._alarm(hazard_class, None, at)

    def ask(self, question: str, *, at: datetime) -> None:
        """Ask whoever reported it; the ticket waits for the answer."""
        self._step(TicketAction.REQUEST_INFO, at)
        self._tell(TenantAsked, reporter_id=self.reporter_id, body=question)

    def hears_tenant(self, at: datetime) -> bool:
        """Whether words of the tenant's still reach somebody."""
        if self.status is TicketStatus.REJECTED:
            return at - self.status_since <= APPEAL_WITHIN
        return self.status not in FINAL

    def tenant_wrote(self, words: str, *, at: datetime) -> None:
        """Take in what the tenant adds; an awaited answer, or one to a rejection, brings the ticket back to triage."""
        if not self.hears_tenant(at):
            raise IllegalTransition(what=self.reference, state=self.status, allowed=[])
        if self.status is TicketStatus.AWAITING_INFO:
            self._step(TicketAction.RECEIVE_INFO, at)
        self.updated_at = at
        if self.suggestion is SuggestionMark.READY:
            self.suggestion = SuggestionMark.STALE
        self._tell(TenantWrote, body=words)
        if self.status is TicketStatus.REJECTED:
            self._look_again(at)

    def endangered(self, danger: Danger, *, at: datetime) -> None:
        """Take in that somebody is in danger now; the same danger, while nobody looks after it, changes nothing."""
        if not self.hears_tenant(at):
            raise IllegalTransition(what=self.reference, state=self.status, allowed=[])
        if self.danger is danger and self.danger_acknowledged_at is None:
            return
        if self.status is TicketStatus.REJECTED:
            self._look_again(at)
        self.prioritise(Priority.P1, at=at)
        self.danger, self.danger_acknowledged_at, self.danger_acknowledged_by = danger, None, None
        self.hazard_class, self.has_alarm, self.updated_at = HazardClass.POTENTIAL_EMERGENCY, True, at
        self._tell(DangerReported, danger=danger)

    def reported_by(self, person_id: UUID, *, at: datetime) -> None:
        """Take in who reported it, where nobody knew."""
        self._allow(TicketAction.COMMENT)
        self.reporter_id, self.updated_at = person_id, at
        self._tell(ContactLeft)
        self._tell(ReporterFound, reporter_id=person_id)

    def contact_left(self, told: str | None = None, *, at: datetime) -> None:
        """Say that whoever reported it can be reached in one more way; `told` is what contradicts their file."""
        self._allow(TicketAction.COMMENT)
        self.updated_at = at
        self._tell(ContactLeft, body=told)

    def receive_info(self, *, at: datetime) -> None:
        """Take the ticket back to triage, because the answer came some other way."""
        self._step(TicketAction.RECEIVE_INFO, at)
        self._tell(InfoReceived)

    def approve(self, *, at: datetime) -> None:
        """Decide that the repair will be done."""
        self._step(TicketAction.APPROVE, at)
        self.looked_at()
        self._tell(TicketApproved, reporter_id=self.reporter_id)

    def reject(self, reason: RejectionReason, explanation: str, *, at: datetime) -> None:
        """Decide that it leads to no repair, and say why in words for the tenant."""
        self._step(TicketAction.REJECT, at)
        self.looked_at()
        self.rejection = reason
        self._tell(TicketRejected, reporter_id=self.reporter_id, reason=reason, body=explanation)

    def cancel(self, why: str, *, by_tenant: bool, at: datetime) -> None:
        """Record that the repair is no longer wanted, and why."""
        self._step(TicketAction.CANCEL, at)
        if not by_tenant:
            self.looked_at()
        self._tell(TicketCancelled, reporter_id=self.reporter_id, body=why, by_tenant=by_tenant)

    def plan(self, next_step: str, due_at: datetime, *, at: datetime) -> None:
        """Say what happens next and by when."""
        self._allow(TicketAction.PLAN)
        if (self.next_step, self.next_step_due_at) == (next_step, due_at):
            return
        self.next_step, self.next_step_due_at, self.updated_at = next_step, due_at, at
        self._tell(NextStepPlanned, body=next_step, due_at=due_at)

    def link_home(self, property_id: UUID, unit_id: UUID | None, tenancy_id: UUID | None, *, at: datetime) -> None:
        """Recognise the home behind an address that was only written down."""
        self._allow(TicketAction.LINK_HOME)
        if (self.property_id, self.unit_id) == (property_id, unit_id):
            return
        self.property_id, self.unit_id, self.tenancy_id, self.updated_at = property_id, unit_id, tenancy_id, at
        self._tell(HomeFound, property_id=property_id)

    def prioritise(self, priority: Priority, *, at: datetime) -> None:
        """Decide how soon it must be dealt with; the same priority again changes nothing."""
        self._allow(TicketAction.PRIORITISE)
        if priority == self.priority:
            return
        self._tell(TicketPriorityChanged, before=self.priority, after=priority)
        self.priority = priority
        self.updated_at = at

    def hand_to(self, owner_id: UUID | None, *, at: datetime) -> None:
        """Give the ticket to a member of staff, or to nobody; the same owner again changes nothing."""
        self._allow(TicketAction.ASSIGN)
        if owner_id == self.owner_id:
            return
        self._tell(TicketOwnerChanged, before=self.owner_id, after=owner_id)
        self.owner_id = owner_id
        self.updated_at = at

    def comment(self, body: str, *, at: datetime) -> None:
        """Leave a note on the ticket for colleagues."""
        self._allow(TicketAction.COMMENT)
        self._tell(TicketCommented, body=body)
        self.updated_at = at

    def _alarm(self, hazard_class: HazardClass, ai_job_id: UUID | None, at: datetime) -> None:
        if self.status in FINAL:
            return
        self._tell(HazardRaised, before=self.hazard_class, after=hazard_class, ai_job_id=ai_job_id)
        self.hazard_class, self.updated_at = hazard_class, at
        self.has_alarm = self.has_alarm or hazard_class is HazardClass.POTENTIAL_EMERGENCY

    def _look_again(self, at: datetime) -> None:
        self._step(TicketAction.TRIAGE, at)
        self.rejection = None
        self._tell(ReviewAsked)

    def _step(self, action: TicketAction, at: datetime) -> None:
        self._allow(action)
        after = LIFECYCLE.after(action, self.status)
        if after is not None and after is not self.status:
            self.status, self.status_since = after, at
        self.updated_at = at

    def _allow(self, action: TicketAction) -> None:
        if LIFECYCLE.after(action, self.status) is None:
            raise IllegalTransition(what=self.reference, state=self.status, allowed=LIFECYCLE.allowed(self.status))

    def _tell(self, event: type[TicketEvent], **facts: Any) -> None:  # noqa: ANN401  (each event has its own)
        self.happened.append(event(org_id=self.org_id, ticket_id=self.id, **facts))


def reference(number: int) -> str:
    """Return what people call the ticket with this number."""
    return f"T-{number}"
