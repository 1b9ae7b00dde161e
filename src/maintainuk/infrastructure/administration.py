"""Appointing those who run the installation, with the rights of the schema's owner: the API has none to do it."""

from datetime import UTC, datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from maintainuk.domain.platform import PlatformAdministrator
from maintainuk.infrastructure.database.engine import Database, engine_for
from maintainuk.infrastructure.repositories.sign_in import Identities
from maintainuk.infrastructure.security.blind_index import BlindIndex
from maintainuk.settings import Settings


async def appoint(settings: Settings, email: str) -> bool:
    """Let the identity with this address look after organisations; says whether there is one."""
    return await _decide(settings, email, is_granted=True)


async def dismiss(settings: Settings, email: str) -> bool:
    """Take it back; says whether there is such an identity."""
    return await _decide(settings, email, is_granted=False)


async def _decide(settings: Settings, email: str, *, is_granted: bool) -> bool:
    database = Database(engine_for(settings.owner_dsn, settings, application="maintainuk platform"))
    try:
        async with database.installation() as session:
            identity = await Identities(session).known_by(BlindIndex(settings).of_email(email))
            if identity is None:
                return False
            if is_granted:
                row = insert(PlatformAdministrator).values(identity_id=identity.id, granted_at=datetime.now(UTC))
                await session.execute(row.on_conflict_do_nothing())
            else:
                await session.execute(
                    delete(PlatformAdministrator).where(PlatformAdministrator.identity_id == identity.id)
                )
            return True
    finally:
        await database.close()
