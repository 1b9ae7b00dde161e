"""Those who run the installation: they look after organisations, and see nothing of what is in them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity

LONGEST_REASON = 500
"""Characters that say why an organisation is suspended, or why support looks at its records."""


class PlatformAdministrator(Entity, kw_only=True):
    """An identity that may look after organisations; it is a member of none through this, and reads no row of theirs.

    The API may only read this table: `./maintainuk platform grant` writes it, with the rights of the schema's owner.
    """

    __tablename__ = "platform_administrators"

    identity_id: Mapped[UUID] = mapped_column(ForeignKey("app.identities.id"), primary_key=True)
    granted_at: Mapped[datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Steward:
    """A platform administrator at work: who they are, and the session that proves it."""

    identity_id: UUID
    name: str
    session_id: UUID
    org_id: UUID
    """The organisation they have signed in through."""
