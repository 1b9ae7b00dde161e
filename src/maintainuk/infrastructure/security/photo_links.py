"""Addresses of photos and pages that work for a while without a token, since `<img>` sends none."""

import base64
import hmac
import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import ClassVar, Final
from urllib.parse import urlencode
from uuid import UUID

from maintainuk.domain.errors import PhotoLinkExpired, PhotoLinkInvalid
from maintainuk.domain.photos import PhotoSize
from maintainuk.settings import Settings

STEP: Final = timedelta(minutes=15)
"""All addresses given out in one step are the same, so that a browser need not fetch a photo twice."""
ID: Final = 16
"""Bytes."""
WRITTEN: Final = re.compile("[A-Za-z0-9_-]{64}")
"""An id and 32 bytes of signature, without padding."""


class SignedAddresses:
    """Makes and checks addresses, each of one part of one organisation's thing, mostly good for 15 to 30 minutes."""

    purpose: ClassVar[str]
    """What the key is derived for: an address of one purpose is good for no other."""
    step: ClassVar[timedelta] = STEP
    """An address is good for one to two of these."""

    def __init__(self, settings: Settings) -> None:
        self._key = settings.derived_key(self.purpose)

    def signed(self, org_id: UUID, thing_id: UUID, part: str, now: datetime) -> dict[str, str | int]:
        """Return the parameters that make an address of this part good."""
        step = int(self.step.total_seconds())
        expires = (int(now.timestamp() / step) + 2) * step
        signature = org_id.bytes + self._sign(org_id, thing_id, part, expires)
        return {"expires": expires, "signature": base64.urlsafe_b64encode(signature).decode()}

    def organisation_of(self, thing_id: UUID, part: str, expires: int, signature: str, now: datetime) -> UUID:
        """Return whose thing the address is of. Raises `PhotoLinkInvalid`, `PhotoLinkExpired`."""
        if not WRITTEN.fullmatch(signature):
            raise PhotoLinkInvalid
        shown = base64.urlsafe_b64decode(signature)
        org_id = UUID(bytes=shown[:ID])
        if not hmac.compare_digest(shown[ID:], self._sign(org_id, thing_id, part, expires)):
            raise PhotoLinkInvalid
        if expires <= now.timestamp():
            raise PhotoLinkExpired
        return org_id

    def _sign(self, org_id: UUID, thing_id: UUID, part: str, expires: int) -> bytes:
        return hmac.digest(self._key, f"{org_id}:{thing_id}:{part}:{expires}".encode(), sha256)


class PhotoLinks(SignedAddresses):
    """Addresses of copies of photos."""

    purpose = "photo-links"

    def address(self, org_id: UUID, photo_id: UUID, size: PhotoSize, now: datetime) -> str:
        """Return where the copy can be had, from the root of the site."""
        parameters = {"size": size} | self.signed(org_id, photo_id, size, now)
        return f"/api/v1/photos/{photo_id}?{urlencode(parameters)}"


class PageLinks(SignedAddresses):
    """Addresses of the drawn pages of documents."""

    purpose = "document-pages"

    def address(self, org_id: UUID, document_id: UUID, number: int, now: datetime) -> str:
        """Return where the page can be had, from the root of the site."""
        parameters = self.signed(org_id, document_id, str(number), now)
        return f"/api/v1/document-pages/{document_id}/{number}?{urlencode(parameters)}"


def lasts(expires: int, now: datetime) -> int:
    """Return for how many seconds more the address is good."""
    return max(0, int((datetime.fromtimestamp(expires, UTC) - now).total_seconds()))
