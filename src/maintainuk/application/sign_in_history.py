"""Where somebody is signed in, and what has happened to their way in: for themselves alone."""

from collections.abc import Sequence
from uuid import UUID

from maintainuk.application.ended_elsewhere import tell_elsewhere
from maintainuk.application.passwords import own_identity, own_session
from maintainuk.application.sign_in import Browser, SignIn
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
    """One's own sessions and history.

    A session that one organisation's provider vouched for knows of that organisation alone: its administrators could
    have begun it.
    """

    def __init__(self, work: UnitOfWork, browser: Browser, sign_in: SignIn) -> None:
        self.work, self.browser, self.sign_in = work, browser, sign_in

    async def identity(self) -> Identity:
        """Return who one is in the whole installation."""
        return await own_identity(self.work)

    async def sessions(self) -> Sequence[tuple[Session, str]]:
        """Return one's signed-in browsers with the organisation's name, the last seen first."""
        here = await own_session(self.work)
        return await Sessions(self.work.session).live(here.identity_id, self.work.now, in_org=here.only_org_id)

    async def factors(self) -> tuple[Sequence[SecondFactor], int]:
        """Return one's second factors, and how many recovery codes are left."""
        here, factors = await own_session(self.work), SecondFactors(self.work.session)
        if here.is_vouched:
            return [], 0
        return await factors.confirmed(here.identity_id), await factors.codes_left(here.identity_id)

    async def is_factor_required(self) -> bool:
        """Say whether one's organisation asks for a second factor."""
        return await PolicyOf(self.work.session).asks_for_factor(self.browser.client)

    async def history(self) -> Sequence[SignInEvent]:
        """Return what happened lately, the newest first."""
        here = await own_session(self.work)
        if here.is_vouched:
            return []
        return await SignInHistory(self.work.session).newest(here.identity_id, limit=MOST_EVENTS)

    async def end(self, session_id: UUID) -> None:
        """Sign one of one's browsers out at once. Raises `NotFound`."""
        if not await self._end(only=session_id):
            raise NotFound("no-such-session")

    async def end_others(self) -> int:
        """Sign all one's browsers out but this one, and return how many."""
        return len(await self._end(but=self.work.actor.session_id))

    async def _end(self, *, only: UUID | None = None, but: UUID | None = None) -> Sequence[Session]:
        here = await own_session(self.work)
        ended = await Sessions(self.work.session).end_all(
            here.identity_id, SessionEnding.ENDED_BY_OWNER, self.work.now, only=only, but=but, in_org=here.only_org_id
        )
        if ended:
            happened = self.browser.event(here.identity_id, SignInEventKind.SESSIONS_ENDED, self.work.now)
            self.work.session.add(happened)
        for one in ended:
            if one.org_id == self.work.actor.org_id:
                self.work.audit("SessionEnded", subject_id=one.id, data={"because": SessionEnding.ENDED_BY_OWNER})
        tell_elsewhere(self.sign_in, self.work, ended)
        self.work.has_changed = True  # so that their live screens end now
        return ended
