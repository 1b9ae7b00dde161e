"""Recognising a home by an address as somebody wrote it, with or without commas (ADR 19)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from maintainuk.domain.import_rows import POSTCODE

_FLAT = r"\b(?:flat|apartment|apt|unit|room|studio)(?![a-z])\.?\s*"
FLAT_FIRST = re.compile(_FLAT + r"(?P<flat>[\w-]+)[,\s]+(?P<rest>.+)", re.IGNORECASE)
FLAT_LATER = re.compile(r"(?P<rest>.+?)[,\s]+" + _FLAT + r"(?P<flat>\d[\w-]*|[a-z])\b(?P<after>.*)", re.IGNORECASE)
HOUSE_NUMBER = re.compile(r"(\d+[a-z]?(?:[-/]\d+[a-z]?)?)\b", re.IGNORECASE)
MOST_WORDS = 16
"""So many words of an address are compared; a street's line has fewer."""
MOST_SKIPPED = 4
"""So many words may stand before a street's line where somebody is only asked whether it is the one."""


def bare(text: str) -> str:
    """Return letters and digits only."""
    return re.sub(r"\W", "", text).upper()


def worded(text: str) -> str:
    """Return words in small letters, without the commas and stops between them."""
    return " ".join(re.sub(r"[\s,.]+", " ", text.lower()).split())


@dataclass(frozen=True, slots=True)
class Address:
    """An address taken apart, as far as comparing takes."""

    postcode: str
    house: str
    """Its number, or its name when it has none."""
    flat: str
    words: tuple[str, ...]
    """What is left of it: the street's line and what follows."""

    @classmethod
    def of(cls, address: str, *, flat: str = "", postcode: str = "") -> "Address":
        """Take an address apart; what has a column of its own comes beside it."""
        if not postcode and (found := POSTCODE.search(address)):
            postcode = " ".join(found.groups())
        if postcode:
            address = re.sub(re.escape(postcode).replace(r"\ ", " ?"), "", address, flags=re.IGNORECASE).strip(" ,")
        if found := FLAT_FIRST.match(address):
            address, flat = found["rest"], flat or found["flat"]
        elif found := FLAT_LATER.match(address):
            address, flat = f"{found['rest']}{found['after']}", flat or found["flat"]
        return cls(bare(postcode), _house(address), _flat(flat), tuple(worded(address).split()))

    def lines(self, skipped: int = 0) -> list[str]:
        """Return what may be the street's line, the longest first."""
        words = self.words[skipped : skipped + MOST_WORDS]
        return [" ".join(words[:count]) for count in range(len(words), 0, -1)]


@dataclass(frozen=True, slots=True)
class KnownHome:
    """A unit, or a building of which no unit is known, with the words its address is written in."""

    property_id: UUID
    address_line: str
    town: str
    postcode: str
    unit_id: UUID | None
    label: str


class KnownHomes:
    """The homes that addresses may mean."""

    def __init__(self, known: Sequence[KnownHome]) -> None:
        self._by_house: dict[tuple[str, str], list[KnownHome]] = {}
        self._by_line: dict[str, list[KnownHome]] = {}
        for home in known:
            self._by_house.setdefault((bare(home.postcode), _house(home.address_line)), []).append(home)
            for line in _lines_of(home):
                self._by_line.setdefault(line, []).append(home)

    def of(self, address: Address) -> KnownHome | None:
        """Return the one home that an address means; nobody guesses between two, nor by a street's line alone."""
        found = self._at_postcode(address) or [home for home in self._on_line(address) if _is_sure(home, address)]
        if len({home.property_id for home in found}) != 1:
            return None
        if address.flat:
            found = _of_flat(found, address)
            return found[0] if len(found) == 1 else None
        return found[0] if len(found) == 1 else replace(found[0], unit_id=None, label="")

    def like(self, address: Address) -> list[KnownHome]:
        """Return the homes that an address may mean, for somebody to choose; those it names most exactly come first."""
        places = range(min(MOST_SKIPPED, len(address.words)))
        found = self._at_postcode(address) or next(
            filter(None, (self._on_line(address, place) for place in places)), []
        )
        exact = _of_flat(found, address) if address.flat else []
        return sorted(exact or found, key=lambda home: not _is_sure(home, address))

    def _at_postcode(self, address: Address) -> list[KnownHome]:
        is_told = address.postcode and address.house
        return self._by_house.get((address.postcode, address.house), []) if is_told else []

    def _on_line(self, address: Address, skipped: int = 0) -> list[KnownHome]:
        return next((self._by_line[line] for line in address.lines(skipped) if line in self._by_line), [])


def lines_of(addresses: Iterable[Address], *, skipping: int = 0) -> set[str]:
    """Return every text that may be a street's line of one of these addresses."""
    return {line for address in addresses for place in range(skipping + 1) for line in address.lines(place)}


def _is_sure(home: KnownHome, address: Address) -> bool:
    """Say whether more than the street's line fits: streets of one name are in many towns.

    That is the postcode or, where none is told, the town behind the line or a flat that a building with a name has.
    """
    if address.postcode:
        return bare(home.postcode) == address.postcode
    words = " ".join(address.words)
    line = next((line for line in _lines_of(home) if f"{words} ".startswith(f"{line} ")), "")
    behind = words[len(line) :]
    if f" {worded(home.town)} " in f"{behind} ":
        return True
    is_named = not HOUSE_NUMBER.match(home.address_line)
    return is_named and not behind and bool(address.flat) and _flat(home.label) == address.flat


def _lines_of(home: KnownHome) -> list[str]:
    """Return the ways in which people write its line: a building with a name is called by that alone, too."""
    name, comma, _ = home.address_line.partition(",")
    is_named = comma and not HOUSE_NUMBER.match(name)
    return [worded(home.address_line), *([worded(name)] if is_named else [])]


def _of_flat(homes: Iterable[KnownHome], address: Address) -> list[KnownHome]:
    return [home for home in homes if _flat(home.label) == address.flat]


def _house(address: str) -> str:
    found = HOUSE_NUMBER.match(address)
    return (found[1] if found else address.partition(",")[0]).strip().lower()


def _flat(text: str) -> str:
    return re.sub(r"flat|apartment|apt|unit|number|no\b|\W", "", text.lower())
