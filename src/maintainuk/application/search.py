"""One search over everything that somebody may see."""

from typing import Any

from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.permissions import Permission
from maintainuk.infrastructure.repositories.search import Search

FEWEST_LETTERS = 2


class SearchService:
    """Finding tickets, people and homes by what is typed into one box."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work

    async def anywhere(self, words: str) -> dict[str, list[dict[str, Any]]]:
        """Return up to eight of each kind, and nothing of a kind that the actor may not read."""
        actor, search = self.work.actor, Search(self.work.session)
        tickets = actor.require(Permission.TICKETS_READ)
        found: dict[str, list[dict[str, Any]]] = {"tickets": [], "people": [], "homes": []}
        if len(words) < FEWEST_LETTERS:
            return found
        found["tickets"] = await search.tickets(words, tickets)
        if actor.may(Permission.PEOPLE_READ):
            found["people"] = await search.people(words, actor.require(Permission.PEOPLE_READ))
        if actor.may(Permission.PROPERTIES_READ):
            found["homes"] = await search.homes(words, actor.require(Permission.PROPERTIES_READ))
        return found
