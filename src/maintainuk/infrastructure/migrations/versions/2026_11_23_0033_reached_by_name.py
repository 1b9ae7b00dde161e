"""Somebody in a file is found by a way to reach them and their name at once: many may share the way."""

from alembic import op

revision = "2026_11_23_0033"
down_revision = "2026_11_23_0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for way in ("email_index", "phone_index"):
        op.create_index(
            op.f(f"ix_people_org_id_{way}_name_index"), "people", ["org_id", way, "name_index"], schema="app"
        )
        op.drop_index(op.f(f"ix_people_org_id_{way}"), "people", schema="app")
