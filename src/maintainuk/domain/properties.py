"""Buildings and the homes in them, what whoever comes must know, and what stands in them."""

import re
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, Index
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, OwnedByOrganisation, belongs_to, belongs_to_organisation, one_of
from maintainuk.domain.errors import DomainError, Invalid, Reason
from maintainuk.domain.organisations import Nation
from maintainuk.domain.postcodes import nation_of
from maintainuk.domain.values import compared, one_width

LONGEST_ADDRESS, LONGEST_TOWN, LONGEST_LABEL, LONGEST_REFERENCE = 200, 80, 60, 60
WALK = (
    "lower(town) || ' ' || lower(regexp_replace(address_line, '^\\d\\S*\\s+', '')) || ' ' ||"
    " lpad(coalesce(substring(address_line, '\\d{1,9}'), ''), 9, '0') || ' ' || lower(address_line)"
)


FLAT_NUMBER: Final = re.compile(r"\d+[A-Za-z]?|[A-Za-z]")
"""What is a flat's number when it stands alone."""


class LooksTheSame(DomainError):
    """Another building stands at this address already, and nobody has said that there are really two."""

    code, status = "looks-the-same", 409
    taken_by: UUID | None = None
    """The other one, for those who may see it."""


class PropertyKind(StrEnum):
    """A house is one home; a block holds several and has common parts."""

    HOUSE = "house"
    BLOCK = "block"


class Tenure(StrEnum):
    """On what footing a home is held by those who live in it, whatever their tenancy is called."""

    PRIVATE_RENT = "private_rent"
    SOCIAL_RENT = "social_rent"
    AFFORDABLE_RENT = "affordable_rent"
    SUPPORTED = "supported"
    TEMPORARY = "temporary"
    SHARED_OWNERSHIP = "shared_ownership"
    LEASEHOLD = "leasehold"


class Property(OwnedByOrganisation, Entity, kw_only=True):
    """A building at an address, under the housing law of one nation.

    One team looks after it (without one, everybody does), and it may be part of a landlord's portfolio. A building of
    an estate names the estate, a block, as its `parent_id`. `uprn` is the Unique Property Reference Number.
    """

    __tablename__ = "properties"
    __table_args__ = (
        belongs_to_organisation(),
        belongs_to("teams", "team_id"),
        belongs_to("portfolios", "portfolio_id"),
        belongs_to("properties", "parent_id"),
        Index("uq_properties_uprn", "org_id", "uprn", unique=True),
        Index("uq_properties_external", "org_id", "external_reference", unique=True),
        Index(None, "org_id", "parent_id"),
        Index("ix_properties_walk", "org_id", "walk", "id"),
        CheckConstraint("uprn ~ '^[1-9][0-9]{0,11}$'", name="uprn"),
        Index(None, "org_id", "team_id"),
        Index(None, "org_id", "portfolio_id"),
        Index(
            "ix_properties_search_text",
            "search_text",
            postgresql_using="gin",
            postgresql_ops={"search_text": "gin_trgm_ops"},
        ),
    )

    kind: Mapped[PropertyKind] = mapped_column(one_of(PropertyKind, "kind"))
    address_line: Mapped[str]
    town: Mapped[str]
    postcode: Mapped[str]
    nation: Mapped[Nation] = mapped_column(one_of(Nation, "nation"))
    uprn: Mapped[str | None] = mapped_column(default=None)
    team_id: Mapped[UUID | None] = mapped_column(default=None)
    portfolio_id: Mapped[UUID | None] = mapped_column(default=None)
    parent_id: Mapped[UUID | None] = mapped_column(default=None)
    external_reference: Mapped[str | None] = mapped_column(default=None)
    tenure: Mapped[Tenure | None] = mapped_column(one_of(Tenure, "tenure"), default=None)
    search_text: Mapped[str] = mapped_column(
        Computed(
            "lower(address_line || ' ' || town || ' ' || postcode || ' ' || replace(postcode, ' ', ''))", persisted=True
        ),
        init=False,
    )
    walk: Mapped[str] = mapped_column(Computed(WALK, persisted=True), init=False)
    """Orders buildings as people walk: by town, street, number."""
    version: Mapped[int] = mapped_column(init=False, server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy's own protocol)

    @property
    def address(self) -> str:
        """The address on one line, without the postcode."""
        return f"{self.address_line}, {self.town}"


class Unit(OwnedByOrganisation, Entity, kw_only=True):
    """One home: a flat in a block, or the whole of a house (label empty). Without a `tenure` it has its property's."""

    __tablename__ = "units"
    __table_args__ = (
        belongs_to("properties", "property_id"),
        Index(None, "org_id", "property_id"),
        Index(
            "ix_units_search_text",
            "search_text",
            postgresql_using="gin",
            postgresql_ops={"search_text": "gin_trgm_ops"},
        ),
        Index("uq_units_label", "org_id", "property_id", "label", unique=True),
        Index("uq_units_uprn", "org_id", "uprn", unique=True),
        Index("uq_units_external", "org_id", "external_reference", unique=True),
        CheckConstraint("uprn ~ '^[1-9][0-9]{0,11}$'", name="uprn"),
    )

    property_id: Mapped[UUID]
    label: Mapped[str] = mapped_column(default="")
    search_text: Mapped[str] = mapped_column(server_default="", init=False, deferred=True)
    """The label and the building's address, in small letters; the database writes it."""
    uprn: Mapped[str | None] = mapped_column(default=None)
    external_reference: Mapped[str | None] = mapped_column(default=None)
    tenure: Mapped[Tenure | None] = mapped_column(one_of(Tenure, "tenure"), default=None)
    version: Mapped[int] = mapped_column(init=False, server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy's own protocol)


def home_called(label: str) -> str:
    """Return what two labels of one home have in common: "1", "Flat 1" and "flat １" are the same."""  # noqa: RUF002
    plain = one_width(label)
    return compared(f"flat {plain}" if FLAT_NUMBER.fullmatch(plain) else plain)


def nation_at(postcode: str, said: Nation | None, *, near_border: Nation | None = None) -> Nation:
    """Return the nation whose law holds at a postcode, as far as it tells; where it does not, what somebody `said`.

    `near_border` is what they said of all homes of which nothing tells.

    Raises `Invalid` where nobody said it and somebody must, or where what was said cannot be.
    """
    known = nation_of(postcode)
    if said and known and said is not known:
        raise Invalid(fields={"nation": Reason("nation-elsewhere")})
    if (nation := said or known or near_border) is None:
        raise Invalid(fields={"nation": Reason("nation-needed")})
    return nation
