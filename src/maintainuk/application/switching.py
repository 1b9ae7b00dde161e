"""Going on in another of one's organisations without signing in again."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from maintainuk.application.sign_in import Browser, SignedIn, SignIn
from maintainuk.domain.errors import NotFound, NotPermitted, SessionEnded
from maintainuk.domain.sign_in import SessionEnding
from maintainuk.infrastructure.repositories.sign_in import Identities, Sessions


async def switch(sign_in: SignIn, session_id: UUID, org_id: UUID, browser: Browser, now: datetime) -> SignedIn:
    """Go on in another of one's organisations: a new session there, and the present one ends.

    Raises:
        SessionEnded: nobody is signed in with this client.
        NotFound: an organisation that is none of theirs.
        NotPermitted: one organisation's provider vouched for them, or the other one asks for a second factor that
            this session never showed.

    """
    async with sign_in.database.installation() as session:
        identities = Identities(session)
        here = await Sessions(session).alive(session_id, now)
        if here is not None and here.client is not browser.client:
            here = None  # a session of one client opens no other, which may ask for more
        places = sign_in.open_places(await identities.places(here.identity_id, browser.client)) if here else []
    if here is None:
        raise SessionEnded
    if (place := next((one for one in places if one.org_id == org_id), None)) is None:
        raise NotFound("no-such-organisation")
    if here.is_vouched:
        raise NotPermitted("switch-needs-sign-in")
    step = await sign_in.next_step(here.identity_id, place, browser, now)
    if step is not None and not here.has_proved(step.ways):
        raise NotPermitted("switch-needs-second-factor")
    entered = await sign_in.admit(
        here.identity_id,
        place,
        browser,
        now,
        has_shown_factor=here.has_shown_factor,
        because=SessionEnding.SWITCHED,
    )
    if entered is None:
        raise NotFound("no-such-organisation")
    return replace(entered, places=places)
