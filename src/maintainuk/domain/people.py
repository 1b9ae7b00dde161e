"""The people who live in the homes, and the tenancies that bind them to one."""

from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, OwnedByOrganisation, belongs_to, belongs_to_organisation
from maintainuk.domain.sealing import Sealed, Spelling, found_by
from maintainuk.domain.values import national_number


class Person(OwnedByOrganisation, Entity, kw_only=True):
    """Somebody an organisation deals with: a tenant, a household member, a landlord.

    Who they are and how to reach them is sealed: no statement can compare or sort by it, and none of it may be logged.
    """

    __tablename__ = "people"
    __table_args__ = (
        belongs_to_organisation(),
        Index(None, "org_id", "email_index"),
        Index(None, "org_id", "phone_index"),
        Index(None, "org_id", "name_index"),
        Index("ix_people_name_tokens", "name_tokens", postgresql_using="gin"),
    )

    name: Mapped[str] = mapped_column(Sealed("people.name"))
    email: Mapped[str | None] = mapped_column(Sealed("people.email"), default=None)
    phone: Mapped[str | None] = mapped_column(Sealed("people.phone"), default=None)
    language: Mapped[str] = mapped_column(default="en")
    email_index: Mapped[bytes | None] = mapped_column(init=False, info=found_by("email", Spelling.EMAIL))
    phone_index: Mapped[bytes | None] = mapped_column(init=False, info=found_by("phone", Spelling.PHONE))
    name_index: Mapped[bytes | None] = mapped_column(init=False, info=found_by("name", Spelling.NAME))
    name_tokens: Mapped[list[int]] = mapped_column(
        ARRAY(BigInteger), init=False, server_default="{}", info=found_by("name", Spelling.WORDS)
    )
    """What the name is found by: its words and their beginnings, as keyed hashes."""

    def missing(self, *, email: str | None, phone: str | None) -> dict[str, str]:
        """Return those of the ways to reach the person that nobody knew."""
        said = {"email": email and email.lower(), "phone": phone}
        return {way: value for way, value in said.items() if value and not getattr(self, way)}

    def contradicted_by(self, *, email: str | None, phone: str | None) -> list[str]:
        """Return those of the ways to reach the person that are other than what is known."""
        others = []
        if email and self.email and email.casefold() != self.email.casefold():
            others.append(email)
        if phone and self.phone and national_number(phone) != national_number(self.phone):
            others.append(phone)
        return others

    def reached_by(self, *, email: str | None = None, phone: str | None = None) -> None:
        """Take in a way to reach the person."""
        self.email, self.phone = email or self.email, phone or self.phone


class Tenancy(OwnedByOrganisation, Entity, kw_only=True):
    """Who rents a home and since when. It has no end date until it has really ended (Renters' Rights Act 2025)."""

    __tablename__ = "tenancies"
    __table_args__ = (
        belongs_to("units", "unit_id"),
        Index(None, "org_id", "unit_id"),
    )

    unit_id: Mapped[UUID]
    started_on: Mapped[date]
    ended_on: Mapped[date | None] = mapped_column(default=None)


class TenancyMember(OwnedByOrganisation, Entity, kw_only=True):
    """One person's part in a tenancy; the lead tenant is written to first."""

    __tablename__ = "tenancy_members"
    __table_args__ = (
        belongs_to("tenancies", "tenancy_id"),
        belongs_to("people", "person_id"),
        Index(None, "org_id", "tenancy_id"),
        Index(None, "org_id", "person_id"),
    )

    tenancy_id: Mapped[UUID]
    person_id: Mapped[UUID]
    is_lead: Mapped[bool] = mapped_column(default=False)
