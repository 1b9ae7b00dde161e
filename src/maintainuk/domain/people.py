"""The people who live in the homes, and the tenancies that bind them to one."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Index, func, literal_column
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, OwnedByOrganisation, belongs_to, belongs_to_organisation, one_of
from maintainuk.domain.sealing import Sealed, Spelling, found_by
from maintainuk.domain.tenancies import TenancyKind, TenancyRole
from maintainuk.domain.values import national_number


class Person(OwnedByOrganisation, Entity, kw_only=True):
    """Somebody an organisation deals with: a tenant, a household member, a landlord.

    Who they are and how to reach them is sealed: no statement can compare or sort by it, and none of it may be logged.
    """

    __tablename__ = "people"
    __table_args__ = (
        belongs_to_organisation(),
        Index(None, "org_id", "email_index", "name_index"),
        Index(None, "org_id", "phone_index", "name_index"),
        Index(None, "org_id", "name_index"),
        Index("ix_people_name_tokens", "name_tokens", postgresql_using="gin"),
        Index("uq_people_external", "org_id", "external_reference", unique=True),
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
    external_reference: Mapped[str | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(init=False, server_default="1", default=1)
    """Counted by the verbs, and not by the session: a tenant who leaves a number must not be told of a colleague."""

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
        self.version += 1


class Tenancy(OwnedByOrganisation, Entity, kw_only=True):
    """Who rents a home and since when. It has no end date until it has really ended (Renters' Rights Act 2025).

    `ended_on` is the day the home was given back; the next tenancy may begin on it.
    """

    __tablename__ = "tenancies"
    __table_args__ = (
        belongs_to("units", "unit_id"),
        Index(None, "org_id", "unit_id"),
        Index("uq_tenancies_external", "org_id", "external_reference", unique=True),
        CheckConstraint("ended_on >= started_on", name="order"),
        ExcludeConstraint(
            (literal_column("org_id"), "="),
            (literal_column("unit_id"), "="),
            (func.daterange(literal_column("started_on"), literal_column("ended_on")), "&&"),
            using="gist",
            name="ex_tenancies_overlap",
        ),
    )

    unit_id: Mapped[UUID]
    started_on: Mapped[date]
    ended_on: Mapped[date | None] = mapped_column(default=None)
    kind: Mapped[TenancyKind | None] = mapped_column(one_of(TenancyKind, "kind"), default=None)
    external_reference: Mapped[str | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(init=False, server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy's own protocol)


class TenancyMember(OwnedByOrganisation, Entity, kw_only=True):
    """One person's part in a tenancy; the lead tenant is written to first. Nobody who moved out is written to."""

    __tablename__ = "tenancy_members"
    __table_args__ = (
        belongs_to("tenancies", "tenancy_id"),
        belongs_to("people", "person_id"),
        Index(None, "org_id", "tenancy_id"),
        Index(None, "org_id", "person_id"),
        CheckConstraint("is_tenant OR NOT is_lead", name="lead"),
    )

    tenancy_id: Mapped[UUID]
    person_id: Mapped[UUID]
    is_lead: Mapped[bool] = mapped_column(default=False)
    is_tenant: Mapped[bool] = mapped_column(default=True, server_default="true")
    """Whether they hold the tenancy, alone or with others; the rest of a household does not."""
    moved_out_on: Mapped[date | None] = mapped_column(default=None)

    @property
    def role(self) -> TenancyRole:
        """What the person is in the tenancy."""
        if self.is_lead:
            return TenancyRole.LEAD
        return TenancyRole.JOINT if self.is_tenant else TenancyRole.HOUSEHOLD

    def become(self, role: TenancyRole) -> None:
        """Take another part in the tenancy."""
        self.is_lead, self.is_tenant = role is TenancyRole.LEAD, role is not TenancyRole.HOUSEHOLD


class NeedKind(StrEnum):
    """What makes a repair harder for somebody: few kinds, because what is not asked cannot be told to the wrong person.

    The Awaab's Law data model lists 31, some of them nobody's business (product specification §5).
    """

    MOBILITY = "mobility"
    HEARING = "hearing"
    SIGHT = "sight"
    LANGUAGE = "language"
    MENTAL_HEALTH = "mental_health"
    RESPIRATORY = "respiratory"
    YOUNG_CHILD = "young_child"
    OTHER = "other"


class ConsentChannel(StrEnum):
    """How somebody agreed that a need of theirs is written down."""

    PHONE = "phone"
    EMAIL = "email"
    IN_PERSON = "in_person"
    PORTAL = "portal"
    LETTER = "letter"


class PersonNeed(OwnedByOrganisation, Entity, kw_only=True):
    """A vulnerability or access need that somebody agreed to have written down, and what follows from it for a visit.

    Sensitive: `note` is for those with `people:sensitive` and is never logged or sent anywhere. A contractor is told
    `instruction` alone ("ring, then wait two minutes"), which says what to do and not why.
    """

    __tablename__ = "person_needs"
    __table_args__ = (belongs_to("people", "person_id"), Index(None, "org_id", "person_id"))

    person_id: Mapped[UUID]
    kind: Mapped[NeedKind] = mapped_column(one_of(NeedKind, "kind"))
    note: Mapped[str | None] = mapped_column(Sealed("person_needs.note"), default=None)
    instruction: Mapped[str | None] = mapped_column(Sealed("person_needs.instruction"), default=None)
    consented_on: Mapped[date]
    consent_channel: Mapped[ConsentChannel] = mapped_column(one_of(ConsentChannel, "consent_channel"))
    consent_wording: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID | None] = mapped_column(default=None)
    ended_on: Mapped[date | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy's own protocol)
