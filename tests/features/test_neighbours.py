"""What those who are not of the organisation may know of a block: of their own home, and nothing of the others'."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from maintainuk.domain.assets import Asset, AssetKind
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.consents import ConsentChannel
from maintainuk.domain.hints import Hint, HintKind
from maintainuk.domain.landlords import Landlord, Portfolio
from maintainuk.domain.organisations import Nation
from maintainuk.domain.people import NeedKind, Person, PersonNeed, Tenancy, TenancyMember
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.domain.properties import Property, PropertyKind, Unit
from maintainuk.domain.roles import Role
from maintainuk.domain.teams import Team, TeamMember
from maintainuk.domain.timeline import TimelineEvent, TimelineKind, Visibility
from tests.desk import Desk


@dataclass(frozen=True)
class Block:
    """Two flats: Dorota lives in the first, where Callum lived before her, and Femi in the second."""

    property_id: UUID
    unit_id: UUID
    dorota: UUID
    callum: UUID
    callums_ticket: UUID
    dorotas_ticket: UUID
    landlord_id: UUID


def let_to(org_id: UUID, unit_id: UUID, person: Person, began: date, ended: date | None = None) -> Iterable[Any]:
    tenancy = Tenancy(org_id=org_id, unit_id=unit_id, started_on=began, ended_on=ended)
    member = TenancyMember(org_id=org_id, tenancy_id=tenancy.id, person_id=person.id, is_lead=True)
    member.moved_out_on = ended
    return tenancy, member


@pytest.fixture
async def block(desk: Desk) -> Block:
    """A block of two flats with all that is written down about it."""
    org, today = {"org_id": desk.org_id}, desk.world.now.date()
    beverley = Person(**org, name="Beverley Ackroyd")
    landlord = Landlord(**org, person_id=beverley.id, company="Ackroyd Estates Ltd")
    portfolio = Portfolio(**org, landlord_id=landlord.id, name="Leeds")
    house = Property(
        **org,
        kind=PropertyKind.BLOCK,
        address_line="Quarry Court",
        town="Leeds",
        postcode="LS6 2BB",
        nation=Nation.ENGLAND,
        portfolio_id=portfolio.id,
    )
    one, two = (Unit(**org, property_id=house.id, label=f"Flat {place}") for place in (1, 2))
    dorota, callum, femi = (Person(**org, name=name) for name in ("Dorota Nowak", "Callum Reid", "Femi Adebayo"))
    moved = today - timedelta(days=200)
    rows: list[Any] = [
        *(beverley, landlord, portfolio, house, one, two, dorota, callum, femi),
        *let_to(desk.org_id, one.id, callum, today - timedelta(days=900), moved),
        *let_to(desk.org_id, one.id, dorota, moved),
        *let_to(desk.org_id, two.id, femi, today - timedelta(days=500)),
        Hint(**org, property_id=house.id, unit_id=two.id, kind=HintKind.PET, text="Femi's dogs", starts_on=moved),
        Hint(
            **org,
            property_id=house.id,
            unit_id=one.id,
            kind=HintKind.KEY_SAFE,
            text="Safe by the meter: 4417",
            starts_on=moved,
        ),
        Hint(**org, property_id=house.id, kind=HintKind.PARKING, text="Bays at the back", starts_on=moved),
        Asset(**org, property_id=house.id, unit_id=two.id, kind=AssetKind.BOILER, make="Femi's Worcester"),
        PersonNeed(
            **org,
            person_id=dorota.id,
            kind=NeedKind.HEARING,
            note=None,
            instruction="Text before coming.",
            consented_on=moved,
            consent_channel=ConsentChannel.PHONE,
            consent_wording="May we?",
            recorded_at=desk.world.now,
            recorded_by=None,
        ),
    ]
    await desk.world.add(desk.org_id, *rows)
    place = {"property_id": house.id, "unit_id": one.id, "address_as_written": None}
    callums = await desk.world.ticket(desk.org_id, **place, reporter_id=callum.id)
    dorotas = await desk.world.ticket(desk.org_id, **place, reporter_id=dorota.id)
    return Block(house.id, one.id, dorota.id, callum.id, callums, dorotas, landlord.id)


async def as_(desk: Desk, role: BuiltInRole, **whose: UUID) -> Desk:
    staff = await desk.world.staff(desk.org_id, role, name="Somebody Outside", **whose)
    return Desk(desk.trial, desk.world, staff, desk.home, await desk.world.headers(staff))


async def asked(desk: Desk, path: str, **params: Any) -> str:
    answer = await desk.http.get(f"/api/v1{path}", params=params, headers=desk.headers)
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_a_tenant_reads_their_own_tenancy_and_never_who_lived_there_before(desk: Desk, block: Block):
    dorota = await as_(desk, BuiltInRole.TENANT, person_id=block.dorota)

    told = await asked(dorota, "/tenancies", unit=block.unit_id)

    assert "Dorota Nowak" in told
    assert "Callum" not in told


async def test_a_landlord_knows_who_lives_in_their_homes_and_not_who_left(desk: Desk, block: Block):
    landlord = await as_(desk, BuiltInRole.LANDLORD, landlord_id=block.landlord_id)

    told = await asked(landlord, "/tenancies", unit=block.unit_id)

    assert "Dorota Nowak" in told
    assert "Callum" not in told


@pytest.mark.parametrize("path", ["/hints", "/assets"])
async def test_a_tenant_is_told_of_the_house_and_nothing_of_a_neighbours_home(desk: Desk, block: Block, path: str):
    dorota = await as_(desk, BuiltInRole.TENANT, person_id=block.dorota)

    told = await asked(dorota, path, property=block.property_id)

    assert "Femi" not in told
    assert "Safe by the meter" not in told
    assert ("Bays at the back" in told) is (path == "/hints")


async def test_who_moved_out_is_told_nothing_of_their_old_home_and_of_who_lives_there_now(desk: Desk, block: Block):
    callum = await as_(desk, BuiltInRole.TENANT, person_id=block.callum)

    told = await asked(callum, f"/tickets/{block.callums_ticket}/site")

    assert "Text before coming" not in told
    assert "Bays" not in told
    assert "Safe by the meter" not in told


async def test_what_a_visit_must_heed_is_written_down_as_read(desk: Desk, block: Block):
    admin = await desk.beside(BuiltInRole.ORG_ADMIN)

    assert "Text before coming" in await asked(desk, f"/tickets/{block.dorotas_ticket}/site")

    assert str(block.dorotas_ticket) in await asked(admin, "/audit", action="InstructionsRead")


def lines(desk: Desk, ticket_id: UUID) -> list[TimelineEvent]:
    told = (
        (TimelineKind.REPORTED, None, Visibility.TENANT),
        (TimelineKind.HAZARD_LOWERED, "The surveyor saw no mould.", Visibility.INTERNAL),
        (TimelineKind.COMMENTED, "She rings each day.", Visibility.INTERNAL),
        (TimelineKind.OWNER_CHANGED, None, Visibility.INTERNAL),
        (TimelineKind.TENANT_ASKED, "Which wall is it?", Visibility.TENANT),
        (TimelineKind.TENANT_WROTE, "My daughter coughs.", Visibility.TENANT),
    )
    return [
        TimelineEvent(
            org_id=desk.org_id,
            ticket_id=ticket_id,
            kind=kind,
            body=body,
            visibility=visibility,
            data={"from": None, "to": None},
            occurred_at=desk.world.now,
        )
        for kind, body, visibility in told
    ]


async def test_of_who_reported_a_landlord_is_told_how_to_reach_them_while_they_live_there(desk: Desk, block: Block):
    landlord = await as_(desk, BuiltInRole.LANDLORD, landlord_id=block.landlord_id)
    async with desk.world.owner.session(desk.org_id) as session, session.begin():
        for person in await session.scalars(select(Person)):
            person.phone = "+447700900123"

    told = {
        who: (await landlord.get(f"/{ticket}")).json()["data"]["reporter"]["phone"]
        for who, ticket in {"left": block.callums_ticket, "here": block.dorotas_ticket}.items()
    }

    assert told == {"left": None, "here": "+447700900123"}


async def test_a_team_knows_who_lives_where_it_looks_and_who_lives_nowhere(desk: Desk, block: Block):
    theirs, ours = Team(org_id=desk.org_id, name="West"), Team(org_id=desk.org_id, name="East")
    reads = {Permission.PEOPLE_READ: Scope.TEAM, Permission.PEOPLE_WRITE: Scope.TEAM}
    role = Role(org_id=desk.org_id, name="Team's desk", stored_grants=reads)
    await desk.world.add(desk.org_id, theirs, ours, role)
    async with desk.world.owner.session(desk.org_id) as session, session.begin():
        await session.execute(update(Property).where(Property.id == block.property_id).values(team_id=theirs.id))
    clerk = await desk.beside("Team's desk")
    await desk.world.add(desk.org_id, TeamMember(org_id=desk.org_id, team_id=ours.id, user_id=clerk.staff.id))

    neighbour = await clerk.http.get(f"/api/v1/people/{block.dorota}", headers=clerk.headers)
    found = await clerk.http.get("/api/v1/people", headers=clerk.headers)

    assert neighbour.status_code == 404
    assert [one["name"] for one in found.json()["data"]["items"]] == ["Beverley Ackroyd", "Aisha Khan"]


async def test_whoever_sees_all_homes_is_told_of_those_alone_whom_they_may_know(desk: Desk, block: Block):
    team = Team(org_id=desk.org_id, name="West")
    reads = {Permission.PROPERTIES_READ: Scope.ORG, Permission.PEOPLE_READ: Scope.TEAM}
    await desk.world.add(desk.org_id, team, Role(org_id=desk.org_id, name="Surveyor", stored_grants=reads))
    other = await desk.world.home(desk.org_id, address="7 Elm Row", tenant="Ruta Kalnins")
    async with desk.world.owner.session(desk.org_id) as session, session.begin():
        await session.execute(update(Property).where(Property.id == block.property_id).values(team_id=team.id))
    surveyor = await desk.beside("Surveyor")

    theirs = await asked(surveyor, f"/properties/{block.property_id}")
    nobodys = await asked(surveyor, f"/properties/{other.property_id}")
    homes = await asked(surveyor, "/properties/homes")
    by_name = await asked(surveyor, "/properties/homes", q="Dorota Nowak")

    assert "Dorota" not in theirs
    assert "Ruta Kalnins" in nobodys
    assert "Dorota" not in homes
    assert "Ruta Kalnins" in homes
    assert "unitId" not in by_name
    assert "unitId" in await asked(desk, "/properties/homes", q="Dorota Nowak")


async def test_of_a_story_the_desk_reads_all_the_tenant_what_is_theirs_and_a_landlord_no_conversation(
    desk: Desk, block: Block
):
    await desk.world.add(desk.org_id, *lines(desk, block.dorotas_ticket))
    dorota = await as_(desk, BuiltInRole.TENANT, person_id=block.dorota)
    landlord = await as_(desk, BuiltInRole.LANDLORD, landlord_id=block.landlord_id)

    kinds = {
        who: {line["kind"] for line in await somebody.story(block.dorotas_ticket)}
        for who, somebody in {"desk": desk, "tenant": dorota, "landlord": landlord}.items()
    }

    assert {"hazard_lowered", "commented", "owner_changed", "tenant_wrote"} <= kinds["desk"]
    assert kinds["tenant"] == {"reported", "tenant_asked", "tenant_wrote"}
    assert kinds["landlord"] == {"reported"}


async def test_a_ticket_is_given_to_colleagues_alone(desk: Desk, block: Block):
    landlord = await as_(desk, BuiltInRole.LANDLORD, landlord_id=block.landlord_id)

    refused = await desk.assign(block.dorotas_ticket, landlord.staff.id, 1)

    assert refused.status_code == 422
    assert "Somebody Outside" not in await asked(desk, "/users")


async def test_who_is_on_call_is_known_to_colleagues_alone(desk: Desk, block: Block):
    admin = await desk.beside(BuiltInRole.ORG_ADMIN)
    settings = {"emergencyEmail": "oncall@example.com", "emergencyPhone": "01632 960 555", "isAiOn": False}
    await desk.http.put("/api/v1/organisation", json=settings, headers=admin.headers | {"If-Match": '"v0"'})
    landlord = await as_(desk, BuiltInRole.LANDLORD, landlord_id=block.landlord_id)

    assert "oncall@example.com" in await asked(desk, "/organisation")
    assert "oncall@example.com" not in await asked(landlord, "/organisation")


async def test_a_tenant_puts_their_number_right_and_stays_who_they_are(desk: Desk, block: Block):
    dorota = await as_(desk, BuiltInRole.TENANT, person_id=block.dorota)
    path = f"/api/v1/people/{block.dorota}"
    taken = {"name": "Femi Adebayo", "phone": "07700 900777", "language": "pl", "externalReference": "T-77"}

    await desk.http.put(path, json=taken, headers=dorota.headers | {"If-Match": '"v1"'})

    shown = (await desk.http.get(path, headers=desk.headers)).json()["data"]
    assert (shown["name"], shown["phone"], shown["externalReference"]) == ("Dorota Nowak", "07700 900777", None)
