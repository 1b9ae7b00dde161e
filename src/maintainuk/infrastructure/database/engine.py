"""Connections to PostgreSQL, and the sessions that people's work runs in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import event, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine

from maintainuk.infrastructure.database.sealing import seal_with
from maintainuk.infrastructure.database.tenancy import OrganisationSession, opening, opening_by_key, opening_by_support
from maintainuk.settings import Settings


def engine_for(dsn: str, settings: Settings, *, application: str) -> AsyncEngine:
    """Return a pool for one role. Each call ends by `settings.database_deadline`, even into a dead network."""
    connect: dict[str, Any] = {
        "timeout": settings.database_deadline,
        "command_timeout": settings.database_deadline,
        "server_settings": {"application_name": application, "jit": "off"},
    }
    if settings.pgbouncer:
        connect |= {"statement_cache_size": 0, "prepared_statement_cache_size": 0}
    engine = create_async_engine(
        make_url(dsn).set(drivername="postgresql+asyncpg"),
        pool_size=settings.database_pool,
        max_overflow=0,
        pool_timeout=settings.database_deadline,
        hide_parameters=True,
        pool_recycle=1800,
        connect_args=connect,
    )
    seal_with(engine.dialect, settings)
    return engine


def end_long_transactions(engine: AsyncEngine, after: float) -> None:
    """Let PostgreSQL (17 and newer) end transactions that are open longer than this (seconds).

    A frozen process sits on its locks, and what others would take over stays out of their reach. The older limits
    don't catch it: between the messages of one statement a session is neither idle nor running it.
    """

    @event.listens_for(engine.sync_engine, "connect")
    def limit(connection: Any, _: object) -> None:  # noqa: ANN401  (SQLAlchemy's adapter)
        connection.run_async(_limit)

    async def _limit(connection: asyncpg.Connection) -> None:
        if connection.get_server_version() >= (17,):
            await connection.execute(f"SET transaction_timeout = {round(after * 1000)}")


class Database:
    """The database as one role sees it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    def session(self, org_id: UUID, session_id: UUID | None = None) -> AsyncSession:
        """Return a session that sees one organisation; `session_id` also proves that the person is still signed in."""
        return self._session(opening(org_id, session_id))

    def session_by_key(self, org_id: UUID, key_id: UUID, secret_hash: bytes) -> AsyncSession:
        """Return a session of one organisation that also proves an API key."""
        return self._session(opening_by_key(org_id, key_id, secret_hash))

    def session_by_support(self, org_id: UUID, access_id: UUID, session_id: UUID) -> AsyncSession:
        """Return a session of one organisation for somebody of the platform, whom an access lets in for a while."""
        return self._session(opening_by_support(org_id, access_id, session_id))

    def _session(self, info: dict[str, Any]) -> AsyncSession:
        return AsyncSession(self.engine, sync_session_class=OrganisationSession, info=info, expire_on_commit=False)

    @asynccontextmanager
    async def installation(self) -> AsyncIterator[AsyncSession]:
        """Yield one transaction over the installation-wide tables; every organisation's rows stay hidden."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection]:
        """Yield a bare connection, for the worker's claims and for health checks."""
        async with self.engine.connect() as connection:
            yield connection

    async def revision(self) -> str | None:
        """Return the migration the database is at."""
        async with self.connection() as connection:
            return (await connection.execute(text("SELECT version_num FROM app.alembic_version"))).scalar()

    async def close(self) -> None:
        """Give all connections back."""
        await self.engine.dispose()
