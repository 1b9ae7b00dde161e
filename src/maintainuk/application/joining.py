"""What becomes of an invitation at the other end: looking at it, and taking one's place."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from maintainuk.application.branding import Look
from maintainuk.application.firms import NOWHERE, Administered, administered_by, join_firm
from maintainuk.application.links import LinkService
from maintainuk.application.passwords import good_password
from maintainuk.application.sign_in import Browser, SignedIn, SignIn
from maintainuk.application.unit_of_work import UnitOfWork, unit_of_work
from maintainuk.domain.base import new_id
from maintainuk.domain.branding import logo_path
from maintainuk.domain.errors import (
    AlreadyHere,
    ChangedMeanwhile,
    InvitedSomebodyElse,
    LinkExpired,
    LinkRevoked,
    LinkUnknown,
    LinkUsed,
    NotFound,
)
from maintainuk.domain.invitations import Invitation, InvitationState
from maintainuk.domain.links import Link, LinkPurpose
from maintainuk.domain.permissions import WHOLE_ORGANISATION, Actor, Permission
from maintainuk.domain.roles import Role
from maintainuk.domain.sign_in import Client, Identity, Membership, Session
from maintainuk.domain.users import User
from maintainuk.infrastructure.database.engine import Database
from maintainuk.infrastructure.repositories.invitations import Invitations
from maintainuk.infrastructure.repositories.organisations import SettingsOf
from maintainuk.infrastructure.repositories.roles import Roles
from maintainuk.infrastructure.repositories.sign_in import Identities, Place, Sessions
from maintainuk.infrastructure.repositories.teams import Teams
from maintainuk.infrastructure.security.guesses import neighbourhood
from maintainuk.infrastructure.security.link_secrets import LinkSecrets


@dataclass(frozen=True, slots=True)
class Offer:
    """What an invitation offers, and to whom; `has_account` says whether the address has a password here."""

    email: str = field(repr=False)
    organisation: str
    role: str
    client: Client
    has_account: bool
    colour: str | None
    logo: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How somebody takes an invitation: what colleagues shall call them, and what proves that it is they."""

    name: str = field(repr=False)
    password: object = field(repr=False)
    session_id: UUID | None
    """The session of whoever is signed in at this browser."""


@dataclass(frozen=True, slots=True)
class _Opened:
    link: Link
    invitation: Invitation
    role: Role
    organisation: str
    identity: Identity | None
    look: Look
    elsewhere: Administered = NOWHERE
    """The firms that this identity administers at other organisations."""


