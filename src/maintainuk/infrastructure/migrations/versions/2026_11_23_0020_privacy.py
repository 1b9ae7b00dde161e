"""Requests about people's own data, and whom an organisation has forgotten; and addresses found by their index.

`LIKE ALL` of a list has no index: searches name the longest words one by one, and the list narrows what they find.
"""

import sqlalchemy as sa
from alembic import op

from maintainuk.infrastructure.migrations.walls import APP, WORKER, give_to_search, let, wall_off

revision = "2026_11_23_0020"
down_revision = "2026_11_23_0019"
branch_labels = None
depends_on = None

SEARCH_UNITS = """
CREATE FUNCTION app.search_units(words text, most int) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20 SET search_path = pg_catalog, app, pg_temp
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    the_org uuid := app.org();
    patterns text[] := app.like_patterns(words);
    longest text[] := ARRAY(SELECT p FROM unnest(patterns) p ORDER BY length(p) DESC);
BEGIN
    IF the_org IS NULL OR patterns IS NULL OR words !~ '[[:alnum:]]{3}' THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT u.id FROM app.units u
        WHERE u.org_id = the_org
          AND u.search_text LIKE longest[1]
          AND u.search_text LIKE coalesce(longest[2], longest[1])
          AND u.search_text LIKE coalesce(longest[3], longest[1])
          AND u.search_text LIKE ALL (patterns)
        LIMIT most;
END $$
"""
SEARCH_HOMES = """
CREATE FUNCTION app.search_homes(words text, names bigint[]) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, app, pg_temp
SET plan_cache_mode = force_custom_plan SET client_min_messages = warning AS $$
DECLARE
    the_org uuid := app.org();
    patterns text[] := app.like_patterns(words);
    longest text[] := ARRAY(SELECT p FROM unnest(patterns) p ORDER BY length(p) DESC);
BEGIN
    IF the_org IS NULL OR patterns IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT u.id FROM app.units u
        WHERE u.org_id = the_org
          AND u.search_text LIKE longest[1]
          AND u.search_text LIKE coalesce(longest[2], longest[1])
          AND u.search_text LIKE ALL (patterns)
        UNION
        SELECT t.unit_id FROM app.people r
        JOIN app.tenancy_members m ON m.org_id = r.org_id AND m.person_id = r.id
        JOIN app.tenancies t ON t.org_id = m.org_id AND t.id = m.tenancy_id AND t.ended_on IS NULL
        WHERE r.org_id = the_org AND m.org_id = the_org AND t.org_id = the_org
          AND names <> '{}' AND r.name_tokens @> names;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["org_id"], ["app.organisations.id"], name=op.f("fk_erasures_org_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_erasures")),
        schema="app",
    )
    op.create_index("uq_erasures_person", "erasures", ["org_id", "person_id"], unique=True, schema="app")
    wall_off("erasures", ("SELECT", "INSERT"))
    op.create_table(
        "privacy_requests",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _one_of("kind", "access", "erasure"), nullable=False),
        sa.Column("status", _one_of("status", "open", "answered", "refused"), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("extended_because", sa.LargeBinary(), nullable=True),
        sa.Column("refused_because", sa.LargeBinary(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "person_id"],
            ["app.people.org_id", "app.people.id"],
            name=op.f("fk_privacy_requests_org_id_person_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_privacy_requests")),
        schema="app",
    )
    for columns in (["org_id", "person_id"], ["org_id", "status", "due_on"]):
        op.create_index(op.f(f"ix_privacy_requests_{'_'.join(columns)}"), "privacy_requests", columns, schema="app")
    wall_off("privacy_requests")
    let(APP, "timeline_events", ("UPDATE (private)",))
    let(WORKER, "timeline_events", ("UPDATE (private)",))

    op.execute("DROP FUNCTION app.search_units(text, integer)")
    op.execute("DROP FUNCTION app.search_homes(text, bigint[])")
    op.execute(SEARCH_UNITS)
    op.execute(SEARCH_HOMES)
    give_to_search("search_units(text, integer)")
    give_to_search("search_homes(text, bigint[])")


def _one_of(name: str, *states: str) -> sa.Enum:
    return sa.Enum(*states, name=name, native_enum=False, create_constraint=True, length=32, schema="app")
