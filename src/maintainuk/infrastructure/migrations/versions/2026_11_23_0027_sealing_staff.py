"""Sealed as well: who works here, hints (key safes and alarm codes stand in them), whom to wake at night, licence cards.

The round trip that opens a request brings the name along sealed; the process opens it.
"""

from alembic import op

from maintainuk.infrastructure.migrations.sealing import seal

revision = "2026_11_23_0027"
down_revision = "2026_11_23_0026"
branch_labels = None
depends_on = None

OPEN_REQUEST = """
CREATE FUNCTION app.open_request(the_org uuid, the_session uuid)
RETURNS TABLE (
    user_id uuid, user_name bytea, role_id uuid, role_name text, role_version integer,
    team_ids uuid[], landlord_id uuid, contractor_id uuid, person_id uuid
)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM set_config('app.org_id', the_org::text, true);
    RETURN QUERY
        SELECT u.id, u.name, r.id, r.name, r.version,
            ARRAY(SELECT m.team_id FROM app.team_members m WHERE m.org_id = u.org_id AND m.user_id = u.id),
            u.landlord_id, u.contractor_id, u.person_id
        FROM app.sessions s
        JOIN app.organisations o ON o.id = s.org_id AND o.suspended_at IS NULL
        JOIN app.users u ON u.org_id = s.org_id AND u.id = s.user_id AND u.status = 'active'
        JOIN app.roles r ON r.org_id = u.org_id AND r.id = u.role_id
        WHERE s.id = the_session AND s.org_id = the_org AND s.ended_at IS NULL AND s.expires_at > now();
END $$
"""


def upgrade() -> None:
    seal("users", ("name",), required=("name",))
    seal("hints", ("text",), required=("text",))
    seal("organisation_settings", ("emergency_email", "emergency_phone"))
    seal("operatives", ("card",))
    seal("contractors", ("suspension",))
    op.execute("DROP FUNCTION app.open_request(uuid, uuid)")
    op.execute(OPEN_REQUEST)
    op.execute("REVOKE ALL ON FUNCTION app.open_request FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION app.open_request TO maintainuk_app")
