"""A repeated request has one effect and one answer (Idempotency-Key)."""

from fastapi import Request

from maintainuk.application.unit_of_work import UnitOfWork


async def claim(request: Request, work: UnitOfWork) -> None:
    """Claim the request's key for this unit of work, or find the answer that was already given."""
