"""The secrets behind links: derived from a row's id when somebody must be told, and never stored.

What must stay good when the secret key is changed comes from `MAINTAINUK_INDEX_KEY`: a poster hangs in a hallway for
years, and a letter leads to its report's page for months. Entries, invitations and visits are short and
come from the secret key.
"""

import base64
import hmac
from hashlib import sha256
from uuid import UUID

from maintainuk.domain.links import LinkPurpose
from maintainuk.settings import Settings

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that looks like a digit."""
CODE_LENGTH = 10
PASSING = frozenset(
    {
        LinkPurpose.ENTRY,
        LinkPurpose.INVITATION,
        LinkPurpose.VISIT,
        LinkPurpose.PASSWORD_RESET,
        LinkPurpose.SIGN_IN_STEP,
        LinkPurpose.PASSKEY_SETUP,
    }
)
MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


class LinkSecrets:
    """Makes and recognises what people show."""

    def __init__(self, settings: Settings) -> None:
        self._lasting_key = settings.lasting_key("link-secret")
        self._passing_key = settings.derived_key("link-secret")
        self._index_key = settings.lasting_key("link-index")

    def secret(self, purpose: LinkPurpose, link_id: UUID) -> str:
        """Return what opens the link: ten characters that can be typed for a home, 256 bits for all others."""
        key = self._passing_key if purpose in PASSING else self._lasting_key
        digest = hmac.digest(key, f"{purpose}:{link_id}".encode(), sha256)
        if purpose is LinkPurpose.HOME:
            bits = int.from_bytes(digest[:8], "big")
            return "".join(ALPHABET[(bits >> (5 * place)) & 31] for place in range(CODE_LENGTH))
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    def index(self, shown: str) -> bytes:
        """Return what a shown secret is stored and found by."""
        return hmac.digest(self._index_key, shown.encode(), sha256)


def as_typed(code: str) -> str:
    """Return a poster's code as it was printed, however somebody typed it."""
    return "".join(character for character in code.upper().translate(MISREAD) if character in ALPHABET)


def as_printed(code: str) -> str:
    """Return a code in two groups that an eye can hold."""
    return f"{code[:5]}-{code[5:]}"
