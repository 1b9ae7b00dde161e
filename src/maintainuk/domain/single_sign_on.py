"""Signing in with an organisation's own accounts: what is asked of its provider, and what that vouches for."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """How the product is known to an organisation's provider."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    back_to: str
    """Where the provider sends people back to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """One person's way to the provider and back, kept by their browser meanwhile."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """Whom a provider vouches for: its own name of the account, which stays, and the address, which may pass on."""

    subject: str
    email: str = field(repr=False)


class NotVouched(Exception):
    """The provider does not say who this is, or nobody can rely on what it says. `reason` is a code for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class IdentityProvider(Protocol):
    """Whoever speaks OpenID Connect for an organisation (Entra, Google and the like)."""

    async def start(self, registration: Registration, journey: Journey) -> str:
        """Return where to send the person. Raises `NotVouched` when the provider cannot be found or relied on."""
        ...

    async def vouch(self, registration: Registration, journey: Journey, code: str) -> Vouched:
        """Return who came back with this code, their address verified. Raises `NotVouched`."""
        ...
