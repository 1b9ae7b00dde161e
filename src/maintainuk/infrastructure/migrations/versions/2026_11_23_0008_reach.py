"""Who reaches what: all roles of the specification, teams, landlords with their portfolios, and contractors."""

import json

import sqlalchemy as sa
from alembic import op

from maintainuk.infrastructure.migrations.walls import APP, EVERYTHING, let, wall_off

revision = "2026_11_23_0008"
down_revision = "2026_11_22_0007"
branch_labels = None
depends_on = None

GRANTS: dict[str, dict[str, str]] = {
    "OrgAdmin": {
        "org": (
            "tickets:read tickets:create tickets:update tickets:assign tickets:triage tickets:merge "
            "tickets:reject tickets:cancel tickets:reopen tickets:confirm hazards:read hazards:assess "
            "hazards:investigate work_orders:read work_orders:create work_orders:issue work_orders:authorise "
            "work_orders:verify variations:approve quotes:read quotes:request quotes:award invoices:read "
            "invoices:submit compliance:read compliance:write compliance:accept compliance:exempt "
            "properties:read properties:write tenancies:read tenancies:write people:read people:write "
            "people:sensitive messages:read messages:send internal_notes:read contractors:read "
            "contractors:manage contractors:approve_accreditation ai:use ai:configure ai:audit reports:read "
            "reports:export settings:write users:manage roles:manage rules:manage sla:manage api_keys:manage "
            "billing:manage webhooks:manage privacy:read privacy:dsar privacy:erase retention:manage "
            "audit:read ops:replay"
        ),
    },
    "Manager": {
        "org": (
            "tickets:read tickets:create tickets:update tickets:assign tickets:triage tickets:merge "
            "tickets:reject tickets:cancel tickets:reopen tickets:confirm hazards:read hazards:assess "
            "hazards:investigate hazards:downgrade hazards:close work_orders:read work_orders:create "
            "work_orders:issue work_orders:authorise work_orders:verify variations:approve quotes:read "
            "quotes:request quotes:approve quotes:award invoices:read invoices:submit invoices:approve "
            "compliance:read compliance:write compliance:accept compliance:exempt properties:read "
            "properties:write tenancies:read tenancies:write people:read people:write people:sensitive "
            "messages:read messages:send internal_notes:read contractors:read contractors:manage "
            "contractors:approve_accreditation ai:use ai:audit reports:read reports:export rules:manage "
            "sla:manage privacy:read privacy:dsar audit:read"
        ),
    },
    "Coordinator": {
        "team": (
            "tickets:read tickets:create tickets:update tickets:assign tickets:triage tickets:merge "
            "tickets:reject tickets:cancel tickets:reopen tickets:confirm hazards:read hazards:assess "
            "hazards:investigate work_orders:read work_orders:create work_orders:issue work_orders:authorise "
            "work_orders:respond work_orders:schedule work_orders:progress work_orders:complete "
            "work_orders:verify variations:approve quotes:read quotes:request quotes:approve quotes:award "
            "invoices:read messages:read messages:send internal_notes:read ai:use reports:read reports:export"
        ),
        "org": (
            "compliance:read compliance:write properties:read properties:write tenancies:read tenancies:write "
            "people:read people:write people:sensitive contractors:read contractors:manage"
        ),
    },
    "Finance": {
        "org": (
            "tickets:read work_orders:read quotes:read invoices:read invoices:submit invoices:approve "
            "invoices:export invoices:pay compliance:read properties:read tenancies:read people:read "
            "messages:read messages:send internal_notes:read contractors:read reports:read reports:export"
        ),
    },
    "Landlord": {
        "portfolio": (
            "tickets:read tickets:create hazards:read work_orders:read work_orders:authorise "
            "variations:approve quotes:read quotes:approve invoices:read compliance:read properties:read "
            "tenancies:read people:read reports:read reports:export"
        ),
        "own": "messages:read messages:send privacy:request",
    },
    "ContractorAdmin": {
        "assigned": (
            "tickets:read tickets:create hazards:read hazards:assess hazards:investigate properties:read "
            "tenancies:read people:read"
        ),
        "own": (
            "work_orders:read work_orders:respond work_orders:schedule work_orders:progress "
            "work_orders:complete quotes:read quotes:submit invoices:read invoices:submit compliance:read "
            "compliance:write messages:read messages:send contractors:read contractors:manage reports:read "
            "reports:export users:manage privacy:request"
        ),
    },
    "Operative": {
        "assigned": (
            "tickets:read tickets:create hazards:read hazards:assess hazards:investigate work_orders:read "
            "work_orders:respond work_orders:schedule work_orders:progress work_orders:complete "
            "properties:read tenancies:read people:read"
        ),
        "own": "compliance:read compliance:write messages:read messages:send contractors:read privacy:request",
    },
    "Tenant": {
        "own": (
            "tickets:read tickets:create tickets:cancel tickets:reopen tickets:confirm hazards:read "
            "work_orders:read work_orders:schedule work_orders:verify compliance:read properties:read "
            "tenancies:read people:read people:write people:sensitive messages:read messages:send "
            "privacy:request"
        ),
    },
    "Auditor": {
        "org": (
            "tickets:read hazards:read work_orders:read quotes:read invoices:read compliance:read "
            "properties:read tenancies:read people:read people:sensitive messages:read internal_notes:read "
            "contractors:read ai:audit reports:read reports:export privacy:read audit:read"
        ),
    },
}
"""Role -> how far -> the permissions it holds so far. Nobody could change a role before, so each is given as a whole."""
CLIENTS = {"ContractorAdmin": "contractor", "Operative": "contractor", "Tenant": "tenant"}
"""The roles that sign in elsewhere than in the staff client."""

