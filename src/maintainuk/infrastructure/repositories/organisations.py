"""Finding organisations, before or beside the work of any one of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.api_keys import ApiKey
from maintainuk.domain.base import new_id
from maintainuk.domain.organisations import Organisation, OrganisationSettings
from maintainuk.domain.sign_in import Session

Facts = dict[str, Any]
CONFIRMED = Organisation.waits_until.is_(None)


class Organisations:
    """All organisations of the installation."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def ids(self) -> Sequence[UUID]:
        """Return the id of every organisation, those that wait to be confirmed included."""
        return (await self.session.scalars(select(Organisation.id))).all()

    async def confirmed(self) -> Sequence[UUID]:
        """Return the ids of those that somebody looks after."""
        return (await self.session.scalars(select(Organisation.id).where(CONFIRMED))).all()

    async def over(self, now: datetime) -> Sequence[UUID]:
        """Return the ids of those that waited in vain to be confirmed."""
        return (await self.session.scalars(select(Organisation.id).where(Organisation.waits_until <= now))).all()

    async def active(self) -> Sequence[Organisation]:
        """Return those that are confirmed and not suspended."""
        query = select(Organisation).where(CONFIRMED, Organisation.suspended_at.is_(None))
        return (await self.session.scalars(query)).all()

    async def open(self, org_id: UUID) -> Organisation | None:
        """Return one that is there, confirmed and not suspended."""
        query = select(Organisation).where(Organisation.id == org_id, CONFIRMED, Organisation.suspended_at.is_(None))
        return (await self.session.scalars(query)).one_or_none()


class Standing:
    """Why somebody is not let in to the session's organisation who else would be: asked after a refusal only."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def suspends_session(self, session_id: UUID) -> bool:
        """Say whether this session lives, and nothing but the organisation's suspension shuts it out."""
        lives = select(Session.id).where(
            Session.id == session_id,
            Session.org_id == self.session.info["org_id"],
            Session.ended_at.is_(None),
            Session.expires_at > func.now(),
        )
        return await self.session.scalar(lives.where(self._is_suspended())) is not None

    async def suspends_key(self, key_id: UUID, secret_hash: bytes) -> bool:
        """Say whether this key is good, and nothing but the organisation's suspension shuts it out."""
        good = select(ApiKey.id).where(
            ApiKey.id == key_id,
            ApiKey.secret_hash == secret_hash,
            ApiKey.revoked_at.is_(None),
            ApiKey.expires_at > func.now(),
        )
        return await self.session.scalar(good.where(self._is_suspended())) is not None

    def _is_suspended(self) -> ColumnElement[bool]:
        return exists().where(Organisation.id == self.session.info["org_id"], Organisation.suspended_at.is_not(None))


class SettingsOf:
    """What the session's organisation has decided about how the product works for it."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def present(self) -> OrganisationSettings | None:
        """Return the settings; nothing while nobody has decided anything."""
        return await self.session.scalar(select(OrganisationSettings))

    async def held(self, *, at: datetime) -> OrganisationSettings:
        """Return the settings, made if there were none (version 0), and held until the transaction ends."""
        key = {"org_id": self.session.info["org_id"], "id": new_id()}
        first = insert(OrganisationSettings).values(key | {"is_ai_on": True, "version": 0, "updated_at": at})
        connection = await self.session.connection()
        await connection.execute(first.on_conflict_do_nothing())
        return (await self.session.scalars(select(OrganisationSettings).with_for_update())).one()

    async def organisation(self) -> Organisation:
        """Return the organisation itself."""
        return await self.session.get_one(Organisation, self.session.info["org_id"])

    async def shown(self) -> Facts:
        """Return the organisation with what it has decided."""
        organisation = await self.organisation()
        settings = await self.present()
        return {
            "name": organisation.name,
            "kind": organisation.kind,
            "nation": organisation.nation,
            "phone": organisation.phone,
            "emergency_email": settings.emergency_email if settings else None,
            "emergency_phone": settings.emergency_phone if settings else None,
            "has_emergency_contact": settings is not None and settings.has_emergency_contact,
            "is_ai_on": settings is None or settings.is_ai_on,
            "version": settings.version if settings else 0,
        }

    async def is_ai_on(self) -> bool:
        """Say whether advisors may be shown this organisation's reports; they may until somebody decides otherwise."""
        settings = await self.present()
        return settings is None or settings.is_ai_on
