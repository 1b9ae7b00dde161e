"""Sessions that somebody ends in one of their organisations and that were open in another: its log hears of it, too."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from maintainuk.application.sign_in import SignIn
from maintainuk.application.unit_of_work import UnitOfWork, unit_of_work
from maintainuk.domain.permissions import Actor
from maintainuk.domain.sign_in import Session
from maintainuk.infrastructure.repositories.sign_in import Sessions


def tell_elsewhere(sign_in: SignIn, work: UnitOfWork, ended: Sequence[Session]) -> None:
    """Write into the logs of the other organisations which sessions ended there, once that is safe.

    A transaction belongs to one organisation, so each of them hears of it in one of its own, and not from where.
    """
    elsewhere = [(one.org_id, one.id) for one in ended if one.org_id != work.actor.org_id]
    if elsewhere:
        sign_in.aside(_tell(sign_in, elsewhere, work.now))


async def _tell(sign_in: SignIn, ended: Sequence[tuple[UUID, UUID]], now: datetime) -> None:
    for org_id, session_id in ended:
        session = sign_in.database.session(org_id)
        async with unit_of_work(session, Actor.system(org_id), now, hints=sign_in.hints) as work:
            # Held by whoever ended it until that is safe, or was taken back.
            found = await Sessions(work.session).locked(session_id)
            if found is not None and found.ended_at == now:
                work.actor = replace(work.actor, user_id=found.user_id)
                work.audit("SessionEnded", subject_id=session_id, data={"because": found.ended_because})
                work.has_changed = True  # so that its live screens end now
