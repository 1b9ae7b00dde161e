"""OpenID Connect with an organisation's own provider: discovery, authorisation code with PKCE, a signed ID token."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx2
import structlog
from authlib.integrations.httpx_client import AsyncOAuth2Client, OAuthError
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from maintainuk.domain.single_sign_on import Journey, NotVouched, Registration, Vouched
from maintainuk.infrastructure.providers.outward import SECONDS, transport
from maintainuk.settings import Settings

log = structlog.get_logger("maintainuk.single_sign_on")

SCOPE = "openid email profile"
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
"""Signatures with a private key alone: neither `none` nor anything our own secret could have made."""

LONGEST = 10.0
"""Seconds a provider may take for all that is asked of it at once, however it spreads its bytes."""

LEEWAY = 60
"""Seconds two clocks may differ."""
VERIFIED = (True, "true", "1")
VERIFIED_BY = ("email_verified", "xms_edov")
"""What says that the address is the person's: the standard's claim, and Entra's (an optional claim to switch on)."""


class OpenId:
    """Speaks with providers; keeps nothing."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._is_demo = settings.is_demo
        self._clock = clock

    async def start(self, registration: Registration, journey: Journey) -> str:
        """Return where to send the person. Raises `NotVouched`."""
        async with self._in_time(), self._client(registration) as client:
            found = await self._discovered(client, registration)
            address, _ = client.create_authorization_url(
                found["authorization_endpoint"],
                state=journey.state,
                nonce=journey.nonce,
                code_verifier=journey.verifier,
            )
        return str(address)

    async def vouch(self, registration: Registration, journey: Journey, code: str) -> Vouched:
        """Return who came back with this code, their address verified. Raises `NotVouched`."""
        async with self._in_time(), self._client(registration) as client:
            found = await self._discovered(client, registration)
            try:
                tokens = await client.fetch_token(
                    found["token_endpoint"],
                    code=code,
                    code_verifier=journey.verifier,
                    grant_type="authorization_code",
                    redirect_uri=registration.back_to,
                )
                keys = (await client.request("GET", found["jwks_uri"], withhold_token=True)).raise_for_status().json()
            except (OAuthError, httpx2.HTTPError, OSError, ValueError) as error:
                raise self._refused("provider-refused", error) from None
        return self._vouched(registration, journey, tokens, keys)

    def _vouched(self, registration: Registration, journey: Journey, tokens: Any, keys: Any) -> Vouched:  # noqa: ANN401
        try:
            token = jwt.decode(tokens["id_token"], KeySet.import_key_set(keys), algorithms=ALGORITHMS)
            claims = CodeIDToken(
                token.claims,
                token.header,
                options={
                    "iss": {"essential": True, "value": registration.issuer},
                    "aud": {"essential": True, "value": registration.client_id},
                    "exp": {"essential": True},
                    "iat": {"essential": True},
                },
                params={
                    "nonce": journey.nonce,
                    "client_id": registration.client_id,
                    "access_token": tokens.get("access_token"),
                },
            )
            claims.validate(now=int(self._clock().timestamp()), leeway=LEEWAY)
        except (JoseError, KeyError, ValueError, TypeError) as error:
            raise self._refused("token-not-good", error) from None
        email = claims.get("email")
        if not isinstance(email, str) or not any(claims.get(name) in VERIFIED for name in VERIFIED_BY):
            raise NotVouched("e-mail-not-verified")
        return Vouched(subject=str(claims["sub"]), email=email)

    def _client(self, registration: Registration) -> Any:  # noqa: ANN401  (authlib has no types)
        return AsyncOAuth2Client(
            client_id=registration.client_id,
            client_secret=registration.client_secret,
            scope=SCOPE,
            redirect_uri=registration.back_to,
            code_challenge_method="S256",
            transport=transport(inside_too=self._is_demo),
            timeout=SECONDS,
            follow_redirects=False,
        )

    async def _discovered(self, client: Any, registration: Registration) -> dict[str, str]:  # noqa: ANN401
        address = f"{registration.issuer.rstrip('/')}/.well-known/openid-configuration"
        self._must_be_safe(address)
        try:
            answer = await client.request("GET", address, withhold_token=True)
            found = answer.raise_for_status().json()
            wanted = {name: str(found[name]) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
            is_same = found["issuer"] == registration.issuer
        except (httpx2.HTTPError, OSError, ValueError, KeyError, TypeError) as error:
            raise self._refused("not-discovered", error) from None
        if not is_same:
            raise NotVouched("another-issuer")
        for endpoint in wanted.values():
            self._must_be_safe(endpoint)
        return wanted

    def _must_be_safe(self, address: str) -> None:
        """Refuse what others on the way could read or change; on one machine, for a demo, nobody is on the way."""
        if not (is_https(address) or self._is_demo):
            raise NotVouched("not-https")

    @asynccontextmanager
    async def _in_time(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(LONGEST):
                yield
        except TimeoutError as error:
            raise self._refused("provider-too-slow", error) from None

    def _refused(self, reason: str, error: Exception) -> NotVouched:
        log.warning("single-sign-on-refused", reason=reason, error=type(error).__name__)
        return NotVouched(reason)


def is_https(address: str) -> bool:
    """Say whether an address is a complete one of https."""
    parts = urlsplit(address)
    return parts.scheme == "https" and bool(parts.hostname) and not parts.username
