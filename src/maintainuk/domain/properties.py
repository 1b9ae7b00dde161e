"""Buildings and the homes in them."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import Computed, Index
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, OwnedByOrganisation, belongs_to, belongs_to_organisation, one_of
from maintainuk.domain.organisations import Nation


class PropertyKind(StrEnum):
    """A house is one home; a block holds several and has common parts."""

    HOUSE = "house"
    BLOCK = "block"


class Property(OwnedByOrganisation, Entity, kw_only=True):
    """A building at an address, under the housing law of one nation.

    One team looks after it (without one, everybody does), and it may be part of a landlord's portfolio.
    """

    __tablename__ = "properties"
    __table_args__ = (
        belongs_to_organisation(),
        belongs_to("teams", "team_id"),
        belongs_to("portfolios", "portfolio_id"),
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
    search_text: Mapped[str] = mapped_column(
        Computed(
            "lower(address_line || ' ' || town || ' ' || postcode || ' ' || replace(postcode, ' ', ''))", persisted=True
        ),
        init=False,
    )

    @property
    def address(self) -> str:
        """The address on one line, without the postcode."""
        return f"{self.address_line}, {self.town}"


class Unit(OwnedByOrganisation, Entity, kw_only=True):
    """One home: a flat in a block, or the whole of a house (label empty)."""

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
    )

    property_id: Mapped[UUID]
    label: Mapped[str] = mapped_column(default="")
    search_text: Mapped[str] = mapped_column(server_default="", init=False, deferred=True)
    """The label and the building's address, in small letters; the database writes it."""
