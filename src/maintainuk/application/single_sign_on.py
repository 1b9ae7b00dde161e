"""Signing in with an organisation's own accounts. Only whoever the organisation knows gets in."""

import base64
import json
import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken

from maintainuk.application.sign_in import Browser, SignedIn, SignIn
from maintainuk.domain.permissions import Actor
from maintainuk.domain.sign_in import Client
from maintainuk.domain.single_sign_on import IdentityProvider, Journey, NotVouched, Registration, Vouched
from maintainuk.infrastructure.repositories.sign_in import Identities, Members, Place
from maintainuk.infrastructure.repositories.sign_in_policy import PolicyOf
from maintainuk.infrastructure.repositories.users import Users
from maintainuk.settings import Settings

JOURNEY_LASTS = 600
"""Seconds a person may take at the provider."""

MOST_WAITING = 20
"""People of one organisation whom its provider may keep waiting at once, in one process."""

BACK = "/auth/single-sign-on/back"


class SingleSignOn:
    """Sends people to their organisation's provider, and lets in whom it vouches for."""

    def __init__(self, settings: Settings, sign_in: SignIn, provider: IdentityProvider) -> None:
        self.sign_in, self.provider = sign_in, provider
        self._waiting: Counter[UUID] = Counter()
        self.back_to = settings.address + BACK
        self._seal = Fernet(base64.urlsafe_b64encode(settings.derived_key("single-sign-on")))

    async def start(self, org_id: UUID, browser: Browser) -> tuple[str, str]:
        """Return where to send the browser, and what it keeps meanwhile. Raises `NotVouched`.

        It keeps its present session, too: the cookie of that one does not come along when another site leads back here.
        """
        registration = await self._registration(org_id)
        journey = Journey(
            state=secrets.token_urlsafe(32), nonce=secrets.token_urlsafe(32), verifier=secrets.token_urlsafe(48)
        )
        with self._turn(org_id):
            address = await self.provider.start(registration, journey)
        parts = [str(org_id), journey.state, journey.nonce, journey.verifier, browser.refresh_token]
        kept = json.dumps(parts)
        return address, self._seal.encrypt(kept.encode()).decode()

    async def finish(self, kept: str, state: str, code: str, browser: Browser, now: datetime) -> SignedIn:
        """Sign in whoever came back. Raises `NotVouched`."""
        try:
            org, *parts, before = json.loads(self._seal.decrypt(kept.encode(), ttl=JOURNEY_LASTS))
        except (InvalidToken, ValueError):
            raise NotVouched("journey-unknown") from None
        journey, org_id = Journey(state=parts[0], nonce=parts[1], verifier=parts[2]), UUID(org)
        if not secrets.compare_digest(state.encode(), journey.state.encode()):
            raise NotVouched("state-of-another")
        registration = await self._registration(org_id)
        with self._turn(org_id):
            vouched = await self.provider.vouch(registration, journey, code)
        browser = replace(browser, refresh_token=browser.refresh_token or before)
        return await self._enter(vouched, registration.issuer, org_id, browser, now)

    async def _enter(self, vouched: Vouched, issuer: str, org_id: UUID, browser: Browser, now: datetime) -> SignedIn:
        index = self.sign_in.index.of_email(vouched.email)
        async with self.sign_in.database.installation() as session:
            identity, places = await Identities(session).with_places(index, Client.STAFF)
        for place in self.sign_in.open_places(places):
            # Of all the person's organisations, this provider speaks for one.
            if identity is not None and place.org_id == org_id:
                await self._recognise(vouched, issuer, place, browser, now)
                entered = await self.sign_in.admit(identity.id, place, browser, now, is_vouched=True)
                if entered is not None:
                    return entered
        raise NotVouched("not-known-here")

    async def _recognise(self, vouched: Vouched, issuer: str, place: Place, browser: Browser, now: datetime) -> None:
        """Refuse another account than the one that was theirs, even if it has got their address since."""
        async with self.sign_in.work(Actor.system(place.org_id), browser, now) as work:
            if await Members(work.session).active(place.user_id) is None:
                return  # nobody gets in there: neither do they become known
            users = Users(work.session)
            user, owner = await users.held(place.user_id), await users.of_account(issuer, vouched.subject)
            is_theirs = owner in {None, user} and user.has_account(issuer, vouched.subject)
            if not is_theirs:
                data = {"client": browser.client, "because": "another-account"}
                work.audit("SignInRefused", subject_id=user.id, data=data)
        if not is_theirs:
            raise NotVouched("another-account")

    @contextmanager
    def _turn(self, org_id: UUID) -> Iterator[None]:
        """Refuse while many wait for this organisation's provider: it may be slow, and anybody may begin."""
        if self._waiting[org_id] >= MOST_WAITING:
            raise NotVouched("too-many-wait")
        self._waiting[org_id] += 1
        try:
            yield
        finally:
            self._waiting[org_id] -= 1
            if not self._waiting[org_id]:
                del self._waiting[org_id]

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
