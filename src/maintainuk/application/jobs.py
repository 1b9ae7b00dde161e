"""The jobs the outbox may carry: a name and a payload of ids, nothing else.

A payload never holds personal data: it is stored, logged and counted. Handlers read what they need when they run.
"""

from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Job(BaseModel):
    """Something to do after this commits."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: ClassVar[str]
    priority: ClassVar[int] = 5
    """0 is claimed first, 9 last."""


class SendEmail(Job):
    """Deliver one e-mail that a `Message` row describes."""

    name = "send-email"
    message_id: UUID


class NoOperation(Job):
    """Do nothing: how long the machinery itself takes, for `doctor` and `bench`."""

    name = "no-operation"
    priority = 9


JOBS: dict[str, type[Job]] = {job.name: job for job in (SendEmail, NoOperation)}
