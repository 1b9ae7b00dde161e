"""Looking an address up, so that nobody types what is known, and nobody writes a property down twice."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.address_books import AddressBookSilent, FoundAddress, Silence, SoughtAddress
from maintainuk.domain.permissions import Permission, Reach, Scope
from maintainuk.domain.ports import AddressBook


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What the books know, those that are known here first; `silence` says why one of them said nothing."""

    found: Sequence[FoundAddress]
    silence: Silence | None


class AddressService:
    """Looking addresses up."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work

    def allowed(self) -> Reach:
        """Return how far whoever asks reaches among what is known here. Raises `NotPermitted`."""
        return self.work.actor.require(Permission.PROPERTIES_WRITE, at_least=Scope.TEAM)


async def look_up(books: Sequence[AddressBook], org_id: UUID, within: Reach, sought: SoughtAddress) -> Looked:
    """Ask all books at once, with no transaction open: one of them may be far away, and may say nothing."""

    async def ask(book: AddressBook) -> Sequence[FoundAddress] | Silence:
        try:
            return await book.find(org_id, within, sought)
        except AddressBookSilent as silent:
            return silent.why

    answers = await asyncio.gather(*map(ask, books))
    silence = next((answer for answer in answers if isinstance(answer, Silence)), None)
    found: list[FoundAddress] = []
    for address in (one for answer in answers if not isinstance(answer, Silence) for one in answer):
        same = next((place for place, one in enumerate(found) if _is_same(one, address)), None)
        if same is None:
            found.append(address)
        elif found[same].uprn is None:
            found[same] = replace(found[same], uprn=address.uprn)
    return Looked(found=found, silence=silence)


def _is_same(one: FoundAddress, other: FoundAddress) -> bool:
    if one.uprn and other.uprn:
        return one.uprn == other.uprn
    return (one.postcode, one.address_line.casefold()) == (other.postcode, other.address_line.casefold())
