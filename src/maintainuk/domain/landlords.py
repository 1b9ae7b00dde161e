"""Landlords: who owns the homes that an agent looks after, and up to what sum the agent may decide for them."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, OwnedByOrganisation, belongs_to


class Landlord(OwnedByOrganisation, Entity, kw_only=True):
    """An owner of homes: a person, or a company with a person to speak to.

    `approval_limit` (pence) is what the organisation may spend on one repair without asking; empty: always ask.
    `emergency_limit` (pence) is what may be spent to make a danger safe.
    """

    __tablename__ = "landlords"
    __table_args__ = (
        belongs_to("people", "person_id"),
        Index(None, "org_id", "person_id"),
        Index("uq_landlords_external", "org_id", "external_reference", unique=True),
        CheckConstraint("approval_limit >= 0 AND emergency_limit >= 0", name="limits"),
    )

    person_id: Mapped[UUID]
    company: Mapped[str | None] = mapped_column(default=None)
    approval_limit: Mapped[int | None] = mapped_column(default=None)
    emergency_limit: Mapped[int | None] = mapped_column(default=None)
    external_reference: Mapped[str | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy's own protocol)


class Portfolio(OwnedByOrganisation, Entity, kw_only=True):
    """Homes of one landlord that are treated alike; its own limits (pence) come before the landlord's."""

    __tablename__ = "portfolios"
    __table_args__ = (
        belongs_to("landlords", "landlord_id"),
        Index(None, "org_id", "landlord_id", "name", unique=True),
        CheckConstraint("approval_limit >= 0 AND emergency_limit >= 0", name="limits"),
    )

    landlord_id: Mapped[UUID]
    name: Mapped[str]
    approval_limit: Mapped[int | None] = mapped_column(default=None)
    emergency_limit: Mapped[int | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy's own protocol)
