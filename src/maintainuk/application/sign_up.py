"""Signing up: anybody may begin an organisation where the installation says so, by way of their mailbox."""

from datetime import datetime

from maintainuk.application.founding import Foundations
from maintainuk.application.sign_in import Browser, SignIn
from maintainuk.domain.base import new_id
from maintainuk.domain.errors import NotFound, TooManyAttempts, TooManySignUps
from maintainuk.domain.founding import MOST_LETTERS, MOST_WAITING, WAITS, NewOrganisation
from maintainuk.domain.permissions import Actor
from maintainuk.infrastructure.repositories.founding import Foundation
from maintainuk.infrastructure.security.guesses import neighbourhood
from maintainuk.settings import Settings


class SignUp:
    """An organisation that waits: it has an invitation to its first administrator, and no log, until that is taken."""

    def __init__(self, settings: Settings, sign_in: SignIn, foundations: Foundations) -> None:
        self.settings, self.sign_in, self.foundations = settings, sign_in, foundations

    async def ask(self, new: NewOrganisation, browser: Browser, now: datetime) -> None:
        """Make it and write to its first administrator, without looking whether anybody knows the address.

        Raises:
            NotFound: this installation takes no sign-ups, or was not set up yet.
            TooManySignUps: for this mailbox, from this neighbourhood, or altogether.

        """
        if not self.settings.is_sign_up_open:
            raise NotFound("sign-up-closed")
        address = self.sign_in.index.of_email(new.email)
        try:
            await self.sign_in.guesses.take(
                f"sign-up:{address.hex()}", f"sign-up-from:{neighbourhood(browser.address)}"
            )
        except TooManyAttempts as limit:
            raise TooManySignUps(minutes=limit.reason.facts["minutes"], retry_after=limit.retry_after) from None
        async with self.sign_in.work(Actor.system(new_id()), browser, now) as work:
            work.has_log = False
            foundation = Foundation(work.session)
            if not await foundation.has_begun():
                raise NotFound("sign-up-closed")
            if await foundation.waiting(now) >= MOST_WAITING:
                raise TooManySignUps("sign-ups-full")
            if await foundation.waiting_for(address, now) >= MOST_LETTERS:
                raise TooManySignUps("sign-up-letters-sent", letters=MOST_LETTERS)
            await self.foundations.offer(work, new, waits_until=now + WAITS)
