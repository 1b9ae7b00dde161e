"""Finding an organisation's API keys."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Text, and_, bindparam, func, select, true, type_coerce
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.api_keys import ApiKey
from maintainuk.domain.users import User, UserStatus
from maintainuk.infrastructure.database.reading import rows

K, U = ApiKey.__table__.c, User.__table__.c
LISTED: Final = (
    select(
        K.id,
        K.name,
        K.grants,
        K.shown,
        K.created_at,
        K.expires_at,
        K.last_used_at,
        K.revoked_at,
        K.created_by.label("created_by_id"),
        U.name.label("created_by"),
        func.coalesce(type_coerce(U.status, Text()) != UserStatus.ACTIVE.value, true()).label("maker_has_left"),
    )
    .select_from(ApiKey.__table__.outerjoin(User.__table__, and_(U.org_id == K.org_id, U.id == K.created_by)))
    .where(K.org_id == bindparam("org"))
    .order_by(K.revoked_at.is_not(None), K.created_at.desc(), K.id)
    .limit(200)
)


class ApiKeys:
    """The API keys of the session's organisation."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def listed(self) -> Sequence[dict[str, Any]]:
        """Return them, newest first, those that open nothing any more last."""
        return [row._asdict() for row in await rows(self.session, LISTED)]

    async def locked(self, key_id: UUID) -> ApiKey | None:
        """Return one key, held until the transaction ends."""
        return (await self.session.scalars(select(ApiKey).where(ApiKey.id == key_id).with_for_update())).one_or_none()
