"""An organisation: a letting agent, a housing association or a landlord, and the root of everything it owns."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import UniqueConstraint, false, func
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, OwnedByOrganisation, belongs_to, belongs_to_organisation, new_id, one_of
from maintainuk.domain.sealing import Sealed


class Nation(StrEnum):
    """The four legal systems of housing; stored on each property, never guessed from a border postcode."""

    ENGLAND = "ENG"
    WALES = "WLS"
    SCOTLAND = "SCT"
    NORTHERN_IRELAND = "NIR"


class OrganisationKind(StrEnum):
    """What sort of landlord or agent an organisation is."""

    LETTING_AGENT = "letting_agent"
    HOUSING_ASSOCIATION = "housing_association"
    LANDLORD = "landlord"


LONGEST_NOTICE = 20_000
"""Characters."""

LONGEST_ORGANISATION_NAME = 120


class Organisation(Entity, kw_only=True):
    """The tenant of the service that owns homes, people and repairs."""

    __tablename__ = "organisations"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    name: Mapped[str]
    kind: Mapped[OrganisationKind] = mapped_column(one_of(OrganisationKind, "kind"))
    nation: Mapped[Nation] = mapped_column(one_of(Nation, "nation"))
    phone: Mapped[str | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(init=False, server_default=func.now())
    suspended_at: Mapped[datetime | None] = mapped_column(default=None)
    colour: Mapped[str | None] = mapped_column(default=None)
    """Of its portal and letters, #rrggbb; white words can be read on it."""
    logo: Mapped[str | None] = mapped_column(default=None)
    """What names the logo we have drawn; another picture has another name."""
    suspended_because: Mapped[str | None] = mapped_column(default=None)
    """Known to the platform alone."""
    waits_until: Mapped[datetime | None] = mapped_column(default=None)
    """While nobody has confirmed the e-mail address that signed it up: when it is forgotten. Nobody can enter it."""
    waits_for: Mapped[bytes | None] = mapped_column(default=None)
    """The blind index of that address, so that no mailbox gets many such letters."""
    is_invented: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Made while the installation was a demo, where anybody reads each letter."""

    def confirmed(self) -> None:
        """Take in that somebody looks after it, for good."""
        self.waits_until = self.waits_for = None


class OrganisationSettings(OwnedByOrganisation, Entity, kw_only=True):
    """What an organisation decides about how the product works for it.

    The emergency contact is who must hear of a danger at any hour: usually a shared mailbox and an on-call phone.
    """

    __tablename__ = "organisation_settings"
    __table_args__ = (
        UniqueConstraint("org_id"),
        belongs_to_organisation(),
        belongs_to("users", "head_of_service_id"),
    )

    emergency_email: Mapped[str | None] = mapped_column(Sealed("organisation_settings.emergency_email"), default=None)
    emergency_phone: Mapped[str | None] = mapped_column(Sealed("organisation_settings.emergency_phone"), default=None)
    is_ai_on: Mapped[bool] = mapped_column(default=True)
    privacy_notice: Mapped[str | None] = mapped_column(default=None)
    accessibility_statement: Mapped[str | None] = mapped_column(default=None)
    """What anybody may read about the organisation; without words of its own, ours are shown."""
    head_of_service_id: Mapped[UUID | None] = mapped_column(default=None)
    """Who hears of what nobody else has dealt with; without one, an administrator does."""
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy's own protocol)

    @property
    def has_emergency_contact(self) -> bool:
        """Whether anybody would hear of a danger outside the staff app."""
        return bool(self.emergency_email)


class ReferenceCounter(OwnedByOrganisation, Entity, kw_only=True):
    """The last number given out for one kind of reference, such as T-10482."""

    __tablename__ = "reference_counters"
    __table_args__ = (UniqueConstraint("org_id", "kind"), belongs_to_organisation())

    kind: Mapped[str]
    last: Mapped[int]
