"""Search over everything: people by name, e-mail or phone, homes by any words of their whole address, at any size.

A home's own line of text holds its flat and its building's address: two tables together have no index.
"""

from alembic import op

from maintainuk.infrastructure.migrations.walls import SEARCH, give_to_search, let

revision = "2026_11_23_0012"
down_revision = "2026_11_23_0011"
branch_labels = None
depends_on = None

BUILDING = """
CREATE FUNCTION app.unit_search_text(the_org uuid, the_property uuid, label text) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT lower(label) || ' ' || p.search_text FROM app.properties p WHERE p.org_id = the_org AND p.id = the_property
$$
"""
OF_UNIT = """
CREATE FUNCTION app.unit_writes_search_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.search_text := coalesce(app.unit_search_text(NEW.org_id, NEW.property_id, NEW.label), lower(NEW.label));
    RETURN NEW;
END $$
"""
OF_PROPERTY = """
CREATE FUNCTION app.property_writes_search_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE app.units SET search_text = lower(label) || ' ' || NEW.search_text
    WHERE org_id = NEW.org_id AND property_id = NEW.id;
    RETURN NULL;
END $$
"""
# The second after an insert too: a home may be written before its building, whose foreign key waits for the commit.
TRIGGERS = """
CREATE TRIGGER search_text BEFORE INSERT OR UPDATE OF label, property_id ON app.units
    FOR EACH ROW EXECUTE FUNCTION app.unit_writes_search_text();
CREATE TRIGGER search_text AFTER INSERT OR UPDATE OF address_line, town, postcode ON app.properties
    FOR EACH ROW EXECUTE FUNCTION app.property_writes_search_text()
"""
FILL = """
UPDATE app.units u SET search_text = lower(u.label) || ' ' || p.search_text
FROM app.properties p WHERE p.org_id = u.org_id AND p.id = u.property_id
"""

# A word of one or two letters is in every address: the index finds by the longer ones, and these only narrow.
SEARCH_UNITS = """
CREATE FUNCTION app.search_units(words text, most int) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, app, pg_temp
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    the_org uuid := app.org();
    patterns text[] := app.like_patterns(words);
BEGIN
    IF the_org IS NULL OR patterns IS NULL OR words !~ '[[:alnum:]]{3}' THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT u.id FROM app.units u WHERE u.org_id = the_org AND u.search_text LIKE ALL (patterns) LIMIT most;
END $$
"""
SEARCH_PEOPLE = """
CREATE FUNCTION app.search_people(names bigint[], most int) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, app, pg_temp
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    the_org uuid := app.org();
BEGIN
    IF the_org IS NULL OR names = '{}' THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT r.id FROM app.people r WHERE r.org_id = the_org AND r.name_tokens @> names LIMIT most;
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
        SELECT u.id FROM app.units u WHERE u.org_id = the_org AND u.search_text LIKE ALL (patterns)
        UNION
        SELECT t.unit_id FROM app.people r
        JOIN app.tenancy_members m ON m.org_id = r.org_id AND m.person_id = r.id
        JOIN app.tenancies t ON t.org_id = m.org_id AND t.id = m.tenancy_id AND t.ended_on IS NULL
        WHERE r.org_id = the_org AND m.org_id = the_org AND t.org_id = the_org
          AND names <> '{}' AND r.name_tokens @> names;
END $$
"""


def upgrade() -> None:
    op.execute("ALTER TABLE app.units ADD COLUMN search_text text NOT NULL DEFAULT ''")
    connection = op.get_bind()
    for (org_id,) in connection.exec_driver_sql("SELECT id FROM app.organisations").all():
        connection.exec_driver_sql("SELECT set_config('app.org_id', $1, true)", (str(org_id),))
        op.execute(FILL)
    connection.exec_driver_sql("SELECT set_config('app.org_id', '', true)")
    for statement in (BUILDING, OF_UNIT, OF_PROPERTY, *TRIGGERS.split(";")):
        op.execute(statement)
    op.execute("CREATE INDEX ix_units_search_text ON app.units USING gin (search_text gin_trgm_ops)")
    let(SEARCH, "units", ("SELECT (search_text)",))
    op.execute("DROP FUNCTION app.search_homes(text, bigint[])")
    for statement in (SEARCH_UNITS, SEARCH_PEOPLE, SEARCH_HOMES):
        op.execute(statement)
    give_to_search("search_homes(text, bigint[])")
    give_to_search("search_units(text, integer)")
    give_to_search("search_people(bigint[], integer)")
