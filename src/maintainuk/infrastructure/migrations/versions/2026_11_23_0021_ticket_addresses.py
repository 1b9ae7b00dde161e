"""Tickets found by the words of their address with the index: `LIKE ALL` of a list has none."""

from alembic import op

from maintainuk.infrastructure.migrations.walls import give_to_search

revision = "2026_11_23_0021"
down_revision = "2026_11_23_0020"
branch_labels = None
depends_on = None

SEARCH_TICKETS = """
CREATE FUNCTION app.search_tickets(words text, names bigint[]) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, app, pg_temp
SET plan_cache_mode = force_custom_plan SET client_min_messages = warning AS $$
DECLARE
    the_org uuid := app.org();
    parts text[] := regexp_match(words, '^(.*?)([[:alnum:]]+)[[:space:]]*$');
    patterns text[] := app.like_patterns(words);
    longest text[] := ARRAY(SELECT p FROM unnest(patterns) p ORDER BY length(p) DESC);
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
        WHERE t.org_id = the_org AND p.org_id = the_org
          AND p.search_text LIKE longest[1]
          AND p.search_text LIKE coalesce(longest[2], longest[1])
          AND p.search_text LIKE coalesce(longest[3], longest[1])
          AND p.search_text LIKE ALL (patterns)
        UNION
        SELECT t.id FROM app.maintenance_tickets t
        JOIN app.people r ON r.org_id = t.org_id AND r.id = t.reporter_id
        WHERE t.org_id = the_org AND r.org_id = the_org AND names <> '{}' AND r.name_tokens @> names;
END $$
"""


def upgrade() -> None:
    op.execute("DROP FUNCTION app.search_tickets(text, bigint[])")
    op.execute(SEARCH_TICKETS)
    give_to_search("search_tickets(text, bigint[])")
