"""Refresh tokens: 256 bits nobody can guess, that only one browser holds, and of which we keep no more than a hash."""

import base64
import binascii
import hmac
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID

from maintainuk.settings import Settings

IDS, RANDOM, SEAL = 32, 32, 16
LENGTH = -(-(IDS + RANDOM + SEAL) * 4 // 3)


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """One token of a session's family."""

    org_id: UUID
    session_id: UUID
    text: str = field(repr=False)

    @property
    def hash(self) -> bytes:
        """What is stored in its place."""
        return sha256(self.text.encode()).digest()


class RefreshTokens:
    """Makes refresh tokens and recognises each one it ever made.

    A token names its session and carries a seal. So one from long ago is known for what it is, a token used twice,
    without keeping every hash there ever was; and whoever has none can't end another's session by inventing one.
    Its successor is derived from it: when the answer that brought it gets lost, asking again brings the same one.
    """

    def __init__(self, settings: Settings) -> None:
        self._key = settings.derived_key("refresh-token")
        self._successor_key = settings.derived_key("refresh-token-successor")

    def issue(self, org_id: UUID, session_id: UUID) -> RefreshToken:
        """Return the first token of a session."""
        return self._token(org_id, session_id, secrets.token_bytes(RANDOM))

    def successor(self, shown: RefreshToken) -> RefreshToken:
        """Return the token that this one is exchanged for, the same each time; only who has our key can tell it."""
        unguessable = hmac.digest(self._successor_key, shown.text.encode(), sha256)
        return self._token(shown.org_id, shown.session_id, unguessable)

    def _token(self, org_id: UUID, session_id: UUID, unguessable: bytes) -> RefreshToken:
        body = org_id.bytes + session_id.bytes + unguessable
        return RefreshToken(org_id, session_id, _written(body + self._seal(body)))

    def read(self, text: str | None) -> RefreshToken | None:
        """Return the token somebody shows, or nothing when it never was one of ours."""
        if text is None or len(text) != LENGTH or not text.isascii():
            return None
        try:
            raw = base64.b64decode(text + "=" * (-LENGTH % 4), altchars=b"-_", validate=True)
        except binascii.Error:
            return None
        # The last letter has two bits to spare: only one spelling was ever given out, any other was made up.
        if _written(raw) != text:
            return None
        body, seal = raw[:-SEAL], raw[-SEAL:]
        if not hmac.compare_digest(seal, self._seal(body)):
            return None
        return RefreshToken(UUID(bytes=body[:16]), UUID(bytes=body[16:32]), text)

    def _seal(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, sha256)[:SEAL]


def _written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
