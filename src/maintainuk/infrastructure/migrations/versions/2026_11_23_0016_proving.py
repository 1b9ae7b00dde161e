"""Proving who one is: second factors, recovery codes, what happened to one's way in, and what organisations ask."""

import sqlalchemy as sa
from alembic import op

from maintainuk.infrastructure.migrations.walls import APP, WORKER, let, wall_off
from maintainuk.infrastructure.migrations.words import limit_to

revision = "2026_11_23_0016"
down_revision = "2026_11_23_0015"
branch_labels = None
depends_on = None

PURPOSES = ("home", "status", "entry", "visit", "password_reset", "sign_in_step", "passkey_setup")
TEMPLATES = (
    "ticket-acknowledgement",
    "ticket-question",
    "ticket-approved",
    "ticket-rejected",
    "ticket-cancelled",
    "danger-alert",
    "entry-link",
    "password-reset",
    "security-changed",
)
HAPPENED = (
    "signed_in",
    "refused",
    "code_refused",
    "reset_asked",
    "password_reset",
    "password_changed",
    "factor_added",
    "factor_removed",
    "recovery_codes_made",
    "recovery_code_used",
    "sessions_ended",
)


def upgrade() -> None:
    _factors()
    _history()
    _policies()
    limit_to("link_tokens", "purpose", PURPOSES)
    limit_to("messages", "template", TEMPLATES)
    op.add_column("messages", sa.Column("user_id", sa.Uuid(), nullable=True), schema="app")
    op.create_foreign_key(
        op.f("fk_messages_org_id_user_id"),
        "messages",
        "users",
        ["org_id", "user_id"],
        ["org_id", "id"],
        source_schema="app",
        referent_schema="app",
        initially="DEFERRED",
        deferrable=True,
    )
    op.add_column("identities", sa.Column("password_changed_at", sa.DateTime(timezone=True)), schema="app")
    op.add_column("sessions", sa.Column("browser", sa.Text()), schema="app")
    op.add_column("sessions", sa.Column("network", sa.Text()), schema="app")


def _factors() -> None:
    op.create_table(
        "second_factors",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("identity_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("totp", "passkey", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("name", sa.Text()),
        sa.Column("sealed_seed", sa.LargeBinary()),
        sa.Column("last_step", sa.BigInteger()),
        sa.Column("credential_id", sa.LargeBinary()),
        sa.Column("public_key", sa.LargeBinary()),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True)),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["identity_id"], ["app.identities.id"], name=op.f("fk_second_factors_identity_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factors")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_second_factors_credential_id")),
        schema="app",
    )
    op.create_index(op.f("ix_second_factors_identity_id"), "second_factors", ["identity_id"], schema="app")
    let(APP, "second_factors", ("SELECT", "INSERT", "UPDATE (last_step, sign_count, confirmed_at, used_at)", "DELETE"))
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("identity_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["identity_id"], ["app.identities.id"], name=op.f("fk_recovery_codes_identity_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_codes_code_hash")),
        schema="app",
    )
    op.create_index(op.f("ix_recovery_codes_identity_id"), "recovery_codes", ["identity_id"], schema="app")
    let(APP, "recovery_codes", ("SELECT", "INSERT", "UPDATE (used_at)", "DELETE"))


def _history() -> None:
    op.create_table(
        "sign_in_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("identity_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*HAPPENED, name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("browser", sa.Text(), nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["identity_id"], ["app.identities.id"], name=op.f("fk_sign_in_events_identity_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_events")),
        schema="app",
    )
    op.create_index(op.f("ix_sign_in_events_identity_id_at"), "sign_in_events", ["identity_id", "at"], schema="app")
    let(APP, "sign_in_events", ("SELECT", "INSERT"))
    let(WORKER, "sign_in_events", ("SELECT", "DELETE"))


def _policies() -> None:
    op.create_table(
        "sign_in_policies",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("is_second_factor_required", sa.Boolean(), nullable=False),
        sa.Column("issuer", sa.Text()),
        sa.Column("client_id", sa.Text()),
        sa.Column("client_secret", sa.LargeBinary()),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id"],
            ["app.organisations.id"],
            name=op.f("fk_sign_in_policies_org_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_sign_in_policies")),
        sa.UniqueConstraint("org_id", name=op.f("uq_sign_in_policies_org_id")),
        schema="app",
    )
    wall_off("sign_in_policies")
