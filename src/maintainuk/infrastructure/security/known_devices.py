"""Browsers that somebody has signed in with before: their guesses are counted apart from a stranger's.

Otherwise whoever knows an e-mail address could lock its owner out by guessing wrong (OWASP: device cookies).
"""

import hmac
import secrets
from hashlib import sha256

from maintainuk.settings import Settings

NAME = SEAL = 32
"""Hex digits of each half."""


class KnownDevices:
    """Marks a browser as one that an account was signed in with, and recognises it."""

    def __init__(self, settings: Settings) -> None:
        self._key = settings.derived_key("known-device")

    def mark(self, email_index: bytes) -> str:
        """Return what the browser keeps: a random name, sealed together with the account."""
        name = secrets.token_hex(NAME // 2)
        return name + self._seal(name, email_index)

    def recognise(self, mark: str | None, email_index: bytes) -> str | None:
        """Return the name of a browser known for this account; nothing for any other."""
        if mark is None or len(mark) != NAME + SEAL or not mark.isascii():
            return None
        name, seal = mark[:NAME], mark[NAME:]
        return name if hmac.compare_digest(seal, self._seal(name, email_index)) else None

    def _seal(self, name: str, email_index: bytes) -> str:
        return hmac.digest(self._key, name.encode() + email_index, sha256).hex()[:SEAL]
