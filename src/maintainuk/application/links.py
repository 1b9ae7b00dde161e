"""Making links, and opening what they lead to."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.application.jobs import SendEmail
from maintainuk.application.unit_of_work import UnitOfWork, unit_of_work
from maintainuk.domain.base import new_id
from maintainuk.domain.errors import Busy, LinkExpired, LinkRevoked, LinkUnknown, LinkUsed
from maintainuk.domain.links import LIFETIMES, Link, LinkPurpose, LinkState
from maintainuk.domain.messaging import Message, MessageChannel, MessageTemplate
from maintainuk.domain.permissions import Actor, Permission, Scope
from maintainuk.domain.ports import Hints
from maintainuk.infrastructure.background import end
from maintainuk.infrastructure.database.engine import Database
from maintainuk.infrastructure.repositories.links import Links
from maintainuk.infrastructure.repositories.organisations import Organisations
from maintainuk.infrastructure.repositories.reports import Landlord, ReportPlace, Reports
from maintainuk.infrastructure.security.link_secrets import LinkSecrets, as_typed

log = structlog.get_logger("maintainuk.links")

AT_ONCE = 2
"""Searches for whoever has an address: each opens a transaction in every organisation, one after the other."""
PATIENCE = 5
"""Seconds for what is being sent when the process stops."""
MOST_WAITING = 100

PORTAL = "/tenant"
PATHS = {
    LinkPurpose.HOME: PORTAL + "/h/{secret}",
    # After the #: browsers never send it, so it stands in no log of any server between the tenant and us.
    LinkPurpose.STATUS: PORTAL + "/status#{secret}",
    LinkPurpose.ENTRY: PORTAL + "/enter#{secret}",
    LinkPurpose.PASSWORD_RESET: "/app/new-password#{secret}",
    LinkPurpose.INVITATION: "/app/invitation#{secret}",
}


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """A link that may be used, and the secret it was shown by."""

    link: Link
    secret: str


class LinkService:
    """Links in one session's transaction."""

    def __init__(self, session: AsyncSession, secrets: LinkSecrets) -> None:
        self.session = session
        self.secrets = secrets
        self.links = Links(session)

    async def open(self, shown: str, now: datetime) -> Link:
        """Return the link behind what somebody shows.

        Raises:
            LinkUnknown: there is none.
            LinkUsed, LinkExpired, LinkRevoked: there was one.

        """
        link = await self.links.behind(self.secrets.index(shown))
        if link is None and (code := as_typed(shown)) != shown:
            link = await self.links.behind(self.secrets.index(code))
        if link is None:
            raise LinkUnknown
        match link.state(now):
            case LinkState.USED:
                raise LinkUsed
            case LinkState.EXPIRED:
                raise LinkExpired
            case LinkState.REVOKED:
                raise LinkRevoked
            case LinkState.GOOD:
                return link

    async def secret_for(self, org_id: UUID, purpose: LinkPurpose, subject_id: UUID, now: datetime) -> str:
        """Return the secret of the link to this subject, which is made when there is no good one."""
        link = await self.links.newest(org_id, purpose, subject_id)
        if link is None or link.state(now) is not LinkState.GOOD:
            return self.make(org_id, purpose, subject_id, now).secret
        secret = self.secrets.secret(purpose, link.id)
        if self.secrets.index(secret) != link.secret_index:  # made before the secret key was changed
            return self.make(org_id, purpose, subject_id, now).secret
        return secret

    def make(self, org_id: UUID, purpose: LinkPurpose, subject_id: UUID, now: datetime) -> OpenedLink:
        """Make a new link and return it with its secret."""
        link_id, lifetime = new_id(), LIFETIMES[purpose]
        secret = self.secrets.secret(purpose, link_id)
        link = Link(
            id=link_id,
            org_id=org_id,
            purpose=purpose,
            subject_id=subject_id,
            secret_index=self.secrets.index(secret),
            created_at=now,
            expires_at=now + lifetime if lifetime else None,
        )
        self.session.add(link)
        return OpenedLink(link, secret)


@dataclass(frozen=True, slots=True)
class HomePoster:
    """What the poster of a home, or of a block's common parts, says; nobody's name."""

    code: str
    place: ReportPlace
    landlord: Landlord


