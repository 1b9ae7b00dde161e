"""Sealing columns that were plain, in the words migrations use: `seal("people", ("name",), nullable=…)`."""

from collections.abc import Collection, Iterator, Mapping

import sqlalchemy as sa
from alembic import op

from maintainuk.domain.sealing import Spelling
from maintainuk.infrastructure.database.sealing import KeyRing
from maintainuk.infrastructure.security.sealing import Keys, MasterKeys

PORTION = 2_000


def seal(
    table: str,
    columns: Collection[str],
    *,
    required: Collection[str] = (),
    found_by: Mapping[str, tuple[str, Spelling]] | None = None,
) -> None:
    """Put sealed columns in the place of plain ones of the same names, with every row there is.

    required: those that may not be null. found_by: columns that are there already, and what each finds.
    """
    for column in columns:
        op.add_column(table, sa.Column(f"{column}_sealed", sa.LargeBinary(), nullable=True), schema="app")
    for connection, keys in _organisations():
        _seal_rows(connection, table, columns, keys, found_by or {})
    for column in columns:
        op.drop_column(table, column, schema="app")
        op.alter_column(
            table, f"{column}_sealed", new_column_name=column, nullable=column not in required, schema="app"
        )
    _write_anew(table)


def move_sealed(table: str, source: str, target: str, *, where: str) -> None:
    """Move what some rows say in clear to a sealed column of theirs."""
    read = sa.text(
        f"SELECT id, {source} FROM app.{table} WHERE org_id = :org AND {source} IS NOT NULL AND {where}"  # noqa: S608
    )
    write = sa.text(f"UPDATE app.{table} SET {target} = :sealed, {source} = NULL WHERE org_id = :org AND id = :id")  # noqa: S608
    for connection, keys in _organisations():
        rows = connection.execute(read, {"org": keys.org_id}).all()
        if rows:
            sealed = ((row_id, keys.seal(f"{table}.{target}", row_id, text)) for row_id, text in rows)
            connection.execute(write, [{"org": keys.org_id, "id": row_id, "sealed": text} for row_id, text in sealed])
    _write_anew(table)


def _write_anew(table: str) -> None:
    """Put a table into a new file: in the old one stand, until its pages are used again, the rows as they were.

    A column with a volatile default makes PostgreSQL copy what is there now, without columns that were dropped.
    """
    op.execute(f"ALTER TABLE app.{table} ADD COLUMN copied double precision DEFAULT random()")
    op.drop_column(table, "copied", schema="app")


def _organisations() -> Iterator[tuple[sa.Connection, Keys]]:
    """Enter one organisation after the other, each with its keys."""
    connection = op.get_bind()
    ring = KeyRing(MasterKeys.of(op.get_context().config.attributes["settings"]))  # type: ignore[union-attr]
    for org_id in connection.execute(sa.text("SELECT id FROM app.organisations")).scalars().all():
        connection.execute(sa.text("SELECT set_config('app.org_id', :org, true)"), {"org": str(org_id)})
        ring.look(connection, org_id)
        ring.make(connection, org_id)
        yield connection, ring.of(org_id)
    connection.execute(sa.text("SELECT set_config('app.org_id', '', true)"))


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode()


def _seal_rows(
    connection: sa.Connection,
    table: str,
    columns: Collection[str],
    keys: Keys,
    found_by: Mapping[str, tuple[str, Spelling]],
) -> None:
    read = sa.text(
        f"SELECT id, {', '.join(columns)} FROM app.{table}"  # noqa: S608  (names of ours)
        " WHERE org_id = :org AND (CAST(:after AS uuid) IS NULL OR id > :after) ORDER BY id LIMIT :portion"
    )
    written = [f"{column}_sealed = :{column}" for column in columns] + [f"{name} = :{name}" for name in found_by]
    write = sa.text(f"UPDATE app.{table} SET {', '.join(written)} WHERE org_id = :org AND id = :id")  # noqa: S608
    after = None
    while rows := connection.execute(read, {"org": keys.org_id, "after": after, "portion": PORTION}).mappings().all():
        connection.execute(
            write,
            [
                {"org": keys.org_id, "id": row["id"]}
                | {c: None if row[c] is None else keys.seal(f"{table}.{c}", row["id"], _text(row[c])) for c in columns}
                | {name: keys.index_of(spelling, row[c]) for name, (c, spelling) in found_by.items()}
                for row in rows
            ],
        )
        after = rows[-1]["id"]
