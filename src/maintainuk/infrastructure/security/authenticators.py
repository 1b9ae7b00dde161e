"""Codes of authenticator apps (RFC 6238) and recovery codes."""

import hmac
import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

import pyotp

from maintainuk.domain.second_factors import RECOVERY_CODES
from maintainuk.infrastructure.security.seeds import SeedSeal
from maintainuk.settings import Settings

PLACE = "second_factors.sealed_seed"
STEP = 30
"""Seconds one code is good for."""

DRIFT = 1
"""Steps a phone's clock may be early or late (RFC 6238 §5.2)."""

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No sign that looks like another."""
GROUP = 5


class Authenticators:
    """Makes seeds and recovery codes, and recognises what somebody shows."""

    def __init__(self, settings: Settings) -> None:
        self._seal = SeedSeal(settings)
        self._key = settings.lasting_key("recovery-code")

    def new_seed(self, factor_id: UUID) -> tuple[str, bytes]:
        """Return a seed to show once, and what is stored of it."""
        seed = pyotp.random_base32()
        return seed, self._seal.seal(seed, PLACE, factor_id)

    def address(self, seed: str, *, person: str, organisation: str) -> str:
        """Return what the QR code says (`otpauth://…`)."""
        return pyotp.TOTP(seed).provisioning_uri(name=person, issuer_name=f"MaintainUK {organisation}")

    def step_of(self, code: str, sealed_seed: bytes, factor_id: UUID, at: datetime) -> int | None:
        """Return the half minute whose code this is, if it is one of now."""
        digits = "".join(filter(str.isdigit, code))
        totp = pyotp.TOTP(self._seal.open(sealed_seed, PLACE, factor_id))
        now, found = int(at.timestamp()) // STEP, None
        for step in range(now - DRIFT, now + DRIFT + 1):  # all of them, so that time does not tell which
            expected = totp.at(at + timedelta(seconds=(step - now) * STEP))
            if hmac.compare_digest(expected.encode(), digits.encode()):
                found = step
        return found

    def recovery_codes(self) -> list[str]:
        """Return new codes of fifty bits, in two groups."""
        return ["-".join(_group() for _ in range(2)) for _ in range(RECOVERY_CODES)]

    def hash_of(self, code: str, identity_id: UUID) -> bytes:
        """Return what is kept of a recovery code, however it was typed."""
        plain = "".join(sign for sign in code.upper() if sign in LETTERS)
        return hmac.digest(self._key, identity_id.bytes + plain.encode(), sha256)


def _group() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(GROUP))
