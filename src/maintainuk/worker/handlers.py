"""What a worker knows how to do: exactly one handler for each job."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, runtime_checkable

from maintainuk.application.jobs import Job
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.bootstrap import Providers
from maintainuk.domain.outbox import OutboxStatus
from maintainuk.domain.ports import Provider, Receipt
from maintainuk.worker.retries import FIVE_FROM_FIVE_SECONDS, Retries


@dataclass(frozen=True, slots=True)
class Settled:
    """There is nothing to send, and why (a code): the promise ends here."""

    status: OutboxStatus
    reason: str


@runtime_checkable
class Delivery(Protocol):
    """A job that does something outside: three steps, and no transaction is open while a provider is called."""

    @property
    def provider(self) -> Provider:
        """Whom it calls."""
        ...

    async def prepare(self, job: Any, work: UnitOfWork) -> Any:  # noqa: ANN401  (what `send` takes, or `Settled`)
        """Read, decide whether it may still be sent, and return all that sending takes."""
        ...

    async def send(self, prepared: Any, *, key: str) -> Receipt:  # noqa: ANN401
        """Call the provider. The key is the same at every attempt."""
        ...

    async def complete(self, job: Any, receipt: Any, work: UnitOfWork) -> None:  # noqa: ANN401  (what `send` returned)
        """Write the effect; the promise is marked kept in the same transaction."""
        ...

    async def gave_up(self, job: Any, status: OutboxStatus, reason: str, work: UnitOfWork) -> None:  # noqa: ANN401
        """Write that it failed, or that nobody can tell (`unknown`); the promise ends in the same transaction."""
        ...


@runtime_checkable
class Chore(Protocol):
    """A job that leaves nothing behind which a second run would repeat."""

    async def run(self, job: Any) -> None:  # noqa: ANN401
        """Do it."""
        ...


SEND_DEADLINE = 15.0
"""Seconds that a call to a provider may take."""


@dataclass(frozen=True, slots=True)
class Handling:
    """Who does a job, how often it is tried, and how long one call to its provider may take (seconds)."""

    job: type[Job]
    handler: Callable[[Providers], Delivery | Chore]
    retries: Retries
    deadline: float = SEND_DEADLINE


HANDLERS: dict[str, Handling] = {}

Made = TypeVar("Made", bound=Callable[[Providers], Delivery | Chore])


def handles(
    job: type[Job], *, retries: Retries = FIVE_FROM_FIVE_SECONDS, deadline: float = SEND_DEADLINE
) -> Callable[[Made], Made]:
    """Say that a class, made from the providers, does this job."""

    def register(handler: Made) -> Made:
        if job.name in HANDLERS:
            message = f"{job.name} has two handlers."
            raise TypeError(message)
        HANDLERS[job.name] = Handling(job, handler, retries, deadline)
        return handler

    return register
