"""Finding what was made of everything an organisation owns, and what is being made."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.errors import NotFound
from maintainuk.domain.exports import Export, ExportStatus


class Exports:
    """The exports of the session's organisation."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def get(self, export_id: UUID, *, held: bool = False) -> Export:
        """Return one, `held` until the transaction ends. Raises `NotFound`."""
        query = select(Export).where(Export.id == export_id)
        found: Export | None = await self.session.scalar(query.with_for_update() if held else query)
        if found is None:
            raise NotFound("no-such-export")
        return found

    async def take_turn(self, org_id: UUID) -> None:
        """Wait until nobody else asks for one in the organisation: of two at once, one makes it."""
        await self.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"export {org_id}", 0))))

    async def newest(self, limit: int) -> Sequence[Export]:
        """Return the newest first."""
        query = select(Export).order_by(Export.asked_at.desc(), Export.id.desc()).limit(limit)
        return (await self.session.scalars(query)).all()

    async def making(self) -> Export | None:
        """Return the one that is being made, if there is one."""
        found: Export | None = await self.session.scalar(select(Export).where(Export.status == ExportStatus.MAKING))
        return found

    async def over(self, at: datetime) -> Sequence[Export]:
        """Return those whose time is over and that somebody could still open."""
        query = select(Export).where(Export.status == ExportStatus.READY, Export.expires_at <= at)
        return (await self.session.scalars(query.with_for_update(skip_locked=True))).all()

    async def wanted(self, files: Collection[UUID]) -> set[UUID]:
        """Return which of these files belong to one that is being made or can be fetched."""
        query = select(Export.file_id).where(
            Export.file_id.in_(files), Export.status.in_((ExportStatus.MAKING, ExportStatus.READY))
        )
        return {one for one in await self.session.scalars(query) if one is not None}
