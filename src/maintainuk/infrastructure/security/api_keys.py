"""What an API key looks like: `mu_` and 64 bytes that name it, prove it, and say whether they are ours at all.

The secret is random and kept as a hash alone. The check at the end is a MAC over all before it: a made-up key is
refused without asking the database, and counts against its address and no organisation.
"""

import base64
import binascii
import hmac
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID

from maintainuk.settings import Settings

PREFIX = "mu_"
ID, SECRET, CHECK = 16, 24, 8
LENGTH = 2 * ID + SECRET + CHECK
SHOWN = 11
"""Characters of the beginning that people are shown: they hold when the key was made, and nothing of its secret."""


@dataclass(frozen=True, slots=True)
class ShownKey:
    """A key that somebody showed and that we made; whether it still opens anything the database knows."""

    org_id: UUID
    key_id: UUID
    secret_hash: bytes = field(repr=False)


class ApiKeySecrets:
    """Makes keys and reads them."""

    def __init__(self, settings: Settings) -> None:
        self._key = settings.lasting_key("api-key-check")

    def make(self, org_id: UUID, key_id: UUID) -> tuple[str, bytes]:
        """Return a new key as it is shown once, and the hash it is known by from then on."""
        secret = secrets.token_bytes(SECRET)
        told = key_id.bytes + org_id.bytes + secret
        text = PREFIX + base64.urlsafe_b64encode(told + self._check(told)).decode().rstrip("=")
        return text, sha256(secret).digest()

    def read(self, text: str) -> ShownKey | None:
        """Return what a text names when it is a key of ours; nothing for anything else."""
        if not text.startswith(PREFIX):
            return None
        encoded = text[len(PREFIX) :]
        try:
            told = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        body, check = told[:-CHECK], told[-CHECK:]
        if len(told) != LENGTH or not hmac.compare_digest(check, self._check(body)):
            return None
        return ShownKey(UUID(bytes=body[ID : 2 * ID]), UUID(bytes=body[:ID]), sha256(body[2 * ID :]).digest())

    def _check(self, told: bytes) -> bytes:
        return hmac.digest(self._key, told, sha256)[:CHECK]
