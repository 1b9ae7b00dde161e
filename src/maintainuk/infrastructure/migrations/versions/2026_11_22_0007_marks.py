"""Lists say what waits: an advisor's suggestion, and an alarm that nobody has looked at. An acknowledgement can go back."""

import sqlalchemy as sa
from alembic import op

from maintainuk.infrastructure.migrations.words import limit_to

revision = "2026_11_22_0007"
down_revision = "2026_11_22_0006"
branch_labels = None
depends_on = None

KINDS = (
    "reported",
    "commented",
    "priority_changed",
    "owner_changed",
    "message_promised",
    "message_sent",
    "message_failed",
    "message_unknown",
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
    "contact_left",
    "review_asked",
)
TALLIED = ("org_id", "status", "priority", "owner_id")
READ_HERE = ("maintenance_tickets", "ai_jobs", "timeline_events")

ALARMS = """
    UPDATE app.maintenance_tickets t SET has_alarm = true
    WHERE danger IS NOT NULL AND danger_acknowledged_at IS NULL
       OR danger IS NULL AND hazard_class = 'potential_emergency'
          AND status NOT IN ('closed', 'rejected', 'cancelled', 'merged')
          AND EXISTS (
              SELECT FROM app.timeline_events raised
              WHERE raised.org_id = t.org_id AND raised.ticket_id = t.id AND raised.kind = 'hazard_raised'
                AND NOT EXISTS (
                    SELECT FROM app.timeline_events seen
                    WHERE seen.org_id = t.org_id AND seen.ticket_id = t.id AND seen.seq > raised.seq
                      AND seen.kind IN ('danger_acknowledged', 'triage_begun', 'classified', 'approved')
                )
          )
"""
"""Dangers that tenants chose, and what words or an advisor raised, until somebody has looked."""
SUGGESTIONS = """
    UPDATE app.maintenance_tickets t SET suggestion = CASE
        WHEN j.output #>> '{hazard_class,value}' = 'potential_emergency' OR j.output #>> '{priority,value}' = 'P1'
             OR (j.output #>> '{safety_flag,value}')::boolean THEN 'alarm'
        WHEN EXISTS (SELECT FROM app.timeline_events e WHERE e.org_id = j.org_id AND e.ticket_id = j.ticket_id
                     AND e.kind = 'tenant_wrote' AND e.occurred_at > j.started_at) THEN 'stale'
        ELSE 'ready' END
    FROM app.ai_jobs j
    WHERE j.org_id = t.org_id AND j.ticket_id = t.id AND j.status = 'succeeded'
"""


def upgrade() -> None:
    op.add_column(
        "maintenance_tickets",
        sa.Column("has_alarm", sa.Boolean(), server_default=sa.false(), nullable=False),
        schema="app",
    )
    op.add_column(
        "maintenance_tickets",
        sa.Column(
            "suggestion",
            sa.Enum(
                "ready",
                "stale",
                "alarm",
                name="suggestion",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=True,
        ),
        schema="app",
    )
    fill()
    op.drop_index("ix_maintenance_tickets_tally", table_name="maintenance_tickets", schema="app")
    op.create_index(
        "ix_maintenance_tickets_tally",
        "maintenance_tickets",
        TALLIED,
        schema="app",
        postgresql_include=["suggestion", "has_alarm"],
    )
    newest = ("org_id", "has_alarm", "reported_at", "id")
    op.create_index("ix_maintenance_tickets_alarm", "maintenance_tickets", newest, schema="app")
    op.create_index(
        "ix_maintenance_tickets_suggestion",
        "maintenance_tickets",
        newest,
        schema="app",
        postgresql_where="suggestion IS NOT NULL",
    )
    limit_to("timeline_events", "kind", (*KINDS, "danger_released"))


def fill() -> None:
    """Mark what waits already; the wall stands aside for the tables' owner while all organisations are gone through."""
    for table in READ_HERE:
        op.execute(f"ALTER TABLE app.{table} NO FORCE ROW LEVEL SECURITY")
    op.execute(ALARMS)
    op.execute(SUGGESTIONS)
    for table in READ_HERE:
        op.execute(f"ALTER TABLE app.{table} FORCE ROW LEVEL SECURITY")
