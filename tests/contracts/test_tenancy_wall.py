"""The catalogue guard: nothing in the database stands outside the wall between organisations.

Each rule is a query that lists offenders; `test_the_guard_sees_a_planted_hole` shows that each one can fail.
"""

import pytest
from sqlalchemy import text

from maintainuk.infrastructure.database.tables import INSTALLATION_WIDE, SEARCH_FUNCTIONS

LOGINS = "('maintainuk_app', 'maintainuk_worker')"
OURS = "('maintainuk_app', 'maintainuk_worker', 'maintainuk_search')"
EXTRA_POLICIES = {
    ("outbox_messages", "sweep", "maintainuk_worker", "r"),
    ("outbox_messages", "claim", "maintainuk_worker", "w"),
    *(
        (table, "search", "maintainuk_search", "r")
        for table in ("maintenance_tickets", "properties", "units", "people", "tenancies", "tenancy_members", "users")
    ),
}
"""Policies besides the one of the organisation. Policies are OR-ed: each of these is a door, and is here by name."""

GRANTS = {
    ("maintainuk_app", "organisations", "SELECT"),
    *(
        ("maintainuk_app", f"organisations.{column}", "UPDATE")
        for column in (
            "name",
            "phone",
            "nation",
            "suspended_at",
            "suspended_because",
            "colour",
            "logo",
            "waits_until",
            "waits_for",
        )
    ),
    *(("maintainuk_app", "identities", right) for right in ("SELECT", "INSERT", "UPDATE")),
    *(("maintainuk_app", "memberships", right) for right in ("SELECT", "INSERT", "DELETE")),
    ("maintainuk_worker", "memberships", "DELETE"),
    *(("maintainuk_worker", f"memberships.{column}", "SELECT") for column in ("org_id", "user_id", "identity_id")),
    *(("maintainuk_worker", *right) for right in (("identities", "DELETE"), ("identities.id", "SELECT"))),
    *(("maintainuk_worker", table, "DELETE") for table in ("second_factors", "recovery_codes")),
    *(("maintainuk_worker", f"{table}.identity_id", "SELECT") for table in ("second_factors", "recovery_codes")),
    *(("maintainuk_app", "sessions", right) for right in ("SELECT", "INSERT", "UPDATE")),
    *(("maintainuk_app", "contractor_firms", right) for right in ("SELECT", "INSERT")),
    *(("maintainuk_app", "link_tokens", right) for right in ("SELECT", "INSERT")),
    *(("maintainuk_app", f"link_tokens.{column}", "UPDATE") for column in ("used_at", "revoked_at")),
    *(("maintainuk_worker", "link_tokens", right) for right in ("SELECT", "INSERT", "DELETE")),
    ("maintainuk_app", "organisations", "INSERT"),
    *(("maintainuk_app", "second_factors", right) for right in ("SELECT", "INSERT", "DELETE")),
    *(
        ("maintainuk_app", f"second_factors.{column}", "UPDATE")
        for column in ("last_step", "sign_count", "confirmed_at", "used_at")
    ),
    *(("maintainuk_app", "recovery_codes", right) for right in ("SELECT", "INSERT", "DELETE")),
    ("maintainuk_app", "recovery_codes.used_at", "UPDATE"),
    *(("maintainuk_app", "sign_in_events", right) for right in ("SELECT", "INSERT")),
    *(("maintainuk_worker", "sign_in_events", right) for right in ("SELECT", "DELETE")),
    ("maintainuk_app", "platform_administrators", "SELECT"),
    *(("maintainuk_worker", "organisations", right) for right in ("SELECT", "DELETE")),
    ("maintainuk_worker", "sessions", "DELETE"),
    *(
        ("maintainuk_worker", f"sessions.{column}", "SELECT")
        for column in ("id", "expires_at", "ended_at", "identity_id")
    ),
}
"""All that our roles may do with tables outside the wall."""

TABLES = (
    "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'app' AND c.relkind IN ('r', 'p')"
)
ORGANISATIONS_OWN = f"{TABLES} AND c.relname <> ALL (:wide)"

