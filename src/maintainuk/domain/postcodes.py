"""UK postcodes: one way of writing each, and the nation whose housing law holds there, where the postcode tells."""

import re
from typing import Final

from maintainuk.domain.organisations import Nation

SHAPE: Final = re.compile(
    r"(?P<area>[A-PR-UWYZ][A-HK-Y]?)(?P<district>\d[0-9A-HJKMNPR-Y]?)(?P<inward>\d[ABD-HJLNP-UW-Z]{2})"
)
"""Area, district, sector with unit. GIR 0AA, the one that fits no shape, names a bank and no home."""
_ENGLAND = (
    "AL B BA BB BD BH BL BN BR BS CA CB CM CO CR CT CV CW DA DE DH DL DN DT DY E EC EN EX FY GL GU HA HD HG HP HU HX"
    " IG IP KT L LA LE LN LS LU M ME MK N NE NG NN NR NW OL OX PE PL PO PR RG RH RM S SE SG SK SL SM SN SO SP SR SS ST"
    " SW TA TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO"
)
_WALES, _SCOTLAND, _NORTHERN_IRELAND = "CF LL SA", "AB DD EH FK G HS IV KA KW KY ML PA PH ZE", "BT"
BORDER_AREAS: Final = frozenset(["SY", "CH", "HR", "LD", "NP", "DG", "TD"])
"""Areas that lie in two nations: somebody has to say in which one a home is (product specification §5)."""
NATION_OF_AREA: Final = {
    area: nation
    for areas, nation in (
        (_ENGLAND, Nation.ENGLAND),
        (_WALES, Nation.WALES),
        (_SCOTLAND, Nation.SCOTLAND),
        (_NORTHERN_IRELAND, Nation.NORTHERN_IRELAND),
    )
    for area in areas.split()
}


def postcode(text: str) -> str:
    """Return a postcode as the Royal Mail writes it: `ls6 3ab`, `LS63AB` and `LS6  3AB` are `LS6 3AB`.

    Raises `ValueError` for what is no postcode of the United Kingdom: Jersey, Guernsey and Man have laws of their own.
    """
    written = _bare(text)
    found = SHAPE.fullmatch(written)
    if found is None or found["area"] not in NATION_OF_AREA.keys() | BORDER_AREAS:
        raise ValueError
    return f"{found['area']}{found['district']} {found['inward']}"


def nation_of(normalised: str) -> Nation | None:
    """Return the nation that a postcode lies in; nothing where its area lies in two."""
    found = SHAPE.fullmatch(_bare(normalised))
    return NATION_OF_AREA.get(found["area"]) if found else None


def area(text: str) -> str:
    """Return what somebody calls their area in one way of writing: a postcode area (`LS`) or a district of it (`LS6`).

    Raises `ValueError` when there is no such area.
    """
    written = _bare(text)
    known = NATION_OF_AREA.keys() | BORDER_AREAS
    if written in known:
        return written
    found = re.fullmatch(r"(?P<area>[A-Z]{1,2})\d[0-9A-Z]?", written)
    if found is None or found["area"] not in known:
        raise ValueError
    return written


def _bare(text: str) -> str:
    return "".join(text.upper().split())
