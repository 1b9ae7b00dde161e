"""The addresses that an organisation knows already: needs no account, and shows what would be written down twice."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.address_books import AddressBookSilent, FoundAddress, Silence, SoughtAddress
from maintainuk.domain.permissions import Reach
from maintainuk.infrastructure.repositories.addresses import KnownAddresses

Sessions = Callable[[UUID], AbstractAsyncContextManager[AsyncSession] | Any]


class KnownHomes:
    """An `AddressBook` of the organisation's own properties, as far as whoever asks may see them."""

    name = "known-homes"

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def find(self, org_id: UUID, within: Reach, sought: SoughtAddress) -> Sequence[FoundAddress]:
        """Return what is known at a postcode, or like the words. Raises `AddressBookSilent`."""
        try:
            async with self._sessions(org_id) as session:
                return await KnownAddresses(session, within).like(sought)
        except (SQLAlchemyError, OSError, TimeoutError):
            raise AddressBookSilent(Silence.UNREACHABLE) from None

    async def close(self) -> None:
        """Hold nothing open."""
