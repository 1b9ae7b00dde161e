"""A reporter who left no way to be reached can leave one afterwards."""

from maintainuk.infrastructure.migrations.words import limit_to

revision = "2026_11_22_0005"
down_revision = "2026_11_22_0004"
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
)


def upgrade() -> None:
    limit_to("timeline_events", "kind", (*KINDS, "contact_left"))


def downgrade() -> None:
    limit_to("timeline_events", "kind", KINDS)