RULES = {
    "a table without org_id": f"""
        SELECT c.relname {ORGANISATIONS_OWN} AND NOT EXISTS (
            SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'org_id' AND a.attnotnull)""",
    "a table whose row-level security is not on and forced": f"""
        SELECT c.relname {ORGANISATIONS_OWN} AND NOT (c.relrowsecurity AND c.relforcerowsecurity)""",
    "a table without the organisation's policy": f"""
        SELECT c.relname {ORGANISATIONS_OWN} AND NOT EXISTS (
            SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polcmd = '*' AND p.polpermissive
            AND pg_get_expr(p.polqual, c.oid) = '(org_id = ( SELECT app.org() AS org))'
            AND pg_get_expr(p.polwithcheck, c.oid) = '(org_id = ( SELECT app.org() AS org))')""",
    "a table without an index that begins with org_id": f"""
        SELECT c.relname {ORGANISATIONS_OWN} AND NOT EXISTS (
            SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
            WHERE i.indrelid = c.oid AND a.attname = 'org_id')""",
    "a unique key that does not begin with org_id": """
        SELECT c.relname || '.' || x.relname FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
        JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
        WHERE n.nspname = 'app' AND i.indisunique AND a.attname <> 'org_id' AND c.relname <> ALL (:wide)""",
    "a foreign key that forgets the organisation": """
        SELECT k.conrelid::regclass || '.' || k.conname FROM pg_constraint k
        JOIN pg_namespace n ON n.oid = k.connamespace JOIN pg_class f ON f.oid = k.confrelid
        WHERE n.nspname = 'app' AND k.contype = 'f' AND f.relname <> ALL (:wide) AND NOT EXISTS (
            SELECT FROM pg_attribute a
            WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey) AND a.attname = 'org_id')""",
    "a view that reads with its owner's rights": """
        SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'app' AND c.relkind = 'v'
        AND NOT coalesce(c.reloptions @> ARRAY['security_invoker=true'], false)""",
    "a materialised view": """
        SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'app' AND c.relkind = 'm'""",
    "a function with more rights than its caller": """
        SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        JOIN pg_roles r ON r.oid = p.proowner
        WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND p.prosecdef AND NOT (
            p.proname = ANY (:search) AND r.rolname = 'maintainuk_search'
            AND p.proconfig @> ARRAY['search_path=pg_catalog, app, pg_temp'])""",
    "a search function that anybody may call": """
        SELECT p.proname FROM pg_proc p WHERE p.proname = ANY (:search)
        AND has_function_privilege('public', p.oid, 'execute')""",
    "a role of ours that could climb": f"""
        SELECT rolname FROM pg_roles WHERE rolname IN {OURS}
        AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)""",
    "a role of ours that owns a table": f"""
        SELECT c.relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname IN {OURS}""",
    "a role that signs in and is a member of another": f"""
        SELECT b.rolname FROM pg_auth_members m JOIN pg_roles b ON b.oid = m.roleid
        JOIN pg_roles a ON a.oid = m.member WHERE a.rolname IN {LOGINS}""",
    "a search role that could sign in": """
        SELECT rolname FROM pg_roles WHERE rolname = 'maintainuk_search' AND rolcanlogin""",
    "a role of ours that may create in the schema": f"""
        SELECT rolname FROM pg_roles WHERE rolname IN {OURS} AND has_schema_privilege(rolname, 'app', 'create')""",
    "an audit row that may be changed": f"""
        SELECT rolname FROM pg_roles WHERE rolname IN {LOGINS} AND (
            has_table_privilege(rolname, 'app.audit_log', 'update')
            OR has_table_privilege(rolname, 'app.audit_log', 'delete')
            OR has_table_privilege(rolname, 'app.audit_log', 'truncate'))""",
    "a table that anybody may read": f"""
        SELECT c.relname {TABLES} AND has_table_privilege('public', c.oid, 'select')""",
}

