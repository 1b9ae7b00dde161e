"""The second tenancy wall, in the words migrations use: `wall_off("work_orders")` beside the table that needs it.

An organisation's table gets one policy for everything, forced on its owner too. The API's and the worker's roles own
nothing and may not bypass it. `tests/contracts/test_tenancy_wall.py` finds a table that was forgotten.
"""

from collections.abc import Sequence

from alembic import op

APP, WORKER, SEARCH = "maintainuk_app", "maintainuk_worker", "maintainuk_search"

EVERYTHING = ("SELECT", "INSERT", "UPDATE", "DELETE")
ADD_ONLY = ("SELECT", "INSERT")


def wall_off(table: str, rights: Sequence[str] = EVERYTHING) -> None:
    """Hide every organisation's rows of `table` from all others, and let the API and the worker at the rest."""
    op.execute(f"ALTER TABLE app.{table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE app.{table} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY organisation ON app.{table}"
        " USING (org_id = (SELECT app.org())) WITH CHECK (org_id = (SELECT app.org()))"
    )
    let(APP, table, rights)
    let(WORKER, table, rights)


def let(role: str, table: str, rights: Sequence[str]) -> None:
    """Give one role these rights on a table: a verb, or a verb and its columns: `SELECT (id, name)`."""
    if rights:
        op.execute(f"GRANT {', '.join(rights)} ON app.{table} TO {role}")


def let_search_read(table: str, columns: Sequence[str]) -> None:
    """Let the search functions, which filter by organisation themselves, read these columns."""
    op.execute(f"GRANT SELECT ({', '.join(columns)}) ON app.{table} TO {SEARCH}")
    op.execute(f"CREATE POLICY search ON app.{table} FOR SELECT TO {SEARCH} USING (true)")


def give_to_search(function: str) -> None:
    """Make a SECURITY DEFINER function run with the search role's few rights instead of the owner's many."""
    op.execute(f"REVOKE ALL ON FUNCTION app.{function} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION app.{function} TO {APP}, {WORKER}")
    op.execute(f"GRANT CREATE ON SCHEMA app TO {SEARCH}")
    op.execute(f"ALTER FUNCTION app.{function} OWNER TO {SEARCH}")
    op.execute(f"REVOKE CREATE ON SCHEMA app FROM {SEARCH}")