OPEN_REQUEST = """
CREATE FUNCTION app.open_request(the_org uuid, the_session uuid)
RETURNS TABLE (
    user_id uuid, user_name text, role_id uuid, role_name text, role_version integer,
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
    tables()
    columns()
    for table in ("teams", "team_members", "landlords", "portfolios", "contractors"):
        wall_off(table, EVERYTHING)
    let(APP, "contractor_firms", ("SELECT", "INSERT"))
    op.execute("DROP FUNCTION app.open_request(uuid, uuid)")
    op.execute(OPEN_REQUEST)
    op.execute("REVOKE ALL ON FUNCTION app.open_request FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION app.open_request TO maintainuk_app")
    grant()


def grant() -> None:
    """Give every organisation the roles of the specification, as the specification has them."""
    op.execute("ALTER TABLE app.roles NO FORCE ROW LEVEL SECURITY")
    for name, by_scope in GRANTS.items():
        grants = {permission: scope for scope, words in by_scope.items() for permission in words.split()}
        values = {"name": name, "grants": json.dumps(grants), "client": CLIENTS.get(name, "staff")}
        op.get_bind().execute(
            sa.text(
                "INSERT INTO app.roles (org_id, id, name, client, grants, version)"
                " SELECT o.id, gen_random_uuid(), :name, :client, CAST(:grants AS jsonb), 1 FROM app.organisations o"
                " ON CONFLICT (org_id, name) DO UPDATE SET grants = excluded.grants, version = app.roles.version + 1"
            ),
            values,
        )
    op.execute("ALTER TABLE app.roles FORCE ROW LEVEL SECURITY")


def tables() -> None:
    """Make the tables."""
    op.create_table(
        "contractor_firms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contractor_firms")),
        schema="app",
    )
    op.create_table(
        "contractors",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("firm_id", sa.Uuid(), nullable=True),
        sa.Column("external_reference", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["app.contractor_firms.id"], name=op.f("fk_contractors_firm_id")),
        sa.ForeignKeyConstraint(
            ["org_id"],
            ["app.organisations.id"],
            name=op.f("fk_contractors_org_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_contractors")),
        schema="app",
    )
    op.create_index(
        op.f("ix_contractors_org_id_firm_id"), "contractors", ["org_id", "firm_id"], unique=True, schema="app"
    )
    op.create_index(op.f("ix_contractors_org_id_name"), "contractors", ["org_id", "name"], unique=False, schema="app")
    op.create_index(
        "uq_contractors_external", "contractors", ["org_id", "external_reference"], unique=True, schema="app"
    )
    op.create_table(
        "landlords",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("company", sa.Text(), nullable=True),
        sa.Column("approval_limit", sa.Integer(), nullable=True),
        sa.Column("emergency_limit", sa.Integer(), nullable=True),
        sa.Column("external_reference", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("approval_limit >= 0 AND emergency_limit >= 0", name=op.f("ck_landlords_limits")),
        sa.ForeignKeyConstraint(
            ["org_id", "person_id"],
            ["app.people.org_id", "app.people.id"],
            name=op.f("fk_landlords_org_id_person_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_landlords")),
        schema="app",
    )
    op.create_index(
        op.f("ix_landlords_org_id_person_id"), "landlords", ["org_id", "person_id"], unique=False, schema="app"
    )
    op.create_index("uq_landlords_external", "landlords", ["org_id", "external_reference"], unique=True, schema="app")
    op.create_table(
        "portfolios",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("landlord_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("approval_limit", sa.Integer(), nullable=True),
        sa.Column("emergency_limit", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("approval_limit >= 0 AND emergency_limit >= 0", name=op.f("ck_portfolios_limits")),
        sa.ForeignKeyConstraint(
            ["org_id", "landlord_id"],
            ["app.landlords.org_id", "app.landlords.id"],
            name=op.f("fk_portfolios_org_id_landlord_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_portfolios")),
        schema="app",
    )
    op.create_index(
        op.f("ix_portfolios_org_id_landlord_id_name"),
        "portfolios",
        ["org_id", "landlord_id", "name"],
        unique=True,
        schema="app",
    )
    op.create_table(
        "teams",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "lead_id"],
            ["app.users.org_id", "app.users.id"],
            name=op.f("fk_teams_org_id_lead_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["org_id"], ["app.organisations.id"], name=op.f("fk_teams_org_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_teams")),
        sa.UniqueConstraint("org_id", "name", name=op.f("uq_teams_org_id_name")),
        schema="app",
    )
    op.create_table(
        "team_members",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "team_id"],
            ["app.teams.org_id", "app.teams.id"],
            name=op.f("fk_team_members_org_id_team_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "user_id"],
            ["app.users.org_id", "app.users.id"],
            name=op.f("fk_team_members_org_id_user_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_team_members")),
        schema="app",
    )
    op.create_index(
        op.f("ix_team_members_org_id_team_id_user_id"),
        "team_members",
        ["org_id", "team_id", "user_id"],
        unique=True,
        schema="app",
    )
    op.create_index(
        op.f("ix_team_members_org_id_user_id"), "team_members", ["org_id", "user_id"], unique=False, schema="app"
    )


def columns() -> None:
    """Let users, roles and properties say whose they are."""
    op.add_column("properties", sa.Column("team_id", sa.Uuid(), nullable=True), schema="app")
    op.add_column("properties", sa.Column("portfolio_id", sa.Uuid(), nullable=True), schema="app")
    op.create_index(
        op.f("ix_properties_org_id_portfolio_id"), "properties", ["org_id", "portfolio_id"], unique=False, schema="app"
    )
    op.create_index(
        op.f("ix_properties_org_id_team_id"), "properties", ["org_id", "team_id"], unique=False, schema="app"
    )
    op.create_foreign_key(
        op.f("fk_properties_org_id_portfolio_id"),
        "properties",
        "portfolios",
        ["org_id", "portfolio_id"],
        ["org_id", "id"],
        source_schema="app",
        referent_schema="app",
        initially="DEFERRED",
        deferrable=True,
    )
    op.create_foreign_key(
        op.f("fk_properties_org_id_team_id"),
        "properties",
        "teams",
        ["org_id", "team_id"],
        ["org_id", "id"],
        source_schema="app",
        referent_schema="app",
        initially="DEFERRED",
        deferrable=True,
    )
    op.add_column(
        "roles",
        sa.Column(
            "client",
            sa.Enum(
                "staff",
                "contractor",
                "tenant",
                name="client",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=False,
            server_default="staff",
        ),
        schema="app",
    )
    op.alter_column("roles", "client", server_default=None, schema="app")
    op.add_column("users", sa.Column("landlord_id", sa.Uuid(), nullable=True), schema="app")
    op.add_column("users", sa.Column("contractor_id", sa.Uuid(), nullable=True), schema="app")
    op.add_column("users", sa.Column("person_id", sa.Uuid(), nullable=True), schema="app")
    op.create_index(
        op.f("ix_users_org_id_contractor_id"), "users", ["org_id", "contractor_id"], unique=False, schema="app"
    )
    op.create_index(op.f("ix_users_org_id_landlord_id"), "users", ["org_id", "landlord_id"], unique=False, schema="app")
    op.create_index(op.f("ix_users_org_id_person_id"), "users", ["org_id", "person_id"], unique=False, schema="app")
    op.create_foreign_key(
        op.f("fk_users_org_id_contractor_id"),
        "users",
        "contractors",
        ["org_id", "contractor_id"],
        ["org_id", "id"],
        source_schema="app",
        referent_schema="app",
        initially="DEFERRED",
        deferrable=True,
    )
    op.create_foreign_key(
        op.f("fk_users_org_id_landlord_id"),
        "users",
        "landlords",
        ["org_id", "landlord_id"],
        ["org_id", "id"],
        source_schema="app",
        referent_schema="app",
        initially="DEFERRED",
        deferrable=True,
    )
    op.create_foreign_key(
        op.f("fk_users_org_id_person_id"),
        "users",
        "people",
        ["org_id", "person_id"],
        ["org_id", "id"],
        source_schema="app",
        referent_schema="app",
        initially="DEFERRED",
        deferrable=True,
    )
