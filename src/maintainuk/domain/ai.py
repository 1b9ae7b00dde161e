"""What AI may propose about a ticket, and what a person made of it (product specification §6.7, §14).

AI only ever proposes. It may raise an alarm by itself, and never lowers one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

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
