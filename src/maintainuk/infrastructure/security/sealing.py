"""How a text is sealed and how it is found again: the formats, and nothing of where keys and texts are kept.

Sealed: one byte for the format, two for the version of the organisation's key, a nonce of 12, the text under
AES-256-GCM, a tag of 16. What it is bound to (organisation, table, column, row, key version) is not stored: a value
that was moved to another row or column can't be opened.
"""

import hmac
import re
import secrets
import struct
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from time import monotonic
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from maintainuk.domain.sealing import Spelling
from maintainuk.domain.values import e164
from maintainuk.infrastructure.security.blind_index import normalised
from maintainuk.settings import Settings

FORMAT = 1
KEY = 32
NONCE = 12
HEADER = struct.Struct(">BH")
INDEX = 16
"""Bytes of a blind index."""

SHORTEST_BEGINNING = 3
LONGEST_BEGINNING = 15
"""Letters by which a word of a name is known; nobody types more of it to find somebody."""

_APART = re.compile(r"[^\w'’]+|_")  # noqa: RUF001  (people type both apostrophes)
_APOSTROPHES = re.compile(r"['’]")  # noqa: RUF001
_NOT_DECOMPOSED = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i"}
)


class CannotOpen(Exception):
    """What is stored was not sealed here, or its key is not there. Never says what it was."""


class MasterKeys:
    """The keys that wrap every organisation's: versions of which the newest wraps, in no database and no backup."""

    def __init__(self, keys: Mapping[int, bytes]) -> None:
        self._keys = dict(keys)
        self.newest = max(keys)

    @classmethod
    def of(cls, settings: Settings) -> "MasterKeys":
        """Return those an operator has named, and as version 0 the one that is derived when none is."""
        return cls(settings.master_key_ring)

    def wrap(self, key: bytes) -> tuple[int, bytes]:
        """Return which version wrapped it, and the key wrapped (RFC 3394)."""
        return self.newest, aes_key_wrap(self._keys[self.newest], key)

    def unwrap(self, version: int, wrapped: bytes) -> bytes:
        """Return the key. Raises `CannotOpen` without the master key that wrapped it."""
        try:
            return aes_key_unwrap(self._keys[version], wrapped)
        except (KeyError, InvalidUnwrap):
            message = (
                f"Master key {version} is not there, or not the one that wrapped the organisations' keys."
                " Name it in MAINTAINUK_MASTER_KEYS."
            )
            raise CannotOpen(message) from None


@dataclass(frozen=True, slots=True)
class Keys:
    """One organisation's keys, open: `data` by version, and from when (monotonic seconds) each is used."""

    org_id: UUID
    data: Mapping[int, AESGCM]
    begins: Mapping[int, float]
    index: bytes

    @property
    def current(self) -> int:
        """The version that seals now."""
        now = monotonic()
        return max(version for version, begins in self.begins.items() if begins <= now)

    def seal(self, place: str, row_id: UUID, text: str) -> bytes:
        """Return the text so that only this organisation can open it, at this place of this row."""
        version, nonce = self.current, secrets.token_bytes(NONCE)
        sealed = self.data[version].encrypt(nonce, text.encode(), self._bound(place, row_id, version))
        return HEADER.pack(FORMAT, version) + nonce + sealed

    def open(self, place: str, row_id: UUID, sealed: bytes) -> str:
        """Return the text. Raises `CannotOpen` for what was sealed elsewhere or with a key that is gone."""
        try:
            form, version = HEADER.unpack_from(sealed)
            nonce, rest = sealed[HEADER.size : HEADER.size + NONCE], sealed[HEADER.size + NONCE :]
            if form == FORMAT:
                return self.data[version].decrypt(nonce, rest, self._bound(place, row_id, version)).decode()
        except (struct.error, KeyError, ValueError, InvalidTag):
            pass
        message = f"{place} of row {row_id} can't be opened."
        raise CannotOpen(message)

    def _bound(self, place: str, row_id: UUID, version: int) -> bytes:
        table, _, column = place.partition(".")
        return f"{self.org_id}|{table}|{column}|{row_id}|{version}".encode()

    def index_of(self, spelling: Spelling, text: str | None) -> bytes | list[int] | None:
        """Return what a text is found by, however it was written."""
        if not text:
            return [] if spelling is Spelling.WORDS else None
        match spelling:
            case Spelling.EMAIL:
                return self.email(text)
            case Spelling.PHONE:
                return self.phone(text)
            case Spelling.NAME:
                return self.name(text)
            case Spelling.WORDS:
                return sorted({self._token(part) for part in beginnings(text)})

    def email(self, text: str) -> bytes:
        """Return what an e-mail address is found by."""
        return self._blind("email", normalised(text))

    def phone(self, text: str) -> bytes:
        """Return what a phone number is found by."""
        return self._blind("phone", e164(text))

    def name(self, text: str) -> bytes:
        """Return what a whole name is found by."""
        return self._blind("name", " ".join(words_of(text)))

    def asked(self, text: str) -> list[int]:
        """Return what the names have that are found by these words; nothing when they hold no word."""
        return [self._token(word[:LONGEST_BEGINNING]) for word in words_of(text)]

    def _blind(self, what: str, text: str) -> bytes:
        return hmac.digest(self.index, f"{what}|{text}".encode(errors="surrogatepass"), sha256)[:INDEX]

    def _token(self, word: str) -> int:
        digest = hmac.digest(self.index, f"word|{word}".encode(errors="surrogatepass"), sha256)
        return int.from_bytes(digest[:8], signed=True)


def words_of(name: str) -> list[str]:
    """Return the words of a name as they are compared: small letters without accents, O'Brien as one."""
    plain = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", name)).casefold().translate(_NOT_DECOMPOSED)
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return [word for word in _APART.split(bare) if word]


def beginnings(name: str) -> set[str]:
    """Return each word of a name and its beginnings of three letters and more; of O'Brien also those of Brien."""
    words = {*words_of(name), *words_of(_APOSTROPHES.sub(" ", name))}
    longest = {word[:LONGEST_BEGINNING] for word in words}
    return longest | {word[:end] for word in longest for end in range(SHORTEST_BEGINNING, len(word))}
