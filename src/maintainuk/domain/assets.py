"""Assets: what stands in a building and is mended, serviced or replaced, and who answers for it."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, OwnedByOrganisation, belongs_to, one_of


class AssetKind(StrEnum):
    """What sort of thing it is."""

    BOILER = "boiler"
    HEAT_PUMP = "heat_pump"
    HOT_WATER_CYLINDER = "hot_water_cylinder"
    ELECTRIC_HEATING = "electric_heating"
    CONSUMER_UNIT = "consumer_unit"
    SMOKE_ALARM = "smoke_alarm"
    CO_ALARM = "co_alarm"
    COOKER = "cooker"
    FRIDGE = "fridge"
    WASHING_MACHINE = "washing_machine"
    SHOWER = "shower"
    EXTRACTOR_FAN = "extractor_fan"
    DOOR_ENTRY = "door_entry"
    LIFT = "lift"
    ROOF = "roof"
    WINDOWS = "windows"
    SOLAR_PANELS = "solar_panels"
    OTHER = "other"


class Asset(OwnedByOrganisation, Entity, kw_only=True):
    """One thing in a building, or in one home of it; under warranty, its maker mends it and nobody else may."""

    __tablename__ = "assets"
    __table_args__ = (
        belongs_to("properties", "property_id"),
        belongs_to("units", "unit_id"),
        Index(None, "org_id", "property_id"),
        Index("uq_assets_external", "org_id", "external_reference", unique=True),
    )

    property_id: Mapped[UUID]
    unit_id: Mapped[UUID | None] = mapped_column(default=None)
    kind: Mapped[AssetKind] = mapped_column(one_of(AssetKind, "kind"))
    make: Mapped[str | None] = mapped_column(default=None)
    model: Mapped[str | None] = mapped_column(default=None)
    serial_number: Mapped[str | None] = mapped_column(default=None)
    installed_on: Mapped[date | None] = mapped_column(default=None)
    warranty_until: Mapped[date | None] = mapped_column(default=None)
    warranty_with: Mapped[str | None] = mapped_column(default=None)
    """Whom to call while it lasts: a firm."""
    warranty_phone: Mapped[str | None] = mapped_column(default=None)
    external_reference: Mapped[str | None] = mapped_column(default=None)
    removed_on: Mapped[date | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy's own protocol)
