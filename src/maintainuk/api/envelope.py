"""What every JSON answer looks like: `{data, error, traceId}` in camelCase."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from maintainuk.api.wording import mistake
from maintainuk.domain.errors import Reason
from maintainuk.infrastructure.telemetry import trail

T = TypeVar("T")


class View(BaseModel):
    """Something the API shows; every field is always there."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        json_schema_serialization_defaults_required=True,
    )


class Input(BaseModel):
    """Something people send; a name it does not know is refused, not ignored."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=False,
        validate_by_alias=True,
        extra="forbid",
        str_strip_whitespace=True,
        hide_input_in_errors=True,
    )


def typed(clean: Callable[[str], str], longest: int, *, empty: Reason, long: Reason) -> AfterValidator:
    """Return a check that cleans what people type, then says in words what is wrong with it."""

    def check(text: str) -> str:
        if not (text := clean(text)):
            raise mistake(empty)
        if len(text) > longest:
            raise mistake(long)
        return text

    return AfterValidator(check)


class ApiError(View):
    """A refusal, for a program (`code`) and for a person (`message`)."""

    code: str
    message: str
    fields: dict[str, list[str]] | None = Field(None, description="What is wrong with each field, in plain English.")
    allowed_actions: list[str] | None = Field(None, description="What could be done instead.")
    taken_by: UUID | None = Field(None, description="The property that has it already, where there may be one only.")
    current: Any = Field(None, description="The thing as it is now, when somebody else changed it meanwhile.")


def trace_id() -> str:
    """Return what finds the log lines of the request being answered."""
    step = trail.current()
    return step.trace_id if step else ""


class ApiResponse(View, Generic[T]):
    """The envelope of every answer; `traceId` finds its log lines."""

    data: T
    error: None = None
    trace_id: str = Field(default_factory=trace_id)


class Failure(View):
    """The envelope of a refusal."""

    data: None = None
    error: ApiError
    trace_id: str = Field(default_factory=trace_id)


class Page(View, Generic[T]):
    """Part of a list; `nextCursor` asks for what follows, and is null at the end."""

    items: list[T]
    next_cursor: str | None = None
