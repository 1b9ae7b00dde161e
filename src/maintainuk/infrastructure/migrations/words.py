"""Changing the words that a column may hold."""

from collections.abc import Iterable

from alembic import op


def limit_to(table: str, column: str, words: Iterable[str]) -> None:
    """Let a column hold these words only."""
    name = f"ck_{table}_{column}"
    op.execute(f"ALTER TABLE app.{table} DROP CONSTRAINT {name}")
    listed = ", ".join(f"'{word}'" for word in words)
    op.execute(f"ALTER TABLE app.{table} ADD CONSTRAINT {name} CHECK ({column} IN ({listed}))")
