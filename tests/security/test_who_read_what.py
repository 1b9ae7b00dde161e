"""Whoever reads what is nobody else's business stands in the log with it, and no new way to read it goes unnoticed."""

from typing import Any

import pytest

from maintainuk.api.description import operation_id
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.permissions import Permission
from tests.contracts.test_routes import OFFLINE, create_app, everything, operations
from tests.security.stage import OPERATIONS, Stage, call, playing, staged
from tests.world import World

SENSITIVE = {
    Permission.PEOPLE_SENSITIVE,
    Permission.PRIVACY_READ,
    Permission.PRIVACY_DSAR,
    Permission.PRIVACY_ERASE,
    Permission.RETENTION_MANAGE,
    Permission.AUDIT_READ,
}
"""Whatever these let somebody read is either written down or stands below with the reason why not."""

WRITTEN_DOWN = {
    "listNeeds": "NeedsRead",
    "listHolds": "HoldsRead",
    "reviewCopy": "PersonExported",
    "takeCopy": "PersonalCopyTaken",
    "exportAudit": "AuditExported",
    "readAuditEntry": "AuditValuesRead",
    "readSite": "InstructionsRead",
    "openDocument": "DocumentOpened",
    "listSessionsOfUser": "SessionsRead",
    "readImportFile": "ImportFileRead",
    "readPortfolioImportFile": "ImportFileRead",
    "exportImportProblems": "ImportProblemsExported",
}
NOT_WRITTEN_DOWN = {
    "listAuditEntries": "ids and codes; what stood in a field is read one entry at a time",
    "listSupport": "who of the platform looked at the organisation, and why",
    "listPrivacyRequests": "that somebody asked, and by when; what is known of them is in the copy",
    "readRetention": "rules and counts",
    "previewRetention": "counts",
}
"""Why it needs no line of its own each time."""


@pytest.fixture(scope="module")
async def ours(settings: Any) -> Any:
    world = World(settings)
    async with playing(settings) as (services, http):
        yield await staged(world, services, http)
    await world.close()


def test_each_way_to_read_what_is_sensitive_is_written_down_or_says_why_not() -> None:
    guarded = {
        operation_id(route)
        for route in operations(create_app(OFFLINE))
        if "GET" in route.methods
        and SENSITIVE & {getattr(one.call, "permission", None) for one in everything(route.dependant)}
    }

    assert guarded
    assert guarded - WRITTEN_DOWN.keys() - NOT_WRITTEN_DOWN.keys() == set()


@pytest.mark.parametrize("name", WRITTEN_DOWN)
async def test_whoever_reads_it_stands_in_the_log(ours: Stage, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    noted: list[str] = []

    def audit(self: UnitOfWork, action: str, **told: Any) -> None:
        noted.append(action)
        written(self, action, **told)

    written = UnitOfWork.audit
    monkeypatch.setattr(UnitOfWork, "audit", audit)
    operation = next(one for one in OPERATIONS if one.name == name)

    status, said = await call(ours.http, operation, await ours.as_(BuiltInRole.ORG_ADMIN), ours.names(operation))

    assert status == 200, said
    assert WRITTEN_DOWN[name] in noted
