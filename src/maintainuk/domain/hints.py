"""Hints: what whoever comes to a building must know before the door opens."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, OwnedByOrganisation, belongs_to, one_of
from maintainuk.domain.sealing import Sealed

LONGEST_HINT = 500


class HintKind(StrEnum):
    """The location alerts of the Awaab's Law data model (MHCLG/HACT, MIT), and what agents write down besides."""

    ASBESTOS_PRESENT = "asbestos_present"
    KEY_SAFE = "key_safe"
    TWO_PERSON_VISIT = "two_person_visit"
    ACCESS_RESTRICTION = "access_restriction"
    CONTACT_FOR_DETAILS = "contact_for_details"
    OPERATIVE_GENDER_RESTRICTION = "operative_gender_restriction"
    PARKING = "parking"
    PET = "pet"
    WARRANTY = "warranty"
    HERITAGE_BUILDING = "heritage_building"
    NON_MAINS_SEWAGE = "non_mains_sewage"
    RECURRING_ISSUE = "recurring_issue"
    HIGH_RISK_AREA = "high_risk_area"
    ENVIRONMENTAL_HAZARD = "environmental_hazard"
    STRUCTURAL_ISSUE = "structural_issue"
    POOR_VENTILATION = "poor_ventilation"
    PAST_HHSRS_FAILURE = "past_hhsrs_failure"
    FIRE_SAFETY_CONCERN = "fire_safety_concern"
    FIRE_RISK = "fire_risk"
    PEST_INFESTATION = "pest_infestation"
    WATER_LEAKAGE = "water_leakage"

    @property
    def is_alert(self) -> bool:
        """Whether somebody may come to harm who does not know it."""
        return self in ALERTS


ALERTS = frozenset(
    {
        HintKind.ASBESTOS_PRESENT,
        HintKind.TWO_PERSON_VISIT,
        HintKind.STRUCTURAL_ISSUE,
        HintKind.ENVIRONMENTAL_HAZARD,
        HintKind.FIRE_RISK,
        HintKind.FIRE_SAFETY_CONCERN,
    }
)

FOR_WHO_COMES = frozenset(
    {
        HintKind.KEY_SAFE,
        HintKind.TWO_PERSON_VISIT,
        HintKind.ACCESS_RESTRICTION,
        HintKind.CONTACT_FOR_DETAILS,
        HintKind.OPERATIVE_GENDER_RESTRICTION,
        HintKind.HIGH_RISK_AREA,
    }
)
"""How to get in and how to keep safe: for those at the desk and whoever is sent, not for owners and tenants."""


class Hint(OwnedByOrganisation, Entity, kw_only=True):
    """Something to know about a building, or about one home in it, from a day on and until another.

    It is shown to everybody who may see the home, contractors too: nothing about a person belongs here.
    """

    __tablename__ = "hints"
    __table_args__ = (
        belongs_to("properties", "property_id"),
        belongs_to("units", "unit_id"),
        Index(None, "org_id", "property_id"),
        CheckConstraint("ends_on >= starts_on", name="order"),
    )

    property_id: Mapped[UUID]
    unit_id: Mapped[UUID | None] = mapped_column(default=None)
    kind: Mapped[HintKind] = mapped_column(one_of(HintKind, "kind"))
    text: Mapped[str] = mapped_column(Sealed("hints.text"), default_factory=str)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy's own protocol)
