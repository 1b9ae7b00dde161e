"""Teams: who looks after which homes."""

from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, OwnedByOrganisation, belongs_to, belongs_to_organisation


class Team(OwnedByOrganisation, Entity, kw_only=True):
    """Colleagues who look after a part of the homes; its lead hears first of what is late."""

    __tablename__ = "teams"
    __table_args__ = (UniqueConstraint("org_id", "name"), belongs_to_organisation(), belongs_to("users", "lead_id"))

    name: Mapped[str]
    lead_id: Mapped[UUID | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy's own protocol)


class TeamMember(OwnedByOrganisation, Entity, kw_only=True):
    """A colleague's place in a team; somebody may be in several."""

    __tablename__ = "team_members"
    __table_args__ = (
        belongs_to("teams", "team_id"),
        belongs_to("users", "user_id"),
        Index(None, "org_id", "team_id", "user_id", unique=True),
        Index(None, "org_id", "user_id"),
    )

    team_id: Mapped[UUID]
    user_id: Mapped[UUID]
