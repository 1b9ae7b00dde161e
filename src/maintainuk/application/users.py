"""What people ask about their colleagues."""

from typing import Any

from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.infrastructure.repositories.users import Users


class UserService:
    """Who works here."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work

    async def colleagues(self, *, assignable: bool) -> list[dict[str, Any]]:
        """Return the members of staff by name: those who can own a ticket now, or everybody who ever could."""
        self.work.actor.require(Permission.TICKETS_READ, at_least=Scope.TEAM)
        return await Users(self.work.session).staff(everybody=not assignable)