HOLES = {
    "a table without org_id": "CREATE TABLE app.hole (id uuid)",
    "a table whose row-level security is not on and forced": "ALTER TABLE app.people NO FORCE ROW LEVEL SECURITY",
    "a table without the organisation's policy": "DROP POLICY organisation ON app.people",
    "a table without an index that begins with org_id": "CREATE TABLE app.hole (org_id uuid NOT NULL)",
    "a unique key that does not begin with org_id": "CREATE UNIQUE INDEX hole ON app.people (id, email)",
    "a foreign key that forgets the organisation": """
        ALTER TABLE app.units ADD UNIQUE (id);
        ALTER TABLE app.tenancies ADD CONSTRAINT hole FOREIGN KEY (unit_id) REFERENCES app.units (id)""",
    "a view that reads with its owner's rights": "CREATE VIEW app.hole AS SELECT * FROM app.people",
    "a materialised view": "CREATE MATERIALIZED VIEW app.hole AS SELECT * FROM app.people",
    "a function with more rights than its caller": """
        CREATE FUNCTION app.hole() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM app.people'""",
    "a search function that anybody may call": """
        SET LOCAL ROLE maintainuk_search;
        GRANT EXECUTE ON FUNCTION app.search_tickets(text, bigint[]) TO PUBLIC; RESET ROLE""",
    "a role of ours that may create in the schema": "GRANT CREATE ON SCHEMA app TO maintainuk_app",
    "a role of ours that owns a table": """
        GRANT CREATE ON SCHEMA app TO maintainuk_app; GRANT maintainuk_app TO CURRENT_USER WITH SET TRUE;
        CREATE TABLE app.hole (); ALTER TABLE app.hole OWNER TO maintainuk_app""",
    "an audit row that may be changed": "GRANT UPDATE ON app.audit_log TO maintainuk_app",
    "a table that anybody may read": "GRANT SELECT ON app.people TO PUBLIC",
    # Roles belong to the whole server, but a change to one is undone with the transaction like any other.
    "a role of ours that could climb": "ALTER ROLE maintainuk_app CREATEROLE",
    "a role that signs in and is a member of another": "GRANT maintainuk_search TO maintainuk_app",
    "a search role that could sign in": "ALTER ROLE maintainuk_search LOGIN",
}


async def offenders(session, rule: str) -> list[str]:
    wide = [*INSTALLATION_WIDE, "alembic_version"]
    wanted = {
        name: value for name, value in {"wide": wide, "search": [*SEARCH_FUNCTIONS]}.items() if f":{name}" in rule
    }
    return list(await session.scalars(text(rule), wanted))


@pytest.mark.parametrize("name", RULES)
async def test_nothing_stands_outside_the_wall(world, name):
    async with world.owner.installation() as session:
        assert await offenders(session, RULES[name]) == []


@pytest.mark.parametrize("name", RULES)
async def test_the_guard_sees_a_planted_hole(world, name):
    async with world.owner.installation() as session:
        for statement in HOLES[name].split(";"):
            await session.execute(text(statement))
        assert await offenders(session, RULES[name])
        await session.rollback()


async def test_every_other_policy_is_listed_by_name(world):
    async with world.owner.installation() as session:
        found = await session.execute(
            text("""
            SELECT c.relname, p.polname, r.rolname, p.polcmd::text FROM pg_policy p
            JOIN pg_class c ON c.oid = p.polrelid LEFT JOIN pg_roles r ON r.oid = p.polroles[1]
            WHERE p.polname <> 'organisation'""")
        )
        assert {tuple(row) for row in found} == EXTRA_POLICIES


async def granted(session) -> set[tuple[str, ...]]:
    found = await session.execute(
        text(f"""
        SELECT r.rolname, of_table.name, acl.privilege_type FROM (
            SELECT c.relname::text AS name, c.relacl AS acl {TABLES} AND c.relname = ANY (:wide)
            UNION ALL
            SELECT c.relname || '.' || a.attname, a.attacl FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
            JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'app' AND c.relname = ANY (:wide)
        ) AS of_table, aclexplode(of_table.acl) AS acl JOIN pg_roles r ON r.oid = acl.grantee
        WHERE r.rolname IN {OURS}"""),
        {"wide": [*INSTALLATION_WIDE]},
    )
    return {tuple(row) for row in found}


async def test_every_right_outside_the_wall_is_listed_by_name(world):
    async with world.owner.installation() as session:
        assert await granted(session) == GRANTS


async def test_a_right_that_nobody_listed_is_seen(world):
    async with world.owner.installation() as session:
        await session.execute(text("GRANT UPDATE (password_hash) ON app.identities TO maintainuk_worker"))
        assert await granted(session) - GRANTS == {("maintainuk_worker", "identities.password_hash", "UPDATE")}
        await session.rollback()


async def test_every_table_without_the_wall_gives_its_reason(world):
    async with world.owner.installation() as session:
        unwalled = await session.scalars(text(f"SELECT c.relname {TABLES} AND NOT c.relrowsecurity"))
        assert set(unwalled) == {*INSTALLATION_WIDE, "alembic_version"}
    assert all(reason for reason in INSTALLATION_WIDE.values())
