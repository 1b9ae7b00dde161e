"""Changing a password, and getting a new one when it is forgotten."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from maintainuk.application.ended_elsewhere import tell_elsewhere
from maintainuk.application.jobs import SendEmail
from maintainuk.application.links import LinkService
from maintainuk.application.sign_in import Browser, SignIn
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.errors import (
    Busy,
    Invalid,
    LinkUnknown,
    LinkUsed,
    Reason,
    SessionEnded,
    SignedInTooLongAgo,
    WrongPassword,
)
from maintainuk.domain.links import Link, LinkPurpose
from maintainuk.domain.messaging import Message, MessageChannel, MessageTemplate
from maintainuk.domain.passwords import as_typed, weakness
from maintainuk.domain.permissions import Actor
from maintainuk.domain.sign_in import Identity, Session, SessionEnding
from maintainuk.domain.sign_in_history import SignInEventKind
from maintainuk.infrastructure.repositories.sign_in import Identities, Member, Members, Place, Sessions
from maintainuk.infrastructure.security.breached import is_breached
from maintainuk.infrastructure.security.guesses import neighbourhood
from maintainuk.infrastructure.security.passwords import is_possible

log = structlog.get_logger("maintainuk.passwords")

MOST_WAITING = 100

JUST_NOW = timedelta(minutes=10)


def good_password(password: object, about: Iterable[str], field: str) -> str:
    """Return a new password in its one form. Raises `Invalid`, naming `field`, when it may not be one.

    `about` is what everybody knows of the person.
    """
    if not is_possible(password):
        raise Invalid(fields={field: Reason("password-unreadable")})
    typed = as_typed(password)
    if (wrong := weakness(typed, about=about)) is not None:
        raise Invalid(fields={field: wrong})
    if is_breached(typed):
        raise Invalid(fields={field: Reason("password-breached")})
    return typed


def tell_of_change(work: UnitOfWork, user_id: UUID) -> None:
    """Write to somebody that their way in was changed, in case it was not them."""
    _write(work, user_id, MessageTemplate.SECURITY_CHANGED)


async def own_session(work: UnitOfWork) -> Session:
    """Return the session that acts."""
    session = await work.session.get(Session, work.actor.session_id)
    if session is None:
        raise SessionEnded
    return session


async def own_identity(work: UnitOfWork) -> Identity:
    """Return the identity behind the session that acts."""
    return await Identities(work.session).get((await own_session(work)).identity_id)


async def prove_password(sign_in: SignIn, identity: Identity, password: object) -> None:
    """Raise `WrongPassword` unless this is the identity's password; guesses are counted."""
    guess = await sign_in.guesses.take(f"proof:{identity.id}")
    verdict = await sign_in.passwords.check(password, identity.password_hash)
    if not verdict.is_right:
        raise WrongPassword
    await sign_in.guesses.was_right(guess)


async def prove_again(work: UnitOfWork, sign_in: SignIn, password: object) -> None:
    """Prove before something grave that it is still they: by their password, or by a sign-in a moment ago.

    The second is for whom their organisation's own provider vouches: here they have no password.

    Raises `WrongPassword`, `SignedInTooLongAgo`.
    """
    session = await own_session(work)
    if not session.is_vouched:
        await prove_password(sign_in, await own_identity(work), password)
    elif session.created_at < work.now - JUST_NOW:
        raise SignedInTooLongAgo


class PasswordService:
    """Somebody's own password, once they are signed in."""

    def __init__(self, work: UnitOfWork, browser: Browser, sign_in: SignIn) -> None:
        self.work, self.browser, self.sign_in = work, browser, sign_in

    async def change(self, current: object, new: object) -> None:
        """Replace the password and end every other session. Raises `WrongPassword`, `Invalid`."""
        work = self.work
        assert work.actor.user_id is not None
        identity = await own_identity(work)
        await prove_password(self.sign_in, identity, current)
        member = await Members(work.session).active(work.actor.user_id)
        if member is None:
            raise SessionEnded
        typed = good_password(new, _known_of(member), "newPassword")
        identity.password_hash = await self.sign_in.passwords.hash(typed)
        identity.password_changed_at = work.now
        ended = await Sessions(work.session).end_all(
            identity.id, SessionEnding.PASSWORD_CHANGED, work.now, but=work.actor.session_id
        )
        tell_elsewhere(self.sign_in, work, ended)
        work.session.add(self.browser.event(identity.id, SignInEventKind.PASSWORD_CHANGED, work.now))
        tell_of_change(work, work.actor.user_id)
        work.audit("PasswordChanged", subject_id=work.actor.user_id)
        work.has_changed = True  # so that live screens of the ended sessions end now


