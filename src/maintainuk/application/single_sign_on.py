"""Signing in with an organisation's own accounts. Only whoever the organisation knows gets in."""

import base64
import json
import secrets
from datetime import datetime
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken

from maintainuk.application.sign_in import Browser, SignedIn, SignIn
from maintainuk.domain.sign_in import Client
from maintainuk.domain.single_sign_on import IdentityProvider, Journey, NotVouched, Registration
from maintainuk.infrastructure.repositories.sign_in import Identities
from maintainuk.infrastructure.repositories.sign_in_policy import PolicyOf
from maintainuk.settings import Settings

JOURNEY_LASTS = 600
"""Seconds a person may take at the provider."""

BACK = "/auth/single-sign-on/back"


class SingleSignOn:
    """Sends people to their organisation's provider, and lets in whom it vouches for."""

    def __init__(self, settings: Settings, sign_in: SignIn, provider: IdentityProvider) -> None:
        self.sign_in, self.provider = sign_in, provider
        self.back_to = settings.address + BACK
        self._seal = Fernet(base64.urlsafe_b64encode(settings.derived_key("single-sign-on")))

    async def start(self, org_id: UUID) -> tuple[str, str]:
        """Return where to send the browser, and what it keeps meanwhile. Raises `NotVouched`."""
        registration = await self._registration(org_id)
        journey = Journey(
            state=secrets.token_urlsafe(32), nonce=secrets.token_urlsafe(32), verifier=secrets.token_urlsafe(48)
        )
        address = await self.provider.start(registration, journey)
        kept = json.dumps([str(org_id), journey.state, journey.nonce, journey.verifier])
        return address, self._seal.encrypt(kept.encode()).decode()

    async def finish(self, kept: str, state: str, code: str, browser: Browser, now: datetime) -> SignedIn:
        """Sign in whoever came back. Raises `NotVouched`."""
        try:
            org, *parts = json.loads(self._seal.decrypt(kept.encode(), ttl=JOURNEY_LASTS))
        except (InvalidToken, ValueError):
            raise NotVouched("journey-unknown") from None
        journey, org_id = Journey(state=parts[0], nonce=parts[1], verifier=parts[2]), UUID(org)
        if not secrets.compare_digest(state.encode(), journey.state.encode()):
            raise NotVouched("state-of-another")
        email = await self.provider.vouch(await self._registration(org_id), journey, code)
        return await self._enter(email, org_id, browser, now)

    async def _enter(self, email: str, org_id: UUID, browser: Browser, now: datetime) -> SignedIn:
        index = self.sign_in.index.of_email(email)
        async with self.sign_in.database.installation() as session:
            identity, places = await Identities(session).with_places(index, Client.STAFF)
        for place in self.sign_in.open_places(places):
            # Of all the person's organisations, this provider speaks for one.
            if identity is not None and place.org_id == org_id:
                entered = await self.sign_in.admit(identity.id, place, browser, now, is_vouched=True)
                if entered is not None:
                    return entered
        raise NotVouched("not-known-here")

    async def _registration(self, org_id: UUID) -> Registration:
        if not self.sign_in.is_open(org_id):
            raise NotVouched("no-provider")
        async with self.sign_in.database.session(org_id) as session:
            policy = await PolicyOf(session).found()
        if policy is None or not (policy.issuer and policy.client_id and policy.client_secret):
            raise NotVouched("no-provider")
        return Registration(
            issuer=policy.issuer,
            client_id=policy.client_id,
            client_secret=policy.client_secret,
            back_to=self.back_to,
        )
