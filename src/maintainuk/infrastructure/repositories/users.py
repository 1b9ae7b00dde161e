"""Finding members of staff."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Boolean, Text, Uuid, and_, bindparam, or_, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.roles import Role
from maintainuk.domain.users import User, UserStatus
from maintainuk.infrastructure.database.reading import rows

U, R = User.__table__.c, Role.__table__.c
IS_ACTIVE = type_coerce(U.status, Text()) == UserStatus.ACTIVE.value
STAFF: Final = (
    select(U.id, U.name, R.name.label("role"))
    .select_from(User.__table__.join(Role.__table__, and_(R.org_id == U.org_id, R.id == U.role_id)))
    .where(U.org_id == bindparam("org"), or_(IS_ACTIVE, bindparam("everybody", type_=Boolean())))
    .order_by(U.name, U.id)
)
ACTIVE: Final = select(U.id).where(U.org_id == bindparam("org"), U.id == bindparam("id", type_=Uuid()), IS_ACTIVE)


class Users:
    """The members of staff of the session's organisation."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def staff(self, *, everybody: bool) -> list[dict[str, Any]]:
        """Return who works here, by name; `everybody` includes those who may no longer sign in."""
        return [row._asdict() for row in await rows(self.session, STAFF, everybody=everybody)]

    async def is_active(self, user_id: UUID) -> bool:
        """Say whether this is somebody of the organisation who may sign in."""
        return bool(await rows(self.session, ACTIVE, id=user_id))
