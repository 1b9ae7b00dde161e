"""The seeds of authenticator apps, which the product has to read again and which belong to no one organisation.

AES-256-GCM under a key that outlives a change of the secret key. What is sealed for one row opens for no other: the
row's place and id are part of it. Format: one byte of version, 12 of nonce, the ciphertext with its tag.
"""

from os import urandom
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from maintainuk.settings import Settings

VERSION = b"\x01"
NONCE = 12


class Broken(Exception):
    """What was sealed has been changed, moved to another row, or was sealed under another key."""


class SeedSeal:
    """Seals and opens what belongs to one row."""

    def __init__(self, settings: Settings) -> None:
        self._key = AESGCM(settings.lasting_key("seed-seal"))

    def seal(self, secret: str, place: str, row_id: UUID) -> bytes:
        """Return what to store; `place` names table and column."""
        nonce = urandom(NONCE)
        return VERSION + nonce + self._key.encrypt(nonce, secret.encode(), _place(place, row_id))

    def open(self, sealed: bytes, place: str, row_id: UUID) -> str:
        """Return what was sealed for this row. Raises `Broken`."""
        nonce, text = sealed[1 : 1 + NONCE], sealed[1 + NONCE :]
        try:
            return self._key.decrypt(nonce, text, _place(place, row_id)).decode()
        except InvalidTag:
            raise Broken from None


def _place(place: str, row_id: UUID) -> bytes:
    return VERSION + f"{place}|{row_id}".encode()
