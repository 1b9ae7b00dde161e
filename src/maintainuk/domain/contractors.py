"""Contractors: the firms that do the work, known to many organisations."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, OwnedByOrganisation, belongs_to_organisation, new_id


class ContractorFirm(Entity, kw_only=True):
    """A firm with one account for all the organisations it works for.

    Installation-wide: it answers which organisations a firm is linked to. What it is called, and how to reach it, is
    for each organisation to say in its own `Contractor`.
    """

    __tablename__ = "contractor_firms"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    created_at: Mapped[datetime]


class Contractor(OwnedByOrganisation, Entity, kw_only=True):
    """A firm as one organisation knows it; `firm_id` is set once the firm has an account."""

    __tablename__ = "contractors"
    __table_args__ = (
        belongs_to_organisation(),
        Index(None, "org_id", "firm_id", unique=True),
        Index(None, "org_id", "name"),
        Index("uq_contractors_external", "org_id", "external_reference", unique=True),
    )

    name: Mapped[str]
    firm_id: Mapped[UUID | None] = mapped_column(ForeignKey("app.contractor_firms.id"), default=None)
    external_reference: Mapped[str | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy's own protocol)
