"""A tenant leaves a way to be reached after the report, appeals against a rejection, and is asked about a danger."""

import sqlalchemy as sa
from alembic import op

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
NEW_KINDS = ("contact_left", "review_asked")
DANGERS = ("gas_smell", "co_alarm", "fire", "flooding", "no_power", "person_stuck")


def upgrade() -> None:
    limit_to("timeline_events", "kind", (*KINDS, *NEW_KINDS))
    sounds_like = sa.Enum(*DANGERS, name="sounds_like", native_enum=False, create_constraint=True, length=32)
    op.add_column("reports", sa.Column("sounds_like", sounds_like), schema="app")
    danger = sa.Enum(*DANGERS, name="danger", native_enum=False, create_constraint=True, length=32)
    op.add_column("reports", sa.Column("danger", danger), schema="app")
