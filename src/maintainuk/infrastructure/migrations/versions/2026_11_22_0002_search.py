"""Search inside one organisation, with the indexes that row-level security would otherwise forbid."""

from alembic import op

from maintainuk.infrastructure.migrations.walls import give_to_search, let_search_read

revision = "2026_11_22_0002"
down_revision = "2026_11_22_0001"
branch_labels = None
depends_on = None

READABLE = {
    "maintenance_tickets": ("org_id", "id", "property_id", "reporter_id", "search"),
    "properties": ("org_id", "id", "search_text"),
    "units": ("org_id", "id", "property_id", "label"),
    "people": ("org_id", "id", "name"),
    "tenancies": ("org_id", "id", "unit_id", "ended_on"),
    "tenancy_members": ("org_id", "tenancy_id", "person_id"),
}

# Each word as a pattern; the wildcards of LIKE are taken literally.
PATTERNS = """
CREATE FUNCTION app.like_patterns(words text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_agg('%' || replace(replace(replace(word, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%')
    FROM regexp_split_to_table(lower(trim(words)), '[[:space:],]+') AS word WHERE word <> ''
$$
"""

# Planned anew for each question: the plan that serves all words alike took seconds for some, of 40,000 tickets.
# The organisation is a word of each document, so the index finds its tickets alone however common the other words are.
# The last word also matches as the beginning of one: people search while they type. Not beside a minus or quotes, whose
# meaning a beginning would undo.
SEARCH_TICKETS = """
CREATE FUNCTION app.search_tickets(words text) RETURNS SETOF uuid
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
    wanted := (quote_literal('org:' || the_org::text))::tsquery && wanted;
    RETURN QUERY
        SELECT t.id FROM app.maintenance_tickets t WHERE t.search @@ wanted AND t.org_id = the_org
        UNION
        SELECT t.id FROM app.maintenance_tickets t
        JOIN app.properties p ON p.org_id = t.org_id AND p.id = t.property_id
        WHERE t.org_id = the_org AND p.org_id = the_org AND p.search_text LIKE ALL (patterns)
        UNION
        SELECT t.id FROM app.maintenance_tickets t
        JOIN app.people r ON r.org_id = t.org_id AND r.id = t.reporter_id
        WHERE t.org_id = the_org AND r.org_id = the_org AND r.name ILIKE ALL (patterns);
END $$
"""

SEARCH_HOMES = """
CREATE FUNCTION app.search_homes(words text) RETURNS SETOF uuid
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
        WHERE r.org_id = the_org AND m.org_id = the_org AND t.org_id = the_org AND r.name ILIKE ALL (patterns);
END $$
"""


def upgrade() -> None:
    for table, columns in READABLE.items():
        let_search_read(table, columns)
    for statement in (PATTERNS, SEARCH_TICKETS, SEARCH_HOMES):
        op.execute(statement)
    give_to_search("search_tickets(text)")
    give_to_search("search_homes(text)")