class PosterService:
    """The posters of one organisation."""

    def __init__(self, work: UnitOfWork, secrets: LinkSecrets) -> None:
        self.work = work
        self.links = LinkService(work.session, secrets)
        self.reports = Reports(work.session)

    async def read(self, home_id: UUID) -> HomePoster:
        """Return the poster of a home; its code is made the first time. Raises `NotFound`."""
        self.work.actor.require(Permission.PROPERTIES_READ, at_least=Scope.TEAM)
        org_id = self.work.actor.org_id
        place = await self.reports.place(home_id)
        code = await self.links.secret_for(org_id, LinkPurpose.HOME, home_id, self.work.now)
        return HomePoster(code, place, await self.reports.landlord(org_id))

    async def replace(self, home_id: UUID) -> None:
        """Switch off every code of the home and make a new one. Raises `NotFound`.

        Whoever triages may: they are the ones who hear of false reports, and it must not wait for an administrator.
        """
        self.work.actor.require(Permission.TICKETS_TRIAGE, at_least=Scope.TEAM)
        org_id = self.work.actor.org_id
        await self.reports.place(home_id)
        switched_off = await self.links.links.revoke(org_id, LinkPurpose.HOME, home_id, self.work.now)
        self.links.make(org_id, LinkPurpose.HOME, home_id, self.work.now)
        self.work.audit("PosterReplaced", subject_id=home_id, data={"switched_off": switched_off})


def path_of(purpose: LinkPurpose, secret: str) -> str:
    """Return where a link leads, from the root of the site."""
    return PATHS[purpose].format(secret=secret)


class Entry:
    """The way in for tenants whose e-mail address is known: asked for, sent, used once."""

    def __init__(self, database: Database, secrets: LinkSecrets, hints: Hints) -> None:
        self.database = database
        self.secrets = secrets
        self.hints = hints
        self._asides: set[asyncio.Task[None]] = set()
        self._turns = asyncio.Semaphore(AT_ONCE)

    def ask(self, email: str, now: datetime) -> None:
        """Send a link to whoever has this address, after the answer: how long the search takes would tell.

        Raises `Busy`, whoever asks, while very many wait.
        """
        if len(self._asides) >= MOST_WAITING:
            raise Busy
        task = asyncio.create_task(self._send(email, now))
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    async def use(self, shown: str, now: datetime) -> OpenedLink:
        """Use an entry link up and return the visit that it opens. Raises what `LinkService.open` raises."""
        async with self.database.installation() as session:
            links = LinkService(session, self.secrets)
            link = await links.open(shown, now)
            if link.purpose is not LinkPurpose.ENTRY:
                raise LinkUnknown
            if not await links.links.use_up(link.id, now):
                raise LinkUsed
            return links.make(link.org_id, LinkPurpose.VISIT, link.subject_id, now)

    async def leave(self, shown: str, now: datetime) -> None:
        """End a visit."""
        async with self.database.installation() as session:
            link = await Links(session).behind(self.secrets.index(shown))
            if link is not None and link.purpose is LinkPurpose.VISIT:
                link.revoked_at = now

    async def close(self) -> None:
        """Let what is being sent be sent, and end what takes longer: nobody may hold a connection after us."""
        if self._asides:
            _, late = await asyncio.wait(self._asides, timeout=PATIENCE)
            await end(late)

    async def _send(self, email: str, now: datetime) -> None:
        try:
            async with self._turns:
                await self._search(email, now)
        except Exception as error:
            log.exception("entry-link-not-sent", error=type(error).__name__)

    async def _search(self, email: str, now: datetime) -> None:
        async with self.database.installation() as session:
            organisations = [one.id for one in await Organisations(session).active()]
        # One organisation at a time: nobody sees two at once.
        for org_id in organisations:
            await self._send_from(org_id, email, now)

    async def _send_from(self, org_id: UUID, email: str, now: datetime) -> None:
        async with unit_of_work(self.database.session(org_id), Actor.system(org_id), now, hints=self.hints) as work:
            for person_id in await Reports(work.session).people_with(email):
                message = Message(
                    org_id=org_id,
                    recipient_id=person_id,
                    channel=MessageChannel.EMAIL,
                    template=MessageTemplate.ENTRY_LINK,
                    created_at=now,
                )
                message.promised()
                work.session.add(message)
                work.promise(SendEmail(message_id=message.id))
