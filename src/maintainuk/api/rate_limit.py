"""How often a person, an organisation or an unknown address may ask."""

from ipaddress import IPv6Address, IPv6Network, ip_address

from starlette.types import Scope

from maintainuk.infrastructure.cache.shares import Share, Shares
from maintainuk.settings import Settings

WINDOW = 60
"""Seconds."""


def client_address(scope: Scope, trusted_proxies: int) -> str:
    """Return where a request comes from. Only the entries that trusted proxies appended are believed.

    With no trusted proxy it is the connection's own address, whatever `X-Forwarded-For` says.
    """
    peer: str = scope["client"][0] if scope.get("client") else ""
    if trusted_proxies == 0:
        return peer
    forwarded = [
        part.strip()
        for name, value in scope["headers"]
        if name == b"x-forwarded-for"
        for part in value.decode("latin-1").split(",")
    ]
    return forwarded[-min(trusted_proxies, len(forwarded))] if forwarded else peer


def neighbourhood(address: str) -> str:
    """Return what counts as one address: a household has one IPv4 address, or 2^64 of IPv6."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or IPv6Network((int(parsed) >> 64 << 64, 64)))
    return str(parsed)


class RequestLimits:
    """The shares of a request: of its person and their organisation, or of its address when nobody is signed in."""

    def __init__(self, settings: Settings, shares: Shares) -> None:
        self._shares = shares
        self._each = settings.requests_per_minute
        self._together = settings.organisation_requests_per_minute
        self._trusted_proxies = settings.trusted_proxies

    def take(self, scope: Scope) -> tuple[Share, ...]:
        """Count the request and return what is left of each of its shares."""
        claims = scope.get("claims")
        if claims is None:
            address = neighbourhood(client_address(scope, self._trusted_proxies))
            return (self._shares.take("address", address, self._each),)
        return (
            self._shares.take("person", claims.user_id, self._each),
            self._shares.take("organisation", claims.org_id, self._together),
        )
