"""How one cell of somebody else's table is read: normalised to one way of writing, or refused with a reason.

Every value is a text (or several): a day as ISO 8601, a choice as the key that is stored.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from maintainuk.domain import postcodes, values
from maintainuk.domain.errors import Reason
from maintainuk.domain.import_guesses import plain
from maintainuk.domain.import_rows import E_MAIL, with_lost_zero
from maintainuk.domain.organisations import Nation
from maintainuk.domain.properties import (
    FLAT_NUMBER,
    LONGEST_ADDRESS,
    LONGEST_LABEL,
    LONGEST_REFERENCE,
    LONGEST_TOWN,
    PropertyKind,
    Tenure,
)
from maintainuk.domain.taxonomy import Trade
from maintainuk.domain.tenancies import TenancyKind, TenancyRole

Value = str | list[str]

LONGEST_NAME: Final = 120
LONGEST_EMAIL: Final = 254
WHOLE_NUMBER: Final = re.compile(r"(\d+)\.0+")
"""What a spreadsheet makes of a number in a column of decimals."""
KEPT_AS_TEXT: Final = re.compile(r"'(?=[\d\s.()+-]+$)")
"""How a spreadsheet is kept from changing a number; before words it is somebody's own apostrophe."""
LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
LANGUAGES: Final = {
    "english": "en", "welsh": "cy", "polish": "pl", "romanian": "ro", "punjabi": "pa", "urdu": "ur", "portuguese": "pt",
    "spanish": "es", "arabic": "ar", "bengali": "bn", "gujarati": "gu", "italian": "it", "french": "fr",
    "ukrainian": "uk", "somali": "so", "turkish": "tr", "farsi": "fa", "persian": "fa", "chinese": "zh",
    "tigrinya": "ti",
}  # fmt: skip


class Unreadable(Exception):
    """A cell holds nothing that its column could tell."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.key)
        self.reason = reason


def reference(text: str) -> str:
    """Return what another system knows something by."""
    return _short(_number(text), LONGEST_REFERENCE)


def address_line(text: str) -> str:
    """Return the first line of an address."""
    return _short(values.one_width(text), LONGEST_ADDRESS)


def label(text: str) -> str:
    """Return what tells a home from the others of its block: a number alone is a flat's."""
    text = _short(values.one_width(_number(text)), LONGEST_LABEL)
    return f"Flat {text}" if FLAT_NUMBER.fullmatch(text) else text


def town(text: str) -> str:
    """Return a town."""
    return _short(values.one_width(text), LONGEST_TOWN)


def postcode(text: str) -> str:
    """Return a postcode as the Royal Mail writes it."""
    try:
        return postcodes.postcode(text)
    except ValueError:
        raise Unreadable(Reason("postcode-unreadable")) from None


def uprn(text: str) -> str:
    """Return a UPRN; its leading zeros say nothing, so it does not matter whether a spreadsheet took them."""
    try:
        return values.uprn(_number(text))
    except ValueError:
        raise Unreadable(Reason("uprn-unreadable")) from None


def name(text: str) -> str:
    """Return somebody's name."""
    return _short(text, LONGEST_NAME)


def company(text: str) -> str:
    """Return what a firm is called."""
    return _short(text, LONGEST_NAME)


def email(text: str) -> str:
    """Return an address in the one spelling by which it is compared: case and width make no other."""
    folded = unicodedata.normalize("NFKC", values.visible(text)).removeprefix("mailto:").lower()
    if not E_MAIL.fullmatch(folded) or len(folded) > LONGEST_EMAIL:
        raise Unreadable(Reason("e-mail-unreadable"))
    return folded


def phone(text: str) -> str:
    """Return a number in E.164, whatever its notation; the zero that a spreadsheet takes is given back."""
    try:
        return values.telephone(with_lost_zero(_number(text)))
    except ValueError:
        raise Unreadable(Reason("phone-unreadable")) from None


def day(text: str) -> str:
    """Return a day as it was written: which of its numbers is the day, all rows of the file decide together."""
    return text


def language(text: str) -> str:
    """Return the code of a language."""
    word = text.lower().partition("-")[0]
    code = LANGUAGES.get(word, word)
    if not LANGUAGE.fullmatch(code):
        raise Unreadable(Reason("language-unknown"))
    return code


def trades(text: str) -> list[str]:
    """Return the keys of trades, however they are parted."""
    return _each(text, lambda word: _chosen(word, _TRADES, Trade))


def areas(text: str) -> list[str]:
    """Return postcode areas and districts."""

    def area(word: str) -> str:
        try:
            return postcodes.area(word)
        except ValueError:
            raise Unreadable(Reason("area-unknown")) from None

    return _each(text, area)


def nation(text: str) -> str:
    """Return the key of a nation."""
    return _chosen(text, _NATIONS, Nation)


def property_kind(text: str) -> str:
    """Return whether it is a house or a block."""
    return _chosen(text, _PROPERTY_KINDS, PropertyKind)


def tenure(text: str) -> str:
    """Return the key of a tenure."""
    return _chosen(text, _TENURES, Tenure)


def tenancy_kind(text: str) -> str:
    """Return the key of what the law calls a tenancy."""
    return _chosen(text, _TENANCY_KINDS, TenancyKind)


def role(text: str) -> str:
    """Return the key of somebody's part in a tenancy."""
    return _chosen(text, _ROLES, TenancyRole)


def _own(choices: type[StrEnum], others: Mapping[str, StrEnum]) -> dict[str, StrEnum]:
    return {
        **{plain(word): choice for word, choice in others.items()},
        **{plain(choice.value): choice for choice in choices},
        **{plain(choice.name): choice for choice in choices},
    }


