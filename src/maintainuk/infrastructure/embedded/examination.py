"""What a doctor asks of the things that outlive a start: keys, clock, addresses, who looks after the installation."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import exists, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.organisations import Organisation
from maintainuk.domain.platform import PlatformAdministrator
from maintainuk.domain.sign_in import Identity, Membership
from maintainuk.domain.users import User
from maintainuk.infrastructure.database.engine import Database, engine_for
from maintainuk.infrastructure.problems import MindThis, NeedsDoing
from maintainuk.infrastructure.security.blind_index import BlindIndex
from maintainuk.infrastructure.security.sealing import CannotOpen
from maintainuk.infrastructure.security.set_up_secret import set_up_address
from maintainuk.infrastructure.security.tokens import SKEW
from maintainuk.settings import Settings

MOST_OPENED = 20
"""Organisations whose keys are tried; they were all wrapped by the same hand."""


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Database]:
    database = Database(engine_for(settings.owner_dsn, settings, application="maintainuk-doctor"))
    try:
        yield database
    finally:
        await database.close()


async def keys(settings: Settings) -> str:
    """Open what the present keys should open, in each of some organisations."""
    async with _opened(settings) as database:
        async with database.installation() as session:
            organisations = (await session.scalars(select(Organisation.id).limit(MOST_OPENED))).all()
        tried = 0
        for org_id in organisations:
            try:
                async with database.session(org_id) as session:
                    tried += await _recognises(session, settings)
            except CannotOpen:
                raise NeedsDoing(
                    "these keys open none of the names that are stored; give back the MAINTAINUK_MASTER_KEYS (or"
                    " MAINTAINUK_INDEX_KEY, or MAINTAINUK_SECRET_KEY) they were sealed with"
                ) from None
    missing = [
        name
        for name, value in (("INDEX_KEY", settings.index_key), ("MASTER_KEYS", settings.master_keys))
        if value is None
    ]
    if missing and not settings.is_demo:
        raise MindThis(
            f"they open what is stored; MAINTAINUK_{' and MAINTAINUK_'.join(missing)} not set, so MAINTAINUK_SECRET_KEY"
            " must never change and is all that a copy of the database lacks"
        )
    return f"they open what is stored in {tried} organisations" if tried else "nothing is sealed yet"


async def _recognises(session: AsyncSession, settings: Settings) -> bool:
    """Open one address and find its owner by it; says whether there was one."""
    query = (
        select(User, Identity.email_index)
        .join(Membership, (Membership.org_id == User.org_id) & (Membership.user_id == User.id))
        .join(Identity, Identity.id == Membership.identity_id)
        .limit(1)
    )
    if (found := (await session.execute(query)).first()) is None:
        return False
    user, known = found
    if BlindIndex(settings).of_email(user.email) != known:
        raise NeedsDoing(
            "nobody is recognised by their address any more; give back the MAINTAINUK_INDEX_KEY (or"
            " MAINTAINUK_SECRET_KEY) that was set when people were let in"
        )
    return True


async def clock(settings: Settings) -> str:
    """Compare this machine's clock with the database's: tokens and links live by both."""
    async with _opened(settings) as database, database.connection() as connection:
        before = time.time()
        there = float((await connection.execute(text("SELECT extract(epoch FROM clock_timestamp())"))).scalar_one())
        apart = there - (before + time.time()) / 2
    if abs(apart) > SKEW:
        raise NeedsDoing(f"the database's clock is {apart:+.0f} s off this machine's; set both by a time server")
    return "agrees with the database's"


async def organisations(settings: Settings) -> str:
    """Say who is there, who is suspended, and whether anybody runs the installation."""
    async with _opened(settings) as database, database.installation() as session:
        found = (await session.execute(select(Organisation.name, Organisation.suspended_at))).all()
        is_run = await session.scalar(select(exists(select(PlatformAdministrator.identity_id))))
    if not found:
        if settings.is_demo:
            return "none yet"
        raise MindThis(f"none yet; set the installation up at {set_up_address(settings)}")
    if suspended := sorted(name for name, since in found if since is not None):
        raise MindThis(f"{len(found)}, of which suspended: {', '.join(suspended)}")
    if not is_run:
        raise MindThis(f"{len(found)}; nobody looks after them: ./maintainuk platform grant EMAIL")
    return f"{len(found)}, none suspended"


async def addresses(settings: Settings) -> str:
    """Say where people reach the product, and what that keeps from working."""
    address = settings.address
    if settings.is_demo or settings.is_https:
        return address
    raise MindThis(
        f"{address} is no https:// address: cookies and passkeys stay on this machine; set"
        " MAINTAINUK_PUBLIC_URL to the one people type"
    )


async def mail(settings: Settings) -> str:
    """Say what becomes of letters."""
    if settings.is_demo:
        return "kept in the demo's mailbox; nothing leaves this machine"
    raise MindThis(
        "there is no mailer yet, so letters are kept back (no-mailer), invitations and dangers among them; whoever"
        " signs up, forgets a password or asks for a tenant's link is told so"
    )
