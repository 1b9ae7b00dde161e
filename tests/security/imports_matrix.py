"""Imports of a portfolio, for the matrix of tests/security/test_idor.py."""

from typing import Any
from uuid import UUID

from maintainuk.domain.import_files import file_of
from maintainuk.domain.import_kinds import KINDS
from maintainuk.domain.imports import ImportKind, ImportRun, ImportStatus, Plan, Tally
from maintainuk.domain.permissions import Permission
from maintainuk.infrastructure.security.sealed_files import new_key, sealed_bytes
from tests.world import World

FILE = b"Home reference,Address,Town,Postcode\nHM-1,14 Kestrel Way,Leeds,LS6 3AB\n"
COLUMNS = {"reference": ["Home reference"], "address_line": ["Address"], "town": ["Town"], "postcode": ["Postcode"]}
BODIES: dict[str, Any] = {
    "uploadPortfolioImport": FILE,
    "checkPortfolioImport": {"columns": COLUMNS},
    "startPortfolioImport": {"skipBad": False},
    "cancelPortfolioImport": {},
    "undoPortfolioImport": {},
}
READING = (
    *("listPortfolioImports", "readPortfolioImport", "readPortfolioImportFile", "listImportProblems"),
    *("exportImportProblems", "listImportKinds", "readImportTemplate"),
)
NEEDS = dict.fromkeys((*BODIES, *READING), Permission.PROPERTIES_WRITE)
ASKED = {"uploadPortfolioImport": {"kind": "homes"}}
EVERYWHERE = {"file_kind": "homes"}
"""The same for everybody: naming it names one's own."""
INSTEAD = {"undoPortfolioImport": {"run_id": "ended_run_id"}}
"""Operations that are possible for one that stands elsewhere only."""
assert ImportKind.HOMES in KINDS


async def things(world: World, services: Any, org_id: UUID) -> dict[str, str]:
    """An import that was checked, with its file, and one that is in."""
    named = {name: tuple(columns) for name, columns in COLUMNS.items()}
    facts = {"org_id": org_id, "kind": ImportKind.HOMES, "created_at": world.now, "rows": 1}
    checked = ImportRun(**facts, file_name="homes.csv", file_key=new_key(), status=ImportStatus.CHECKED)
    checked.mapping = Plan(named).kept()
    ended = ImportRun(**facts, file_name="older.csv", status=ImportStatus.RUNNING, mapping=Plan(named).kept())
    ended.brought_in(1, bad=0, tally=Tally(created=1), at=world.now)
    ended.happened.clear()
    await services.files.put(file_of(org_id, checked.id), await sealed_bytes(checked.file_key or "", FILE))
    await world.add(org_id, checked, ended)
    return {"run_id": str(checked.id), "ended_run_id": str(ended.id), **EVERYWHERE}
