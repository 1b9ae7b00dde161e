"""The portfolio: what is known of buildings, homes, tenancies, the people in them, and the firms that mend them."""

import sqlalchemy as sa
from alembic import op

from maintainuk.infrastructure.migrations.walls import EVERYTHING, wall_off

revision = "2026_11_23_0013"
down_revision = "2026_11_23_0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public")
    tables()
    columns()
    for table in ("person_needs", "accreditations", "operatives", "assets", "hints"):
        wall_off(table, EVERYTHING)
    op.create_check_constraint(op.f("ck_properties_uprn"), "properties", UPRN, schema="app")
    op.create_check_constraint(op.f("ck_units_uprn"), "units", UPRN, schema="app")
    op.create_check_constraint(op.f("ck_tenancies_order"), "tenancies", "ended_on >= started_on", schema="app")
    op.create_check_constraint(
        op.f("ck_tenancy_members_lead"), "tenancy_members", "is_tenant OR NOT is_lead", schema="app"
    )
    op.execute(
        "ALTER TABLE app.tenancies ADD CONSTRAINT ex_tenancies_overlap EXCLUDE USING gist"
        " (org_id WITH =, unit_id WITH =, daterange(started_on, ended_on) WITH &&)"
    )


UPRN = "uprn ~ '^[1-9][0-9]{0,11}$'"


