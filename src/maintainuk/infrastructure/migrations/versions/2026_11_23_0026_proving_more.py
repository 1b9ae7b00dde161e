"""What a session has shown, whose account at a provider is whose, and API keys that wait for nobody."""

import sqlalchemy as sa
from alembic import op

from maintainuk.infrastructure.migrations.words import let_hold

revision = "2026_11_23_0026"
down_revision = "2026_11_23_0025"
branch_labels = None
depends_on = None

# As before, but whoever writes down the first use of a minute keeps no other request of the key waiting.
OPEN_KEY = """
CREATE OR REPLACE FUNCTION app.open_key(the_org uuid, the_key uuid, the_hash bytea)
RETURNS TABLE (key_id uuid, key_name text, grants jsonb)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM set_config('app.org_id', the_org::text, true);
    UPDATE app.api_keys k SET last_used_at = now()
    WHERE k.org_id = the_org AND k.id IN (
        SELECT u.id FROM app.api_keys u
        WHERE u.org_id = the_org AND u.id = the_key AND u.secret_hash = the_hash AND u.revoked_at IS NULL
            AND u.expires_at > now() AND (u.last_used_at IS NULL OR u.last_used_at < now() - interval '1 minute')
        FOR UPDATE SKIP LOCKED
    );
    RETURN QUERY
        SELECT k.id, k.name, k.grants
        FROM app.api_keys k
        JOIN app.organisations o ON o.id = k.org_id AND o.suspended_at IS NULL
        WHERE k.org_id = the_org AND k.id = the_key AND k.secret_hash = the_hash AND k.revoked_at IS NULL
            AND k.expires_at > now();
END $$
"""


def upgrade() -> None:
    # Sessions from before have shown nothing that is known: they switch to where nothing is asked for, as ever.
    op.add_column(
        "sessions",
        sa.Column("has_shown_factor", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        schema="app",
    )
    op.add_column("users", sa.Column("vouched_issuer", sa.Text(), nullable=True), schema="app")
    op.add_column("users", sa.Column("vouched_subject", sa.Text(), nullable=True), schema="app")
    op.create_unique_constraint(
        op.f("uq_users_org_id_vouched_issuer_vouched_subject"),
        "users",
        ["org_id", "vouched_issuer", "vouched_subject"],
        schema="app",
    )
    let_hold("messages", "template", "administration-changed")
    op.execute(OPEN_KEY)
