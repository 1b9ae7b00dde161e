"""What proves that whoever sets an installation up can read what its server prints."""

import base64
import hmac

from maintainuk.settings import Settings

PAGE = "/app/set-up"


def set_up_secret(settings: Settings) -> str:
    """Return the secret: 256 bits, good until there is an organisation, and written down nowhere."""
    return base64.urlsafe_b64encode(settings.derived_key("set-up")).decode().rstrip("=")


def set_up_address(settings: Settings) -> str:
    """Return the page that sets the installation up; the secret is after the #, where no server's log sees it."""
    return f"{settings.address}{PAGE}#{set_up_secret(settings)}"


def is_set_up_secret(settings: Settings, shown: str) -> bool:
    """Say whether somebody shows the secret."""
    return hmac.compare_digest(set_up_secret(settings).encode(), shown.encode(errors="surrogatepass"))
