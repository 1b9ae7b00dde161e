"""Who people are and how to reach them is sealed, and found by keyed hashes.

An older release can't read sealed names: it has to be stopped first.
"""

import sqlalchemy as sa
from alembic import op

from maintainuk.domain.sealing import Spelling
from maintainuk.infrastructure.migrations.sealing import seal
from maintainuk.infrastructure.migrations.walls import SEARCH, give_to_search, let, wall_off

revision = "2026_11_23_0009"
down_revision = "2026_11_23_0008"
branch_labels = None
depends_on = None

FOUND_BY = {
    "email_index": ("email", Spelling.EMAIL),
    "phone_index": ("phone", Spelling.PHONE),
    "name_index": ("name", Spelling.NAME),
    "name_tokens": ("name", Spelling.WORDS),
}

# `names` are the keyed hashes of the words: whoever asks makes them, and the database can't.
SEARCH_TICKETS = """
CREATE FUNCTION app.search_tickets(words text, names bigint[]) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, app, pg_temp
SET plan_cache_mode = force_custom_plan SET client_min_messages = warning AS $$
DECLARE
    the_org uuid := app.org();
    parts text[] := regexp_match(words, '^(.*?)([[:alnum:]]+)[[:space:]]*$');
    patterns text[] := app.like_patterns(words);
    wanted tsquery := websearch_to_tsquery('app.english', words);
BEGIN
    IF the_org IS NULL OR patterns IS NULL THEN
        RETURN;
    END IF;
    IF parts IS NOT NULL AND words !~ '(^|[[:space:]])-|"' THEN
        wanted := wanted || (
            websearch_to_tsquery('app.english', parts[1])
            && (quote_literal(lower(public.unaccent(parts[2]))) || ':*')::tsquery
        );
    END IF;
    -- Nothing matches NULL.
    wanted := CASE WHEN numnode(wanted) > 0 THEN (quote_literal('org:' || the_org::text))::tsquery && wanted END;
    RETURN QUERY
        SELECT t.id FROM app.maintenance_tickets t WHERE t.search @@ wanted AND t.org_id = the_org
        UNION
        SELECT t.id FROM app.maintenance_tickets t
        JOIN app.properties p ON p.org_id = t.org_id AND p.id = t.property_id
        WHERE t.org_id = the_org AND p.org_id = the_org AND p.search_text LIKE ALL (patterns)
        UNION
        SELECT t.id FROM app.maintenance_tickets t
        JOIN app.people r ON r.org_id = t.org_id AND r.id = t.reporter_id
        WHERE t.org_id = the_org AND r.org_id = the_org AND names <> '{}' AND r.name_tokens @> names;
END $$
"""

SEARCH_HOMES = """
CREATE FUNCTION app.search_homes(words text, names bigint[]) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, app, pg_temp
SET plan_cache_mode = force_custom_plan SET client_min_messages = warning AS $$
DECLARE
    the_org uuid := app.org();
    patterns text[] := app.like_patterns(words);
BEGIN
    IF the_org IS NULL OR patterns IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT u.id FROM app.units u
        JOIN app.properties p ON p.org_id = u.org_id AND p.id = u.property_id
        WHERE u.org_id = the_org AND p.org_id = the_org
          AND (lower(u.label) || ' ' || p.search_text) LIKE ALL (patterns)
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
        "org_keys",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "data", "index", name="purpose", native_enum=False, create_constraint=True, length=32, schema="app"
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("master_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("active_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["org_id"],
            ["app.organisations.id"],
            name=op.f("fk_org_keys_org_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_org_keys")),
        schema="app",
    )
    op.create_index("uq_org_keys_version", "org_keys", ["org_id", "purpose", "version"], unique=True, schema="app")
    wall_off("org_keys", ("SELECT", "INSERT", "UPDATE"))

    for name in ("email_index", "phone_index", "name_index"):
        op.add_column("people", sa.Column(name, sa.LargeBinary(), nullable=True), schema="app")
    op.add_column(
        "people",
        sa.Column("name_tokens", sa.ARRAY(sa.BigInteger()), server_default="{}", nullable=False),
        schema="app",
    )
    op.execute("DROP FUNCTION app.search_tickets(text)")
    op.execute("DROP FUNCTION app.search_homes(text)")
    seal("people", ("name", "email", "phone"), required=("name",), found_by=FOUND_BY)
    for name in ("email_index", "phone_index", "name_index"):
        op.create_index(op.f(f"ix_people_org_id_{name}"), "people", ["org_id", name], schema="app")
    op.create_index("ix_people_name_tokens", "people", ["name_tokens"], schema="app", postgresql_using="gin")
    let(SEARCH, "people", ("SELECT (name_tokens)",))
    for statement in (SEARCH_TICKETS, SEARCH_HOMES):
        op.execute(statement)
    give_to_search("search_tickets(text, bigint[])")
    give_to_search("search_homes(text, bigint[])")
