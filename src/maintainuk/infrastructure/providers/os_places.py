"""Ordnance Survey's Places API: every address that the Royal Mail delivers to, with its UPRN.

https://docs.os.uk/os-apis/accessing-os-apis/os-places-api/technical-specification. Nothing leaves but the postcode or
the address that somebody typed.
"""

import asyncio
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

import httpx2

from maintainuk.domain.address_books import AddressBookSilent, FoundAddress, Silence, SoughtAddress
from maintainuk.domain.organisations import Nation
from maintainuk.domain.permissions import Reach
from maintainuk.domain.postcodes import postcode
from maintainuk.domain.values import uprn

DEADLINE: Final = 4.0
"""Seconds: whoever waits at a form would have typed the address by then."""
MOST: Final = 100
"""As many as the service gives at once; a postcode has about fifteen."""
LARGEST_ANSWER: Final = 2_000_000
NATIONS: Final = {"E": Nation.ENGLAND, "W": Nation.WALES, "S": Nation.SCOTLAND, "N": Nation.NORTHERN_IRELAND}
SILENCES: Final[Mapping[int, Silence]] = {
    HTTPStatus.UNAUTHORIZED: Silence.KEY_REFUSED,
    HTTPStatus.FORBIDDEN: Silence.KEY_REFUSED,
    HTTPStatus.TOO_MANY_REQUESTS: Silence.BUSY,
}
SMALL: Final = frozenset({"and", "by", "de", "in", "le", "of", "on", "the", "under", "upon", "y", "yr"})


class OsPlaces:
    """An `AddressBook` behind an account with Ordnance Survey."""

    name = "os-places"

    def __init__(self, *, key: str, url: str, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        self._http = httpx2.AsyncClient(
            base_url=url.rstrip("/") + "/",
            headers={"key": key, "Accept": "application/json"},  # not in the address, which ends in logs
            timeout=DEADLINE,
            transport=transport,
            trust_env=False,
        )

    async def find(self, org_id: UUID, within: Reach, sought: SoughtAddress) -> Sequence[FoundAddress]:  # noqa: ARG002
        """Return the addresses at a postcode, or those most like the words. Raises `AddressBookSilent`."""
        if sought.postcode:
            path, asked = "postcode", {"postcode": sought.postcode}
        else:
            path, asked = "find", {"query": sought.words, "minmatch": "0.4"}
        try:
            async with asyncio.timeout(DEADLINE):
                answer = await self._http.get(path, params=asked | {"dataset": "DPA", "maxresults": str(MOST)})
        except (httpx2.HTTPError, OSError, TimeoutError):
            raise AddressBookSilent(Silence.UNREACHABLE) from None
        if answer.status_code in {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND}:
            return []  # what it says to a postcode that it does not know
        if answer.status_code != HTTPStatus.OK:
            raise AddressBookSilent(SILENCES.get(answer.status_code, Silence.UNREACHABLE))
        return _read(answer)

    async def close(self) -> None:
        """Give back its connections."""
        await self._http.aclose()


def _read(answer: httpx2.Response) -> Sequence[FoundAddress]:
    """Take nothing on trust that is not an address."""
    if len(answer.content) > LARGEST_ANSWER:
        raise AddressBookSilent(Silence.UNREACHABLE)
    try:
        results: list[dict[str, Any]] = list(answer.json().get("results") or ())[:MOST]
        found = [_address(result["DPA"]) for result in results if result.get("DPA")]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise AddressBookSilent(Silence.UNREACHABLE) from None
    return [address for address in found if address.address_line and address.town]


def _address(told: dict[str, Any]) -> FoundAddress:
    """Return one address as people write it; the service shouts."""

    def part(name: str) -> str:
        return _calm(str(told.get(name) or "").strip())

    number, street = part("BUILDING_NUMBER"), part("THOROUGHFARE_NAME")
    street = ", ".join(filter(None, (part("DEPENDENT_THOROUGHFARE_NAME"), street)))
    house = part("BUILDING_NAME")
    if house and not number and house[0].isdigit() and " " not in house:  # "14A" is a number to everybody but them
        number, house = house.upper(), ""
    line = " ".join(filter(None, (number, street)))
    parts = (part("SUB_BUILDING_NAME"), house, line, part("DEPENDENT_LOCALITY"))
    return FoundAddress(
        address_line=", ".join(filter(None, parts)),
        town=part("POST_TOWN"),
        postcode=postcode(str(told["POSTCODE"])),
        nation=NATIONS.get(str(told.get("COUNTRY_CODE") or "")),
        uprn=uprn(str(told["UPRN"])) if told.get("UPRN") else None,
    )


def _calm(text: str) -> str:
    """Return words as they are written and not shouted: `ST. MARY'S ROAD` is `St. Mary's Road`."""
    words = text.lower().split()
    return " ".join(
        word if place and word in SMALL else "-".join(part[:1].upper() + part[1:] for part in word.split("-"))
        for place, word in enumerate(words)
    )
