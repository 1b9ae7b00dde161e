"""Contractors: the firms that do the work, known to many organisations."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from itertools import takewhile
from types import MappingProxyType
from typing import Final
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, OwnedByOrganisation, belongs_to, belongs_to_organisation, new_id, one_of
from maintainuk.domain.sealing import Sealed
from maintainuk.domain.taxonomy import Trade


class ContractorFirm(Entity, kw_only=True):
    """A firm with one account for all the organisations it works for.

    Installation-wide: it answers which organisations a firm is linked to. What it is called, and how to reach it, is
    for each organisation to say in its own `Contractor`.
    """

    __tablename__ = "contractor_firms"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    created_at: Mapped[datetime]


class ContractorStatus(StrEnum):
    """Whether a firm is given work."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


class Contractor(OwnedByOrganisation, Entity, kw_only=True):
    """A firm as one organisation knows it; `firm_id` is set once the firm has an account.

    `trades` are keys of the taxonomy, `areas` postcode areas or districts ("LS", "BD3"); without any, it comes
    everywhere. Whom to ring there is a person (`contact_id`), so that names stand in one place.
    """

    __tablename__ = "contractors"
    __table_args__ = (
        belongs_to_organisation(),
        belongs_to("people", "contact_id"),
        Index(None, "org_id", "firm_id", unique=True),
        Index(None, "org_id", "name"),
        Index("uq_contractors_external", "org_id", "external_reference", unique=True),
    )

    name: Mapped[str]
    contact_id: Mapped[UUID | None] = mapped_column(default=None)
    trades: Mapped[list[str]] = mapped_column(ARRAY(Text), default_factory=list, server_default="{}")
    areas: Mapped[list[str]] = mapped_column(ARRAY(Text), default_factory=list, server_default="{}")
    status: Mapped[ContractorStatus] = mapped_column(
        one_of(ContractorStatus, "status"), default=ContractorStatus.ACTIVE, server_default="active"
    )
    suspension: Mapped[str | None] = mapped_column(Sealed("contractors.suspension"), default=None)
    """Why it is given no work just now."""
    firm_id: Mapped[UUID | None] = mapped_column(ForeignKey("app.contractor_firms.id"), default=None)
    """Said to nobody, neither here nor in the log: two organisations must not learn of each other by it."""
    account_since: Mapped[datetime | None] = mapped_column(default=None)
    """Since when somebody of the firm administers it here."""
    external_reference: Mapped[str | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy's own protocol)

    def has_account(self, firm_id: UUID, *, at: datetime) -> None:
        """Take in that somebody of the firm has joined who administers it."""
        self.firm_id, self.account_since = firm_id, at


def areas_around(place: str) -> tuple[str, ...]:
    """Return by which areas a firm may have said that it comes to a postcode or a district of one: `LS6`, `LS`."""
    district, _, _ = place.partition(" ")
    return district, "".join(takewhile(str.isalpha, district))


class Operative(OwnedByOrganisation, Entity, kw_only=True):
    """Somebody who comes for a firm; `card` is the number on their licence, such as a Gas Safe card."""

    __tablename__ = "operatives"
    __table_args__ = (
        belongs_to("contractors", "contractor_id"),
        belongs_to("people", "person_id"),
        Index(None, "org_id", "contractor_id"),
        Index(None, "org_id", "person_id"),
    )

    contractor_id: Mapped[UUID]
    person_id: Mapped[UUID]
    card: Mapped[str | None] = mapped_column(Sealed("operatives.card"), default=None)
    left_on: Mapped[date | None] = mapped_column(default=None)


class Scheme(StrEnum):
    """What a firm is accredited by or insured against."""

    GAS_SAFE = "gas_safe"
    OFTEC = "oftec"
    NICEIC = "niceic"
    NAPIT = "napit"
    TRUSTMARK = "trustmark"
    FENSA = "fensa"
    CHAS = "chas"
    SAFECONTRACTOR = "safecontractor"
    CONSTRUCTIONLINE = "constructionline"
    ASBESTOS_LICENCE = "asbestos_licence"
    WASTE_CARRIER = "waste_carrier"
    PUBLIC_LIABILITY = "public_liability"
    EMPLOYERS_LIABILITY = "employers_liability"
    PROFESSIONAL_INDEMNITY = "professional_indemnity"

    @property
    def is_insurance(self) -> bool:
        """Whether it has a sum that it covers."""
        return self in {Scheme.PUBLIC_LIABILITY, Scheme.EMPLOYERS_LIABILITY, Scheme.PROFESSIONAL_INDEMNITY}


NEEDED_FOR: Final[Mapping[Trade, Scheme]] = MappingProxyType({Trade.GAS_ENGINEER: Scheme.GAS_SAFE})
"""What the law asks for beside insurance: only registered engineers work on gas (SI 1998/2451, regulation 3)."""


class Accreditation(OwnedByOrganisation, Entity, kw_only=True):
    """A membership, licence or insurance that a firm shows, and who has checked it against its register.

    `cover` (pence) is the sum insured. What has changed since it was approved counts as unapproved.
    """

    __tablename__ = "accreditations"
    __table_args__ = (
        belongs_to("contractors", "contractor_id"),
        Index(None, "org_id", "contractor_id"),
        CheckConstraint("cover >= 0", name="cover"),
    )

    contractor_id: Mapped[UUID]
    scheme: Mapped[Scheme] = mapped_column(one_of(Scheme, "scheme"))
    number: Mapped[str]
    expires_on: Mapped[date]
    cover: Mapped[int | None] = mapped_column(default=None)
    approved_at: Mapped[datetime | None] = mapped_column(default=None)
    approved_by: Mapped[UUID | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy's own protocol)

    def change(self, *, number: str, expires_on: date, cover: int | None) -> None:
        """Say what it says now; somebody has to look at it again."""
        self.number, self.expires_on, self.cover = number, expires_on, cover
        self.approved_at = self.approved_by = None

    def approve(self, *, by: UUID | None, at: datetime) -> None:
        """Note that somebody found it in its register."""
        self.approved_at, self.approved_by = at, by

    def is_good_on(self, day: date) -> bool:
        """Say whether it was approved and had not run out on that day."""
        return self.approved_at is not None and self.expires_on >= day