def tables() -> None:
    """Make the tables."""
    op.create_table(
        "person_needs",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "mobility",
                "hearing",
                "sight",
                "language",
                "mental_health",
                "respiratory",
                "young_child",
                "other",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=False,
        ),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("instruction", sa.LargeBinary(), nullable=True),
        sa.Column("consented_on", sa.Date(), nullable=False),
        sa.Column(
            "consent_channel",
            sa.Enum(
                "phone",
                "email",
                "in_person",
                "portal",
                "letter",
                name="consent_channel",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=False,
        ),
        sa.Column("consent_wording", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "person_id"],
            ["app.people.org_id", "app.people.id"],
            name=op.f("fk_person_needs_org_id_person_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_person_needs")),
        schema="app",
    )
    op.create_index(
        op.f("ix_person_needs_org_id_person_id"), "person_needs", ["org_id", "person_id"], unique=False, schema="app"
    )
    op.create_table(
        "accreditations",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contractor_id", sa.Uuid(), nullable=False),
        sa.Column(
            "scheme",
            sa.Enum(
                "gas_safe",
                "oftec",
                "niceic",
                "napit",
                "trustmark",
                "fensa",
                "chas",
                "safecontractor",
                "constructionline",
                "asbestos_licence",
                "waste_carrier",
                "public_liability",
                "employers_liability",
                "professional_indemnity",
                name="scheme",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("cover", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("cover >= 0", name=op.f("ck_accreditations_cover")),
        sa.ForeignKeyConstraint(
            ["org_id", "contractor_id"],
            ["app.contractors.org_id", "app.contractors.id"],
            name=op.f("fk_accreditations_org_id_contractor_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_accreditations")),
        schema="app",
    )
    op.create_index(
        op.f("ix_accreditations_org_id_contractor_id"),
        "accreditations",
        ["org_id", "contractor_id"],
        unique=False,
        schema="app",
    )
    op.create_table(
        "operatives",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contractor_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("card", sa.Text(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["org_id", "contractor_id"],
            ["app.contractors.org_id", "app.contractors.id"],
            name=op.f("fk_operatives_org_id_contractor_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "person_id"],
            ["app.people.org_id", "app.people.id"],
            name=op.f("fk_operatives_org_id_person_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_operatives")),
        schema="app",
    )
    op.create_index(
        op.f("ix_operatives_org_id_contractor_id"),
        "operatives",
        ["org_id", "contractor_id"],
        unique=False,
        schema="app",
    )
    op.create_index(
        op.f("ix_operatives_org_id_person_id"), "operatives", ["org_id", "person_id"], unique=False, schema="app"
    )
    op.create_table(
        "assets",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("property_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "boiler",
                "heat_pump",
                "hot_water_cylinder",
                "electric_heating",
                "consumer_unit",
                "smoke_alarm",
                "co_alarm",
                "cooker",
                "fridge",
                "washing_machine",
                "shower",
                "extractor_fan",
                "door_entry",
                "lift",
                "roof",
                "windows",
                "solar_panels",
                "other",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=False,
        ),
        sa.Column("make", sa.Text(), nullable=True),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("serial_number", sa.Text(), nullable=True),
        sa.Column("installed_on", sa.Date(), nullable=True),
        sa.Column("warranty_until", sa.Date(), nullable=True),
        sa.Column("warranty_with", sa.Text(), nullable=True),
        sa.Column("warranty_phone", sa.Text(), nullable=True),
        sa.Column("external_reference", sa.Text(), nullable=True),
        sa.Column("removed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "property_id"],
            ["app.properties.org_id", "app.properties.id"],
            name=op.f("fk_assets_org_id_property_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "unit_id"],
            ["app.units.org_id", "app.units.id"],
            name=op.f("fk_assets_org_id_unit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_assets")),
        schema="app",
    )
    op.create_index(
        op.f("ix_assets_org_id_property_id"), "assets", ["org_id", "property_id"], unique=False, schema="app"
    )
    op.create_index("uq_assets_external", "assets", ["org_id", "external_reference"], unique=True, schema="app")
    op.create_table(
        "hints",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("property_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "asbestos_present",
                "key_safe",
                "two_person_visit",
                "access_restriction",
                "contact_for_details",
                "operative_gender_restriction",
                "parking",
                "pet",
                "warranty",
                "heritage_building",
                "non_mains_sewage",
                "recurring_issue",
                "high_risk_area",
                "environmental_hazard",
                "structural_issue",
                "poor_ventilation",
                "past_hhsrs_failure",
                "fire_safety_concern",
                "fire_risk",
                "pest_infestation",
                "water_leakage",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_hints_order")),
        sa.ForeignKeyConstraint(
            ["org_id", "property_id"],
            ["app.properties.org_id", "app.properties.id"],
            name=op.f("fk_hints_org_id_property_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "unit_id"],
            ["app.units.org_id", "app.units.id"],
            name=op.f("fk_hints_org_id_unit_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_hints")),
        schema="app",
    )
    op.create_index(op.f("ix_hints_org_id_property_id"), "hints", ["org_id", "property_id"], unique=False, schema="app")


def columns() -> None:
    """Let what there is say more."""
    op.add_column("contractors", sa.Column("contact_id", sa.Uuid(), nullable=True), schema="app")
    op.add_column(
        "contractors", sa.Column("trades", sa.ARRAY(sa.Text()), server_default="{}", nullable=False), schema="app"
    )
    op.add_column(
        "contractors", sa.Column("areas", sa.ARRAY(sa.Text()), server_default="{}", nullable=False), schema="app"
    )
    op.add_column(
        "contractors",
        sa.Column(
            "status",
            sa.Enum(
                "active", "suspended", name="status", native_enum=False, create_constraint=True, length=32, schema="app"
            ),
            server_default="active",
            nullable=False,
        ),
        schema="app",
    )
    op.add_column("contractors", sa.Column("suspension", sa.Text(), nullable=True), schema="app")
    op.create_foreign_key(
        op.f("fk_contractors_org_id_contact_id"),
        "contractors",
        "people",
        ["org_id", "contact_id"],
        ["org_id", "id"],
        source_schema="app",
        referent_schema="app",
        initially="DEFERRED",
        deferrable=True,
    )
    op.add_column("people", sa.Column("external_reference", sa.Text(), nullable=True), schema="app")
    op.add_column("people", sa.Column("version", sa.Integer(), server_default="1", nullable=False), schema="app")
    op.create_index("uq_people_external", "people", ["org_id", "external_reference"], unique=True, schema="app")
    op.add_column("properties", sa.Column("parent_id", sa.Uuid(), nullable=True), schema="app")
    op.add_column("properties", sa.Column("external_reference", sa.Text(), nullable=True), schema="app")
    op.add_column(
        "properties",
        sa.Column(
            "tenure",
            sa.Enum(
                "private_rent",
                "social_rent",
                "affordable_rent",
                "supported",
                "temporary",
                "shared_ownership",
                "leasehold",
                name="tenure",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=True,
        ),
        schema="app",
    )
    op.add_column(
        "properties",
        sa.Column(
            "walk",
            sa.Text(),
            sa.Computed(
                "lower(town) || ' ' || lower(regexp_replace(address_line, '^\\d\\S*\\s+', '')) || ' ' || lpad(coalesce(substring(address_line, '\\d{1,9}'), ''), 9, '0') || ' ' || lower(address_line)",
                persisted=True,
            ),
            nullable=False,
        ),
        schema="app",
    )
    op.add_column("properties", sa.Column("version", sa.Integer(), server_default="1", nullable=False), schema="app")
    op.create_index(
        op.f("ix_properties_org_id_parent_id"), "properties", ["org_id", "parent_id"], unique=False, schema="app"
    )
    op.create_index("ix_properties_walk", "properties", ["org_id", "walk", "id"], unique=False, schema="app")
    op.create_index("uq_properties_external", "properties", ["org_id", "external_reference"], unique=True, schema="app")
    op.create_index("uq_properties_uprn", "properties", ["org_id", "uprn"], unique=True, schema="app")
    op.create_foreign_key(
        op.f("fk_properties_org_id_parent_id"),
        "properties",
        "properties",
        ["org_id", "parent_id"],
        ["org_id", "id"],
        source_schema="app",
        referent_schema="app",
        initially="DEFERRED",
        deferrable=True,
    )
    op.add_column(
        "tenancies",
        sa.Column(
            "kind",
            sa.Enum(
                "assured",
                "secure",
                "introductory",
                "occupation_contract",
                "private_residential",
                "scottish_secure",
                "private_ni",
                "regulated",
                "licence",
                "lease",
                "other",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=True,
        ),
        schema="app",
    )
    op.add_column("tenancies", sa.Column("external_reference", sa.Text(), nullable=True), schema="app")
    op.add_column("tenancies", sa.Column("version", sa.Integer(), server_default="1", nullable=False), schema="app")
    op.create_index("uq_tenancies_external", "tenancies", ["org_id", "external_reference"], unique=True, schema="app")
    op.add_column(
        "tenancy_members", sa.Column("is_tenant", sa.Boolean(), server_default="true", nullable=False), schema="app"
    )
    op.add_column("tenancy_members", sa.Column("moved_out_on", sa.Date(), nullable=True), schema="app")
    op.add_column("units", sa.Column("uprn", sa.Text(), nullable=True), schema="app")
    op.add_column("units", sa.Column("external_reference", sa.Text(), nullable=True), schema="app")
    op.add_column(
        "units",
        sa.Column(
            "tenure",
            sa.Enum(
                "private_rent",
                "social_rent",
                "affordable_rent",
                "supported",
                "temporary",
                "shared_ownership",
                "leasehold",
                name="tenure",
                native_enum=False,
                create_constraint=True,
                length=32,
                schema="app",
            ),
            nullable=True,
        ),
        schema="app",
    )
    op.add_column("units", sa.Column("version", sa.Integer(), server_default="1", nullable=False), schema="app")
    op.create_index("uq_units_external", "units", ["org_id", "external_reference"], unique=True, schema="app")
    op.create_index("uq_units_label", "units", ["org_id", "property_id", "label"], unique=True, schema="app")
    op.create_index("uq_units_uprn", "units", ["org_id", "uprn"], unique=True, schema="app")
