"""Finding organisations, before or beside the work of any one of them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.organisations import Organisation, OrganisationSettings


class Organisations:
    """All organisations of the installation."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def ids(self) -> Sequence[UUID]:
        """Return every organisation's id."""
        return (await self.session.scalars(select(Organisation.id))).all()

    async def active(self) -> Sequence[UUID]:
        """Return the ids of those that are not suspended."""
        return (await self.session.scalars(select(Organisation.id).where(Organisation.suspended_at.is_(None)))).all()


class SettingsOf:
    """What the session's organisation has decided about how the product works for it."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def present(self, *, held: bool = False) -> OrganisationSettings | None:
        """Return the settings, `held` until the transaction ends; nothing while nobody has decided anything."""
        query = select(OrganisationSettings)
        return await self.session.scalar(query.with_for_update() if held else query)

    async def is_ai_on(self) -> bool:
        """Say whether advisors may be shown this organisation's reports; they may until somebody decides otherwise."""
        settings = await self.present()
        return settings is None or settings.is_ai_on
