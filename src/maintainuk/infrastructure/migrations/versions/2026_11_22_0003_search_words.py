"""A search for what holds no word finds nothing, instead of every ticket of the organisation.

Punctuation, an emoji or only words that everybody uses in quotes leave no document word to look for. Before, the
organisation's own word was then all that was asked for. Addresses and names are still searched for what was typed.
"""

from alembic import op

from maintainuk.infrastructure.migrations.walls import give_to_search

revision = "2026_11_22_0003"
down_revision = "2026_11_22_0002"
branch_labels = None
depends_on = None

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
    wanted := {wanted};
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
BEFORE = "(quote_literal('org:' || the_org::text))::tsquery && wanted"
# Nothing matches NULL.
NOW = f"CASE WHEN numnode(wanted) > 0 THEN {BEFORE} END"


def upgrade() -> None:
    _ask_for(NOW)


def _ask_for(wanted: str) -> None:
    # It belongs to the search role, which alone could replace it; who owns the schema may drop it.
    op.execute("DROP FUNCTION app.search_tickets(text)")
    op.execute(SEARCH_TICKETS.replace("{wanted}", wanted))
    give_to_search("search_tickets(text)")
