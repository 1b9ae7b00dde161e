"""The main job: links, reports, photos, AI jobs, imports, settings, and what triage says of a ticket."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from maintainuk.infrastructure.migrations.walls import APP, EVERYTHING, WORKER, let, wall_off
from maintainuk.infrastructure.migrations.words import limit_to

revision = "2026_11_22_0004"
down_revision = "2026_11_22_0003"
branch_labels = None
depends_on = None

ORGANISATIONS_OWN = ("organisation_settings", "import_runs", "ai_jobs", "photos", "reports")

CHANNELS = ("staff", "portal", "phone", "email", "sms", "whatsapp")
TEMPLATES = ("ticket-acknowledgement",)
KINDS = (
    "reported",
    "commented",
    "priority_changed",
    "owner_changed",
    "message_promised",
    "message_sent",
    "message_failed",
    "message_unknown",
)
NEW_CHANNELS = ("import",)
NEW_TEMPLATES = (
    "ticket-question",
    "ticket-approved",
    "ticket-rejected",
    "ticket-cancelled",
    "danger-alert",
    "entry-link",
)
NEW_KINDS = (
    "danger_reported",
    "danger_acknowledged",
    "triage_begun",
    "classified",
    "hazard_raised",
    "tenant_asked",
    "tenant_wrote",
    "info_received",
    "approved",
    "rejected",
    "cancelled",
    "next_step_planned",
    "home_found",
    "photo_received",
    "photo_ready",
    "photo_refused",
    "advice_asked",
    "advice_given",
    "advice_failed",
    "advice_decided",
)
WORDS = (
    (("maintenance_tickets", "channel"), CHANNELS, NEW_CHANNELS),
    (("messages", "template"), TEMPLATES, NEW_TEMPLATES),
    (("timeline_events", "kind"), KINDS, NEW_KINDS),
)
"""Lists of words that have grown."""

NEW_GRANTS = {
    "OrgAdmin": ("org", ("tickets:triage", "tickets:reject", "tickets:cancel", "ai:use", "settings:write")),
    "Manager": ("org", ("tickets:triage", "tickets:reject", "tickets:cancel", "ai:use")),
    "Coordinator": ("team", ("tickets:triage", "tickets:reject", "tickets:cancel", "ai:use")),
}

SEARCHED = (
    "array_to_tsvector(ARRAY['org:' || org_id::text])"
    " || setweight(to_tsvector('app.english', 'T-' || number::text || ' ' || number::text), 'A')"
    " || setweight(to_tsvector('app.english', title), 'A')"
    " || to_tsvector('app.english', description)"
)
ALSO_SEARCHED = (
    " || to_tsvector('app.english', coalesce(address_as_written, ''))"
    " || to_tsvector('app.english', coalesce(external_reference, ''))"
)


def upgrade() -> None:
    tables()
    tickets()
    for (table, column), words, new in WORDS:
        limit_to(table, column, (*words, *new))
    search(SEARCHED + ALSO_SEARCHED)
    for table in ORGANISATIONS_OWN:
        wall_off(table, EVERYTHING)
    let(APP, "link_tokens", ("SELECT", "INSERT", "UPDATE (used_at, revoked_at)"))
    let(WORKER, "link_tokens", ("SELECT", "INSERT", "DELETE"))
    grant_built_in_roles()


def tables() -> None:
    """Make the new tables."""
    op.create_table(
        "link_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "home",
                "status",
                "entry",
                "visit",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("secret_index", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["org_id"],
            ["app.organisations.id"],
            name=op.f("fk_link_tokens_org_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_tokens")),
        sa.UniqueConstraint("secret_index", name=op.f("uq_link_tokens_secret_index")),
        schema="app",
    )
    op.create_index(
        op.f("ix_link_tokens_org_id_purpose_subject_id"),
        "link_tokens",
        ["org_id", "purpose", "subject_id"],
        unique=False,
        schema="app",
    )
    op.create_table(
        "organisation_settings",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("emergency_email", sa.Text(), nullable=True),
        sa.Column("emergency_phone", sa.Text(), nullable=True),
        sa.Column("is_ai_on", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id"],
            ["app.organisations.id"],
            name=op.f("fk_organisation_settings_org_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_organisation_settings")),
        sa.UniqueConstraint("org_id", name=op.f("uq_organisation_settings_org_id")),
        schema="app",
    )
    op.create_table(
        "import_runs",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "uploaded",
                "checked",
                "running",
                "finished",
                "failed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=False,
        ),
        sa.Column("mapping", postgresql.JSONB(), nullable=False),
        sa.Column("skips_bad_rows", sa.Boolean(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("already_there", sa.Integer(), nullable=False),
        sa.Column("bad", sa.Integer(), nullable=False),
        sa.Column("home_unknown", sa.Integer(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("started_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["org_id", "started_by"],
            ["app.users.org_id", "app.users.id"],
            name=op.f("fk_import_runs_org_id_started_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_import_runs")),
        schema="app",
    )
    op.create_index(
        op.f("ix_import_runs_org_id_created_at"), "import_runs", ["org_id", "created_at"], unique=False, schema="app"
    )
    op.create_table(
        "ai_jobs",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("triage", name="kind", native_enum=False, create_constraint=True, length=32, schema="app"),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "running",
                "succeeded",
                "accepted",
                "accepted_edited",
                "dismissed",
                "expired",
                "failed",
                "cancelled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=False,
        ),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("advisor", sa.Text(), nullable=True),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("input_hash", sa.Text(), nullable=True),
        sa.Column("output", postgresql.JSONB(), nullable=True),
        sa.Column(
            "failure",
            sa.Enum(
                "schema_invalid",
                "provider_error",
                "refused",
                "truncated",
                "blocked_by_redaction",
                "input_too_large",
                "disabled",
                name="failure",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=True,
        ),
        sa.Column("tokens_in", sa.Integer(), nullable=False),
        sa.Column("tokens_out", sa.Integer(), nullable=False),
        sa.Column("cost_micropence", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", postgresql.JSONB(), nullable=True),
        sa.ForeignKeyConstraint(
            ["org_id", "decided_by"],
            ["app.users.org_id", "app.users.id"],
            name=op.f("fk_ai_jobs_org_id_decided_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "requested_by"],
            ["app.users.org_id", "app.users.id"],
            name=op.f("fk_ai_jobs_org_id_requested_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "ticket_id"],
            ["app.maintenance_tickets.org_id", "app.maintenance_tickets.id"],
            name=op.f("fk_ai_jobs_org_id_ticket_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_ai_jobs")),
        schema="app",
    )
    op.create_index("ix_ai_jobs_decided", "ai_jobs", ["org_id", "status", "decided_at"], unique=False, schema="app")
    op.create_index("ix_ai_jobs_ticket", "ai_jobs", ["org_id", "ticket_id", "created_at"], unique=False, schema="app")
    op.create_table(
        "photos",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("upload_key", sa.Uuid(), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "received",
                "ready",
                "refused",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=False,
        ),
        sa.Column(
            "refusal",
            sa.Enum(
                "not-an-image",
                "unsupported-format",
                "too-many-pixels",
                "damaged",
                "too-slow",
                "too-much-memory",
                name="refusal",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=True,
        ),
        sa.Column("bytes_received", sa.BigInteger(), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("processed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["org_id", "ticket_id"],
            ["app.maintenance_tickets.org_id", "app.maintenance_tickets.id"],
            name=op.f("fk_photos_org_id_ticket_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "uploaded_by"],
            ["app.users.org_id", "app.users.id"],
            name=op.f("fk_photos_org_id_uploaded_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_photos")),
        sa.UniqueConstraint("org_id", "ticket_id", "upload_key", name=op.f("uq_photos_org_id_ticket_id_upload_key")),
        schema="app",
    )
    op.create_index("ix_photos_story", "photos", ["org_id", "ticket_id", "received_at"], unique=False, schema="app")
    op.create_table(
        "reports",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("submission_key", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("room", sa.Text(), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("answers", postgresql.JSONB(), nullable=False),
        sa.Column("may_enter_alone", sa.Boolean(), nullable=True),
        sa.Column("access_notes", sa.Text(), nullable=True),
        sa.Column("good_times", postgresql.JSONB(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "ticket_id"],
            ["app.maintenance_tickets.org_id", "app.maintenance_tickets.id"],
            name=op.f("fk_reports_org_id_ticket_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_reports")),
        sa.UniqueConstraint("org_id", "submission_key", name=op.f("uq_reports_org_id_submission_key")),
        sa.UniqueConstraint("org_id", "ticket_id", name=op.f("uq_reports_org_id_ticket_id")),
        schema="app",
    )


def tickets() -> None:
    """Let a ticket say what triage found, and let it be somewhere nobody knows yet."""
    op.add_column(
        "maintenance_tickets",
        sa.Column(
            "trade",
            sa.Enum(
                "gas_engineer",
                "heating_engineer",
                "electrician",
                "plumber",
                "drainage",
                "damp_specialist",
                "roofer",
                "carpenter",
                "locksmith",
                "glazier",
                "plasterer",
                "structural",
                "multi_trade",
                "appliance_engineer",
                "fire_safety",
                "pest_control",
                "lift_engineer",
                "groundworks",
                name="trade",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=True,
        ),
        schema="app",
    )
    op.add_column(
        "maintenance_tickets",
        sa.Column(
            "hazard_class",
            sa.Enum(
                "none",
                "potential_significant",
                "potential_emergency",
                name="hazard_class",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=True,
        ),
        schema="app",
    )
    op.add_column(
        "maintenance_tickets",
        sa.Column(
            "responsibility",
            sa.Enum(
                "landlord",
                "tenant",
                "third_party",
                "unknown",
                name="responsibility",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=True,
        ),
        schema="app",
    )
    op.add_column(
        "maintenance_tickets",
        sa.Column(
            "danger",
            sa.Enum(
                "gas_smell",
                "co_alarm",
                "fire",
                "flooding",
                "no_power",
                "person_stuck",
                name="danger",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=True,
        ),
        schema="app",
    )
    op.add_column(
        "maintenance_tickets",
        sa.Column("danger_acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        schema="app",
    )
    op.add_column("maintenance_tickets", sa.Column("danger_acknowledged_by", sa.Uuid(), nullable=True), schema="app")
    op.add_column(
        "maintenance_tickets",
        sa.Column(
            "rejection",
            sa.Enum(
                "tenant_duty",
                "not_our_property",
                "not_a_repair",
                "already_reported",
                name="rejection",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=True,
        ),
        schema="app",
    )
    op.add_column("maintenance_tickets", sa.Column("next_step", sa.Text(), nullable=True), schema="app")
    op.add_column(
        "maintenance_tickets", sa.Column("next_step_due_at", sa.DateTime(timezone=True), nullable=True), schema="app"
    )
    op.add_column("maintenance_tickets", sa.Column("address_as_written", sa.Text(), nullable=True), schema="app")
    op.add_column("maintenance_tickets", sa.Column("external_reference", sa.Text(), nullable=True), schema="app")
    add_status_since()
    op.alter_column("maintenance_tickets", "property_id", existing_type=sa.UUID(), nullable=True, schema="app")
    op.create_index(
        "ix_maintenance_tickets_danger",
        "maintenance_tickets",
        ["org_id", "reported_at"],
        unique=False,
        schema="app",
        postgresql_where="danger IS NOT NULL AND danger_acknowledged_at IS NULL",
    )
    op.create_index(
        "ix_maintenance_tickets_external",
        "maintenance_tickets",
        ["org_id", "external_reference"],
        unique=True,
        schema="app",
    )
    op.create_index(
        "ix_maintenance_tickets_home_unknown",
        "maintenance_tickets",
        ["org_id", "reported_at"],
        unique=False,
        schema="app",
        postgresql_where="property_id IS NULL",
    )
    op.create_foreign_key(
        op.f("fk_maintenance_tickets_org_id_danger_acknowledged_by"),
        "maintenance_tickets",
        "users",
        ["org_id", "danger_acknowledged_by"],
        ["org_id", "id"],
        source_schema="app",
        referent_schema="app",
        initially="DEFERRED",
        deferrable=True,
    )
    op.alter_column("messages", "ticket_id", existing_type=sa.UUID(), nullable=True, schema="app")
    op.alter_column("messages", "recipient_id", existing_type=sa.UUID(), nullable=True, schema="app")
    op.create_check_constraint(
        op.f("ck_maintenance_tickets_somewhere"),
        "maintenance_tickets",
        "property_id IS NOT NULL OR address_as_written IS NOT NULL",
        schema="app",
    )


def add_status_since() -> None:
    """Tickets have stood where they stand since they last changed, as far as anybody knows."""
    op.add_column("maintenance_tickets", sa.Column("status_since", sa.DateTime(timezone=True)), schema="app")
    # No UPDATE: the wall is forced on the tables' owner too, and would hide every row from it.
    op.execute("ALTER TABLE app.maintenance_tickets ALTER COLUMN status_since TYPE timestamptz USING updated_at")
    op.alter_column("maintenance_tickets", "status_since", nullable=False, schema="app")


def search(expression: str) -> None:
    """Say anew what a ticket is found by."""
    op.execute("ALTER TABLE app.maintenance_tickets DROP COLUMN search")
    op.execute(
        f"ALTER TABLE app.maintenance_tickets ADD COLUMN search tsvector GENERATED ALWAYS AS ({expression}) STORED"
    )
    op.execute("CREATE INDEX ix_maintenance_tickets_search ON app.maintenance_tickets USING gin (search)")
    op.execute("GRANT SELECT (search) ON app.maintenance_tickets TO maintainuk_search")


def grant_built_in_roles() -> None:
    """Give the roles that organisations begin with what their holders need for the new work."""
    op.execute("ALTER TABLE app.roles NO FORCE ROW LEVEL SECURITY")
    for name, (scope, permissions) in NEW_GRANTS.items():
        added = ", ".join(f"'{permission}', '{scope}'" for permission in permissions)
        op.execute(
            f"UPDATE app.roles SET grants = grants || jsonb_build_object({added}), version = version + 1"  # noqa: S608  (our own words)
            f" WHERE name = '{name}'"
        )
    op.execute("ALTER TABLE app.roles FORCE ROW LEVEL SECURITY")
