"""Taking everything along, for the matrix of tests/security/test_idor.py."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from maintainuk.domain.base import new_id
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.exports import Export, ExportStatus
from maintainuk.domain.permissions import Permission
from maintainuk.infrastructure.security.sealed_files import new_key
from tests.world import PASSWORD, World

BODIES: dict[str, Any] = {
    "askForExport": {"password": PASSWORD},
    "cancelExport": {},
    "handOutExport": {"password": PASSWORD},
}
NEEDS = dict.fromkeys((*BODIES, "listExports", "readExport"), Permission.SETTINGS_WRITE)
ONLY_FOR = {name: {BuiltInRole.ORG_ADMIN} for name in NEEDS}


async def things(world: World, org_id: UUID) -> dict[str, str]:
    """One that can be fetched."""
    ready = Export(
        org_id=org_id,
        status=ExportStatus.READY,
        asked_at=world.now,
        file_id=new_id(),
        file_key=new_key(),
        sha256="0" * 64,
        ended_at=world.now,
        expires_at=world.now + timedelta(hours=24),
    )
    await world.add(org_id, ready)
    return {"export_id": str(ready.id)}
