"""Those who run the installation: what they may do to organisations, and how they look at one with its knowledge."""

import sqlalchemy as sa
from alembic import op

from maintainuk.infrastructure.migrations.walls import APP, give_to_search, let, let_search_read, wall_off
from maintainuk.infrastructure.migrations.words import let_hold

revision = "2026_11_23_0024"
down_revision = "2026_11_23_0023"
branch_labels = None
depends_on = None

# Like open_request: one round trip enters the organisation and says whether the door is open now.
OPEN_SUPPORT = """
CREATE FUNCTION app.open_support(the_org uuid, the_access uuid, the_session uuid)
RETURNS TABLE (access_id uuid, identity_id uuid)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM set_config('app.org_id', the_org::text, true);
    RETURN QUERY
        SELECT a.id, a.identity_id
        FROM app.support_accesses a
        JOIN app.platform_administrators p ON p.identity_id = a.identity_id
        JOIN app.sessions s ON s.identity_id = a.identity_id AND s.id = the_session
        WHERE a.org_id = the_org AND a.id = the_access AND a.ended_at IS NULL AND a.ends_at > now()
            AND s.ended_at IS NULL AND s.expires_at > now() AND NOT s.is_vouched;
END $$
"""
# How many, and never which: the only thing of organisations that is read beside them.
COUNTS = """
CREATE FUNCTION app.organisation_counts() RETURNS TABLE (org_id uuid, homes bigint, users bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, app, pg_temp AS $$
    SELECT coalesce(h.org_id, w.org_id), coalesce(h.many, 0), coalesce(w.many, 0)
    FROM (SELECT u.org_id, count(*) AS many FROM app.units u GROUP BY u.org_id) h
    FULL JOIN (SELECT u.org_id, count(*) AS many FROM app.users u WHERE u.status = 'active' GROUP BY u.org_id) w
        ON w.org_id = h.org_id
$$
"""


def upgrade() -> None:
    op.create_table(
        "platform_administrators",
        sa.Column("identity_id", sa.Uuid(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["identity_id"], ["app.identities.id"], name=op.f("fk_platform_administrators_identity_id")
        ),
        sa.PrimaryKeyConstraint("identity_id", name=op.f("pk_platform_administrators")),
        schema="app",
    )
    let(APP, "platform_administrators", ("SELECT",))
    _support()
    for table in ("support_consents", "support_accesses"):
        wall_off(table, ("SELECT", "INSERT", "UPDATE"))
    op.add_column(
        "organisations",
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        schema="app",
    )
    op.add_column("organisations", sa.Column("suspended_because", sa.Text(), nullable=True), schema="app")
    let(APP, "organisations", ("UPDATE (suspended_at, suspended_because)",))
    op.alter_column("live_events", "ticket_id", nullable=True, schema="app")
    let_hold("messages", "template", "support-began")
    op.execute(OPEN_SUPPORT)
    op.execute("REVOKE ALL ON FUNCTION app.open_support FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION app.open_support TO maintainuk_app")
    let_search_read("users", ("org_id", "status"))
    op.execute(COUNTS)
    give_to_search("organisation_counts()")


def _support() -> None:
    op.create_table(
        "support_consents",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["org_id", "given_by"],
            ["app.users.org_id", "app.users.id"],
            name=op.f("fk_support_consents_org_id_given_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_support_consents")),
        schema="app",
    )
    op.create_index("ix_support_consents_newest", "support_consents", ["org_id", "until"], schema="app")
    op.create_table(
        "support_accesses",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("identity_id", sa.Uuid(), nullable=False),
        sa.Column("supporter", sa.LargeBinary(), nullable=False),
        sa.Column(
            "basis",
            sa.Enum("consent", "incident", name="basis", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("incident", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "ended_by",
            sa.Enum("support", "organisation", name="ended_by", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.CheckConstraint(
            "ends_at <= began_at + interval '60 minutes'", name=op.f("ck_support_accesses_an_hour_at_most")
        ),
        sa.CheckConstraint(
            "basis <> 'incident' OR incident IS NOT NULL", name=op.f("ck_support_accesses_incident_named")
        ),
        sa.ForeignKeyConstraint(["identity_id"], ["app.identities.id"], name=op.f("fk_support_accesses_identity_id")),
        sa.ForeignKeyConstraint(
            ["org_id"],
            ["app.organisations.id"],
            name=op.f("fk_support_accesses_org_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_support_accesses")),
        schema="app",
    )
    op.create_index("ix_support_accesses_newest", "support_accesses", ["org_id", "began_at"], schema="app")
