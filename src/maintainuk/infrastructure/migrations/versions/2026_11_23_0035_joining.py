"""Organisations that wait to be confirmed, teams that an invitation names, and since when a contractor has an account."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from maintainuk.infrastructure.migrations.walls import APP, WORKER, let

revision = "2026_11_23_0035"
down_revision = "2026_11_23_0034"
branch_labels = None
depends_on = None

# What somebody looks after never waits again: a mistake of ours must not have it swept away.
FOR_GOOD = """
CREATE FUNCTION app.refuse_waiting_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an organisation is confirmed for good';
END $$
"""


def upgrade() -> None:
    for column in (
        sa.Column("waits_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waits_for", sa.LargeBinary(), nullable=True),
    ):
        op.add_column("organisations", column, schema="app")
    op.execute(FOR_GOOD)
    op.execute(
        "CREATE TRIGGER confirmed_for_good BEFORE UPDATE OF waits_until ON app.organisations FOR EACH ROW"
        " WHEN (NEW.waits_until IS NOT NULL) EXECUTE FUNCTION app.refuse_waiting_again()"
    )
    let(APP, "organisations", ("UPDATE (waits_until, waits_for)",))
    op.add_column(
        "invitations",
        sa.Column("team_ids", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        schema="app",
    )
    op.add_column("contractors", sa.Column("account_since", sa.DateTime(timezone=True), nullable=True), schema="app")
    # Whatever else an organisation has, its log above all, holds its row by a foreign key.
    let(WORKER, "organisations", ("DELETE",))
    let(WORKER, "org_keys", ("DELETE",))
