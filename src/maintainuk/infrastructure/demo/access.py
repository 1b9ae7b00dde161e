"""The invented colleagues at work: their teams, who was there when, a guest from elsewhere, who is invited."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.base import Entity, new_id
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.contractors import ContractorFirm
from maintainuk.domain.exports import KEPT, Export, ExportStatus
from maintainuk.domain.invitations import GOOD_FOR, Invitation
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.domain.roles import Role
from maintainuk.domain.sign_in import Client, Membership
from maintainuk.domain.teams import Team, TeamMember
from maintainuk.domain.users import User
from maintainuk.infrastructure.demo.people import BRIGHTWELL, CALDER_VALE, DEMO_PEOPLE, DemoOrganisation
from maintainuk.infrastructure.security.blind_index import BlindIndex

TEAMS: Mapping[DemoOrganisation, Mapping[str, tuple[str, ...]]] = {
    BRIGHTWELL: {
        "Leeds and Bristol": ("Priya Raman", "Callum Fraser"),
        "Edinburgh, Cardiff and Belfast": ("Callum Fraser", "Priya Raman"),
    },
    CALDER_VALE: {"Repairs desk": ("Shabana Hussain",)},
}
"""Who is in each team, its lead first; the two coordinators of the agency stand in for each other."""
FIRST_TOWNS = frozenset({"Leeds", "Bristol"})
GUESTS = {CALDER_VALE: (("Tunde Adeyemi", BuiltInRole.AUDITOR),)}
"""People of the other organisation who look in here, and switch between the two."""
INVITED = {
    BRIGHTWELL: (
        (
            "siobhan.gallagher@brightwell.example.com",
            BuiltInRole.COORDINATOR,
            timedelta(hours=20),
            ("Leeds and Bristol", "Edinburgh, Cardiff and Belfast"),
        ),
        ("harpreet.sandhu@brightwell.example.com", BuiltInRole.FINANCE, timedelta(hours=80), ()),
    ),
    CALDER_VALE: (
        ("emeka.balogun@caldervale.example.com", BuiltInRole.MANAGER, timedelta(hours=5), ("Repairs desk",)),
    ),
}
"""Whom somebody has invited, as what, how long ago, and into which teams; three days are over for one of them."""
TAKEN_ALONG = {BRIGHTWELL: ("Tunde Adeyemi", timedelta(days=33, hours=2))}
"""Who took everything along, and how long ago."""
FIRM = UUID("01934c00-0000-7000-8000-0000000000f1")
FIRM_BOSS, FIRM_BOSS_EMAIL = "Marek Nowicki", "marek.nowicki@airevalley.example.com"
"""A heating engineer with one account for both organisations; neither learns of it from the other."""
OUT_OF_HOURS = {
    Permission.TICKETS_READ: Scope.ORG,
    Permission.TICKETS_CREATE: Scope.ORG,
    Permission.TICKETS_UPDATE: Scope.ORG,
    Permission.TICKETS_TRIAGE: Scope.ORG,
    Permission.HAZARDS_READ: Scope.ORG,
    Permission.PROPERTIES_READ: Scope.ORG,
    Permission.PEOPLE_READ: Scope.ORG,
    Permission.MESSAGES_READ: Scope.ORG,
    Permission.MESSAGES_SEND: Scope.ORG,
}


def look_after(organisation: DemoOrganisation, properties: Iterable[dict[str, Any]]) -> Iterator[Entity]:
    """Share the properties out among the teams, and yield these with who is in them."""
    teams = []
    for name, members in TEAMS[organisation].items():
        ids = [person.id for person in DEMO_PEOPLE if person.name in members and person.organisation is organisation]
        ids.sort(key=lambda user_id: user_id != _id_of(members[0]))
        team = Team(org_id=organisation.id, id=new_id(), name=name, lead_id=ids[0])
        teams.append(team)
        yield team
        for user_id in ids:
            yield TeamMember(org_id=organisation.id, team_id=team.id, user_id=user_id)
    for one in properties:
        one["team_id"] = teams[0].id if one["town"] in FIRST_TOWNS else teams[-1].id


def waiting(
    organisation: DemoOrganisation,
    roles: Mapping[BuiltInRole, Role],
    teams: Mapping[str, UUID],
    index: BlindIndex,
    now: datetime,
) -> Iterator[Entity]:
    """Yield who is invited, and a role of the organisation's own."""
    night = Role(org_id=organisation.id, name="Out of hours", client=Client.STAFF, stored_grants={})
    night.regrant(OUT_OF_HOURS)
    yield night
    for email, role, ago, joined in INVITED[organisation]:
        yield Invitation(
            org_id=organisation.id,
            email=email,
            email_index=index.of_email(email),
            role_id=roles[role].id,
            team_ids=[teams[name] for name in joined],
            created_at=now - ago,
            sent_at=now - ago,
            expires_at=now - ago + GOOD_FOR,
        )
    if organisation in TAKEN_ALONG:
        name, ago = TAKEN_ALONG[organisation]
        yield _taken_along(organisation, _id_of(name), now - ago)


def _taken_along(organisation: DemoOrganisation, by: UUID, at: datetime) -> Export:
    made = at + timedelta(minutes=2)
    return Export(
        org_id=organisation.id,
        status=ExportStatus.GONE,
        asked_by=by,
        asked_at=at,
        entries=212,
        size=48_310_772,
        sha256=sha256(organisation.domain.encode()).hexdigest(),
        ended_at=made,
        expires_at=made + KEPT,
        taken=1,
    )


def guests(
    organisation: DemoOrganisation, roles: Mapping[BuiltInRole, Role], identities: Mapping[str, UUID]
) -> Iterator[tuple[User, Membership]]:
    """Yield those who belong to the other organisation and have a place here as well."""
    for name, role in GUESTS.get(organisation, ()):
        person = next(one for one in DEMO_PEOPLE if one.name == name)
        user_id = uuid5(organisation.id, person.email)
        user = User(org_id=organisation.id, id=user_id, name=name, email=person.email, role_id=roles[role].id)
        yield (
            user,
            Membership(
                identity_id=identities[person.email], org_id=organisation.id, user_id=user_id, client=Client.STAFF
            ),
        )


async def has_account(session: AsyncSession, contractors: list[dict[str, Any]], now: datetime) -> dict[str, Any]:
    """Let the first contractor have an account, and return it; the firm is one, whoever it works for."""
    if await session.get(ContractorFirm, FIRM) is None:
        session.add(ContractorFirm(id=FIRM, created_at=now - timedelta(days=120)))
        await session.flush()
    for one in contractors:
        one |= {"firm_id": None, "account_since": None}
    contractors[0] |= {"firm_id": FIRM, "account_since": now - timedelta(days=41)}
    return contractors[0]


def boss_of(firm: Mapping[str, Any], role: Role) -> User:
    """Return who administers a contractor's account at one organisation."""
    return User(
        org_id=role.org_id,
        id=uuid5(role.org_id, FIRM_BOSS_EMAIL),
        name=FIRM_BOSS,
        email=FIRM_BOSS_EMAIL,
        role_id=role.id,
        contractor_id=firm["id"],
    )


def _id_of(name: str) -> UUID:
    return next(person.id for person in DEMO_PEOPLE if person.name == name)
