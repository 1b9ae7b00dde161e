"""How often a person, an organisation or an unknown address may ask."""

from starlette.types import Scope

from maintainuk.infrastructure.cache.shares import Share, Shares
from maintainuk.infrastructure.security.guesses import neighbourhood
from maintainuk.settings import Settings

WINDOW = 60
"""Seconds."""


class RequestLimits:
    """The shares of a request: of its person or API key with their organisation, or of its address."""

    def __init__(self, settings: Settings, shares: Shares) -> None:
        self._shares = shares
        self._each = settings.requests_per_minute
        self._key = settings.key_requests_per_minute
        self._together = settings.organisation_requests_per_minute

    def take(self, scope: Scope) -> tuple[Share, ...]:
        """Count the request and return what is left of each of its shares.

        One that its person may not make costs their colleagues nothing.
        """
        if (key := scope.get("key")) is not None:
            program = self._shares.take("key", key.key_id, self._key)
            if program.left < 0:
                return (program,)
            return program, self._shares.take("organisation", key.org_id, self._together)
        claims = scope.get("claims")
        if claims is None:
            address = neighbourhood(scope["client"][0] if scope.get("client") else "")
            return (self._shares.take("address", address, self._each),)
        person = self._shares.take("person", claims.user_id, self._each)
        if person.left < 0:
            return (person,)
        return person, self._shares.take("organisation", claims.org_id, self._together)
