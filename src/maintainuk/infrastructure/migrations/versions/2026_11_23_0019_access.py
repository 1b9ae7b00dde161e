"""Letting people in: invitations, when somebody was last there, who answers for the service, and why a hazard went down."""

import sqlalchemy as sa
from alembic import op

from maintainuk.infrastructure.migrations.walls import EVERYTHING, wall_off
from maintainuk.infrastructure.migrations.words import let_hold

revision = "2026_11_23_0019"
down_revision = "2026_11_23_0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    invitations()
    wall_off("invitations", EVERYTHING)
    refer("messages", "invitation_id", "invitations")
    refer("organisation_settings", "head_of_service_id", "users")
    op.add_column("users", sa.Column("last_signed_in_at", sa.DateTime(timezone=True), nullable=True), schema="app")
    vouched: sa.Column[bool] = sa.Column("is_vouched", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("sessions", vouched, schema="app")
    let_hold("link_tokens", "purpose", "invitation")
    let_hold("messages", "template", "invitation")
    let_hold("timeline_events", "kind", "hazard_lowered")


def refer(table: str, column: str, to: str) -> None:
    """Give rows of a table a row of another to refer to."""
    op.add_column(table, sa.Column(column, sa.Uuid(), nullable=True), schema="app")
    op.create_foreign_key(
        op.f(f"fk_{table}_org_id_{column}"),
        table,
        to,
        ["org_id", column],
        ["org_id", "id"],
        source_schema="app",
        referent_schema="app",
        initially="DEFERRED",
        deferrable=True,
    )


def invitations() -> None:
    """Make the table."""
    op.create_table(
        "invitations",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=False),
        sa.Column("email_index", sa.LargeBinary(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=True),
        sa.Column("landlord_id", sa.Uuid(), nullable=True),
        sa.Column("contractor_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("invited_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                ["org_id", column],
                [f"app.{table}.org_id", f"app.{table}.id"],
                name=op.f(f"fk_invitations_org_id_{column}"),
                initially="DEFERRED",
                deferrable=True,
            )
            for column, table in (
                ("role_id", "roles"),
                ("landlord_id", "landlords"),
                ("contractor_id", "contractors"),
                ("person_id", "people"),
                ("invited_by", "users"),
                ("accepted_by", "users"),
            )
        ),
        sa.ForeignKeyConstraint(
            ["org_id"],
            ["app.organisations.id"],
            name=op.f("fk_invitations_org_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_invitations")),
        schema="app",
    )
    op.create_index("ix_invitations_address", "invitations", ["org_id", "email_index"], schema="app")
    op.create_index(op.f("ix_invitations_org_id_role_id"), "invitations", ["org_id", "role_id"], schema="app")
