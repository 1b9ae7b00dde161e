"""What a password may be (OWASP ASVS 5.0 §6.2): long, in any script, not known to thieves, not one's own name."""

import re
import unicodedata
from collections.abc import Iterable

from maintainuk.domain.errors import Reason

SHORTEST = 12
"""Characters (ASVS 6.2.1 asks for eight and advises fifteen; the specification of this product says twelve)."""

LONGEST = 1_024
SHORTEST_WORD = 4
"""Shorter parts of a name stand in too many other words to count."""

OWN_WORD = "maintainuk"


def as_typed(password: str) -> str:
    """Return the one form of a password (NFC): two keyboards may send the same letter as one sign or as two."""
    return unicodedata.normalize("NFC", password)


def weakness(password: str, *, about: Iterable[str]) -> Reason | None:
    """Return what is wrong with a new password in NFC, if anything.

    `about` holds what everybody knows of the person: their name, e-mail address and organisation. Such words may stand
    in a password, but they do not count towards its length. There are no rules about kinds of characters (ASVS 6.2.5).
    """
    if len(password) < SHORTEST:
        return Reason("password-too-short")
    if len(password) > LONGEST:
        return Reason("password-too-long")
    rest = password.casefold()
    for word in sorted(_words(about), key=len, reverse=True):
        rest = rest.replace(word, "")
    if len(rest) < SHORTEST and len(rest) < len(password.casefold()):
        return Reason("password-names-you")
    return None


def _words(about: Iterable[str]) -> set[str]:
    parts = (part for text in (*about, OWN_WORD) for part in re.split(r"[\W_]+", as_typed(text).casefold()))
    return {part for part in parts if len(part) >= SHORTEST_WORD}
