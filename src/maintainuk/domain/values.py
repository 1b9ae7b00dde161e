"""What people type, made safe to store and to read aloud."""

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


def e164(text: str) -> str:
    """Return a phone number as the whole world dials it (+447700900123), read as in the UK; else its digits alone."""
    try:
        number = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException:
        return "".join(filter(str.isdigit, text))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def line(text: str) -> str:
    """Return what was typed on one line, with single spaces."""
    return " ".join(prose(text).split())


def _is_readable(character: str) -> bool:
    if character in TURNS_TEXT_AROUND:
        return False
    return character in "\n\t" or unicodedata.category(character) not in {"Cc", "Cs"}
