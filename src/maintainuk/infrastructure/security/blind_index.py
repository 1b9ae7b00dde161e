"""Finding somebody by their e-mail address without storing it."""

import hmac
import unicodedata
from hashlib import sha256

from maintainuk.settings import Settings


def normalised(email: str) -> str:
    """Return the one spelling of an address: case, width, space and what nobody sees don't make another person."""
    seen = "".join(sign for sign in unicodedata.normalize("NFKC", email) if unicodedata.category(sign) != "Cf")
    folded = seen.strip().casefold()
    return unicodedata.normalize("NFKC", folded).rstrip(".")


class BlindIndex:
    """Turns an e-mail address into 32 bytes that only this installation can make again."""

    def __init__(self, settings: Settings) -> None:
        self._key = settings.email_index_key

    def of_email(self, email: str) -> bytes:
        """Return the index of an address, however it was typed."""
        return hmac.digest(self._key, normalised(email).encode(errors="surrogatepass"), sha256)
