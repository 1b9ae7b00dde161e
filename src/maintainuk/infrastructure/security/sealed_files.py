"""Files that are sealed bit by bit with a key of their own: whoever has lost the key has lost the file.

A salt of 16 bytes makes a key for this very file (HMAC-SHA256), then come parts: four bytes of length, the part under
AES-256-GCM. The nonce counts the parts and marks the last, so that none can be swapped, repeated or cut off (STREAM,
Hoang, Reyhanitabar, Rogaway, Vizár 2015).
"""

import base64
import hmac
import secrets
import struct
from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY: Final = 32
SALT: Final = 16
TAG: Final = 16
PART: Final = 262_144
"""Bytes of a part before it is sealed."""
OVERHEAD: Final = 1_048_576
"""Bytes by which a sealed file may be larger; of 20 MB it is less than 2 kB."""
LENGTH: Final = struct.Struct(">I")


class FileCannotOpen(Exception):
    """What is kept was not sealed with this key, or is not whole."""


def new_key() -> str:
    """Return a key for one file, as text."""
    return base64.b64encode(secrets.token_bytes(KEY)).decode()


async def sealed(key: str, content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield what arrives, sealed."""
    salt = secrets.token_bytes(SALT)
    cipher = _cipher(key, salt)
    yield salt
    waiting, count = bytearray(), 0
    async for arrived in content:
        waiting += arrived
        while len(waiting) > PART:
            yield _framed(cipher.encrypt(_nonce(count, is_last=False), bytes(waiting[:PART]), None))
            del waiting[:PART]
            count += 1
    yield _framed(cipher.encrypt(_nonce(count, is_last=True), bytes(waiting), None))


async def opened(key: str, content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield what was sealed. Raises `FileCannotOpen`, also in the middle."""
    waiting, count, cipher, is_whole = bytearray(), 0, None, False
    async for arrived in content:
        waiting += arrived
        if cipher is None and len(waiting) >= SALT:
            cipher = _cipher(key, bytes(waiting[:SALT]))
            del waiting[:SALT]
        while cipher is not None and (part := _next(waiting)) is not None:
            if is_whole:
                raise FileCannotOpen
            text, is_whole = _open(cipher, count, part)
            count += 1
            yield text
    if waiting or not is_whole:
        raise FileCannotOpen


async def sealed_bytes(key: str, content: bytes) -> bytes:
    """Return a small file, sealed."""
    return b"".join([part async for part in sealed(key, _once(content))])


async def opened_bytes(key: str, content: bytes) -> bytes:
    """Return a small file that was sealed. Raises `FileCannotOpen`."""
    return b"".join([part async for part in opened(key, _once(content))])


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content


def _next(waiting: bytearray) -> bytes | None:
    if len(waiting) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack_from(waiting)
    if length > PART + TAG:
        raise FileCannotOpen
    if len(waiting) < LENGTH.size + length:
        return None
    part = bytes(waiting[LENGTH.size : LENGTH.size + length])
    del waiting[: LENGTH.size + length]
    return part


def _open(cipher: AESGCM, count: int, part: bytes) -> tuple[bytes, bool]:
    for is_last in (False, True):
        try:
            return cipher.decrypt(_nonce(count, is_last=is_last), part, None), is_last
        except InvalidTag:
            continue
    raise FileCannotOpen


def _framed(part: bytes) -> bytes:
    return LENGTH.pack(len(part)) + part


def _nonce(count: int, *, is_last: bool) -> bytes:
    return count.to_bytes(11) + bytes([is_last])


def _cipher(key: str, salt: bytes) -> AESGCM:
    return AESGCM(hmac.digest(base64.b64decode(key), salt, sha256))
