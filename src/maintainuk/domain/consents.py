"""On which ways people may be written to, and how they said so (UK GDPR article 7, PECR regulation 22)."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, OwnedByOrganisation, belongs_to, one_of
from maintainuk.domain.people import ConsentChannel
from maintainuk.domain.sealing import Sealed


class ContactWay(StrEnum):
    """How somebody can be reached."""

    EMAIL = "email"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    PHONE = "phone"
    POST = "post"


class ContactPurpose(StrEnum):
    """What they are written to for."""

    REPAIRS = "repairs"
    """Their own repairs and their home's safety: a duty, so no consent is asked; an objection counts."""
    NEWS = "news"
    """Surveys, news and offers: nothing without consent."""


ASKS_FIRST = frozenset({ContactWay.WHATSAPP})
"""Ways that hand people's words to a service they may not want: used for repairs, too, by those alone who agreed."""


class Consent(OwnedByOrganisation, Entity, kw_only=True):
    """That somebody agreed to be written to, or took it back. Nothing is ever changed: the latest counts.

    `wording` is what they heard or read; `note` (sealed) who spoke to whom. Forgetting the person removes it.
    """

    __tablename__ = "consents"
    __table_args__ = (belongs_to("people", "person_id"), Index(None, "org_id", "person_id"))

    person_id: Mapped[UUID]
    way: Mapped[ContactWay] = mapped_column(one_of(ContactWay, "way"))
    purpose: Mapped[ContactPurpose] = mapped_column(one_of(ContactPurpose, "purpose"))
    is_given: Mapped[bool]
    told_by: Mapped[ConsentChannel] = mapped_column(one_of(ConsentChannel, "told_by"))
    told_on: Mapped[date]
    wording: Mapped[str | None] = mapped_column(default=None)
    wording_version: Mapped[str | None] = mapped_column(default=None)
    """Which text of ours it was; nothing when it was another one."""
    note: Mapped[str | None] = mapped_column(Sealed("consents.note"), default=None)
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID | None] = mapped_column(default=None)


def may_write(way: ContactWay, purpose: ContactPurpose, *, latest: bool | None) -> bool:
    """Say whether somebody may be written to who last agreed, took it back, or (None) was never asked.

    Whoever sends asks at the moment of sending, not when the letter was promised.
    """
    if latest is None:
        return purpose is ContactPurpose.REPAIRS and way not in ASKS_FIRST
    return latest
