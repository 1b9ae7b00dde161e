"""What the matrix of who may touch what knows of the portfolio: good bodies, permissions, and things to name."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update

from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.people import ConsentChannel, NeedKind, PersonNeed, TenancyMember
from maintainuk.domain.permissions import Permission
from maintainuk.domain.properties import Property, PropertyKind, Unit
from tests.world import Home, World

PERSON = {"name": "Rose Adeyemi-Clarke"}
HOUSE = {"addressLine": "3 Mill Lane", "town": "Leeds", "postcode": "LS9 8BB"}
NEED = {
    "kind": "hearing",
    "consentedOn": "2026-01-05",
    "consentChannel": "phone",
    "consentWording": "May we note this?",
}
BODIES: dict[str, Any] = {
    "addProperty": HOUSE | {"kind": "house"},
    "changeProperty": HOUSE,
    "addUnit": {"label": "Flat 99"},
    "changeUnit": {"label": "Flat 98"},
    "beginTenancy": {
        "unitId": "{vacant_id}",
        "startedOn": "2026-01-05",
        "members": [{"role": "lead", "person": PERSON}],
    },
    "changeTenancy": {"startedOn": "2020-01-05"},
    "endTenancy": {"endedOn": "2026-11-01"},
    "moveIn": {"role": "joint", "person": PERSON},
    "moveOut": {"movedOutOn": "2026-11-01"},
    "addPerson": PERSON,
    "changePerson": PERSON,
    "addNeed": NEED,
    "endNeed": {},
}
NEEDS = {
    "listProperties": Permission.PROPERTIES_READ,
    "readProperty": Permission.PROPERTIES_READ,
    "addProperty": Permission.PROPERTIES_WRITE,
    "changeProperty": Permission.PROPERTIES_WRITE,
    "addUnit": Permission.PROPERTIES_WRITE,
    "changeUnit": Permission.PROPERTIES_WRITE,
    "listTenancies": Permission.TENANCIES_READ,
    "readTenancy": Permission.TENANCIES_READ,
    "beginTenancy": Permission.TENANCIES_WRITE,
    "changeTenancy": Permission.TENANCIES_WRITE,
    "endTenancy": Permission.TENANCIES_WRITE,
    "moveIn": Permission.TENANCIES_WRITE,
    "moveOut": Permission.TENANCIES_WRITE,
    "listPeople": Permission.PEOPLE_READ,
    "readPerson": Permission.PEOPLE_READ,
    "addPerson": Permission.PEOPLE_WRITE,
    "changePerson": Permission.PEOPLE_WRITE,
    "listNeeds": Permission.PEOPLE_SENSITIVE,
    "addNeed": Permission.PEOPLE_WRITE,
    "endNeed": Permission.PEOPLE_WRITE,
}
DESK = {BuiltInRole.ORG_ADMIN, BuiltInRole.MANAGER, BuiltInRole.COORDINATOR}
ONLY_FOR = {"listNeeds": DESK | {BuiltInRole.AUDITOR}}
ASKED = {"listTenancies": {"unit": "{unit_id}"}}
"""Parameters without which an operation cannot be called."""
NAMES = ("unit_id", "tenancy_id", "member_id", "person_id", "need_id", "vacant_id")


async def things(world: World, org_id: UUID, home: Home) -> dict[str, str]:
    """Ids by which a request can name what there is: a block with a home that is let, and one that is not."""
    async with world.owner.session(org_id) as session, session.begin():
        a_block = update(Property).where(Property.id == home.property_id).values(kind=PropertyKind.BLOCK)
        await session.execute(a_block)
    vacant = Unit(org_id=org_id, property_id=home.property_id, label="Flat 97")
    other = TenancyMember(org_id=org_id, tenancy_id=home.tenancy_id, person_id=home.tenant_id)
    need = PersonNeed(
        org_id=org_id,
        person_id=home.tenant_id,
        kind=NeedKind.HEARING,
        consented_on=world.now.date() - timedelta(days=3),
        consent_channel=ConsentChannel.PHONE,
        consent_wording="May we note this?",
        recorded_at=world.now,
    )
    await world.add(org_id, vacant, other, need)
    return {
        "unit_id": str(home.unit_id),
        "tenancy_id": str(home.tenancy_id),
        "member_id": str(other.id),
        "person_id": str(home.tenant_id),
        "need_id": str(need.id),
        "vacant_id": str(vacant.id),
    }
