"""Changing the words that a column may hold."""

import re
from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op


def limit_to(table: str, column: str, words: Iterable[str]) -> None:
    """Let a column hold these words only."""
    name = f"ck_{table}_{column}"
    op.execute(f"ALTER TABLE app.{table} DROP CONSTRAINT {name}")
    listed = ", ".join(f"'{word}'" for word in words)
    op.execute(f"ALTER TABLE app.{table} ADD CONSTRAINT {name} CHECK ({column} IN ({listed}))")


def let_hold(table: str, column: str, *words: str) -> None:
    """Let a column hold these words too, besides those that it may hold already."""
    question = sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name")
    known = op.get_bind().execute(question, {"name": f"ck_{table}_{column}"}).scalar_one()
    limit_to(table, column, dict.fromkeys((*re.findall(r"'(\w[\w-]*)'::", known), *words)))
