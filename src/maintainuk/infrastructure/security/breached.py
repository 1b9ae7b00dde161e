"""Passwords that thieves try first: 58,000 of twelve characters or more from published breaches.

Shorter ones are refused anyway. `tools/breached_passwords` makes the file and says where they come from.
"""

from functools import cache
from hashlib import sha256
from pathlib import Path

FILE = Path(__file__).with_name("breached.bin")
WIDTH = 5
"""Bytes of SHA-256 kept of each: of twenty million other passwords, one is taken for a breached one."""


def fingerprint(password: str) -> bytes:
    """Return what the file keeps of a password, whatever its case."""
    return sha256(password.casefold().encode()).digest()[:WIDTH]


def is_breached(password: str) -> bool:
    """Say whether a password (in NFC) is among those that thieves try first."""
    marks, wanted = _marks(), fingerprint(password)
    low, high = 0, len(marks) // WIDTH
    while low < high:
        middle = (low + high) // 2
        if marks[middle * WIDTH : (middle + 1) * WIDTH] < wanted:
            low = middle + 1
        else:
            high = middle
    return marks[low * WIDTH : (low + 1) * WIDTH] == wanted


@cache
def _marks() -> bytes:
    return FILE.read_bytes()
