"""What AI may propose about a ticket, and what a person made of it (product specification §6.7, §14).

AI only ever proposes. It may raise an alarm by itself, and never lowers one.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import BigInteger, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, Event, OwnedByOrganisation, belongs_to, one_of
from maintainuk.domain.errors import AlreadyDecided
from maintainuk.domain.taxonomy import Category, HazardClass, Priority, Trade

LONGEST_REASON = 300
MOST_QUESTIONS = 5

Reason = Annotated[str, Field(min_length=1, max_length=LONGEST_REASON)]
"""One plain sentence for the coordinator; shown as text, never as markup."""

Value = TypeVar("Value")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Proposal(_Strict, Generic[Value]):
    """A proposed value with the reason for it."""

    value: Value
    reason: Reason


class MissingQuestion(_Strict):
    """Something the report does not say and the coordinator would want to know."""

    question: Annotated[str, Field(min_length=1, max_length=200)]
    reason: Reason


class TriageSuggestion(_Strict):
    """What an advisor makes of one report. Whatever does not fit is refused whole."""

    category: Proposal[Category]
    trade: Proposal[Trade | None]
    priority: Proposal[Priority]
    hazard_class: Proposal[HazardClass]
    safety_flag: Proposal[bool]
    missing_questions: Annotated[list[MissingQuestion], Field(max_length=MOST_QUESTIONS)]

    @property
    def is_alarm(self) -> bool:
        """Whether it speaks of an emergency: nobody decides about such a one without having opened the ticket."""
        return (
            self.hazard_class.value is HazardClass.POTENTIAL_EMERGENCY
            or self.priority.value is Priority.P1
            or self.safety_flag.value
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportInWords:
    """What an advisor is shown of a report: redacted words, no names, no address, no ids."""

    title: str
    description: str
    answers: Mapping[str, str]
    """The picker's questions and what was answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """An advisor's answer as it came, before anybody has checked that it fits the schema."""

    output: Mapping[str, Any]
    model: str
    tokens_in: int = 0
    tokens_out: int = 0
    cost_micropence: int = 0
    """Millionths of a penny; whole numbers, as all money."""
    raises_alarm: bool = True
    """Whether an emergency it proposes is an alarm at once; if not, the suggestion is looked at first by a person."""


class AiFailure(StrEnum):
    """Why a job brought nothing (§6.7)."""

    SCHEMA_INVALID = "schema_invalid"
    PROVIDER_ERROR = "provider_error"
    REFUSED = "refused"
    TRUNCATED = "truncated"
    BLOCKED_BY_REDACTION = "blocked_by_redaction"
    INPUT_TOO_LARGE = "input_too_large"
    DISABLED = "disabled"


class AiJobStatus(StrEnum):
    """How far a job has come, and what became of its answer."""

    PENDING = "pending"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    ACCEPTED = "accepted"
    ACCEPTED_EDITED = "accepted_edited"
    DISMISSED = "dismissed"
    EXPIRED = "expired"
    FAILED = "failed"
    CANCELLED = "cancelled"


class AiJobKind(StrEnum):
    """What an advisor is asked for."""

    TRIAGE = "triage"


@dataclass(frozen=True, slots=True, kw_only=True)
class AiEvent(Event):
    """Something that happened to a question put to an advisor."""

    ticket_id: UUID
    ai_job_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceAsked(AiEvent):
    """Somebody wants an advisor's opinion of a ticket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceGiven(AiEvent):
    """An advisor has answered, and the answer fits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceFailed(AiEvent):
    """No usable answer came."""

    reason: AiFailure


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceDecided(AiEvent):
    """A person took the suggestion, changed it, or turned it down."""

    decision: AiJobStatus


class SuggestionMark(StrEnum):
    """How an advisor's suggestion waits for a person: whether it may be confirmed among others, or must be opened."""

    READY = "ready"
    STALE = "stale"
    """The tenant has said more since the advisor was asked."""
    ALARM = "alarm"
    """It speaks of an emergency."""