class Joining:
    """What an invitation does for whoever shows it. The organisation is known by its link alone."""

    def __init__(self, database: Database, secrets: LinkSecrets, sign_in: SignIn) -> None:
        self.database = database
        self.secrets = secrets
        self.sign_in = sign_in

    async def look_at(self, shown: str, now: datetime) -> Offer:
        """Return what is offered. Raises `LinkUnknown`, `LinkUsed`, `LinkExpired`, `LinkRevoked`."""
        opened = await self._open(shown, now)
        has_account = opened.identity is not None and opened.identity.password_hash is not None
        invitation, role = opened.invitation, opened.role
        look = opened.look
        return Offer(invitation.email, opened.organisation, role.name, role.client, has_account, look.colour, look.logo)

    async def accept(self, shown: str, answer: Answer, browser: Browser, now: datetime) -> SignedIn | None:
        """Join, once, with the identity that the invitation's address has, or a new one.

        Nothing is merged: whoever is signed in with another address is refused, and somebody known elsewhere keeps each
        of their organisations apart. They come in at once, unless a password they had before is all that they showed:
        then they sign in like any other day, with whatever that asks for besides.

        Raises:
            InvitedSomebodyElse: another person is signed in here.
            AlreadyHere: the contractor is another firm's already than the one that this person administers.
            ChangedMeanwhile: another invitation of the same address was accepted in the same moment.
            InvalidCredentials, TooManyAttempts: the address has a password, and this is not it.

        """
        opened = await self._open(shown, now)
        signed_in = await self._session(answer.session_id, now)
        if signed_in is not None and (opened.identity is None or signed_in.identity_id != opened.identity.id):
            raise InvitedSomebodyElse
        if signed_in is not None and signed_in.is_vouched:
            signed_in = None  # the provider that let them in speaks for its own organisation, and not for this one
        password_hash = None
        if signed_in is None:
            password_hash = await self._prove(opened, answer.name, answer.password, browser)
        if opened.identity is not None and opened.role.client is Client.CONTRACTOR:
            opened = replace(opened, elsewhere=await administered_by(self.database, opened.identity.id))
        place = await self._join(opened, answer.name, password_hash, now, browser)
        is_new = password_hash is not None
        if signed_in is None and not is_new:
            return None
        step = await self.sign_in.next_step(place[0], place[1], browser, now)
        if step is not None and (signed_in is None or not signed_in.has_proved(step.ways)):
            return None  # the sign-in page asks for what this organisation wants besides
        has_shown_factor = signed_in is not None and signed_in.has_shown_factor
        return await self.sign_in.admit(place[0], place[1], browser, now, has_shown_factor=has_shown_factor)

    async def _open(self, shown: str, now: datetime) -> _Opened:
        async with self.database.installation() as session:
            link = await LinkService(session, self.secrets).open(shown, now)
        if link.purpose is not LinkPurpose.INVITATION:
            raise LinkUnknown
        async with self._work(link.org_id, now) as work:
            invitation = await self._good(work, link, now)
            assert invitation.role_id is not None
            role = await Roles(work.session).get(invitation.role_id)
            organisation = await SettingsOf(work.session).organisation()
            identity = await Identities(work.session).known_by(invitation.email_index)
            look = Look(organisation.colour, logo_path(organisation.id, organisation.logo))
            return _Opened(link, invitation, role, organisation.name, identity, look)

    @staticmethod
    async def _good(work: UnitOfWork, link: Link, now: datetime) -> Invitation:
        try:
            invitation = await Invitations(work.session, WHOLE_ORGANISATION).locked(link.subject_id)
        except NotFound:
            raise LinkUnknown from None
        match invitation.state(now):
            case InvitationState.ACCEPTED:
                raise LinkUsed
            case InvitationState.WITHDRAWN:
                raise LinkRevoked
            case InvitationState.EXPIRED:
                raise LinkExpired
            case InvitationState.WAITING:
                return invitation

    async def _session(self, session_id: UUID | None, now: datetime) -> Session | None:
        if session_id is None:
            return None
        async with self.database.installation() as session:
            return await Sessions(session).alive(session_id, now)

    async def _prove(self, opened: _Opened, name: str, password: object, browser: Browser) -> str | None:
        """Return the hash of a first password; nothing when the one that the address has was shown."""
        identity = opened.identity
        if identity is not None and identity.password_hash is not None:
            await self.sign_in.prove(opened.invitation.email_index, identity, password, browser.address)
            return None
        about = (name, opened.invitation.email.partition("@")[0], opened.organisation)
        typed = good_password(password, about, "password")
        await self.sign_in.guesses.take(f"joining-from:{neighbourhood(browser.address)}")
        return await self.sign_in.passwords.hash(typed)

    async def _join(
        self, opened: _Opened, name: str, password_hash: str | None, now: datetime, browser: Browser
    ) -> tuple[UUID, Place]:
        async with self._work(opened.link.org_id, now, browser.trace_parent) as work:
            invitation = await self._good(work, opened.link, now)
            identities, links = Identities(work.session), LinkService(work.session, self.secrets)
            if not await links.links.use_up(opened.link.id, now):
                raise LinkUsed
            if await identities.member(invitation.email_index, invitation.org_id):
                raise AlreadyHere("works-here-already")
            identity = await identities.known_by(invitation.email_index)
            if (identity and identity.id) != (opened.identity and opened.identity.id):
                raise ChangedMeanwhile  # the address has got an identity a moment ago: nobody's password is overwritten
            if identity is None and (identity := await identities.add(invitation.email_index, now)) is None:
                raise ChangedMeanwhile
            if password_hash is not None:
                await _begin_with(identities, identity, password_hash)
            assert invitation.role_id is not None
            user = User(
                id=new_id(),
                org_id=invitation.org_id,
                name=name,
                email=invitation.email,
                role_id=invitation.role_id,
                landlord_id=invitation.landlord_id,
                contractor_id=invitation.contractor_id,
                person_id=invitation.person_id,
            )
            work.session.add(user)
            await work.session.flush()
            client = opened.role.client
            work.session.add(Membership(identity_id=identity.id, org_id=user.org_id, user_id=user.id, client=client))
            teams = await Teams(work.session).join(user, invitation.team_ids)
            invitation.accepted(user.id, now)
            await _confirm(work)
            if user.contractor_id is not None and Permission.USERS_MANAGE in opened.role.grants:
                await join_firm(work, user.contractor_id, identity, opened.elsewhere)
            told = {"user": str(user.id)} | ({"teams": [str(team) for team in teams]} if teams else {})
            work.audit("InvitationAccepted", subject_id=invitation.id, data=told)
            return identity.id, Place(user.org_id, opened.organisation, user.id)

    def _work(
        self, org_id: UUID, now: datetime, trace_parent: str | None = None
    ) -> AbstractAsyncContextManager[UnitOfWork]:
        session = self.database.session(org_id)
        return unit_of_work(session, Actor.system(org_id), now, trace_parent=trace_parent)


async def _begin_with(identities: Identities, identity: Identity, password_hash: str) -> None:
    """Give an identity its first password. Raises `ChangedMeanwhile` where it has got another one a moment ago."""
    if (await identities.held(identity.id)).password_hash is not None:
        raise ChangedMeanwhile
    identity.password_hash = password_hash


async def _confirm(work: UnitOfWork) -> None:
    """Let an organisation that waited for its first administrator begin, and its log with it."""
    organisation = await SettingsOf(work.session).organisation()
    if organisation.waits_until is not None:
        organisation.confirmed()
        facts = {"nation": organisation.nation, "kind": organisation.kind}
        work.audit("OrganisationSignedUp", subject_id=organisation.id, data=facts)
