"""What people type in forms, as fields of requests: each is normalised, or refused in words."""

from typing import Annotated, Final

from pydantic import AfterValidator

from maintainuk.api.organisations import EMAIL, LONGEST_EMAIL
from maintainuk.api.wording import mistake
from maintainuk.domain import values
from maintainuk.domain.errors import Reason
from maintainuk.domain.postcodes import postcode
from maintainuk.domain.values import line, prose

LONGEST_NAME, LONGEST_REFERENCE, LONGEST_NOTE = 120, 60, 2_000
LARGEST_SUM: Final = 2_000_000_000
"""Pence; a database's integer ends a little above."""


def _name(text: str) -> str:
    if not (text := line(text)):
        raise mistake(Reason("name-empty"))
    if len(text) > LONGEST_NAME:
        raise mistake(Reason("name-too-long", longest=LONGEST_NAME))
    return text


def _reference(text: str | None) -> str | None:
    if not (text := line(text or "")):
        return None
    if len(text) > LONGEST_REFERENCE:
        raise mistake(Reason("reference-too-long", longest=LONGEST_REFERENCE))
    return text


def _note(text: str | None) -> str | None:
    if not (text := prose(text or "")):
        return None
    if len(text) > LONGEST_NOTE:
        raise mistake(Reason("note-too-long", longest=LONGEST_NOTE))
    return text


def _needed_note(text: str) -> str:
    if (note := _note(text)) is None:
        raise mistake(Reason("note-empty"))
    return note


def _email(text: str | None) -> str | None:
    if not (text := values.visible(text or "")):
        return None
    if len(text) > LONGEST_EMAIL or not EMAIL.fullmatch(text):
        raise mistake(Reason("email-unreadable"))
    return text.lower()


def _telephone(text: str | None) -> str | None:
    if not (text := line(text or "")):
        return None
    try:
        return values.telephone(text)
    except ValueError:
        raise mistake(Reason("phone-unreadable")) from None


def _postcode(text: str) -> str:
    try:
        return postcode(text)
    except ValueError:
        raise mistake(Reason("postcode-unreadable")) from None


def _uprn(text: str | None) -> str | None:
    if not (text := line(text or "")):
        return None
    try:
        return values.uprn(text)
    except ValueError:
        raise mistake(Reason("uprn-unreadable")) from None


Name = Annotated[str, AfterValidator(_name)]
Reference = Annotated[str | None, AfterValidator(_reference)]
Note = Annotated[str | None, AfterValidator(_note)]
NeededNote = Annotated[str, AfterValidator(_needed_note)]
Email = Annotated[str | None, AfterValidator(_email)]
Telephone = Annotated[str | None, AfterValidator(_telephone)]
"""A phone number, in any usual notation; kept in E.164."""
Postcode = Annotated[str, AfterValidator(_postcode)]
Uprn = Annotated[str | None, AfterValidator(_uprn)]
