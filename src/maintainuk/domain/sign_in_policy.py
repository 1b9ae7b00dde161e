"""How an organisation wants its people to prove who they are."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, OwnedByOrganisation, belongs_to_organisation
from maintainuk.domain.sealing import Sealed


class SignInPolicy(OwnedByOrganisation, Entity, kw_only=True):
    """What an organisation asks beyond a password, and the OpenID provider its people may sign in with.

    The provider's secret is sealed; who has no factor when one is asked for adds one at their next sign-in.
    """

    __tablename__ = "sign_in_policies"
    __table_args__ = (UniqueConstraint("org_id"), belongs_to_organisation())

    is_second_factor_required: Mapped[bool] = mapped_column(default=False)
    issuer: Mapped[str | None] = mapped_column(default=None)
    client_id: Mapped[str | None] = mapped_column(default=None)
    client_secret: Mapped[str | None] = mapped_column(Sealed("sign_in_policies.client_secret"), default=None)
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy's own protocol)

    @property
    def has_provider(self) -> bool:
        """Whether people may sign in with the organisation's own accounts."""
        return bool(self.issuer and self.client_id and self.client_secret)