class AiJob(OwnedByOrganisation, Entity, kw_only=True):
    """One question to an advisor, its answer, and what a person decided (the seed's Pattern 4)."""

    __tablename__ = "ai_jobs"
    __table_args__ = (
        belongs_to("maintenance_tickets", "ticket_id"),
        belongs_to("users", "requested_by"),
        belongs_to("users", "decided_by"),
        Index("ix_ai_jobs_ticket", "org_id", "ticket_id", "created_at"),
        Index("ix_ai_jobs_decided", "org_id", "status", "decided_at"),
    )

    ticket_id: Mapped[UUID]
    kind: Mapped[AiJobKind] = mapped_column(one_of(AiJobKind, "kind"), default=AiJobKind.TRIAGE)
    status: Mapped[AiJobStatus] = mapped_column(one_of(AiJobStatus, "status"), default=AiJobStatus.PENDING)
    requested_by: Mapped[UUID | None] = mapped_column(default=None)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None] = mapped_column(default=None)
    finished_at: Mapped[datetime | None] = mapped_column(default=None)
    advisor: Mapped[str | None] = mapped_column(default=None)
    model: Mapped[str | None] = mapped_column(default=None)
    input_hash: Mapped[str | None] = mapped_column(default=None)
    """SHA-256 of the redacted question, in hex."""
    output: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), default=None)
    """A `TriageSuggestion`."""
    failure: Mapped[AiFailure | None] = mapped_column(one_of(AiFailure, "failure"), default=None)
    tokens_in: Mapped[int] = mapped_column(default=0)
    tokens_out: Mapped[int] = mapped_column(default=0)
    cost_micropence: Mapped[int] = mapped_column(BigInteger, default=0)
    decided_by: Mapped[UUID | None] = mapped_column(default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decision: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), default=None)
    """What was decided, field by field, when a person took it with or without changes."""

    def asked(self) -> None:
        """Say that an opinion is wanted; called once, by whoever makes the job."""
        self._tell(AdviceAsked)

    @property
    def is_waiting(self) -> bool:
        """Whether an answer may still come."""
        return self.status in {AiJobStatus.PENDING, AiJobStatus.RUNNING}

    def begun(self, question: ReportInWords, *, at: datetime) -> None:
        """Note that the advisor is being asked, and what: by its hash, for the words stay with the ticket."""
        told = json.dumps([question.title, question.description, dict(question.answers)], sort_keys=True)
        self.status, self.input_hash = AiJobStatus.RUNNING, sha256(told.encode()).hexdigest()
        self.started_at = self.started_at or at

    def answered(self, suggestion: TriageSuggestion, advice: Advice, *, advisor: str, at: datetime) -> None:
        """Keep an answer that fits."""
        self.status, self.finished_at, self.advisor, self.model = AiJobStatus.SUCCEEDED, at, advisor, advice.model
        self.output = suggestion.model_dump(mode="json")
        self.tokens_in, self.tokens_out, self.cost_micropence = (
            advice.tokens_in,
            advice.tokens_out,
            advice.cost_micropence,
        )
        self._tell(AdviceGiven)

    def failed(self, reason: AiFailure, *, at: datetime) -> None:
        """Record that no usable answer came, and why."""
        self.status, self.failure, self.finished_at = AiJobStatus.FAILED, reason, at
        self._tell(AdviceFailed, reason=reason)

    def decide(self, decision: AiJobStatus, chosen: dict[str, Any] | None, *, by: UUID | None, at: datetime) -> None:
        """Record what a person made of the suggestion; `chosen` is the classification they settled on."""
        if self.status is not AiJobStatus.SUCCEEDED:
            raise AlreadyDecided
        self.status, self.decision, self.decided_by, self.decided_at = decision, chosen, by, at
        self._tell(AdviceDecided, decision=decision)

    def _tell(self, event: type[AiEvent], **facts: Any) -> None:  # noqa: ANN401  (each event has its own)
        self.happened.append(event(org_id=self.org_id, ticket_id=self.ticket_id, ai_job_id=self.id, **facts))
