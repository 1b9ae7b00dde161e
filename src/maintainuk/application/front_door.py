"""The demo's front door: who may be tried on with one click. Live mode has none, and lets none of them in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from maintainuk.application.links import path_of
from maintainuk.application.sign_in import Browser, SignedIn, SignIn
from maintainuk.domain.errors import NotFound
from maintainuk.domain.links import LinkPurpose
from maintainuk.domain.organisations import Organisation
from maintainuk.domain.sign_in import Client
from maintainuk.infrastructure.database.engine import Database
from maintainuk.infrastructure.demo.people import DEMO_ORGANISATION_IDS, DEMO_PEOPLE
from maintainuk.infrastructure.repositories.links import Links
from maintainuk.infrastructure.repositories.reports import Reports
from maintainuk.infrastructure.repositories.sign_in import Identities, Member, Members, Organisations, Place
from maintainuk.infrastructure.security.link_secrets import LinkSecrets, as_printed


@dataclass(frozen=True, slots=True)
class DemoMember:
    """An invented member of staff as the database has them now, and a line about them."""

    member: Member
    about: str


@dataclass(frozen=True, slots=True)
class DemoStaff:
    """A demo organisation and the people one can be."""

    organisation: Organisation
    people: Sequence[DemoMember]
    tenant: "DemoTenant | None"


@dataclass(frozen=True, slots=True)
class DemoTenant:
    """A home whose poster one can stand in front of."""

    home: str
    path: str


class DemoInLiveMode(Exception):
    """A database that real people are to use holds invented ones, whose password anybody can read."""


async def refuse_demo(database: Database) -> None:
    """Raise `DemoInLiveMode` when the database holds the demo: live mode starts on a database of its own."""
    if names := await demo_organisations(database):
        raise DemoInLiveMode(
            f"Live mode refuses a database with demo organisations ({', '.join(names)}): everybody knows their"
            " passwords. Point MAINTAINUK_DATABASE_URL at another database, or start in demo mode."
        )


async def demo_organisations(database: Database) -> Sequence[str]:
    """Return the names of the demo's organisations in this database."""
    async with database.installation() as session:
        return [organisation.name for organisation in await Organisations(session).among(DEMO_ORGANISATION_IDS)]


class DemoDoor:
    """Signs visitors of the demo in as one of its invented people, without a password."""

    def __init__(self, sign_in: SignIn, secrets: LinkSecrets) -> None:
        self.secrets = secrets
        self.sign_in = sign_in
        self.database = sign_in.database

    async def staff(self) -> Sequence[DemoStaff]:
        """Return the demo's organisations and their people; empty before the demo is loaded."""
        async with self.database.installation() as session:
            organisations = await Organisations(session).among(DEMO_ORGANISATION_IDS)
        found = []
        for organisation in organisations:
            async with self.database.session(organisation.id) as session:
                members = {member.user.id: member for member in await Members(session).everybody()}
            people = [DemoMember(members[person.id], person.about) for person in DEMO_PEOPLE if person.id in members]
            found.append(DemoStaff(organisation, people, await self._tenant(organisation.id)))
        return found

    async def _tenant(self, org_id: UUID) -> DemoTenant | None:
        """Return the home whose poster hangs in the demo, and where its code leads."""
        async with self.database.installation() as session:
            link = await Links(session).first(org_id, LinkPurpose.HOME)
        if link is None:
            return None
        async with self.database.session(org_id) as session:
            place = await Reports(session).place(link.subject_id)
        code = as_printed(self.secrets.secret(LinkPurpose.HOME, link.id))
        return DemoTenant(place.line, path_of(LinkPurpose.HOME, code))

    async def enter(self, person_id: UUID, browser: Browser, now: datetime) -> SignedIn:
        """Sign in as one of the demo's people. Raises `NotFound` for anybody else."""
        person = next((person for person in DEMO_PEOPLE if person.id == person_id), None)
        if person is None:
            raise NotFound("no-such-person")
        org_id = person.organisation.id
        async with self.database.installation() as session:
            identity = await Identities(session).of_member(org_id, person_id, Client.STAFF)
        place = Place(org_id, person.organisation.name, person_id)
        if identity is None or not (signed_in := await self.sign_in.admit(identity.id, place, browser, now)):
            raise NotFound("no-such-person")
        return signed_in
