"""The ground: organisations, people, homes, tickets, promises, and the wall between organisations."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from maintainuk.infrastructure.migrations.walls import ADD_ONLY, APP, EVERYTHING, WORKER, let, wall_off

revision = "2026_11_22_0001"
down_revision = None
branch_labels = None
depends_on = None

# No wall stands around these, so each role gets what its work needs: the API signs people in, the worker only sweeps.
INSTALLATION_WIDE: dict[str, dict[str, tuple[str, ...]]] = {
    "organisations": {APP: ("SELECT",), WORKER: ("SELECT",)},
    "identities": {APP: ("SELECT", "UPDATE"), WORKER: ()},
    "memberships": {APP: ("SELECT",), WORKER: ()},
    "sessions": {
        APP: ("SELECT", "INSERT", "UPDATE"),
        WORKER: ("SELECT (id, expires_at, ended_at)", "DELETE"),
    },
}
ORGANISATIONS_OWN = {
    "roles": EVERYTHING,
    "users": EVERYTHING,
    "reference_counters": EVERYTHING,
    "properties": EVERYTHING,
    "units": EVERYTHING,
    "people": EVERYTHING,
    "tenancies": EVERYTHING,
    "tenancy_members": EVERYTHING,
    "maintenance_tickets": EVERYTHING,
    "timeline_events": ADD_ONLY,
    "messages": EVERYTHING,
    "mailbox_messages": EVERYTHING,
    "outbox_messages": EVERYTHING,
    "provider_calls": EVERYTHING,
    "audit_log": ADD_ONLY,
    "live_events": ("SELECT", "INSERT", "DELETE"),
    "idempotency_keys": EVERYTHING,
}


def upgrade() -> None:
    foundations()
    tables()
    op.execute(OPEN_REQUEST)
    op.execute("REVOKE ALL ON FUNCTION app.open_request FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION app.open_request TO maintainuk_app")
    for table, rights_of in INSTALLATION_WIDE.items():
        for role, rights in rights_of.items():
            let(role, table, rights)
    for table, rights in ORGANISATIONS_OWN.items():
        wall_off(table, rights)
    let_the_worker_sweep()
    keep_the_audit_log()


def foundations() -> None:
    """Make what tables stand on: extensions, the search configuration, and the question 'whose work is this?'."""
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public")
    op.execute("CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public")
    op.execute("CREATE TEXT SEARCH CONFIGURATION app.english (COPY = pg_catalog.english)")
    op.execute(
        "ALTER TEXT SEARCH CONFIGURATION app.english"
        " ALTER MAPPING FOR hword, hword_part, word WITH public.unaccent, english_stem"
    )
    # nullif: after the first transaction of a connection the setting is '' and no longer NULL.
    op.execute(
        "CREATE FUNCTION app.org() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE"
        " AS $$ SELECT nullif(current_setting('app.org_id', true), '')::uuid $$"
    )
    op.execute("GRANT USAGE ON SCHEMA app TO maintainuk_app, maintainuk_worker, maintainuk_search")
    op.execute("GRANT SELECT ON app.alembic_version TO maintainuk_app, maintainuk_worker")


# One round trip opens a request: it enters the organisation and says who the person is now, by today's role.
OPEN_REQUEST = """
CREATE FUNCTION app.open_request(the_org uuid, the_session uuid)
RETURNS TABLE (user_id uuid, user_name text, role_id uuid, role_name text, role_version integer)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM set_config('app.org_id', the_org::text, true);
    RETURN QUERY
        SELECT u.id, u.name, r.id, r.name, r.version
        FROM app.sessions s
        JOIN app.organisations o ON o.id = s.org_id AND o.suspended_at IS NULL
        JOIN app.users u ON u.org_id = s.org_id AND u.id = s.user_id AND u.status = 'active'
        JOIN app.roles r ON r.org_id = u.org_id AND r.id = u.role_id
        WHERE s.id = the_session AND s.org_id = the_org AND s.ended_at IS NULL AND s.expires_at > now();
