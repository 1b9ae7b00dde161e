"""Documents the demo organisations keep: records and agreements of some homes, certificates of some firms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from maintainuk.domain.base import Entity, new_id
from maintainuk.domain.contractors import Contractor
from maintainuk.domain.documents import Audience, Document, DocumentKind, DocumentStatus, original_of
from maintainuk.domain.outbox import OutboxMessage
from maintainuk.domain.people import Tenancy
from maintainuk.domain.ports import FileStore
from maintainuk.domain.properties import Property, Unit
from maintainuk.infrastructure.demo.papers import paper
from maintainuk.infrastructure.demo.people import DemoOrganisation

Rows = Mapping[type[Entity], Sequence[dict[str, Any]]]
EVERY: Final = 23
"""Of so many homes one has its papers here; the others are still in a cabinet."""
MOST: Final = 8
FIRMS: Final = 4


@dataclass(frozen=True)
class Paper:
    """What is written on one, and how many days ago and ahead its dates lie."""

    kind: DocumentKind
    title: str
    lines: Sequence[str]
    ago: int
    ahead: int | None
    audiences: Sequence[Audience] = ()
    pages: int = 1


PAPERS: Final = (
    Paper(
        DocumentKind.GAS_RECORD,
        "Gas safety record",
        ("Landlord gas safety record", "Appliance: combination boiler, kitchen", "Flue: satisfactory", "Result: pass"),
        350,
        15,
        (Audience.LANDLORD, Audience.TENANT),
    ),
    Paper(
        DocumentKind.EICR,
        "Electrical installation condition report",
        ("Electrical installation condition report", "Consumer unit: RCD on all circuits", "C3: no label at the unit"),
        1_840,
        -14,
        (Audience.LANDLORD, Audience.CONTRACTOR),
        pages=3,
    ),
    Paper(
        DocumentKind.TENANCY_AGREEMENT,
        "Tenancy agreement",
        ("Tenancy agreement", "1. The home", "2. The rent and when it is due", "3. Repairs and how to report them"),
        400,
        None,
        (Audience.TENANT,),
        pages=12,
    ),
    Paper(DocumentKind.INVENTORY, "Inventory at check-in", ("Inventory", "Hall: good", "Kitchen: good"), 400, None),
)


@dataclass(frozen=True)
class Kept:
    """Rows to add, and the files that belong to them, by path."""

    rows: dict[type[Entity], list[dict[str, Any]]]
    files: dict[str, bytes]


def documents_of(organisation: DemoOrganisation, known: Rows, now: datetime) -> Kept:
    """Return documents as they are just after they were sent: the worker draws their pages when it starts."""
    kept = Kept({Document: [], OutboxMessage: []}, {})
    tenancies = {tenancy["unit_id"]: tenancy["id"] for tenancy in known[Tenancy] if tenancy["ended_on"] is None}
    homes: dict[Any, list[dict[str, Any]]] = {}
    for unit in known[Unit]:
        homes.setdefault(unit["property_id"], []).append(unit)
    for number, home in enumerate(sorted(known[Property], key=lambda one: one["address_line"])[::EVERY][:MOST]):
        unit = homes[home["id"]][0]
        address = f"{home['address_line']}, {home['town']} {home['postcode']}"
        for paper_ in PAPERS[: 1 + (number * 7) % len(PAPERS)]:
            subject = {"property_id": home["id"]}
            if paper_.kind is DocumentKind.TENANCY_AGREEMENT:
                if unit["id"] not in tenancies:
                    continue
                subject |= {"unit_id": unit["id"], "tenancy_id": tenancies[unit["id"]]}
            _keep(kept, organisation, paper_, subject, address, now)
    for firm in known[Contractor][:FIRMS]:
        certificate = Paper(
            DocumentKind.INSURANCE,
            "Public liability certificate",
            ("Certificate of public liability insurance", "Limit: £5,000,000 any one event", "Insurer: Pennine Mutual"),
            300,
            65,
        )
        _keep(kept, organisation, certificate, {"contractor_id": firm["id"]}, firm["name"], now)
    return kept


async def put(files: FileStore, kept: Kept) -> None:
    """Keep the files where documents keep theirs."""
    for path, content in kept.files.items():
        await files.put(path, content)


def _keep(  # noqa: PLR0913  (one document, all of it)
    kept: Kept, organisation: DemoOrganisation, written: Paper, subject: dict[str, Any], place: str, now: datetime
) -> None:
    today, file_id, document_id = now.date(), new_id(), new_id()
    dated = today - timedelta(days=written.ago)
    pages = [[*written.lines, place, f"Dated {dated:%d %B %Y}"] for _ in range(written.pages)]
    content = paper(*pages)
    kept.files[original_of(organisation.id, file_id)] = content
    kept.rows[Document].append(
        {
            "property_id": None,
            "unit_id": None,
            "tenancy_id": None,
            "contractor_id": None,
        }
        | subject
        | {
            "org_id": organisation.id,
            "id": document_id,
            "kind": written.kind,
            "title": f"{written.title} {dated.year}",
            "dated_on": dated,
            "expires_on": None if written.ahead is None else today + timedelta(days=written.ahead),
            "audiences": [audience.value for audience in written.audiences],
            "status": DocumentStatus.RECEIVED,
            "bytes_received": len(content),
            "sha256": sha256(content).digest(),
            "file_id": file_id,
            "added_at": now - timedelta(days=min(written.ago, 90)),
            "received_at": now,
            "version": 1,
        }
    )
    kept.rows[OutboxMessage].append(
        {
            "org_id": organisation.id,
            "id": new_id(),
            "type": "draw-document",  # application/jobs.py has its shape, and stands above this layer
            "payload": {"document_id": str(document_id)},
            "priority": 6,
            "created_at": now,
            "available_at": now,
        }
    )
