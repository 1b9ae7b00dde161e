"""The invented homes: real towns and districts, streets that sound right, no real address meant."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from maintainuk.domain.organisations import Nation
from maintainuk.domain.properties import PropertyKind


@dataclass(frozen=True, slots=True)
class District:
    """A part of a town: postcodes begin with `sector`, such as "LS6 3"."""

    town: str
    nation: Nation
    sector: str
    streets: tuple[str, ...]
    blocks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Building:
    """A house or a block, with the labels of its homes (one empty label for a house)."""

    kind: PropertyKind
    address_line: str
    district: District
    postcode: str
    labels: tuple[str, ...]


def _of(*streets: str) -> tuple[str, ...]:
    return streets


LETTINGS = (
    District(
        "Leeds",
        Nation.ENGLAND,
        "LS6 3",
        _of("Cardigan Lane", "Ash Grove", "Chestnut Avenue", "Brudenell Street", "Manor Drive", "Hessle Mount"),
        _of("Burley Lofts", "Headingley Court", "Cavendish Mill"),
    ),
    District(
        "Leeds",
        Nation.ENGLAND,
        "LS11 5",
        _of("Dewsbury Terrace", "Cross Flatts Row", "Beeston Grove", "Hunslet Parade"),
        _of(
            "Wharf House",
        ),
    ),
    District(
        "Bristol",
        Nation.ENGLAND,
        "BS5 6",
        _of("St Mark's Rise", "Stapleton Gardens", "Robertson Terrace", "Bellevue Hill", "Easton Walk"),
        _of("Chocolate Factory", "Greenbank View"),
    ),
    District(
        "Bristol",
        Nation.ENGLAND,
        "BS3 1",
        _of("North View", "Raleigh Place", "Dean Row", "Upton Crescent"),
        _of(
            "Tobacco Yard",
        ),
    ),
    District(
        "Cardiff",
        Nation.WALES,
        "CF24 4",
        _of("Mackintosh Terrace", "Albany Row", "Richmond Crescent", "Llanfairpwllgwyngyll Road", "Arabella Close"),
        _of(
            "Tŷ Glas House",
        ),
    ),
    District(
        "Edinburgh",
        Nation.SCOTLAND,
        "EH6 5",
        _of("Great Junction Place", "Iona Terrace", "Dalmeny Row", "Lorne Square", "Leith Walk Court"),
        _of("Shore Granary", "Pilrig Gait"),
    ),
    District(
        "Belfast",
        Nation.NORTHERN_IRELAND,
        "BT7 1",
        _of("Botanic Row", "Cromwell Terrace", "Rugby Mews", "Agincourt Place"),
        (),
    ),
)
SOCIAL = (
    District(
        "Halifax",
        Nation.ENGLAND,
        "HX1 4",
        _of("Gibbet Terrace", "Hopwood Rise", "Parkinson Close", "Pellon View", "Battinson Walk"),
        _of("Mixenden Court", "Dodge Holme House"),
    ),
    District(
        "Hebden Bridge",
        Nation.ENGLAND,
        "HX7 8",
        _of("Birchcliffe Row", "Unity Terrace", "Mytholm Bank", "Fairfield Way"),
        _of(
            "Melbourne Works",
        ),
    ),
    District(
        "Todmorden",
        Nation.ENGLAND,
        "OL14 5",
        _of("Ferney Lee Terrace", "Cross Stone Rise", "Wellington Fold", "Bacup Row"),
        (),
    ),
    District(
        "Brighouse",
        Nation.ENGLAND,
        "HD6 1",
        _of("Thornhill Gardens", "Canal Bank", "Bonegate Crescent", "Clifton Fold"),
        _of(
            "Stoney Lane House",
        ),
    ),
)

_INWARD_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
HOMES_IN_A_BLOCK = (8, 24)
BLOCK_SHARE = 0.08


def buildings(districts: tuple[District, ...], homes: int, chance: Random) -> Iterator[Building]:
    """Yield buildings until they hold `homes` homes; each address once."""
    taken: set[str] = set()
    left = homes
    while left > 0:
        district = chance.choice(districts)
        postcode = f"{district.sector}{chance.choice(_INWARD_LETTERS)}{chance.choice(_INWARD_LETTERS)}"
        block = chance.choice(district.blocks) if district.blocks and chance.random() < BLOCK_SHARE else None
        if block and block + district.sector not in taken:
            taken.add(block + district.sector)
            size = min(left, chance.randint(*HOMES_IN_A_BLOCK))
            labels = tuple(f"Flat {number}" for number in range(1, size + 1))
            yield Building(
                PropertyKind.BLOCK, f"{block}, {chance.choice(district.streets)}", district, postcode, labels
            )
            left -= size
        else:
            address = f"{chance.randint(1, 148)} {chance.choice(district.streets)}"
            if address + district.sector in taken:
                continue
            taken.add(address + district.sector)
            yield Building(PropertyKind.HOUSE, address, district, postcode, ("",))
            left -= 1
