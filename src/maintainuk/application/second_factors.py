"""Adding, using and losing a second factor."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.application.links import LinkService
from maintainuk.application.passwords import own_identity, own_session, prove_password, tell_of_change
from maintainuk.application.sign_in import Browser, SignedIn, SignIn
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.base import new_id
from maintainuk.domain.errors import (
    HasSecondFactor,
    Invalid,
    InvalidCredentials,
    LinkExpired,
    LinkRevoked,
    LinkUnknown,
    LinkUsed,
    NotFound,
    Reason,
    SecondFactorRequired,
    SignInStepOver,
    WrongCode,
)
from maintainuk.domain.links import Link, LinkPurpose
from maintainuk.domain.permissions import Actor
from maintainuk.domain.second_factors import MOST_PASSKEYS, FactorKind, SecondFactor
from maintainuk.domain.sign_in import Identity
from maintainuk.domain.sign_in_history import SignInEventKind
from maintainuk.infrastructure.repositories.second_factors import SecondFactors
from maintainuk.infrastructure.repositories.sign_in import Identities, Member, Members, Place
from maintainuk.infrastructure.repositories.sign_in_policy import PolicyOf
from maintainuk.infrastructure.repositories.taken import refusing
from maintainuk.infrastructure.security.authenticators import Authenticators
from maintainuk.infrastructure.security.guesses import Guess, neighbourhood

TAKEN: Final[Mapping[str, Mapping[str, Reason]]] = {"uq_second_factors_credential_id": {}}
"""A passkey that another identity has is told as one that the browser has not made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAuthenticator:
    """An app's seed, shown this once."""

    id: UUID
    seed: str = field(repr=False)
    address: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """Somebody who had to add a factor to get in, and has."""

    signed_in: SignedIn
    recovery_codes: list[str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Half:
    """A sign-in whose password was right."""

    link: Link
    identity: Identity
    place: Place


@dataclass(frozen=True, slots=True)
class Proofs:
    """What one identity proves itself with, at one moment."""

    factors: SecondFactors
    authenticators: Authenticators
    identity_id: UUID
    now: datetime

    async def start(self, member: Member) -> NewAuthenticator:
        """Begin an app; whatever was begun before and never confirmed is forgotten."""
        await self.factors.forget_unconfirmed(self.identity_id)
        factor_id = new_id()
        seed, sealed = self.authenticators.new_seed(factor_id)
        self.factors.session.add(
            SecondFactor(
                id=factor_id,
                identity_id=self.identity_id,
                kind=FactorKind.TOTP,
                sealed_seed=sealed,
                created_at=self.now,
            )
        )
        address = self.authenticators.address(seed, person=member.user.email, organisation=member.organisation.name)
        return NewAuthenticator(id=factor_id, seed=seed, address=address)

    async def confirm(self, factor_id: UUID, code: str) -> bool:
        """Let an app count that shows the right code for the first time."""
        factor = await self.factors.held(self.identity_id, factor_id)
        if factor is None or factor.sealed_seed is None or factor.confirmed_at is not None:
            return False
        step = self.authenticators.step_of(code, factor.sealed_seed, factor.id, self.now)
        if step is None or not factor.took(step, at=self.now):
            return False
        factor.confirmed_at = self.now
        await self.factors.session.flush()
        return True

    async def took(self, code: str) -> bool:
        """Say whether one of the apps shows this code now and none so late was taken before."""
        for factor in await self.factors.authenticators(self.identity_id):
            assert factor.sealed_seed is not None
            step = self.authenticators.step_of(code, factor.sealed_seed, factor.id, self.now)
            if step is not None and factor.took(step, at=self.now):
                return True
        return False

    async def use_code(self, code: str) -> bool:
        """Use a recovery code up, if this is one."""
        hashed = self.authenticators.hash_of(code, self.identity_id)
        return await self.factors.use_code(self.identity_id, hashed, self.now)

    async def new_codes(self) -> list[str]:
        """Replace the recovery codes; they are shown this once."""
        codes = self.authenticators.recovery_codes()
        hashes = [self.authenticators.hash_of(code, self.identity_id) for code in codes]
        await self.factors.replace_codes(self.identity_id, hashes, self.now)
        return codes


class SecondStep:
    """The rest of a sign-in, for the bearer of its ticket. Nobody is signed in yet."""

    def __init__(self, sign_in: SignIn, authenticators: Authenticators) -> None:
        self.sign_in = sign_in
        self.authenticators = authenticators

    async def with_code(self, ticket: str, code: str, browser: Browser, now: datetime) -> SignedIn:
        """Sign in with the code of an app, or with a recovery code. Raises `WrongCode`, `SignInStepOver`."""
        half = await self._half(ticket, browser, now)
        guess = await self._counted(half, browser)
        async with self.sign_in.work(Actor.system(half.link.org_id), browser, now) as work:
            proofs = self._proofs(work, half)
            is_right = await proofs.took(code)
            if not is_right:
                is_right = await proofs.use_code(code)
                if is_right:
                    happened = browser.event(half.identity.id, SignInEventKind.RECOVERY_CODE_USED, now)
                    work.session.add(happened)
                    tell_of_change(work, half.place.user_id)
            if is_right:
                await self._use_up(work.session, half, now)
        if not is_right:
            raise await self._refused(half, browser, now)
        return await self._enter(half, browser, now, guess)

    async def with_passkey(self, ticket: str, answer: dict[str, Any], browser: Browser, now: datetime) -> SignedIn:
        """Sign in with a passkey. Raises `WrongCode`, `SignInStepOver`."""
        half = await self._half(ticket, browser, now)
        guess = await self._counted(half, browser)
        passkeys = self.sign_in.passkeys
        async with self.sign_in.work(Actor.system(half.link.org_id), browser, now) as work:
            key = await SecondFactors(work.session).passkey(half.identity.id, passkeys.named_in(answer))
            counter = passkeys.proved(answer, ticket, key) if key else None
            if key is not None and counter is not None:
                key.sign_count, key.used_at = counter, now
                await self._use_up(work.session, half, now)
        if counter is None:
            raise await self._refused(half, browser, now)
        return await self._enter(half, browser, now, guess)

    async def begin_enrolment(self, ticket: str, browser: Browser, now: datetime) -> NewAuthenticator:
        """Begin to add the app that the organisation asks for. Raises `HasSecondFactor` when there is a factor."""
        half = await self._half(ticket, browser, now)
        async with self.sign_in.work(Actor.system(half.link.org_id), browser, now) as work:
            member = await Members(work.session).active(half.place.user_id)
            if member is None:
                raise InvalidCredentials
            proofs = self._proofs(work, half)
            if await proofs.factors.confirmed(half.identity.id):
                raise HasSecondFactor
            return await proofs.start(member)

    async def enrol(self, ticket: str, code: str, browser: Browser, now: datetime, *, factor_id: UUID) -> Enrolled:
        """Confirm the app with its first code, and sign in. Raises `WrongCode`, `SignInStepOver`, `HasSecondFactor`."""
        half = await self._half(ticket, browser, now)
        guess = await self._counted(half, browser)
        async with self.sign_in.work(Actor.system(half.link.org_id), browser, now) as work:
            proofs = self._proofs(work, half)
            if await proofs.factors.confirmed(half.identity.id):
                raise HasSecondFactor
            is_right = await proofs.confirm(factor_id, code)
            codes: list[str] = []
            if is_right:
                codes = await proofs.new_codes()
                work.session.add(browser.event(half.identity.id, SignInEventKind.FACTOR_ADDED, now))
                tell_of_change(work, half.place.user_id)
                await self._use_up(work.session, half, now)
        if not is_right:
            raise await self._refused(half, browser, now)
        return Enrolled(signed_in=await self._enter(half, browser, now, guess), recovery_codes=codes)

    def _proofs(self, work: UnitOfWork, half: Half) -> Proofs:
        return Proofs(SecondFactors(work.session), self.authenticators, half.identity.id, work.now)

    async def _half(self, ticket: str, browser: Browser, now: datetime) -> Half:
        async with self.sign_in.database.installation() as session:
            try:
                link = await LinkService(session, self.sign_in.link_secrets).open(ticket, now)
            except (LinkUnknown, LinkUsed, LinkExpired, LinkRevoked):
                raise SignInStepOver from None
            identity = await Identities(session).of_member(link.org_id, link.subject_id, browser.client)
        if link.purpose is not LinkPurpose.SIGN_IN_STEP or identity is None:
            raise SignInStepOver
        if identity.password_changed_at is not None and link.created_at <= identity.password_changed_at:
            raise SignInStepOver  # the password that was right is none any more
        return Half(link, identity, Place(link.org_id, "", link.subject_id))

    async def _counted(self, half: Half, browser: Browser) -> Guess:
        names = (f"factor:{half.identity.id}", f"address:{neighbourhood(browser.address)}")
        return await self.sign_in.guesses.take(*names)

    async def _use_up(self, session: AsyncSession, half: Half, now: datetime) -> None:
        if not await LinkService(session, self.sign_in.link_secrets).links.use_up(half.link.id, now):
            raise SignInStepOver

    async def _refused(self, half: Half, browser: Browser, now: datetime) -> WrongCode:
        async with self.sign_in.work(Actor.system(half.link.org_id), browser, now) as work:
            work.session.add(browser.event(half.identity.id, SignInEventKind.CODE_REFUSED, now))
            work.audit("SecondFactorRefused", subject_id=half.place.user_id, data={"client": browser.client})
        return WrongCode()

    async def _enter(self, half: Half, browser: Browser, now: datetime, guess: Guess) -> SignedIn:
        entered = await self.sign_in.admit(half.identity.id, half.place, browser, now, has_shown_factor=True)
        if entered is None:
            raise InvalidCredentials
        await self.sign_in.guesses.was_right(guess)
        mark = self.sign_in.devices.mark(half.identity.email_index)
        places = await self.sign_in.places(half.identity.id, browser.client)
        return replace(entered, device_mark=mark, places=places)


class OwnFactors:
    """Somebody's own second factors, once they are signed in; each change asks for their password again."""

    def __init__(self, work: UnitOfWork, browser: Browser, sign_in: SignIn, authenticators: Authenticators) -> None:
        self.work, self.browser, self.sign_in = work, browser, sign_in
        self.authenticators = authenticators
        self.factors = SecondFactors(work.session)

    async def begin_authenticator(self, password: object) -> NewAuthenticator:
        """Return a new app's seed; it counts once its first code is shown. Raises `WrongPassword`."""
        identity = await self._sure(password)
        return await self._proofs(identity).start(await self._member())

    async def confirm_authenticator(self, factor_id: UUID, code: str) -> list[str]:
        """Let the app count from now on; returns recovery codes with the first factor. Raises `WrongCode`."""
        identity = await self._identity()
        guess = await self.sign_in.guesses.take(f"factor:{identity.id}")
        if not await self._proofs(identity).confirm(factor_id, code):
            raise WrongCode
        await self.sign_in.guesses.was_right(guess)
        return await self._added(identity)

    async def offer_passkey(self, password: object) -> tuple[str, dict[str, Any]]:
        """Return a ticket and the question for the browser. Raises `WrongPassword`."""
        identity = await self._sure(password)
        member = await self._member()
        known = [one for one in await self.factors.confirmed(identity.id) if one.kind is FactorKind.PASSKEY]
        if len(known) >= MOST_PASSKEYS:
            raise Invalid(fields={"body": Reason("too-many-passkeys", most=MOST_PASSKEYS)})
        links = LinkService(self.work.session, self.sign_in.link_secrets)
        ticket = links.make(self.work.actor.org_id, LinkPurpose.PASSKEY_SETUP, member.user.id, self.work.now).secret
        offer = self.sign_in.passkeys.offer(
            ticket, identity_id=identity.id, email=member.user.email, name=member.user.name, known=known
        )
        return ticket, offer

    async def add_passkey(self, ticket: str, name: str, answer: dict[str, Any]) -> list[str]:
        """Keep the passkey that the browser has made; returns recovery codes with the first factor."""
        identity = await self._identity()
        links = LinkService(self.work.session, self.sign_in.link_secrets)
        link = await links.open(ticket, self.work.now)
        if link.purpose is not LinkPurpose.PASSKEY_SETUP or link.subject_id != self.work.actor.user_id:
            raise LinkUnknown
        made = self.sign_in.passkeys.made(answer, ticket)
        if made is None or not await links.links.use_up(link.id, self.work.now):
            raise WrongCode("passkey-not-made")
        factor = SecondFactor(
            identity_id=identity.id,
            kind=FactorKind.PASSKEY,
            name=name,
            credential_id=made.credential_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
            created_at=self.work.now,
            confirmed_at=self.work.now,
        )
        try:
            async with refusing(self.work.session, TAKEN):
                self.work.session.add(factor)
        except Invalid:
            raise WrongCode("passkey-not-made") from None
        return await self._added(identity)

    async def remove(self, factor_id: UUID, password: object) -> None:
        """Take a factor away; the last one only where the organisation asks for none.

        Raises:
            WrongPassword: the password is not theirs.
            NotFound: they have no such factor.
            SecondFactorRequired: their organisation asks for a second factor, and this is the last.

        """
        identity = await self._sure(password)
        factor = await self.factors.held(identity.id, factor_id)
        if factor is None:
            raise NotFound("no-such-factor")
        others = [one for one in await self.factors.confirmed(identity.id) if one.id != factor.id]
        if not others and await PolicyOf(self.work.session).asks_for_factor(self.browser.client):
            raise SecondFactorRequired
        await self.work.session.delete(factor)
        if not others:
            await self.factors.replace_codes(identity.id, [], self.work.now)
        self._changed(identity, SignInEventKind.FACTOR_REMOVED)
        self.work.audit("SecondFactorRemoved", subject_id=factor.id, data={"kind": factor.kind})

    async def renew_codes(self, password: object) -> list[str]:
        """Return new recovery codes; the earlier ones stop working. Raises `WrongPassword`, `NotFound`."""
        identity = await self._sure(password)
        if not await self.factors.confirmed(identity.id):
            raise NotFound("no-such-factor")
        self._changed(identity, SignInEventKind.RECOVERY_CODES_MADE)
        self.work.audit("RecoveryCodesMade", subject_id=self.work.actor.user_id)
        return await self._proofs(identity).new_codes()

    async def _added(self, identity: Identity) -> list[str]:
        (await own_session(self.work)).has_shown_factor = True
        self._changed(identity, SignInEventKind.FACTOR_ADDED)
        self.work.audit("SecondFactorAdded", subject_id=self.work.actor.user_id)
        if await self.factors.codes_left(identity.id):
            return []
        return await self._proofs(identity).new_codes()

    def _changed(self, identity: Identity, kind: SignInEventKind) -> None:
        self.work.session.add(self.browser.event(identity.id, kind, self.work.now))
        assert self.work.actor.user_id is not None
        tell_of_change(self.work, self.work.actor.user_id)

    def _proofs(self, identity: Identity) -> Proofs:
        return Proofs(self.factors, self.authenticators, identity.id, self.work.now)

    async def _identity(self) -> Identity:
        return await own_identity(self.work)

    async def _sure(self, password: object) -> Identity:
        identity = await own_identity(self.work)
        await prove_password(self.sign_in, identity, password)
        return identity

    async def _member(self) -> Member:
        assert self.work.actor.user_id is not None
        member = await Members(self.work.session).active(self.work.actor.user_id)
        assert member is not None
        return member
