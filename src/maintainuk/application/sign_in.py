"""Signing in, staying signed in, signing out."""

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from prometheus_client import CollectorRegistry, Counter
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.application.links import LinkService
from maintainuk.application.unit_of_work import UnitOfWork, unit_of_work
from maintainuk.domain.audit import Origin
from maintainuk.domain.base import new_id
from maintainuk.domain.errors import (
    InvalidCredentials,
    OrganisationSuspended,
    SessionEnded,
    SignsInElsewhere,
    TooManyAttempts,
)
from maintainuk.domain.links import LinkPurpose
from maintainuk.domain.permissions import Actor
from maintainuk.domain.ports import Hints
from maintainuk.domain.second_factors import FactorKind
from maintainuk.domain.sign_in import REFRESH_LIFETIME, Client, Identity, Renewal, Session, SessionEnding
from maintainuk.domain.sign_in_history import SignInEvent, SignInEventKind
from maintainuk.infrastructure.database.engine import Database
from maintainuk.infrastructure.demo.people import DEMO_ORGANISATION_IDS
from maintainuk.infrastructure.repositories.platform import Platform
from maintainuk.infrastructure.repositories.second_factors import SecondFactors
from maintainuk.infrastructure.repositories.sign_in import Identities, Member, Members, Place, Sessions
from maintainuk.infrastructure.repositories.sign_in_policy import PolicyOf
from maintainuk.infrastructure.security.blind_index import BlindIndex
from maintainuk.infrastructure.security.browsers import in_words, network_of
from maintainuk.infrastructure.security.guesses import Guesses, neighbourhood
from maintainuk.infrastructure.security.known_devices import KnownDevices
from maintainuk.infrastructure.security.link_secrets import LinkSecrets
from maintainuk.infrastructure.security.passkeys import Passkeys
from maintainuk.infrastructure.security.passwords import Passwords
from maintainuk.infrastructure.security.refresh_tokens import RefreshToken, RefreshTokens
from maintainuk.infrastructure.security.tokens import Tokens
from maintainuk.settings import Settings

