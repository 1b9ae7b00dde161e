"""Addresses by which a browser fetches everything an organisation owns: a page can't hand so much to a disk itself."""

from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from maintainuk.domain.errors import PhotoLinkExpired, PhotoLinkInvalid
from maintainuk.domain.exports import ExportAddressExpired, ExportAddressInvalid
from maintainuk.infrastructure.security.photo_links import SignedAddresses

WHOLE = "whole"


class ExportLinks(SignedAddresses):
    """Addresses of one export, each good for a minute or two: long enough to begin."""

    purpose = "export-links"
    step = timedelta(minutes=1)

    def address(self, org_id: UUID, export_id: UUID, now: datetime) -> str:
        """Return where the file can be had, from the root of the site."""
        return f"/exports/{export_id}.zip?{urlencode(self.signed(org_id, export_id, WHOLE, now))}"

    def owner(self, export_id: UUID, expires: int, signature: str, now: datetime) -> UUID:
        """Return whose it is. Raises `ExportAddressInvalid`, `ExportAddressExpired`."""
        try:
            return self.organisation_of(export_id, WHOLE, expires, signature, now)
        except PhotoLinkInvalid:
            raise ExportAddressInvalid from None
        except PhotoLinkExpired:
            raise ExportAddressExpired from None
