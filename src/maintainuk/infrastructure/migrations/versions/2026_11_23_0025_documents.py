"""Documents about places and firms, whose pages are drawn and whose files nobody is given."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from maintainuk.infrastructure.migrations.walls import wall_off

revision = "2026_11_23_0025"
down_revision = "2026_11_23_0024"
branch_labels = None
depends_on = None

KINDS = (
    *("tenancy_agreement", "inventory", "gas_record", "eicr", "epc", "fire_risk_assessment", "asbestos_survey"),
    *("insurance", "accreditation", "warranty", "floor_plan", "other"),
)
REFUSALS = (
    *("unsupported-format", "locked", "too-many-pages", "too-many-pixels", "damaged", "too-slow", "too-much-memory"),
)
POINTS_AT = {
    "property_id": "properties",
    "unit_id": "units",
    "tenancy_id": "tenancies",
    "asset_id": "assets",
    "contractor_id": "contractors",
    "added_by": "users",
}


def upgrade() -> None:
    op.create_table(
        "documents",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(column, sa.Uuid(), nullable=True) for column in POINTS_AT),
        sa.Column("kind", _one_of("kind", *KINDS), nullable=False),
        sa.Column("title", sa.LargeBinary(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("audiences", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("status", _one_of("status", "expected", "received", "ready", "refused"), nullable=False),
        sa.Column("refusal", _one_of("refusal", *REFUSALS), nullable=True),
        sa.Column("bytes_received", sa.BigInteger(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("sha256", sa.LargeBinary(), nullable=True),
        sa.Column("page_count", sa.Integer(), nullable=True),
        sa.Column("pages", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("(property_id IS NULL) <> (contractor_id IS NULL)", name=op.f("ck_documents_subject")),
        *(
            sa.ForeignKeyConstraint(
                ["org_id", column],
                [f"app.{table}.org_id", f"app.{table}.id"],
                name=op.f(f"fk_documents_org_id_{column}"),
                initially="DEFERRED",
                deferrable=True,
            )
            for column, table in POINTS_AT.items()
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_documents")),
        schema="app",
    )
    for column in ("property_id", "contractor_id"):
        op.create_index(op.f(f"ix_documents_org_id_{column}"), "documents", ["org_id", column], schema="app")
    wall_off("documents")


def _one_of(name: str, *states: str) -> sa.Enum:
    return sa.Enum(*states, name=name, native_enum=False, create_constraint=True, length=32, schema="app")
