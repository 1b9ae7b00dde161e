"""API keys, and the round trip that opens a program's request."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from maintainuk.infrastructure.migrations.walls import wall_off

revision = "2026_11_23_0015"
down_revision = "2026_11_23_0014"
branch_labels = None
depends_on = None

# When it was used last is kept to the minute: a key that asks a hundred times a second writes once.
OPEN_KEY = """
CREATE FUNCTION app.open_key(the_org uuid, the_key uuid, the_hash bytea)
RETURNS TABLE (key_id uuid, key_name text, grants jsonb)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM set_config('app.org_id', the_org::text, true);
    UPDATE app.api_keys k SET last_used_at = now()
    WHERE k.org_id = the_org AND k.id = the_key AND k.secret_hash = the_hash AND k.revoked_at IS NULL
        AND k.expires_at > now() AND (k.last_used_at IS NULL OR k.last_used_at < now() - interval '1 minute');
    RETURN QUERY
        SELECT k.id, k.name, k.grants
        FROM app.api_keys k
        JOIN app.organisations o ON o.id = k.org_id AND o.suspended_at IS NULL
        WHERE k.org_id = the_org AND k.id = the_key AND k.secret_hash = the_hash AND k.revoked_at IS NULL
            AND k.expires_at > now();
END $$
"""


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("grants", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["org_id"],
            ["app.organisations.id"],
            name=op.f("fk_api_keys_org_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_api_keys")),
        schema="app",
    )
    wall_off("api_keys", ("SELECT", "INSERT", "UPDATE"))
    op.execute(OPEN_KEY)
    op.execute("REVOKE ALL ON FUNCTION app.open_key FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION app.open_key TO maintainuk_app")