_NATIONS: Final = _own(
    Nation, {"scot": Nation.SCOTLAND, "ni": Nation.NORTHERN_IRELAND, "cymru": Nation.WALES, "gb eng": Nation.ENGLAND}
)
_PROPERTY_KINDS: Final = _own(
    PropertyKind,
    dict.fromkeys(("flats", "block of flats", "building", "hmo", "scheme"), PropertyKind.BLOCK)
    | dict.fromkeys(("bungalow", "terraced", "semi detached", "detached", "maisonette", "home"), PropertyKind.HOUSE),
)
_TENURES: Final = _own(
    Tenure,
    {
        "private": Tenure.PRIVATE_RENT, "private rented": Tenure.PRIVATE_RENT, "market rent": Tenure.PRIVATE_RENT,
        "social": Tenure.SOCIAL_RENT, "general needs": Tenure.SOCIAL_RENT, "affordable": Tenure.AFFORDABLE_RENT,
        "supported housing": Tenure.SUPPORTED, "temporary accommodation": Tenure.TEMPORARY,
        "leaseholder": Tenure.LEASEHOLD,
    },
)  # fmt: skip
_TENANCY_KINDS: Final = _own(
    TenancyKind,
    {
        "ast": TenancyKind.ASSURED, "assured shorthold": TenancyKind.ASSURED, "assured tenancy": TenancyKind.ASSURED,
        "assured shorthold tenancy": TenancyKind.ASSURED, "periodic": TenancyKind.ASSURED,
        "prt": TenancyKind.PRIVATE_RESIDENTIAL, "private residential tenancy": TenancyKind.PRIVATE_RESIDENTIAL,
        "sst": TenancyKind.SCOTTISH_SECURE, "contract": TenancyKind.OCCUPATION_CONTRACT,
        "starter": TenancyKind.INTRODUCTORY,
        "secure tenancy": TenancyKind.SECURE, "lodger": TenancyKind.LICENCE,
    },
)  # fmt: skip
_ROLES: Final = _own(
    TenancyRole,
    {
        "main": TenancyRole.LEAD, "lead tenant": TenancyRole.LEAD, "tenant": TenancyRole.JOINT,
        "joint tenant": TenancyRole.JOINT, "occupier": TenancyRole.HOUSEHOLD, "household member": TenancyRole.HOUSEHOLD,
        "child": TenancyRole.HOUSEHOLD, "partner": TenancyRole.HOUSEHOLD,
    },
)  # fmt: skip
_TRADES: Final = _own(
    Trade,
    {
        "gas": Trade.GAS_ENGINEER, "heating": Trade.HEATING_ENGINEER, "electrical": Trade.ELECTRICIAN,
        "plumbing": Trade.PLUMBER, "drains": Trade.DRAINAGE, "damp": Trade.DAMP_SPECIALIST, "roofing": Trade.ROOFER,
        "carpentry": Trade.CARPENTER, "joiner": Trade.CARPENTER, "locks": Trade.LOCKSMITH, "glazing": Trade.GLAZIER,
        "plastering": Trade.PLASTERER, "multi": Trade.MULTI_TRADE, "handyman": Trade.MULTI_TRADE,
        "general builder": Trade.MULTI_TRADE, "pests": Trade.PEST_CONTROL, "lifts": Trade.LIFT_ENGINEER,
        "appliances": Trade.APPLIANCE_ENGINEER,
    },
)  # fmt: skip


_NAMES: Final = {"Northern ireland": "Northern Ireland", "Private ni": "Private NI"}


def in_words(choice: StrEnum) -> str:
    """Return a choice in the words that a template shows and by which it comes in."""
    words = choice.name.replace("_", " ").capitalize()
    return _NAMES.get(words, words)


_CHOICES: Final[Mapping[Callable[[str], Value], type[StrEnum]]] = {
    nation: Nation,
    property_kind: PropertyKind,
    tenure: Tenure,
    tenancy_kind: TenancyKind,
    role: TenancyRole,
    trades: Trade,
}


def as_shown(value: Value, read: Callable[[str], Value]) -> str:
    """Return what a cell was understood to say, as somebody would write it into a template."""
    if isinstance(value, list):
        return "; ".join(_shown(one, read) for one in value)
    return _shown(value, read)


def _shown(value: str, read: Callable[[str], Value]) -> str:
    if read in _CHOICES:
        return in_words(_CHOICES[read](value))
    if read is phone:
        return values.spoken_number(value)
    if read is day:
        on = date.fromisoformat(value)
        return f"{on.day} {on:%B %Y}"
    return value


def _chosen(text: str, words: Mapping[str, StrEnum], choices: type[StrEnum]) -> str:
    found = words.get(plain(text))
    if found is None:
        told = ", ".join(in_words(choice) for choice in choices)
        raise Unreadable(Reason("choice-unknown", choices=told))
    return found.value


def _each(text: str, read: Callable[[str], str]) -> list[str]:
    return sorted({read(word.strip()) for word in re.split(r"[;,|/\n]", text) if word.strip()})


def _number(text: str) -> str:
    """Return a number as it was before a spreadsheet took it for a decimal; `'` is how it keeps one as text."""
    text = KEPT_AS_TEXT.sub("", text, count=1) if text.startswith("'") else text
    found = WHOLE_NUMBER.fullmatch(text)
    return found[1] if found else text


def _short(text: str, longest: int) -> str:
    if len(text) > longest:
        raise Unreadable(Reason("cell-too-long", longest=longest))
    return text
