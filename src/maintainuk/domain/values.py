"""What people type, made safe to store and to read aloud."""

import re
import unicodedata

import phonenumbers

TURNS_TEXT_AROUND = frozenset("\u202d\u202e")
"""Directional overrides: they make a reader see other words than were stored."""


def prose(text: str) -> str:
    """Return what was typed, in one Unicode form (NFC), with its lines and without characters nobody can read.

    What holds no visible character at all is nothing.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = unicodedata.normalize("NFC", "".join(filter(_is_readable, lines))).strip()
    return kept if any(unicodedata.category(character)[0] in "LNPS" for character in kept) else ""


FEWEST_DIGITS_OF_A_PHONE = 7
LONGEST_UPRN = 12


def phone(text: str) -> str:
    """Return a phone number as it was written, digits of any script in ours: 'ext. 12' and 'after six' may stand by.

    Raises `ValueError` when there is nothing to dial.
    """
    written = line(unicodedata.normalize("NFKC", text))
    dialled = "".join(str(unicodedata.digit(sign)) if sign.isdigit() else sign for sign in written)
    if sum(sign.isdigit() for sign in dialled) < FEWEST_DIGITS_OF_A_PHONE:
        raise ValueError(dialled)
    return dialled


def national_number(text: str) -> str:
    """Return what tells two ways of writing one phone number from two numbers: +44 7700 900123 is 07700 900123."""
    try:
        number = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException:
        return "".join(filter(str.isdigit, text))
    return phonenumbers.national_significant_number(number)


BRITISH = re.compile(r"\+44[1-9]\d{8,9}", re.ASCII)
"""What is written already as the whole world dials it."""


def e164(text: str) -> str:
    """Return a phone number as the whole world dials it (+447700900123), read as in the UK; else its digits alone."""
    if BRITISH.fullmatch(text):
        return text
    try:
        number = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException:
        return "".join(filter(str.isdigit, text))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


DRAMA_NUMBERS = re.compile(
    r"\+44(?:7700900\d{3}|1632960\d{3}|(?:113|114|115|116|117|118|121|131|141|151|161)4960\d{3}|1914980\d{3}"
    r"|2079460\d{3}|2896496\d{3}|2920180\d{3}|8081570\d{3}|3069990\d{3})"
)
"""What Ofcom keeps free for film and television: invalid to `phonenumbers`, and ringing nowhere."""


INVENTED_DOMAINS = re.compile(r"(?:.+\.)?(?:example\.(?:com|net|org)|example|invalid|test|localhost)")
"""Names that nobody can own (RFC 2606, RFC 6761)."""


def is_invented(address: str) -> bool:
    """Say whether a phone number or e-mail address is one that only film, demo and tests use: nobody is behind it."""
    if "@" in address:
        return INVENTED_DOMAINS.fullmatch(address.rpartition("@")[2].strip().rstrip(".>").casefold()) is not None
    return DRAMA_NUMBERS.fullmatch(e164(unicodedata.normalize("NFKC", address).replace("(0)", ""))) is not None


def telephone(text: str) -> str:
    """Return a phone number that can be dialled in E.164, such as `+447700900123`; without a country it is British.

    Raises `ValueError` for what is no number that anybody could have.
    """
    written = unicodedata.normalize("NFKC", line(text)).replace("(0)", "")
    try:
        number = phonenumbers.parse(written, "GB")
    except phonenumbers.NumberParseException:
        raise ValueError from None
    dialled = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if number.extension or not (phonenumbers.is_valid_number(number) or DRAMA_NUMBERS.fullmatch(dialled)):
        raise ValueError
    return dialled


def spoken_number(text: str) -> str:
    """Return a number as people in the United Kingdom write it; what cannot be read stays as it was written."""
    try:
        number = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException:
        return text
    if not text.startswith("+"):
        return text
    if number.country_code != phonenumbers.country_code_for_region("GB"):
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)


def uprn(text: str) -> str:
    """Return a Unique Property Reference Number as digits without leading zeros, 12 at most.

    Raises `ValueError` for anything else.
    """
    digits = "".join(text.split()).lstrip("0")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > LONGEST_UPRN:
        raise ValueError
    return digits


def line(text: str) -> str:
    """Return what was typed on one line, with single spaces."""
    if text.isascii() and text.isprintable():  # nearly all of a file of 50,000 homes: there is nothing to take out
        return " ".join(text.split())
    return " ".join(prose(text).split())


def one_width(text: str) -> str:
    """Return what was typed on one line in signs of one width (NFKC): a full-width １ is 1, and nobody sees another."""  # noqa: RUF002
    return line(text) if text.isascii() else line(unicodedata.normalize("NFKC", visible(text)))


def compared(text: str) -> str:
    """Return what two ways of writing one thing have in common: letters and digits, whatever stands between them."""
    return "".join(filter(str.isalnum, one_width(text).casefold()))


def visible(text: str) -> str:
    """Return what was typed on one line without signs that nobody sees: two addresses that look alike are one."""
    return "".join(sign for sign in line(text) if unicodedata.category(sign) != "Cf")


def _is_readable(character: str) -> bool:
    if character in TURNS_TEXT_AROUND:
        return False
    return character in "\n\t" or unicodedata.category(character) not in {"Cc", "Cs"}