ANSWER_IS_GONE = 0.1
"""Seconds after which a refusal has surely left the process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """Who is at the other end: where from, with which program, and what it kept from earlier."""

    client: Client
    address: str
    user_agent: str
    refresh_token: str | None = field(repr=False)
    device_mark: str | None = field(repr=False)
    trace_parent: str | None

    @property
    def device_hash(self) -> bytes:
        """What tells one browser from another when both show the same token."""
        return sha256(self.user_agent.encode(errors="surrogatepass")).digest()

    def event(self, identity_id: UUID, kind: SignInEventKind, at: datetime) -> SignInEvent:
        """Return what happened here, for the person's own history."""
        return SignInEvent(
            identity_id=identity_id,
            at=at,
            kind=kind,
            browser=in_words(self.user_agent),
            network=network_of(self.address),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """What a browser gets."""

    member: Member
    access_token: str = field(repr=False)
    refresh_token: RefreshToken
    device_mark: str | None = field(default=None, repr=False)
    places: Sequence[Place]
    """All organisations the person may enter, by name."""
    is_steward: bool = False
    """Whether they look after the installation's organisations, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """What is left of a sign-in whose password was right: a second factor, or adding the one that is asked for."""

    ticket: str = field(repr=False)
    ways: frozenset[FactorKind]
    """What somebody has to prove themselves with; nothing when they have to add one first."""
    passkey_options: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """The hash that a typed password was right for, and a better one of the same password, if there is one."""

    checked: str | None = field(repr=False)
    better: str | None = field(repr=False)

    async def holds(self, session: AsyncSession, identity_id: UUID) -> bool:
        """Say whether that is still the password: who has changed it meanwhile shuts out whoever typed the old one."""
        identity = await Identities(session).held(identity_id)
        if identity.password_hash != self.checked:
            return False
        identity.password_hash = self.better or self.checked
        return True


class SignIn:
    """What a browser does before it is known who is asking."""

    def __init__(  # noqa: PLR0913  (what it shares with others; the rest it makes itself)
        self,
        settings: Settings,
        database: Database,
        tokens: Tokens,
        guesses: Guesses,
        *,
        hints: Hints | None,
        registry: CollectorRegistry,
    ) -> None:
        self.database = database
        self.hints = hints
        self.tokens = tokens
        self.guesses = guesses
        self.refresh_tokens = RefreshTokens(settings)
        self.passwords = Passwords()
        self.index = BlindIndex(settings)
        self.devices = KnownDevices(settings)
        self.link_secrets = LinkSecrets(settings)
        self.passkeys = Passkeys(settings)
        self.closed = frozenset() if settings.is_demo else DEMO_ORGANISATION_IDS
        """Organisations that nobody may enter."""
        self._outcomes = Counter(
            "maintainuk_sign_ins",
            "Attempts to sign in or to stay signed in, by what came of them.",
            ("client", "outcome"),
            registry=registry,
        )
        self._asides: set[asyncio.Task[None]] = set()

    async def with_password(
        self, email: str, password: object, browser: Browser, now: datetime, *, org_id: UUID | None = None
    ) -> SignedIn | NextStep:
        """Sign somebody in to `org_id`, or to the first of their organisations by name, or say what is left to prove.

        Every refusal is the same `InvalidCredentials` after the same work. Guesses are counted before any of it: by
        account and address for a stranger, by the browser itself when the account was signed in with it before.
        """
        index = self.index.of_email(email)
        known_device = self.devices.recognise(browser.device_mark, index)
        names = (
            (f"device:{known_device}",)
            if known_device
            else (f"account:{index.hex()}", f"address:{neighbourhood(browser.address)}")
        )
        try:
            guess = await self.guesses.take(*names)
        except TooManyAttempts:
            self._outcomes.labels(browser.client, "limited").inc()
            raise
        async with self.database.installation() as session:
            identity, places = await Identities(session).with_places(index, browser.client)
        verdict = await self.passwords.check(password, identity.password_hash if identity else None)
        open_places = self.open_places(places)
        wanted = [place for place in open_places if org_id in {None, place.org_id}]
        if identity is not None and verdict.is_right:
            for place in wanted:
                if step := await self.next_step(identity.id, place, browser, now):
                    await self.guesses.was_right(guess)
                    return step
                proof = Proof(identity.password_hash, verdict.better_hash)
                if entered := await self.admit(identity.id, place, browser, now, proof=proof):
                    await self.guesses.was_right(guess)
                    mark = browser.device_mark if known_device else self.devices.mark(index)
                    return replace(entered, device_mark=mark, places=open_places)
            if not wanted:
                await self._say_why(identity.id, browser.client, org_id)
        self._outcomes.labels(browser.client, "refused").inc()
        if wanted:
            assert identity is not None
            self.aside(self._note_refusal(identity.id, wanted[0], browser, now))
        raise InvalidCredentials

    async def _say_why(self, identity_id: UUID, client: Client, org_id: UUID | None) -> None:
        """Tell whoever has proved who they are that their organisation is suspended, or that their way in is another.

        Raises `OrganisationSuspended`, `SignsInElsewhere`.
        """
        async with self.database.installation() as session:
            identities = Identities(session)
            is_shut_out = await identities.is_shut_out(identity_id, client, org_id)
            others = await identities.clients(identity_id) - {client}
        if is_shut_out:
            raise OrganisationSuspended
        if Client.STAFF in others:
            raise SignsInElsewhere("signs-in-as-staff")
        if Client.CONTRACTOR in others:
            raise SignsInElsewhere("signs-in-as-contractor")
        if Client.TENANT in others:
            raise SignsInElsewhere("signs-in-as-tenant")

    async def next_step(self, identity_id: UUID, place: Place, browser: Browser, now: datetime) -> NextStep | None:
        """Return what is left to prove at this place, if anything."""
        async with self.work(Actor.system(place.org_id), browser, now) as work:
            factors = await SecondFactors(work.session).confirmed(identity_id)
            is_asked = await PolicyOf(work.session).asks_for_factor(browser.client)
            if not (factors or is_asked) or await Members(work.session).active(place.user_id) is None:
                return None
            links = LinkService(work.session, self.link_secrets)
            ticket = links.make(place.org_id, LinkPurpose.SIGN_IN_STEP, place.user_id, now).secret
            keys = [factor for factor in factors if factor.kind is FactorKind.PASSKEY]
            return NextStep(
                ticket=ticket,
                ways=frozenset(factor.kind for factor in factors),
                passkey_options=self.passkeys.question(ticket, keys) if keys else None,
            )

    async def prove(self, index: bytes, identity: Identity, password: object, address: str) -> None:
        """Refuse unless this is the identity's password; guesses count as they do at sign-in."""
        guess = await self.guesses.take(f"account:{index.hex()}", f"address:{neighbourhood(address)}")
        if not (await self.passwords.check(password, identity.password_hash)).is_right:
            raise InvalidCredentials
        await self.guesses.was_right(guess)

    async def admit(  # noqa: PLR0913  (who, where, how and why)
        self,
        identity_id: UUID,
        place: Place,
        browser: Browser,
        now: datetime,
        *,
        proof: Proof | None = None,
        is_vouched: bool = False,
        has_shown_factor: bool = False,
        because: SessionEnding = SessionEnding.SIGNED_IN_AGAIN,
    ) -> SignedIn | None:
        """Begin a session for somebody who has proved who they are; nothing when they may not work there now.

        The session is always a new one, and the one this browser had before ends: none can be planted or left behind.
        """
        session_id = new_id()
        token = self.refresh_tokens.issue(place.org_id, session_id)
        actor = Actor(org_id=place.org_id, user_id=place.user_id, name="", role="", session_id=session_id)
        async with self.work(actor, browser, now) as work:
            member = await Members(work.session).active(place.user_id)
            if member is None or (proof and not await proof.holds(work.session, identity_id)):
                return None
            work.session.add(
                Session(
                    id=session_id,
                    identity_id=identity_id,
                    org_id=place.org_id,
                    user_id=place.user_id,
                    client=browser.client,
                    token_hash=token.hash,
                    device_hash=browser.device_hash,
                    browser=in_words(browser.user_agent),
                    network=network_of(browser.address),
                    is_vouched=is_vouched,
                    has_shown_factor=has_shown_factor,
                    created_at=now,
                    rotated_at=now,
                    expires_at=now + REFRESH_LIFETIME,
                )
            )
            member.user.last_signed_in_at = now
            work.audit("SignedIn", subject_id=session_id, data={"client": browser.client})
            work.session.add(browser.event(identity_id, SignInEventKind.SIGNED_IN, now))
            is_steward = await Platform(work.session).administering(session_id, now) is not None
        await self.sign_out(browser, now, because=because)
        self._outcomes.labels(browser.client, "signed_in").inc()
        return replace(self._signed_in(member, token, browser, now, places=[place]), is_steward=is_steward)

    async def refresh(self, browser: Browser, now: datetime) -> SignedIn:
        """Give a browser a new access token and exchange its refresh token. Raises `SessionEnded`.

        A token that was exchanged before ends the whole session, unless the same browser shows it again within a few
        seconds, because another tab was quicker or the answer got lost: it gets the token that it was exchanged for.
        """
        shown = self.refresh_tokens.read(browser.refresh_token)
        if shown is None:
            raise self._over(browser, Renewal.OVER)
        replacement = self.refresh_tokens.successor(shown)
        renewal, entered = Renewal.OVER, None
        async with self.work(Actor.system(shown.org_id), browser, now) as work:
            session = await Sessions(work.session).locked(shown.session_id)
            if session is not None and session.client is browser.client:
                places = [
                    place
                    for place in self.open_places(
                        await Identities(work.session).places(session.identity_id, browser.client)
                    )
                    if session.only_org_id in {None, place.org_id}
                ]
                member = await Members(work.session).active(session.user_id)
                # Who may not work there now keeps their token: exchanging it unheard would make a thief of them later.
                if member is not None and any(place.org_id == session.org_id for place in places):
                    renewal = session.renew(
                        shown.hash, replacement=replacement.hash, device_hash=browser.device_hash, at=now
                    )
                    is_steward = await Platform(work.session).administering(session.id, now) is not None
                    signed_in = self._signed_in(member, replacement, browser, now, places=places)
                    entered = replace(signed_in, is_steward=is_steward)
            if renewal is Renewal.REUSED:
                work.audit("RefreshTokenReused", subject_id=shown.session_id, data={"client": browser.client})
                work.has_changed = True  # so that its live screens end now
        if entered is None or renewal in {Renewal.OVER, Renewal.REUSED}:
            raise self._over(browser, renewal)
        self._outcomes.labels(browser.client, renewal).inc()
        return entered

    async def sign_out(
        self, browser: Browser, now: datetime, *, because: SessionEnding = SessionEnding.SIGNED_OUT
    ) -> None:
        """End the browser's session at once, whichever of its tokens it shows; without one there is nothing to do."""
        shown = self.refresh_tokens.read(browser.refresh_token)
        if shown is None:
            return
        async with self.work(Actor.system(shown.org_id), browser, now) as work:
            session = await Sessions(work.session).locked(shown.session_id)
            if session is not None and session.client is browser.client and session.end(because, at=now):
                work.actor = replace(work.actor, user_id=session.user_id)
                work.audit("SignedOut", subject_id=session.id, data={"client": browser.client, "because": because})
                work.has_changed = True  # so that its live screens end now

    async def places(self, identity_id: UUID, client: Client) -> Sequence[Place]:
        """Return the organisations an identity may enter with this client, by name."""
        async with self.database.installation() as session:
            return self.open_places(await Identities(session).places(identity_id, client))

    async def finish(self) -> None:
        """Wait for what was left for after the answer."""
        await asyncio.gather(*self._asides, return_exceptions=True)

    async def close(self) -> None:
        """Finish, and let go of the threads."""
        await self.finish()
        self.passwords.close()

    def open_places(self, places: Sequence[Place]) -> Sequence[Place]:
        """Return those that anybody may enter."""
        return [place for place in places if self.is_open(place.org_id)]

    def is_open(self, org_id: UUID) -> bool:
        """Say whether anybody may enter an organisation."""
        return org_id not in self.closed

    def work(self, actor: Actor, browser: Browser, now: datetime) -> AbstractAsyncContextManager[UnitOfWork]:
        """Open a unit of work for what a browser does before it is signed in."""
        session = self.database.session(actor.org_id)
        origin = Origin.of(browser.address, browser.user_agent)
        return unit_of_work(session, actor, now, trace_parent=browser.trace_parent, origin=origin, hints=self.hints)

    def _signed_in(
        self, member: Member, token: RefreshToken, browser: Browser, now: datetime, *, places: Sequence[Place]
    ) -> SignedIn:
        access_token = self.tokens.issue(
            user_id=member.user.id,
            session_id=token.session_id,
            org_id=member.organisation.id,
            client=browser.client,
            email=member.user.email,
            role=member.role.name,
            role_version=member.role.version,
            permissions=sorted(member.role.grants),
            now=now,
        )
        return SignedIn(member=member, access_token=access_token, refresh_token=token, places=places)

    def _over(self, browser: Browser, renewal: Renewal) -> SessionEnded:
        self._outcomes.labels(browser.client, renewal).inc()
        return SessionEnded()

    async def _note_refusal(self, identity_id: UUID, place: Place, browser: Browser, now: datetime) -> None:
        async with self.work(Actor.system(place.org_id), browser, now) as work:
            work.session.add(browser.event(identity_id, SignInEventKind.REFUSED, now))
            work.audit("SignInRefused", subject_id=place.user_id, data={"client": browser.client})

    def aside(self, note: Coroutine[Any, Any, None]) -> None:
        """Write something down after the answer: a stranger's refusal must not be quicker than a known person's."""

        async def later() -> None:
            await asyncio.sleep(ANSWER_IS_GONE)  # at once it would share the processor with the answer
            await note

        task = asyncio.create_task(later())
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)
