"""What people ask of properties and homes."""

from typing import Any

from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.permissions import Permission
from maintainuk.infrastructure.repositories.properties import Homes

MOST_HOMES = 30
"""As many as somebody looks through before typing another word."""


class HomeService:
    """Choosing the home that a repair is in."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work

    async def homes(self, words: str) -> list[dict[str, Any]]:
        """Return homes whose address, or one of whose people, matches all the words; names only to those who may."""
        actor = self.work.actor
        within = actor.require(Permission.PROPERTIES_READ)
        homes = await Homes(self.work.session, within).matching(words, limit=MOST_HOMES)
        if not actor.may(Permission.PEOPLE_READ):
            for home in homes:
                if home["tenancy"]:
                    home["tenancy"]["people"] = []
        return homes
