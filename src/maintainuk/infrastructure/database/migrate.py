"""Bring the database to the newest shape, and make the roles that the API and the worker sign in with."""

import asyncio
from pathlib import Path
from typing import Any

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.util import await_only

from maintainuk.infrastructure.problems import CannotStart
from maintainuk.settings import Settings

MIGRATIONS = Path(__file__).parents[1] / "migrations"
LOCK_ATTEMPTS = 20


def alembic_config(connection: Connection | None = None, settings: Settings | None = None) -> Config:
    """Return Alembic's configuration without a file of its own."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    config.attributes["settings"] = settings
    return config


def newest_revision() -> str | None:
    """Return the revision this release expects."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def migrate(settings: Settings, revision: str = "head", *, set_role_passwords: bool = False) -> None:
    """Apply what is missing; running it twice, or from two machines at once, changes nothing.

    set_role_passwords: also when the roles exist with others, which another installation on the server may be using.

    Raises:
        CannotStart: the server has our roles with other passwords.

    """
    asyncio.run(_as_owner(settings, _upgrade, settings, revision, set_role_passwords))


def check(settings: Settings) -> None:
    """Raise when entities and migrations have drifted apart."""
    asyncio.run(_as_owner(settings, lambda connection: command.check(alembic_config(connection))))


async def _as_owner(settings: Settings, work: Any, *arguments: Any) -> None:  # noqa: ANN401
    engine = create_async_engine(make_url(settings.owner_dsn).set(drivername="postgresql+asyncpg"), poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(work, *arguments)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection, settings: Settings, revision: str, set_role_passwords: bool) -> None:  # noqa: FBT001  (positional by run_sync)
    _make_roles(connection, settings, set_passwords=set_role_passwords)
    for attempt in range(1, LOCK_ATTEMPTS + 1):
        try:
            command.upgrade(alembic_config(connection, settings), revision)
        except DBAPIError as error:
            connection.rollback()
            if "lock timeout" not in str(error) or attempt == LOCK_ATTEMPTS:
                raise
        else:
            _forget_samples(connection)
            return


def _forget_samples(connection: Connection) -> None:
    """Write the planner's statistics anew: of columns that are gone, its old pages keep a sample of what people typed.

    PostgreSQL passes over it with a warning where the owner of our tables doesn't own the database.
    """
    connection.rollback()
    connection.execution_options(isolation_level="AUTOCOMMIT")
    connection.execute(text("VACUUM (FULL) pg_catalog.pg_statistic"))


def _make_roles(connection: Connection, settings: Settings, *, set_passwords: bool) -> None:
    """Make the roles with their passwords. Skipped, with the rights it needs, where an operator makes them."""
    may = connection.execute(
        text("SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user")
    ).scalar()
    if not may:
        connection.rollback()
        return
    # Roles belong to the whole server: two installations that migrate at once must not both create them.
    connection.execute(text("SELECT pg_advisory_xact_lock(727002)"))
    known = set(connection.execute(text("SELECT rolname FROM pg_roles")).scalars())
    if "maintainuk_search" not in known:
        connection.execute(text("CREATE ROLE maintainuk_search NOLOGIN"))
    connection.execute(text("GRANT maintainuk_search TO CURRENT_USER WITH SET TRUE, INHERIT FALSE"))
    addresses = {"maintainuk_app": settings.app_dsn, "maintainuk_worker": settings.worker_dsn}
    for role, address in addresses.items():
        made = f"ROLE {role} LOGIN PASSWORD '{settings.role_password(role)}'"
        if role not in known:
            connection.execute(text(f"CREATE {made}"))
        elif set_passwords:
            connection.execute(text(f"ALTER {made}"))
        elif await_only(_is_refused(address, settings.database_deadline)):
            raise CannotStart(
                f"The PostgreSQL server has the role {role} with another password; another installation may be using"
                f" it. Give its address in {role.upper()}_DATABASE_URL. Or, when MAINTAINUK_SECRET_KEY has changed and"
                " nobody else is on this server, run: ./maintainuk migrate --set-role-passwords"
            )
    connection.commit()


async def _is_refused(address: str, deadline: float) -> bool:
    try:
        connection = await asyncpg.connect(address, timeout=deadline)
    except asyncpg.InvalidPasswordError:
        return True
    except (asyncpg.PostgresError, OSError, TimeoutError):
        return False  # says nothing about the password
    await connection.close()
    return False
