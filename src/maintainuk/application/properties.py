"""What people ask of properties and homes."""

from typing import Any
from uuid import UUID

from maintainuk.application.tickets import TicketService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.addresses import MOST_SKIPPED, Address, KnownHomes, lines_of
from maintainuk.domain.permissions import Permission
from maintainuk.infrastructure.repositories.imports import Imports
from maintainuk.infrastructure.repositories.properties import Homes

MOST_HOMES = 30
"""As many as somebody looks through before typing another word."""
MOST_SUGGESTED = 5
"""As many as can be taken in beside the address that somebody wrote."""


class HomeService:
    """Choosing the home that a repair is in."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work

    async def homes(self, words: str) -> list[dict[str, Any]]:
        """Return homes whose address, or one of whose people, matches all the words; names only to those who may."""
        within = self.work.actor.require(Permission.PROPERTIES_READ)
        return self._as_may_be_seen(await Homes(self.work.session, within).matching(words, limit=MOST_HOMES))

    async def like(self, ticket_id: UUID) -> list[dict[str, Any]]:
        """Return the homes that a ticket's address as written may mean; none when its home is known."""
        within = self.work.actor.require(Permission.PROPERTIES_READ)
        written = (await TicketService(self.work).read(ticket_id))["address_as_written"]
        if not written:
            return []
        address = Address.of(written)
        postcodes = {address.postcode} if address.postcode else set[str]()
        known = KnownHomes(
            await Imports(self.work.session).homes(postcodes, lines_of([address], skipping=MOST_SKIPPED))
        )
        units = [home.unit_id for home in known.like(address) if home.unit_id][:MOST_SUGGESTED]
        return self._as_may_be_seen(await Homes(self.work.session, within).these(units))

    def _as_may_be_seen(self, homes: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if not self.work.actor.may(Permission.PEOPLE_READ):
            for home in homes:
                if home["tenancy"]:
                    home["tenancy"]["people"] = []
        return homes
