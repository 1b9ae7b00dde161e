"""What is asked of an address book, and what it says."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from maintainuk.domain.organisations import Nation


class Silence(StrEnum):
    """Why an address book said nothing."""

    UNREACHABLE = "unreachable"
    BUSY = "busy"
    KEY_REFUSED = "key-refused"


class AddressBookSilent(Exception):
    """An address book can't answer now: whoever asked types the address in."""

    def __init__(self, why: Silence) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class SoughtAddress:
    """All that is asked of an address book: a postcode, or the words that somebody typed."""

    postcode: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAddress:
    """An address that may be meant; `property_id` when it is known here already."""

    address_line: str
    town: str
    postcode: str
    nation: Nation | None = None
    uprn: str | None = None
    property_id: UUID | None = None
