"""Support, for the matrix of tests/security/test_idor.py; what the platform may do is in test_platform.py."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.permissions import Permission
from maintainuk.domain.support import SupportAccess, SupportBasis
from tests.world import World

BODIES: dict[str, Any] = {"letSupportIn": {"hours": 4}, "keepSupportOut": {}, "shutSupport": {}}
NEEDS = dict.fromkeys(BODIES, Permission.SETTINGS_WRITE) | {"listSupport": Permission.AUDIT_READ}
ONLY_FOR = {name: {BuiltInRole.ORG_ADMIN} for name in BODIES} | {
    "listSupport": {BuiltInRole.ORG_ADMIN, BuiltInRole.MANAGER, BuiltInRole.AUDITOR}
}

OF_PLATFORM: dict[str, Any] = {
    "beginSupport": {
        "basis": "incident",
        "incident": "INC-2041",
        "reason": "Photos never become ready.",
        "minutes": 30,
    },
    "endSupport": {},
    "createOrganisation": {
        "name": "Brightwell Homes",
        "kind": "letting_agent",
        "nation": "ENG",
        "email": "zainab.malik@example.com",
    },
    "suspendOrganisation": {"reason": "Unpaid since March, and no answer."},
    "liftSuspension": {},
}
"""Good bodies of what only administrators of the platform do."""


async def access(world: World, org_id: UUID) -> SupportAccess:
    """Somebody of the platform who looks at the organisation."""
    supporter = await world.staff(await world.organisation("Platform"), BuiltInRole.AUDITOR)
    return SupportAccess(
        org_id=org_id,
        identity_id=supporter.identity_id,
        supporter="Moira Grant",
        basis=SupportBasis.INCIDENT,
        incident="INC-2041",
        reason="Photos never become ready.",
        began_at=world.now,
        ends_at=world.now + timedelta(minutes=30),
    )


async def things(world: World, org_id: UUID) -> dict[str, str]:
    one = await access(world, org_id)
    await world.add(org_id, one)
    return {"access_id": str(one.id)}
