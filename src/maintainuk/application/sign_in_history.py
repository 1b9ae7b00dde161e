"""Where somebody is signed in, and what has happened to their way in: for themselves alone."""

from collections.abc import Sequence
from uuid import UUID

from maintainuk.application.passwords import own_identity
from maintainuk.application.sign_in import Browser
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.errors import NotFound
from maintainuk.domain.second_factors import SecondFactor
from maintainuk.domain.sign_in import Identity, Session, SessionEnding
from maintainuk.domain.sign_in_history import SignInEvent, SignInEventKind
from maintainuk.infrastructure.repositories.second_factors import SecondFactors
from maintainuk.infrastructure.repositories.sign_in import Sessions
from maintainuk.infrastructure.repositories.sign_in_history import SignInHistory
from maintainuk.infrastructure.repositories.sign_in_policy import PolicyOf

MOST_EVENTS = 50


class OwnSignIns:
    """One's own sessions and history."""

    def __init__(self, work: UnitOfWork, browser: Browser) -> None:
        self.work, self.browser = work, browser

    async def identity(self) -> Identity:
        """Return who one is in the whole installation."""
        return await own_identity(self.work)

    async def sessions(self) -> Sequence[tuple[Session, str]]:
        """Return one's signed-in browsers with the organisation's name, the last seen first."""
        return await Sessions(self.work.session).live((await self.identity()).id, self.work.now)

    async def factors(self) -> tuple[Sequence[SecondFactor], int]:
        """Return one's second factors, and how many recovery codes are left."""
        identity, factors = await self.identity(), SecondFactors(self.work.session)
        return await factors.confirmed(identity.id), await factors.codes_left(identity.id)

    async def is_factor_required(self) -> bool:
        """Say whether one's organisation asks for a second factor."""
        policy = await PolicyOf(self.work.session).found()
        return policy is not None and policy.is_second_factor_required

    async def history(self) -> Sequence[SignInEvent]:
        """Return what happened lately, the newest first."""
        return await SignInHistory(self.work.session).newest((await self.identity()).id, limit=MOST_EVENTS)

    async def end(self, session_id: UUID) -> None:
        """Sign one of one's browsers out at once. Raises `NotFound`."""
        if not await self._end(only=session_id):
            raise NotFound("no-such-session")

    async def end_others(self) -> int:
        """Sign all one's browsers out but this one, and return how many."""
        return len(await self._end(but=self.work.actor.session_id))

    async def _end(self, *, only: UUID | None = None, but: UUID | None = None) -> Sequence[UUID]:
        identity = await self.identity()
        ended = await Sessions(self.work.session).end_all(
            identity.id, SessionEnding.ENDED_BY_OWNER, self.work.now, only=only, but=but
        )
        if ended:
            self.work.session.add(self.browser.event(identity.id, SignInEventKind.SESSIONS_ENDED, self.work.now))
        for session_id in ended:
            self.work.audit("SessionEnded", subject_id=session_id, data={"because": SessionEnding.ENDED_BY_OWNER})
        self.work.has_changed = True  # so that their live screens end now
        return ended
