"""How much a request may send, and how long it may take over it."""

import re
from dataclasses import dataclass
from typing import Final

from starlette.types import Scope

from maintainuk.domain.documents import LARGEST_DOCUMENT
from maintainuk.domain.imports import LARGEST_FILE
from maintainuk.domain.photos import LARGEST_PHOTO


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one kind of request may do beyond what all may: bytes of the body, seconds for it, seconds of silence."""

    body: int
    seconds: float
    silence: float


PHOTO: Final = Allowance(body=LARGEST_PHOTO, seconds=120, silence=20)
"""25 MB at 1.7 Mbit/s, which a phone behind a thick wall has; its transaction is opened after the last byte."""

TABLE: Final = Allowance(body=LARGEST_FILE, seconds=120, silence=20)

DOCUMENT: Final = Allowance(body=LARGEST_DOCUMENT, seconds=120, silence=20)

ALLOWANCES: Final = (
    (re.compile(r"/api/v1/documents/[^/]+/file"), DOCUMENT),
    (re.compile(r"/api/v1(?:/portfolio)?/imports"), TABLE),
    (re.compile(r"/api/v1/reports/photos"), PHOTO),
    (re.compile(r"/api/v1/tickets/[^/]+/photos"), PHOTO),
)


def allowance_of(scope: Scope) -> Allowance | None:
    """Return what this request may do beyond others, if anything."""
    if scope["method"] != "POST":
        return None
    path = scope["path"]
    return next((allowance for pattern, allowance in ALLOWANCES if pattern.fullmatch(path)), None)