class PasswordReset:
    """A new password for whoever reads the letters of an account; the same answer whether there is one or not."""

    def __init__(self, sign_in: SignIn) -> None:
        self.sign_in = sign_in
        self._waiting = 0

    async def ask(self, email: str, browser: Browser, now: datetime) -> None:
        """Write to this address, if it is somebody's; the search begins after the answer.

        Raises `TooManyAttempts`, counted by the address typed and by where the question comes from, and `Busy`.
        """
        index = self.sign_in.index.of_email(email)
        await self.sign_in.guesses.take(f"reset:{index.hex()}", f"reset-from:{neighbourhood(browser.address)}")
        if self._waiting >= MOST_WAITING:
            raise Busy
        self._waiting += 1
        self.sign_in.aside(self._send(index, browser, now))

    async def _send(self, index: bytes, browser: Browser, now: datetime) -> None:
        try:
            async with self.sign_in.database.installation() as session:
                identity, places = await Identities(session).with_places(index, None)
            if identity is not None:
                await self._write_to(identity.id, self.sign_in.open_places(places), browser, now)
        except Exception as error:  # noqa: BLE001  (nobody waits for it; the cause is told to the log)
            log.warning("password-reset-not-sent", error=type(error).__name__)
        finally:
            self._waiting -= 1

    async def _write_to(self, identity_id: UUID, places: Sequence[Place], browser: Browser, now: datetime) -> None:
        for place in places:
            async with self.sign_in.work(Actor.system(place.org_id), browser, now) as work:
                if await Members(work.session).active(place.user_id) is None:
                    continue
                _write(work, place.user_id, MessageTemplate.PASSWORD_RESET)
                work.session.add(browser.event(identity_id, SignInEventKind.RESET_ASKED, now))
                work.audit("PasswordResetAsked", subject_id=place.user_id)
                return

    async def use(self, token: str, password: object, browser: Browser, now: datetime) -> None:
        """Let this be the password of whom the letter was for, and end all their sessions, everywhere.

        Raises:
            LinkUnknown, LinkUsed, LinkExpired, LinkRevoked: the letter's link opens nothing, or no more.
            Invalid: the password may not be one; the link still works.

        """
        await self.sign_in.guesses.take(f"reset-from:{neighbourhood(browser.address)}")
        async with self.sign_in.database.installation() as session:
            link = await LinkService(session, self.sign_in.link_secrets).open(token, now)
            identity = await Identities(session).of_member(link.org_id, link.subject_id)
        if link.purpose is not LinkPurpose.PASSWORD_RESET or identity is None:
            raise LinkUnknown
        await self._choose(link, identity.id, password, browser, now)

    async def _choose(self, link: Link, identity_id: UUID, password: object, browser: Browser, now: datetime) -> None:
        async with self.sign_in.work(Actor.system(link.org_id), browser, now) as work:
            member = await Members(work.session).active(link.subject_id)
            if member is None:
                raise LinkUnknown
            typed = good_password(password, _known_of(member), "password")
            links = LinkService(work.session, self.sign_in.link_secrets).links
            if not await links.use_up(link.id, now):
                raise LinkUsed
            await links.revoke(link.org_id, LinkPurpose.PASSWORD_RESET, link.subject_id, now)
            identity = await Identities(work.session).get(identity_id)
            identity.password_hash = await self.sign_in.passwords.hash(typed)
            identity.password_changed_at = now
            ended = await Sessions(work.session).end_all(identity_id, SessionEnding.PASSWORD_RESET, now)
            tell_elsewhere(self.sign_in, work, ended)
            work.session.add(browser.event(identity_id, SignInEventKind.PASSWORD_RESET, now))
            tell_of_change(work, link.subject_id)
            work.audit("PasswordReset", subject_id=link.subject_id)
            work.has_changed = True  # so that their live screens end now


def _known_of(member: Member) -> tuple[str, ...]:
    return member.user.name, member.user.email.partition("@")[0], member.organisation.name


def _write(work: UnitOfWork, user_id: UUID, template: MessageTemplate) -> None:
    message = Message(
        org_id=work.actor.org_id,
        user_id=user_id,
        channel=MessageChannel.EMAIL,
        template=template,
        created_at=work.now,
    )
    message.promised()
    work.session.add(message)
    work.promise(SendEmail(message_id=message.id))