END $$
"""


def let_the_worker_sweep() -> None:
    """Let the worker see and claim due promises of all organisations, and change nothing of them but their progress."""
    op.execute(f"CREATE POLICY sweep ON app.outbox_messages FOR SELECT TO {WORKER} USING (true)")
    op.execute(f"CREATE POLICY claim ON app.outbox_messages FOR UPDATE TO {WORKER} USING (true) WITH CHECK (true)")
    op.execute(f"REVOKE UPDATE ON app.outbox_messages FROM {WORKER}")
    op.execute(
        "GRANT UPDATE (status, attempts, locked_by, lease_until, last_error, available_at, completed_at)"
        f" ON app.outbox_messages TO {WORKER}"
    )


def keep_the_audit_log() -> None:
    """Refuse to change or remove audit rows, also for the owner of the table."""
    op.execute(
        "CREATE FUNCTION app.refuse_change() RETURNS trigger LANGUAGE plpgsql"
        " AS $$ BEGIN RAISE EXCEPTION 'audit rows are never changed'; END $$"
    )
    op.execute(
        "CREATE TRIGGER add_only BEFORE UPDATE OR DELETE ON app.audit_log"
        " FOR EACH ROW EXECUTE FUNCTION app.refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER never_emptied BEFORE TRUNCATE ON app.audit_log"
        " FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change()"
    )


def tables() -> None:
    """Make the tables, each with keys that begin with its organisation."""
    op.create_table(
        "identities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email_index", sa.LargeBinary(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identities")),
        sa.UniqueConstraint("email_index", name=op.f("uq_identities_email_index")),
        schema="app",
    )
    op.create_table(
        "mailbox_messages",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raw_path", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_mailbox_messages")),
        schema="app",
    )
    op.create_index(
        "ix_mailbox_messages_newest", "mailbox_messages", ["org_id", "received_at", "id"], unique=False, schema="app"
    )
    op.create_index("uq_mailbox_messages_key", "mailbox_messages", ["org_id", "key"], unique=True, schema="app")
    op.create_table(
        "organisations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "letting_agent",
                "housing_association",
                "landlord",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=False,
        ),
        sa.Column(
            "nation",
            sa.Enum(
                "ENG",
                "WLS",
                "SCT",
                "NIR",
                name="nation",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=False,
        ),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        schema="app",
    )
    op.create_table(
        "audit_log",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("trace_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["org_id"],
            ["app.organisations.id"],
            name=op.f("fk_audit_log_org_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_audit_log")),
        schema="app",
    )
    op.create_index("ix_audit_log_newest", "audit_log", ["org_id", "at", "id"], unique=False, schema="app")
    op.create_index("ix_audit_log_subject", "audit_log", ["org_id", "subject_id", "at"], unique=False, schema="app")
    op.create_table(
        "idempotency_keys",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", sa.Text(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id"],
            ["app.organisations.id"],
            name=op.f("fk_idempotency_keys_org_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_idempotency_keys")),
        schema="app",
    )
    op.create_index(
        "ix_idempotency_keys_created_at", "idempotency_keys", ["org_id", "created_at"], unique=False, schema="app"
    )
    op.create_index(
        "uq_idempotency_keys_key", "idempotency_keys", ["org_id", "actor_id", "key"], unique=True, schema="app"
    )
    op.create_table(
        "live_events",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id"],
            ["app.organisations.id"],
            name=op.f("fk_live_events_org_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_live_events")),
        schema="app",
    )
    op.create_index("ix_live_events_at", "live_events", ["org_id", "at"], unique=False, schema="app")
    op.create_index("ix_live_events_seq", "live_events", ["org_id", "seq"], unique=False, schema="app")
    op.create_table(
        "outbox_messages",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "dispatched",
                "completed",
                "failed",
                "unknown",
                "suppressed",
                "cancelled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=False,
        ),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("trace_parent", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("locked_by", sa.BigInteger(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("available_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["org_id"],
            ["app.organisations.id"],
            name=op.f("fk_outbox_messages_org_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_outbox_messages")),
        schema="app",
    )
    op.create_index(
        "ix_outbox_messages_dead",
        "outbox_messages",
        ["type"],
        unique=False,
        schema="app",
        postgresql_where="status IN ('failed', 'unknown')",
    )
    op.create_index(
        "ix_outbox_messages_due",
        "outbox_messages",
        ["priority", "available_at", "seq"],
        unique=False,
        schema="app",
        postgresql_where="status = 'pending'",
    )
    op.create_index(
        "ix_outbox_messages_leased",
        "outbox_messages",
        ["lease_until"],
        unique=False,
        schema="app",
        postgresql_where="status = 'dispatched'",
    )
    op.create_index(
        "ix_outbox_messages_org", "outbox_messages", ["org_id", "status", "created_at"], unique=False, schema="app"
    )
    op.create_table(
        "people",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id"], ["app.organisations.id"], name=op.f("fk_people_org_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_people")),
        schema="app",
    )
    op.create_index(
        "ix_people_name",
        "people",
        ["name"],
        unique=False,
        schema="app",
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.create_table(
        "properties",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("house", "block", name="kind", native_enum=False, create_constraint=True, length=32, schema="app"),
            nullable=False,
        ),
        sa.Column("address_line", sa.Text(), nullable=False),
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("postcode", sa.Text(), nullable=False),
        sa.Column(
            "nation",
            sa.Enum(
                "ENG",
                "WLS",
                "SCT",
                "NIR",
                name="nation",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=False,
        ),
        sa.Column("uprn", sa.Text(), nullable=True),
        sa.Column(
            "search_text",
            sa.Text(),
            sa.Computed(
                "lower(address_line || ' ' || town || ' ' || postcode || ' ' || replace(postcode, ' ', ''))",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["org_id"],
            ["app.organisations.id"],
            name=op.f("fk_properties_org_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_properties")),
        schema="app",
    )
    op.create_index(
        "ix_properties_search_text",
        "properties",
        ["search_text"],
        unique=False,
        schema="app",
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    )
    op.create_table(
        "reference_counters",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id"],
            ["app.organisations.id"],
            name=op.f("fk_reference_counters_org_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_reference_counters")),
        sa.UniqueConstraint("org_id", "kind", name=op.f("uq_reference_counters_org_id_kind")),
        schema="app",
    )
    op.create_table(
        "roles",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("grants", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id"], ["app.organisations.id"], name=op.f("fk_roles_org_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_roles")),
        sa.UniqueConstraint("org_id", "name", name=op.f("uq_roles_org_id_name")),
        schema="app",
    )
    op.create_table(
        "provider_calls",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("outbox_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "sending",
                "accepted",
                "refused",
                "unknown",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=False,
        ),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["org_id", "outbox_id"],
            ["app.outbox_messages.org_id", "app.outbox_messages.id"],
            name=op.f("fk_provider_calls_org_id_outbox_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_provider_calls")),
        schema="app",
    )
    op.create_index(
        op.f("ix_provider_calls_org_id_outbox_id"),
        "provider_calls",
        ["org_id", "outbox_id"],
        unique=False,
        schema="app",
    )
    op.create_index("uq_provider_calls_key", "provider_calls", ["org_id", "key", "attempt"], unique=True, schema="app")
    op.create_table(
        "units",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("property_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "property_id"],
            ["app.properties.org_id", "app.properties.id"],
            name=op.f("fk_units_org_id_property_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_units")),
        schema="app",
    )
    op.create_index(op.f("ix_units_org_id_property_id"), "units", ["org_id", "property_id"], unique=False, schema="app")
    op.create_table(
        "users",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "active", "disabled", name="status", native_enum=False, create_constraint=True, length=32, schema="app"
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "role_id"],
            ["app.roles.org_id", "app.roles.id"],
            name=op.f("fk_users_org_id_role_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["org_id"], ["app.organisations.id"], name=op.f("fk_users_org_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_users")),
        sa.UniqueConstraint("org_id", "email", name=op.f("uq_users_org_id_email")),
        schema="app",
    )
    op.create_table(
        "memberships",
        sa.Column("identity_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "client",
            sa.Enum(
                "staff",
                "contractor",
                "tenant",
                name="client",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["identity_id"], ["app.identities.id"], name=op.f("fk_memberships_identity_id")),
        sa.ForeignKeyConstraint(
            ["org_id", "user_id"],
            ["app.users.org_id", "app.users.id"],
            name=op.f("fk_memberships_org_id_user_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["org_id"], ["app.organisations.id"], name=op.f("fk_memberships_org_id")),
        sa.PrimaryKeyConstraint("identity_id", "org_id", name=op.f("pk_memberships")),
        schema="app",
    )
    op.create_index(
        op.f("ix_memberships_org_id_user_id"), "memberships", ["org_id", "user_id"], unique=True, schema="app"
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("identity_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "client",
            sa.Enum(
                "staff",
                "contractor",
                "tenant",
                name="client",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=False,
        ),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("previous_token_hash", sa.LargeBinary(), nullable=True),
        sa.Column("device_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rotated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_because", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["identity_id"], ["app.identities.id"], name=op.f("fk_sessions_identity_id")),
        sa.ForeignKeyConstraint(
            ["org_id", "user_id"],
            ["app.users.org_id", "app.users.id"],
            name=op.f("fk_sessions_org_id_user_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sessions_token_hash")),
        schema="app",
    )
    op.create_index("ix_sessions_identity", "sessions", ["identity_id"], unique=False, schema="app")
    op.create_index(op.f("ix_sessions_org_id_user_id"), "sessions", ["org_id", "user_id"], unique=False, schema="app")
    op.create_index(
        op.f("ix_sessions_previous_token_hash"), "sessions", ["previous_token_hash"], unique=False, schema="app"
    )
    op.create_table(
        "tenancies",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["org_id", "unit_id"],
            ["app.units.org_id", "app.units.id"],
            name=op.f("fk_tenancies_org_id_unit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_tenancies")),
        schema="app",
    )
    op.create_index(op.f("ix_tenancies_org_id_unit_id"), "tenancies", ["org_id", "unit_id"], unique=False, schema="app")
    op.create_table(
        "maintenance_tickets",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("property_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("tenancy_id", sa.Uuid(), nullable=True),
        sa.Column("reporter_id", sa.Uuid(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "heating_hot_water",
                "gas",
                "electrical",
                "plumbing_leaks",
                "drainage_toilets",
                "damp_mould",
                "roof_gutters",
                "doors_windows_locks",
                "walls_floors_ceilings",
                "kitchen_bathroom",
                "appliances",
                "fire_safety",
                "pests",
                "communal_lifts_entry",
                "outside_grounds",
                "other",
                name="category",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=False,
        ),
        sa.Column(
            "priority",
            sa.Enum(
                "P1",
                "P2",
                "P3",
                "P4",
                name="priority",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "new",
                "triage",
                "awaiting_info",
                "awaiting_approval",
                "approved",
                "in_progress",
                "on_hold",
                "resolved",
                "closed",
                "rejected",
                "cancelled",
                "merged",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "staff",
                "portal",
                "phone",
                "email",
                "sms",
                "whatsapp",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=False,
        ),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("aware_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "array_to_tsvector(ARRAY['org:' || org_id::text]) || setweight(to_tsvector('app.english', 'T-' || number::text || ' ' || number::text), 'A') || setweight(to_tsvector('app.english', title), 'A') || to_tsvector('app.english', description)",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("aware_at <= created_at", name=op.f("ck_maintenance_tickets_aware_before_created")),
        sa.ForeignKeyConstraint(
            ["org_id", "owner_id"],
            ["app.users.org_id", "app.users.id"],
            name=op.f("fk_maintenance_tickets_org_id_owner_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "property_id"],
            ["app.properties.org_id", "app.properties.id"],
            name=op.f("fk_maintenance_tickets_org_id_property_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "reporter_id"],
            ["app.people.org_id", "app.people.id"],
            name=op.f("fk_maintenance_tickets_org_id_reporter_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "tenancy_id"],
            ["app.tenancies.org_id", "app.tenancies.id"],
            name=op.f("fk_maintenance_tickets_org_id_tenancy_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "unit_id"],
            ["app.units.org_id", "app.units.id"],
            name=op.f("fk_maintenance_tickets_org_id_unit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_maintenance_tickets")),
        sa.UniqueConstraint("org_id", "number", name=op.f("uq_maintenance_tickets_org_id_number")),
        schema="app",
    )
    op.create_index(
        "ix_maintenance_tickets_newest",
        "maintenance_tickets",
        ["org_id", "reported_at", "id"],
        unique=False,
        schema="app",
    )
    op.create_index(
        "ix_maintenance_tickets_owner",
        "maintenance_tickets",
        ["org_id", "owner_id", "reported_at", "id"],
        unique=False,
        schema="app",
    )
    op.create_index(
        "ix_maintenance_tickets_priority",
        "maintenance_tickets",
        ["org_id", "priority", "reported_at", "id"],
        unique=False,
        schema="app",
    )
    op.create_index(
        "ix_maintenance_tickets_property", "maintenance_tickets", ["org_id", "property_id"], unique=False, schema="app"
    )
    op.create_index(
        "ix_maintenance_tickets_reporter", "maintenance_tickets", ["org_id", "reporter_id"], unique=False, schema="app"
    )
    op.create_index(
        "ix_maintenance_tickets_tally",
        "maintenance_tickets",
        ["org_id", "status", "priority", "owner_id"],
        unique=False,
        schema="app",
    )
    op.create_index(
        "ix_maintenance_tickets_search",
        "maintenance_tickets",
        ["search"],
        unique=False,
        schema="app",
        postgresql_using="gin",
    )
    op.create_index(
        "ix_maintenance_tickets_status",
        "maintenance_tickets",
        ["org_id", "status", "reported_at", "id"],
        unique=False,
        schema="app",
    )
    op.create_index(
        "ix_maintenance_tickets_updated",
        "maintenance_tickets",
        ["org_id", "updated_at", "id"],
        unique=False,
        schema="app",
    )
    op.create_table(
        "tenancy_members",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenancy_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "person_id"],
            ["app.people.org_id", "app.people.id"],
            name=op.f("fk_tenancy_members_org_id_person_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "tenancy_id"],
            ["app.tenancies.org_id", "app.tenancies.id"],
            name=op.f("fk_tenancy_members_org_id_tenancy_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_tenancy_members")),
        schema="app",
    )
    op.create_index(
        op.f("ix_tenancy_members_org_id_person_id"),
        "tenancy_members",
        ["org_id", "person_id"],
        unique=False,
        schema="app",
    )
    op.create_index(
        op.f("ix_tenancy_members_org_id_tenancy_id"),
        "tenancy_members",
        ["org_id", "tenancy_id"],
        unique=False,
        schema="app",
    )
    op.create_table(
        "messages",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("email", name="channel", native_enum=False, create_constraint=True, length=32, schema="app"),
            nullable=False,
        ),
        sa.Column(
            "template",
            sa.Enum(
                "ticket-acknowledgement",
                name="template",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "queued",
                "sent",
                "failed",
                "suppressed",
                "unknown",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("provider", sa.Text(), nullable=True),
        sa.Column("provider_reference", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["org_id", "recipient_id"],
            ["app.people.org_id", "app.people.id"],
            name=op.f("fk_messages_org_id_recipient_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "ticket_id"],
            ["app.maintenance_tickets.org_id", "app.maintenance_tickets.id"],
            name=op.f("fk_messages_org_id_ticket_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_messages")),
        schema="app",
    )
    op.create_index(
        op.f("ix_messages_org_id_ticket_id"), "messages", ["org_id", "ticket_id"], unique=False, schema="app"
    )
    op.create_table(
        "timeline_events",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "reported",
                "commented",
                "priority_changed",
                "owner_changed",
                "message_promised",
                "message_sent",
                "message_failed",
                "message_unknown",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "visibility",
            sa.Enum(
                "internal",
                "tenant",
                name="visibility",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=False,
        ),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "ticket_id"],
            ["app.maintenance_tickets.org_id", "app.maintenance_tickets.id"],
            name=op.f("fk_timeline_events_org_id_ticket_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_timeline_events")),
        schema="app",
    )
    op.create_index(
        "ix_timeline_events_story", "timeline_events", ["org_id", "ticket_id", "seq"], unique=False, schema="app"
    )
