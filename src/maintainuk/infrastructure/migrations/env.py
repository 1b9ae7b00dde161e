"""How Alembic reaches the database: as the schema's owner, alone, and never waiting long for a lock."""

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.schema import SchemaItem

from maintainuk.domain.base import SCHEMA
from maintainuk.infrastructure.database.tables import METADATA

ONE_MIGRATION_AT_A_TIME = 727_001


def _ours(_item: SchemaItem, name: str | None, kind: str, _reflected: bool, _compare_to: SchemaItem | None) -> bool:  # noqa: FBT001
    return not (kind == "table" and name == "alembic_version")


def run(connection: Connection) -> None:
    """Migrate over a connection that the caller opened; each migration is a transaction of its own."""
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        include_schemas=True,
        include_name=lambda name, kind, _parents: kind != "schema" or name == SCHEMA,
        include_object=_ours,
        version_table_schema=SCHEMA,
        transaction_per_migration=True,
        compare_server_default=False,
    )
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ONE_MIGRATION_AT_A_TIME})
    connection.execute(text("SET lock_timeout = '1s'"))
    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
    connection.commit()
    try:
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    finally:
        connection.rollback()
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": ONE_MIGRATION_AT_A_TIME})
        connection.commit()


run(context.config.attributes["connection"])
