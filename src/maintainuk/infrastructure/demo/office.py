"""What the demo organisations' administrators have done: how tenants see them, what people asked, disputes, imports."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any, Final
from uuid import UUID

from PIL import Image, ImageDraw

from maintainuk.domain.base import Entity, new_id
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.imports import ImportKind, ImportRun, ImportStatus
from maintainuk.domain.organisations import OrganisationKind
from maintainuk.domain.people import TenancyMember
from maintainuk.domain.privacy import (
    ANSWERED_WITHIN,
    EXTENDED_BY,
    PrivacyRequest,
    PrivacyRequestKind,
    PrivacyRequestStatus,
    months_after,
)
from maintainuk.domain.properties import Property
from maintainuk.domain.retention import LegalHold
from maintainuk.infrastructure.demo.people import DEMO_PEOPLE, DemoOrganisation

Rows = Mapping[type[Entity], Sequence[dict[str, Any]]]

COLOURS: Final = {OrganisationKind.LETTING_AGENT: "#7a2e0e", OrganisationKind.HOUSING_ASSOCIATION: "#1d4f91"}
RIVER: Final = "#4f86c6"
DRAWN, SHOWN = (240, 240), (80, 80)
"""Pixels: drawn large and made small, so that no edge is jagged."""
NAME: Final = 32
"""Hex digits of what names a logo."""

ASKED: Final = (
    (PrivacyRequestKind.ACCESS, 33, None),
    (PrivacyRequestKind.ACCESS, 36, "The file of eleven years of repairs has to be looked through by hand."),
    (PrivacyRequestKind.ACCESS, 29, None),
    (PrivacyRequestKind.ACCESS, 9, None),
    (PrivacyRequestKind.ERASURE, 4, None),
)
"""What was asked, how many days ago, and why it takes longer."""
ANSWERED_AGO: Final = 40
HELD: Final = (
    "Letter before claim about damp, received from the tenant's solicitor.",
    "Boundary dispute: the neighbour's insurer has asked for every record of the party wall.",
)
BROUGHT: Final = (
    ("Property list at start.xlsx", ImportKind.HOMES, ImportStatus.FINISHED, 61, {"created": 1_164, "bad": 11}),
    ("Leeds block 7.csv", ImportKind.UNITS, ImportStatus.UNDONE, 18, {"created": 36, "undone": 36}),
    ("Contractors autumn.csv", ImportKind.CONTRACTORS, ImportStatus.FINISHED, 47, {"created": 3, "already_there": 4}),
    ("Property list again.xlsx", ImportKind.HOMES, ImportStatus.FINISHED, 3, {"already_there": 1_164}),
)
"""Name of the file, what it held, what became of it, how many days ago, and how many rows did what: none of it can be undone."""


def logo_of(organisation: DemoOrganisation) -> tuple[str, bytes]:
    """Return what names the organisation's logo, and the picture: a house, or hills above a river."""
    picture = Image.new("RGB", DRAWN, "white")
    pen, colour = ImageDraw.Draw(picture), COLOURS[organisation.kind]
    if organisation.kind is OrganisationKind.LETTING_AGENT:
        pen.polygon([(16, 124), (120, 20), (224, 124)], fill=colour)
        pen.rectangle((48, 124, 192, 220), fill=colour)
        pen.rectangle((100, 152, 140, 220), fill="white")
    else:
        pen.polygon([(8, 168), (88, 40), (168, 168)], fill=colour)
        pen.polygon([(112, 168), (172, 84), (232, 168)], fill=RIVER)
        pen.line([(8, 196), (72, 188), (136, 204), (232, 192)], fill=RIVER, width=12)
    file = BytesIO()
    picture.resize(SHOWN, Image.Resampling.LANCZOS).save(file, "JPEG", quality=88)
    content = file.getvalue()
    return sha256(content).hexdigest()[:NAME], content


def done_in_the_office(
    organisation: DemoOrganisation, homes: Rows, now: datetime
) -> dict[type[Entity], list[dict[str, Any]]]:
    """Return requests about personal data with their clocks, what disputes hold, and past imports."""
    owned = {"org_id": organisation.id}
    leads = [member["person_id"] for member in homes[TenancyMember] if member["is_lead"]]
    by = next(
        one.id
        for one in DEMO_PEOPLE
        if one.organisation is organisation and one.role in {BuiltInRole.ORG_ADMIN, BuiltInRole.MANAGER}
    )
    return {
        PrivacyRequest: [owned | one for one in _asked(leads, now)],
        LegalHold: [owned | one for one in _held(leads[-1], homes[Property][-1]["id"], by, now)],
        ImportRun: [owned | one for one in _brought(by, now)],
    }


def _asked(leads: Sequence[UUID], now: datetime) -> list[dict[str, Any]]:
    asked = []
    for person_id, (kind, ago, because) in zip(leads, ASKED, strict=False):
        received = now.date() - timedelta(days=ago)
        months = ANSWERED_WITHIN + (EXTENDED_BY if because else 0)
        asked.append(
            _request(person_id, kind, received=received, due_on=months_after(received, months))
            | {"extended_because": because}
        )
    received = now.date() - timedelta(days=ANSWERED_AGO)
    answered = _request(leads[len(ASKED)], PrivacyRequestKind.ACCESS, received=received)
    answered |= {"status": PrivacyRequestStatus.ANSWERED, "closed_at": now - timedelta(days=ANSWERED_AGO - 12)}
    return [*asked, answered]


def _request(
    person_id: UUID, kind: PrivacyRequestKind, *, received: date, due_on: date | None = None
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "person_id": person_id,
        "kind": kind,
        "status": PrivacyRequestStatus.OPEN,
        "received_on": received,
        "due_on": due_on or months_after(received, ANSWERED_WITHIN),
        "extended_because": None,
        "closed_at": None,
        "version": 1,
    }


def _held(person_id: UUID, property_id: UUID, by: UUID, now: datetime) -> list[dict[str, Any]]:
    subjects: Sequence[dict[str, Any]] = (
        {"person_id": person_id, "property_id": None},
        {"person_id": None, "property_id": property_id},
    )
    return [
        subject
        | {"id": new_id(), "reason": reason, "placed_at": now - timedelta(days=40), "placed_by": by, "version": 1}
        for subject, reason in zip(subjects, HELD, strict=True)
    ]


def _brought(by: UUID, now: datetime) -> list[dict[str, Any]]:
    nothing = {"created": 0, "updated": 0, "already_there": 0, "bad": 0, "undone": 0}
    return [
        nothing
        | counts
        | {
            "id": new_id(),
            "file_name": name,
            "kind": kind,
            "status": status,
            "rows": (rows := sum(count for what, count in counts.items() if what != "undone")),
            "done": rows,
            "mapping": {},
            "skips_bad_rows": "bad" in counts,
            "started_by": by,
            "created_at": now - timedelta(days=ago, minutes=9),
            "finished_at": now - timedelta(days=ago),
        }
        for name, kind, status, ago, counts in BROUGHT
    ]
